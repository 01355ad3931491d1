"""What the writer of a digest may know: the chat, what was read from it without a model, and what code has counted."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from copilot.chat.claims import Figures, Understanding
from copilot.chat.scene import Roles
from copilot.records import Finding
from copilot.tasks.base import Assignment, Options
from copilot.tasks.digest.book import book
from copilot.tasks.digest.brief import ChatBrief
from copilot.tasks.digest.counting import coverage_lines, figure_lines, note_lines
from copilot.tasks.digest.desk import desk_text
from copilot.tasks.digest.group_note import group_note
from copilot.tasks.digest.ledgers import ledger_of
from copilot.tasks.digest.listing import MOST
from copilot.tasks.digest.open_matters import MOST_ANSWERED, MOST_OWED
from copilot.tasks.digest.report import contradictions_in
from copilot.tasks.digest.review import review
from copilot.tasks.digest.structure import Claims, Dropped, Reviewed
from copilot.tasks.digest.telling import REPORT, Telling
from copilot.tasks.digest.verifying import verify
from copilot.tasks.digest.view import View

FEW = 31
CAPS = (MOST_ANSWERED, MOST, MOST_OWED)
MOST_DUE = 100
UNITS = ("条", "次", "件", "个", "项", "起", "人", "位成员")


class DigestAssignment(Assignment):
    """`claims` are what was read without a model and holds, `dropped` what did not; `figures`, `roles`, `review` and the coverage are code's alone."""

    brief: ChatBrief
    claims: Claims
    figures: Figures
    roles: Roles
    review: tuple[Reviewed, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def due_now(self) -> datetime | None:
        """When dues are judged: the moment the operator gave, else the chat's last message."""
        return self.brief.now if self.brief.now_given else self.figures.last

    @cached_property
    def telling(self) -> Telling:
        """How the messages are told."""
        low = [one for one in self.claims.risks if one.code in book().risk_codes["closed"]]
        own = {message.id for message in self.brief.transcript.said if not self.roles.speaks_for_group(message.sender)}
        closed = {name for one in low for name in one.messages} & own if low else ()
        return Telling(self.brief.transcript, self.claims.injections, closed)

    def view(self, claims: Claims) -> View:
        """The chat as these claims show it."""
        return View(claims, self.figures, self.roles, self.telling, self.due_now)


def assignment_of(
    job: str, brief: ChatBrief, options: Options, roles: Roles, understanding: Understanding
) -> DigestAssignment:
    """The assignment of a chat that was read. Claims that do not hold are left out from the start.

    Both texts are told once here: the messages they tell of, and no others, are what the facts of any text are held to.
    """
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
    view = bare.view(claims)
    reviewed = review(view, brief.quotes)
    group_note(view, brief.meta.get("group", ""))
    desk_text(view, brief, reviewed, conflicts=bare.conflicts, dropped=len(dropped))
    used = view.in_order(bare.telling.used & bare.telling.by_id.keys())
    names = {bare.telling.name(view.sender(name)) for name in used}
    return bare.model_copy(
        update={
            "review": reviewed,
            "rules": tuple(row.rule for row in reviewed),
            "ledger": ledger_of(
                [bare.telling.by_id[name] for name in used], _counted(bare, view, reviewed), meta=brief.meta
            ),
            "phrases": (
                *book().phrases,
                *(bare.telling.receipt(name) for name in used),
                *sorted(names - {""}),
                *(row.quote for row in reviewed if row.quote),
            ),
            "names": tuple(sorted(view.senders)),
        }
    )


def _counted(bare: DigestAssignment, view: View, reviewed: Sequence[Reviewed]) -> list[str]:
    """The sentences that code is answerable for: counts, due dates, what the readers say of a message."""
    claims, brief = bare.claims, bare.brief
    lengths = {len(value) for _, value in claims} | {len(one.messages) for one in claims.topics}
    lengths |= {len(one.repeats) for one in claims.questions} | {len(one.members) for one in claims.complaints}
    numbers = {*range(FEW), *lengths, *(length - most for length in lengths for most in CAPS if length > most)}
    due = sorted({view.telling.at(one.due) for one in claims.actions if one.due})
    return [
        *coverage_lines(view, brief),
        *figure_lines(view, brief),
        *note_lines(view, brief, bare.conflicts),
        *(text for row in reviewed for text in (row.finding, row.quote)),
        *(f"期限：{moment}" for moment in due[:MOST_DUE]),
        *dict.fromkeys(one.message for one in claims.risks),
        *dict.fromkeys(one.why for one in claims.ads),
        "、".join(f"{number} {unit}" for number in sorted(numbers) for unit in UNITS),
        brief.asked.focus,
    ]


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
