"""What a call of the chat takes and gives back. The turns themselves are the store's: `copilot.store.Turn`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypedDict

from copilot.options import WriterName
from copilot.records import Draft, Record
from copilot.store import Attachment, Turn, Use
from copilot.writers.base import Cancel, OnText

OnUse = Callable[[Use], None]


class ChatOptions(TypedDict, total=False):
    """How a message is answered; each is optional.

    `conversation`: the id of the one to go on with ("" begins one). `files`: texts handed over with the message.
    `now`: the moment relative dates are counted from. `on_text` receives a model's words as they come, before they are
    checked; `on_use` each tool as it is done; `on_begun` the conversation's id as soon as the message is kept; `cancelled`
    is asked every tenth of a second while a model writes: once it says so, `Cancelled` is raised and the message is kept
    without an answer. The same message said again is then answered.
    """

    conversation: str
    files: Sequence[Attachment]
    writer: WriterName | None
    now: datetime | None
    on_text: OnText | None
    on_use: OnUse | None
    on_begun: Callable[[str], None] | None
    cancelled: Cancel | None


class ChatReply(Record):
    """The copilot's turn, in which conversation, with the drafts it made or shows (their texts are to be copied)."""

    conversation: str
    title: str
    turn: Turn
    drafts: tuple[Draft, ...] = ()
