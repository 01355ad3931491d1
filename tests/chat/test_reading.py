"""What is given is read or refused with a clear word: encodings, archives, folders, several chats, reports."""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from timing import at_most

from copilot.chat.formats import registry
from copilot.chat.formats.base import Chat, Entry, Setting, Source
from copilot.chat.reading import read_chat, read_chats
from copilot.errors import EmptyInputError, EncodingError, InputError, InputTooLargeError, UsageError

ZONE = ZoneInfo("Asia/Shanghai")


def paste(*names: str, day: int = 20, start: int = 0) -> str:
    return "\n".join(f"{who} 2026-06-{day} 09:{n:02}\n大家好，我说第{n}句\n" for n, who in enumerate(names, start))


PASTE = paste("阿茶", "老段", "小鹿", "阿茶")


def zipped(files: Mapping[str, str | bytes], **options: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content, **options)
    return data.getvalue()


def read(source: str | bytes | Path, format: str = "auto") -> int:  # noqa: A002 - the option's name everywhere
    return len(read_chat(source, zone=ZONE, format=format).said)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_any_usual_encoding_is_read(encoding: str) -> None:
    chat = read_chat(PASTE.encode(encoding), zone=ZONE)
    assert [message.sender for message in chat.said] == ["阿茶", "老段", "小鹿", "阿茶"]


def test_big5_is_told_from_gb18030() -> None:
    text = "阿茶 2026-06-20 09:00\n大家好，這個週末我們來聚會\n\n老段 2026-06-20 09:01\n好的，時間說一下\n"
    assert [message.text for message in read_chat(text.encode("big5"), zone=ZONE).said][1] == "好的，時間說一下"


def test_a_few_broken_bytes_stay_visible_and_are_told_by_line() -> None:
    data = PASTE.encode().replace("小鹿".encode(), "小鹿".encode()[:-1] + b"\xff", 1)
    chat = read_chat(data, zone=ZONE)
    assert "\ufffd" in chat.said[2].sender
    note = next(note for note in chat.notes if note.code == "broken_bytes")
    assert "第 7 行" in note.message


def test_a_file_of_two_encodings_is_read_line_by_line() -> None:
    chat = read_chat(PASTE.encode() + b"\n" + paste("老段", start=10).encode("gbk"), zone=ZONE)
    assert len(chat.said) == 5
    assert {message.sender for message in chat.said} == {"阿茶", "老段", "小鹿"}


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", "\u200b\n".encode()])
def test_nothing_is_said_to_be_nothing(data: bytes) -> None:
    with pytest.raises(EmptyInputError):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"\0" * 4000,
        b"SQLite format 3\0" + b"x" * 99,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"%PDF-1.7\n",
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(EncodingError):
        read(data)


def test_a_few_nul_bytes_do_not_stop_the_rest() -> None:
    chat = read_chat(PASTE.replace("第2句", "第2\0句").encode(), zone=ZONE)
    assert len(chat.said) == 4
    assert "broken_bytes" in {note.code for note in chat.notes}


def test_one_huge_line_is_read_or_refused_in_reasonable_time() -> None:
    with at_most(5):
        with pytest.raises(InputError):
            read("很长" * 2_000_000)
        assert read(PASTE + "阿茶 2026-06-20 09:30\n" + "好" * 3_000_000) == 5


def test_too_much_is_said_to_be_too_much() -> None:
    with pytest.raises(InputTooLargeError):
        read_chat(PASTE, zone=ZONE, max_bytes=20)


def test_ten_thousand_mentions_are_read_quickly() -> None:
    with at_most(3):
        chat = read_chat(PASTE + "老段 2026-06-20 09:30\n" + "@阿茶\u2005@某某 " * 10_000, zone=ZONE)
        assert chat.said[-1].mentions == ("阿茶", "某某")


def test_an_archive_is_read_file_by_file_and_what_is_not_read_is_told() -> None:
    data = zipped(
        {
            "群A/聊天.txt": 'Dear:\n微信群"A"的聊天记录如下:\n\n' + PASTE,
            "群B.txt": '微信群"B"的聊天记录如下:\n\n' + paste("甲", "乙"),
            "图/1.jpg": b"\xff\xd8\xff",
            "里面.zip": b"PK\x03\x04",
            "../外面.txt": PASTE,
            "/etc/群.txt": PASTE,
            "说明.md": "这是软件的说明",
        }
    )
    chats = read_chats(data, zone=ZONE)
    assert [(chat.group, len(chat.said)) for chat in chats] == [("A", 4), ("B", 2)]
    assert {one.source for one in chats[0].unread} == {"里面.zip", "../外面.txt", "/etc/群.txt", "说明.md"}
    assert chats[0].messages[0].source == "群A/聊天.txt"
    with pytest.raises(UsageError, match="A（4 条）、B（2 条）"):
        read_chat(data, zone=ZONE)
    assert read_chat(data, zone=ZONE, group="B").group == "B"


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    with pytest.raises(InputTooLargeError):
        read(zipped({"聊天.txt": b"a" * 30_000_000}))
    with pytest.raises(InputTooLargeError):
        read_chat(zipped({f"{n}.txt": PASTE * 10 for n in range(50)}), zone=ZONE, max_bytes=20_000)


