"""A plan's draft as the rows and lines that every export is made of."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from copilot.exports.sheet import STATUSES, PlanRow, PlanSheet
from copilot.records import Draft

_REVIEW = {"done": "做到了什么", "not_done": "没做到什么", "learned": "沉淀了哪些经验", "next_week": "带到下周"}


def plan_sheet(draft: Draft) -> PlanSheet:
    """The plan as it stands in a draft: moved slots in their new places, messages as they were edited last."""
    told = draft.structure
    first, last = (date.fromisoformat(day) for day in told["week"])
    texts = {part.name: part.text for part in draft.parts}
    groups = {group for row in told.get("slots", ()) if (group := row.get("group"))}
    return PlanSheet(
        title=f"{groups.pop()} 周计划" if len(groups) == 1 else "周计划",
        week=(first, last),
        rows=tuple(_row(row, draft.id, texts) for row in told.get("slots", ())),
        objectives=_lines([told.get("objective", ""), *told.get("focus", ())]),
        measures=_lines(_measure(row) for row in told.get("measures", ())),
        refused=_lines(_refusal(row) for row in told.get("refused", ())),
        open_points=_lines(
            [*told.get("open_points", ()), *(gap.question for gap in draft.missing), *map(_choice, told["choices"])]
        ),
        review=_lines(_review(told.get("review", {}))),
        notes=_lines([*told.get("staffing", ()), *told.get("unplaced", ()), *_closing(told), *told.get("notes", ())]),
    )


def _lines(found: Iterable[str]) -> tuple[str, ...]:
    """Each line once; one that another says already with its placeholder is left out."""
    lines = list(dict.fromkeys(line for line in found if line))
    return tuple(line for line in lines if not any(line != other and other.startswith(line) for other in lines))


def _row(row: Mapping[str, Any], draft: str, texts: Mapping[str, str]) -> PlanRow:
    day, status = row.get("day"), row.get("status")
    return PlanRow(
        id=f"{draft}-{row['id']}",
        group=row.get("group") or "",
        day=date.fromisoformat(day) if day else None,
        start=row.get("start") or "",
        minutes=row.get("minutes") or 0,
        action=row.get("action") or "",
        form=row.get("form") or "",
        purpose=row.get("purpose") or "",
        owner=row.get("owner") or "",
        material=row.get("material") or "",
        check=row.get("check") or "",
        message=texts.get(row["id"]) or row.get("text") or "",
        rule=row.get("quote") or "",
        status=status if status in STATUSES else STATUSES[0],
        note="；".join(row.get("warnings") or ()),
    )


def _measure(row: Mapping[str, Any]) -> str:
    now = f"，现状 {row['now']}" if row.get("now") else ""
    return f"{row.get('name', '')}{now}" + (f"（{row['count']}）" if row.get("count") else "")


def _refusal(row: Mapping[str, Any]) -> str:
    instead = f"；改为：{row['instead']}" if row.get("instead") else ""
    return f"“{row.get('words', '')}”不照做：{row.get('reason', '')}{instead}"


def _choice(row: Mapping[str, Any]) -> str:
    views = "；".join(side.get("view", "") for side in row.get("sides", ()))
    return f"{row.get('topic', '')}：{views}。建议：{row.get('advice', '')}"


def _closing(told: Mapping[str, Any]) -> Iterator[str]:
    for group, reason in (told.get("closing") or {}).items():
        yield f"{group}建议收尾：{reason}"


def _review(review: Mapping[str, Any]) -> Iterator[str]:
    for key, heading in _REVIEW.items():
        yield from (f"{heading}：{line}" for line in review.get(key, ()))
    for row in review.get("figures", ()):
        yield f"{row.get('name', '')}：上周 {row.get('now') or '未提供'} → 这周 ____"
