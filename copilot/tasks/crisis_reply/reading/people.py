"""Who is concerned: persons named in the story or heard in the excerpts, kinds of people counted in it, and our own."""

import re
from collections.abc import Sequence
from functools import cache

from copilot.facts.brief import clauses
from copilot.records import Origin, Record
from copilot.tasks.crisis_reply.reading.audiences import audiences_of
from copilot.tasks.crisis_reply.reading.crowds import LONGEST_WHO, about_a_child, kinds_of_people, role_of_words
from copilot.tasks.crisis_reply.reading.lexicon import clause_around, crisis_book
from copilot.tasks.crisis_reply.reading.mentions import NOT_A_PERSON, firms_in, mentions_in
from copilot.tasks.crisis_reply.reading.sections import Piece
from copilot.tasks.crisis_reply.situation import Concerned

STORY = ("incident", "excerpts")
LONGEST_COURSE = 200  # characters told of one person
BLAMING = ("incident", "excerpts", "unverified", "forbidden")  # one of ours named in these is not named in the group
OURS_IN = ("incident", "excerpts", "verified", "authorised", "owners")


class People(Record):
    """Everybody concerned, and every name (nicknames and their parts too) that must not stand in a group text."""

    concerned: tuple[Concerned, ...]
    names: tuple[str, ...]


class _Known(Record):
    """A named person while being read: every way the brief writes the name, the noun before it, and what they did and said."""

    name: str
    aliases: tuple[str, ...]
    noun: str = ""
    did: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ours: bool = False
    origin: Origin


def people_of(pieces: Sequence[Piece], hostile: frozenset[str] = frozenset()) -> People:
    """The people of a brief. What stands in `hostile` was said, but is not taken up as anybody's words."""
    named = _named(pieces, hostile)
    ours = _ours(pieces, named)
    others = [_concerned(one) for one in named if not one.ours]
    kinds = kinds_of_people(pieces, others)
    unnamed = audiences_of(pieces, [*others, *kinds])
    return People(concerned=(*others, *kinds, *unnamed, *ours), names=_names(pieces, named, ours))


# Persons with a name


def _named(pieces: Sequence[Piece], hostile: frozenset[str]) -> list[_Known]:
    book, known = crisis_book(), list[_Known]()
    for piece in pieces:
        if piece.section == "excerpts" and piece.who and not book.patterns["people.unnamed"].fullmatch(piece.who):
            words = () if piece.text in hostile else (piece.text,)
            name = re.sub(r"\s*[（(].*$", "", piece.who) or piece.who
            speaker = _Known(
                name=name, aliases=_aliases(name), words=words, ours=_is_ours(piece.who), origin=piece.origin
            )
            _add(known, speaker)
        elif piece.section == "concerned":
            _add(known, _stated(piece))
    for piece in pieces:
        if piece.section not in STORY and piece.section not in ("verified", "unverified"):
            continue
        for name, noun, start in mentions_in(piece.text):
            if _common().fullmatch(name):
                continue
            did = (_course(piece.text, start),) if piece.section == "incident" else ()
            ours = any(book.patterns[f"words.{key}"].search(noun) for key in ("staff", "desk")) or _is_ours(name)
            _add(known, _Known(name=name, aliases=_aliases(name), noun=noun, did=did, ours=ours, origin=piece.origin))
        if piece.section == "incident":
            _retell(known, piece.text)
    return known


def _add(known: list[_Known], one: _Known) -> None:
    """Somebody new, or more about somebody known: Nora is Nora要上岸."""
    for place, old in enumerate(known):
        if set(old.aliases) & set(one.aliases) or any(one.name in alias or alias in one.name for alias in old.aliases):
            known[place] = old.model_copy(
                update={
                    "aliases": tuple(dict.fromkeys((*old.aliases, *one.aliases))),
                    "noun": old.noun or one.noun,
                    "did": tuple(dict.fromkeys((*old.did, *one.did))),
                    "words": tuple(dict.fromkeys((*old.words, *one.words))),
                    "ours": old.ours or one.ours,
                }
            )
            return
    known.append(one)


