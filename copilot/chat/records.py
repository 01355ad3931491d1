"""What an export becomes: one message model for every format.

Times are aware datetimes; where an export gives no zone, its messages stand in the operator's (`Transcript.zone_known`
says which). A message without a time has none: nothing is guessed.
"""

from datetime import datetime
from typing import Literal

from copilot.records import Record

Kind = Literal[
    "text",
    "image",
    "voice",
    "video",
    "file",
    "sticker",
    "link",
    "location",
    "card",
    "quote",
    "forward",
    "redpacket",
    "transfer",
    "call",
    "pat",
    "poll",
    "recall",
    "system",
    "other",
]
"""`recall` is a member's message that was taken back; `system` a notice that nobody said."""

Notice = Literal["", "join", "leave", "recall", "rename", "announcement", "redpacket", "pat", "setting", "other"]
Precision = Literal["second", "minute", "day", "none"]


class Reply(Record):
    """What a message answers. `id` is the answered message's in the transcript, "" when it can't be found there."""

    id: str = ""
    name: str = ""
    text: str = ""
    time: datetime | None = None


class Message(Record):
    """One message or notice.

    `id` is its name in the transcript ("m1", "m2" … in the order of time), `source_id` the exporter's own. `line` is
    the 1-based physical line of its header in the input, `end_line` its last line with words. `sender` is the member's
    one name in the whole transcript, `shown` the name this message was sent under. `text` are the sender's own words
    without what is quoted (`reply`) or forwarded (`enclosed`); `mentions` are names without the @.
    """

    id: str
    line: int
    end_line: int = 0
    source: str = ""
    source_id: str = ""
    time: datetime | None = None
    precision: Precision = "none"
    sender: str = ""
    sender_id: str = ""
    shown: str = ""
    kind: Kind = "text"
    notice: Notice = ""
    text: str = ""
    enclosed: str = ""
    reply: Reply | None = None
    mentions: tuple[str, ...] = ()
    everyone: bool = False


class Unread(Record):
    """A stretch of the input that could not be read as a message, with why; `lines` is how many it takes."""

    line: int
    lines: int = 1
    text: str
    why: str
    source: str = ""


class Note(Record):
    """Something done or decided while reading that the operator should know: what was doubled, sorted, assumed."""

    code: str
    message: str
    count: int = 0


class Transcript(Record):
    """One chat, in the order of time. `me` is the exporting account's own name, where the format marks it."""

    format: str
    platform: str = ""
    group: str = ""
    me: str = ""
    zone: str = "Asia/Shanghai"
    zone_known: bool = False
    messages: tuple[Message, ...]
    unread: tuple[Unread, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def said(self) -> tuple[Message, ...]:
        """The members' messages, without notices."""
        return tuple(message for message in self.messages if message.kind != "system")
