"""From the fields of a brief to entries: each with what it is about, its words, and the group it belongs to."""

import re
from collections.abc import Iterator, Mapping

from copilot.facts.intake import Field
from copilot.facts.keys import heading
from copilot.records import Origin, Record
from copilot.tasks.weekly_plan.reading.lexicon import first_of, is_cell, lexicon, topic_of
from copilot.tasks.weekly_plan.reading.shapes import SEGMENT, shapes_of

RECORDS = ("people", "fixed", "deadline", "figures", "voices", "group")
"""Topics whose entries may be records: a person with duty and hours, an event with date and owner."""
INNER = ("week_goal", "goal", "budget", "quiet", "voices", "week_start", "week_end")
"""Topics that a key inside another topic's mapping may still turn to (goals: {本周目标: …})."""


class Entry(Record):
    """One piece of the brief. `cells` are the fields of a record by key ("" for plain words), `text` all of them together.

    `label` is the heading in the operator's words, `scope` the path of the group record it stands in ("" for all groups),
    `sure` whether its key says the topic, not its words.
    """

    topic: str
    label: str = ""
    text: str
    cells: tuple[tuple[str, str], ...] = ()
    origin: Origin
    scope: str = ""
    sure: bool = True

    def cell(self, *names: str) -> str:
        """The words of the first cells of one of these kinds; "" where the record has none."""
        for name in names:
            if found := [text for key, text in self.cells if key and is_cell(key, name)]:
                return "，".join(found)
        return ""


class _Place(Record):
    """Where a field stands: in which group record, about what, as which item, under which key inside it."""

    scope: str
    named: str
    topic: str
    item: str
    label: str
    inner: str


def entries_of(fields: tuple[Field, ...]) -> Iterator[Entry]:
    """The entries of all fields, in order; prose is still whole (topic "" or "remark")."""
    items: dict[tuple[str, str, str], list[tuple[_Place, Field]]] = {}
    named: set[str] = set()
    told = tuple(field for field in fields if field.text.strip())
    shapes = shapes_of(told)
    for field in told:
        place = _place_of(field, shapes)
        if place.named and place.scope not in named:
            named.add(place.scope)
            origin = Origin(field=place.scope, line=field.line, quote=place.named)
            yield Entry(topic="group", text=place.named, origin=origin, scope=place.scope)
        items.setdefault((place.scope, place.topic, place.item), []).append((place, field))
    for (scope, topic, item), members in items.items():
        cells = tuple((place.inner, field.text.strip()) for place, field in members)
        first, lead = members[0]
        text = "；".join(f"{key}：{words}" if key and len(cells) > 1 else words for key, words in cells)
        if topic in ("people", "fixed", "deadline"):
            text = "，".join(words for _, words in cells)
        origin = Origin(field=item or "text", line=lead.line, quote=text)
        label = first.label or (cells[0][0] if len(cells) == 1 else "")
        yield Entry(topic=topic, label=label, text=text, cells=cells, origin=origin, scope=scope)


def _place_of(field: Field, shapes: Mapping[str, str]) -> _Place:
    """The place of a field by the keys of its path, else by the shape of what stands under them."""
    if not field.path:
        return _Place(scope="", named="", topic="", item="", label="", inner="")
    matches = list(SEGMENT.finditer(field.path))
    keys = [match[2] or "" for match in matches]  # "" is a place in a list
    ends = [match.end() for match in matches]
    scope, named, at = _scope_of(field, keys, ends, shapes)
    topic, start = "", at
    while start < len(keys):
        topic = _scoped_topic(keys[start], field.text, scope) if keys[start] else ""
        topic = topic or shapes.get(field.path[: ends[start]], "")
        if topic:
            break
        start += 1
    leaf = [key for key in keys[at:] if key]
    if topic in ("", "figures") and len(leaf) == 1 and _counts(leaf[0], field.text):
        return _Place(scope=scope, named=named, topic="figures", item=field.path, label=leaf[0], inner="")
    if not topic:
        rest = leaf
        about = "group_words" if named and not rest else ""
        return _Place(scope=scope, named=named, topic=about, item=field.path, label=heading(rest), inner="")
    rest = keys[start + 1 :]
    if topic == "people" and not rest and _SIZE.fullmatch(field.text.strip()):
        topic = "members"
    if topic == "members" and _holds_people(rest, field.text):
        topic = "people"
    if (turned := _turned(topic, rest, field.text)) != topic:
        return _Place(scope=scope, named=named, topic=turned, item=field.path, label="", inner="")
    item, label, inner = _item(topic, field.path, rest, ends[start:])
    own = keys[start]
    if topic == "people" and not label and own not in lexicon().topics and lexicon().duty.fullmatch(own):
        label = keys[start]  # 店长: 阿琴
    return _Place(scope=scope, named=named, topic=topic, item=item, label=label, inner=inner)