def _stated(piece: Piece) -> _Known:
    """A person the brief lists: `晚风（业主，家里漏水）`, or an entry with a name of its own."""
    match = re.match(r"^(?P<name>[^（(：:，,—\-]{1,14})[（(：:，,—\-]+\s*(?P<rest>.*?)[）)]?$", piece.text)
    name = piece.who or (match["name"].strip() if match else piece.text.strip())
    rest = piece.text if piece.who else (match["rest"] if match else "")
    told = tuple(text for text in dict.fromkeys((piece.label, rest)) if text and text != name)
    bare = name.strip('“”"「」 ')
    return _Known(
        name=bare, aliases=_aliases(bare), did=told, ours=_is_ours(f"{bare}{piece.label}"), origin=piece.origin
    )


_PARTS = re.compile(r"[\-_·・|/\s（()）@]+")


def _aliases(name: str) -> tuple[str, ...]:
    """The name and its telling parts: 宏发-采购 is 宏发 too."""
    parts = [part for part in _PARTS.split(name) if len(part) > 1 and not _common().fullmatch(part)]
    return tuple(dict.fromkeys((name, *parts)))


@cache
def _common() -> re.Pattern[str]:
    """What names nobody: nouns for people (家长, 妈妈, 会员, 客服) and any string of them."""
    patterns = crisis_book().patterns
    nouns = "|".join(patterns[f"words.{name}"].pattern for name in ("people", "staff", "boss", "child"))
    return re.compile(rf"(?:{nouns}|的|有人|大家|本人)+")


def _is_ours(text: str) -> bool:
    staff = crisis_book().patterns["words.staff"]
    match = staff.search(text)
    return bool(match and not re.search(rf"{match[0]}(?:群|的|家)", text))


_STOPS = re.compile(r"[。；;\n]")


def _course(text: str, start: int) -> str:
    """What is told of somebody: from their name to the end of the sentence, or to where others come in."""
    begin = max(text.rfind(mark, 0, start) for mark in "，。；;\n") + 1
    book, text = crisis_book(), text[: start + LONGEST_COURSE]
    ends = [_STOPS.search(text, start + 1)]
    ends += [book.patterns[name].search(text, start + 1) for name in ("people.some", "people.counted")]
    rest = text[begin : min((end.start() for end in ends if end and end.start() > begin), default=len(text))]
    parts = re.split(
        r"，(?=(?:[新老]?(?:学员|会员|业主|客户|家长|妈妈|群友))|两人|双方|[A-Z阿小老][A-Za-z\u4e00-\u9fff]{1,3}(?:替|帮|说|回))",
        rest,
    )
    return re.sub(r"[还又另并，,、\s]+$", "", parts[0]).strip()


def _retell(known: list[_Known], text: str) -> None:
    """What the story tells of speakers by a part of their name."""
    for place, one in enumerate(known):
        for alias in one.aliases:
            at = text.find(alias)
            if at >= 0 and not one.did:
                titled = re.search(rf"(?:{crisis_book().patterns['words.staff'].pattern})[“\"「]?$", text[:at])
                did = (_course(text, at),)
                known[place] = one.model_copy(
                    update={
                        "did": did,
                        "ours": one.ours or bool(titled),
                        "noun": one.noun or (titled[0] if titled else ""),
                    }
                )
                break


def _concerned(one: _Known) -> Concerned:
    told = "；".join(one.did)[:LONGEST_WHO]
    who = told or one.noun or "在群里发言的人"
    about = "；".join((*one.words, *one.did))
    role = role_of_words(about)
    if role == "leaker" and not one.words and _object(one, told):
        role = "affected"
    return Concerned(
        name=one.name,
        who=who,
        role=role,
        minor=about_a_child(about),
        words=one.words,
        origin=one.origin,
    )


def _object(one: _Known, told: str) -> bool:
    """Whether somebody's name stands after what was posted: theirs is the name, not the deed."""
    posted = crisis_book().roles["leaker"].search(told)
    return posted is not None and told.find(one.name) > posted.start()


# Our own people


