"""All checks on one text, in the order of their weight, each with the handbook's words behind its rule."""

from collections.abc import Sequence

from copilot.checks.citations import copied_findings
from copilot.checks.coverage import coverage_findings, lost_items, lost_placeholders
from copilot.checks.echo import echo_findings
from copilot.checks.facts import PLACEHOLDER, fact_findings
from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.checks.places import place_findings
from copilot.checks.platform import platform_findings
from copilot.checks.privacy import privacy_findings
from copilot.checks.rulebook import finding
from copilot.checks.terms import term_findings
from copilot.checks.wording import wording_findings
from copilot.playbook.rules import rule_citation
from copilot.records import Audience, Finding, Part, Span
from copilot.settings import Settings
from copilot.tasks.base import Assignment

_INVITING = ("announcement", "weekly-plan")  # a crisis has rows of its own for what may be promised
_WEIGHT = {"error": 0, "warning": 1, "info": 2}


def check_text(text: str, platform: str, *, own: OwnRules = NO_RULES) -> tuple[Finding, ...]:
    """Wording, privacy and platform checks of any text, and the operator's `own` rules."""
    return _sorted(own.weighed(_text_findings(text, platform, own, "check"), "check"))


def _text_findings(text: str, platform: str, own: OwnRules, job: str, allow: Sequence[str] = ()) -> tuple[Finding, ...]:
    """What is wrong with a text in itself; `allow` are strings the operator made public on purpose."""
    found = [
        *wording_findings(text),
        *privacy_findings(text, allow=allow),
        *_open_placeholders(text),
        *platform_findings(text, platform),
        *own.findings(text, job),
    ]
    return _outside_placeholders(found, text)


def check_draft(parts: Sequence[Part], assignment: Assignment) -> tuple[Finding, ...]:
    """Whether a draft is true to its brief, whole, within its length, and fit for whoever reads each of its parts.

    Spans count from the start of the draft's text.
    """
    text = "\n".join(part.text for part in parts)
    lost = lost_items(text, assignment.items, assignment.ledger)
    found = [*coverage_findings(lost, lost_placeholders(text, assignment.missing))]
    for part in parts:
        limit = assignment.options.length if part.readers == "group" else None
        own = (*_findings(part.text, part.readers, assignment.for_part(part)), *_length(part.text, limit))
        found += [one.moved(part.start) for one in own]
    return _sorted(assignment.options.own.weighed(_once_a_placeholder(found, parts, assignment), assignment.job))


def untrue(text: str, readers: Audience, assignment: Assignment) -> tuple[Finding, ...]:
    """What a text for these readers must not say: untraced, unlawful, hurtful, private, or against the job's own rules.

    This is cut out by code. What the operator only gave more weight stays for them to mend: a paragraph that is too long
    is not to be deleted.
    """
    own = assignment.options.own
    return blocking(own.weighed(blocking(_findings(text, readers, assignment)), assignment.job))


def _findings(text: str, readers: Audience, assignment: Assignment) -> tuple[Finding, ...]:
    """The checks of one text. What stays within the team need only be true: it quotes what nobody may post."""
    ledger = assignment.ledger_for(readers)
    said = (ledger.said, assignment.title, assignment.vocative, *(item.text for item in assignment.items))
    facts = (
        *place_findings(text, said, own=assignment.phrases),  # first: a whole place is asked for, not its floor
        *fact_findings(text, ledger, own=assignment.phrases),
        *echo_findings(text, (*said, *assignment.phrases, *(gap.placeholder for gap in assignment.missing))),
    )
    own = assignment.objections(text, readers)
    if readers == "team":
        return (*facts, *own, *_open_placeholders(text))
    options = assignment.options
    checked = _text_findings(text, options.platform, options.own, assignment.job, _made_public(assignment))
    terms = term_findings(text, ledger.said, assignment.phrases) if assignment.job in _INVITING else ()
    return (*facts, *own, *terms, *_copied(text, assignment), *checked)


