"""From the catalogue and the verdict to the week's jobs: each action for each group, with its days, people and words."""

import re
from collections.abc import Iterator

from copilot.tasks.weekly_plan.aims import serves
from copilot.tasks.weekly_plan.catalogue import ActionRow, When, catalogue, found
from copilot.tasks.weekly_plan.events import fixed_jobs
from copilot.tasks.weekly_plan.fitting import applies
from copilot.tasks.weekly_plan.job import Job, job_for
from copilot.tasks.weekly_plan.judgement import Verdict
from copilot.tasks.weekly_plan.listening import Want
from copilot.tasks.weekly_plan.scheduling.openings import working_spans
from copilot.tasks.weekly_plan.situation import Group, Situation
from copilot.tasks.weekly_plan.staffing import known_hours, team_of
from copilot.tasks.weekly_plan.week import week_days

TEAM_WORK = (
    "kickoff",
    "review",
    "templates",
    "automate",
    "duty_roster",
    "growth_gate",
    "bait",
    "own_event",
    "compile_list",
    "own_duty",
    "release_prep",
)
AN_EVENT = 60  # minutes that an event lasts at least where the brief does not say
CLOSING = ("closing_decide", "closing_save", "closing_announce", "closing_remind")
DISPUTED = ("closing_decide", "survey", "outreach")
OWN_MATTERS = ("topic", "training")


def own_matter(action: str) -> bool:
    """Whether what several people ask of this action stays apart."""
    return action in OWN_MATTERS or action.startswith("wish_")


def jobs_of(situation: Situation, verdict: Verdict) -> tuple[Job, ...]:
    """All jobs of the week, best first in each group."""
    jobs: list[Job] = []
    many = len(situation.groups) >= catalogue().many_groups
    for number, group in enumerate(situation.groups, 1):
        fixed = list(fixed_jobs(group, number, situation))
        if group.name in verdict.closing:
            chosen = [job_for(key, group.name, number) for key in CLOSING]
        elif group.name in verdict.disputed:
            chosen = [job_for(key, group.name, number) for key in DISPUTED]
        else:
            chosen = list(_running(group, number, situation, verdict, core=many))
        jobs += _linked([*fixed, *chosen])
    jobs = _once_for_all(jobs if not many else list(_shared(jobs)))
    if all(group.name in verdict.closing for group in situation.groups):
        jobs = [job for job in jobs if job.key != "kickoff"]
        jobs.append(job_for("review", "", 0))
    if many:
        jobs += [job_for("rounds", "", 0, id=f"g0-rounds-{day:%m%d}", days=(day,)) for day in week_days(situation)]
    return tuple(_review_last(jobs, situation))


def _running(group: Group, number: int, situation: Situation, verdict: Verdict, *, core: bool) -> Iterator[Job]:
    """The actions of a group that goes on: those called for, those that fit it; few where one team has many groups."""
    team = team_of(group.name, situation)
    called: dict[str, list[Want]] = {}
    for want in verdict.wants:
        spared = core and want.instead_of and not own_matter(want.action) and not catalogue().actions[want.action].core
        if want.group in ("", group.name) and not spared and serves(group, want, situation):
            known = called.setdefault(want.action, [])
            if known and not own_matter(want.action):
                known[0] = _merged(known[0], want)
            else:
                known.append(want)
    for key, row in catalogue().actions.items():
        wants = called.get(key, [])
        if (key == "bait" and situation.budget == 0) or (key == "encourage" and "count_only" in called):
            continue
        if key == "count_only" and not _counted(wants, situation):
            continue
        for place, want in enumerate(wants):
            apart = key.startswith("wish_") and key != "wish_meet" and want.days
            spread = [(day,) for day in want.days] if apart else [want.days]
            for copy, some in enumerate(spread):
                suffix = f"-{place}-{copy}" if place or copy else ""
                yield job_for(
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
                    aim=want.aim,
                    target=want.target,
                    due=want.due,
                    origin=want.origin,
                )
        if not wants and applies(row, group, team, situation) and (not core or row.core):
            yield job_for(key, group.name, number)


def _counted(wants: list[Want], situation: Situation) -> bool:
    """Whether there is anything that members complete, so that it could be counted."""
    said = [word for want in wants for word in want.instead_of]
    said += [goal.text for goal in (*situation.goals, *situation.week_goals)]
    return bool(found("打卡|完成|签到|作业|作品|练|跑|晒|成绩|接龙|课", "\n".join(said)))


def _merged(first: Want, second: Want) -> Want:
    """One action for what two ask for."""
    return first.model_copy(
        update={
            "answers": (*first.answers, *second.answers),
            "instead_of": (*first.instead_of, *second.instead_of),
            "aim": first.aim or second.aim,
            "target": first.target or second.target,
            "due": first.due or second.due,
        }
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


def _review_last(jobs: list[Job], situation: Situation) -> Iterator[Job]:
    """The review comes after the week's last fixed event that has an hour and after which somebody is there; also after
    what is told the group of that event, where there is time for both.
    """
    fixed = [job for job in jobs if job.fixed and job.days and job.minute is not None and not job.series]
    room = max((job.minutes for job in jobs if job.key == "review"), default=0)
    ended: list[tuple[Job, int]] = []
    for job in fixed:
        told = [gap + other.minutes for other in jobs for link, gap in other.after if link == job.id]
        lasts = max(job.minutes, AN_EVENT)
        over = next((end for end in (max(lasts, *told, 0), lasts) if _somebody_after(job, end + room, situation)), None)
        ended += [(job, over)] if over else []
    last = max(ended, key=lambda one: (one[0].days[-1], one[0].minute or 0), default=None)
    for job in jobs:
        if job.key == "review" and last:
            event, over = last
            at_once = {"minute": (event.minute or 0) + over} if event.days[-1] == week_days(situation)[-1] else {}
            job = job.model_copy(update={"after": (*job.after, (event.id, over)), **at_once})
        yield job


def _somebody_after(job: Job, minutes: int, situation: Situation) -> bool:
    """Whether somebody works until so many minutes after a job's start, or on a later day."""
    day, minute = job.days[-1], (job.minute or 0) + minutes
    people = [one for one in situation.people if known_hours(one)]
    later = [(one, other) for one in people for other in week_days(situation) if other >= day]
    return not people or any(
        other > day or last >= minute for one, other in later for _, last in working_spans(one.hours, other)
    )


def triggers(row: ActionRow) -> set[str]:
    """The figures that call for an action."""
    whens: tuple[When, ...] = row.when
    return {about for when in whens for about in when.figures}


def assets_for(job: Job, situation: Situation) -> tuple[str, ...]:
    """The brief's own material that a job can use: what shares words with its event or topic, or what it is made of."""
    about = f"{job.event}{job.topic}" or job.row.name
    pairs = {about[at : at + 2] for at in range(len(about) - 1) if about[at : at + 2].isalnum()}
    fitting = []
    for said in situation.assets:
        shared = any(pair in said.text for pair in pairs)
        sample = job.key.startswith("trial") and found(catalogue().products, said.text)
        if (shared or sample) and not re.match(r"没有?|缺|无", said.text):
            fitting.append(said.text)
    return tuple(fitting)
