"""The members' messages as the readers of conversations look at them."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.chat import talk
from copilot.chat.moments_of import minutes_of
from copilot.chat.records import Message
from copilot.chat.terms import terms

SHOWN = frozenset({"image", "video", "file", "link", "voice", "location", "card"})
_APART = 8.0  # minutes: where no time is given, that a message stands right after another ties it little
_WORDS = frozenset({"text", "quote", "link", "forward", "other"})


@dataclass(frozen=True, slots=True)
class Line:
    """One member's message as it is looked at: when (minutes), what it does, and its telling words."""

    at: int
    message: Message
    minute: float
    act: talk.Act
    asks: bool
    words: frozenset[str]

    @property
    def says(self) -> bool:
        """Whether it says something of its own."""
        return not self.act


def set_out(messages: Sequence[Message]) -> tuple[Line, ...]:
    """The messages as lines."""
    lines = []
    for at, (message, minute) in enumerate(zip(messages, minutes_of(messages, unknown=_APART), strict=True)):
        act = talk.act(message.text) if message.kind in _WORDS else "reaction"
        asks = not act and talk.asks(message.text)
        lines.append(Line(at, message, minute, act, asks, frozenset() if act else terms(message.text)))
    return tuple(lines)
