"""What the operator made of drafts: each message as it was written, and as it was sent or last edited."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from copilot.errors import StorageError
from copilot.facts.intake import read_fields
from copilot.learning.manners import lore
from copilot.records import Part, Record
from copilot.store import Store, StoredDraft


class Edit(Record):
    """One message to a group before and after; `said` is the brief it was written from."""

    draft: str
    job: str
    group: str
    at: datetime
    before: str
    after: str
    said: str


def edits(store: Store) -> tuple[Edit, ...]:
    """The newest messages that were sent or edited, also those that were sent as they were. Raises `StorageError`."""
    found: list[Edit] = []
    for job in lore()["jobs"]:
        for row in store.drafts(kind=job, limit=lore()["newest"]):
            if row.versions > 1 or row.sendings:
                with suppress(StorageError):  # one record that can't be read costs only itself
                    found += _of(store.draft(row.id))
    return tuple(found)


def _of(stored: StoredDraft) -> Iterator[Edit]:
    draft = stored.draft
    said = "\n".join(field.text for field in read_fields(draft.request.brief))
    parts = draft.parts or (Part(name="", text=draft.text),)
    alone = len(parts) == 1
    for part in parts:
        sent = [one.text for one in stored.sendings if alone or one.part == part.name]
        after = sent[-1] if sent else stored.text if alone and len(stored.versions) > 1 else None
        if after is not None and part.readers == "group":
            yield Edit(
                draft=draft.id,
                job=draft.kind,
                group=stored.group,
                at=draft.created,
                before=part.text,
                after=after,
                said=said,
            )