def _ours(pieces: Sequence[Piece], named: Sequence[_Known]) -> list[Concerned]:
    """Own people by name or by title, each once, and whether members doubt them in person."""
    book = crisis_book()
    found: dict[str, Concerned] = {}
    titles = [
        held[0] for one in named if one.ours and (held := book.patterns["words.staff"].search(one.noun + one.name))
    ]
    for one in named:
        if one.ours:
            titled = book.patterns["words.staff"].search(f"{one.noun}{one.name}")
            title = titled[0] if titled else ""
            who = one.noun + one.name if one.noun and one.noun not in one.name else one.name
            found[one.name] = Concerned(
                name=one.name,
                who=who,
                role="ours",
                words=one.words,
                doubted=(doubted := _doubted(pieces, one.name, title)),
                accused=doubted or _accused(pieces, one, title, titles),
                origin=one.origin,
            )
    told = " ".join(one.who for one in found.values())
    for piece in pieces:
        if piece.section not in OURS_IN:
            continue
        for match in book.patterns["words.staff"].finditer(piece.text):
            title = match[0]
            if NOT_A_PERSON.match(piece.text[match.end() :]) or title in told or title in found:
                continue
            doubted = _doubted(pieces, title, "")
            accused = doubted or _accused_in(pieces, (title,))
            found[title] = Concerned(who=title, role="ours", doubted=doubted, accused=accused, origin=piece.origin)
    return list(found.values())


def _doubted(pieces: Sequence[Piece], name: str, title: str) -> bool:
    """Whether members accuse one of ours: by name, or by the title alone where it is said of nobody else by name."""
    book = crisis_book()
    for piece in pieces:
        if piece.section in STORY:
            for word in filter(None, (name, title)):
                for match in re.finditer(re.escape(word), piece.text):
                    clause = clause_around(piece.text, *match.span())
                    if book.patterns["people.doubted"].search(clause.replace(word, "")):
                        return True
    return False


def _accused(pieces: Sequence[Piece], one: _Known, title: str, titles: Sequence[str]) -> bool:
    """Whether the conduct of a named person of ours is in question; by title too where nobody else holds it."""
    alone = title and titles.count(title) == 1
    return _accused_in(pieces, (*one.aliases, *((title,) if alone else ())))


def _accused_in(pieces: Sequence[Piece], words: Sequence[str]) -> bool:
    """Whether one of these words stands before what somebody of ours is said or shown to have done."""
    accused = crisis_book().patterns["people.accused"]
    for piece in pieces:
        if piece.section not in (*STORY, "verified", "unverified"):
            continue
        for clause in clauses(piece.text):
            places = [clause.find(word) for word in words if word in clause]
            if places and accused.search(clause, min(places)):
                return True
    return False


_SPEECH = re.compile(r"[中了吗吧呢]$")  # 考虑中: a nickname that any sentence may hold


def _names(pieces: Sequence[Piece], named: Sequence[_Known], ours: Sequence[Concerned]) -> tuple[str, ...]:
    """Every name that a group text must not hold: members', children's, and those of our own whom a fault is laid on."""
    book = crisis_book()
    names = [
        alias for one in named if not one.ours for alias in one.aliases if len(alias) > 1 and not _SPEECH.search(alias)
    ]
    own = {alias for one in named if one.ours for alias in one.aliases}
    for piece in pieces:
        if piece.section in ("forbidden", "draft", "wish"):
            names += [name for name, _, _ in mentions_in(piece.text) if name not in own]
        if piece.section in (*STORY, "unverified", "verified"):
            names += firms_in(piece.text)
        for match in book.patterns["people.child"].finditer(piece.text):
            names += [group for group in match.groups() if group and len(group) > 1]
    for one in ours:
        told = any(one.name in piece.text for piece in pieces if piece.section in BLAMING)
        blamed = any(
            one.name in clause and book.patterns["fault.admitted"].search(clause)
            for piece in pieces
            for clause in re.split(r"[，。；\n]", piece.text)
        )
        if one.name and (one.doubted or one.accused or told or blamed):
            names.append(one.name)
    kept = {one.name for one in ours if one.name}
    names = [name for name in names if not _common().fullmatch(name) and not re.fullmatch(r"[\dA-Z\s]+", name)]
    blamed_names = {name for name in names if name in kept}
    return tuple(name for name in dict.fromkeys(names) if name not in kept or name in blamed_names)
