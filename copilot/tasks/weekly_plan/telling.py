"""What is told beside the slots: what found no place and why, what is special about a day, shares, sums and the calendar."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from copilot.facts.calendar import Unpublished, is_workday
from copilot.tasks.weekly_plan.catalogue import catalogue, found
from copilot.tasks.weekly_plan.fitting import on_trial, plain
from copilot.tasks.weekly_plan.job import Job
from copilot.tasks.weekly_plan.plan import Slot
from copilot.tasks.weekly_plan.scheduling.openings import working_spans
from copilot.tasks.weekly_plan.scheduling.week import Relaxation, Schedule
from copilot.tasks.weekly_plan.situation import Deadline, Situation
from copilot.tasks.weekly_plan.week import say_day, week_days

_REASONS = {
    "hours": "{what}没有合适的时间",
    "load": "{what}这几天已经排满",
    "spacing": "和别的消息挨得太近",
    "posts_a_day": "当天的消息已经够多",
    "promotion": "营销消息已到上限",
    "promotion_share": "营销消息已到上限",
    "after": "前一步还没完成",
    "quiet": "只剩下不打扰的时间",
}


def unplaced_lines(outcome: Schedule, jobs: dict[str, Job]) -> Iterator[str]:
    """What has no place, why, and what would have to give way."""
    told: dict[str, list[str]] = {}
    for one in outcome.unplaced:
        job = jobs[one.action]
        name = job.title
        code, _, what = one.reason.partition(":")
        reason = _REASONS.get(code, "这周的时间和人手放不下").format(what=what or "负责的人")
        relaxed = "；".join(dict.fromkeys(words for relaxation in one.relax if (words := _relaxed(relaxation))))
        line = f"没有排进来：{reason}" + (f"。要排的话，可以放宽：{relaxed}" if relaxed else "")
        told.setdefault(f"“{name}”\n{line}", []).append(job.group)
    for line, groups in told.items():
        name, _, why = line.partition("\n")
        named = [group for group in groups if group]
        yield name + (f"（{len(named)} 个群：{'、'.join(named[:3])}…）" if len(named) > 3 else "") + why


def _relaxed(relaxation: Relaxation) -> str:
    if relaxation.code not in _GIVES:
        return ""
    names = "、".join(_plain_day(about) for about in relaxation.about if about)
    amounts = (
        f"（要 {relaxation.needs}，现在是 {relaxation.allowed}）"
        if relaxation.needs and relaxation.allowed and relaxation.needs > 0
        else ""
    )
    return _GIVES[relaxation.code].format(names=names or "负责的人") + amounts


def _plain_day(about: str) -> str:
    try:
        return say_day(date.fromisoformat(about))
    except ValueError:
        return about


_GIVES = {
    "hours": "{names}的可用时间",
    "load": "{names}每天的工作量",
    "week_load": "{names}一周的工作量",
    "overlap": "{names}同一时间只做一件事",
    "spacing": "两条消息的间隔",
    "posts_a_day": "一天的消息条数",
    "promotions_a_day": "一天的营销条数",
    "promotion_share": "营销消息的占比",
    "shared_posts_a_day": "同一批人一天收到的条数",
    "theme": "同一内容当天只发一个群",
}


def days_told(slots: Sequence[Slot], situation: Situation) -> dict[str, str]:
    """Every day of the week, with why it is empty or what is special about it; ISO dates as keys."""
    busy = {slot.day for slot in slots}
    told: dict[str, str] = {}
    for day in week_days(situation):
        closed = any(day.isoweekday() in quiet.closed_weekdays for group in situation.groups for quiet in group.quiet)
        words = [_official(day), _unattended(day, situation)]
        if day not in busy and not words[1]:
            words.append("按限制这天不发消息" if closed else "空档：留给临时的事和答疑")
        elif closed:
            words.append("按限制这天不发消息，只有团队自己的事")
        told[day.isoformat()] = "；".join(word for word in words if word)
    return told


def _unattended(day: date, situation: Situation) -> str:
    """That nobody who has told their hours is there on a day."""
    people = [one for one in situation.people if one.hours.stated]
    if not people or any(working_spans(one.hours, day) for one in people):
        return ""
    who = "" if len(people) == len(situation.people) else "写了时间的人都不在，"
    return f"{who}这天没有人手值守，问题留到下一个有人的时段先回"


def _official(day: date) -> str:
    try:
        works = is_workday(day)
    except Unpublished:
        return ""
    if works and day.isoweekday() > 5:
        return "调休，当天上班"
    return "法定节假日，放假" if not works and day.isoweekday() <= 5 else ""


def notes_of(situation: Situation, slots: Sequence[Slot], share: str, left_out: Sequence[str]) -> list[str]:
    """Computed lines: shares, days left, the budget's formula, the calendar's end, what is left out."""
    notes = list(left_out)
    if len(situation.groups) >= catalogue().many_groups:
        people = f"{len(situation.people)} 个人" if situation.people else "没写人手"
        notes.insert(0, f"{people}带 {len(situation.groups)} 个群：内容写一次各群共用，每个群先保证有人答、有汇总")
    posts = sum(bool(slot.message) for slot in slots)
    promotions = int(share.partition("/")[0])
    if not promotions:
        notes.append(f"本周商品/营销 0 条，占发群内容 0%（共 {posts} 条）")
    else:
        percent = round(100 * promotions / posts)
        notes.append(f"本周商品/营销 {promotions} 条，占发群内容 {percent}%（{share}）；营销每天最多 1 条")
    for deadline in situation.deadlines:
        left = (deadline.day - situation.week[1]).days
        if left > 0:
            notes.append(_backward(deadline, left, situation))
    notes += _budget(situation)
    notes += _calendar_notes(situation)
    if situation.week_given is False:
        first, last = situation.week
        notes.append(f"没有写是哪一周，按 {say_day(first)} 到 {say_day(last)} 排，不对请改")
    return notes


def _backward(deadline: Deadline, left: int, situation: Situation) -> str:
    """The steps from a deadline back to this week, each with the dates between which it belongs."""
    trial = any(on_trial(situation, group) for group in situation.groups)
    rows = catalogue().backward
    steps = next(
        row.steps
        for row in rows
        if (row.trial is None or row.trial == trial) and (not row.find or found(row.find, deadline.name))
    )
    told = [f"{say_day(deadline.day)} {steps[0]}"]
    start = situation.week[1] + timedelta(days=1)
    between = [step for step in steps[1:] if step != steps[-1]]
    days = (deadline.day - start).days
    for place, step in enumerate(between):
        last = deadline.day - timedelta(days=1 + days * place // len(between))
        first = max(start, deadline.day - timedelta(days=days * (place + 1) // len(between)))
        if first <= last:
            told.append(f"{say_day(first)}至{say_day(last)} {step}")
    told.append(f"这周 {steps[-1]}")
    return f"倒推“{plain(deadline.name)}”（这周结束时还剩 {left} 天）：" + " ← ".join(told)


def _budget(situation: Situation) -> list[str]:
    """What may be spent, as a sum that the operator can finish."""
    if situation.budget is None:
        return []
    if situation.budget == 0:
        return ["没有预算：这周不排任何花钱的动作"]
    said = "\n".join(one.text for one in (*situation.assets, *situation.notes, *situation.constraints))
    price = re.search(r"(?:单价|每份|每个|每件|一份)\s*[：:]?\s*(\d+(?:\.\d+)?)\s*元", said)
    people = next((group.members for group in situation.groups if group.members), None)
    if price and people:
        total = people * float(price[1])
        verdict = "在预算内" if total <= situation.budget else "超出预算，要减份数"
        return [f"预算算式：{people} 份 × {price[1]} 元 = {total:g} 元，预算 {situation.budget} 元，{verdict}"]
    count = f"{people} 人（每人一份）" if people and people <= situation.budget else "【待补充:份数】"
    return [f"预算算式：{count} × 【待补充:单价】 ≤ {situation.budget} 元；超出就减份数，单价问清再买"]


def _calendar_notes(situation: Situation) -> list[str]:
    try:
        for day in week_days(situation):
            is_workday(day)
    except Unpublished:
        return ["本机的放假数据没有到这一周，放假和调休按普通的周几排，请对照官方通知"]
    special = [f"{say_day(day)}{words}" for day in week_days(situation) if (words := _official(day))]
    return [f"放假和调休：{'；'.join(special)}"] if special else []
