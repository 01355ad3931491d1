"""Which job a message is for, by signals with weights (`knowledge/conversation/routing.yaml`).

A signal is a pattern over the operator's words, or something code sees in the message or the thread. Each speaks for
some jobs and against others; where two come out about alike, the operator is asked.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from copilot.chat.reports import FORMAT as REPORT
from copilot.conversation.pasting import Pasted
from copilot.facts.moments import read_moments
from copilot.facts.values import read_values
from copilot.lore import load_yaml
from copilot.records import Record


class Signal(Record):
    """A pattern, and how strongly it speaks for each job. `place`: in the words about a text, or in the whole message."""

    pattern: re.Pattern[str] | None
    place: str
    weights: dict[str, float]


class Rules(Record):
    """`routing.yaml`, compiled."""

    signals: dict[str, Signal]
    start: dict[str, float]
    needs: dict[str, str]
    least: float
    margin: float


class Route(Record):
    """The likeliest job, whether it is sure, and otherwise the jobs to choose from."""

    job: str
    sure: bool
    choices: tuple[str, ...] = ()


class Standing(Record):
    """What stands in the thread before a message: the job at hand, whether something was asked for, what else is there."""

    job: str = ""
    asked: tuple[str, ...] = ()
    has_digest: bool = False


@cache
def rules() -> Rules:
    """The signals and their weights."""
    data: dict[str, Any] = load_yaml("conversation", "routing.yaml")
    return Rules(
        signals={
            name: Signal(
                pattern=re.compile(row["pattern"].replace("\n", ""), re.IGNORECASE) if "pattern" in row else None,
                place=row.get("place", "all"),
                weights=row["weights"],
            )
            for name, row in data["signals"].items()
        },
        start=data["start"],
        needs=data["needs"],
        least=data["least"],
        margin=data["margin"],
    )


def route(message: str, pasted: Pasted, standing: Standing) -> Route:
    """The job that a message is for, as the thread stands."""
    found = scores(message, pasted, standing)
    ranked = sorted(((job, score) for job, score in found.items() if possible(job, pasted, standing)), key=_by_score)
    if not standing.job and ranked[0][1] < rules().least:
        wished, score = min(found.items(), key=_by_score)
        if score >= rules().least and rules().needs.get(wished) == "work":
            return Route(job=wished, sure=True)  # what it wants to change is not there yet: it is told so
    (job, best), *rest = ranked
    close = [name for name, score in rest if score > best - rules().margin]
    if best >= rules().least and not close:
        return Route(job=job, sure=True)
    choices = [name for name, score in ranked if score > max(best - 2 * rules().margin, 0) and name != "hello"]
    choices += [name for name in CHOOSABLE if name not in choices] if len(choices) < 2 else []
    return Route(job=job, sure=False, choices=tuple(choices[:3] if best >= rules().least else choices[:5]))


CHOOSABLE = ("announcement", "ask", "crisis-reply", "digest", "weekly-plan")
"""What is offered where nothing speaks for anything."""


def _by_score(row: tuple[str, float]) -> float:
    return -row[1]


def scores(message: str, pasted: Pasted, standing: Standing) -> dict[str, float]:
    """How strongly everything speaks for each job."""
    seen = _seen(message, pasted, standing)
    found = dict(rules().start)
    said = {"lead": pasted.lead, "all": pasted.lead if pasted.chat else message}
    for name, signal in rules().signals.items():
        strength = _strength(name, signal, said, seen)
        for job, weight in signal.weights.items() if strength else ():
            found[job] += weight * strength
    return found


def _strength(name: str, signal: Signal, said: Mapping[str, str], seen: Mapping[str, float]) -> float:
    if signal.pattern is None:
        return seen.get(name, 0.0)
    return 1.0 if signal.pattern.search(said[signal.place]) else 0.0


def possible(job: str, pasted: Pasted, standing: Standing) -> bool:
    """Whether what a job needs is there: something to go on with, a question that was asked, a text to check."""
    match rules().needs.get(job, ""):
        case "work":
            return bool(standing.job)
        case "text":
            return bool(pasted.body or standing.job)
        case _:
            return True


def _seen(message: str, pasted: Pasted, standing: Standing) -> dict[str, float]:
    """The signals that are no patterns, from 0 to about 1."""
    text = pasted.lead if pasted.chat else message
    from datetime import UTC, datetime

    kinds = [value.kind for value in read_values(text, datetime.now(UTC)) if not value.soft] if len(text) < 5000 else []
    moments = [one for one in read_moments(text, datetime.now(UTC)) if one.time] if len(text) < 5000 else []
    size = len(re.sub(r"\s", "", text))
    return {
        "chat": float(bool(pasted.chat) and pasted.format != REPORT),
        "report": float(pasted.format == REPORT),
        "body": float(bool(pasted.body)),
        "facts": min(len(set(kinds)) + (len(kinds) > 2) + bool(moments), 4) / 4,
        "short": float(size <= 14),
        "tiny": float(size <= 6),
        "long": min(size / 60, 2.0),
        "after_work": float(bool(standing.job)),
        "after_digest": float(standing.has_digest),
        "asked": float(bool(standing.asked)),
        "names_asked": float(any(label and label in text for label in standing.asked)),
        "after_crisis": float(standing.job == "crisis-reply"),
        "question_end": float(bool(re.search(r"[?？吗呢么]\s*[”」]?\s*$", pasted.lead))),
    }