_COUNT = re.compile(r"\D{0,3}\d[\d,.]*(?:\s*[/／]\s*\d+)?\s*[^\d\s，。；]{0,3}")
_SIZE = re.compile(r"(?:约|大约|大概|共)?\s*\d[\d,]*\s*(?:多|来|余|\+)?\s*(?:个?人|名|位|户)?")
"""A number alone says how many people there are, not who."""


def _counts(key: str, text: str) -> bool:
    """Whether a key names a figure and a number stands under it (没回: 7)."""
    return bool(_COUNT.fullmatch(text.strip())) and first_of(lexicon().figures, key) not in ("", "members")


def _turned(topic: str, rest: list[str], text: str) -> str:
    """The topic that an inner key turns to, for topics whose entries are no records."""
    if topic in ("people", "fixed", "deadline"):
        return topic
    turned = [found for key in rest if key and (found := topic_of(key, text)) in INNER]
    return turned[-1] if turned else topic


def _item(topic: str, path: str, rest: list[str], ends: list[int]) -> tuple[str, str, str]:
    """(path of the entry, its label, the key inside it) for the keys after the one that says the topic; `ends` are
    where that key and each after it end in the path.
    """
    end, label = ends[0], ""
    if rest and not rest[0]:
        end, rest = ends[1], rest[1:]
    elif rest and (topic == "figures" or (topic in RECORDS and not is_cell(rest[0], *_CELLS.get(topic, ())))):
        label, end, rest = rest[0], ends[1], rest[1:]
    elif rest and topic not in RECORDS and topic != "week":
        end = len(path)
    inner = [key for key in rest if key]
    if topic == "figures" and label and rest:  # last_week: {一群: {退群: 3}}
        return path, "·".join([label, *inner]), ""
    if topic in _CELLS:
        return path[:end], label, inner[-1] if inner else ""
    return path[:end], label, heading(inner) if inner else ""


_CELLS = {
    "people": ("name", "duty", "hours", "group"),
    "fixed": ("what", "when", "owner", "group"),
    "deadline": ("what", "when", "owner", "group"),
    "figures": ("label", "value", "group"),
    "voices": ("label", "value", "what", "name"),
}


def _scope_of(field: Field, keys: list[str], ends: list[int], shapes: Mapping[str, str]) -> tuple[str, str, int]:
    """The group record a field stands in: its path, the name where the key itself is one, and where the rest begins."""
    if not keys[0]:  # a list of records at the top
        return (field.path[: ends[0]], "", 1) if len(keys) > 1 else ("", "", 0)
    for place, key in enumerate(keys[:-1]):
        topic = (topic_of(key) or shapes.get(field.path[: ends[place]], "")) if key else ""
        if topic in ("group", "members") and (topic == "group" or re.search(r"群", keys[place + 1])):
            following = keys[place + 1]
            if not following:
                return (field.path[: ends[place + 1]], "", place + 2) if place + 2 < len(keys) else ("", "", 0)
            if topic_of(following) or is_cell(following, "name"):
                return field.path[: ends[place]], "", place + 1
            return field.path[: ends[place + 1]], following, place + 2
        if topic:
            return "", "", 0
    return "", "", 0


def _scoped_topic(key: str, value: str, scope: str) -> str:
    """The topic of a key; `name` is the group's where nothing else has a name."""
    return topic_of(key, value) or ("group" if is_cell(key, "name") and (scope or value.endswith("群")) else "")


def _holds_people(rest: list[str], text: str) -> bool:
    """Whether under a key like `members` there are people who work, not a number."""
    return bool(rest) and not re.fullmatch(r"\D{0,4}\d+\D{0,4}", text.strip()) and not any("群" in key for key in rest)
