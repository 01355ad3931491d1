"""The deterministic fix: what a draft must not say is taken out or marked, by code, whoever wrote it."""

from collections.abc import Callable
from typing import Any, TypeVar

from copilot.records import Audience, Finding, Record

StructureT = TypeVar("StructureT", bound=Record)
_STOPS = "。！？!?；;，,\n"
_SENTENCE_ENDS = "。！？!?"
_JOINTS = ("，", ",", "；", ";")


def mend_structure(structure: StructureT, check: Callable[[str, Audience], tuple[Finding, ...]]) -> StructureT:
    """Every text of a structure with its blocking findings mended, as fits those who will read it."""
    mended: StructureT = _mended(structure, "group", check)
    return mended


def _mended(value: Any, readers: Audience, check: Callable[[str, Audience], tuple[Finding, ...]]) -> Any:
    if isinstance(value, str):
        return mend(value, lambda text: check(text, readers))
    if isinstance(value, Record):
        readers = value.speaks_to or readers
        return value.model_copy(update={name: _mended(item, readers, check) for name, item in value})
    if isinstance(value, dict):
        return {key: _mended(item, readers, check) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_mended(item, readers, check) for item in value)
    return value


def mend(text: str, check: Callable[[str], tuple[Finding, ...]]) -> str:
    """Apply each blocking finding's replacement; without one, drop the clause it stands in."""
    for _ in range(len(text) + 1):
        finding = next((found for found in check(text) if found.severity == "error" and found.span), None)
        if finding is None or finding.span is None:
            return text
        start, end = finding.span.start, finding.span.end
        mended = (
            text[:start] + finding.replacement + text[end:]
            if finding.replacement is not None
            else _without_clause(text, start, end)
        )
        if len(mended) >= len(text) and finding.replacement is not None and "【" not in finding.replacement:
            mended = _without_clause(text, start, end)
        text = mended
    return text


def _without_clause(text: str, start: int, end: int) -> str:
    left = max((text.rfind(stop, 0, start) for stop in _STOPS), default=-1) + 1
    right = min((at for stop in _STOPS if (at := text.find(stop, end)) >= 0), default=len(text))
    before, stop = text[:left], text[right : right + 1]
    if stop == "\n":  # lines stay apart
        right -= 1
        before = before.rstrip("，,；;")
    elif stop and stop in _SENTENCE_ENDS and before.endswith(_JOINTS):  # what was the end of the sentence is gone
        before = before[:-1] + "。"
    kept = before + text[right + 1 :]
    return kept.rstrip("，,；;") + ("。" if text.endswith("。") and not kept.endswith("。") and kept else "")
