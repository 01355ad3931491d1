"""What the week's goals are about, and the actions that serve them directly, planned back from the day they are due."""

import re
from collections.abc import Iterator
from datetime import date

from copilot.records import Record
from copilot.tasks.weekly_plan.catalogue import AimRow, catalogue, found
from copilot.tasks.weekly_plan.fitting import group_of, pairs_of, plain
from copilot.tasks.weekly_plan.listening import Want
from copilot.tasks.weekly_plan.situation import Group, Situation
from copilot.tasks.weekly_plan.week import falls_on, moments_of, week_days

MOST_AIMS = 3
_TARGET = re.compile(
    r"(?:[\d一二两三四五六七八九十百]+(?:\.\d+)?\s*(?:%|％|[份人位名个条次单户对件篇组本套张幅]|成(?!为|立|员|果|熟|功))|百分之[一二三四五六七八九十百]+|清零)"
)
_RISEN = re.compile(
    r"(?:提[升高]?[到至]|升[到至]|涨到|降[到至]|压[到至]|达到|[到至])\s*(\d+(?:\.\d+)?\s*(?:%|％|[份人位名个条次单户]))"
)
_BEFORE = re.compile(r"从\s*(?:现在|目前|上周)?的?\s*(\d+(?:\.\d+)?\s*(?:%|％|[份人位名个条次单户]))")
_WEEKLY = re.compile(r"^(?:this_?week|week(?:ly)?)\b|[本这]周", re.IGNORECASE)
_AHEAD = re.compile(r"([\u4e00-\u9fff]{2})(?:会|开始)?(?:之前|以前|前(?![台后端期]))")  # 停梯前, 展示会前
_DATED = re.compile(
    r"(?:周[一二三四五六日天]|\d+\s*月\s*\d*\s*[日号]?|\d+/\d+|\d+[:：]\d+|[（(][^）)]*[）)]|[本这下]周|月底)"
)


class Aim(Record):
    """One goal as far as it can be acted on: its kind, the operator's words, what members call it, number and day;
    `before` is the number it starts from.
    """

    row: AimRow
    text: str
    topic: str
    target: str = ""
    before: str = ""
    day: date | None = None
    group: str = ""


def aims_of(situation: Situation) -> tuple[Aim, ...]:
    """The goals that some action can serve directly: the week's own first, one of each kind."""
    chosen: dict[str, Aim] = {}
    nearest = sorted(situation.goals, key=lambda one: _distance(one.text, situation))
    for said in (*situation.week_goals, *nearest):
        if said in situation.goals and chosen and situation.week_goals:
            break
        for clause in re.split(r"[；;。\n]", plain(said.text)):
            for row in catalogue().aims:
                covered = row.id in chosen or any(row.id in aim.row.covers for aim in chosen.values())
                if len(chosen) < MOST_AIMS and not covered and _is_about(row, clause):
                    chosen[row.id] = _aim(row, clause, situation)
    return tuple(chosen.values())


def _distance(text: str, situation: Situation) -> int:
    """How near a goal is: this week's own, one that is due in it, others."""
    due = _due(text, situation)
    if _WEEKLY.search(text):
        return 0
    return 1 if due and due <= situation.week[1] else 2


def _is_about(row: AimRow, clause: str) -> bool:
    return bool(found(row.find, clause)) and not (row.unless and found(row.unless, clause))


def _aim(row: AimRow, clause: str, situation: Situation) -> Aim:
    undated = _DATED.sub(" ", clause)
    what = found(row.what, undated) if row.what else None
    risen, target, before = _RISEN.search(clause), _TARGET.search(clause), _BEFORE.search(clause)
    return Aim(
        row=row,
        text=clause.strip(),
        topic=next((one.strip() for one in what.groups() if one), row.plainly) if what else row.plainly,
        target=(risen[1] if risen else target[0] if target else "").strip(),
        before=before[1].strip() if before else "",
        day=_due(clause, situation),
        group=group_of(clause, situation),
    )


def _due(clause: str, situation: Situation) -> date | None:
    """The day a goal is due: one that it names, or that of a deadline with the same words."""
    week = week_days(situation)
    moments = moments_of(clause, situation)
    days = [day for day in week if any(falls_on(moment, day) for moment in moments)]
    if days:
        return days[0]
    ahead = {match[1] for match in _AHEAD.finditer(clause)}
    dated = [(one.name, one.day) for one in situation.deadlines]
    dated += [(one.name, one.days[0]) for one in situation.fixed if one.days]
    return next((day for name, day in dated if any(word in name for word in ahead) or _alike(name, clause)), None)


def _alike(name: str, clause: str) -> bool:
    shared = sum(pair in clause for pair in pairs_of(name))
    return shared >= max(2, len(name) // 2)


def wants_of(aims: tuple[Aim, ...], situation: Situation) -> Iterator[Want]:
    """The actions that serve the aims, each with the days on which it makes sense."""
    many = len(situation.groups) >= catalogue().many_groups
    for aim in aims:
        for key in aim.row.actions:
            row = catalogue().actions[key]
            due = row.due
            late = aim.day is not None and aim.day > situation.week[1]
            if (late and due in ("eve", "day", "after")) or (many and not aim.group and not row.core):
                continue
            days = days_for(due, aim.day, week_days(situation)) if aim.day and not late else ()
            yield Want(
                action=key, topic=aim.topic, group=aim.group, days=days, aim=aim.text, target=aim.target, due=aim.day
            )


def days_for(due: str, day: date, week: tuple[date, ...]) -> tuple[date, ...]:
    """The days of the week that stand so to the day something is due, best first."""
    before = [one for one in week if one < day] or [one for one in week if one <= day][:1]
    if due == "middle":
        middle = before[len(before) // 2]
        return tuple(sorted(before, key=lambda one: abs((one - middle).days)))
    if due == "eve":
        return tuple(reversed(before))
    if due == "day":
        return (day,)
    if due == "after":
        return tuple(one for one in week if one > day) or (day,)
    return tuple(before) if due == "before" else ()


def serves(group: Group, want: Want, situation: Situation) -> bool:
    """Whether an aim that names no group is this group's: a room of the team itself is not where members are asked."""
    others = any(one.community != "internal" for one in situation.groups)
    return not want.aim or bool(want.group) or group.community != "internal" or not others
