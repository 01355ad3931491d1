"""What code has counted, in words: the coverage line, the figures, and the JSON of both."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copilot.chat.claims import Figures
from copilot.chat.records import Message
from copilot.records import Conflict
from copilot.tasks.digest.book import book
from copilot.tasks.digest.brief import ChatBrief
from copilot.tasks.digest.levels import OPEN
from copilot.tasks.digest.listing import says
from copilot.tasks.digest.report import stated_figures
from copilot.tasks.digest.structure import Totals
from copilot.tasks.digest.telling import Telling, shown
from copilot.tasks.digest.view import View

MEDIA = ("image", "voice", "video", "file", "forward")
SHOWN_LINES = 12
LAST = 7


def coverage_lines(view: View, brief: ChatBrief) -> list[str]:
    """How many messages stand behind the digest, and what could not be used."""
    figures = view.figures
    counted = {"messages": figures.messages, "members": figures.members, "notices": figures.system_notices}
    if view.is_report:
        lines = [says("coverage_report", count=len(view.messages))]
    elif not figures.messages:
        lines = [says("coverage_empty", notices=figures.system_notices)]
    else:
        lines = [says("coverage", **counted, span=view.telling.span(), days=figures.days)]
    if brief.scope:
        outside = says("coverage_outside", count=brief.left_out) if brief.left_out else ""
        lines.append(says("coverage_scope", dates=brief.asked.dates, outside=outside))
    if unread := brief.transcript.unread:
        told = "、".join(str(one.line) for one in unread[:SHOWN_LINES]) + ("…" if len(unread) > SHOWN_LINES else "")
        lines.append(says("coverage_unread", count=sum(one.lines for one in unread), lines=told))
    hostile = sum(1 for one in view.claims.injections if one.where == "body")
    counts = {"coverage_ads": len(view.claims.ads), "coverage_injections": hostile}
    if view.noise and not view.is_report:
        lines.append(
            says("coverage_noise", noise="、".join(says(name, count=count) for name, count in counts.items() if count))
        )
    if media := sum(figures.kinds.get(kind, 0) for kind in MEDIA):
        lines.append(says("coverage_media", count=media))
    timeless = 0 if view.is_report else sum(1 for message in brief.transcript.said if message.time is None)
    if timeless and timeless < figures.messages:
        lines.append(says("coverage_timeless", count=timeless))
    return lines


def note_lines(view: View, brief: ChatBrief, conflicts: Sequence[Conflict] = ()) -> list[str]:
    """What was done or assumed while reading, and who was taken for staff."""
    told = [
        says("conflict", message=one.message, cites="".join(f"【第 {origin.line} 行】" for origin in one.origins))
        for one in conflicts
    ]
    told += [note.message for note in (*brief.transcript.notes, *brief.notes)] + list(view.roles.notes)
    if not view.roles.known and view.figures.messages and not view.is_report:
        staff = [name for name in dict.fromkeys((view.roles.operator, *view.roles.staff)) if name]
        told.append(says("people_unknown", who=view.owners(staff)) if staff else says("people_none"))
    return [f"· {line}" for line in dict.fromkeys(told)]


def figure_lines(view: View, brief: ChatBrief) -> list[str]:
    """Who, when, how fast; with the caution that numbers say nothing of worth."""
    figures, lines = view.figures, list[str]()
    if view.is_report:
        rows = stated_figures(brief.transcript)
        return [
            f"· {says('figures_report', text=shown(one.text, 90), cites=view.telling.receipt(one.id))}" for one in rows
        ]
    if figures.messages < book().thresholds["quiet_messages"]:
        return []
    top = figures.member_figures[:5]
    if top:
        lines.append(
            says("figures_people", members="、".join(f"{view.telling.name(one.member)} {one.messages}" for one in top))
        )
    if sum(figures.hours):
        busiest = [hour for hour, count in Counter(dict(enumerate(figures.hours))).most_common(3) if count]
        told = "、".join(f"{hour:02}:00–{hour:02}:59 {figures.hours[hour]} 条" for hour in sorted(busiest))
        lines.append(says("figures_hours", hours=told))
    if len(figures.by_day) > 1:
        days = sorted(figures.by_day.items())[-7:]
        lines.append(
            says("figures_days", days="、".join(f"{int(day[5:7])}/{int(day[8:10])} {count} 条" for day, count in days))
        )
    if figures.response_minutes is not None:
        minutes = round(figures.response_minutes)
        lines.append(says("figures_response", answered=figures.answered, minutes=minutes))
    if figures.newcomers or figures.left:
        lines.append(says("figures_new", new=len(figures.newcomers), left=len(figures.left)))
    return [f"· {line}" for line in (*lines, *_trend(view, brief), says("figures_caution"))]


def _trend(view: View, brief: ChatBrief) -> Iterator[str]:
    """What was open in each earlier digest, and what is now."""
    rows = [(str(one.get("totals", {}).get("last", ""))[5:10], one) for one in brief.asked.earlier if _is_digest(one)]
    told = [
        says(
            "figures_then",
            day=f"{int(day[:2])}/{int(day[3:])}",
            unanswered=len(one["unanswered"]),
            overdue=sum(row.get("status") == "overdue" for row in one["action_items"]),
            complaints=sum(row.get("status") in OPEN for row in one["complaints"]),
        )
        for day, one in rows[-LAST:]
        if day[:2].isdigit() and day[3:].isdigit()
    ]
    if told:
        counts = {"unanswered": view.unanswered, "overdue": view.overdue, "complaints": view.open_complaints}
        now = says("figures_then", day=says("figures_now"), **{name: len(value) for name, value in counts.items()})
        yield says("figures_trend", days="；".join([*told, now]))


def _is_digest(one: Mapping[str, Any]) -> bool:
    lists = (one.get(name) for name in ("unanswered", "action_items", "complaints"))
    whole = all(isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in lists)
    return whole and isinstance(one.get("totals"), dict)


def totals_of(figures: Figures, telling: Telling) -> Totals:
    """The totals, times as local text."""
    return Totals(
        messages=figures.messages,
        system_notices=figures.system_notices,
        members=figures.members,
        days=figures.days,
        first=f"{figures.first.astimezone(telling.zone):%Y-%m-%d %H:%M}" if figures.first else "",
        last=f"{figures.last.astimezone(telling.zone):%Y-%m-%d %H:%M}" if figures.last else "",
        unparsed_lines=figures.unparsed_lines,
    )


def coverage_of(view: View, brief: ChatBrief, dropped: int) -> dict[str, Any]:
    """The coverage line and what it says, as data."""
    transcript = brief.transcript
    return {
        "line": "".join(coverage_lines(view, brief)),
        "messages": view.figures.messages,
        "notices": view.figures.system_notices,
        "members": view.figures.members,
        "read_as": transcript.format,
        "zone": transcript.zone,
        "zone_known": transcript.zone_known,
        "dates": brief.asked.dates,
        "outside_dates": brief.left_out,
        "unread_lines": sum(one.lines for one in transcript.unread),
        "in_topics": len({name for topic in view.claims.topics for name in topic.messages}),
        "noise": len(view.noise),
        "claims_dropped": dropped,
        "operator": view.telling.name(view.roles.operator) if view.roles.operator else "",
        "staff": [view.telling.name(name) for name in view.roles.staff],
        "staff_named": view.roles.known,
        "original": "",
    }


def message_rows(telling: Telling) -> list[dict[str, Any]]:
    """Every message as the contract has it: id, line, sender, time, kind."""
    stamps = {"second": "%Y-%m-%d %H:%M:%S", "minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "none": "%Y-%m-%d %H:%M"}

    def when(message: Message) -> str:
        return telling.local(message).strftime(stamps[message.precision]) if message.time else ""

    return [
        {
            "id": one.id,
            "line": one.line,
            "sender": one.sender,
            "time": when(one),
            "kind": one.kind,
            "source": one.source,
        }
        for one in telling.transcript.messages
    ]
