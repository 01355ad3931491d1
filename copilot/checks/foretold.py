"""What a message for later tells as already done: 检修已完成, written the evening before. Nobody can know it yet."""

from collections.abc import Iterator

from copilot.checks.bounds import Bounds
from copilot.checks.rows import ledger_of
from copilot.checks.rulebook import finding
from copilot.checks.stance import Speech, authority_lexicon, compiled
from copilot.records import Finding

_HARMLESS = frozenset({"asked", "reported", "conditional", "quoted"})


def foretold(text: str, bounds: Bounds) -> Iterator[Finding]:
    """Every clause that tells something as done and that no verified or authorised row says."""
    lexicon = authority_lexicon()["foretold"]
    speech, ledger = Speech(text), ledger_of(bounds)
    for clause in speech.clauses:
        match = compiled(lexicon["say"]).search(clause.text)
        if match is None or compiled(lexicon["unless"]).search(clause.text):
            continue
        start, end = clause.start + match.start(), clause.start + match.end()
        if speech.stances(clause, start, end) & _HARMLESS or any(row.repeats(clause.text) for row in ledger.granted):
            continue
        span = speech.span(start, end)
        yield finding("unsupported", span, variant="foretold", words=span.text)
