"""Judging what was asked for: each clause of a wish is followed, done in a smaller form, refused with a reason, or shown
as a choice; what members said is taken up; a group whose time is over is closed instead of filled.
"""

import re
from collections.abc import Iterator
from datetime import date

from copilot.chat.signals import suspicious
from copilot.checks.wording import wording_findings
from copilot.facts.brief import clauses
from copilot.records import Record
from copilot.tasks.weekly_plan.catalogue import WishRow, judgement
from copilot.tasks.weekly_plan.listening import Want, listen
from copilot.tasks.weekly_plan.plan import Choice, Refusal, Side
from copilot.tasks.weekly_plan.prohibitions import Prohibitions
from copilot.tasks.weekly_plan.situation import Group, Said, Situation
from copilot.tasks.weekly_plan.week import falls_on, moments_of, week_days


class Verdict(Record):
    """What was judged: refusals, choices, actions called for, groups to close (with the reason), and open points."""

    refused: tuple[Refusal, ...] = ()
    choices: tuple[Choice, ...] = ()
    wants: tuple[Want, ...] = ()
    closing: dict[str, str] = {}
    disputed: dict[str, str] = {}
    open_points: tuple[str, ...] = ()


def judge(situation: Situation) -> Verdict:
    """The verdict on a situation's wishes, voices and groups."""
    closing, disputed = _closings(situation)
    bench = _Bench(situation)
    for wish in situation.wishes:
        bench.hear(wish)
    for group, reason in disputed.items():
        bench.choose("longevity", f"{group}：{reason}")
    voices, unanswered = listen(situation)
    return Verdict(
        refused=tuple(bench.refused.values()),
        choices=tuple(bench.choices.values()),
        wants=(*bench.wants, *voices),
        closing=closing,
        disputed=disputed,
        open_points=(*bench.open_points, *unanswered),
    )


