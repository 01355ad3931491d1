"""Whether two messages stand close in time."""

from datetime import timedelta

from copilot.chat.records import Message


def within(earlier: Message, later: Message, reach: timedelta) -> bool:
    """Whether the later message came within `reach` of the earlier; true where a time is not known."""
    return earlier.time is None or later.time is None or later.time - earlier.time <= reach
