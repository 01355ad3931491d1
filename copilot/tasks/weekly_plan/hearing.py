"""Hearing the wishes of whoever is in charge, clause by clause: refused, chosen, followed or asked about; none gets lost."""

import re
from collections.abc import Iterator
from datetime import date

from copilot.chat.signals import suspicious
from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.checks.wording import wording_findings
from copilot.facts.brief import clauses
from copilot.records import Finding
from copilot.tasks.weekly_plan.catalogue import WishRow, found, judgement, pattern
from copilot.tasks.weekly_plan.listening import Want
from copilot.tasks.weekly_plan.plan import Choice, Refusal, Side
from copilot.tasks.weekly_plan.prohibitions import Prohibitions
from copilot.tasks.weekly_plan.scheduling.openings import working_spans
from copilot.tasks.weekly_plan.situation import Said, Situation
from copilot.tasks.weekly_plan.staffing import known_hours
from copilot.tasks.weekly_plan.week import falls_on, moments_of, week_days

MANY_DAYS = 3  # what is wished for on more days than this is a daily ritual
_AGAINST = ("refuse", "limit")
_WORDY = re.compile(r"[\u4e00-\u9fff]{2}")
_COMMON = frozenset(
    [
        "每天",
        "天天",
        "大家",
        "群里",
        "我们",
        "他们",
        "一条",
        "消息",
        "什么",
        "这个",
        "那个",
        "文章",
        "东西",
        "内容",
        "可以",
        "一下",
    ]
)
_BREAKS = re.compile(r"(?<=[\u4e00-\u9fff]{4})\s+(?=[\u4e00-\u9fff]{4})|、(?=再|然后|并|还)")


def _matters(text: str) -> Iterator[str]:
    for clause in clauses(text):
        yield from (piece.strip() for piece in _BREAKS.split(clause) if piece.strip())


def against(words: str, situation: Situation) -> bool:
    """Whether any clause of these words is something that is not done."""
    rows = [row for row in judgement().wishes if row.verdict in _AGAINST]
    return any(concerns(row, clause, situation) for clause in _matters(words) for row in rows)


def concerns(row: WishRow, clause: str, situation: Situation) -> bool:
    """Whether a rule is about a clause: by its pattern, or by all words of one of its pairs."""
    words = judgement().words
    held = found(row.find, clause) or any(all(found(words[key], clause) for key in pair) for pair in row.pairs)
    spared = bool(row.unless and found(row.unless, clause))
    staged = not row.stages or any(group.stage in row.stages for group in situation.groups)
    return bool(held) and not spared and staged


