"""What a draft rests on: the handbook's words for its rules, and the sections its evidence was found in."""

import re
from collections.abc import Sequence

from copilot.playbook.rules import citation, rule_citation, rule_section
from copilot.records import Citation, Hit
from copilot.settings import Settings

_LABEL = re.compile(r"^\*\*[^*]+\*\*[:：]?\s*")


def citations(rules: Sequence[str], evidence: Sequence[Hit], settings: Settings) -> tuple[Citation, ...]:
    """One citation a section, rules first; each quote is a substring of its section."""
    found = [taught for rule in rules if (taught := rule_citation(rule, settings))]
    found += [citation(hit, first_sentence(hit.text)) for hit in evidence]
    return tuple({one.chunk_id: one for one in reversed(found)}.values())[::-1]


def rule_hits(rules: Sequence[str], settings: Settings) -> tuple[Hit, ...]:
    """The handbook's sections that teach these rules, each once, as a search would have found them."""
    sections = {section.chunk_id: section for rule in rules if (section := rule_section(rule, settings))}
    return tuple(section.hit(score=1.0) for section in sections.values())


def first_sentence(text: str) -> str:
    """The first sentence of a section's body, exactly as it stands; of a bare heading, its words."""
    body = next((line for line in text.split("\n") if line.strip() and not line.startswith("#")), text.lstrip("# "))
    told = _LABEL.sub("", body.lstrip("- "), count=1)
    end = min((at for stop in "。！？" if (at := told.find(stop)) > 0), default=len(told) - 1)
    return told[: end + 1]
