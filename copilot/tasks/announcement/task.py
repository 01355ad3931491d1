"""The announcement: from a brief to a text that a group can read in one screen.

What may be said comes from the screening; this file knows the kinds of announcement (`knowledge/announcements.yaml`),
what each must say, and the order in which a reader wants to hear it: why it concerns me, the facts, one thing to do.
"""

import re
from typing import Any

from copilot.checks.coverage import lost_items, lost_placeholders
from copilot.checks.screening import Held, Screened, held_claim, screen
from copilot.facts.brief import Brief
from copilot.facts.ledger import Ledger
from copilot.facts.problems import Item, Problem, find_problems, without_clause_of
from copilot.records import Finding, Missing
from copilot.tasks.announcement.composing import SHORTENINGS, cautions, compose_announcement, say_item
from copilot.tasks.announcement.kinds import Announcement, Kind, Point, book, kind_of, phrases
from copilot.tasks.base import Assignment, Options
from copilot.tasks.phrasing import names_its_month, purposes, title_of, vocative_of


class AnnouncementTask:
    """The job `draft_announcement`."""

    name = "announcement"
    structure = Announcement

    def prepare(self, brief: Brief, options: Options) -> Assignment:
        """Screen the brief, find its problems, and put placeholders where facts are missing or in conflict."""
        screened = screen(brief)
        kind = kind_of(brief, screened.items)
        problems = find_problems([*screened.items, *screened.claims])
        missing = _missing(book().kinds[kind], screened)
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
            findings=(*_held_findings((*screened.held, *_claims_held(screened, problems))), *_clock_findings(brief, screened.items)),
            ledger=screened.ledger,
            title=title_of(main or matter, screened.items, profile.cues, profile.title),
            vocative=vocative_of(brief),
            rules=profile.rules,
            phrases=phrases(),
            question=f"{profile.name}公告怎么写 {brief.meta.get('purpose', '')}".strip(),
        )

    def compose(self, assignment: Assignment) -> Announcement:
        """The offline draft; when it is longer than asked for, the dispensable parts go first."""
        full = compose_announcement(assignment)
        limit = assignment.options.length
        for shorten in SHORTENINGS:
            if limit is None or len(self.render(full)) <= limit:
                break
            full = shorten(full, assignment)
        return full

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

    def complete(self, structure: Announcement, assignment: Assignment) -> Announcement:
        """Facts, placeholders and lines of care that a writer dropped come back as points."""
        text = self.render(structure)
        lost = lost_items(text, assignment.items, assignment.ledger)
        points = [Point(label=item.label, text=say_item(item, assignment)) for item in lost]
        text += "".join(point.text for point in points)
        points += [
            Point(label=gap.placeholder[5:-1], text=gap.placeholder)
            for gap in lost_placeholders(text, assignment.missing)
        ]
        points += [caution for caution in cautions(assignment) if caution.text not in text]
        return structure.model_copy(update={"points": (*structure.points, *points)}) if points else structure

    def describe(self, assignment: Assignment, structure: Announcement) -> dict[str, Any]:
        """The filled structure with its kind, tone, and the notes for the operator."""
        notes = [f"“{held.words}”：{held.reason.rstrip('。')}；{held.fix}" for held in assignment.held]
        if assignment.brief.by_role("draft") and assignment.brief.by_role("fact"):
            notes.append("你的原稿只作参考：正文按给的事实重写，语气改成邀请，没有沿用原稿的话")
        notes += [f"还缺：{missing.question}" for missing in assignment.missing]
        notes += [conflict.message for conflict in assignment.conflicts]
        slots = {item.slot for item in assignment.items}
        notes += [
            f"建议：{advice['text']}"
            for advice in book().kinds[assignment.kind].advice
            if advice.get("if", "") in ("", *slots)
        ]
        return {
            "kind": assignment.kind,
            "kind_name": book().kinds[assignment.kind].name,
            "tone": assignment.options.tone,
            "platform": assignment.options.platform,
            **structure.model_dump(mode="json"),
            "notes": notes,
        }


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


def _missing(kind: Kind, screened: Screened) -> tuple[Missing, ...]:
    """Essentials that no item answers, and what the brief itself calls open."""
    slots = {item.slot for item in screened.items}
    if any(item.moments and item.slot not in ("deadline", "publish", "effective") for item in screened.items):
        slots.add("when")
    found = [
        Missing(key=statement, question=f"{asked}还没有确定，请补上", placeholder=f"【待补充:{asked}】")
        for statement, asked in screened.pending.items()
    ]
    sign_up = any("报名" in f"{item.label}{item.text}" for item in screened.items)
    for slot in (*kind.essentials, *kind.asks):
        question, words, *also = book().essentials[slot]
        if slot in slots or (also and _answered(slot, also[0], screened)) or (slot == "deadline" and not sign_up):
            continue
        placeholder = f"【待补充:{words}】" if slot in kind.essentials else ""
        found.append(
            Missing(
                key=slot,
                question=question,
                placeholder=placeholder,
                rule="activity-before-four" if kind.name == "活动" else None,
            )
        )
    return tuple(found)


_SPEAKS_OF_ITSELF = {"where": {"join", "deadline", "contact"}, "join": {"deadline", "contact"}}


def _answered(slot: str, pattern: str, screened: Screened) -> bool:
    """Whether some other item answers an essential: "在腾讯会议" says where, but "在群里接龙" only how to join."""
    silent = _SPEAKS_OF_ITSELF.get(slot, set())
    return any(re.search(pattern, f"{item.label}{item.text}") for item in screened.items if item.slot not in silent)


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
        elif text:
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
    return tuple(
        Finding(
            severity="info",
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