class Bench:
    """Hears wishes clause by clause. What several clauses ask for in the same spirit is answered once."""

    def __init__(self, situation: Situation, own: OwnRules = NO_RULES) -> None:
        self.situation = situation
        self.own = own
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
        rows = [row for row in judgement().wishes if concerns(row, clause, self.situation)]
        if any(row.verdict in _AGAINST and not row.spare for row in rows):
            rows = [row for row in rows if not row.spare]
        refused = self._by_rows(rows, clause, wish)
        reasons = list(self.prohibitions.against(clause))
        for code, reason, rule, instead in reasons:
            if refused:
                self._also(refused, reason)
            else:
                self._refuse(code, wish, clause, reason, rule, instead)
        if rows and not reasons and self.situation.budget is None and found("奖", clause) and not self._asked(clause):
            self.open_points.append(f"“{clause}”里要花的钱、要送的东西由谁出、由谁批？没定之前不写进群")
        if not rows and not reasons:
            self._unruled(clause, wish)

    def _by_rows(self, rows: list[WishRow], clause: str, wish: Said) -> str:
        """What the rules say of a clause; the key of its refusal, to which further reasons are added, or ""."""
        refused = ""
        for row in rows:
            if row.verdict == "choice":
                self.choose(row.choice, clause)
                self._last = ""
            elif row.verdict == "ask":
                self.open_points.append(f"“{clause}”{row.reason}")
            elif refused:
                self._also(refused, row.reason, row.instead)
            else:
                refused = row.id
                self._refuse(row.id, wish, clause, row.reason, row.rule, row.instead)
            self._call(row.adds, clause)
        return refused

    def _unruled(self, clause: str, wish: Said) -> None:
        """A clause of which neither a rule nor the brief says anything."""
        if opposed := self._opposed(clause):
            reason = f"群友说过“{opposed}”，再发同样的只会更烦"
            instead = "先停这一样，把位置让给大家问到、想看的；想留的话先问一句还有谁要看"
            self._refuse("voices", wish, clause, reason, "feedback-to-adjust", instead)
        elif unlawful := self._unlawful(clause):
            self._refuse(
                unlawful.code, wish, clause, unlawful.message.rstrip("。"), unlawful.rule, unlawful.fix.rstrip("。")
            )
        elif found(judgement().remarks, clause) and self._belongs(clause):
            if self._last:
                self._refuse(self._last, wish, clause, "", None, "")
        else:
            self._follow(clause, wish)

    def _unlawful(self, clause: str) -> Finding | None:
        """The first wording of a clause that must not be posted."""
        found = (*wording_findings(clause), *self.own.findings(clause, "weekly-plan"))
        return next((one for one in self.own.weighed(found, "weekly-plan") if one.severity == "error"), None)

    def _asked(self, clause: str) -> bool:
        return any(clause in line for line in self.open_points)

    @staticmethod
    def _costs(clause: str) -> bool:
        return bool(found(judgement().spending, clause))

    def _belongs(self, clause: str) -> bool:
        """Whether a remark goes with what was judged just before it; it is then kept beside that."""
        if self._last:
            return True
        if self.wants and self.wants[-1].instead_of:
            last = self.wants[-1]
            self.wants[-1] = last.model_copy(update={"instead_of": (*last.instead_of, clause)})
        elif self.choices:
            key = next(reversed(self.choices))
            self.choose(key, clause)
        else:
            return False
        return True

    def _opposed(self, clause: str) -> str:
        """A member's voice against the very thing that is wished for."""
        core = pattern(judgement().wishing).sub("", clause)
        for voice in self.situation.voices:
            if not found(judgement().against, voice.text) or suspicious(voice.text):
                continue
            words = pattern(judgement().against).sub(" ", voice.text)
            pairs = {words[at : at + 2] for at in range(len(words) - 1) if _WORDY.fullmatch(words[at : at + 2])}
            if any(pair in core for pair in pairs - _COMMON):
                return voice.text.strip("“”")
        return ""

    def _refuse(self, code: str, wish: Said, words: str, reason: str, rule: str | None, instead: str) -> None:
        known = self.refused.get(code)
        if known is None:
            refusal = Refusal(words=words, reason=reason, rule=rule, instead=instead, origin=wish.origin)
            self.refused[code] = refusal
        elif words not in known.words:
            self.refused[code] = known.model_copy(update={"words": f"{known.words}；{words}"})
        self._last = code

    def _also(self, code: str, reason: str, instead: str = "") -> None:
        known = self.refused[code]
        if reason not in known.reason:
            known = known.model_copy(update={"reason": f"{known.reason}；而且{reason}"})
        if instead and instead not in known.instead:
            known = known.model_copy(update={"instead": f"{known.instead}；{instead}"})
        self.refused[code] = known

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
        """A clause of a harmless kind becomes an action, on the days and by the person it names; others are asked about."""
        words = pattern(judgement().wishing).sub("", clause).strip()
        kind = next((row.action for row in judgement().followed if found(row.find, words)), "")
        self._last = ""
        if self._costs(clause) and not self.situation.budget:
            self.open_points.append(f"“{clause}”要花钱：预算有多少、由谁批？确认之后再排进来")
            return
        if absent := self._absent(clause):
            self.open_points.append(
                f"“{clause}”和人手对不上：{absent}。调班、请人顶、还是写明那天不在线、下一天先回？请定"
            )
            return
        if found(judgement().standing, clause):
            self.open_points.append(f"“{clause}”先记下：谁来确认、什么时候有准信？定了才写进群")
            return
        if not kind:
            self.open_points.append(f"“{clause}”要不要做、怎么做、给谁看，请定；没定之前没有排进这周")
            return
        days, minute = self._when(clause)
        if len(days) > MANY_DAYS:
            self.choose("daily", clause)
            self._call(("fixed_column",), clause)
            return
        if kind == "wish_meet":
            days, minute = self._ahead_of(days), None
            self.open_points.append(f"“{words}”还缺：时间、地点、费用谁出、谁带队、天气不好怎么办？齐了再正式通知")
        owner = next((one.name for one in self.situation.people if one.name and one.name in clause), "")
        self.wants.append(
            Want(
                action=kind,
                topic=words,
                instead_of=(clause,),
                days=days,
                minute=minute,
                owner=owner,
                origin=wish.origin,
            )
        )

    def _ahead_of(self, days: tuple[date, ...]) -> tuple[date, ...]:
        """The days before the first of these, where there are any: people are asked before it is settled."""
        before = tuple(day for day in week_days(self.situation) if days and day < days[0])
        return before[:3]

    def _absent(self, clause: str) -> str:
        """Who would have to be there on a day on which nobody works: everybody's hours; "" where somebody is there."""
        if not found(judgement().attended, clause):
            return ""
        days, _ = self._when(clause)
        people = [one for one in self.situation.people if known_hours(one)]
        if not days or not people or any(working_spans(one.hours, day) for one in people for day in days):
            return ""
        return "；".join(f"{one.name}的时间是{one.hours.words or '别的日子'}" for one in people)

    def _when(self, clause: str) -> tuple[tuple[date, ...], int | None]:
        week = week_days(self.situation)
        moments = moments_of(clause, self.situation)
        days = tuple(day for day in week if any(falls_on(moment, day) for moment in moments))
        clock = next((moment.time for moment in moments if moment.time), None)
        return days, clock.hour * 60 + clock.minute if clock else None
