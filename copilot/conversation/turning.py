"""From what was done to the copilot's turn, and the pieces of work as they stand after it."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from copilot.conversation.deeds import Done
from copilot.conversation.thread import Thread
from copilot.store import Turn, Work


def turn_of(thread: Thread, text: str, deeds: Sequence[Done], *, at: datetime, writer: str) -> Turn:
    """The copilot's turn that says `text` and did these deeds."""
    works = thread.works
    for done in deeds:
        works = stacked(works, done.work)
    cited = {(one.chunk_id, one.quote): one for done in deeds for one in done.citations}
    return Turn(
        id=uuid.uuid4().hex[:12],
        role="copilot",
        text=text,
        at=at,
        uses=tuple(done.use for done in deeds if done.use),
        drafts=tuple(dict.fromkeys(done.draft.id for done in deeds if done.draft)),
        works=works,
        missing=next((done.missing for done in reversed(deeds) if done.missing), ()),
        citations=tuple(cited.values()),
        findings=tuple(one for done in deeds for one in done.findings),
        writer=writer,
    )


def stacked(works: tuple[Work, ...], work: Work | None) -> tuple[Work, ...]:
    """The pieces of work with this one at hand, in the place of what it was before."""
    return works if work is None else (*(one for one in works if one.id != work.id), work)
