"""The rules the handbook teaches: from a rule's id to the section that teaches it, with a quote.

Needs neither vectors nor an index: the chapters are read (some 20 ms) at the first call, and again after an edit.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from copilot.playbook.chunking import Chunk, chunk
from copilot.playbook.documents import fingerprint, read_folder
from copilot.playbook.shipped import bundled_folder
from copilot.records import Citation, Hit
from copilot.settings import Settings

_LABEL = re.compile(r"\*\*[^*\n]+\*\*[:：]?[ \t]*")
_OUR_VIEW = re.compile(r"\*\*我们的取法\*\*[:：]?\s*")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?]+[”’」』）)]*")
_SHORTEST_QUOTE = 15


class Handbook(NamedTuple):
    """The sections that teach something: by rule id, and those that show two sides."""

    by_rule: Mapping[str, Chunk]
    disagreements: tuple[Chunk, ...]


def handbook(settings: Settings) -> Handbook:
    """The bundled handbook as its chapters are now."""
    folder = bundled_folder(settings)
    return _read(folder, fingerprint(folder))


def rules_in_force(settings: Settings) -> tuple[str, ...]:
    """The ids of all rules that the handbook teaches, in the handbook's order."""
    return tuple(handbook(settings).by_rule)


def rule_section(rule_id: str, settings: Settings) -> Chunk | None:
    """The section that teaches a rule, or None for an unknown rule."""
    return handbook(settings).by_rule.get(rule_id)


def rule_citation(rule_id: str, settings: Settings) -> Citation | None:
    """The handbook's words for a rule, as a citation whose quote is a substring of the section; None for an unknown rule."""
    section = rule_section(rule_id, settings)
    return None if section is None else cite(section)


def cite(section: Chunk) -> Citation:
    """A citation of what a section advises: its first sentence, or two where that is short."""
    return citation(section, _first_advice(section))


def citation(section: Chunk | Hit, quote: str) -> Citation:
    """These words of a section as a citation."""
    return Citation(
        source=section.source, section=section.section, quote=quote, chunk_id=section.chunk_id, rules=section.rules
    )


@lru_cache(maxsize=4)
def _read(folder: Path, _seen: object) -> Handbook:
    sections = [piece for document in read_folder(folder).documents for piece in chunk(document) if piece.rules]
    by_rule: dict[str, Chunk] = {}
    for section in sections:
        for rule in section.rules:
            taken = by_rule.get(rule)
            # A section on one rule quotes it better than one on three, and one that takes sides worst of all.
            if taken is None or _breadth(section) < _breadth(taken):
                by_rule[rule] = section
    return Handbook(MappingProxyType(by_rule), tuple(section for section in sections if section.disagreement))


def _breadth(section: Chunk) -> tuple[bool, int]:
    return section.disagreement is not None, len(section.rules)


def _first_advice(section: Chunk) -> str:
    """The first sentence under the heading; where two sides are shown, the first of our own view."""
    body = section.text.partition("\n")[2]
    if section.disagreement and (ours := _OUR_VIEW.search(body)):
        body = body[ours.end() :]
    for line in body.split("\n"):
        told = line[label.end() :] if (label := _LABEL.match(line)) else line
        sentences = list(_SENTENCE.finditer(told))
        if sentences and not line.startswith(("-", "*   ")):
            end = sentences[0].end()
            if end < _SHORTEST_QUOTE and len(sentences) > 1:
                end = sentences[1].end()
            return told[:end].strip()
    return section.path[-1]
