"""What of a conversation a model is sent: the newest turns whole, older ones as a line each, all within the tokens there are.

Members' words and documents are data with ids; a pasted chat is only named. Everything is behind the thread's
pseudonyms, which are given out in the order of the turns, so that they stay the same from one turn to the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.conversation.pasting import take_apart
from copilot.conversation.thread import Thread, chat_of
from copilot.conversation.wording import book, told
from copilot.facts.pseudonyms import Pseudonyms
from copilot.records import Draft
from copilot.store import Turn
from copilot.tokens import count_tokens
from copilot.writers import prompts
from copilot.writers.base import Message

FRAME = 12  # tokens of the tags around one line
DID = "（做了："
"""Leads the list of what was done in an earlier turn."""


def disguise_of(turns: Sequence[Turn], people: Sequence[str] = ()) -> Pseudonyms:
    """The pseudonyms of a thread: every turn is hidden in its order, whether it is sent or not."""
    disguise = Pseudonyms(people)
    for turn in turns:
        disguise.hide(_own(turn))
        for file in turn.files:
            if file.text != chat_of(turn):
                disguise.hide(file.text)
    return disguise


def people_of(draft: Draft) -> tuple[str, ...]:
    """The members that a digest names."""
    rows = draft.structure.get("member_stats", ())
    return tuple(str(row.get("member", "")) for row in rows if isinstance(row, dict))


def chats_of(turns: Sequence[Turn]) -> dict[str, Turn]:
    """The turns that hold a chat, by the id a model calls it."""
    holding = [turn for turn in turns if turn.role == "operator" and chat_of(turn)]
    return {f"c{number}": turn for number, turn in enumerate(holding, 1)}


@dataclass(frozen=True)
class Desk:
    """What stands beside a message: the draft at hand, and the names of the kept groups."""

    draft: Draft | None = None
    groups: tuple[str, ...] = ()


def packed(
    thread: Thread, message: Turn, desk: Desk, disguise: Pseudonyms, room: int, encoding: str, folder: Path
) -> list[Message] | None:
    """The messages for a model, the newest last; None where the message alone takes more than `room` tokens of `encoding`."""
    turns = (*thread.turns, message)
    numbers = {turn.id: number for number, turn in enumerate(turns, 1)}
    chats = {turn.id: name for name, turn in chats_of(turns).items()}

    def tokens(text: str) -> int:
        return count_tokens(text, encoding)

    def rendered(turn: Turn, **beside: Any) -> str:
        known = {"earlier": [], "groups": "", "draft": None, **beside}
        files = [
            {"name": disguise.hide(file.name), "text": disguise.hide(file.text)}
            for file in turn.files
            if file.text != chat_of(turn)
        ]
        name = prompts.newest("chat.user", folder)
        own = {"id": f"u{numbers[turn.id]}", "text": disguise.hide(_own(turn)), "chat": chats.get(turn.id, "")}
        return prompts.render(name, folder=folder, files=files, **own, **known)

    groups = disguise.hide("、".join(desk.groups))
    last = rendered(message, draft=_draft(desk.draft, disguise), groups=groups)
    left = room - tokens(last)
    if left < 0 and desk.draft:  # the draft itself has no room: its name must do
        last = rendered(message, groups=groups)
        left = room - tokens(last)
    if left < 0:
        return None
    whole: list[Message] = []
    older = list(thread.turns)
    while older:
        turn = older[-1]
        text = rendered(turn) if turn.role == "operator" else prompts.escape(disguise.hide(summary(turn, whole=True)))
        cost = tokens(text) + FRAME
        lines = sum(tokens(line) + FRAME for line in _lines(older[:-1], disguise))
        if cost + lines > left:
            break
        left -= cost
        whole.insert(0, ("user" if turn.role == "operator" else "assistant", text))
        older.pop()
    while whole and whole[0][0] == "assistant":  # begins with what the operator said
        whole.pop(0)
        older.append(thread.turns[len(older)])
    earlier = list(_lines(older, disguise))
    dropped = 0
    while earlier and sum(tokens(line) + FRAME for line in earlier) > left:
        earlier.pop(0)
        dropped += 1
    if dropped:
        earlier.insert(0, f"（更早的 {dropped} 条没有放进来）")
    if earlier:
        last = rendered(
            message, draft=_draft(desk.draft, disguise) if "<draft" in last else None, groups=groups, earlier=earlier
        )
    return [*whole, ("user", last)]


def _own(turn: Turn) -> str:
    if turn.role == "copilot":
        return turn.text
    pasted = take_apart(turn.text, turn.files)
    return (pasted.lead or "（粘贴了一段群聊）") if pasted.chat else turn.text


def _draft(draft: Draft | None, disguise: Pseudonyms) -> dict[str, Any] | None:
    if draft is None:
        return None
    missing = [disguise.hide(gap.question) for gap in draft.missing]
    return {"id": draft.id, "job": draft.kind, "text": disguise.hide(draft.text), "missing": missing}


def _lines(turns: Sequence[Turn], disguise: Pseudonyms) -> Iterator[str]:
    """Older turns, a line each."""
    for turn in turns:
        who = "运营者" if turn.role == "operator" else "副驾驶"
        said = _own(turn) if turn.role == "operator" else summary(turn)
        yield f"{who}：{disguise.hide(told(said, 80))}"


def summary(turn: Turn, *, whole: bool = False) -> str:
    """What the copilot said and did in a turn."""
    tools = book()["tools"]
    did = "；".join(f"{tools.get(use.tool, use.tool)}：{use.returned}" for use in turn.uses)
    said = turn.text if whole else told(turn.text, 60)
    return f"{said}\n{DID}{did}）" if did else said
