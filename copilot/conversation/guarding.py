"""What a model may say and do in a conversation: nothing the operator has not said and no tool has returned.

A tool that writes takes only what the operator said. What the model says around a draft may also repeat what a tool
returned; the rest is marked, and a sentence that repeats a draft is taken out: its wording is shown from its record.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from copilot.checks.facts import fact_findings
from copilot.checks.mending import mend
from copilot.facts.brief import Brief, Statement, sentences
from copilot.facts.ledger import Ledger, build_ledger
from copilot.records import Finding, Origin

REPEATED = 0.6  # so much of a line's pairs of characters in a draft make it a line of the draft
LONG = 14  # characters; a shorter line may be alike by chance


class Guard:
    """Holds what may be said. `operator` are the operator's own words, `returned` grows with what tools return."""

    def __init__(self, operator: Sequence[str], now: datetime) -> None:
        self._now = now
        self._operator = tuple(operator)
        self._said = ledger_of(operator, now)
        self._returned: list[str] = []
        self._drafts: list[str] = []
        self._known: tuple[int, Ledger] | None = None

    def heard(self, text: str) -> None:
        """A tool has returned this."""
        self._returned.append(text)

    def shown(self, draft: str) -> None:
        """What a draft says, which is shown under the model's words."""
        self._drafts.append(draft)
        self._returned.append(draft)

    def untold(self, text: str) -> tuple[str, ...]:
        """The words of a tool's argument that stand nowhere in what the operator said."""
        return _words(fact_findings(text, self._said, cited="\n".join(self._operator)))

    def unknown(self, text: str) -> tuple[str, ...]:
        """The same, where what tools returned counts as well."""
        return _words(self._findings(text))

    def covers(self, text: str, own: str) -> bool:
        """Whether a text holds every value of the operator's own words."""
        written = ledger_of([text], self._now)
        return not fact_findings(own, written, cited=text)

    def words(self, text: str) -> tuple[str, tuple[Finding, ...], bool]:
        """What the model says, with what nothing backs marked; what was found; and whether a repeated draft was taken out."""
        kept = [line for line in text.split("\n") if not self._is_draft(line)]
        bare = "\n".join(kept).strip()
        found = self._findings(bare)
        mended = mend(bare, self._findings)
        return mended, found, len(kept) < text.count("\n") + 1

    def _findings(self, text: str) -> tuple[Finding, ...]:
        if self._known is None or self._known[0] != len(self._returned):
            self._known = (len(self._returned), ledger_of([*self._operator, *self._returned], self._now))
        ledger = self._known[1]
        cited = "\n".join((*self._operator, *self._returned))
        return tuple(one for one in fact_findings(text, ledger, cited=cited) if one.severity == "error")

    def _is_draft(self, line: str) -> bool:
        pairs = _pairs(line)
        if len(pairs) < LONG:
            return False
        asked = "\n".join(self._operator)
        return any(
            sum(pair in draft for pair in pairs) >= REPEATED * len(pairs) and line.strip() not in asked
            for draft in self._drafts
        ) and not re.search(r"[？?]\s*$", line)


def ledger_of(texts: Iterable[str], now: datetime) -> Ledger:
    """A ledger of plain words: every line of them counts as said."""
    lines = [piece for text in texts for line in text.split("\n") for piece in sentences(line)]
    statements = tuple(
        Statement(id=f"s{number}", role="fact", label="", text=line, origin=Origin(field="", line=number, quote=line))
        for number, line in enumerate(lines, 1)
    )
    brief = Brief(meta={}, statements=statements, now=now, now_given=False)
    return build_ledger(brief, [(one, one.text) for one in statements])


def _words(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.span.text for one in findings if one.span and one.severity == "error"))


def _pairs(line: str) -> list[str]:
    bare = re.sub(r"\W", "", line)
    return [bare[at : at + 2] for at in range(len(bare) - 1)]
