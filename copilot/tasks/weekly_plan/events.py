"""What stands in the week already: each event by its nature, with the work that belongs around it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from copilot.tasks.weekly_plan.catalogue import EventKind, catalogue, found
from copilot.tasks.weekly_plan.fitting import group_of
from copilot.tasks.weekly_plan.job import Job, job_for
from copilot.tasks.weekly_plan.situation import FixedEvent, Group, Situation
from copilot.tasks.weekly_plan.week import say_clock, say_day, week_days

SERIES = 3  # from this many days on an event is a habit of the week, told once
AHEAD = 30  # minutes by which a reminder comes before what it reminds of
BEFORE, LONG_BEFORE = 60, 120

_DAILY = re.compile(
    r"^(?:每(?:天|日|晚|早|个?工作日|周\S?)|工作日|天天)?\s*(?:早上|上午|中午|下午|晚上|晚)?\s*(?:\d{1,2}[:：点]\d{0,2}分?)?\s*"
)


def fixed_jobs(group: Group, number: int, situation: Situation) -> Iterator[Job]:
    """The fixed events of a group, those of one moment as one, each with the work that belongs around it."""
    moments: dict[tuple[date, int | None], list[FixedEvent]] = {}
    for event in situation.fixed:
        if (event.group or group_of(event.text, situation)) in ("", group.name):
            for day in event.days:
                moments.setdefault((day, event.minute), []).append(event)
    around: set[tuple[str, str]] = set()
    ordered = sorted(moments.items(), key=lambda row: (row[0][0], row[0][1] or 0))
    for place, ((day, minute), events) in enumerate(ordered):
        main = min(events, key=lambda event: len(event.days))
        series = len(main.days) >= SERIES
        kind = event_kind(main.name)
        key = _action(kind, series=series)
        when = say_day(day) + (f" {say_clock(minute)}" if minute is not None else "")
        about = (main.name, when, day, minute)
        before: list[tuple[str, int]] = []
        for other in kind.around if kind and not series else ():
            for job in _around(other, group.name, number, place, about, situation):
                if (job.id, main.name) in around:
                    continue
                around.add((job.id, main.name))
                if other == "key_points":
                    job = job.model_copy(update={"after": ((f"g{number}-fixed-{place}", 60),)})
                else:
                    before.append((job.id, BEFORE if other == "rundown" else LONG_BEFORE))
                yield job
        names = dict.fromkeys(event.name for event in sorted(events, key=lambda event: len(event.days)))
        yield job_for(
            key,
            group.name,
            number,
            id=f"g{number}-fixed-{place}",
            event="＋".join(_DAILY.sub("", name) or name if series else name for name in names),
            event_when=when,
            clock=minute,
            series=series,
            days=(day,),
            minute=_posted_at(key, minute),
            minutes=max((event.minutes for event in events if event.minutes), default=catalogue().actions[key].minutes),
            owner=next((event.owner for event in events if event.owner), "") or _named(main, situation),
            fixed=True,
            required=True,
            after=tuple(before),
            origin=main.origin,
        )


def event_kind(words: str) -> EventKind | None:
    """What kind of event these words name, where it is one with work around it."""
    return next((kind for kind in catalogue().events.values() if found(kind.find, words)), None)


def _action(kind: EventKind | None, *, series: bool) -> str:
    if series:
        nature = next((key for key, one in catalogue().events.items() if one is kind), "")
        return catalogue().daily.get(nature, "daily_line")
    return kind.action if kind else "fixed"


def _posted_at(key: str, minute: int | None) -> int | None:
    """When the message of an event goes out: a reminder comes before, what breaks down is told in waking hours."""
    if minute is None or key == "outage":
        return None
    return max(0, minute - AHEAD) if key in ("cutoff", "daily_cutoff") else minute


def _named(event: FixedEvent, situation: Situation) -> str:
    """The person whom an event's own words name."""
    return next((one.name for one in situation.people if len(one.name) > 1 and one.name in event.text), "")


def _around(
    key: str, group: str, number: int, place: int, about: tuple[str, str, date, int | None], situation: Situation
) -> Iterator[Job]:
    """Preparation, warm-up, notices or afterwork of an event, on the days on which they make sense."""
    event, when, day, minute = about
    week = week_days(situation)
    ahead = {"key_points": (0, 1), "outline": (-2, -1, 0), "warm_up": (-1, 0), "rundown": (-1, -2, 0)}
    spans = [(-3, -2), (-1,)] if key == "outage_notice" else [ahead.get(key, (-1, 0))]
    for turn, span in enumerate(spans):
        days = tuple(one for one in (day + timedelta(days=step) for step in span) if one in week)  # the best first
        if days:
            suffix = f"-{turn}" if turn else ""
            yield job_for(
                key,
                group,
                number,
                id=f"g{number}-{key}-{place}{suffix}",
                event=event,
                event_when=when,
                clock=minute,
                days=days,
            )
