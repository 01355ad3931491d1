"""The weekly plan: jobs are placed by the scheduler, and what is left to say about the week is put beside them."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.records import Missing, Record
from copilot.tasks.weekly_plan.catalogue import catalogue
from copilot.tasks.weekly_plan.composing import Fill, compose_slot
from copilot.tasks.weekly_plan.diagnosis import diagnose, focus_of, measures_of, review_of
from copilot.tasks.weekly_plan.events import event_kind
from copilot.tasks.weekly_plan.fitting import about_of, named, plain
from copilot.tasks.weekly_plan.hearing import against
from copilot.tasks.weekly_plan.job import Job
from copilot.tasks.weekly_plan.jobs import assets_for, jobs_of
from copilot.tasks.weekly_plan.judgement import Verdict, judge
from copilot.tasks.weekly_plan.places import Places
from copilot.tasks.weekly_plan.plan import Refusal, Slot, WeeklyPlan
from copilot.tasks.weekly_plan.scheduling.week import Action, Limits, Opening, Placed, Schedule, schedule
from copilot.tasks.weekly_plan.sharing import own_jobs, shared_out
from copilot.tasks.weekly_plan.situation import FixedEvent, Said, Situation
from copilot.tasks.weekly_plan.staffing import idle_notes, known_hours, staffing_notes
from copilot.tasks.weekly_plan.telling import days_told, notes_of, unplaced_lines
from copilot.tasks.weekly_plan.week import say_day, week_days


class Planned(Record):
    """A plan and what it still has to ask for."""

    plan: WeeklyPlan
    missing: tuple[Missing, ...]


def build_plan(situation: Situation, own: OwnRules = NO_RULES) -> Planned:
    """Judge, choose the actions, place them, and say what was settled, refused and left open."""
    situation = _sorted_out(situation)
    verdict = judge(situation, own)
    jobs = jobs_of(situation, verdict)
    if not verdict.closing and len(situation.groups) < catalogue().many_groups:
        jobs = (*jobs, *own_jobs(jobs, situation))
    jobs, left_out = _within_reach(jobs, situation)
    outcome = _placed(jobs, situation)
    fill = Fill(situation)
    by_id = {job.id: job for job in jobs}
    placed = sorted(outcome.placed, key=lambda one: (one.day, one.minute, by_id[one.action].group, one.action))
    for one in placed:
        job = by_id[one.action]
        if job.key != "feedback_reply":
            fill.taken_up |= {voice: _plainly(job) for voice in job.answers}
    slots = tuple(_slot(f"s{number}", by_id[one.action], one, fill, situation) for number, one in enumerate(placed, 1))
    replaced = {slot.id: set(by_id[one.action].instead_of) for slot, one in zip(slots, placed, strict=True)}
    missing = fill.missing()
    share, promotions = _share(slots)
    open_points = [*verdict.open_points, *(f"{gap.question}{gap.placeholder}" for gap in missing)]
    open_points += _unowned(slots) if situation.people else []
    open_points += _unheard(verdict, [by_id[one.action] for one in placed], open_points, situation)
    plan = WeeklyPlan(
        week=situation.week,
        days=days_told(slots, situation),
        objective=_objective(situation),
        focus=focus_of(situation, verdict, slots),
        measures=measures_of(situation, verdict.aims),
        diagnosis=diagnose(situation),
        slots=slots,
        unplaced=tuple(unplaced_lines(outcome, by_id)),
        refused=tuple(_told(one, share, promotions, replaced, situation) for one in verdict.refused),
        choices=verdict.choices,
        closing=verdict.closing,
        staffing=_staffing(slots, situation),
        open_points=tuple(dict.fromkeys(open_points)),
        review=review_of(situation, slots, verdict.aims),
        notes=tuple(notes_of(situation, slots, share, left_out)),
    )
    return Planned(plan=plan, missing=missing)


def _sorted_out(situation: Situation) -> Situation:
    """The situation with what stands among the fixed events without a clock, and is not to be done, among the wishes."""
    situation = situation.model_copy(update={"fixed": (*situation.fixed, *_due_events(situation))})
    wished = [event for event in situation.fixed if event.minute is None and against(event.text, situation)]
    if not wished:
        return situation
    kept = tuple(event for event in situation.fixed if event not in wished)
    told = {said.text for said in situation.wishes}
    more = [Said(text=event.text, origin=event.origin) for event in wished if event.text not in told]
    return situation.model_copy(update={"fixed": kept, "wishes": (*situation.wishes, *more)})


def _due_events(situation: Situation) -> list[FixedEvent]:
    """Deadlines of this week on which something stops or ends, as events: they are announced and followed up."""
    named = {(day, event.name) for event in situation.fixed for day in event.days}
    told = "\n".join(name for _, name in named)
    return [
        FixedEvent(text=one.text, name=one.name, days=(one.day,), origin=one.origin)
        for one in situation.deadlines
        if situation.week[0] <= one.day <= situation.week[1]
        and (kind := event_kind(one.name))
        and kind.action == "outage"
        and one.name not in told
        and not any(day == one.day for day, _ in named)
    ]


def _unheard(verdict: Verdict, placed: Sequence[Job], open_points: Sequence[str], situation: Situation) -> list[str]:
    """The clauses of wishes that are neither refused, nor a choice, nor planned, nor asked about: none may get lost."""
    judged = [*(one.words for one in verdict.refused), *(one.words for one in verdict.choices)]
    told = "\n".join([*judged, *open_points])
    told += "\n".join(word for job in placed for word in job.instead_of)
    lost = [
        words
        for want in verdict.wants
        for words in want.instead_of
        if want.action.startswith("wish_") and words not in told
    ]
    closing = len(verdict.closing) == len(situation.groups)
    why = "先定群的去留，再看要不要做" if closing else "时间和人手放不下，要不要换下别的，请定"
    return [f"“{words}”这周没有排：{why}" for words in dict.fromkeys(lost)]


def _staffing(slots: Sequence[Slot], situation: Situation) -> tuple[str, ...]:
    busy = {slot.owner for slot in slots}
    material = "；".join(slot.material for slot in slots)
    notes = [note for group in situation.groups for note in staffing_notes(group, situation)]
    return tuple(dict.fromkeys([*notes, *idle_notes(busy, material, situation)]))


def _within_reach(jobs: Sequence[Job], situation: Situation) -> tuple[tuple[Job, ...], list[str]]:
    """As many jobs a group as the team can carry, the weightiest first; what is left out is told."""
    groups = len(situation.groups)
    sizes = catalogue().slots_a_group
    size = "one" if groups == 1 else "few" if groups < catalogue().many_groups else "many"
    most = sizes["crowd" if groups >= CROWD else size]
    kept: list[Job] = []
    spare: Counter[str] = Counter()
    for group in dict.fromkeys(job.group for job in jobs):
        own = [job for job in jobs if job.group == group]
        ranked = sorted(
            own,
            key=lambda job: (
                not job.fixed,
                groups >= CROWD and not job.row.core,
                not (job.answers or job.instead_of or job.aim or job.key == "clear_unanswered"),
                -job.row.weight,
            ),
        )
        room = most + sum(job.fixed for job in own) if group else len(own)
        kept += ranked[:room]
        spare.update(_LABEL.split(job.title)[0] for job in ranked[room:])
    told = []
    if spare:
        named = "、".join(name for name, _ in spare.most_common(4))
        told = [f"人手有限，每个群只留最要紧的几件；这周先不排：{named}"]
    within = _within_capacity(kept, situation)
    if left := {job.group for job in kept} - {job.group for job in jobs if job.id in within}:
        told.append(f"按每人每天的工作量，这周有 {len(left)} 个群排不到，请加人、并群，或分批来")
    return tuple(job for job in jobs if job.id in within), told


def _within_capacity(jobs: Sequence[Job], situation: Situation) -> set[str]:
    """The ids of the jobs that a week of this team can hold; fixed ones and those called for first."""
    loads = [one.hours.minutes_a_day or catalogue().load for one in situation.people]
    left = sum(loads) * len(week_days(situation)) if loads else sum(job.minutes for job in jobs)
    within: set[str] = set()
    for job in sorted(jobs, key=lambda job: (not job.fixed, bool(job.group), -job.row.weight)):
        if job.fixed or job.minutes <= left:
            left -= job.minutes
            within.add(job.id)
    return within


def _placed(jobs: Sequence[Job], situation: Situation) -> Schedule:
    """The schedule of these jobs under the limits."""
    actions = []
    places = Places(situation)
    turns: Counter[str] = Counter()
    ids = {job.id for job in jobs}
    kickoff = next((job for job in jobs if job.key == "kickoff"), None)
    few = len(situation.groups) < catalogue().many_groups
    first = few and kickoff is not None and any(one.day == situation.week[0] for one in places.of(kickoff)[0])
    own = shared_out(jobs, places, situation)
    for job in jobs:
        found, blocked = places.of(job, turns[job.row.duty[0]])
        turns[job.row.duty[0]] += 1
        found = own.get(job.id, found)
        after = tuple((link, gap) for link, gap in job.after if link in ids)
        if kickoff and first and job is not kickoff and not job.fixed:
            after = (*after, (kickoff.id, kickoff.minutes))
        actions.append(
            Action(
                id=job.id,
                group=job.group,
                kind=job.row.kind,
                minutes=job.minutes,
                weight=job.row.weight
                + (10 if job.answers or job.instead_of or job.aim or job.key == "clear_unanswered" else 0),
                required=job.required,
                openings=found,
                after=after,
                posts=job.row.posts,
                theme=job.key if job.row.kind == "content" and job.row.posts else "",
                blocked=blocked,
            )
        )
    return schedule(tuple(actions), _limits(jobs, situation))


_LABEL = re.compile(r"[：（，]")
SPACING = 60
CROWD = 60  # groups of one team from which on each gets the barest service


def _limits(jobs: Sequence[Job], situation: Situation) -> Limits:
    """Spacing, daily caps, shares and loads; what the operator has set closer together stays possible."""
    set_at = sorted({(job.days[0], job.minute) for job in jobs if job.fixed and job.minute is not None})
    gaps = [(later[1] or 0) - (earlier[1] or 0) for earlier, later in pairwise(set_at) if earlier[0] == later[0]]
    a_day = Counter((job.group, job.days[0]) for job in jobs if job.fixed)
    posts = max(catalogue().posts_a_day, *a_day.values(), 0) if a_day else catalogue().posts_a_day
    loads = {one.name: one.hours.minutes_a_day or catalogue().load for one in situation.people if one.name}
    for job in jobs:
        if job.owner in loads and job.fixed:
            loads[job.owner] = max(loads[job.owner], job.minutes)
    same = {
        frozenset({group.name, *group.same_people_as} & {one.name for one in situation.groups})
        for group in situation.groups
    }
    return Limits(
        spacing=min([SPACING, *(gap for gap in gaps if gap > 0)]),
        posts_a_day=posts,
        promotions_a_day=1,
        promotion_share=catalogue().promotion_share,
        load=loads,
        same_people=tuple(sorted((names for names in same if len(names) > 1), key=sorted)),
        shared_posts_a_day=posts,
    )


def _slot(name: str, job: Job, placed: Placed | Opening, fill: "Fill", situation: Situation) -> Slot:
    """One line of the plan, filled with the brief's words."""
    owner = next((one for one in situation.people if one.name == placed.owner), None)
    timed = job.fixed or owner is None or known_hours(owner) or job.row.posts
    return compose_slot(
        name, job, placed.day, placed.minute if timed else None, placed.owner, assets_for(job, situation), fill
    )


