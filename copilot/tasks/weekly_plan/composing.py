"""The words of a plan: each slot's line for the team and its message for the group, from the brief's words and placeholders."""

import re
from datetime import date

from copilot.records import Missing
from copilot.tasks.weekly_plan.catalogue import catalogue, found
from copilot.tasks.weekly_plan.fitting import about_of, figures_of, is_about_health, named, plain
from copilot.tasks.weekly_plan.job import Job
from copilot.tasks.weekly_plan.jobs import triggers
from copilot.tasks.weekly_plan.listening import gently, reply_to, topic_of
from copilot.tasks.weekly_plan.plan import PlanWords, Slot, SlotText, WeeklyPlan
from copilot.tasks.weekly_plan.situation import Group, Situation
from copilot.tasks.weekly_plan.staffing import helper_for, is_there, known_hours, roles_line
from copilot.tasks.weekly_plan.week import say_clock, say_day

LONGEST_ANSWER = 60


class Fill:
    """Fills the catalogue's templates; remembers what had to be asked for, and which words of the brief were used."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.asked: dict[str, Missing] = {}
        self.used: list[str] = []
        self.taken_up: dict[str, str] = {}

    def missing(self) -> tuple[Missing, ...]:
        """Everything that had to be asked for, once each."""
        return tuple(self.asked.values())

    def need(self, key: str) -> str:
        """The brief's own words that answer a need, or its placeholder, which is then asked for."""
        need = catalogue().needs[key]
        for said in (*self.situation.notes, *self.situation.assets):
            if len(said.text) <= LONGEST_ANSWER and found(need.answered, said.text):
                self.used.append(said.text)
                return said.text
        self.asked[key] = Missing(key=key, question=need.question, placeholder=need.placeholder)
        return need.placeholder

    def ask(self, key: str, question: str, words: str) -> str:
        """A placeholder for something only the operator can know."""
        placeholder = f"【待补充:{words}】"
        self.asked.setdefault(key, Missing(key=key, question=question, placeholder=placeholder))
        return placeholder


def compose_slot(
    name: str, job: Job, day: date, minute: int | None, owner: str, assets: tuple[str, ...], fill: Fill
) -> Slot:
    """One line of the plan with its offline message."""
    row = job.row
    group = _group(job, fill.situation)
    for key in row.needs:
        fill.need(key)
    message = _message(job, row.message, owner, assets, group, fill) if row.message else ""
    figures = [
        f"{named(figure)} {figure.value}"
        for figure in figures_of(job.group, fill.situation)
        if about_of(figure) in triggers(row)
    ]
    purpose = row.purpose + (f"（现状：{'、'.join(figures[:2])}）" if figures else "")
    if job.aim:
        purpose += f"；直接对应周目标“{plain(job.aim)}”"
    return Slot(
        id=name,
        group=job.group,
        day=day,
        start=minute,
        minutes=job.minutes,
        owner=owner,
        kind=row.kind,
        action=job.title,
        form=_form(job, assets),
        purpose=purpose,
        check=_check(job, fill.situation),
        material=_material(job, day, owner, assets, fill.situation),
        message=message,
        brief=_brief(job, job.title, day, minute, owner, group) if job.key in _ANNOUNCED else {},
        rule=row.rule,
        answers=job.answers,
        fixed=job.fixed,
        origin=job.origin,
    )


_ANNOUNCED = {
    "fixed", "session", "departure", "outage_notice", "warm_up", "training", "trial_recruit", "closing_announce",
    "answer_session", "offer", "signup_invite", "collect_invite", "inform_first", "release_warm", "wish_meet", "wish_notice",
}  # fmt: skip


def _check(job: Job, situation: Situation) -> str:
    """How one sees that it worked: counted, beside the goal that the operator has set."""
    text = job.row.check
    if job.target:
        return f"{text}；目标：{job.target}（你写的），只报实数"
    goal = next((said.text for said in situation.week_goals if re.search(r"\d", said.text)), "")
    compared = goal and job.key in ("survey", "encourage", "count_only")
    if job.key == "growth_gate":
        goals = "；".join(plain(said.text) for said in (*situation.goals, *situation.week_goals))
        mark = f"；对照你写的目标“{goals}”，扩之前要做到多少：【待补充:扩群标准】" if goals else "；具体数字由负责人定"
        return text.replace("{criterion}", mark)
    return text + (f"；对照周目标“{plain(goal)}”" if compared else "")


def _group(job: Job, situation: Situation) -> Group:
    return next((group for group in situation.groups if group.name == job.group), situation.groups[0])


def _form(job: Job, assets: tuple[str, ...]) -> str:
    """The form; where the brief has a film or a recording for it, that is used."""
    for words, form in (("视频", "短视频"), ("音频|录音", "音频"), ("直播", "直播"), ("海报", "海报＋文字")):
        if any(re.search(words, asset) for asset in assets) or (job.fixed and re.search(words, job.event)):
            return form
    return job.row.form


