"""What the brief itself forbids: its bans, its own words of constraint, quiet times, people confined to one duty."""

import re
from collections.abc import Iterator
from functools import cache

from copilot.facts.brief import clauses
from copilot.lore import load_yaml
from copilot.tasks.weekly_plan.catalogue import found, judgement
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.week import moments_of

_NEGATION = re.compile(r"不(?:要|能|得|许|准|可以?|再)?|别|禁止?|勿|严禁|避免|杜绝|谢绝|没有?")
_FILLER = re.compile(r"(?:任何|在?群里|成员|大家|消息|本周|这周|一律|发|做|搞|用|写|[，。；、“”\s的了在])")
_OVERLAP = 0.75


@cache
def ban_objects() -> dict[str, re.Pattern[str]]:
    """What each ban is about, by its key."""
    objects: dict[str, str] = load_yaml("situations.yaml")["bans"]["objects"]
    return {key: re.compile(pattern) for key, pattern in objects.items()}


class Prohibitions:
    """Tells why the brief's own words speak against a clause of a wish."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.bans = {key: ban_objects()[key] for key in situation.bans if key in ban_objects()}
        self.constraints = [
            (said.text, core)
            for said in situation.constraints
            for clause in clauses(said.text)
            if _NEGATION.search(clause) and len(core := _core(clause)) >= 2
        ]

    def against(self, clause: str) -> Iterator[tuple[str, str, str | None, str]]:
        """(code, reason, rule, what is done instead) for each thing that stands against a clause."""
        if _NEGATION.match(clause):
            return
        if self.situation.budget == 0 and found(judgement().spending, clause):
            words = self.situation.budget_words or "没有预算"
            yield "budget", f"你写了“{words}”，这一项要花钱", "cost-efficiency", judgement().instead_of_bans["money"]
        elif conflict := self._constraint(clause):
            words, ban = conflict
            instead = judgement().instead_of_bans
            yield f"constraint:{words}", f"和你写的限制“{words}”冲突", None, instead.get(ban, instead["other"])
        if late := self._quiet(clause):
            yield "quiet", f"“{late}”在不打扰的时间里", "fixed-notice-time", "改到可以发消息的时间"
        for person in self.situation.people:
            if person.only and person.name and person.name in clause and not self._within_duty(person.duty, clause):
                reason = f"{person.name}的分工是“{person.duty}”，不安排别的事"
                yield f"only:{person.name}", reason, "plan-people-time-task", "交给分工合适的人"
        if "promises" in self.bans and found(judgement().promising, clause):
            yield "promise", "限制里写了不承诺", "acceptable-wording", "只说已经确定的，没定的说“还在确认”"

    def _constraint(self, clause: str) -> tuple[str, str] | None:
        """The constraint that a clause runs into, with its ban: by most of its words, or by what the ban is about."""
        for words, core in self.constraints:
            pairs = {core[at : at + 2] for at in range(len(core) - 1)}
            if sum(pair in clause for pair in pairs) >= _OVERLAP * len(pairs):
                return words, next((key for key, about in self.bans.items() if about.search(words)), "")
        for key, about in self.bans.items():
            if (named := about.search(clause)) and key not in ("weekend", "holidays", "promises", "voice"):
                texts = [text for text, _ in self.constraints if about.search(text)]
                texts.sort(key=lambda text: -sum(clause[at : at + 2] in text for at in range(len(clause) - 1)))
                return (texts[0] if texts else named[0]), key
        return None

    def _quiet(self, clause: str) -> str:
        for moment in moments_of(clause, self.situation):
            if moment.time is None or moment.bound == "before":
                continue
            minute = moment.time.hour * 60 + moment.time.minute
            quiet = [window for group in self.situation.groups for one in group.quiet for window in one.windows]
            weekdays = {window.weekday for window in quiet if window.start <= minute < window.end}
            if len(weekdays) == 7 or (moment.stated_weekday in weekdays):
                return moment.text
        return ""

    @staticmethod
    def _within_duty(duty: str, clause: str) -> bool:
        pairs = {duty[at : at + 2] for at in range(len(duty) - 1)} - {"处理", "负责", "仅处", "只处"}
        return any(pair in clause for pair in pairs)


def _core(clause: str) -> str:
    return re.sub(r"[^\w]", "", _FILLER.sub("", _NEGATION.sub("", clause)))
