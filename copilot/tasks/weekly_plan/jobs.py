"""From the catalogue and the verdict to the week's jobs: each action for each group, with its days, people and words."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from copilot.records import Origin, Record
from copilot.tasks.weekly_plan.catalogue import ActionRow, When, applies, catalogue, event_kind
from copilot.tasks.weekly_plan.judgement import Verdict
from copilot.tasks.weekly_plan.listening import Want
from copilot.tasks.weekly_plan.situation import FixedEvent, Group, Situation
from copilot.tasks.weekly_plan.staffing import team_of
from copilot.tasks.weekly_plan.week import say_clock, say_day, week_days

TEAM_WORK = ("kickoff", "review", "templates", "automate", "duty_roster", "growth_gate", "bait")
CLOSING = ("closing_decide", "closing_save", "closing_announce", "closing_remind")
DISPUTED = ("closing_decide", "survey", "outreach")
OWN_MATTERS = ("topic", "training", "wish")
SERIES = 3


class Job(Record):
    """One action to be placed. `days` and `minute` are set where the brief sets them; `event` is what it is about;
    `after` names jobs and the least minutes from their start; `required` jobs come before all others.
    """

    id: str
    key: str
    group: str
    row: ActionRow
    topic: str = ""
    event: str = ""
    event_when: str = ""
    answers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    minute: int | None = None
    minutes: int
    owner: str = ""
    fixed: bool = False
    required: bool = False
    after: tuple[tuple[str, int], ...] = ()
    origin: Origin | None = None


def jobs_of(situation: Situation, verdict: Verdict) -> tuple[Job, ...]:
    """All jobs of the week, best first in each group."""
    jobs: list[Job] = []
    many = len(situation.groups) >= catalogue().many_groups
    for number, group in enumerate(situation.groups, 1):
        fixed = list(_fixed(group, number, situation))
        if group.name in verdict.closing:
            chosen = [_job(key, group.name, number) for key in CLOSING]
        elif group.name in verdict.disputed:
            chosen = [_job(key, group.name, number) for key in DISPUTED]
        else:
            chosen = list(_running(group, number, situation, verdict, core=many))
        jobs += _linked([*fixed, *chosen])
    jobs = _once_for_all(jobs if not many else list(_shared(jobs)))
    if all(group.name in verdict.closing for group in situation.groups):
        jobs = [job for job in jobs if job.key != "kickoff"]
        jobs.append(_job("review", "", 0))
    if many:
        jobs += [_job("rounds", "", 0, id=f"g0-rounds-{day:%m%d}", days=(day,)) for day in week_days(situation)]
    return tuple(_review_last(jobs))


def _job(key: str, group: str, number: int, **changes: object) -> Job:
    row = catalogue().actions[key]
    base = {"id": f"g{number}-{key}", "key": key, "group": group, "row": row, "minutes": row.minutes}
    return Job.model_validate({**base, **changes})


def _running(group: Group, number: int, situation: Situation, verdict: Verdict, *, core: bool) -> Iterator[Job]:
    """The actions of a group that goes on: those called for, those that fit it; few where one team has many groups."""
    team = team_of(group.name, situation)
    called: dict[str, list[Want]] = {}
    for want in verdict.wants:
        spared = (
            core and want.instead_of and want.action not in OWN_MATTERS and not catalogue().actions[want.action].core
        )
        if want.group in ("", group.name) and not spared:
            known = called.setdefault(want.action, [])
            if known and want.action not in OWN_MATTERS:
                known[0] = _merged(known[0], want)
            else:
                known.append(want)
    for key, row in catalogue().actions.items():
        wants = called.get(key, [])
        if (key == "bait" and situation.budget == 0) or (key == "encourage" and "count_only" in called):
            continue
        for place, want in enumerate(wants):
            spread = [(day,) for day in want.days] if key == "wish" and want.days else [want.days]
            for copy, some in enumerate(spread):
                suffix = f"-{place}-{copy}" if place or copy else ""
                yield _job(
                    key,
                    group.name,
                    number,
                    id=f"g{number}-{key}{suffix}",
                    topic=want.topic,
                    answers=want.answers,
                    instead_of=want.instead_of,
                    days=some,
                    minute=want.minute,
                    owner=want.owner,
                    origin=want.origin,
                )
        if not wants and applies(row, group, team, situation) and (not core or row.core):
            yield _job(key, group.name, number)


def _merged(first: Want, second: Want) -> Want:
    """One action for what two ask for."""
    return first.model_copy(
        update={"answers": (*first.answers, *second.answers), "instead_of": (*first.instead_of, *second.instead_of)}
    )


def _linked(jobs: list[Job]) -> list[Job]:
    """Each job with what it must come after."""
    ids = {job.key: job.id for job in reversed(jobs)}
    return [
        job.model_copy(
            update={"after": (*job.after, *((ids[key], gap) for key, gap in job.row.after.items() if key in ids))}
        )
        for job in jobs
    ]


AGAIN = {"content": 5, "service": 15}


def _shared(jobs: list[Job]) -> Iterator[Job]:
    """Many groups get the same content: it is made once, and only posted in the others."""
    seen: set[str] = set()
    for job in jobs:
        again = job.key in seen and job.row.posts and not job.fixed
        seen.add(job.key)
        yield job.model_copy(update={"minutes": min(job.minutes, AGAIN.get(job.row.kind, 10))}) if again else job


def _once_for_all(jobs: list[Job]) -> list[Job]:
    """The team's own work stands once in the week, not once a group."""
    seen: set[str] = set()
    kept = []
    for job in jobs:
        if job.key in TEAM_WORK:
            if job.key in seen:
                continue
            seen.add(job.key)
            job = job.model_copy(update={"group": ""})
        kept.append(job)
    first_of = {job.key: job.id for job in kept if job.key in TEAM_WORK}
    names = {job.id for job in kept}

    def known(link: str) -> str:
        return link if link in names else first_of.get(link.partition("-")[2], "")

    return [
        job.model_copy(update={"after": tuple((known(link), gap) for link, gap in job.after if known(link))})
        for job in kept
    ]


