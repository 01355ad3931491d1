"""The deterministic fix: what a draft must not say is taken out or marked, by code, whoever wrote it."""

from collections.abc import Callable
from typing import Any, TypeVar

from copilot.records import Finding, Record

StructureT = TypeVar("StructureT", bound=Record)
_STOPS = "。！？!?；;，,\n"


def mend_structure(structure: StructureT, check: Callable[[str], tuple[Finding, ...]]) -> StructureT:
    """Every text of a structure with its blocking findings mended."""
    data = _map_strings(structure.model_dump(), lambda text: mend(text, check))
    return type(structure).model_validate(data)


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
    kept = text[:left] + text[right + 1 :]
    return kept.rstrip("，,；;") + ("。" if text.endswith("。") and not kept.endswith("。") and kept else "")


def _map_strings(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _map_strings(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_map_strings(item, change) for item in value]
    return value
