"""When messages were said, as numbers that can be subtracted."""

from collections.abc import Iterable

from copilot.chat.records import Message


def minutes_of(messages: Iterable[Message], *, unknown: float = 0.5) -> list[float]:
    """Minutes since the epoch, in the order given. Without a time a message comes `unknown` minutes after the one before."""
    minutes, now = [], 0.0
    for message in messages:
        now = message.time.timestamp() / 60 if message.time else now + unknown
        minutes.append(now)
    return minutes
