"""What an importer is: it tells whether a source is of its format, and reads it into chats of entries.

An importer knows one format and nothing else; decoding, archives, order, doubles, one name a member and ids are
settled once for all in `copilot.chat.reading`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from copilot.chat.records import Kind, Note, Notice, Precision, Unread

HEAD = 65536
"""How much of a source is looked at to tell its format, in characters."""


@dataclass(frozen=True)
class Source:
    """One text to read, decoded, with its newlines as they came. `files` are its companions (of a folder or an archive), by path."""

    name: str
    text: str
    files: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def head(self) -> str:
        """Its beginning."""
        return self.text[:HEAD]


@dataclass(frozen=True)
class Setting:
    """What the operator says about the source: the zone of times without one, and the day of times without a date."""

    zone: ZoneInfo
    today: datetime | None = None


@dataclass
class Entry:
    """One message as its format gives it. Fields as in `Message`; a naive `time` is in the setting's zone.

    `reply_id` is the exporter's id of the answered message; without one, `reply_name`, `reply_text`, `reply_time` say
    what is known. `mentions` are names without the @.
    """

    line: int
    end_line: int = 0
    source_id: str = ""
    time: datetime | None = None
    precision: Precision = "none"
    name: str = ""
    sender_id: str = ""
    kind: Kind = "text"
    notice: Notice = ""
    text: str = ""
    enclosed: str = ""
    reply_id: str = ""
    reply_name: str = ""
    reply_text: str = ""
    reply_time: datetime | None = None
    mentions: Sequence[str] = ()
    everyone: bool = False
    source: str = ""


@dataclass
class Chat:
    """One chat of a source, as its format gives it. `me` is the exporting account's name where it is marked."""

    entries: list[Entry]
    group: str = ""
    me: str = ""
    zone_known: bool = False
    unread: list[Unread] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


class Format(Protocol):
    """One export format. `name` is what `--format` takes, `title` what an operator sees."""

    name: str
    title: str
    platform: str

    def sniff(self, source: Source) -> float:
        """How surely the source is of this format, 0 to 1, from its head alone (`Source.head`); cheap."""

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        """Its chats, entries in the order of the source. Raises `InputError` when it is damaged beyond reading."""
