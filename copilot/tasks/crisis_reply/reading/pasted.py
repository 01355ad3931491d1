"""Messages pasted into a brief: lines under a name or a stamp, and records with a sender."""

import re
from collections.abc import Iterator, Sequence

from copilot.facts.intake import Field
from copilot.facts.keys import keys_of, role_of
from copilot.records import Origin
from copilot.tasks.crisis_reply.reading.lexicon import Section, crisis_book
from copilot.tasks.crisis_reply.reading.naming import section_named, setting_named
from copilot.tasks.crisis_reply.reading.piece import Piece, origin_of

_TIME = r"(?:(?:\d{2,4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?\s*)?(?:周.\s*)?(?:[上下]午|晚上?|凌晨)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
COLON = r"(?:(?<!\d)[:：]|[:：](?!\d{2}(?!\d)))"  # a colon that is no part of a clock time
_STAMPED = re.compile(
    rf"^\s*[\[【(（]?{_TIME}[\]】)）]?\s*(?P<who>[^\s:：，。][^:：，。\n]{{0,19}}?)\s*{COLON}\s*(?P<text>\S.*)$"
)
_HEADER = re.compile(rf"^\s*(?P<who>[^\s:：，。][^:：，。\n]{{0,19}}?)\s+{_TIME}\s*[:：]?\s*(?P<text>.*)$")
_SAYS = re.compile(rf"^\s*[-·•]?\s*(?P<who>[^\s:：，。；“”\"][^:：，。；“”\"\n]{{0,19}}?)\s*{COLON}\s*(?P<text>\S.*)$")
_UTTERED = re.compile(r"[吗呢吧啊呀啦嘛]|[我你他她咱]|[？?！!~]|^[“\"「].*[”\"」]$|不能忍|退|骗")


def messages(field: Field) -> Iterator[Piece]:
    """The messages of a field, each with its speaker; a line without one goes on with the message before it."""
    found: list[Piece] = []
    for number, row in enumerate(field.text.split("\n")):
        match = _STAMPED.match(row) or _HEADER.match(row) or _SAYS.match(row)
        if match:
            text = match["text"].strip()
            found.append(Piece("excerpts", text, origin_of(field, text, number), who=match["who"].strip(" @")))
        elif row.strip() and found and not found[-1].text:
            found[-1] = found[-1]._replace(text=row.strip(), origin=origin_of(field, row.strip(), number))
        elif row.strip():
            found.append(Piece("excerpts", row.strip(" -·•"), origin_of(field, row.strip(), number)))
    yield from found


def spoken_lines(rows: Sequence[str]) -> set[int]:
    """Which lines of a free text are pasted messages: stamped, or two or more that sound like speech under a name."""
    stamped = {number for number, row in enumerate(rows) if _STAMPED.match(row)}
    named = set()
    for number, row in enumerate(rows):
        match = _SAYS.match(row)
        who = match["who"] if match else ""
        part = section_named(who) or setting_named(who) or role_of(who, match["text"] if match else "")
        if match and not part and _UTTERED.search(match["text"].strip()):
            named.add(number)
    quoted = {number for number in named if re.search(r"[:：]\s*[“\"「].*[”\"」]\s*$", rows[number])}
    return stamped | quoted | (named if len(named) > 1 else set())


def sounds_spoken(texts: Sequence[str]) -> bool:
    """Whether a list whose name says nothing is one of messages: nearly all of its lines stand under a speaker."""
    heard = [text for text in texts if (match := _SAYS.match(text)) and not section_named(match["who"])]
    return len(heard) > 1 and len(heard) * 3 >= len(texts) * 2


def spoken_entry(section: Section, group: Sequence[Field]) -> Piece:
    """An entry of a list of messages or people, with its parts named in any way, or in the order sender, words."""
    parts = crisis_book().parts
    who = text = role = ""
    for place, field in enumerate(group):
        key, words = keys_of(field.path)[-1].lower(), field.text.strip()
        if field.path.endswith("]"):
            who, text = (words, text) if place == 0 and len(words) < 16 else (who, f"{text}；{words}".strip("；"))
        elif parts["who"].search(key):
            who = who or words
        elif parts["text"].search(key):
            text = f"{text}；{words}" if text else words
        elif not re.fullmatch(rf"{_TIME}|\d+", words):
            role = f"{role}；{words}".strip("；")
    origin = Origin(field=group[0].path, line=group[0].line, quote=text or who)
    return Piece(section, text or role or who, origin, who=who, label=role)
