"""The plan as text: one sheet that reads well in a work chat, and one message for each posting slot; and the plan as JSON."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from copilot.records import Part
from copilot.tasks.weekly_plan.plan import Choice, Measure, PlanWords, Refusal, Slot, WeeklyPlan
from copilot.tasks.weekly_plan.week import say_clock, say_day

TITLES = (
    "看什么指标（现状是你给的数，目标只按你写的，不预先承诺）",
    "按上周同样的口径数，只记结果，不预先承诺",
    "数据（只用已有的口径，来源是你给的上周数据）",
    "：上周 ",
    " → 这周 ",
    "带到下周",
    "本周重点",
)  # the sheet's own words, which state no facts

Quote = Callable[[str | None], str]


def plan_text(plan: WeeklyPlan, words: PlanWords, groups: int, quote: Quote) -> str:
    """The sheet for the team, plain text."""
    first, last = plan.week
    blocks = [
        [f"本周：{first.year}年{say_day(first)} 至 {say_day(last)}", f"周目标：{plan.objective}"],
        _listed("本周重点", words.focus),
        _listed(TITLES[0], [_measure(one) for one in plan.measures]),
        _listed("先看问题出在哪", plan.diagnosis),
        _listed("这些群建议收尾，不再硬填内容", [f"{group}：{reason}" for group, reason in plan.closing.items()]),
        ["—— 逐日安排 ——", *_days(plan, groups)],
        _listed("同一条发几个群", shared_lines(plan)) if groups > 1 else [],
        _listed("没照做的要求，和替代做法", [_refusal(one, quote) for one in plan.refused]),
        _listed("两种说法，由你定", [line for one in plan.choices for line in _choice(one, quote)]),
        _listed("排不进来的", plan.unplaced),
        _listed("待确认", plan.open_points),
        _listed("人手", plan.staffing),
        _listed("说明", plan.notes),
        _review(plan),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    return [f"【{title}】", *(line if line.startswith("  ") else f"· {line}" for line in lines)] if lines else []


def _measure(one: Measure) -> str:
    now = f"，现状 {one.now}" if one.now else ""
    return f"{one.name}{now}（{one.count}）"


def _days(plan: WeeklyPlan, groups: int) -> Iterator[str]:
    told: set[tuple[str, str, str]] = set()
    for day in plan.days:
        slots = [slot for slot in plan.slots if slot.day and slot.day.isoformat() == day]
        note = plan.days[day]
        yield f"▪ {say_day(date.fromisoformat(day))}" + (f"｜{note}" if note else "")
        for slot in sorted(slots, key=lambda slot: slot.start if slot.start is not None else -1):
            same = (slot.group, slot.action, slot.message)
            again = slot.fixed and same in told
            told.add(same)
            lines = list(_lines(slot, groups))
            yield from (f"{lines[0]} · 同前",) if again else lines


def _lines(slot: Slot, groups: int) -> Iterator[str]:
    when = say_clock(slot.start) if slot.start is not None else "时间由本人定"
    group = f" · {slot.group or '全部群'}" if groups > 1 else ""
    form = f"（{slot.form}）" if slot.form else ""
    told = " · 发群里" if slot.message else " · 团队内部"
    yield f"{when}{group} · {slot.action}{form} · 负责人：{slot.owner or '【待补充:负责人】'}{told}"
    answers = f"；回应：{'、'.join(f'“{words}”' for words in slot.answers[:2])}" if slot.answers else ""
    material = f"｜物料：{slot.material}" if slot.material else ""
    yield f"  目的：{slot.purpose}{answers}｜检查点：{slot.check}{material}"


def _refusal(one: Refusal, quote: Quote) -> str:
    words = quote(one.rule)
    source = f"（手册：{words}）" if words else ""
    instead = f"；改为：{one.instead}" if one.instead else ""
    return f"“{one.words}”不照做：{one.reason}{source}{instead}"


def _choice(one: Choice, quote: Quote) -> Iterator[str]:
    yield one.topic + (f"（你的要求：“{one.words}”）" if one.words else "")
    for side in one.sides:
        words = quote(side.rule)
        yield "  " + side.view + (f"（手册：{words}）" if words else "")
    yield f"  建议：{one.advice}"


def _review(plan: WeeklyPlan) -> list[str]:
    review = plan.review
    figures = [f"{one.name}：上周 {one.now or '未提供'} → 这周 ____" for one in review.figures]
    return [
        "【复盘表】",
        "做到了什么",
        *(f"· {line}" for line in review.done),
        "没做到什么",
        *(f"· {line}" for line in review.not_done),
        "沉淀了哪些经验",
        *(f"· {line}" for line in review.learned),
        "数据（只用已有的口径，来源是你给的上周数据）",
        *(f"· {line}" for line in figures),
        "带到下周",
        *(f"· {line}" for line in review.next_week),
    ]


def message_parts(plan: WeeklyPlan, words: PlanWords, groups: int) -> tuple[Part, ...]:
    """One part a message; the same words several times, for several groups or on several days, are one part."""
    texts = {message.id: message.text for message in words.messages}
    alike: dict[tuple[str, str, str], list[Slot]] = {}
    for slot in plan.slots:
        text = texts.get(slot.id, "")
        if text and slot.day is not None:
            once = "" if slot.fixed or groups > 1 else slot.id
            alike.setdefault((once, slot.action, text), []).append(slot)
    return tuple(
        Part(name=slots[0].id, title=_title(slots, groups), readers="group", text=text)
        for (_, _, text), slots in alike.items()
    )


LONGEST_TITLE = 60


def _title(slots: Sequence[Slot], groups: int) -> str:
    """When and what, and how many groups or days share it; the list of them stands in the sheet."""
    first = slots[0]
    names = list(dict.fromkeys(slot.group for slot in slots))
    days = {slot.day for slot in slots}
    when = _when(first)
    if len(days) > 1 and len(names) == 1:
        clock = f" {say_clock(first.start)}" if first.start is not None else ""
        when = f"这周 {len(days)} 天{clock}"
    group = "" if groups <= 1 else f"{names[0]} " if len(names) == 1 else f"{len(names)} 个群 "
    when = "" if len(names) > 1 else f"{when} · "
    room = LONGEST_TITLE - len(f"{group}{when}（发群里）")
    action = first.action if len(first.action) <= room else f"{first.action[: max(8, room - 1)]}…"
    return f"{group}{when}{action}（发群里）"[:LONGEST_TITLE]


def _when(slot: Slot) -> str:
    clock = f" {say_clock(slot.start)}" if slot.start is not None else ""
    return f"{say_day(slot.day)}{clock}" if slot.day else ""


def shared_lines(plan: WeeklyPlan) -> list[str]:
    """Which groups get the same message, and when each does."""
    alike: dict[tuple[str, str], list[Slot]] = {}
    for slot in plan.slots:
        if slot.message:
            alike.setdefault((slot.action, slot.message), []).append(slot)
    return [
        f"{action}：" + "；".join(f"{slot.group} {_when(slot)}" for slot in slots)
        for (action, _), slots in alike.items()
        if len({slot.group for slot in slots}) > 1
    ]


def plan_json(plan: WeeklyPlan, words: PlanWords, quote: Quote) -> dict[str, Any]:
    """Everything of the plan as plain data: ISO dates, `HH:MM` times, each rule with its quote."""
    texts = {message.id: message.text for message in words.messages}
    data = plan.model_dump(mode="json")
    data["focus"] = list(words.focus)
    data["slots"] = [
        {
            **slot.model_dump(mode="json"),
            "start": say_clock(slot.start) if slot.start is not None else None,
            "weekday": say_day(slot.day)[-3:-1] if slot.day else "",
            "text": texts.get(slot.id, ""),
            "quote": quote(slot.rule),
        }
        for slot in plan.slots
    ]
    data["refused"] = [{**one.model_dump(mode="json"), "quote": quote(one.rule)} for one in plan.refused]
    for choice in data["choices"]:
        for side in choice["sides"]:
            side["quote"] = quote(side["rule"])
    return data
