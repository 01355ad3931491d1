"""Many verdicts in a few figures, and what differs between two runs of the same scenarios."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from copilot.evaluation.judging import Verdict
from copilot.records import Record, Usage


class Totals(Record):
    """Sums over a run. `sound` is how many drafts nothing that code can judge speaks against, `by_model` how many the
    model wrote to the end, `repaired` how many went back to it, `usage` what all of them took.
    """

    scenarios: int = 0
    sound: int = 0
    failed: int = 0
    by_model: int = 0
    repaired: int = 0
    errors: int = 0
    broken: int = 0
    expected: int = 0
    unmet: int = 0
    placeholders: int = 0
    conflicts: int = 0
    usage: Usage = Usage()
    to_read: int = 0


class Difference(Record):
    """One measure of one scenario that came out otherwise with the second prompts.

    `gone` and `new` are the words of what is measured that only one side has; for `text` they are its lines.
    """

    scenario: str
    measure: str
    before: str
    after: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


_LISTS = ("errors", "broken", "missed", "said", "unasked", "limits", "placeholders", "conflicts", "troubles")


def totals_of(verdicts: Sequence[Verdict]) -> Totals:
    """The figures of a run."""
    return Totals(
        scenarios=len(verdicts),
        sound=sum(one.sound for one in verdicts),
        failed=sum(bool(one.failed) for one in verdicts),
        by_model=sum(one.writer == "model" for one in verdicts),
        repaired=sum(one.repaired for one in verdicts),
        errors=sum(len(one.errors) for one in verdicts),
        broken=sum(len(one.broken) for one in verdicts),
        expected=sum(one.expected for one in verdicts),
        unmet=sum(one.unmet for one in verdicts),
        placeholders=sum(len(one.placeholders) for one in verdicts),
        conflicts=sum(len(one.conflicts) for one in verdicts),
        usage=sum((one.usage for one in verdicts), Usage()),
        to_read=sum(len(one.to_read) for one in verdicts),
    )


def changed_prompts(one: Path, other: Path) -> tuple[str, ...]:
    """The names of the prompts that are not the same in both folders, or only in one."""
    names = sorted({path.name for folder in (one, other) for path in folder.glob("*.jinja")})
    return tuple(name for name in names if _content(one / name) != _content(other / name))


def differences(before: Sequence[Verdict], after: Sequence[Verdict]) -> tuple[Difference, ...]:
    """What differs between two runs of the same scenarios, in their order; what a draft took does not count."""
    return tuple(found for one, other in zip(before, after, strict=True) for found in _between(one, other))


def _between(one: Verdict, other: Verdict) -> list[Difference]:
    found = []
    for measure in ("writer", "failed"):
        if (old := getattr(one, measure)) != (new := getattr(other, measure)):
            found.append(Difference(scenario=one.scenario, measure=measure, before=old, after=new))
    for measure in _LISTS:
        old, new = getattr(one, measure), getattr(other, measure)
        gone, come = _only_in(old, new), _only_in(new, old)
        if gone or come:
            found.append(
                Difference(
                    scenario=one.scenario,
                    measure=measure,
                    before=str(len(old)),
                    after=str(len(new)),
                    gone=gone,
                    new=come,
                )
            )
    if one.text != other.text:
        gone, come = _lines(one.text, other.text)
        found.append(
            Difference(
                scenario=one.scenario,
                measure="text",
                before=str(one.characters),
                after=str(other.characters),
                gone=gone,
                new=come,
            )
        )
    return found


def _lines(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that only the old text has, and those that only the new one has."""
    before, after = old.split("\n"), new.split("\n")
    changes = [code for code in SequenceMatcher(None, before, after).get_opcodes() if code[0] != "equal"]
    gone = [line for _, start, end, _, _ in changes for line in before[start:end] if line.strip()]
    come = [line for _, _, _, start, end in changes for line in after[start:end] if line.strip()]
    return tuple(gone), tuple(come)


def _only_in(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in some if one not in others)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