def _plainly(job: Job) -> str:
    """What a job does about what members said, in a few words for them."""
    return f"我们会{job.row.told or '安排'}"


def _share(slots: Sequence[Slot]) -> tuple[str, int]:
    """How many of the posts sell something: `1/14`, and the number."""
    posts = [slot for slot in slots if slot.message]
    promotions = sum(slot.kind == "promotion" for slot in posts)
    return f"{promotions}/{len(posts)}", promotions


def _told(
    refusal: Refusal, share: str, promotions: int, replaced: dict[str, set[str]], situation: Situation
) -> Refusal:
    """A refusal with the plan's own counts, and the slots that take the wish's place."""
    useful = [
        named(figure)
        for figure in situation.figures
        if about_of(figure) in ("unanswered", "slow", "repeated", "enabled", "checkin", "attendance", "complaints")
    ]
    counted = f"这周排 {promotions} 条，占对群消息的 {share}" if promotions else "这周一条也不排"
    instead = refusal.instead.replace("{counted}", counted)
    instead = instead.replace("{measures}", "、".join(useful) or "还没答的问题数、参加的人数")
    words = set(refusal.words.split("；"))
    taken = tuple(slot for slot, instead_of in replaced.items() if words & instead_of)
    return refusal.model_copy(update={"instead": instead, "slots": taken})


def _objective(situation: Situation) -> str:
    weekly = "；".join(plain(said.text) for said in situation.week_goals)
    monthly = "；".join(plain(said.text) for said in situation.goals)
    if weekly and monthly:
        return f"{weekly}（为了：{monthly}）"
    return weekly or monthly or "【待补充:这周的目标】"


def _unowned(slots: Sequence[Slot]) -> list[str]:
    days: dict[str, list[str]] = {}
    for slot in slots:
        if not slot.owner and slot.day:
            days.setdefault(slot.action, []).append(say_day(slot.day))
    return [
        f"{'、'.join(dict.fromkeys(when))}“{action}”没有人手的时间对得上，谁来负责？" for action, when in days.items()
    ]
