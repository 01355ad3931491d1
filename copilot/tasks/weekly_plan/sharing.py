"""Sharing the work out: everybody who has hours gets something of their own kind, before the rest goes to whoever is best."""

import re
from collections.abc import Sequence

from copilot.tasks.weekly_plan.job import Job, job_for
from copilot.tasks.weekly_plan.places import Places
from copilot.tasks.weekly_plan.scheduling.week import Opening
from copilot.tasks.weekly_plan.situation import Person, Situation
from copilot.tasks.weekly_plan.staffing import affinity, fits, known_hours

MOST_OWN = 2
WORSE = 30  # how much worse a place somebody may get so as to have something of their own


def shared_out(jobs: Sequence[Job], places: Places, situation: Situation) -> dict[str, tuple[Opening, ...]]:
    """Jobs kept for one person, with that person's openings: specialists first, the owner of the group last."""
    kept: dict[str, tuple[Opening, ...]] = {}
    timed = [one for one in situation.people if one.name and known_hours(one) and not one.only]
    if len(timed) < 2:
        return kept
    for person in sorted(timed, key=lambda one: ("owner" in one.duties, "operation" in one.duties)):
        ranked = sorted(
            (job for job in jobs if _may(job, person) and job.id not in kept),
            key=lambda job: (-affinity(person, job.row), _rank(job, person), -job.row.weight),
        )
        mine = 0
        for job in ranked:
            found, _ = places.of(job.model_copy(update={"owner": person.name}))
            own = tuple(one for one in found if one.owner == person.name)
            best = max((one.score for one in places.of(job)[0]), default=0)
            if own and max(one.score for one in own) >= best - WORSE:
                kept[job.id] = own
                mine += 1
            if mine >= (MOST_OWN if affinity(person, job.row) else 1):
                break
    return kept


def own_jobs(jobs: Sequence[Job], situation: Situation) -> tuple[Job, ...]:
    """A line for each of those whose kind of work no other line is, and for those whose hours are not known."""
    if len(situation.people) < 2:
        return ()
    found = []
    for number, person in enumerate(situation.people):
        timed = known_hours(person)
        served = timed and any(_may(job, person) or job.owner == person.name for job in jobs)
        if served or not person.name or not _WORDS.search(person.duty) or person.only or _SPARED.search(person.duty):
            continue
        key = "own_duty" if timed and not {"content", "design"} & set(person.duties) else "own_preparation"
        changes = {"id": f"g0-{key}-{number}", "topic": _plain(person), "owner": person.name}
        found.append(job_for(key, person.groups[0] if person.groups else "", 0, **changes))
    return tuple(found)


def _plain(person: Person) -> str:
    return _SHORT.split(person.duty)[0][:20]


_WORDS = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{4}")
_SPARED = re.compile(r"UTC|GMT|别排|不排|不定|机器人|自动")
_SHORT = re.compile(r"[，,；;（(]")


def _may(job: Job, person: Person) -> bool:
    served = not person.groups or not job.group or job.group in person.groups
    return (
        served
        and not job.fixed
        and not job.owner
        and (fits(person, job.row) or not person.duties)
        and job.key not in ("kickoff", "review")
    )


def _rank(job: Job, person: Person) -> int:
    places = [job.row.duty.index(duty) for duty in person.duties if duty in job.row.duty]
    return min(places, default=len(job.row.duty))
