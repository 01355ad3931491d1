"""Minutes of the week by weekday: put together, and taken away."""

from copilot.facts.hour_clocks import DAY_MINUTES

Week = dict[int, tuple[tuple[int, int], ...]]
"""Stretches of each weekday (1 Monday … 7 Sunday) in minutes since midnight, in order and apart, ends exclusive."""

ALL_DAYS = frozenset(range(1, 8))
WHOLE_DAY = ((0, DAY_MINUTES),)


def whole_week() -> Week:
    """Every minute of every day."""
    return dict.fromkeys(sorted(ALL_DAYS), WHOLE_DAY)


def merged(first: Week, second: Week) -> Week:
    """The minutes of either."""
    both = dict(first)
    for day, spans in second.items():
        joined: list[tuple[int, int]] = []
        for start, end in sorted((*both.get(day, ()), *spans)):
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], end)
            elif start < end:
                joined.append((start, end))
        both[day] = tuple(joined)
    return both


def without(week: Week, taken: Week) -> Week:
    """The minutes of the one that are not in the other."""
    left: Week = {}
    for day, spans in week.items():
        rest = list(spans)
        for start, end in taken.get(day, ()):
            rest = [piece for a, b in rest for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]]
        left[day] = tuple(rest)
    return left
