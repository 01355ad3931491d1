"""Where a job may go: days and clocks it is best at, inside somebody's hours, outside the group's quiet times."""

from collections.abc import Iterator
from datetime import date

from copilot.facts.hours import Quiet, Window
from copilot.tasks.weekly_plan.catalogue import catalogue
from copilot.tasks.weekly_plan.fitting import rhythm_of
from copilot.tasks.weekly_plan.job import Job
from copilot.tasks.weekly_plan.scheduling.openings import openings, quiet_spans
from copilot.tasks.weekly_plan.scheduling.week import Opening
from copilot.tasks.weekly_plan.situation import Group, Person, Situation
from copilot.tasks.weekly_plan.staffing import NOBODY, candidates, is_there, team_of
from copilot.tasks.weekly_plan.week import minute_of, week_days

ALL = 500
PLACES_A_DAY, PLACES_A_DAY_OF_MANY = 5, 3
BEST_DAY, LATER_DAY, BEST_CLOCK, OTHER_CLOCK, OTHER_PERSON, QUIET_WORK = 40, 9, 24, 5, 16, 20
OTHER_EXPERT = 40
EXPERTS = ("expert", "answering", "training")


class Places:
    """Finds the openings of jobs in one week. Groups of the same rhythm and quiet times share what was found."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.rhythms = {group.name: rhythm_of(group, situation) for group in situation.groups}
        self.groups = {group.name: group for group in situation.groups}
        self.most = PLACES_A_DAY_OF_MANY if len(situation.groups) >= catalogue().many_groups else PLACES_A_DAY
        self._known: dict[tuple[object, ...], tuple[tuple[Opening, ...], tuple[str, ...]]] = {}

    def of(self, job: Job, turn: int = 0) -> tuple[tuple[Opening, ...], tuple[str, ...]]:
        """A job's openings, and the reasons why there are none. People equally fit take turns."""
        people = [one for one in self.situation.people if job.owner and one.name == job.owner]
        able = list(candidates(job.row, job.group, self.situation, turn))
        if job.fixed and job.minute is not None:
            team = [one for one in team_of(job.group, self.situation) if one not in able and not one.only]
            return _fixed_place(job, people or [*able, *team]), ()
        group = self.groups.get(job.group) or self.situation.groups[0]
        blocked: tuple[str, ...] = ()
        for some in (people, able):
            found, why = self._found(job, group, some) if some else ((), ())
            if found:
                return found, ()
            blocked = blocked or why
        if job.days and not job.event:
            if not self._due_before(job):
                return self.of(job.model_copy(update={"days": ()}), turn)
            days = tuple(day for day in week_days(self.situation) if job.due and day < job.due)
            if days and set(days) != set(job.days):
                return self.of(job.model_copy(update={"days": days}), turn)
        return (), blocked

    def _due_before(self, job: Job) -> bool:
        """Whether it must come before a day of this week: nobody signs up for what is over."""
        return job.due in week_days(self.situation) and job.row.due in ("before", "middle", "eve")

    def _found(self, job: Job, group: Group, people: list[Person]) -> tuple[tuple[Opening, ...], tuple[str, ...]]:
        rhythm, names = self.rhythms[group.name], tuple(one.name for one in people)
        key = (job.key, job.days, job.minute, job.minutes, bool(job.event), group.quiet, rhythm, names)
        if key not in self._known:
            at_work = (_working_hours(),) if rhythm == "office" and job.row.posts else ()
            found, blocked = self._scored(job, group, people, (*group.quiet, *at_work))
            if not found and at_work:
                found, blocked = self._scored(job, group, people, group.quiet)
            self._known[key] = (found, blocked)
        return self._known[key]

    def _scored(
        self, job: Job, group: Group, people: list[Person], quiet: tuple[Quiet, ...]
    ) -> tuple[tuple[Opening, ...], tuple[str, ...]]:
        """The best few openings of each person's day; more would only slow the search down."""
        rhythm = catalogue().rhythms[self.rhythms[group.name]]
        clocks = [job.minute] if job.minute is not None else [minute_of(clock) for clock in rhythm[job.row.at]]
        days = dict(_days(job, self.situation))
        preferred = {(weekday, clock): 1 for weekday in range(1, 8) for clock in clocks}
        less = OTHER_EXPERT if job.row.duty[0] in EXPERTS else OTHER_PERSON
        kept: list[Opening] = []
        blocked: list[str] = []
        for rank, person in enumerate(people):
            result = openings(
                tuple(days),
                job.minutes,
                {person.name: person.hours},
                preferred,
                quiet=quiet,
                posts=job.row.posts,
                most=ALL,
            )
            blocked += result.blocked
            by_day: dict[date, list[Opening]] = {}
            for one in result.openings:
                late = QUIET_WORK if _is_quiet(one, quiet) else 0
                score = days[one.day] + _clock_score(one.minute, clocks) - late - less * rank
                by_day.setdefault(one.day, []).append(one.model_copy(update={"score": score}))
            for ones in by_day.values():
                kept += sorted(ones, key=lambda one: (-one.score, one.minute))[: self.most]
        return tuple(sorted(kept, key=lambda one: (one.day, one.minute, one.owner))), tuple(dict.fromkeys(blocked))


