"""What code can judge of a draft: is it true, whole, within its limits, and is in it what the scenario expects?"""

from collections.abc import Iterable, Sequence

from copilot.checks.citations import broken_citations
from copilot.checks.facts import PLACEHOLDER
from copilot.evaluation.scenarios import Expectation, Scenario, holds, spelled
from copilot.playbook.embedding import default_embedder
from copilot.playbook.library import library_snapshot
from copilot.playbook.shipped import bundled_passages
from copilot.records import Answer, Citation, Draft, Finding, Record, Usage
from copilot.settings import Settings

NOT_BY_MODEL = ("model-unavailable", "model-passed-over", "model-not-for-this", "model-not-configured")
"""Notices that say why the model asked for did not write, or did not finish, or another did."""


class Verdict(Record):
    """What became of one scenario.

    `writer` is who wrote it, `troubles` why not the model that was asked, `failed` the error where nothing came of it.
    `untraced` are the words that nothing backs, `errors` every finding that a draft must not leave with, `broken` the
    quotes that are not in their source; `limits` is what passes the length asked for or the platform's.
    `missed`, `said` and `unasked` are the expectations that were not met, of `expected` that code could judge.
    `repaired`: whether findings went back to the model. `draft` is the draft's id in the results file.
    """

    scenario: str
    job: str
    draft: str = ""
    writer: str = ""
    troubles: tuple[str, ...] = ()
    failed: str = ""
    text: str = ""
    characters: int = 0
    errors: tuple[str, ...] = ()
    untraced: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    expected: int = 0
    missed: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    to_read: tuple[str, ...] = ()
    usage: Usage = Usage()
    repaired: bool = False
    prompts: dict[str, str] = {}
    resumed: bool = False

    @property
    def unmet(self) -> int:
        """How many expectations were not met."""
        return len(self.missed) + len(self.said) + len(self.unasked)

    @property
    def sound(self) -> bool:
        """Whether nothing that code can judge speaks against it."""
        return not (self.failed or self.errors or self.broken or self.unmet)


def judge(scenario: Scenario, made: Draft | Answer, settings: Settings) -> Verdict:
    """The verdict on a draft, or on an answer of `ask`."""
    text = made.answer if isinstance(made, Answer) else made.text
    posted = text if isinstance(made, Answer) else "\n".join(one.text for one in made.parts if one.readers != "team")
    return Verdict(
        scenario=scenario.id,
        job=scenario.job,
        draft="" if isinstance(made, Answer) else made.id,
        writer=made.writer,
        troubles=tuple(f"{one.message} → {one.fix}" for one in made.findings if one.code in NOT_BY_MODEL),
        text=text,
        characters=len(text),
        errors=_errors(made.findings),
        untraced=tuple(one.span.text for one in made.findings if one.span and _is_untraced(one)),
        broken=broken_quotes(made.citations, settings),
        limits=tuple(one.message for one in made.findings if one.code.startswith(("too-long", "platform-"))),
        placeholders=tuple(dict.fromkeys(PLACEHOLDER.findall(text))),
        conflicts=_conflicts(made),
        expected=len(scenario.must) + len(scenario.must_not) + len(scenario.asks),
        missed=_told(one for one in scenario.must if not holds(one, text)),
        said=_told(one for one in scenario.must_not if holds(one, posted)),
        unasked=_told(one for one in scenario.asks if not holds(one, _asked(made, text))),
        to_read=scenario.to_read,
        usage=made.usage,
        repaired=any(".repair." in name for name in made.prompts),
        prompts=made.prompts,
    )


def broken_quotes(citations: Sequence[Citation], settings: Settings) -> tuple[str, ...]:
    """The quotes that are not word for word in the section they name, read anew from the handbook and own documents."""
    sections = {one.chunk_id: one.text for one in bundled_passages(settings)[1]}
    if any(one.chunk_id not in sections for one in citations):
        own = library_snapshot(settings, default_embedder(settings))
        sections |= {one.chunk_id: one.text for one in own.chunks} if own else {}
    return tuple(one.quote for one in broken_citations(citations, sections))


def _errors(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(one.message for one in findings if one.severity == "error")


def _is_untraced(finding: Finding) -> bool:
    return finding.severity == "error" and "untraced-" in finding.code


def _conflicts(made: Draft | Answer) -> tuple[str, ...]:
    if isinstance(made, Answer):
        return tuple(one.topic for one in made.conflicts)
    return tuple(one.message for one in made.conflicts)


def _asked(made: Draft | Answer, text: str) -> str:
    """All that the operator is asked: open points, contradictions, and the empty places in the text."""
    if isinstance(made, Answer):
        return ""
    points = [f"{one.question} {one.placeholder}" for one in made.missing]
    return "\n".join([*points, *(one.message for one in made.conflicts), *PLACEHOLDER.findall(text)])


def _told(expectations: Iterable[Expectation]) -> tuple[str, ...]:
    return tuple(spelled(one) for one in expectations)
