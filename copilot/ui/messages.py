"""A draft as the messages it consists of: which there are, and what the checks say to each."""

from collections.abc import Sequence

from copilot import Draft, Finding
from copilot.records import Part
from copilot.ui.structures import Row, words


def messages(draft: Draft) -> tuple[Part, ...]:
    """The parts of a draft; a draft without parts is one message."""
    return draft.parts or (Part(name="", text=draft.text),)


def message(draft: Draft, name: str) -> Part | None:
    """The part of that name, or None."""
    return next((part for part in messages(draft) if part.name == name), None)


def findings_of(draft: Draft, part: Part) -> list[Finding]:
    """What was found in one message; everything, when it is the only one."""
    return list(draft.findings) if len(messages(draft)) == 1 else found_in(draft.findings, part)


def quoted(draft: Draft, found: Sequence[Row]) -> list[Row]:
    """Rows that name a handbook rule, each with that rule's words."""
    said = {rule: one.quote for one in draft.citations for rule in one.rules}
    return [{"quote": said.get(words(row, "rule"), ""), **row} for row in found]


def worth_showing(draft: Draft) -> list[Finding]:
    """The findings, without those that the missing facts and conflicts beside them say already."""
    asked = {gap.placeholder for gap in draft.missing} | {conflict.placeholder for conflict in draft.conflicts}
    return [
        finding
        for finding in draft.findings
        if finding.code != "placeholder-open" or not finding.span or finding.span.text not in asked
    ]


def found_in(findings: Sequence[Finding], part: Part) -> list[Finding]:
    """The findings whose words stand in a part."""
    return [one for one in findings if one.span and part.start <= one.span.start < part.start + len(part.text)]


def found_outside(findings: Sequence[Finding], parts: Sequence[Part]) -> list[Finding]:
    """The findings that point at none of these parts."""
    inside = [id(one) for part in parts for one in found_in(findings, part)]
    return [one for one in findings if id(one) not in inside]


def replaced(draft: Draft, finding: Finding) -> tuple[Part, str] | None:
    """The message that a finding is about, and its text once the finding is mended. None: only a person can mend it."""
    if not finding.span or finding.replacement is None:
        return None
    part = next((one for one in messages(draft) if found_in([finding], one)), None)
    if part is None:
        return None
    start, end = finding.span.start - part.start, finding.span.end - part.start
    return part, part.text[:start] + finding.replacement + part.text[end:]
