"""The offline announcement: a kind's templates around the brief's own words, in the order a reader wants to hear them."""

import re

from copilot.facts.problems import Item, day
from copilot.tasks.announcement.kinds import Announcement, Kind, Point, book
from copilot.tasks.base import Assignment
from copilot.tasks.phrasing import action_of, contact_of, day_word, purposes, say, tighten


def compose_announcement(assignment: Assignment) -> Announcement:
    """The full draft, at whatever length it takes."""
    kind = book().kinds[assignment.kind]
    tone = book().tones[assignment.options.tone]
    items = list(assignment.items)
    lead = [item for slot in kind.lead for item in items if item.slot == slot][:4]
    fields = _fields(assignment, items)
    greeting = tone.greeting.format(vocative=assignment.vocative)
    titled = assignment.title != kind.title or not kind.untitled
    opening = greeting + (kind.opening if titled else kind.untitled).format_map(fields)
    if kind.headline and not greeting:
        opening = ""
    if kind.benefit and re.search(kind.benefit_if, " ".join([*assignment.brief.meta.values(), assignment.title])):
        opening += kind.benefit
    benefits = tuple(_line(item, assignment) for item in lead)
    points = _points(kind, [item for item in items if item not in lead], assignment, fields)
    template = kind.action_if_missing if kind.action_if_missing and not _fillable(kind.action, fields) else kind.action
    return Announcement(
        title=fields["headline"] if kind.headline else assignment.title,
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
    fields = _Fields(
        title=assignment.title, vocative=assignment.vocative, group=assignment.brief.meta.get("group", "我们的群")
    )
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
        effective = say_item(by_slot["effective"], assignment)
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
    new = say_item(after, assignment)
    if not after.label or "【" in new:
        return new
    dates = [moment.date for moment in (when.moments if when else ()) if moment.date]
    on = f"{day_word(assignment.brief, dates[0])}{day(dates[0])}" if dates else ""
    thing = _plain_label(before.label) if before else ""
    return f"{on}{thing}{after.label}{new}" if thing else f"{assignment.title}：{on}{after.label}{new}"


def _plain_label(label: str) -> str:
    """`原自提点` → `自提点`."""
    return re.sub(r"^(?:原|旧)(?:来的?|定的?)?|^(?:调整|变更)前的?", "", label)


def _points(kind: Kind, items: list[Item], assignment: Assignment, fields: dict[str, str]) -> tuple[Point, ...]:
    """The facts in the order a reader of this kind wants them, then placeholders for what is missing."""
    rank = {slot: place for place, slot in enumerate(kind.order)}
    before = next((item for item in items if item.slot == "before"), None)
    after = next((item for item in items if item.slot == "after"), None)
    rows: list[tuple[float, Point]] = []
    if before and after and "before_after" in rank:
        rows.append(
            (
                rank["before_after"],
                Point(
                    label=_plain_label(before.label),
                    text=f"{say_item(before, assignment)} → {say_item(after, assignment)}",
                ),
            )
        )
        items = [item for item in items if item not in (before, after)]
    elif after and "before_after" in rank:
        items = [item for item in items if item is not after]
    if kind.opening.find("{effective_short}") >= 0:
        items = [item for item in items if item.slot != "effective"]
    if kind.headline:
        items = [item for item in items if not _repeated(item, fields["headline"])]
    for item in items:
        rows.append((rank.get(item.slot, len(rank) - 0.5), Point(label=item.label, text=say_item(item, assignment))))
    for missing in assignment.missing:
        if missing.placeholder and missing.key in rank:
            label = missing.placeholder[5:-1]
            rows.append((rank[missing.key], Point(label=label, text=missing.placeholder)))
    if fields.get("suggestion"):
        rows.append((rank["suggestion"], Point(text=fields["suggestion"])))
    rows += [(len(rank), point) for point in cautions(assignment)]
    return tuple(point for _, point in sorted(rows, key=lambda row: row[0]))


def cautions(assignment: Assignment) -> list[Point]:
    """Lines of care that the facts call for, whoever writes: with tasting samples and allergies, ask a doctor first."""
    said = "\n".join(f"{item.label}{item.text}" for item in assignment.items)
    return [Point(text=row["text"]) for row in book().cautions if re.search(row["cues"], said)]


def _repeated(item: Item, headline: str) -> bool:
    """A bare date that the first line already gives."""
    rest = item.text
    for value in item.values:
        rest = rest.replace(value.text, "")
    days = {(moment.date.month, moment.date.day) for moment in item.moments if moment.date}
    return bool(days) and item.slot == "when" and not rest.strip() and all(f"{m}月{d}日" in headline for m, d in days)


def _line(item: Item, assignment: Assignment) -> str:
    words = say_item(item, assignment)
    return f"{item.label}：{words}" if item.label else words


def say_item(item: Item, assignment: Assignment) -> str:
    return say(item, one_year=assignment.ledger.year is not None)


def _without_closing(structure: Announcement, assignment: Assignment) -> Announcement:
    return structure.model_copy(update={"closing": ""})


def _with_short_action(structure: Announcement, assignment: Assignment) -> Announcement:
    """Only the first half of the call to action."""
    return structure.model_copy(update={"action": re.split(r"[；;]", structure.action)[0].rstrip("。") + "。"})


def _without_spaces(structure: Announcement, assignment: Assignment) -> Announcement:
    """`5 月 8 日` takes two characters more than `5月8日`."""
    tight = {
        "title": tighten(structure.title),
        "opening": tighten(structure.opening),
        "benefits": tuple(map(tighten, structure.benefits)),
        "points": tuple(point.model_copy(update={"text": tighten(point.text)}) for point in structure.points),
    }
    return structure.model_copy(update=tight)


def _without_lead_intro(structure: Announcement, assignment: Assignment) -> Announcement:
    return structure.model_copy(update={"lead_intro": ""})


def _without_greeting(structure: Announcement, assignment: Assignment) -> Announcement:
    greeting = book().tones[assignment.options.tone].greeting.format(vocative=assignment.vocative)
    return structure.model_copy(update={"opening": structure.opening.removeprefix(greeting)})


# What goes first when the text is too long.
SHORTENINGS = (_without_closing, _with_short_action, _without_spaces, _without_lead_intro, _without_greeting)
