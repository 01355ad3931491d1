"""The digest with a model: the chat cut into pieces, each heard by itself, all joined with what code found."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from copilot.records import Finding, Record
from copilot.tasks.base import Portioning, Portions
from copilot.tasks.digest.assignment import DigestAssignment
from copilot.tasks.digest.group_note import group_note
from copilot.tasks.digest.structure import DigestWords


class ChatPortioning(Portioning[DigestWords, DigestAssignment]):
    """How a model reads a chat."""

    @property
    def reply(self) -> type[Record]:
        """What a model says of one piece."""
        from copilot.tasks.digest.hearing import PieceHeard

        return PieceHeard

    def cut(self, assignment: DigestAssignment, room: int, count: Callable[[str], int]) -> Portions:
        """The whole chat where it fits, else conversations packed together."""
        from copilot.tasks.digest.portions import cut

        return cut(assignment, room, count)

    def join(
        self, assignment: DigestAssignment, portions: Portions, replies: Sequence[Record | None]
    ) -> tuple[DigestWords, tuple[Finding, ...]]:
        """The claims of both, and the report for the group made of them."""
        from copilot.tasks.digest.hearing import PieceHeard
        from copilot.tasks.digest.joining import Joining
        from copilot.tasks.digest.portions import ChatPortions

        assert isinstance(portions, ChatPortions)
        joining = Joining(assignment, portions)
        for number, reply in enumerate(replies):
            if isinstance(reply, PieceHeard):
                joining.take(number, reply)
        claims = joining.claims()
        note = group_note(replace(assignment.view, claims=claims), assignment.brief.meta.get("group", ""))
        words = DigestWords(claims=claims, group=note, dropped=(*assignment.dropped, *joining.dropped))
        return words, joining.findings()
