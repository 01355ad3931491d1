"""Fields that belong together: one entry of a list, or one thing with its mark ("checked: false", 已查: 是, ✗)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copilot.facts.intake import Field
from copilot.facts.keys import keys_of
from copilot.facts.prose import is_empty
from copilot.tasks.crisis_reply.reading.lexicon import Section, crisis_book
from copilot.tasks.crisis_reply.reading.naming import (
    HALVES,
    Verdict,
    half_of,
    section_named,
    section_of_path,
    verdict_of,
)


class Marked(NamedTuple):
    """Words with what is marked of them: the section they belong to, None where only the mark's place could tell."""

    section: Section | None
    text: str
    field: Field


def entry_of(path: str) -> str:
    """The list entry a path lies in: `chat[2].sender` and `timeline[2][0]` lie in entries, `facts[2]` is one itself."""
    match = re.match(r"(.*\[\d+\])(?=[.\[])", path)
    return match[1] if match else ""


def entries(fields: Sequence[Field]) -> Iterator[list[Field]]:
    """Fields one by one, but those of one entry together, and a thing with its mark together."""
    held: list[Field] = []
    for field in fields:
        place = entry_of(field.path) or _nest(field.path)
        if held and place and place == (entry_of(held[0].path) or _nest(held[0].path)):
            held.append(field)
            continue
        yield from _one_or_all(held)
        held = [field]
    yield from _one_or_all(held)


def _nest(path: str) -> str:
    """The mapping a field lies in, where it lies in one inside the brief."""
    return path.rpartition(".")[0] if "." in path and not path.endswith("]") else ""


def _one_or_all(held: list[Field]) -> Iterator[list[Field]]:
    if not held:
        return
    if entry_of(held[0].path) or (len(held) > 1 and any(_is_flag(field) for field in held)):
        yield held
    else:
        yield from ([field] for field in held)


def _is_flag(field: Field) -> bool:
    keys = keys_of(field.path)
    named = bool(keys) and bool(crisis_book().patterns["naming.flag"].search(keys[-1].lower()))
    return named and len(keys[-1]) <= 12 and verdict_of(field.text) is not None


def marked_entry(group: Sequence[Field]) -> list[Marked] | None:
    """An entry with a mark, or a bare mark under the words it is about; None where nothing is marked."""
    flags = [(field, verdict) for field in group if (verdict := verdict_of(field.text))]
    if not flags:
        return None
    told = [field for field in group if not verdict_of(field.text) and not is_empty(field.text)]
    place = entry_of(group[0].path) or _nest(group[0].path)
    above = section_of_path(place) if place else None
    if told:
        section, negative = _judged(above, flags)
        text = "，".join(field.text.strip() for field in told)
        return [Marked(half_of(section) if negative else section, text, told[0])]
    return [_bare(field, verdict, above) for field, verdict in flags]


def _judged(above: Section | None, flags: Sequence[tuple[Field, Verdict]]) -> tuple[Section, bool]:
    """The section of a marked entry, and whether the mark takes it away."""
    section, negative = above, False
    for field, verdict in flags:
        keys = keys_of(field.path)
        named = None if re.search(r"\]$", field.path) else section_named(keys[-1]) if keys else None
        contrary = named in HALVES.values()
        negative = negative or (verdict == "no") != contrary
        if section not in (*HALVES, *HALVES.values()) and named in (*HALVES, *HALVES.values()):
            section = next((whole for whole, half in HALVES.items() if half == named), named) if contrary else named
            negative = negative or contrary  # "not forbidden: no" allows nothing
    return section if section in (*HALVES, *HALVES.values()) else "verified", negative


def _bare(field: Field, verdict: Verdict, above: Section | None) -> Marked:
    """`{原片已备份: 否}`: the key is what is said. A yes or no to a list's own name says nothing that can be used."""
    key = re.sub(r"\[\d+\]$", "", field.path.rpartition(".")[2])
    if not above or section_named(key) == above or verdict_of(key):
        return Marked("unread", f"{key}：{field.text.strip()}", field)
    return Marked(half_of(above) if verdict == "no" else above, key.replace("_", " "), field)


_LEADING = re.compile(r"^\s*(?:[-*•·]\s*|\d{1,2}[.、)）]\s*)?(?P<mark>[√✓✔☑✅✗✘×❌❎✖☒✕])️?\s*(?=\S)")
_TRAILING = re.compile(
    r"\s*(?:[:：=\-—|→]+\s*)?(?P<mark>[√✓✔☑✅✗✘×❌❎✖☒✕])️?\s*$|\s*[（(【\[](?P<word>[^（()）】\]]{1,8})[）)】\]]\s*$"
)


def marked_line(line: str) -> tuple[Verdict | None, str]:
    """A line's own mark (✓ at its head, "（未核实）" at its end, the last cell of a table row) and its words."""
    if line.count("|") > 1 or "\t" in line:
        cells = [cell.strip() for cell in re.split(r"[|\t]", line) if cell.strip()]
        verdicts = [verdict for cell in cells if (verdict := verdict_of(cell))]
        if verdicts and len(cells) > len(verdicts):
            words = "，".join(cell for cell in cells if not verdict_of(cell))
            return ("no" if "no" in verdicts else "yes"), words
        return None, line
    if match := _LEADING.match(line):
        return verdict_of(match["mark"]), line[match.end() :]
    match = _TRAILING.search(line)
    verdict = verdict_of(match["mark"] or match["word"]) if match and match.start() else None
    if match and verdict and (match["mark"] or section_named(match["word"]) in (*HALVES, *HALVES.values())):
        return verdict, line[: match.start()]
    return None, line