def _copied(text: str, assignment: Assignment) -> tuple[Finding, ...]:
    said = "\n".join((assignment.ledger.said, *assignment.phrases))
    return copied_findings(text, assignment.evidence, said)


def _made_public(assignment: Assignment) -> list[str]:
    """Numbers and accounts that the operator gave for the group to see."""
    return [fact.text for fact in assignment.ledger.facts if fact.public and fact.kind in ("phone", "email", "account")]


def blocking(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings a draft must not leave with."""
    return tuple(one for one in findings if one.severity == "error")


def for_writer(findings: Sequence[Finding], whole: Sequence[Part], assignment: Assignment) -> tuple[Finding, ...]:
    """What goes back to a writer: all that blocks, and each message of the `whole` draft that is too long.

    The whole is the draft with everything that code adds to it, so that the writer is told the true figure.
    """
    group = [part for part in whole if part.readers == "group"]
    long = [one.moved(part.start) for part in group for one in _length(part.text, assignment.options.length)]
    return (*blocking(findings), *assignment.options.own.weighed(long, assignment.job))


def with_quotes(findings: Sequence[Finding], settings: Settings) -> tuple[Finding, ...]:
    """Each finding's handbook rule with its exact words."""
    quoted = []
    for one in findings:
        citation = rule_citation(one.rule, settings) if one.rule and one.quote is None else None
        quoted.append(one.model_copy(update={"quote": citation.quote}) if citation else one)
    return tuple(quoted)


def _once_a_placeholder(findings: Sequence[Finding], parts: Sequence[Part], assignment: Assignment) -> list[Finding]:
    """The findings with each open placeholder at its first place only: it is filled once, wherever it stands.

    Many in one part of several are one line, where the draft's `missing` or its conflicts say what each asks for.
    """
    asked = {gap.placeholder for gap in assignment.missing}
    asked |= {conflict.placeholder for conflict in assignment.conflicts}
    kept, seen = list[Finding](), set[str]()
    for one in sorted(findings, key=lambda one: one.span.start if one.span else -1):
        mark = one.span.text if one.code == "placeholder-open" and one.span else ""
        if mark not in seen:
            kept.append(one)
        seen |= {mark} if mark else set()
    for part in parts if len(parts) > 1 else ():
        open_ = [one for one in kept if one.code == "placeholder-open" and _asked_in(one, part, asked)]
        if len(open_) >= MANY_PLACEHOLDERS:
            words = "、".join(one.span.text for one in open_ if one.span)
            line = finding(
                "placeholder-open", open_[0].span, variant="many", part=part.title, count=len(open_), words=words
            )
            kept[kept.index(open_[0])] = line
            kept = [one for one in kept if not any(one is other for other in open_)]
    return kept


MANY_PLACEHOLDERS = 3


def _asked_in(one: Finding, part: Part, asked: set[str]) -> bool:
    """Whether a finding stands in a part, on words that are asked for."""
    span = one.span
    return span is not None and span.text in asked and part.start <= span.start < part.start + len(part.text)


def _open_placeholders(text: str) -> list[Finding]:
    return [
        finding("placeholder-open", Span(start=match.start(), end=match.end(), text=match[0]), words=match[0])
        for match in PLACEHOLDER.finditer(text)
    ]


def _outside_placeholders(findings: Sequence[Finding], text: str) -> tuple[Finding, ...]:
    """What stands inside a placeholder is a question to the operator, not a claim to the group."""
    marks = [match.span() for match in PLACEHOLDER.finditer(text)]
    return tuple(
        one
        for one in findings
        if one.code == "placeholder-open"
        or not one.span
        or not any(start <= one.span.start and one.span.end <= end for start, end in marks)
    )


def _length(text: str, limit: int | None) -> list[Finding]:
    if limit is None or len(text) <= limit:
        return []
    return [finding("too-long", length=len(text), limit=limit)]


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (_WEIGHT[one.severity], one.span.start if one.span else -1)))
