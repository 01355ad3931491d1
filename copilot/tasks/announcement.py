"""The announcement: from a brief to a text that a group can read in one screen.

What may be said comes from the screening; this file knows the kinds of announcement (`knowledge/announcements.yaml`),
what each must say, and the order in which a reader wants to hear it: why it concerns me, the facts, one thing to do.
"""

import re
from functools import cache
from typing import Any

from copilot.checks.coverage import lost_items, lost_placeholders
from copilot.checks.screening import Held, Screened, screen
from copilot.facts.brief import Brief
from copilot.facts.problems import Item, Problem, find_problems
from copilot.lore import load_yaml
from copilot.records import Finding, Missing, Record
from copilot.tasks.base import Assignment, Options
from copilot.tasks.phrasing import action_of, contact_of, purposes, say, title_of, vocative_of


class Point(Record):
    """One line of the announcement: an optional heading and its words."""

    label: str = ""
    text: str


class Announcement(Record):
    """The parts of an announcement, in reading order. All are plain text without Markdown.

    `opening` says why it concerns the reader; `benefits` what they get, if anything; `points` the facts;
    `action` the one thing to do; `closing` may be empty.
    """

    title: str
    opening: str
    lead_intro: str = ""
    benefits: tuple[str, ...] = ()
    points: tuple[Point, ...]
    action: str
    closing: str = ""


class Tone(Record):
    """One row of `tones`."""

    cues: str
    greeting: str = ""
    closing: str = ""


class Kind(Record):
    """One row of `kinds`, as it stands in the file."""

    name: str
    title: str
    cues: str
    essentials: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    order: tuple[str, ...]
    opening: str
    untitled: str = ""
    because: str = ""
    benefit: str = ""
    benefit_if: str = ""
    lead_intro: str = ""
    suggestion: str = ""
    gains: dict[str, str] = {}
    action: str
    action_if_missing: str = ""
    closing: str = ""
    rules: tuple[str, ...]
    advice: tuple[dict[str, str], ...] = ()


class Book(Record):
    """`knowledge/announcements.yaml`."""

    tones: dict[str, Tone]
    essentials: dict[str, tuple[str, ...]]
    kinds: dict[str, Kind]
    cautions: tuple[dict[str, str], ...]


@cache
def book() -> Book:
    """The kinds of announcement, loaded once."""
    return Book.model_validate(load_yaml("announcements.yaml"))


class AnnouncementTask:
    """The job `draft_announcement`."""

    name = "announcement"
    structure = Announcement

    def prepare(self, brief: Brief, options: Options) -> Assignment:
        """Screen the brief, find its problems, and put placeholders where facts are missing or in conflict."""
        screened = screen(brief)
        kind = kind_of(brief, screened.items)
        problems = find_problems(screened.items)
        missing = _missing(book().kinds[kind], screened)
        profile = book().kinds[kind]
        matter = purposes(brief)
        main = [clause for clause in matter if re.search(profile.cues, clause)] if profile.cues else []
        return Assignment(
            job=self.name,
            kind=kind,
            brief=brief,
            options=_options(brief, options),
            items=_with_problems(screened.items, problems),
            held=screened.held,
            missing=missing,
            conflicts=tuple(problem.conflict for problem in problems),
            findings=(*_held_findings(screened.held), *_clock_findings(brief, screened.items)),
            ledger=screened.ledger,
            title=title_of(main or matter, screened.items, profile.cues, profile.title),
            vocative=vocative_of(brief),
            rules=profile.rules,
            phrases=_phrases(),
            question=f"{profile.name}公告怎么写 {brief.meta.get('purpose', '')}".strip(),
        )

    def compose(self, assignment: Assignment) -> Announcement:
        """The offline draft; when a length is asked for, the dispensable parts go first."""
        full = _compose(assignment)
        limit = assignment.options.length
        short = {"closing": "", "action": re.split(r"[；;]", full.action)[0].rstrip("。") + "。", "lead_intro": "", "opening": _short_opening(full, assignment)}
        for part in ("closing", "action", "lead_intro", "opening"):
            if limit is None or len(self.render(full)) <= limit:
                break
            full = full.model_copy(update={part: short[part]})
        return full

    def render(self, structure: Announcement) -> str:
        """Plain text: title, opening, benefits and points as dotted lines, the action, the closing."""
        lead = [structure.opening, *([structure.lead_intro] if structure.lead_intro and structure.benefits else [])]
        blocks = [
            f"【{structure.title}】" if structure.title else "",
            "\n".join([*(line for line in lead if line), *(f"· {benefit}" for benefit in structure.benefits)]),
            "\n".join(f"· {point.label}：{point.text}" if point.label else f"· {point.text}" for point in structure.points),
            "\n".join(line for line in (structure.action, structure.closing) if line),
        ]
        return "\n\n".join(block for block in blocks if block).replace("】\n\n", "】\n", 1)

    def complete(self, structure: Announcement, assignment: Assignment) -> Announcement:
        """Facts and placeholders that a writer dropped come back as points, in the operator's words."""
        text = self.render(structure)
        lost = lost_items(text, assignment.items, assignment.ledger)
        points = [Point(label=item.label, text=_say(item, assignment)) for item in lost]
        text += "".join(point.text for point in points)
        points += [Point(label=gap.placeholder[5:-1], text=gap.placeholder) for gap in lost_placeholders(text, assignment.missing)]
        return structure.model_copy(update={"points": (*structure.points, *points)}) if points else structure

    def describe(self, assignment: Assignment, structure: Announcement) -> dict[str, Any]:
        """The filled structure with its kind, tone, and the notes for the operator."""
        notes = [f"“{held.words}”：{held.reason}" for held in assignment.held]
        if assignment.brief.by_role("draft") and assignment.brief.by_role("fact"):
            notes.append("你的原稿只作参考：正文按给的事实重写，语气改成邀请，没有沿用原稿的话")
        notes += [f"还缺：{missing.question}" for missing in assignment.missing]
        notes += [conflict.message for conflict in assignment.conflicts]
        slots = {item.slot for item in assignment.items}
        notes += [f"建议：{advice['text']}" for advice in book().kinds[assignment.kind].advice if advice.get("if", "") in ("", *slots)]
        return {
            "kind": assignment.kind,
            "kind_name": book().kinds[assignment.kind].name,
            "tone": assignment.options.tone,
            "platform": assignment.options.platform,
            **structure.model_dump(mode="json"),
            "notes": notes,
        }


