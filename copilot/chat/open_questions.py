"""The questions of a chat that may still be answered, asked again or joined in, and where they stand in the talk."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from copilot.chat.asking import Asked
from copilot.chat.closeness import within
from copilot.chat.records import Message

OPEN = 40
"""How many questions a reply of the group's people may mean; any other member's may mean the last `FEW`."""
FEW = 4
OWN = 12
"""How many of a member's own questions a repeat may mean."""
NEAR = 5
"""How many messages on a question is still near."""


@dataclass(eq=False)
class Open:
    """A question and what came of it so far.

    `words` are what it is about, `around` the words of what its asker said just before and of who put it off; `heard` is
    the last thing said right after it that was no answer, `last` where in the talk it was last asked or joined in.
    """

    at: int
    message: Message
    asked: Asked
    words: frozenset[str]
    around: frozenset[str]
    last: int
    repeats: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    heard: str = ""
    deferred: str = ""
    answer: str = ""
    official: bool = False

    def settle(self, answer: str, *, official: bool) -> bool:
        """Note an answer; what the group's people say comes before what a member said."""
        if self.answer and (self.official or not official):
            return False
        if self.answer:
            self.replies.append(self.answer)
        self.answer, self.official = answer, official
        return True

    def reopen(self) -> None:
        """The answer did not settle it: it was a reply."""
        self.replies.append(self.answer)
        self.answer, self.official = "", False


class OpenQuestions:
    """The questions asked so far, by how lately they were asked, by asker and by message."""

    def __init__(self, talk: Sequence[Message]) -> None:
        self.talk = talk
        self.all: list[Open] = []
        self.recent: deque[Open] = deque(maxlen=OPEN)
        self.by_message: dict[str, Open] = {}
        self._latest: deque[Open] = deque(maxlen=FEW)
        self._own: dict[str, deque[Open]] = {}
        self._position: Mapping[str, int] = {message.id: at for at, message in enumerate(talk)}

    def put(self, one: Open) -> None:
        """Add a question."""
        self.all.append(one)
        self.recent.append(one)
        self._latest.append(one)
        self._own.setdefault(one.message.sender, deque(maxlen=OWN)).append(one)
        self.by_message[one.message.id] = one

    def refresh(self, one: Open, at: int, message: Message) -> None:
        """It was asked again or joined in by the message at a place of the talk."""
        one.last = at
        self.by_message[message.id] = one
        for kept in (self.recent, self._latest):
            if one in kept:
                kept.remove(one)
            kept.append(one)

    def own(self, member: str) -> Sequence[Open]:
        """The member's own last questions, oldest first."""
        return self._own.get(member, ())

    def place(self, message_id: str) -> int:
        """Where a message stands in the talk; -1 for one that does not."""
        return self._position.get(message_id, -1)

    def near(self, at: int, message: Message, reach: timedelta) -> list[Open]:
        """The last few questions of others, while the talk has not moved on."""
        if not self._latest or at - self._latest[-1].last > NEAR:
            return []
        return [
            one
            for one in self._latest
            if one.message.sender != message.sender
            and at - one.last <= NEAR
            and within(self.talk[one.last], message, reach)
        ]

    def between(self, one: Open, at: int, message: Message) -> int:
        """How many messages of others stand between a question and what may answer it."""
        pair = (message.sender, one.message.sender)
        return sum(self.talk[back].sender not in pair for back in range(max(one.last + 1, at - 2 * NEAR), at))
