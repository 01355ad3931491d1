"""The parts of a crisis brief: each stretch of it under the heading it belongs to.

Keys and headings say it where there are any (`unverified`, "还没弄清："). In prose each clause says it itself ("查到…",
"还不清楚…", "老板同意…", "别说…"); a clause that says nothing goes on with the one before it, and what members are told
to have said is part of the story, whatever its words. A field whose name and words say nothing is `unread`.
"""

import re
from collections.abc import Iterator, Sequence

from copilot.facts.brief import META, Brief
from copilot.facts.intake import Field
from copilot.facts.keys import heading, keys_of, role_of
from copilot.facts.prose import is_empty, lines
from copilot.records import Origin
from copilot.tasks.crisis_reply.reading.announced import announced_ahead, split_announced
from copilot.tasks.crisis_reply.reading.entries import entries, entry_of, marked_entry, marked_line
from copilot.tasks.crisis_reply.reading.headed import parts_of, read_free
from copilot.tasks.crisis_reply.reading.lexicon import Section, crisis_book
from copilot.tasks.crisis_reply.reading.naming import (
    HALVES,
    Setting,
    half_of,
    section_named,
    section_of_path,
    setting_named,
    steers,
    verdict_of,
)
from copilot.tasks.crisis_reply.reading.pasted import messages, sounds_spoken, spoken_entry
from copilot.tasks.crisis_reply.reading.piece import Piece, origin_of
from copilot.tasks.crisis_reply.reading.telling import SORTED, sort_prose, stripped, tidy

__all__ = ["Piece", "section_named", "section_of_path", "sections_of", "settings_of"]

LEDGER = (*HALVES, *HALVES.values())
LONGEST_SETTING = 40  # characters of a group's name or an organisation's


def sections_of(brief: Brief) -> tuple[Piece, ...]:
    """Every stretch of a brief with its section, in order."""
    stated = {section for field in brief.fields if (section := section_of_path(field.path))}
    found: list[Piece] = []
    own = settings_of(brief)
    kept = [field for field in brief.fields if field.text.strip() and not _is_setting(field, own)]
    spoken = _spoken_lists(kept)
    for group in entries(kept):
        found += _pieces(group, stated, spoken)
    return tuple(part for piece in found if piece.text.strip() for part in _timed(piece))


def settings_of(brief: Brief) -> dict[Setting, str]:
    """The group's own particulars as the brief's keys give them: name, size, platform, organisation."""
    found: dict[Setting, str] = {}
    for field in brief.fields:
        if (name := _setting(field)) and name not in found:
            found[name] = field.text.strip()
    return found


def _setting(field: Field) -> Setting | None:
    """The particular a field gives; 群.人数 is the size, what stands inside a part of the brief is none."""
    keys, text = keys_of(field.path), field.text.strip()
    if not keys or field.path.endswith("]") or not text or len(text) > LONGEST_SETTING or re.search(r"[。；\n]", text):
        return None
    name = setting_named(keys[-1])
    outer = [key for key in keys[:-1] if not setting_named(key) and role_of(key) not in META]
    if name == "size" and not re.search(r"\d", text):
        return None
    if name == "community" and text.endswith("群"):
        name = "group"
    if name == "group" and not re.search("群", keys[-1] + text) and role_of(keys[-1]) != "group":
        name = "group" if re.search("guild|community|社群", keys[-1].lower()) else None
    return name if not outer else None


def _is_setting(field: Field, own: dict[Setting, str]) -> bool:
    return _setting(field) is not None or field.text.strip() == own.get("group")


def _spoken_lists(fields: Sequence[Field]) -> frozenset[str]:
    """The lists whose name says nothing but whose lines are messages."""
    lists: dict[str, list[str]] = {}
    for field in fields:
        match = re.match(r"(.+)\[\d+\]$", field.path)
        if match and not section_of_path(field.path):
            lists.setdefault(match[1], []).append(field.text)
    return frozenset(path for path, texts in lists.items() if sounds_spoken(texts))


def _pieces(group: list[Field], stated: set[Section], spoken: frozenset[str]) -> Iterator[Piece]:
    place = entry_of(group[0].path)
    section = section_of_path(place) if place else None
    if section in ("excerpts", "concerned") and place:
        yield spoken_entry(section, group)
        return
    if marks := marked_entry(group):
        for mark in marks:
            if mark.text and mark.section:
                yield Piece(mark.section, tidy(mark.text), origin_of(mark.field, mark.text))
        return
    if place and len(group) > 1 and (section in LEDGER or section == "incident") and not _told_apart(group, place):
        yield _joined(group, section or "incident")
        return
    for field in group:
        yield from _field(field, stated, spoken)