@cache
def _phrases() -> tuple[str, ...]:
    """The templates' own words, without what is filled in."""
    templates = [text for kind in book().kinds.values() for text in (kind.opening, kind.untitled, kind.benefit, kind.suggestion, kind.action, kind.action_if_missing, kind.closing)]
    templates += [tone.closing for tone in book().tones.values()] + [caution["text"] for caution in book().cautions]
    return tuple(piece for template in templates for piece in re.split(r"\{\w+\}", template) if len(piece) > 3)


def kind_of(brief: Brief, items: tuple[Item, ...]) -> str:
    """The kind of announcement: stated, or the one whose cues weigh most (purpose before headings before facts)."""
    stated = brief.meta.get("kind", "")
    kinds = book().kinds
    for name, kind in kinds.items():
        if stated and (stated == name or stated in kind.name or kind.name in stated):
            return name
    weighed = ((8, brief.meta.get("purpose", "")), (2, " ".join(item.label for item in items)), (1, " ".join(item.text for item in items)))
    scores = {name: sum(weight * len(set(re.findall(kind.cues, words))) for weight, words in weighed) for name, kind in kinds.items() if kind.cues}
    best = max(scores, key=lambda name: scores[name])
    if scores[best]:
        return best
    slots = {item.slot for item in items}
    return "activity" if {"when", "join"} <= slots else "notice"


def _options(brief: Brief, options: Options) -> Options:
    """The caller's options, completed from the brief's own words."""
    wanted = options.tone or brief.meta.get("tone", "")
    tones = book().tones
    tone = wanted if wanted in tones else next((name for name, row in tones.items() if wanted and re.search(row.cues, wanted)), "warm")
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
        Missing(key=statement, question=f"{asked}还没有确定，请补上", placeholder=f"【待补充:{asked}】") for statement, asked in screened.pending.items()
    ]
    sign_up = any("报名" in f"{item.label}{item.text}" for item in screened.items)
    for slot in (*kind.essentials, *kind.asks):
        question, words, *also = book().essentials[slot]
        if slot in slots or (also and _answered(slot, also[0], screened)) or (slot == "deadline" and not sign_up):
            continue
        placeholder = f"【待补充:{words}】" if slot in kind.essentials else ""
        found.append(Missing(key=slot, question=question, placeholder=placeholder, rule="activity-before-four" if kind.name == "活动" else None))
    return tuple(found)


