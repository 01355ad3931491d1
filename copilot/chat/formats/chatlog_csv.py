"""chatlog's CSV (`format=csv`): local times, ids, and each message as its plain text."""

import re

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.csv_rows import CsvRows, Row, csv_header
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.scalars import id_of, latest_before, time_of, words_of
from copilot.chat.formats.wording import is_system_sender, placeholder_kind

_COLUMNS = ("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content")
_QUOTED = re.compile(r"(?P<name>.*?)(?:\((?P<id>[^()\s]+)\))? (?:\d{4}-)?(?P<time>\d{2}-\d{2} \d{2}:\d{2}:\d{2})")


class _ChatlogCsv:
    name = "chatlog-csv"
    title = "chatlog（CSV）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        return 1.0 if {*csv_header(source)} >= {*_COLUMNS} else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        rows = CsvRows(source.text, needs=_COLUMNS)
        gathering = Gathering()
        for row, line in rows:
            talker = row["Talker"].strip()
            gathering.chat(talker, row["TalkerName"].strip())
            entry = _entry(row, line, rows.end_line)
            if entry.time or entry.name or entry.sender_id:
                gathering.add(talker, entry, own=entry.sender_id == "我")
            else:
                gathering.lose(talker, row, line, rows.end_line)
        return gathering.chats(rows.unread)


def _entry(row: Row, line: int, end_line: int) -> Entry:
    time, precision = time_of(row["Time"])
    entry = Entry(
        line=line,
        end_line=end_line,
        time=time,
        precision=precision,
        name=row["SenderName"].strip(),
        sender_id=id_of(row["Sender"]),
        text=words_of(row["Content"]).strip("\n"),
    )
    if is_system_sender(entry.sender_id) or is_system_sender(entry.name):
        entry.kind = "system"
        return entry
    words = entry.text.split("\n")
    quoted = next((place for place, each in enumerate(words) if not each.startswith("> ")), len(words))
    if quoted:
        entry.kind = "quote"
        entry.text = "\n".join(words[quoted:])
        _read_quote(entry, [each[2:] for each in words[:quoted]])
    elif len(words) > 1 and placeholder_kind(words[0]) == "forward":
        entry.kind = "forward"
        entry.text, entry.enclosed = words[0], "\n".join(each.removeprefix("  ") for each in words[1:]).strip("\n")
    return entry


def _read_quote(entry: Entry, quoted: list[str]) -> None:
    """What stands behind `> `: who said it and when (without the year), then the words."""
    match = _QUOTED.fullmatch(quoted[0])
    if match is not None:
        entry.reply_name = match["name"].strip() or match["id"] or ""
        entry.reply_time = latest_before(match["time"], entry.time) if entry.time else None
        quoted = quoted[1:]
    entry.reply_text = "\n".join(quoted).strip()


FORMATS: tuple[Format, ...] = (_ChatlogCsv(),)