def _review_last(jobs: list[Job]) -> Iterator[Job]:
    """The review comes after the week's last fixed event, where that one has an hour."""
    fixed = [job for job in jobs if job.fixed and job.days and job.minute is not None]
    last = max(fixed, key=lambda job: (job.days[-1], job.minute or 0), default=None)
    for job in jobs:
        if job.key == "review" and last:
            job = job.model_copy(update={"after": (*job.after, (last.id, last.minutes))})
        yield job


def _fixed(group: Group, number: int, situation: Situation) -> Iterator[Job]:
    """The fixed events of a group, those of one moment as one, each with the work that belongs around it."""
    moments: dict[tuple[date, int | None], list[FixedEvent]] = {}
    for event in situation.fixed:
        if event.group in ("", group.name):
            for day in event.days:
                moments.setdefault((day, event.minute), []).append(event)
    around: set[tuple[str, str]] = set()
    for place, ((day, minute), events) in enumerate(
        sorted(moments.items(), key=lambda row: (row[0][0], row[0][1] or 0))
    ):
        main = min(events, key=lambda event: len(event.days))
        name = "＋".join(dict.fromkeys(event.name for event in sorted(events, key=lambda event: len(event.days))))
        when = say_day(day) + (f" {say_clock(minute)}" if minute is not None else "")
        event_id = f"g{number}-fixed-{place}"
        owner = next((event.owner for event in events if event.owner), "")
        kind = event_kind(main.name) if len(main.days) < SERIES else None
        before = []
        for key in kind.around if kind else ():
            if (key, main.name) in around:
                continue
            around.add((key, main.name))
            job = _around(key, group.name, number, place, main.name, when, day, situation)
            if job is None:
                continue
            if key == "key_points":
                yield job.model_copy(update={"after": ((event_id, 60),)})
            else:
                yield job
                before.append((job.id, 60 if key == "rundown" else 120))
        yield _job(
            "fixed",
            group.name,
            number,
            id=event_id,
            event=name,
            event_when=when,
            days=(day,),
            minute=minute,
            minutes=max((event.minutes for event in events if event.minutes), default=30),
            owner=owner,
            fixed=True,
            required=True,
            after=tuple(before),
            origin=main.origin,
        )


def _around(
    key: str, group: str, number: int, place: int, event: str, when: str, day: date, situation: Situation
) -> Job | None:
    """Preparation, warm-up or afterwork of an event, on the days on which it makes sense."""
    week = week_days(situation)
    if key == "key_points":
        days = [day, day + timedelta(days=1)]
    elif key == "outline":
        days = [day - timedelta(days=2), day - timedelta(days=1), day]
    else:
        days = [day - timedelta(days=1), day]  # the best first
    within = tuple(one for one in days if one in week)
    if not within:
        return None
    return _job(key, group, number, id=f"g{number}-{key}-{place}", event=event, event_when=when, days=within)


def triggers(row: ActionRow) -> set[str]:
    """The figures that call for an action."""
    whens: tuple[When, ...] = row.when
    return {about for when in whens for about in when.figures}


def assets_for(job: Job, situation: Situation) -> tuple[str, ...]:
    """The brief's own material that a job can use: what shares words with its event or topic, or what it is made of."""
    about = f"{job.event}{job.topic}" or job.row.name
    pairs = {about[at : at + 2] for at in range(len(about) - 1) if about[at : at + 2].isalnum()}
    found = []
    for said in situation.assets:
        shared = any(pair in said.text for pair in pairs)
        sample = job.key.startswith("trial") and re.search(catalogue().products, said.text)
        if (shared or sample) and not re.match(r"没有?|缺|无", said.text):
            found.append(said.text)
    return tuple(found)
