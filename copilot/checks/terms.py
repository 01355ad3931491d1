"""What a text says of taking part that the operator never said: open to everybody, easy, by a champion, always there.

Such reassurances come easily to whoever writes invitingly, and are a promise to hundreds. They hold no figure or name
that could be traced, so they are looked for by their words, and are backed by any words on the same matter.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from copilot.checks.facts import PLACEHOLDER
from copilot.checks.rulebook import finding
from copilot.lore import load_yaml
from copilot.records import Finding, Span


class _Term(NamedTuple):
    """How a term is claimed, what of the operator's words is on the same matter (None: the same words), and what may
    stand in its place (None: nothing, its clause goes).
    """

    says: re.Pattern[str]
    backed: re.Pattern[str] | None
    replacement: str | None


@cache
def terms() -> dict[str, _Term]:
    """The terms of `knowledge/terms.yaml`, by what they are about."""
    rows = load_yaml("terms.yaml")["terms"]
    return {
        kind: _Term(
            re.compile(row["says"]), re.compile(row["backed"]) if "backed" in row else None, row.get("replacement")
        )
        for kind, row in rows.items()
    }


def term_findings(text: str, said: str, own: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Each term of a text on whose matter `said` is silent; `own` are the product's set phrases, which claim nothing."""
    bare = PLACEHOLDER.sub(_blank, text)
    for phrase in own:
        bare = bare.replace(phrase, "\0" * len(phrase))
    found = []
    for kind, term in terms().items():
        for match in term.says.finditer(bare):
            if not (term.backed.search(said) if term.backed else match[0] in said):
                span = Span(start=match.start(), end=match.end(), text=match[0])
                found.append(finding(f"unstated-{kind}", span, replacement=term.replacement, words=match[0]))
    return tuple(found)


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match[0])
