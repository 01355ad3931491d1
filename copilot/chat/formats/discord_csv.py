"""DiscordChatExporter's CSV: who, when, what; no message ids and no replies."""

from contextlib import suppress
from datetime import datetime

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.csv_rows import CsvRows, Row, csv_header
from copilot.chat.formats.fields import files_kind, zones_known
from copilot.chat.formats.finishing import finish
from copilot.chat.formats.scalars import time_of
from copilot.chat.records import Precision
from copilot.errors import InputError

_COLUMNS = ("AuthorID", "Author", "Date", "Content")
_OLD_DATES = ("%d-%b-%y %I:%M %p", "%d-%b-%Y %I:%M %p", "%d-%b-%y %H:%M", "%m/%d/%Y %I:%M %p")


class _DiscordCsv:
    name = "discord-csv"
    title = "Discord（DiscordChatExporter，CSV）"
    platform = "discord"

    def sniff(self, source: Source) -> float:
        return 0.97 if {*csv_header(source)} >= {*_COLUMNS} else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        rows = CsvRows(source.text, fewest=4, needs=_COLUMNS)
        chat = Chat(entries=[_entry(row, line, rows.end_line) for row, line in rows], unread=rows.unread)
        if not chat.entries:
            raise InputError("里面没有 Discord 的消息", hint="用 DiscordChatExporter 再导出一次，最好选 JSON")
        chat.zone_known = zones_known(chat.entries)
        return [finish(chat)]


def _entry(row: Row, line: int, end_line: int) -> Entry:
    author = row["Author"].strip()
    name, number, digits = author.rpartition("#")
    entry = Entry(line=line, end_line=end_line, sender_id=row["AuthorID"].strip(), text=row["Content"].strip())
    entry.name = name if number and len(digits) == 4 and digits.isdigit() else author
    entry.time, entry.precision = _moment(row["Date"].strip())
    files = [address for address in row.get("Attachments", "").split(",") if address.strip()]
    if files and not entry.text:
        entry.kind = files_kind(files)
    elif not entry.text:
        entry.kind = "other"
    return entry


def _moment(text: str) -> tuple[datetime | None, Precision]:
    for pattern in _OLD_DATES:
        with suppress(ValueError):
            return datetime.strptime(text, pattern), "minute"  # noqa: DTZ007 - the exporter's local time
    return time_of(text)


FORMATS: tuple[Format, ...] = (_DiscordCsv(),)
