"""Names in a text: nicknames in quotes or behind a noun, names of the usual form, and third parties that are accused."""

import re
from collections.abc import Iterator

from copilot.facts.name_lexicon import words_of
from copilot.facts.names import read_names
from copilot.tasks.crisis_reply.reading.lexicon import crisis_book

NOBODY = ("代表", "本人", "朋友", "群里", "家属", "方面", "双方", "亲友")
NOT_A_PERSON = re.compile(r"[群费通公电号助软部岗系电话机处理商]|的群|通知|中心")


def mentions_in(text: str) -> Iterator[tuple[str, str, int]]:
    """(name, noun before it, start) for every name in a text."""
    book = crisis_book()
    taken: set[str] = set()
    either = "|".join(book.patterns[f"words.{name}"].pattern for name in ("people", "staff", "desk"))
    nouns = re.compile(rf"[新老]?(?:{either})\s*[“\"「『@]?$")
    for key in ("people.quoted", "people.latin", "people.familiar"):
        for match in book.patterns[key].finditer(text):
            taken.add(match[1])
            noun = nouns.search(text[: match.start(1)])
            yield match[1], noun[0].strip(' “"「『@') if noun else "", match.start()
    for told_name, told_noun, start in _told_of(text, nouns, taken):
        taken.add(told_name)
        yield told_name, told_noun, start
    yield from _formal(text, nouns, taken)


def _formal(text: str, nouns: re.Pattern[str], taken: set[str]) -> Iterator[tuple[str, str, int]]:
    """Names of the usual form, and who stands in a list with one of ours."""
    book = crisis_book()
    last_ours = -1
    for name in read_names(text):
        bare = name.text.lstrip("@")
        if not name.certain or any(bare in one or one in bare for one in taken):
            continue
        noun = nouns.search(text[: name.start])
        told = noun[0].strip(' “"「『@') if noun else ""
        if (told and NOT_A_PERSON.match(bare)) or re.search(r"\d\s*$", text[: name.start]):
            continue
        yield bare, told, name.start
        if told and book.patterns["words.staff"].search(told):
            last_ours = name.end
    if last_ours >= 0:  # 教练大海、圆圆: who stands in a list with one of ours is one of ours
        for match in re.finditer(
            r"、([\u4e00-\u9fff]{2,3}?)(?=、|[\u4e00-\u9fff]{0,1}[今昨明都已均，。；在]|$)", text[last_ours:]
        ):
            yield match[1], "教练" if "教练" in text else "老师", last_ours + match.start()


_THING = re.compile("[单表图群片号册录息料话物店费款卡证件据频品货]$")
_FUNCTION = re.compile("[昨今明都也还已在就要先又再没不的了把被有是和跟向对给从说问上下前后们个只正刚]")


def _told_of(text: str, nouns: re.Pattern[str], taken: set[str]) -> Iterator[tuple[str, str, int]]:
    """Nicknames without quotes, by the noun before them and what their bearer does, or by their form (小鹿, 吴某)."""
    patterns, words = crisis_book().patterns, words_of(text)
    for match in patterns["people.saying"].finditer(text):
        end, tag = words.tagged.get(match.start(1), (0, ""))
        whole = end == match.end(1) and tag.startswith("n")
        unknown = end in (0, match.start(1) + 1) and len(match[1]) == 2 and not _FUNCTION.search(match[1])
        person = match[1] not in NOBODY and not _THING.search(match[1])
        if (whole or unknown) and person and match[1] not in taken:
            noun = nouns.search(text[: match.start(1)])
            yield match[1], noun[0] if noun else "", match.start()
    for match in patterns["people.bare"].finditer(text):
        if not any(match[1] in one for one in taken):
            yield match[1], "", match.start(1)


def firms_in(text: str) -> list[str]:
    """Third parties that members accuse, whole and without what kind of firm they are: 晶颜门诊, 晶颜."""
    patterns, found = crisis_book().patterns, list[str]()
    for match in patterns["people.firm"].finditer(text):
        name = next(group for group in match.groups() if group)
        short = patterns["people.firm_tail"].sub("", name)
        found += [name, *([short] if len(short) > 1 else [])]
    return found
