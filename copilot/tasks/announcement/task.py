"""The announcement: from a brief to a text that a group can read in one screen.

What may be said comes from the screening; this file knows the kinds of announcement (`knowledge/announcements.yaml`),
what each must say, and the order in which a reader wants to hear it: why it concerns me, the facts, one thing to do.
"""

import re
from collections import Counter
from typing import Any

from copilot.checks.coverage import lost_items, lost_placeholders
from copilot.checks.screening import Held, Screened, held_claim, screen
from copilot.facts.brief import Brief
from copilot.facts.items import Item, Problem
from copilot.facts.ledger import Ledger
from copilot.facts.problems import find_problems, without_clause_of
from copilot.facts.slots import slot_of
from copilot.records import Draft, Finding, Missing, Part
from copilot.tasks.announcement.composing import cautions, compose_announcement, say_item
from copilot.tasks.announcement.kinds import Announcement, Kind, Point, book, for_helpers, kind_of, phrases, signed_up
from copilot.tasks.announcement.shortening import SHORTENINGS, shortened
from copilot.tasks.base import Assignment, BriefJob, Options
from copilot.tasks.phrasing import names_its_month, purposes, title_of, vocative_of


class AnnouncementTask(BriefJob[Announcement, Assignment]):
    """The job `draft_announcement`."""

    name = "announcement"
    structure = Announcement

    def prepare(self, brief: Brief, options: Options) -> Assignment:
        """Screen the brief, find its problems, and put placeholders where facts are missing or in conflict."""
        screened = screen(brief, options.own)
        kind = kind_of(brief, screened.items)
        problems = find_problems([*screened.items, *screened.claims])
        missing = _missing(book().kinds[kind], brief, screened)
        profile = book().kinds[kind]
        matter = purposes(brief)
        main = [clause for clause in matter if re.search(profile.cues, clause)] if profile.cues else []
        return Assignment(
            job=self.name,
            kind=kind,
            brief=brief,
            options=_complete_options(brief, options),
            items=_with_problems(screened.items, problems, screened.ledger),
            held=(*screened.held, *_claims_held(screened, problems)),
            missing=missing,
            conflicts=tuple(problem.conflict for problem in problems),
            findings=(
                *_held_findings((*screened.held, *_claims_held(screened, problems))),
                *_clock_findings(brief, screened.items),
            ),
            ledger=screened.ledger,
            title=title_of(
                [*main, *(clause for clause in matter if clause not in main)],
                screened.items,
                profile.cues,
                profile.title,
            ),
            vocative=vocative_of(brief),
            rules=profile.rules,
            phrases=phrases(),
            question=f"{profile.name}公告怎么写 {brief.meta.get('purpose', '')}".strip(),
        )

    def compose(self, assignment: Assignment) -> Announcement:
        """The offline draft; when it is longer than asked for, the dispensable parts go first."""
        return shortened(compose_announcement(assignment), assignment, self.render, SHORTENINGS)

    def render(self, structure: Announcement) -> str:
        """Plain text: title, opening, benefits and points as dotted lines, the action, the closing."""
        lead = [structure.opening, *([structure.lead_intro] if structure.lead_intro and structure.benefits else [])]
        blocks = [
            f"【{structure.title}】" if structure.title else "",
            "\n".join([*(line for line in lead if line), *(f"· {benefit}" for benefit in structure.benefits)]),
            "\n".join(
                f"· {point.label}：{point.text}" if point.label else f"· {point.text}" for point in structure.points
            ),
            "\n".join(line for line in (structure.action, structure.closing) if line),
        ]
        return "\n\n".join(block for block in blocks if block).replace("】\n\n", "】\n", 1)

    def parts(self, structure: Announcement, assignment: Assignment) -> tuple[Part, ...]:
        """One message to the group."""
        return (Part(name=self.name, title=structure.title, text=self.render(structure)),)

    def resume(self, assignment: Assignment, draft: Draft) -> Assignment:
        """As it is: nothing of this job is settled outside its texts."""
        return assignment

    def details(self, assignment: Assignment) -> dict[str, Any]:
        """What code adds of itself, and how many characters the facts leave for a writer's own words."""
        added = cautions(assignment)
        points = [Point(label=item.label, text=say_item(item, assignment)) for item in assignment.items]
        points += [
            Point(label=gap.placeholder[5:-1], text=gap.placeholder)
            for gap in lost_placeholders("\n".join(point.text for point in points), assignment.missing)
        ]
        bare = Announcement(title=assignment.title, opening="", points=(*points, *added), action="")
        taken = len(self.render(bare))
        return {
            "taken": taken,
            "left": (assignment.options.length or 0) - taken,
            "added": [point.text for point in added],
        }

    def complete(self, structure: Announcement, assignment: Assignment) -> Announcement:
        """Facts, placeholders and lines of care that a writer dropped come back as points; trimmings make room for them."""
        text = self.render(structure)
        lost = lost_items(text, assignment.items, assignment.ledger)
        points = [Point(label=item.label, text=say_item(item, assignment)) for item in lost]
        text += "".join(point.text for point in points)
        points += [
            Point(label=gap.placeholder[5:-1], text=gap.placeholder)
            for gap in lost_placeholders(text, assignment.missing)
        ]
        points += [caution for caution in cautions(assignment) if caution.text not in text]
        whole = structure.model_copy(update={"points": (*structure.points, *points)}) if points else structure
        return shortened(whole, assignment, self.render)

    def describe(self, assignment: Assignment, structure: Announcement) -> dict[str, Any]:
        """The filled structure with its kind, tone, and the notes for the operator."""
        notes = [f"“{held.words}”：{held.reason.rstrip('。')}；{held.fix}" for held in assignment.held]
        if assignment.brief.by_role("draft") and assignment.brief.by_role("fact"):
            notes.append("你的原稿只作参考：正文按给的事实重写，语气改成邀请，没有沿用原稿的话")
        notes += [f"还缺：{missing.question}" for missing in assignment.missing]
        notes += [conflict.message for conflict in assignment.conflicts]
        notes += [f"建议：{advice}" for advice in _advice(assignment)]
        notes += self._too_much(assignment, structure)
        return {
            "kind": assignment.kind,
            "kind_name": book().kinds[assignment.kind].name,
            "tone": assignment.options.tone,
            "platform": assignment.options.platform,
            **structure.model_dump(mode="json"),
            "notes": notes,
        }

    def _too_much(self, assignment: Assignment, structure: Announcement) -> list[str]:
        """Which lines to send as a second message, when the facts alone are far longer than one message may be."""
        limit = assignment.options.length
        length = len(self.render(structure))
        if limit is None or length <= limit * FAR_OVER:
            return []
        moved: list[str] = []
        for point in reversed(structure.points):
            if length <= limit:
                break
            moved.insert(0, point.label or point.text[:12])
            length -= len(point.label) + len(point.text) + 4
        return [f"事实比 {limit} 字多出不少，没有替你删；建议单独发第二条：{'、'.join(moved)}"] if moved else []


