"""What a digest says is still owed: promises that are not kept, questions that nobody has answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copilot.conversation.wording import book, say, told
from copilot.records import Draft

_OPEN = ("overdue", "open", "partly_done")


@dataclass(frozen=True)
class Owed:
    """Of one digest: the group, until when it tells, the rows of its promises and questions that are open."""

    group: str
    last: str
    promises: tuple[Mapping[str, Any], ...]
    questions: tuple[Mapping[str, Any], ...]

    def lines(self) -> list[str]:
        """What is owed, a line each, the overdue first."""
        if not (self.promises or self.questions):
            return [say("promises_clear", group=self.group, last=self.last)]
        rows = sorted(self.promises, key=lambda row: _OPEN.index(row["status"]))
        return [
            say("promises_open", group=self.group, last=self.last),
            *(_promise(row) for row in rows),
            *(_question(row) for row in self.questions),
        ]


def owed_in(draft: Draft) -> Owed:
    """What a digest leaves open."""
    structure = draft.structure
    promises = [row for row in structure.get("action_items", ()) if row.get("status") in _OPEN]
    carried = [row for row in structure.get("carried", ()) if row.get("status") in ("open", "again", "mentioned")]
    questions = [*structure.get("unanswered", ()), *map(_carried, carried)]
    return Owed(
        group=str(structure.get("group") or "这个群"),
        last=str((structure.get("totals") or {}).get("last") or ""),
        promises=tuple(promises),
        questions=tuple(questions),
    )


def _promise(row: Mapping[str, Any]) -> str:
    due = row.get("due_text") or str(row.get("due") or "")[:10]
    return say(
        "promise",
        status=book()["statuses"][row["status"]],
        owner=row.get("owner") or "没有写谁",
        task=told(str(row.get("task", "")), 80),
        due=f"（{due}）" if due and due not in str(row.get("task", "")) else "",
    )


def _question(row: Mapping[str, Any]) -> str:
    return say("question", asker=row.get("asker") or "有人", question=told(str(row.get("question", "")), 80))


def _carried(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A matter of an earlier day as a question of today's digest."""
    return {"question": row.get("text", ""), "asker": "、".join(row.get("people", ()))}
