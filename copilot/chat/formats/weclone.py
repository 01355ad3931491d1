"""The CSV of PyWxDump, WeClone and WeFlow: one set of columns, told apart by how their times are written.

PyWxDump and WeClone write local times without seconds, and ids; WeFlow writes UTC, and names where the ids stand.
"""

from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.csv_rows import CsvRows, Row, csv_header
from copilot.chat.formats.fields import file_kind
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.scalars import id_of, time_of, words_of
from copilot.chat.formats.wechat_types import kind_of
from copilot.chat.formats.wechat_xml import unpack_xml
from copilot.chat.formats.wording import is_system_sender

_COLUMNS = ("id", "MsgSvrID", "type_name", "is_sender", "talker", "msg", "CreateTime")


class _WeClone:
    name = "weclone"
    title = "PyWxDump / WeClone / WeFlow（CSV）"
    platform = "wechat"

    def sniff(self, source: Source) -> float:
        return 1.0 if {*csv_header(source)} >= {*_COLUMNS} else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        rows = CsvRows(source.text, fewest=len(_COLUMNS), needs=_COLUMNS)
        gathering = Gathering()
        for row, line in rows:
            room = row.get("room_name", "").strip()
            entry = _entry(row, line, rows.end_line)
            if entry.time or entry.name or entry.sender_id:
                gathering.chat(room, room)
                gathering.add(room, entry, own=row["is_sender"].strip() == "1")
            else:
                gathering.lose(room, row, line, rows.end_line)
        return gathering.chats(rows.unread)


def _entry(row: Row, line: int, end_line: int) -> Entry:
    time, precision = time_of(row["CreateTime"])
    talker = row["talker"].strip()
    entry = Entry(
        line=line,
        end_line=end_line,
        source_id=id_of(row["MsgSvrID"]),
        time=time,
        precision=precision,
        name=talker,
        sender_id="" if time is not None and time.tzinfo else talker,
        kind=kind_of(row["type_name"].strip() or None),
        text=words_of(row["msg"]),
    )
    if entry.kind == "other" and row.get("src", "").strip():
        entry.kind = file_kind(row["src"])
    if is_system_sender(talker):
        entry.kind = "system"
    unpack_xml(entry)
    return entry


FORMATS: tuple[Format, ...] = (_WeClone(),)