# A text this many times as long as asked for is not shortened by a word here and there.
FAR_OVER = 1.25
ADVICE_LINES = 2
PARALLEL_VALUES = 3


def _advice(assignment: Assignment) -> list[str]:
    """Two lines at most of what this kind of announcement needs besides its text."""
    slots = {item.slot for item in assignment.items}
    rows = [
        row["text"]
        for row in book().kinds[assignment.kind].advice
        if row.get("if", "") in ("", *slots) and row.get("unless", "") not in slots
    ]
    if _parallel(assignment.items) and not any("图" in row for row in rows):
        rows.insert(1, "并列的几项配一张表或对照图，比文字更不容易看错。")
    return rows[:ADVICE_LINES]


def _parallel(items: tuple[Item, ...]) -> bool:
    """Whether three or more values of one kind stand side by side: prices of several goods, a list of sessions."""
    counts = [Counter(value.kind for value in item.values) for item in items]
    headed = Counter(item.label for item in items if item.label and item.values)
    most = [count[kind] for count in counts for kind in ("money", "moment")] + list(headed.values())
    return max(most, default=0) >= PARALLEL_VALUES


def _complete_options(brief: Brief, options: Options) -> Options:
    """The caller's options, completed from the brief's own words."""
    wanted = options.tone or brief.meta.get("tone", "")
    tones = book().tones
    tone = (
        wanted
        if wanted in tones
        else next((name for name, row in tones.items() if wanted and re.search(row.cues, wanted)), "warm")
    )
    length = options.length
    if length is None and (number := re.search(r"\d{2,5}", brief.meta.get("length", ""))):
        length = int(number[0])
    return options.model_copy(update={"tone": tone, "length": length})


def _missing(kind: Kind, brief: Brief, screened: Screened) -> tuple[Missing, ...]:
    """Essentials that no item answers, and what the brief itself calls open."""
    slots = {item.slot for item in screened.items}
    if any(item.moments and item.slot not in ("deadline", "publish", "effective") for item in screened.items):
        slots.add("when")
    found = [
        Missing(key=statement, question=f"{asked}还没有确定，请补上", placeholder=f"【待补充:{asked}】")
        for statement, asked in screened.pending.items()
    ]
    if signed_up(brief, screened.items):
        slots |= {"join", "deadline"}
    for slot in (*kind.essentials, *kind.asks):
        question, words, *also = book().essentials[slot]
        if slot in slots or (also and _answered(slot, also[0], brief, screened)):
            continue
        if slot == "deadline" and not _takes_sign_ups(brief, screened):
            continue
        found.append(
            Missing(
                key=slot,
                question=question,
                placeholder=f"【待补充:{words}】" if slot in kind.essentials else "",
                rule="activity-before-four" if kind.name == "活动" else None,
            )
        )
    return tuple(found)


