"""The figures of a digest as charts: calm, one accent, readable on a light and a dark ground."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair

ACCENT = "#1f8a70"
"""Contrast of at least 3:1 with the ground of both themes."""
HEIGHT = 170
ROW = 26
FEW = 8
WIDTH = 26
"""So few bars are this wide (pixels); more share what room there is."""
SHARE = 0.7
LONGEST_SPAN = 400
"""Days that a chart holds; of a longer span it holds the days with a message (one wrong date makes it centuries)."""
LONGEST_LABEL = 150


def by_hour(counts: Sequence[int], hour: str, messages: str) -> "altair.Chart":
    """Messages by the hour of the day: 24 bars. `hour` and `messages` name the axes."""
    rows = [{hour: at, messages: count} for at, count in enumerate(counts)]
    axis = {"values": [0, 3, 6, 9, 12, 15, 18, 21], "labelAngle": 0, "labelExpr": "datum.value + ':00'"}
    return _bars(rows, f"{hour}:O", f"{messages}:Q", {"axis": axis})


def by_day(counts: Mapping[str, int], day: str, messages: str) -> "altair.Chart":
    """Messages by date; the days between the first and the last on which nobody spoke are there too."""
    known = sorted(date.fromisoformat(one) for one in counts)
    span = range(known[0].toordinal(), known[-1].toordinal() + 1)
    shown = map(date.fromordinal, span) if len(span) <= LONGEST_SPAN else known
    days = [one.isoformat() for one in shown]
    rows = [{day: one, messages: counts.get(one, 0)} for one in days]
    step = -(-len(days) // 8)
    axis = {"values": days[::step], "labelAngle": 0, "labelExpr": "slice(datum.value, 5)"}
    return _bars(rows, f"{day}:O", f"{messages}:Q", {"axis": axis})


def by_person(counts: Mapping[str, int], person: str, answers: str) -> "altair.Chart":
    """How often each person answered, the most frequent first: a row each."""
    import altair

    rows = [{person: name, answers: count} for name, count in counts.items()]
    chart: altair.Chart = (
        altair.Chart(altair.InlineData(values=rows), height=altair.Step(ROW))
        .mark_bar(color=ACCENT, cornerRadiusEnd=3, size=12)
        .encode(
            x=altair.X(f"{answers}:Q", title=None, axis=altair.Axis(tickMinStep=1, tickCount=4, format="d")),
            y=altair.Y(
                f"{person}:N", title=None, sort=None, axis=altair.Axis(labelLimit=LONGEST_LABEL, labelOverlap=False)
            ),
            tooltip=[f"{person}:N", f"{answers}:Q"],
        )
    )
    return chart


def _bars(rows: list[dict[str, Any]], across: str, upward: str, options: dict[str, Any]) -> "altair.Chart":
    import altair

    width = WIDTH if len(rows) <= FEW else altair.RelativeBandSize(band=SHARE)
    chart: altair.Chart = (
        altair.Chart(altair.InlineData(values=rows), height=HEIGHT)
        .mark_bar(color=ACCENT, cornerRadiusTopLeft=2, cornerRadiusTopRight=2, width=width)
        .encode(
            x=altair.X(across, title=None, axis=altair.Axis(ticks=False, **options["axis"])),
            y=altair.Y(upward, title=None, axis=altair.Axis(tickMinStep=1, tickCount=4, format="d")),
            tooltip=[across, upward],
        )
    )
    return chart
