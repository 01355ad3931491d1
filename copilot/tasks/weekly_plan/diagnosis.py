"""What the brief's own figures and voices say about the group, what is looked at, and the review sheet."""

import re
from collections.abc import Iterator, Sequence

from copilot.tasks.weekly_plan.aims import Aim
from copilot.tasks.weekly_plan.catalogue import catalogue, found, judgement
from copilot.tasks.weekly_plan.fitting import about_of, named, plain, words_of
from copilot.tasks.weekly_plan.judgement import Verdict
from copilot.tasks.weekly_plan.listening import rows_for, topic_of
from copilot.tasks.weekly_plan.plan import Measure, Review, Slot
from copilot.tasks.weekly_plan.situation import Figure, Situation

FOCUS_LINES = 3


def diagnose(situation: Situation) -> tuple[str, ...]:
    """Causes to look into, each with the brief's own figures and voices; all three kinds where a group is fading."""
    fading = any(group.stage in ("fading", "dead") for group in situation.groups)
    lines = []
    for cause in judgement().diagnosis.values():
        figures = [figure for figure in situation.figures if about_of(figure) in cause.figures]
        voices = [said.text.strip("“”") for said in situation.voices if _kinds(said.text) & set(cause.voices)]
        evidence = [_figure(figure) for figure in figures] + [f"群友说“{voice}”" for voice in voices[:2]]
        if evidence:
            lines.append(f"{cause.name}：{'；'.join(evidence)}。{cause.say}")
        elif fading:
            lines.append(f"{cause.name}：材料里没有直接的数，先私下问几位再判断。{cause.say}")
    return tuple(lines)


def _kinds(voice: str) -> set[str]:
    kinds = {row.id for row in rows_for(voice)}
    return kinds | ({"topic"} if topic_of(voice) else set())


def _figure(figure: Figure) -> str:
    sampled = found(judgement().sampling, figure.name + figure.value)
    limit = "（只是抽样，看个大概，不当全体的数）" if sampled else ""
    return f"{named(figure)} {figure.value}{limit}"


def focus_of(situation: Situation, verdict: Verdict, slots: Sequence[Slot]) -> tuple[str, ...]:
    """Three points at most: what is owed to members, what the week's goal needs, and what it leads to."""
    if verdict.closing and len(verdict.closing) == len(situation.groups):
        return ("先定去处和日期，再对大家说", "把资料和精华留下来", "好好告别，去哪里由每个人自己选")
    lines = []
    by_action = {slot.rule: slot for slot in slots}
    aims = verdict.aims
    lines += [f"冲着“{aim.text}”来：{_steps(aim, slots)}" for aim in aims[:2] if _steps(aim, slots)]
    owed_kinds = ("unanswered", "slow", "repeated", "complaints")
    owed = [figure for figure in situation.figures if about_of(figure) in owed_kinds and figure.number != 0]
    owed.sort(key=lambda figure: owed_kinds.index(about_of(figure)))
    if owed:
        lines.append(f"先补欠账：{'、'.join(f'{named(one)} {one.value}' for one in owed[:2])}，每一条都有人接")
    answered = [slot for slot in slots if slot.answers and slot.rule != "feedback-to-adjust"]
    answered.sort(key=lambda slot: slot.kind != "content")
    if answered:
        lines.append(f"回应群友提的：{'；'.join(dict.fromkeys(_short(slot.action) for slot in answered[:3]))}")
    lines += [plain(said.text) for said in situation.week_goals[:1] if not aims]
    if "trial-officer-case" in by_action:
        lines.append("体验按“招募→名单→寄出→收内容”一步步走，好坏都收")
    if any(group.stage in ("new", "launch") for group in situation.groups):
        lines.append("让刚来的人知道这里做什么、怎么参与")
    if any(group.stage == "fading" for group in situation.groups):
        lines.append("先给有用的内容，再请人做一件省力的事")
    lines += ["固定时间出一条精华，少而有用", "问了有人答，说了有回音"]
    return tuple(dict.fromkeys(lines))[:FOCUS_LINES]


def _steps(aim: Aim, slots: Sequence[Slot]) -> str:
    """What the plan does for an aim, in the order of the week."""
    about = f"直接对应周目标“{aim.text}”"
    names = [re.split(r"[：（，]", slot.action)[0] for slot in slots if about in slot.purpose]
    return "→".join(dict.fromkeys(names))


def _short(action: str) -> str:
    return action if action.startswith(("专题", "培训")) else re.split(r"[：（，]", action)[0]


def measures_of(situation: Situation, aims: Sequence[Aim] = ()) -> tuple[Measure, ...]:
    """What the goals name, with the target that the brief states, and its own figures; else counts anybody can make."""
    aimed = [
        Measure(
            name=f"周目标“{aim.text}”",
            now=aim.before,
            count=f"目标：{aim.target}（你写的）；按不重复的人、件数计，只报实数",
        )
        for aim in {aim.text: aim for aim in aims if aim.target}.values()
    ]
    known = [
        Measure(name=named(one), now=one.value, count="按上周同样的口径数，只记结果，不预先承诺")
        for one in situation.figures
    ]
    if not known:
        goals = words_of(situation, ("goals",))
        known = [
            Measure(name=count.name, count="按不重复的人数计，一个人算一次")
            for count in catalogue().counts
            if found(count.find, goals)
        ] or ([] if aimed else [Measure(name="参加的人数", count="按不重复的人数计，一个人算一次")])
        known += [
            Measure(name="提问数和没答上的条数", count="收尾那天翻一遍群，逐条数"),
        ]
    return (*aimed, *known)


def review_of(situation: Situation, slots: Sequence[Slot], aims: Sequence[Aim] = ()) -> Review:
    """The review sheet: three questions about this very plan, and what to carry over."""
    done = ["照表做到了哪几条？" + _named(slots, ("service", "interaction"))]
    done += [f"“{plain(said.text)}”做到哪一步？照实写数，不估" for said in situation.week_goals]
    not_done = ["哪几条没做，是人手、时间不对，还是本来就不该做？", "群友提的事还有哪些没回音？"]
    learned = ["哪一条回应最多、为什么？下周留什么、停什么、改什么？"]
    next_week = ["没做完的先问原因，再决定要不要放进下周"]
    next_week += [f"“{slot.action}”在复盘以后才办，办完把结果补进来" for slot in _after_review(slots)]
    next_week += [f"接着往“{deadline.name}”推：看这周的结果，再排下一步" for deadline in situation.deadlines]
    return Review(
        done=tuple(done),
        not_done=tuple(not_done),
        learned=tuple(learned),
        figures=measures_of(situation, aims),
        next_week=tuple(next_week),
    )


def _after_review(slots: Sequence[Slot]) -> Iterator[Slot]:
    """The fixed events that are still to come, or still running, when the week is reviewed."""
    held = next((slot for slot in slots if slot.kind == "review" and slot.day), None)
    for slot in slots if held else ():
        if slot.fixed and slot.day and held and slot.day == held.day and (slot.start or 0) >= (held.start or 0):
            yield slot


def _named(slots: Sequence[Slot], kinds: tuple[str, ...]) -> str:
    names = list(dict.fromkeys(_short(slot.action) for slot in slots if slot.kind in kinds))[:3]
    return f"（尤其是：{'；'.join(names)}）" if names else ""
