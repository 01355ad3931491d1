"""Prose sorted into entries: each clause by what it says, under the heading it stands below."""

import re
from collections.abc import Iterator

from copilot.facts.prose import lines, split_label
from copilot.records import Origin
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.lexicon import first_of, lexicon, topic_of
from copilot.tasks.weekly_plan.reading.names import leading_person, listed_person, person_row

PROSE = ("", "remark", "demand")
"""Topics whose words are still to be sorted."""
_OPENING, _CLOSING = "（(《“「『【[", "）)》”」』】]"
_STOPS = "。！？!?；;"
_HEADING = re.compile(r"^(?:#{1,6}\s*|【)?(?P<name>[^\s：:，,。；;【】]{2,10})(?:】|[：:])\s*$")
_SPACES = re.compile(
    r"(?<=[\u4e00-\u9fff）])[ \u3000]+(?=[\u4e00-\u9fff（“])|(?<=[^退进入出加拉]群)[ \u3000]+(?=\d+\s*[多来余]?[人位名户])"
)


def sort_prose(entry: Entry) -> Iterator[Entry]:
    """The entries of a piece of prose. What no cue knows keeps the heading it stands under, or is a note."""
    topic = ""
    for number, (row, bulleted) in enumerate(lines(entry.text)):
        if not row:
            topic = topic if bulleted else ""
            continue
        if (bare := _HEADING.match(row)) and topic_of(bare["name"]):
            topic = _plain_heading(topic_of(bare["name"]))
            continue
        at = entry.origin.line + number
        row = _BRACKETED.sub(r"\g<name>：", row)
        label, words = split_label(row)
        own = topic_of(label, words) if label else ""
        if own and own in PROSE:
            label, own, row = "", _plain_heading(own), words
        if own == "group" and leading_person(label, sure=False)[0]:
            yield _made(entry, "people", label, at)
        if own == "group" and len(cut(words)) > 1:
            yield from _sentences(entry, words, at, "", heading="group", headed=False)
        elif own or (topic and not label):
            yield from _headed(entry, own or topic, words if own else row, at)
        elif label:
            yield from _labelled(entry, row, label, words, topic, at)
        elif person_row(row):
            yield _made(entry, "people", row, at)
        else:
            yield from _sentences(entry, row, at, "")


def _labelled(entry: Entry, row: str, label: str, words: str, topic: str, line: int) -> Iterator[Entry]:
    """The entries of a line whose label (小苏：…, 备份：…) no list knows; `topic` is the heading above it."""
    if listed_person(row)[0] or topic == "people":
        yield _made(entry, "people", row, line, sure=topic == "people")
    elif topic:
        yield _made(entry, topic, row, line, label=label)
    elif _PLANNED.search(label):  # X群下周计划：…
        yield _made(entry, "request", label, line)
        yield from _sentences(entry, words, line, "")
    elif not _sorts(words):
        about = "figures" if first_of(lexicon().figures, label) and re.match(r"\D{0,3}\d", words) else "note"
        yield _made(entry, about, words, line, label=label)
    else:
        yield from _sentences(entry, words, line, label)


_PLANNED = re.compile(r"群.{0,8}(?:计划|排期|安排|规划)$")


def _plain_heading(topic: str) -> str:
    """The heading that stands over prose: none for a remark, a wish where demands are made."""
    return {"remark": "", "demand": ""}.get(topic, topic)


_LISTS = ("people", "fixed", "constraints", "assets", "voices", "deadline", "figures", "week_goal", "goal", "wish")


def _headed(entry: Entry, topic: str, words: str, line: int) -> Iterator[Entry]:
    """What stands under a heading at the start of a line; a clause that opens another heading ("；限制：…") goes there."""
    if topic in _LISTS:
        yield from _sentences(entry, words, line, "", heading=topic)
    else:
        yield _made(entry, topic, words, line)


def _sorts(words: str) -> bool:
    """Whether a labelled text speaks of a known matter by itself."""
    return any(first_of(lexicon().prose, clause) for clause, _ in cut(words))


def cut(text: str, *, spaces: bool = False) -> list[tuple[str, str]]:
    """(clause, mark after it): cut at commas and stops outside brackets and quotes; with `spaces` also at those between
    Chinese words, where there are no commas.
    """
    found, depth, current = [], 0, ""
    for place, char in enumerate(text):
        depth = max(0, depth + (char in _OPENING) - (char in _CLOSING))
        if char == "." and not depth and re.match(r"[A-Za-z)]\.(?:\s|$)", text[max(0, place - 1) :]):
            char = "。"  # the end of an English sentence
        within = (
            char in ",;!?"
            and current[-1:].isascii()
            and re.match(r"\w,?\w", current[-1:] + text[place + 1 : place + 2])
        )
        if char in "，," + _STOPS and not depth and not (within and text[place + 1 : place + 2].isascii()):
            found.append((current.strip(), char))
            current = ""
        else:
            current += char
    found = [(clause, mark) for clause, mark in [*found, (current.strip(), "")] if clause]
    if spaces and len(found) == 1 and len(text) > 8:
        parts = _SPACES.split(found[0][0])
        return [(part, " ") for part in parts[:-1]] + [(parts[-1], found[0][1])]
    return found


