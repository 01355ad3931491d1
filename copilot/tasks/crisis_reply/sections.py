"""The parts of a crisis brief: each stretch of it under the heading it belongs to.

Keys and headings say it where there are any (`unverified`, "还没弄清："). In prose each clause says it itself ("查到…",
"还不清楚…", "老板同意…", "别说…"); a clause that says nothing goes on with the one before it, and what members are told
to have said is part of the story, whatever its words.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from copilot.facts.brief import META, Brief
from copilot.facts.intake import Field
from copilot.facts.keys import heading, keys_of, role_of
from copilot.facts.prose import lines
from copilot.records import Origin
from copilot.tasks.crisis_reply.lexicon import Section, crisis_book
from copilot.tasks.crisis_reply.telling import SORTED, sort_prose, tidy


class Piece(NamedTuple):
    """A stretch of the brief in its section. `who` is the speaker of a message, `label` the heading of a fact."""

    section: Section
    text: str
    origin: Origin
    who: str = ""
    label: str = ""


def sections_of(brief: Brief) -> tuple[Piece, ...]:
    """Every stretch of a brief with its section, in order."""
    stated = {section for field in brief.fields if (section := section_of_path(field.path))}
    found: list[Piece] = []
    settings = {brief.meta.get("group", ""), brief.meta.get("group_type", "")}
    for group in _entries(tuple(field for field in brief.fields if field.text.strip() not in settings)):
        found += _pieces(group, stated)
    return tuple(piece for piece in found if piece.text.strip())


def section_named(name: str) -> Section | None:
    """The section that a key or heading names."""
    folded = re.sub(r"[\s_\-（）()【】\[\]“”\"'*#]", "", name).lower()
    for section, pattern in crisis_book().sections.items():
        if folded and pattern.search(folded):
            return section
    return None


def section_of_path(path: str) -> Section | None:
    """The section that the innermost telling key of a path names."""
    keys = keys_of(path)
    for key in reversed(keys):
        if (section := section_named(key)) and not (role_of(key) in META and role_of(key) != "purpose"):
            return section
    return None


def _entries(fields: tuple[Field, ...]) -> Iterator[list[Field]]:
    """Fields one by one, but those of one entry of a list together: `chat[2].sender` and `chat[2].text`."""
    held: list[Field] = []
    for field in fields:
        entry = _entry(field.path)
        if held and entry and _entry(held[0].path) == entry:
            held.append(field)
            continue
        if held:
            yield held
        held = [field]
    if held:
        yield held


def _entry(path: str) -> str:
    match = re.match(r"(.*\[\d+\])\.", path)
    return match[1] if match else ""


def _pieces(group: list[Field], stated: set[Section]) -> Iterator[Piece]:
    section = section_of_path(group[0].path)
    if section in ("excerpts", "concerned") and _entry(group[0].path):
        yield _spoken_entry(section, group)
        return
    for field in group:
        keys = keys_of(field.path)
        section = section_of_path(field.path)
        if not section and keys and role_of(keys[-1], field.text) in META:
            continue
        if not keys or (section is None and role_of(keys[-1], field.text) == "facts"):
            yield from _free(field, stated)
        elif section == "excerpts":
            yield from _messages(field)
        elif section == "incident" or section is None:
            yield from _story(field, section, stated)
        else:
            yield from _listed(field, section)


def _spoken_entry(section: Section, group: list[Field]) -> Piece:
    """An entry of a list of messages or people, with its parts named in any way."""
    parts = crisis_book().parts
    who = text = role = ""
    for field in group:
        key, words = keys_of(field.path)[-1].lower(), field.text.strip()
        if parts["who"].search(key):
            who = who or words
        elif parts["text"].search(key):
            text = f"{text}；{words}" if text else words
        elif parts["role"].search(key):
            role = words
    origin = Origin(field=group[0].path, line=group[0].line, quote=text or who)
    return Piece(section, text or role or who, origin, who=who, label=role)


def _origin(field: Field, quote: str, line: int = 0) -> Origin:
    return Origin(field=field.path or "text", line=field.line + line, quote=quote)


# Messages

_TIME = r"(?:(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?\s*)?(?:周.\s*)?(?:[上下]午|晚上?|凌晨)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_STAMPED = re.compile(
    rf"^\s*[\[【(（]?{_TIME}[\]】)）]?\s*(?P<who>[^\s:：，。][^:：，。\n]{{0,19}}?)\s*[:：]\s*(?P<text>\S.*)$"
)
_HEADER = re.compile(rf"^\s*(?P<who>[^\s:：，。][^:：，。\n]{{0,19}}?)\s+{_TIME}\s*[:：]?\s*(?P<text>.*)$")
_SAYS = re.compile(r"^\s*[-·•]?\s*(?P<who>[^\s:：，。“”\"][^:：，。“”\"\n]{0,19}?)\s*[:：]\s*(?P<text>\S.*)$")


def _messages(field: Field) -> Iterator[Piece]:
    """The messages of a field, each with its speaker; a line without one goes on with the message before it."""
    found: list[Piece] = []
    for number, row in enumerate(field.text.split("\n")):
        match = _STAMPED.match(row) or _HEADER.match(row) or _SAYS.match(row)
        if match:
            text = match["text"].strip()
            found.append(Piece("excerpts", text, _origin(field, text, number), who=match["who"].strip(" @")))
        elif row.strip() and found and not found[-1].text:
            found[-1] = found[-1]._replace(text=row.strip(), origin=_origin(field, row.strip(), number))
        elif row.strip():
            found.append(Piece("excerpts", row.strip(" -·•"), _origin(field, row.strip(), number)))
    yield from found


_UTTERED = re.compile(r"[吗呢吧啊呀啦嘛]|[我你他她咱]|[？?！!~]|^[“\"「].*[”\"」]$|不能忍|退|骗")


def _spoken_lines(rows: list[str]) -> set[int]:
    """Which lines of a free text are pasted messages: stamped, or two or more that sound like speech under a name."""
    stamped = {number for number, row in enumerate(rows) if _STAMPED.match(row)}
    named = set()
    for number, row in enumerate(rows):
        match = _SAYS.match(row)
        speaks = match and not section_named(match["who"]) and not role_of(match["who"], match["text"])
        if match and speaks and _UTTERED.search(match["text"].strip()):
            named.add(number)
    quoted = {number for number in named if re.search(r"[:：]\s*[“\"「].*[”\"」]\s*$", rows[number])}
    return stamped | quoted | (named if len(named) > 1 else set())


# Lists and prose


def _listed(field: Field, section: Section) -> Iterator[Piece]:
    """The entries of a field whose section is known: its lines and sentences, and short lists in one line."""
    keys = keys_of(field.path)
    inner = heading(keys[-1:]) if keys and not section_named(keys[-1]) else ""
    label = "" if inner.isascii() else inner
    alone = "[" not in field.path
    for number, (row, _) in enumerate(lines(field.text)):
        for text in _parts(row, section) if alone else [row]:
            if section == "draft":
                text = text.strip('“”"「」 ')
            yield Piece(section, tidy(f"{label}：{text}" if label else text), _origin(field, text, number), label=label)


def _parts(row: str, section: Section) -> list[str]:
    """A line as its entries. What must not be said, or is not known, often stands as a plain enumeration."""
    if section in ("draft", "wish", "internal", "earlier", "concerned", "clock", "entry", "owners"):
        return [row]
    parts = [part for part in re.split(r"(?<=[。；;！!])(?![”」])", row) if part.strip()]
    if section in ("forbidden", "unverified"):
        parts = [piece for part in parts for piece in _outside(part, "，,、")]
    elif section == "authorised":
        parts = [piece for part in parts for piece in _enumerated(part)]
    return parts


def _outside(text: str, marks: str) -> list[str]:
    """A text split at these marks outside quotes and brackets."""
    found, depth = [""], 0
    for char in text:
        depth += (char in "（(“「《") - (char in "）)”」》")
        if char in marks and depth <= 0:
            found.append("")
        else:
            found[-1] += char
    return [piece for piece in found if piece.strip()]


def _enumerated(text: str) -> list[str]:
    """A list in one line: "退运费、上门取样" is two entries, "早上 8:00、晚上 9:00 各一次" is one."""
    pieces = _outside(text, "、")
    whole = len(pieces) < 2 or any(len(piece.strip()) < 3 or re.match(r"\s*\d", piece) for piece in pieces)
    return [text] if whole else pieces


def _story(field: Field, section: Section | None, stated: set[Section]) -> Iterator[Piece]:
    """What happened, as one text; what it says is verified, open, allowed or forbidden is taken out where nothing else says so."""
    keys = keys_of(field.path)
    label = "" if section and section_named(keys[-1]) else heading(keys)
    for number, (row, _) in enumerate(lines(field.text)):
        text = tidy(f"{label}：{row}" if label and not label.isascii() else row)
        yield Piece("incident", text, _origin(field, row, number))
        if section:
            for name, words in sort_prose(row):
                if name in SORTED and name not in stated:
                    yield Piece(name, words, _origin(field, words, number))


_HEADED = re.compile(
    r"^\s*[-*•·#【\[]*\s*(?:[一二三四五六七八九十\d]{1,2}[、.)）]\s*)?(?P<name>[^：:，。；;！？\n“”\"]{2,18}?)[】\]]?\s*[：:]\s*(?P<rest>.*)$"
)
_HEADING_ALONE = re.compile(r"^\s*(?:[【\[#*]+\s*)(?P<name>[^：:，。；;\n]{2,14}?)\s*[】\]*]*\s*$")
_INNER = re.compile(r"(?P<lead>^|[。；;！!，,\n]\s*)(?P<name>[^：:，。；;！？、\n“”\"\s]{2,12})[：:]\s*")


def _free(field: Field, stated: set[Section]) -> Iterator[Piece]:
    """Free text: under headings where it has them, else clause by clause."""
    rows = field.text.split("\n")
    spoken = _spoken_lines(rows)
    current: Section | None = None
    for number, (raw, (row, bulleted)) in enumerate(zip(rows, lines(field.text), strict=True)):
        if not raw.strip():
            current = None
            continue
        if headed := _heading_alone(raw):
            current = headed
            continue
        headed_here = _HEADED.match(raw)
        opens = section_named(headed_here["name"]) if headed_here else None
        if opens in (None, "excerpts", "concerned") and (number in spoken or (current == "excerpts" and row)):
            yield from _messages(Field(path=field.path, text=raw, line=field.line + number))
            continue
        match, named = headed_here, opens
        if match and not named and role_of(match["name"], match["rest"]) in META:
            continue
        if match and named and not match["rest"].strip():
            current = named
            continue
        if not named and not bulleted and current and not _heading_holds(rows, number):
            current = None
        origin = _origin(field, row, number)
        for section, words in _headed_parts(row, current):
            if section:
                yield from _under(section, words, origin)
            else:
                yield from (
                    Piece(name, text, origin.model_copy(update={"quote": text})) for name, text in sort_prose(words)
                )
        if match and named and bulleted is False:
            current = named if number + 1 < len(rows) and lines(rows[number + 1])[0][1] else None


def _heading_alone(raw: str) -> Section | None:
    match = _HEADING_ALONE.match(raw)
    return section_named(match["name"]) if match else None


def _heading_holds(rows: list[str], number: int) -> bool:
    """Whether the heading of a list still holds at this line: no line between was left empty (the caller sees to that)."""
    return number > 0 and bool(rows[number - 1].strip())


def _headed_parts(row: str, current: Section | None) -> Iterator[tuple[Section | None, str]]:
    """A line cut at the headings inside it: "目前确认的：…；还没弄清：…"."""
    cuts = [
        (match, section)
        for match in _INNER.finditer(row)
        if (section := section_named(match["name"])) and not _narrates(match["name"])
    ]
    first = cuts[0][0].start() if cuts else len(row)
    if row[:first].strip():
        yield current, row[:first]
    for place, (match, section) in enumerate(cuts):
        end = cuts[place + 1][0].start() if place + 1 < len(cuts) else len(row)
        yield section, row[match.end() : end]


def _narrates(name: str) -> bool:
    """Whether a heading opens a quotation and no part of the brief: "业主说：…"."""
    return bool(crisis_book().prose["said"].search(name))


def _under(section: Section, words: str, origin: Origin) -> Iterator[Piece]:
    """Words under a heading, each entry alone. A quoted draft ends with its quotes."""
    if section == "draft":
        quoted = re.match(r"\s*[“\"「『](?P<draft>[^”\"」』]+)[”\"」』](?P<rest>.*)$", words)
        if quoted:
            yield Piece(section, quoted["draft"].strip(), origin.model_copy(update={"quote": quoted["draft"]}))
            yield from (Piece(name, text, origin) for name, text in sort_prose(quoted["rest"]))
            return
    if section == "incident":
        for name, text in sort_prose(words):
            yield Piece(name, text, origin.model_copy(update={"quote": text}))
        return
    for text in _parts(words, section):
        if entry := tidy(text):
            yield Piece(section, entry, origin.model_copy(update={"quote": entry}))
