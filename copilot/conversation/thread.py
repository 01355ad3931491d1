"""A conversation as the next message finds it: the work at hand, what was asked for, and what it may be about."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from copilot.conversation.following import label_of
from copilot.conversation.pasting import take_apart
from copilot.conversation.routing import Standing
from copilot.records import Missing
from copilot.store import Attachment, Choice, Turn, Work


class Thread:
    """The turns so far. Nothing is remembered anywhere else: any process can go on from what is kept."""

    def __init__(self, turns: tuple[Turn, ...] = ()) -> None:
        self.turns = turns

    @property
    def _answered(self) -> Turn | None:
        """The copilot's last turn."""
        return next((turn for turn in reversed(self.turns) if turn.role == "copilot"), None)

    @property
    def works(self) -> tuple[Work, ...]:
        """The pieces of work as they stand, the one at hand last."""
        return self._answered.works if self._answered else ()

    @property
    def asked(self) -> tuple[Missing, ...]:
        """What the copilot's last turn asked for."""
        return self._answered.missing if self._answered else ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the copilot's last turn offered to choose from."""
        return self._answered.choices if self._answered else ()

    @property
    def pending(self) -> Turn | None:
        """The message that the choices are about: the operator's last one before them."""
        return next((turn for turn in reversed(self.turns) if turn.role == "operator"), None) if self.choices else None

    def at_hand(self, job: str = "") -> Work | None:
        """The piece of work that is gone on with; with `job`, the latest of that job."""
        return next((work for work in reversed(self.works) if job in ("", work.job)), None)

    def digests(self) -> tuple[str, ...]:
        """The ids of the digests made in this conversation, oldest first."""
        return tuple(dict.fromkeys(work.draft for work in self.works if work.job == "digest" and work.draft))

    def standing(self) -> Standing:
        """What the router has to know of it."""
        work = self.at_hand()
        return Standing(
            job=work.job if work else "",
            asked=tuple(label_of(gap) for gap in self.asked),
            has_digest=bool(self.digests()),
        )

    def before(self) -> tuple[Work, ...] | None:
        """The works as they stood before the last of them changed; None where nothing did."""
        states = [turn.works for turn in self.turns if turn.role == "copilot"]
        return (
            next((works for works in reversed(states[:-1]) if works and works != states[-1]), None) if states else None
        )

    def groups(self) -> tuple[str, ...]:
        """The kept groups that came up, in that order."""
        return tuple(dict.fromkeys(name for turn in self.turns for work in turn.works for name in work.groups))

    def said(self) -> Iterator[str]:
        """The operator's own words, without the chats they pasted."""
        for turn in self.turns:
            if turn.role == "operator":
                yield from own_words(turn)


def own_words(turn: Turn) -> Iterator[str]:
    """What of a turn are the operator's own words and texts; a chat is its members'."""
    pasted = take_apart(turn.text, turn.files)
    yield pasted.lead if pasted.chat else turn.text
    yield from (file.text for file in turn.files if file.text != pasted.chat)


def chat_of(turn: Turn) -> str:
    """The chat that a turn holds, "" where there is none."""
    return take_apart(turn.text, turn.files).chat


def heard(text: str, at: datetime, files: tuple[Attachment, ...] = ()) -> Turn:
    """A message of the operator as a turn."""
    return Turn(id=uuid.uuid4().hex[:12], role="operator", text=text, at=at, files=files)


def new_work(job: str, **values: Any) -> Work:
    """A piece of work that begins; `values` are fields of `Work`."""
    return Work(id=uuid.uuid4().hex[:12], job=job, **values)