_SPEAKS_OF_ITSELF = {"where": {"join", "deadline", "contact"}, "join": {"deadline", "contact"}}


def _answered(slot: str, pattern: str, screened: Screened) -> bool:
    """Whether some other item answers an essential: "在腾讯会议" says where, but "在群里接龙" only how to join."""
    silent = _SPEAKS_OF_ITSELF.get(slot, set())
    return any(re.search(pattern, f"{item.label}{item.text}") for item in screened.items if item.slot not in silent)


def _with_problems(items: tuple[Item, ...], problems: tuple[Problem, ...]) -> tuple[Item, ...]:
    """The items with a placeholder where the brief contradicts itself."""
    silenced = {item for problem in problems for item in problem.silenced}
    kept = []
    for item in items:
        if item.id in silenced:
            continue
        text = item.text
        for problem in problems:
            if problem.item == item.id and problem.words in text:
                text = text.replace(problem.words, problem.conflict.placeholder, 1)
        values = item.values if text == item.text else ()
        kept.append(item.model_copy(update={"text": text, "values": values}))
    return tuple(kept)


def _held_findings(held: tuple[Held, ...]) -> tuple[Finding, ...]:
    return tuple(Finding(severity="info", code=f"held-{row.code}", message=f"“{row.words}”：{row.reason}", rule=row.rule, fix="需要发的话，在简报里写成确定的事实") for row in held)


def _clock_findings(brief: Brief, items: tuple[Item, ...]) -> tuple[Finding, ...]:
    """Dates that have passed, and the day from which relative dates were counted."""
    moments = [moment for item in items for moment in item.moments if moment.date]
    found = []
    today = brief.now.date()
    if past := [moment for moment in moments if (moment.end_date or moment.date or today) < today]:
        found.append(Finding(severity="warning", code="date-past", message=f"“{past[0].text}”已经过去（今天是 {today:%Y-%m-%d}）", fix="核对年份和日期，或用 now 说明今天是哪天"))
    if relative := [moment for moment in moments if moment.relative]:
        said = "、".join(f"“{moment.text}”算作 {moment.date:%m月%d日}" for moment in relative)
        found.append(Finding(severity="info", code="date-relative", message=f"{said}（按今天 {today:%Y-%m-%d}）", fix="核对日期"))
    return tuple(found)


def _compose(assignment: Assignment) -> Announcement:
    kind = book().kinds[assignment.kind]
    tone = book().tones[assignment.options.tone]
    items = list(assignment.items)
    lead = [item for slot in kind.lead for item in items if item.slot == slot][:4]
    fields = _fields(assignment, items)
    greeting = tone.greeting.format(vocative=assignment.vocative)
    titled = assignment.title != kind.title or not kind.untitled
    opening = greeting + (kind.opening if titled else kind.untitled).format_map(fields)
    if kind.benefit and re.search(kind.benefit_if, " ".join([*assignment.brief.meta.values(), assignment.title])):
        opening += kind.benefit
    benefits = tuple(_line(item, assignment) for item in lead)
    points = _points(kind, [item for item in items if item not in lead], assignment, fields)
    template = kind.action_if_missing if kind.action_if_missing and not _fillable(kind.action, fields) else kind.action
    return Announcement(
        title=assignment.title,
        opening=opening,
        lead_intro=kind.lead_intro,
        benefits=benefits,
        points=points,
        action=template.format_map(fields),
        closing=kind.closing or tone.closing,
    )