_ANNOUNCED = re.compile(r"^(?P<first>[^：:“”]{9,40}(?:群|计划|安排|排期|如下))[：:](?P<rest>\S.*)$")


def _announced(clauses: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The clauses; one that announces what follows it (给三个群做个安排：甲群…) is parted from it."""
    for clause, mark in clauses:
        if match := _ANNOUNCED.match(clause):
            yield match["first"], "："
            yield match["rest"], mark
        else:
            yield clause, mark


_BRACKETED = re.compile(r"^[【\[](?P<name>[^】\]：:]{1,10})[】\]]\s*[：:]?\s*(?=\S)")
_INNER_LABEL = re.compile(r"^(?P<label>[^\s：:，,。；;“”‘’（）()\d]{2,8})[：:]\s*(?P<text>\S.*)$")


def _sentences(
    entry: Entry, text: str, line: int, label: str, heading: str = "", *, headed: bool = True
) -> Iterator[Entry]:
    """The clauses of a line as entries: those of one matter together, people and limits one by one."""
    headed = headed and bool(heading)
    fallback = "wish" if entry.topic == "demand" else "note"
    current: Entry | None = None
    joint = ""
    for clause, mark in _announced(cut(text, spaces=not headed)):
        topic, words = "", clause
        inner = _INNER_LABEL.match(clause)
        if inner and (found := topic_of(inner["label"], inner["text"])) and found not in PROSE:
            heading, headed, topic, words = found, False, found, inner["text"]
            if current:
                yield current
            current = None
        opens = joint in _STOPS or not joint
        topic = _topic(words, topic or heading, headed=headed and not (opens and heading in _LOOSE))
        if current and current.topic == "wish" and not opens and _FURTHER.match(words):
            topic = "wish"
        if current and not opens and _joins(current, topic, words, heading):
            whole = f"{current.text}{joint or '，'}{words}"
            current = current.model_copy(
                update={"text": whole, "origin": current.origin.model_copy(update={"quote": whole})}
            )
        else:
            if current:
                yield current
            current = _made(entry, topic or fallback, words, line, label=label, sure=bool(heading) and topic == heading)
        joint = mark
        if mark in "。！？!?" and mark and not headed:
            heading = ""
    if current:
        yield current


_FURTHER = re.compile(r"再(?:让|把|拉|发|搞|办|做|来)|还(?:要|想|得)|并且?(?:要|把|让)|顺便|然后(?:要|再)")
_LOOSE = ("people", "assets", "fixed")
_ONE_BY_ONE = ("constraints", "fixed", "figures", "voices", "people", "assets", "budget")


def _joins(current: Entry, topic: str, words: str, heading: str) -> bool:
    """Whether a clause belongs to the entry before it."""
    if not topic:
        return current.topic not in lexicon().alone and current.topic != "note"
    if topic != current.topic or topic in lexicon().alone:
        return False
    if topic == "people":
        return not leading_person(words, sure=True)[0]
    if topic in ("assets", "voices", "figures", "fixed", "constraints") and heading == topic:
        return False
    return topic not in _ONE_BY_ONE


def _topic(clause: str, heading: str, *, headed: bool) -> str:
    """What a clause is about: under a line's heading that; else by its own words, the heading only where they say nothing."""
    if headed:
        return heading
    found = first_of(lexicon().prose, clause)
    if found == "voices":
        found = first_of(lexicon().prose, _ASIDES.sub("", clause))
    found = found or ("stage" if _tells_stage(clause) else "")
    if found == "constraints" and _tells_stage(clause) and not re.search(r"不[要能许准得可]|别|勿|禁", clause):
        found = "stage"
    if found in ("figures", "members") and lexicon().target.search(clause) and not _COUNTED_SO_FAR.search(clause):
        found = "goal"
    if found in ("request", "wish", "voices", "budget", "constraints", "same_people") and not (
        heading == "wish" and found != "request"
    ):
        return found
    if heading:
        return heading if not found or found not in ("goal", "figures") else found
    if leading_person(clause, sure=False)[0]:
        return "people"
    return found


_ASIDES = re.compile(r"(?<=\S)[（(][^（()）]*[）)](?=\S)")  # what brackets say in the middle is not what it is about
_COUNTED_SO_FAR = re.compile(r"上周|上个?(?:星期|礼拜)|目前|现在|已经?|最近")
_IN_GROUP = re.compile(r"群|说话|活跃|发言|冒泡|潜水|消息|聊")


def _tells_stage(clause: str) -> bool:
    """Whether a clause says that a group is silent or falls silent."""
    told = first_of(lexicon().stages, clause)
    if told == "closing":  # 赛季打完了: nothing follows it
        return bool(re.search(r"(?:了|完|散|结束|收官|落幕|毕业)$", clause)) and not re.search(r"\d", clause)
    return told == "dead" or (told == "fading" and bool(_IN_GROUP.search(clause)))


def _made(entry: Entry, topic: str, text: str, line: int, *, label: str = "", sure: bool = True) -> Entry:
    origin = Origin(field=entry.origin.field, line=line, quote=text)
    return Entry(topic=topic, label=label or entry.label, text=text, origin=origin, scope=entry.scope, sure=sure)
