"""What the writer of a digest may know: the chat, what was read from it without a model, and what code has counted."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from copilot.chat.claims import Action, Claims, Figures, Understanding
from copilot.chat.scene import Roles
from copilot.records import Finding
from copilot.tasks.base import Assignment, Options
from copilot.tasks.digest.book import book
from copilot.tasks.digest.brief import ChatBrief
from copilot.tasks.digest.carry_lines import carried_lines, trend_lines
from copilot.tasks.digest.counting import coverage_lines, figure_lines, note_lines
from copilot.tasks.digest.desk import desk_text
from copilot.tasks.digest.group_note import group_note
from copilot.tasks.digest.ledgers import ledger_of
from copilot.tasks.digest.report import contradictions_in
from copilot.tasks.digest.review import review
from copilot.tasks.digest.structure import Dropped, GroupNote, Reviewed
from copilot.tasks.digest.telling import REPORT, Telling, telling_of
from copilot.tasks.digest.verifying import verify
from copilot.tasks.digest.view import View

MOST_DUE = 100
_COUNT = re.compile(r"\d+ (?:条|次|件|个|项|起|人|位成员)")
"""How the page writes what code has counted."""


class DigestAssignment(Assignment):
    """`claims` are what was read without a model and holds, `dropped` what did not; `figures`, `roles`, `review` and the coverage are code's alone.

    `note` and `page` are what the group and the operator read of these claims.
    """

    brief: ChatBrief
    claims: Claims
    figures: Figures
    roles: Roles
    review: tuple[Reviewed, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    note: GroupNote = GroupNote()
    page: str = ""

    @property
    def due_now(self) -> datetime | None:
        """When dues are judged: the moment the operator gave, else the chat's last message."""
        return self.brief.now if self.brief.now_given else self.figures.last

    @cached_property
    def telling(self) -> Telling:
        """How the messages are told."""
        return telling_of(self.brief.transcript, self.claims.injections, self.claims.risks, self.roles.speaks_for_group)

    @cached_property
    def view(self) -> View:
        """The chat as its claims show it."""
        return View(self.claims, self.figures, self.roles, self.telling, self.due_now, self.brief.asked.rules)


def assignment_of(
    job: str, brief: ChatBrief, options: Options, roles: Roles, understanding: Understanding
) -> DigestAssignment:
    """The assignment of a chat that was read. Claims that do not hold are left out from the start."""
    read = Claims(**{name: getattr(understanding, name) for name in Claims.model_fields})
    claims, dropped = verify(read, brief.transcript)
    bare = DigestAssignment(
        job=job,
        kind=brief.transcript.format,
        brief=brief,
        options=options,
        items=(),
        missing=(),
        conflicts=contradictions_in(brief.transcript, brief.now) if brief.transcript.format == REPORT else (),
        findings=tuple(_told(brief)),
        ledger=ledger_of((), ()),
        rules=(),
        phrases=(),
        claims=claims,
        dropped=dropped,
        figures=understanding.figures,
        roles=roles,
    )
    return told_once(bare)


def settled(assignment: DigestAssignment, claims: Claims, dropped: Sequence[Dropped]) -> DigestAssignment:
    """The assignment with a writer's claims in place of its own, so far as they hold. `dropped` did not hold before."""
    held, more = verify(claims, assignment.brief.transcript)
    fields = {name: getattr(assignment, name) for name in DigestAssignment.model_fields}
    return told_once(DigestAssignment(**{**fields, "claims": held, "dropped": (*dropped, *more)}))


def told_once(bare: DigestAssignment) -> DigestAssignment:
    """The assignment with the facts of its claims.

    Both texts are told here: the messages they tell of, and no others, are what the facts of any text are held to.
    """
    view, brief = bare.view, bare.brief
    reviewed = review(view, brief.quotes)
    note = group_note(view, brief.meta.get("group", ""))
    page = desk_text(view, brief, reviewed, conflicts=bare.conflicts, dropped=len(bare.dropped))
    used = view.in_order(bare.telling.used & bare.telling.by_id.keys())
    names = {bare.telling.name(view.sender(name)) for name in used}
    return bare.model_copy(
        update={
            "review": reviewed,
            "note": note,
            "page": page,
            "rules": tuple(row.rule for row in reviewed),
            "ledger": ledger_of(
                [bare.telling.by_id[name] for name in used], _counted(bare, reviewed, page), meta=brief.meta
            ),
            "phrases": (
                *book().phrases,
                *(bare.telling.receipt(name) for name in used),
                *sorted(names - {""}),
                *sorted(bare.telling.quoted),
                *(row.quote for row in reviewed if row.quote),
            ),
            "names": tuple(sorted(view.senders)),
        }
    )


def _counted(bare: DigestAssignment, reviewed: Sequence[Reviewed], page: str) -> list[str]:
    """The sentences that code is answerable for: counts, due dates, what the readers say of a message."""
    view, claims, brief = bare.view, bare.claims, bare.brief
    due = sorted({view.telling.at(one.due) for one in claims.actions if one.due})
    return [
        *coverage_lines(view, brief),
        *figure_lines(view, brief),
        *note_lines(view, brief, bare.conflicts),
        *carried_lines(brief.carried, bare.telling),
        *trend_lines(brief.trend),
        *(text for row in reviewed for text in (row.finding, row.quote)),
        *(f"期限：{moment}" for moment in due[:MOST_DUE]),
        *dict.fromkeys(one.message for one in claims.risks),
        *dict.fromkeys(one.why for one in claims.ads),
        *(f"{one.origin}：{one.task}" for one in claims.actions if one.origin and _may_be_told(one, view)),
        "、".join(dict.fromkeys(_COUNT.findall(page))),
        brief.asked.focus,
    ]


def _may_be_told(action: Action, view: View) -> bool:
    """Whether the page tells of a promise: of its messages, or (it is an earlier digest's) without any."""
    return not action.messages or not view.telling.used.isdisjoint(action.messages)


def _told(brief: ChatBrief) -> list[Finding]:
    """What the operator should look at before using the digest."""
    found = []
    for note in brief.notes:
        if note.code in ("dates-not-read", "nothing-in-range"):
            fix = "日期写成 2026-03-02 或 2026-03-02 至 2026-03-08"
            found.append(Finding(severity="warning", code=note.code, message=note.message, fix=fix))
    if unread := brief.transcript.unread:
        first = unread[0]
        message = f"有 {sum(one.lines for one in unread)} 行没能读成消息，第一处在第 {first.line} 行：{first.why}"
        found.append(
            Finding(severity="warning", code="lines-unread", message=message, fix="看一眼这些行里有没有要紧的事")
        )
    return found