class _Fields(dict[str, str]):
    """Template fields; an unknown one is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _fillable(template: str, fields: dict[str, str]) -> bool:
    return all(fields.get(name) for name in re.findall(r"\{(\w+)\}", template))


def _fields(assignment: Assignment, items: list[Item]) -> dict[str, str]:
    """The phrases a kind's templates may ask for, each from the items' own words."""
    by_slot = {item.slot: item for item in reversed(items)}
    fields = _Fields(title=assignment.title, vocative=assignment.vocative, group=assignment.brief.meta.get("group", "我们的群"))
    kind = book().kinds[assignment.kind]
    if action := action_of(by_slot.get("join")):
        fields["join_short"] = action
        fields["join_sentence"] = f"{action}。"
    if contact := contact_of(by_slot.get("contact")):
        fields["contact_short"] = contact
        fields["inconvenient"] = f"不方便的请提前{contact}。" if contact.startswith("@") else ""
    if "unavailable" in by_slot:
        fields["unavailable_text"] = by_slot["unavailable"].text
    if "effective" in by_slot:
        effective = _say(by_slot["effective"], assignment)
        fields["effective_short"] = f"，{effective}" if "生效" in effective else f"，{effective}生效"
    fields["rule_gains"] = "、".join([gain for slot, gain in kind.gains.items() if slot in by_slot][:3]) or "群里更舒服"
    matter = purposes(assignment.brief)
    reason = [clause for clause in matter if clause != assignment.title and not re.search(kind.cues or "$^", clause)]
    fields["matter"] = "，".join(clause for clause in matter if clause not in reason) or assignment.title
    fields["reason"] = reason[0] if reason else ""
    fields["because"] = kind.because.format_map(fields) if reason else ""
    fields["headline"] = _headline(by_slot, assignment)
    if kind.suggestion and _fillable(kind.suggestion, fields):
        fields["suggestion"] = kind.suggestion.format_map(fields)
    return fields


def _headline(by_slot: dict[str, Item], assignment: Assignment) -> str:
    """For a change: on which day, what, from where to where, in one line."""
    after, before, when = by_slot.get("after"), by_slot.get("before"), by_slot.get("when")
    if not after:
        return assignment.title
    new = _say(after, assignment)
    thing = re.sub(r"^(?:原|旧)(?:来的?|定的?)?|^(?:调整|变更)前的?", "", before.label) if before else ""
    day = next((f"{moment.date.month}月{moment.date.day}日（周{'一二三四五六日'[moment.date.weekday()]}）" for moment in (when.moments if when else ()) if moment.date), "")
    if not after.label or "【" in new:
        return new if "月" in new else f"{day}{new}"
    return f"{day}{thing}{after.label}{new}" if thing else f"{assignment.title}：{day}{after.label}{new}"


def _points(kind: Kind, items: list[Item], assignment: Assignment, fields: dict[str, str]) -> tuple[Point, ...]:
    """The facts in the order a reader of this kind wants them, then placeholders for what is missing."""
    rank = {slot: place for place, slot in enumerate(kind.order)}
    before = next((item for item in items if item.slot == "before"), None)
    after = next((item for item in items if item.slot == "after"), None)
    rows: list[tuple[float, Point]] = []
    if before and after and "before_after" in rank:
        thing = re.sub(r"^(?:原|旧)", "", before.label)
        rows.append((rank["before_after"], Point(label=thing, text=f"{_say(before, assignment)} → {_say(after, assignment)}")))
        items = [item for item in items if item not in (before, after)]
    elif after and "before_after" in rank:
        items = [item for item in items if item is not after]
    if kind.opening.find("{effective_short}") >= 0:
        items = [item for item in items if item.slot != "effective"]
    if kind.opening.find("{headline}") >= 0:
        items = [item for item in items if not _repeated(item, fields["headline"])]
    for item in items:
        rows.append((rank.get(item.slot, len(rank) - 0.5), Point(label=item.label, text=_say(item, assignment))))
    for missing in assignment.missing:
        if missing.placeholder and missing.key in rank:
            label = missing.placeholder[5:-1]
            rows.append((rank[missing.key], Point(label=label, text=missing.placeholder)))
    if fields.get("suggestion"):
        rows.append((rank["suggestion"], Point(text=fields["suggestion"])))
    for caution in book().cautions:
        if re.search(caution["cues"], "\n".join(f"{item.label}{item.text}" for item in assignment.items)):
            rows.append((len(rank), Point(text=caution["text"])))
    return tuple(point for _, point in sorted(rows, key=lambda row: row[0]))


def _repeated(item: Item, headline: str) -> bool:
    """A bare date that the first line already gives."""
    rest = item.text
    for value in item.values:
        rest = rest.replace(value.text, "")
    days = {(moment.date.month, moment.date.day) for moment in item.moments if moment.date}
    return bool(days) and item.slot == "when" and not rest.strip() and all(f"{m}月{d}日" in headline for m, d in days)


def _line(item: Item, assignment: Assignment) -> str:
    words = _say(item, assignment)
    return f"{item.label}：{words}" if item.label else words


def _say(item: Item, assignment: Assignment) -> str:
    return say(item, one_year=assignment.ledger.year is not None)


def _short_opening(structure: Announcement, assignment: Assignment) -> str:
    """Only the sentence that carries the matter."""
    greeting = book().tones[assignment.options.tone].greeting.format(vocative=assignment.vocative)
    return structure.opening.removeprefix(greeting)