def _told_apart(group: Sequence[Field], place: str) -> bool:
    """Whether the parts of an entry belong to different sections by their own names."""
    return any(
        (own := section_named(field.path[len(place) :].strip(".[]"))) and own != section_of_path(place)
        for field in group
    )


def _joined(group: Sequence[Field], section: Section) -> Piece:
    """The parts of one entry as one row, the time first: ["21:12", "误发"] → 21:12 误发."""
    words = [field.text.strip() for field in group if not is_empty(field.text)]
    timed = bool(words) and bool(re.fullmatch(r"[\d年月日号/.:：\-\s]+", words[0]))
    text = f"{words[0]} {'，'.join(words[1:])}" if timed else "，".join(words)
    return Piece(section, tidy(text), Origin(field=group[0].path, line=group[0].line, quote=text))


def _field(field: Field, stated: set[Section], spoken: frozenset[str]) -> Iterator[Piece]:
    keys = keys_of(field.path)
    section = section_of_path(field.path)
    if not section and keys and steers(keys[-1], field.text, frozenset(META)):
        return
    if not keys or (section is None and role_of(keys[-1], field.text) == "facts"):
        yield from read_free(field)
    elif section == "excerpts" or (section is None and re.sub(r"\[\d+\]$", "", field.path) in spoken):
        yield from messages(field)
    elif section == "incident":
        yield from _story(field, stated)
    elif section is None:
        yield from _unnamed(field)
    else:
        yield from _listed(field, section)


def _listed(field: Field, section: Section) -> Iterator[Piece]:
    """The entries of a field whose section is known: its lines and sentences, and short lists in one line."""
    keys = keys_of(field.path)
    if verdict_of(field.text) or is_empty(field.text):
        if not is_empty(field.text):
            yield Piece("unread", f"{keys[-1]}：{field.text.strip()}", origin_of(field, field.text))
        return
    inner = heading(keys[-1:]) if keys and not section_named(keys[-1]) and not verdict_of(keys[-1]) else ""
    label = "" if inner.isascii() else inner
    alone = "[" not in field.path
    for number, raw in enumerate(field.text.split("\n")):
        verdict, words = marked_line(raw) if section in LEDGER else (None, raw)
        own = half_of(section) if verdict == "no" else section
        row = lines(words)[0][0]
        for text in parts_of(row, own) if alone else [row]:
            if own == "draft":
                text = text.strip('“”"「」 ')
            if own == "wish" and (ordered := crisis_book().patterns["ordered_draft"].match(text)):
                own, text = "draft", ordered["draft"].strip()
            yield Piece(own, tidy(f"{label}：{text}" if label else text), origin_of(field, text, number), label=label)


def _story(field: Field, stated: set[Section]) -> Iterator[Piece]:
    """What happened, as one text; what it says is verified, open, allowed or forbidden is taken out where nothing else says so."""
    for number, (row, _) in enumerate(lines(field.text)):
        yield Piece("incident", tidy(row), origin_of(field, row, number))
        for name, words in sort_prose(row):
            if name in SORTED and name not in stated:
                yield Piece(name, words, origin_of(field, words, number))


def _unnamed(field: Field) -> Iterator[Piece]:
    """A field whose name says nothing: what members said or did is the story, any other is left to the operator."""
    keys = keys_of(field.path)
    for number, (row, _) in enumerate(lines(field.text)):
        if not row:
            continue
        told = crisis_book().patterns["shape.story"].search(row)
        text = tidy(row) if told else f"{heading(keys[-1:])}：{row}"
        yield Piece("incident" if told else "unread", text, origin_of(field, row, number), label=keys[-1])


def _timed(piece: Piece) -> Iterator[Piece]:
    """A row with the times it gives for the next word taken out: these are no doings."""
    if piece.section == "authorised":
        rest, told = split_announced(piece.text)
        if rest:
            yield piece._replace(text=rest)
        if told:
            yield piece._replace(section="clock", text=told)
    elif piece.section == "forbidden":
        yield piece._replace(text=stripped("forbidden", piece.text))
    elif piece.section == "verified" and announced_ahead(piece.text):
        yield piece._replace(section="clock")
    else:
        yield piece