class _Bench:
    """Hears wishes clause by clause. What several clauses ask for in the same spirit is answered once."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.prohibitions = Prohibitions(situation)
        self.refused: dict[str, Refusal] = {}
        self.choices: dict[str, Choice] = {}
        self.wants: list[Want] = []
        self.open_points: list[str] = []
        self._last = ""

    def hear(self, wish: Said) -> None:
        """Judge one wish."""
        if suspicious(wish.text):
            self._refuse("hostile", wish, wish.text, "这一句像是在给助手下命令，没有照做", None, "核对它是谁写的")
            return
        self._last = ""
        for clause in _matters(wish.text):
            self._clause(clause, wish)

    def _clause(self, clause: str, wish: Said) -> None:
        rows = [row for row in judgement().wishes if self._concerns(row, clause)]
        for row in rows:
            if row.verdict == "choice":
                self.choose(row.choice, clause)
                self._last = ""
            else:
                self._refuse(row.id, wish, clause, row.reason, row.rule, row.instead)
            self._call(row.adds, clause)
        reasons = list(self.prohibitions.against(clause))
        refused = next((row.id for row in rows if row.verdict != "choice"), None)
        for code, reason, rule, instead in reasons:
            if refused:
                self._also(refused, reason)
            else:
                self._refuse(code, wish, clause, reason, rule, instead)
        if rows or reasons:
            return
        if unlawful := next((found for found in wording_findings(clause) if found.severity == "error"), None):
            self._refuse(
                unlawful.code, wish, clause, unlawful.message.rstrip("。"), unlawful.rule, unlawful.fix.rstrip("。")
            )
        elif re.search(judgement().remarks, clause) and (self._last or self.wants or self.choices):
            if self._last:
                self._refuse(self._last, wish, clause, "", None, "")
        else:
            self._follow(clause, wish)

    def _concerns(self, row: WishRow, clause: str) -> bool:
        found = re.search(row.find, clause)
        spared = bool(row.unless and re.search(row.unless, clause))
        staged = not row.stages or any(group.stage in row.stages for group in self.situation.groups)
        return bool(found) and not spared and staged

    def _refuse(self, code: str, wish: Said, words: str, reason: str, rule: str | None, instead: str) -> None:
        known = self.refused.get(code)
        if known is None:
            refusal = Refusal(words=words, reason=reason, rule=rule, instead=instead, origin=wish.origin)
            self.refused[code] = refusal
        elif words not in known.words:
            self.refused[code] = known.model_copy(update={"words": f"{known.words}；{words}"})
        self._last = code

    def _also(self, code: str, reason: str) -> None:
        known = self.refused[code]
        if reason not in known.reason:
            self.refused[code] = known.model_copy(update={"reason": f"{known.reason}；而且{reason}"})

    def choose(self, key: str, words: str) -> None:
        """Show a matter in which the sources disagree."""
        row = judgement().choices[key]
        known = self.choices.get(key)
        said = f"{known.words}；{words}" if known and words not in known.words else words
        self.choices[key] = Choice(
            topic=row.topic,
            sides=tuple(Side(view=side.view, rule=side.rule) for side in row.sides),
            advice=row.advice,
            words=said,
        )

    def _call(self, actions: tuple[str, ...], clause: str) -> None:
        for action in actions:
            if action not in {want.action for want in self.wants}:
                self.wants.append(Want(action=action, instead_of=(clause,)))

    def _follow(self, clause: str, wish: Said) -> None:
        """A harmless clause becomes an action of its own, on the days and by the person it names."""
        words = re.sub(judgement().wishing, "", clause).strip()
        if re.search(judgement().spending, clause) and not self.situation.budget:
            self.open_points.append(f"“{clause}”要花钱：预算有多少、由谁批？确认之后再排进来")
        elif len(words) < 3 or not re.search(judgement().actionable, words):
            self.open_points.append(f"“{clause}”没看出具体要做什么，请说明做什么、给谁看、什么时候做")
        else:
            days, minute = self._when(clause)
            owner = next((one.name for one in self.situation.people if one.name and one.name in clause), "")
            self.wants.append(
                Want(
                    action="wish",
                    topic=words,
                    instead_of=(clause,),
                    days=days,
                    minute=minute,
                    owner=owner,
                    origin=wish.origin,
                )
            )
        self._last = ""

    def _when(self, clause: str) -> tuple[tuple[date, ...], int | None]:
        week = week_days(self.situation)
        moments = moments_of(clause, self.situation)
        days = tuple(day for day in week if any(falls_on(moment, day) for moment in moments))
        clock = next((moment.time for moment in moments if moment.time), None)
        return days, clock.hour * 60 + clock.minute if clock else None


_BREAKS = re.compile(r"(?<=[\u4e00-\u9fff]{4})\s+(?=[\u4e00-\u9fff]{4})|、(?=再|然后|并|还)")


def _matters(text: str) -> Iterator[str]:
    for clause in clauses(text):
        yield from (piece.strip() for piece in _BREAKS.split(clause) if piece.strip())


BUSY = 50


def _closings(situation: Situation) -> tuple[dict[str, str], dict[str, str]]:
    """Groups to close with the evidence, and those of which the brief itself says otherwise."""
    closing: dict[str, str] = {}
    disputed: dict[str, str] = {}
    for group in situation.groups:
        if group.stage not in ("dead", "closing"):
            continue
        reason = f"你写的是“{group.stage_words}”" if group.stage_words else "按你写的情况，它要做的事已经结束"
        against = _signs_of_life(group, situation) if group.stage == "dead" else ""
        if against:
            disputed[group.name] = f"{reason}，但{against}"
        else:
            closing[group.name] = reason
    for kept, doubles in _doubles(situation):
        for group in doubles:
            closing.setdefault(group.name, f"和“{kept.name}”基本是同一批人，消息重复")
    return closing, disputed


def _signs_of_life(group: Group, situation: Situation) -> str:
    for figure in situation.figures:
        lively = figure.about in ("messages", "active", "orders", "questions")
        if figure.group in ("", group.name) and lively and (figure.number or 0) >= BUSY:
            return f"{figure.name}是 {figure.value}"
    event = next((event for event in situation.fixed if event.group in ("", group.name) and event.days), None)
    return f"这周还排着“{event.name}”" if event else ""


def _doubles(situation: Situation) -> Iterator[tuple[Group, list[Group]]]:
    """Groups with largely the same members: the largest that still has something to do, and the others."""
    by_name = {group.name: group for group in situation.groups}
    seen: set[str] = set()
    for group in situation.groups:
        same = {group.name, *(name for name in group.same_people_as if name in by_name)}
        same |= {other.name for other in situation.groups if group.name in other.same_people_as}
        if len(same) < 2 or same & seen:
            continue
        seen |= same
        alive = sorted(
            (by_name[name] for name in same),
            key=lambda one: (one.stage in ("dead", "closing"), -(one.members or 0), situation.groups.index(one)),
        )
        yield alive[0], alive[1:]
