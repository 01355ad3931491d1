"""What stands in the lines of the home page: of a matter, of a slot and of how it went, in the operator's language."""

from datetime import date, datetime

from copilot.agenda.records import Happened, Matter, PlannedSlot
from copilot.ui.locales import t
from copilot.ui.markup_today import Tag

LONGEST = 90
END_OF_STRETCH = 59  # the second at which "by noon" or "today" end
_DUE = {"overdue": "error", "passed": "warning", "today": "warning", "soon": ""}
_OUTCOMES = {"posted": "", "early": "", "late": "warning", "maybe": "", "not_seen": "warning", "unknown": ""}
_LEVELS = {"medium": "warning", "high": "error", "critical": "error"}


def line(text: str) -> str:
    """A text as one line of fair length."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def matter(one: Matter, *, told_group: bool) -> tuple[list[Tag], list[str]]:
    """The tags and the facts of a matter."""
    tags: list[Tag] = []
    if one.kind == "rumour":
        tags.append((t("today.rumour"), "warning"))
    elif one.level in _LEVELS:
        tags.append((t(f"level.{one.level}"), _LEVELS[one.level]))
    if one.when in _DUE:
        tags.append((t(f"due.{one.when}"), _DUE[one.when]))
    if one.again:
        tags.append((t("claim.again", count=one.again), "warning"))
    facts = [
        one.group if told_group else "",
        "、".join(one.people),
        _due(one),
        t("today.said", at=moment(one.said)) if one.said else "",
    ]
    return tags, facts


def _due(one: Matter) -> str:
    """Until when: in the words that were used, with what they come to; the end of a stretch of hours is told by its day."""
    if one.due is None:
        return t("today.by_words", words=one.due_text) if one.due_text else ""
    at = f"{one.due:%m-%d}" if one.due.second == END_OF_STRETCH else moment(one.due)
    return t("today.by_both", words=one.due_text, at=at) if one.due_text else t("today.by", at=at)


def slot(one: PlannedSlot, *, told_group: bool, told_day: bool = False) -> list[str]:
    """The facts of a planned slot."""
    start = f"{one.start:%H:%M}" if one.start else t("today.any_time")
    return [
        f"{day_name(one.day)} {start}" if told_day else start,
        one.group if told_group else "",
        one.owner,
        "" if one.text else t("today.team_only"),
        t("today.copied", at=f"{one.copied:%H:%M}") if one.copied else "",
    ]


def outcome(one: Happened, *, told_group: bool) -> tuple[list[Tag], list[str]]:
    """How a slot went, with its receipt: who posted it when; or what is missing to know."""
    told = t(f"outcome.{one.outcome}")
    if one.outcome in ("early", "late") and one.minutes is not None:
        told = f"{told} {_length(abs(one.minutes))}"
    facts = slot(one.slot, told_group=told_group, told_day=True)
    if one.at:
        same_day = one.at.date() == one.slot.day
        facts.append(t("today.receipt", at=f"{one.at:%H:%M}" if same_day else moment(one.at), who=one.sender))
    elif one.gap:
        facts.append(t(f"coverage.{one.gap}", until=moment(one.until) if one.until else ""))
    return [(told, _OUTCOMES[one.outcome])], facts


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t("today.minutes", minutes=rest)
    return t("today.hours", hours=hours, minutes=rest) if rest else t("today.whole_hours", hours=hours)


def moment(at: datetime) -> str:
    """`11-24 20:00`."""
    return f"{at:%m-%d %H:%M}"


def day_name(day: date) -> str:
    """`11月24日 周二`."""
    return t("plan.date", month=day.month, day=day.day, weekday=t(f"weekday.{day.isoweekday()}"))
