"""A brief written as free text: under headings where it has them, else clause by clause."""

import re
from collections.abc import Iterator

from copilot.facts.brief import META
from copilot.facts.intake import Field
from copilot.facts.keys import role_of
from copilot.facts.prose import lines
from copilot.records import Origin
from copilot.tasks.crisis_reply.reading.entries import marked_line
from copilot.tasks.crisis_reply.reading.lexicon import Section, crisis_book
from copilot.tasks.crisis_reply.reading.naming import HALVES, Verdict, half_of, section_named, setting_named
from copilot.tasks.crisis_reply.reading.pasted import COLON, messages, spoken_lines
from copilot.tasks.crisis_reply.reading.piece import Piece, origin_of
from copilot.tasks.crisis_reply.reading.telling import sort_prose, tidy

_HEADED = re.compile(
    rf"^\s*[-*•·#【\[]*\s*(?:[一二三四五六七八九十\d]{{1,2}}[、.)）]\s*)?(?P<name>[^：:，。；;！？\n“”\"]{{1,18}}?)[】\]]?\s*{COLON}\s*(?P<rest>.*)$"
)
_HEADING_ALONE = re.compile(r"^\s*(?:[【\[#*]+\s*)(?P<name>[^：:，。；;\n]{2,14}?)\s*[】\]*]*\s*$")
_INNER = re.compile(
    rf"(?P<lead>^|[。；;！!？?，,\n”」）)]\s*|(?<=[\u4e00-\u9fff”])\s+)(?P<name>[^：:，。；;！？、\n“”\"\s]{{1,12}}){COLON}\s*"
)


def read_free(field: Field) -> Iterator[Piece]:
    """The pieces of a free text."""
    rows = field.text.split("\n")
    spoken = spoken_lines(rows)
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
            yield from messages(Field(path=field.path, text=raw, line=field.line + number))
            continue
        if headed_here and not opens and _sets(headed_here["name"], headed_here["rest"]):
            continue
        if headed_here and opens and not headed_here["rest"].strip():
            current = opens
            continue
        verdict, words = marked_line(raw)
        if verdict:
            yield _marked(verdict, words, current, origin_of(field, words, number))
            continue
        if not opens and not bulleted and current and not _heading_holds(rows, number):
            current = None
        yield from _row(spaced(row), current, origin_of(field, row, number))
        if headed_here and opens and bulleted is False:
            current = opens if number + 1 < len(rows) and lines(rows[number + 1])[0][1] else None


def _sets(name: str, rest: str) -> bool:
    """Whether a line gives a particular of the group or the text's manner and is no part of the story."""
    return role_of(name, rest) in META or setting_named(name) is not None


def _marked(verdict: Verdict, words: str, current: Section | None, origin: Origin) -> Piece:
    """A line with a mark of its own; without a heading ✓ and ✗ stand for known and not known."""
    section: Section = current if current in (*HALVES, *HALVES.values()) else "verified"
    return Piece(half_of(section) if verdict == "no" else section, tidy(words), origin)


def _row(row: str, current: Section | None, origin: Origin) -> Iterator[Piece]:
    row = _SHOUTED.sub("", row)
    for section, words in _headed_parts(row, current):
        if section:
            yield from _under(section, words, origin)
        else:
            for name, text in sort_prose(words):
                yield Piece(name, text, origin.model_copy(update={"quote": text}))


_SHOUTED = re.compile(r"^[^，。；！!：:\d]{1,3}[！!]+\s*(?=\S)")  # 急！！ before the story
_CHUNK = 4  # Chinese characters on either side of a space that stands for a comma


def spaced(row: str) -> str:
    """A line with commas where spaces stand for them, as in chat: "有人肚子疼 还有人说上周也有"."""
    found = ""
    for chunk in re.split(r"(\s+)", row):
        if chunk.isspace() and found:
            found += chunk
            continue
        before = re.search(r"[^，。；;：:、！!？?]*$", found.rstrip())
        gap = found != found.rstrip()
        whole = bool(before) and _weight(before[0] if before else "") >= _CHUNK and _opens(found.rstrip(), chunk)
        if gap and whole and found.count("（") <= found.count("）") and found.count("“") <= found.count("”"):
            found = f"{found.rstrip()}，{chunk}"
        else:
            found += chunk
    return found


def _weight(text: str) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]", text))


def _opens(before: str, chunk: str) -> bool:
    """Whether a chunk after a space opens a clause: it does not go on with a figure, a date or a Latin name."""
    if re.search(r"[A-Za-z\d\-/.]$|[上下中]午$|[早晚]上?$|[年月日号]$", before):
        return False
    return _weight(chunk) >= _CHUNK


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
        if (section := section_named(match["name"])) and not _narrates(match["name"]) and not _quoted(row, match)
    ]
    first = cuts[0][0].start("name") if cuts else len(row)
    if row[:first].strip():
        yield current, row[:first]
    for place, (match, section) in enumerate(cuts):
        end = cuts[place + 1][0].start("name") if place + 1 < len(cuts) else len(row)
        yield section, row[match.end() : end]


def _quoted(row: str, match: re.Match[str]) -> bool:
    before = row[: match.start("name")]
    return before.count("“") > before.count("”") or before.count("（") > before.count("）")


def _narrates(name: str) -> bool:
    """Whether a heading opens a quotation and no part of the brief: "业主说：…"."""
    return bool(crisis_book().prose["said"].search(name)) and section_named(name) != "draft"


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
    for number, sentence in enumerate(re.split(r"(?<=[。！!])(?![”」])", words)):
        own = [(name, text) for name, text in sort_prose(sentence) if name in APART] if number else []
        if own:  # a new sentence that gives a draft, an order or the next time is no entry of the list before it
            yield from (Piece(name, text, origin.model_copy(update={"quote": text})) for name, text in own)
            continue
        for text in parts_of(sentence, section):
            if entry := tidy(text):
                yield Piece(section, entry, origin.model_copy(update={"quote": entry}))


APART: tuple[Section, ...] = ("draft", "wish", "earlier", "clock")


# A line as its entries


WHOLE = ("draft", "wish", "internal", "earlier", "concerned", "clock", "entry", "owners", "unread")


def parts_of(row: str, section: Section) -> list[str]:
    """A line as its entries. What must not be said, or is not known, often stands as a plain enumeration."""
    if section in WHOLE:
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


_TIME_AGAIN = re.compile(r"\s*(?:[今明后][天早晚]|早上?|上午|中午|下午|晚上?)?\s*\d{1,2}\s*[:：点]")


def _enumerated(text: str) -> list[str]:
    """A list in one line: "退运费、上门取样" is two entries, "早上 8:00、晚上 9:00 各一次" is one."""
    pieces = _outside(text, "、")
    again = any(_TIME_AGAIN.match(piece) or re.match(r"\s*\d+\s*(?:$|[元份单人名位])", piece) for piece in pieces[1:])
    return [text] if again or any(len(piece.strip()) < 3 for piece in pieces) else pieces