def _is_quiet(one: Opening, quiet: tuple[Quiet, ...]) -> bool:
    return any(start <= one.minute < end for start, end in quiet_spans(quiet, one.day))


def _working_hours() -> Quiet:
    """When members who go out to work had better not be disturbed."""
    clocks = {name: minute_of(clock) for name, clock in catalogue().working_hours.items()}
    spans = ((clocks["from"], clocks["to"]), (clocks["and_from"], clocks["and_to"]))
    return Quiet(
        windows=tuple(Window(weekday=day, start=start, end=end) for day in range(1, 6) for start, end in spans)
    )


def _fixed_place(job: Job, people: list[Person]) -> tuple[Opening, ...]:
    """What the operator has set stays where it is; whoever has time then does it, or whoever is named."""
    assert job.minute is not None
    day = job.days[0]
    free = [one for one in people if is_there(one, day, job.minute, job.minutes)]
    named = [one for one in people if job.owner]
    chosen = (free or named or [NOBODY])[:2]
    return tuple(
        Opening(day=day, minute=job.minute, owner=one.name, score=BEST_DAY - OTHER_PERSON * place)
        for place, one in enumerate(chosen)
    )


def _clock_score(minute: int, clocks: list[int]) -> int:
    """The score of a good clock, less the quarters of an hour that lie between."""
    near = min(clocks, key=lambda clock: abs(minute - clock))
    return BEST_CLOCK - OTHER_CLOCK * clocks.index(near) - abs(minute - near) // 15


def _days(job: Job, situation: Situation) -> Iterator[tuple[date, int]]:
    """The days a job may fall on, with their scores."""
    week = week_days(situation)
    if job.days:
        for day in job.days:
            if day in week:
                yield day, BEST_DAY - (LATER_DAY * job.days.index(day) if job.event or job.row.due else 0)
        return
    wanted: dict[date, int] = {}
    for place, word in enumerate(job.row.days):
        for day in _named(word, week):
            wanted.setdefault(day, BEST_DAY - LATER_DAY * place)
    for place, day in enumerate(week):
        drift = place if job.row.at == "end" else -place if job.row.at == "start" else 0
        yield day, wanted.get(day, 0) + 5 * drift


def _named(word: str, week: tuple[date, ...]) -> tuple[date, ...]:
    weekdays = {"weekend": (6, 7), "saturday": (6,), "sunday": (7,)}
    if word in weekdays:
        return tuple(day for day in week if day.isoweekday() in weekdays[word])
    third = max(1, round(len(week) / 3))
    parts = {
        "first": week[:1],
        "second": week[1:2],
        "early": week[:third],
        "mid": week[third:-third] or week,
        "late": week[-third - 1 :],
        "last": week[-1:],
    }
    return parts.get(word, week)