def test_links_and_locked_files_in_an_archive_are_not_followed() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("群.txt", PASTE)
    chat = read_chat(data.getvalue(), zone=ZONE)
    assert [one.source for one in chat.unread] == ["link.txt"]
    locked = bytearray(zipped({"a.txt": PASTE}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        locked[locked.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    with pytest.raises(InputError, match="密码"):
        read(bytes(locked))


def test_a_damaged_archive_is_said_to_be_damaged() -> None:
    with pytest.raises(InputError, match="坏"):
        read(zipped({"a.txt": PASTE})[:-30])


def test_names_in_gbk_are_put_right() -> None:
    entry = zipfile.ZipInfo("x" * 7)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(entry, PASTE)
    raw = data.getvalue().replace(b"x" * 7, "群1.txt".encode("gbk").ljust(7, b"t")[:7])
    assert read(raw) == 4


def test_a_folder_of_pastes_of_one_group_is_one_chat(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(paste("阿茶", "老段", "小鹿", "阿茶"), encoding="utf-8")
    (tmp_path / "2.txt").write_text(paste("小鹿", "阿茶", "老段", start=2), encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text("x", encoding="utf-8")
    chat = read_chat(tmp_path, zone=ZONE)
    assert len(chat.said) == 5
    assert {message.source for message in chat.said} == {"1.txt", "2.txt"}
    assert next(note.count for note in chat.notes if note.code == "doubled") == 2


def test_what_is_not_there_is_said_not_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到"):
        read(tmp_path / "没有.txt")
    with pytest.raises(InputError, match="没有能读的"):
        read(tmp_path)


def test_a_report_in_prose_is_read_as_a_report() -> None:
    text = (
        "6月20日 邻里团购群日报\n\n今日新增成员12人，退群3人。\n上午有人投诉草莓坏果，已经退款；晚上大家在讨论周末的活动，"
        "反馈报名链接打不开，明天跟进。\n待办：修好报名链接。\n"
    )
    report = read_chat(text, zone=ZONE)
    assert report.format == "report"
    assert {note.code for note in report.notes} == {"report"}
    assert {message.sender for message in report.messages} == {""}
    assert [message.line for message in report.messages][:2] == [1, 3]


@pytest.mark.parametrize("text", ["asdf qwer zxcv", '{"a": [1, 2]}', "你好", "def f():\n    return 1\n" * 5])
def test_what_nobody_can_tell_is_refused_with_its_beginning_and_the_formats(text: str) -> None:
    with pytest.raises(InputError, match="wechat-text") as refused:
        read(text)
    assert text[:5] in str(refused.value)


def test_a_format_can_be_forced_and_a_wrong_name_lists_the_right_ones() -> None:
    assert read(PASTE, format="wechat_text") == 4
    with pytest.raises(UsageError, match="wechat-text"):
        read(PASTE, format="没有的")


class Shout:
    """A format from elsewhere."""

    name, title, platform = "shout", "喊话", "nowhere"

    def sniff(self, source: Source) -> float:
        return 0.9 if source.head.startswith("SHOUT") else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        return [Chat([Entry(line=1, name="A", text=source.text)])]


class Point:
    """An entry point, as far as it is asked."""

    def __init__(self, name: str, target: object) -> None:
        self.name, self.value, self._target = name, name, target

    def load(self) -> object:
        if isinstance(self._target, Exception):
            raise self._target
        return self._target


def test_another_package_can_add_a_format_and_a_broken_one_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [Point("b", Shout()), Point("a", ImportError("no such thing")), Point("c", object())]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == registry.GROUP else [])
    for cached in (registry.formats, registry.plugin_notes, registry._added):
        cached.cache_clear()
    try:
        chat = read_chat("SHOUT hello", zone=ZONE)
        assert (chat.format, chat.platform) == ("shout", "nowhere")
        assert [note.code for note in chat.notes if note.code != "no_time"] == ["plugin_broken", "plugin_broken"]
    finally:
        monkeypatch.undo()
        for cached in (registry.formats, registry.plugin_notes, registry._added):
            cached.cache_clear()
