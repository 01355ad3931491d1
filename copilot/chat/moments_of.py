"""When messages were said, as numbers that can be subtracted."""

from collections.abc import Iterable

from copilot.chat.records import Message

_WITHOUT_TIME = 0.5


def minutes_of(messages: Iterable[Message]) -> list[float]:
    """Minutes since the epoch, in the order given. Without a time a message comes half a minute after the one before."""
    minutes, now = [], 0.0
    for message in messages:
        now = message.time.timestamp() / 60 if message.time else now + _WITHOUT_TIME
        minutes.append(now)
    return minutes