def _material(job: Job, day: date, owner: str, assets: tuple[str, ...], situation: Situation) -> str:
    ranking = _ranking(situation) if "{ranking}" in job.row.material else ""
    pieces = [job.row.material.replace("{assets}", "；".join(assets)).replace("{ranking}", ranking)]
    if assets and "{assets}" not in job.row.material:
        pieces.append("；".join(assets))
    if job.key in ("clear_unanswered", "clear_again"):
        counts = [one for one in figures_of(job.group, situation) if about_of(one) == "unanswered"]
        pieces += [f"现在是：{named(one)} {one.value}，早的先回" for one in counts[:1]]
    if job.key == "duty_roster":
        pieces.append(roles_line(situation))
    if job.row.kind in ("content", "promotion") and (helper := helper_for(("content", "design"), owner, situation)):
        hours = "" if known_hours(helper) else "，时间由本人定"
        pieces.append(f"{helper.name}提前备稿{hours}")
    helper = helper_for(("technical",), owner, situation) if job.fixed and job.minute is not None else None
    if helper and is_there(helper, day, job.minute or 0, job.minutes):
        pieces.append(f"现场支持：{helper.name}")
    return "；".join(piece for piece in pieces if piece)


def _ranking(situation: Situation) -> str:
    """What is asked most comes first: the brief's own counts of questions, in order."""
    asked = [
        one for one in situation.figures if one.number and (one.group or about_of(one) in ("repeated", "questions"))
    ]
    asked.sort(key=lambda one: -(one.number or 0))
    listed = "、".join(f"{named(one)} {one.value}" for one in asked[:6])
    return f"先写问得最多的：{listed}" if listed else "已有的材料、常问的问题"


def _message(job: Job, template: str, owner: str, assets: tuple[str, ...], group: Group, fill: Fill) -> str:
    row = job.row
    values = {
        "vocative": f"各位{_vocative(group)}",
        "vocative_short": _vocative(group),
        "group": "这个群" if not group.name or found(catalogue().nameless, group.name) else group.name,
        "topic": job.topic,
        "event": job.event,
        "event_when": job.event_when,
        "event_short": job.event,
        "clock": say_clock(job.clock) if job.clock is not None else "",
        "until": f"，{say_day(job.due)}前都可以" if job.due and _within(job.due, fill.situation) else "",
        "on": f"在 {say_day(job.due)} " if job.due and _within(job.due, fill.situation) else "近期",
        "owner": owner or (fill.ask("owner", "这一条由谁来讲？", "由谁来讲") if "{owner}" in template else ""),
        "option": f"专门讲讲：{job.topic}" if job.topic else _option(fill.situation),
        "heard": "\n".join(
            f"· {gently(voice)}：{fill.taken_up.get(voice) or reply_to(voice)}" for voice in job.answers
        ),
        "heard_plain": "\n".join(f"· {gently(voice)}" for voice in job.answers),
        "questions": "\n".join(f"· {gently(voice)}：【待补充:核实后的答复】" for voice in job.answers),
        "sample": "；".join(assets) or "【待补充:体验品和名额】",
        "caution": _caution(group) if row.kind != "ritual" else "",
        **{key: fill.need(key) for key in row.needs},
    }
    if assets:
        fill.used += assets
    return template.format_map(values).strip()


def _caution(group: Group) -> str:
    """What is said where words may touch somebody's body: ask a professional first."""
    if not is_about_health(group):
        return ""
    cautions = catalogue().cautions
    return "\n" + cautions.get(group.community, cautions["general"])


def _option(situation: Situation) -> str:
    topics = [topic for said in situation.voices if (topic := topic_of(said.text))]
    return f"专门讲讲：{topics[0]}" if topics else "实用的干货，一次讲一件"


def _within(day: date, situation: Situation) -> bool:
    return situation.week[0] <= day <= situation.week[1]


def _vocative(group: Group) -> str:
    """What the members are called: the brief's own word, else one that goes with the community."""
    own = found(catalogue().vocatives, f"{group.audience} {group.group_type} {group.name}")
    return own[1] if own else _MEMBERS.get(group.community, "朋友")


_MEMBERS = {"reading": "书友", "property": "邻居", "alumni": "校友", "cars": "车友", "game": "伙伴", "learning": "同学"}


def _brief(job: Job, action: str, day: date, minute: int | None, owner: str, group: Group) -> dict[str, str]:
    """What an announcement of this slot would be opened with: only what is settled."""
    when = job.event_when or say_day(day) + (f" {say_clock(minute)}" if minute is not None else "")
    fields = {
        "群名": group.name,
        "群类型": group.group_type,
        "目的": job.event or job.topic or action,
        "时间": when,
        "负责人": owner,
    }
    return {key: value for key, value in fields.items() if value}


def compose_words(plan: WeeklyPlan) -> PlanWords:
    """The offline words of a plan: its focus and the message of each slot that has one."""
    return PlanWords(
        focus=plan.focus,
        messages=tuple(SlotText(id=slot.id, text=slot.message) for slot in plan.slots if slot.message),
    )
