"""What earlier days left open and what was counted then, as the operator's page tells it."""

from collections.abc import Sequence

from copilot.tasks.digest.carry import CarriedMatter, TrendRow
from copilot.tasks.digest.listing import listed, says
from copilot.tasks.digest.telling import Telling, shown

ORDER = ("again", "open", "mentioned", "answered", "resolved")
LAST = 7


def carried_lines(matters: Sequence[CarriedMatter], telling: Telling) -> list[str]:
    """Each matter with where it came from; what is asked or complained of again first, what is settled last."""
    rows = sorted(matters, key=lambda one: ORDER.index(one.status))
    return listed(rows, lambda one: _line(one, telling))


def _line(one: CarriedMatter, telling: Telling) -> str:
    return says(
        "carried",
        status=says(f"carried_{one.kind}_{one.status}"),
        text=shown(one.text, 70),
        origin=says("carried_origin", origin=shown(one.origin)) if one.origin else "",
        cites=telling.receipts(one.messages, 3),
    )


def trend_lines(rows: Sequence[TrendRow]) -> list[str]:
    """What was counted day by day, and that it is no more than that."""
    if not rows:
        return []
    return [f"· {says('trend', days='；'.join(map(_row, rows[-LAST:])))}", f"· {says('figures_caution')}"]


def _row(one: TrendRow) -> str:
    day = f"{int(one.last[5:7])}/{int(one.last[8:10])}" if one.last else says("figures_now")
    waited = says("trend_waited", minutes=round(one.response_minutes)) if one.response_minutes is not None else ""
    return says("trend_day", day=day, messages=one.messages, members=one.members, waited=waited)
