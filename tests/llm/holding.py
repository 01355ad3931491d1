"""What must hold of every draft, whoever wrote it; each breach is a line that says what and where."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rereading import own_words, unbacked

from copilot import Copilot, Draft, Settings
from copilot.evaluation.scenarios import Scenario
from copilot.playbook.shipped import bundled_folder
from copilot.records import Finding


class Reread(NamedTuple):
    """A draft read again: what is untrue, unsourced or hidden in it, and what it says in words of its own."""

    breaches: list[str]
    own_words: list[str]


def reread(draft: Draft, scenario: Scenario, settings: Settings) -> Reread:
    """A draft of a scenario, held against everything that may vouch for it."""
    vouched = _vouched(draft, scenario, settings)
    breaches = [
        *_untraced(draft),
        *_unbacked(draft, vouched),
        *_misquoted(draft, settings),
        *_hidden(draft, settings),
        *_silent(draft),
    ]
    return Reread(breaches, own_words(draft.text, *vouched))


def _untraced(draft: Draft) -> Iterator[str]:
    """Facts that the product's own checks could not trace, and left standing."""
    for one in draft.findings:
        if one.severity == "error" and "untraced-" in one.code:
            yield f"left untraced: {one.code} {one.span.text if one.span else one.message}"


def _unbacked(draft: Draft, vouched: Sequence[str]) -> Iterator[str]:
    """Claims that nothing vouches for."""
    for part in draft.parts:
        yield from (f"{part.name}: {one}" for one in unbacked(part.text, *vouched))


def _vouched(draft: Draft, scenario: Scenario, settings: Settings) -> tuple[str, ...]:
    """What a draft may say: the brief, the quotes, the day, and what code alone makes of the same brief.

    The offline draft vouches for what code works out: a plan's hours, a follow-up's deadlines, a digest's figures.
    """
    brief, wishes = scenario.brief, scenario.options
    moments = [wishes.now] if wishes.now else [None, draft.created]  # by the clock of now, and by that of the draft
    offline = [
        Copilot(settings).draft(
            scenario.job,
            brief,
            writer="offline",
            now=moment,
            platform=wishes.platform,
            tone=wishes.tone,
            length=wishes.length,
            earlier=wishes.earlier,
        )
        for moment in moments
    ]
    said = brief if isinstance(brief, str) else "\n".join(_leaves(brief))
    return (said, *(one.quote for one in draft.citations), *(one.text for one in offline), str(draft.created.date()))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{key}：{'；'.join(_leaves(item)) if isinstance(item, list) else ''}"
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield str(value)


def _misquoted(draft: Draft, settings: Settings) -> Iterator[str]:
    """Quotes that are not word for word in the file they name."""
    for one in draft.citations:
        path = bundled_folder(settings) / Path(one.source).name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if one.quote not in re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL):
            yield f"not in {one.source}: {one.quote}"


def _hidden(draft: Draft, settings: Settings) -> Iterator[str]:
    """Errors that another check of the same text finds and the draft does not show."""
    first = draft.parts[0]
    again = Copilot(settings).recheck(draft, first.text, first.name)
    unseen = Counter(_errors(again.findings)) - Counter(_errors(draft.findings))
    yield from (f"hidden: {code} {words}" for code, words in unseen)


def _errors(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    for one in findings:
        if one.severity == "error":
            yield one.code, one.span.text if one.span else one.message


def _silent(draft: Draft) -> Iterator[str]:
    """A draft that the model did not write, without a word about it."""
    if draft.writer != "model" and not any(one.code.startswith("model-") for one in draft.findings):
        yield "the model did not write it, and nothing says so"


def report_line(draft: Draft, found: Reread, scenario: str) -> str:
    """One line of the report: what came of a scenario."""
    row = {
        "scenario": scenario,
        "job": draft.kind,
        "writer": draft.writer,
        "seconds": round(draft.usage.milliseconds / 1000, 1),
        "usage": draft.usage.model_dump(),
        "repaired": any(".repair." in name for name in draft.prompts),
        "findings": [f"{one.severity} {one.code}: {one.message}" for one in draft.findings],
        "breaches": found.breaches,
        "own_words": found.own_words,
        "text": draft.text,
    }
    return json.dumps(row, ensure_ascii=False)