# Items that speak of their own matter only: "在群里接龙" says how to join, not where it takes place.
_SPEAKS_OF_ITSELF = {"where": {"join", "deadline", "contact"}, "join": {"deadline"}, "deadline": {"when"}}
_PURPOSE_ANSWERS = {"unavailable", "incident"}


def _answered(slot: str, pattern: str, brief: Brief, screened: Screened) -> bool:
    """Whether some other item answers an essential: "在腾讯会议" says where; a purpose like "停水" says what stops."""
    silent = _SPEAKS_OF_ITSELF.get(slot, set())
    said = [f"{item.label}{item.text}" for item in screened.items if item.slot not in silent]
    if slot in _PURPOSE_ANSWERS:
        said.append(brief.meta.get("purpose", ""))
    return any(re.search(pattern, words) for words in said)


_SIGN_UP = re.compile("(?<!无需)(?<!不用)(?<!不需要)(?<!免)(?:报名|预约|接龙|下单|回执|登记|填)")


def _takes_sign_ups(brief: Brief, screened: Screened) -> bool:
    """Whether there is an entry to sign up at, so that a deadline for it makes sense."""
    entries = [item for item in screened.items if item.slot == "join" and not for_helpers(brief, item)]
    return any(_SIGN_UP.search(f"{item.label}{item.text}") for item in entries)


def _with_problems(items: tuple[Item, ...], problems: tuple[Problem, ...], ledger: Ledger) -> tuple[Item, ...]:
    """The items with a placeholder where the brief contradicts itself; what the placeholder shows is not said again."""
    kept = []
    for item in items:
        text = item.text
        for problem in problems:
            if problem.item == item.id:
                text = _in_place(problem, text)
            for silenced in problem.silenced:
                if silenced.item == item.id:
                    text = without_clause_of(silenced.words, text)
        if text == item.text:
            kept.append(item)
        elif text and (item.label or "【" in text or slot_of("", text, ledger.read(text)) != "other"):
            kept.append(item.model_copy(update={"text": text, "values": ledger.read(text)}))
    return tuple(kept)


def _in_place(problem: Problem, text: str) -> str:
    """The text with the problem's words replaced, unless another placeholder shows them already."""
    before, words, after = text.partition(problem.words)
    shown = before.rfind("【") > before.rfind("】")
    return text if not words or shown else before + problem.conflict.placeholder + after


def _claims_held(screened: Screened, problems: tuple[Problem, ...]) -> tuple[Held, ...]:
    """The wishes' claims that no problem shows."""
    shown = {origin.quote for problem in problems for origin in problem.conflict.origins}
    return tuple(held_claim(item) for item in screened.claims if item.origin.quote not in shown)


def _held_findings(held: tuple[Held, ...]) -> tuple[Finding, ...]:
    """A note for each; what was stated to be said and now is not weighs more, for nobody would miss it in the text."""
    return tuple(
        Finding(
            severity="warning" if row.stated else "info",
            code=f"held-{row.code}",
            message=f"“{row.words}”：{row.reason}",
            rule=row.rule,
            fix=row.fix,
        )
        for row in held
    )


_LOOKING_BACK = ("incident", "reason", "before", "result")


def _clock_findings(brief: Brief, items: tuple[Item, ...]) -> tuple[Finding, ...]:
    """Days that have passed though they are still to come, and the day from which relative ones were counted."""
    days = [
        (item, moment)
        for item in items
        for moment in item.moments
        if moment.date and moment.grain == "day" and not moment.anaphoric
    ]
    found = []
    today = brief.now.date()
    ahead = [moment for item, moment in days if item.slot not in _LOOKING_BACK]
    if past := [moment for moment in ahead if (moment.end_date or moment.date or today) < today]:
        found.append(
            Finding(
                severity="warning",
                code="date-past",
                message=f"“{past[0].text}”已经过去（今天是 {today:%Y-%m-%d}）",
                fix="核对年份和日期，或用 now 说明今天是哪天",
            )
        )
    if counted := [moment for _, moment in days if not names_its_month(moment)]:
        said = "、".join(f"“{moment.text}”算作 {moment.date:%m月%d日}" for moment in counted)
        found.append(
            Finding(severity="info", code="date-relative", message=f"{said}（按今天 {today:%Y-%m-%d}）", fix="核对日期")
        )
    return tuple(found)
