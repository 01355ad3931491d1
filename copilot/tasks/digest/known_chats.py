"""The chats of a source that was read already: an archive of fifty chats is read once, not fifty times."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from copilot.chat.records import Transcript

_known: ContextVar[tuple[Transcript, ...] | None] = ContextVar("known_chats", default=None)


@contextmanager
def knowing(chats: tuple[Transcript, ...]) -> Iterator[None]:
    """Within this block, digests are of these chats, whichever source their requests name."""
    token = _known.set(chats)
    try:
        yield
    finally:
        _known.reset(token)


def known_chats() -> tuple[Transcript, ...] | None:
    """The chats that were read already, if any."""
    return _known.get()
