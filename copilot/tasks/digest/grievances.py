"""Grievances, rumours, and who may need a private word."""

from collections import Counter
from collections.abc import Iterator, Sequence

from copilot.chat.claims import Complaint, Rumour
from copilot.facts.values import read_values
from copilot.tasks.digest.book import book
from copilot.tasks.digest.doubting import beside
from copilot.tasks.digest.levels import OPEN, UNPROVEN
from copilot.tasks.digest.listing import MOST, listed, says
from copilot.tasks.digest.view import View

MOST_AGGRIEVED = 2
COURSE = 9
"""So many messages tell how a grievance went."""
LOOKED_AT = 20
"""Of a long one, so many messages at its beginning and at its end are looked at."""


def complaint_lines(view: View) -> list[str]:
    """Each grievance: who, how it went in the members' own words, and how it stands."""
    settled = [one for one in view.claims.complaints if one.status not in OPEN]
    found = [*view.open_complaints, *settled]
    lines = []
    for one in found[:MOST]:
        summary = view.telling.told(one.summary, one.messages, 70)
        lines.append(
            "· "
            + says("complaint", summary=summary, status=complaint_status(one, view))
            + beside("complaints", one, view)
        )
        if not one.members:
            lines[-1] += view.telling.receipts(one.messages)
            continue
        lines.append("  " + says("complaint_who", who=view.owners(one.members)))
        lines.append("  " + says("complaint_course", course=" → ".join(course_of(one, view))))
    return lines + ([says("more", count=len(found) - MOST)] if len(found) > MOST else [])


def complaint_status(one: Complaint, view: View) -> str:
    """How a grievance stands, and whether a promise about it was broken."""
    status = book().statuses["complaint"][one.status]
    if one.status in OPEN and view.broken(one):
        status = f"{book().statuses['action']['overdue']}，{status}"
    level = book().statuses["level"][one.level]
    return f"{status}，{level}" if level and one.status != "resolved" else status


def course_of(one: Complaint, view: View) -> list[str]:
    """The messages that tell how it went: first and last, every answer, and whatever names a day, a number or a wish."""
    names = view.in_order((*one.messages, *one.handling))
    now = view.now or next((message.time for message in view.messages if message.time), None)

    def weight(name: str) -> int:
        text = view.telling.by_id[name].text
        valued = bool(now and len(text) < 200 and any(not value.soft for value in read_values(text, now)))
        ends = name in (one.messages[0], names[-1], one.messages[-1])
        return 4 * ends + 2 * valued + (name in one.handling) + (len(text) > 12)

    near = [*names[:LOOKED_AT], *names[LOOKED_AT:][-LOOKED_AT:]]
    kept = set(sorted(near, key=lambda name: -weight(name))[:COURSE])
    return [view.telling.said(name, 48) for name in near if name in kept]


def rumour_lines(view: View) -> list[str]:
    """What was claimed without proof and what was answered; no verdict."""
    return listed(view.claims.rumours, lambda one: _rumour_line(one, view))


def _rumour_line(one: Rumour, view: View) -> str:
    claims = "、".join(view.telling.said(name, 40) for name in one.messages[:2])
    status = book().statuses["rumour"][one.status]
    if any(view.official(view.sender(name)) for name in (*one.refuted, *one.replies)):
        status = book().statuses["rumour_official"].get(one.status, status)
    line = says("rumour", claims=claims, status=status)
    if told := view.in_order((*one.replies, *one.refuted)):
        picked = [name for name in told if name in one.refuted or view.official(view.sender(name))] or told
        line += says("rumour_replies", replies="、".join(view.telling.said(name, 50) for name in picked[:3]))
    return line + (says("rumour_close") if one.status in UNPROVEN else "") + beside("rumours", one, view)


def follow_up_lines(view: View) -> list[str]:
    """Who may need a private word, and why; their own words stay where they are."""
    rows: dict[str, tuple[str, Sequence[str]]] = {}
    for risk in view.risks_of("closed"):
        first = next((view.sender(name) for name in risk.messages if not view.official(view.sender(name))), "")
        rows.setdefault(first, (risk.message.rstrip("。"), risk.messages))
    for who, own in _unwell(view):
        rows.setdefault(who, (says("person_health"), own))
    for complaint in view.open_complaints:
        counts = Counter(view.sender(name) for name in complaint.messages)
        for member, _ in counts.most_common(MOST_AGGRIEVED):
            own = [name for name in complaint.messages if view.sender(name) == member]
            if any(
                view.sender(name) == member and view.place(name) > view.place(own[-1]) for name in complaint.handling
            ):
                continue  # whose last word was that it came, or that it is all right
            rows.setdefault(member, (says("person_complaint"), own[-1:]))
    for question in view.unanswered:
        if len(question.repeats) > 1:
            rows.setdefault(question.asker, (says("person_waiting"), (question.message, *question.repeats)))
    people = [(who, why, names) for who, (why, names) in rows.items() if who]
    return listed(people, lambda row: _person_line(*row, view))


def _person_line(who: str, why: str, names: Sequence[str], view: View) -> str:
    return says("person", who=view.telling.name(who), why=why, cites=view.telling.receipts(names, 3))


def _unwell(view: View) -> Iterator[tuple[str, list[str]]]:
    """Who spoke of their health more than once, and in which messages."""
    told: dict[str, list[str]] = {}
    for one in view.claims.private:
        if book().private_health in one.kinds and not view.official(view.sender(one.message)):
            told.setdefault(view.sender(one.message), []).append(one.message)
    yield from ((who, names) for who, names in told.items() if len(names) > 1)
