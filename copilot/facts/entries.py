"""From fields to lines: each line of a brief with its role, its heading, and who said it.

An entry of a list stays whole (a record's fields become one line), a pasted chat is taken apart by speaker.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from copilot.facts.intake import Field
from copilot.facts.keys import field_role, fold, heading, keys_of, lexicon, role_of, speaker_of
from copilot.facts.prose import labelled_parts, lines, split_label
from copilot.facts.slots import slot_of
from copilot.records import Origin, Record

META = ("group", "group_type", "group_size", "audience", "purpose", "tone", "length", "platform", "kind", "now")


class Line(Record):
    """One line of a field: its role or meta key, its heading, its words. An `entry` is one statement, not prose."""

    role: str
    label: str
    text: str
    origin: Origin
    entry: bool


def lines_of(fields: tuple[Field, ...]) -> Iterator[Line]:
    """The lines of all fields; the fields of one entry of a list are one line, so that a record is never torn apart."""
    for _, group in groupby(enumerate(fields), key=lambda pair: _entry_of(pair[1].path) or pair[0]):
        members = [field for _, field in group]
        facts = [field for field in members if field_role(field.path, field.text)[0] == "fact" and field.text.strip()]
        if len(facts) > 1 and (path := _entry_of(facts[0].path)):
            yield from _record(path, facts)
            members = [field for field in members if field not in facts]
        for field in members:
            yield from _field_lines(field)


def _entry_of(path: str) -> str:
    match = re.match(r"(.*?\[\d+\])\.", path)
    return match[1] if match else ""


def _record(path: str, fields: list[Field]) -> Iterator[Line]:
    """`[{名称: 苹果, 价: 9.9}]` → "名称：苹果，价：9.9"; an entry that is itself a heading and its words is a labelled line."""
    pair, names = lexicon().pair, [fold(keys_of(field.path)[-1]) for field in fields]
    if len(fields) == 2 and names[0] in pair["label"] and names[1] in pair["text"]:
        text = f"{fields[0].text.strip()}：{fields[1].text.strip()}"
        yield from _field_lines(Field(path=path, text=text, line=fields[0].line))
        return
    said: dict[str, list[str]] = {}
    for field in fields:
        shown = heading(keys_of(field.path.removeprefix(path)))
        said.setdefault(shown, []).append(re.sub(r"\s*\n\s*", " ", field.text.strip()))
    text = "，".join(f"{shown}：{'、'.join(words)}" for shown, words in said.items())
    origin = Origin(field=path, line=fields[0].line, quote=text)
    yield Line(role="fact", label=field_role(path)[1], text=text, origin=origin, entry=True)


_STAMP = re.compile(
    r"^\s*[\[【(（]?(?:(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?\s*)?(?:周.\s*)?(?:[上下]午|晚上?)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?[\]】)）]?\s*"
    r"(?P<who>[^\s:：，。0-9][^:：，。\n]{0,11})[:：]\s*(?P<text>\S.*)$"
)
_NICKNAME = re.compile(r"^(?:[小老阿大][\u4e00-\u9fff]{1,2}|[A-Za-z]{2,12}[\u4e00-\u9fff]{0,3})$")


def _chat(text: str) -> dict[int, tuple[str, str]]:
    """(speaker, words) by line of a pasted chat; a timetable has stamps as well, but nobody speaks in it."""
    return _stamped(text) or _answered(text)


def _answered(text: str) -> dict[int, tuple[str, str]]:
    """(speaker, words) of lines "Tina：改到7:45", "Leo：还是8点吧": what one said, and what another answers right after."""
    said = [split_label(words) for words, _ in lines(text)]
    found: dict[int, tuple[str, str]] = {}
    for number, (first, second) in enumerate(pairwise(said)):
        named = first[0] != second[0] and all(_is_speaker(label) for label, _ in (first, second))
        if named and lexicon().cues["reply"].search(second[1]):
            found |= {number: first, number + 1: second}
    return found


def _is_speaker(label: str) -> bool:
    return bool(lexicon().speaker.search(label) or _NICKNAME.match(label)) and not role_of(label)


def _stamped(text: str) -> dict[int, tuple[str, str]]:
    found = {number: match for number, row in enumerate(text.split("\n")) if (match := _STAMP.match(row))}
    speakers = [match["who"].strip() for match in found.values()]
    people = sum(bool(lexicon().speaker.search(who) or _NICKNAME.match(who)) for who in speakers)
    if len(speakers) < 2 or (len(set(speakers)) == len(speakers) and people < 2):
        return {}
    return {number: (match["who"].strip(), match["text"]) for number, match in found.items()}


_SECTION = re.compile(r"^\s*(?:#{1,6}\s+|【)(?P<name>[^】]{1,18}?)】?\s*[:：]?\s*$")
_HEADING = re.compile(r"^(?P<name>[^:：，,。；;]{1,20})[:：]$")


def _private(text: str) -> dict[int, str | None]:
    """The lines under a heading of their own such as "内部备注：", by number, with that heading; None for the heading.

    A section (【内部】, ## 内部) goes on to the next one; under a mere colon stands the list or paragraph that follows.
    """
    found, inside, section, items = dict[int, str | None](), "", False, list[bool]()
    rows = text.split("\n")
    for number, ((words, bulleted), row) in enumerate(zip(lines(text), rows, strict=True)):
        opened = _SECTION.match(row)
        heading = opened or (None if section else _HEADING.match(words))
        if heading:
            inside = heading["name"] if role_of(heading["name"]) == "internal" else ""
            section, items, head = bool(inside and opened), [], number
            if inside:
                found[number] = ""
        elif inside and not section and items and (not words or items[0] > bulleted):
            inside = ""
        elif inside and words:
            items.append(bulleted)
            found |= {head: None, number: inside}
    return found


def _field_lines(field: Field) -> Iterator[Line]:
    role, key = field_role(field.path, field.text)
    if role in ("quoted", "draft", "internal"):
        origin = Origin(field=field.path, line=field.line, quote=field.text)
        if role == "quoted":
            yield Line(role=role, label="", text=field.text.strip(), origin=origin, entry=True)
            return
    chat = _chat(field.text) if role == "fact" else {}
    private = _private(field.text) if role == "fact" and not chat else {}
    for number, (row, bulleted) in enumerate(lines(field.text)):
        at = field.line + number
        if number in private:
            if (label := private[number]) is not None:
                origin = Origin(field=field.path or "text", line=at, quote=row)
                yield Line(role="internal", label=label, text=row, origin=origin, entry=True)
            continue
        if number in chat:
            speaker, words = chat[number]
            yield Line(
                role="fact", label="", text=words, origin=Origin(field=speaker, line=at, quote=words), entry=False
            )
            continue
        for label, text in labelled_parts(row):
            yield _line(field, role, key, label, text, at, bulleted=bulleted)


def _line(field: Field, role: str, key: str, label: str, text: str, at: int, *, bulleted: bool) -> Line:
    """One line with the role its key or its own heading gives it."""
    own = _own_role(label, text) if label and (not field.path or role == "fact") else None
    if own == "facts" and slot_of(label, "", ()) != "other":
        own = None  # "资料：…" and "内容：…" head what they hold
    if own in META and own not in ("tone", "length") and field.path and field.path != key:
        own = None  # a labelled entry of a list of facts: "对象：新手" is one of them
    if not own and key and role == "fact" and not label and _names_a_group(key, text):
        own = "group"
    origin = Origin(field=field.path or "text", line=at, quote=text)
    if own:
        told = label if own == "internal" and lexicon().cues["internal"].search(label) else ""  # "押金的事先别提：…"
        return Line(role="fact" if own == "facts" else own, label=told, text=text, origin=origin, entry=own != "facts")
    if role in META:
        words = f"{key}：{text}" if key and role == "group_size" else text
        return Line(role=role, label="", text=f"{label}：{words}" if label else words, origin=origin, entry=True)
    shown = label or (key if role == "fact" else "")
    if role == "fact" and shown and speaker_of(shown, text):
        return Line(role=role, label="", text=text, origin=origin.model_copy(update={"field": shown}), entry=False)
    entry = bulleted or "[" in field.path or "." in field.path or bool(key and shown)
    return Line(role=role, label=shown, text=text, origin=origin, entry=entry)


def _own_role(label: str, text: str) -> str | None:
    """The role that a line gives itself by its heading; "会员群：…" names the group."""
    if label.endswith("群") and len(text) <= 20:
        return "group"
    return role_of(label, text)


def _names_a_group(key: str, text: str) -> bool:
    return fold(key) in ("name", "名称") and bool(re.fullmatch(r"\S{2,19}群", text.strip()))
