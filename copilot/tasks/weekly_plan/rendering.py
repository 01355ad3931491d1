"""The plan as text: one sheet that reads well in a work chat, and one message for each posting slot; and the plan as JSON."""

from collections.abc import Callable, Iterator, Sequence
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
    for day in plan.days:
        slots = [slot for slot in plan.slots if slot.day and slot.day.isoformat() == day]
        note = plan.days[day]
        yield f"▪ {_heading(plan, day)}" + (f"｜{note}" if note else "")
        for slot in sorted(slots, key=lambda slot: slot.start if slot.start is not None else -1):
            yield from _lines(slot, groups)


def _heading(plan: WeeklyPlan, day: str) -> str:
    from datetime import date

    return say_day(date.fromisoformat(day))


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
    """One part a message; the same words for several groups at one time are one part."""
    texts = {message.id: message.text for message in words.messages}
    parts: dict[tuple[str, str, str], Part] = {}
    for slot in plan.slots:
        text = texts.get(slot.id, "")
        if not text or slot.day is None:
            continue
        when = f"{say_day(slot.day)}" + (f" {say_clock(slot.start)}" if slot.start is not None else "")
        key = (when if groups <= 1 else "", slot.action, text)
        if key in parts:
            known = parts[key]
            parts[key] = known.model_copy(update={"title": f"{known.title}；{slot.group} {when}"})
            continue
        group = f"{slot.group} " if groups > 1 else ""
        parts[key] = Part(name=slot.id, title=f"{group}{when} · {slot.action}（发群里）", readers="group", text=text)
    return tuple(parts.values())


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
