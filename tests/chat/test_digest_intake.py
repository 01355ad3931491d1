"""What an operator hands over to be digested: a chat in whatever wrapping, and what is said with it."""

import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from digest_chats import transcript

from copilot import Copilot, Settings
from copilot.errors import EmptyInputError, InputError, InputTooLargeError, StorageError, UsageError
from copilot.records import Request
from copilot.tasks.digest.asked import Asked
from copilot.tasks.digest.intake import request_of
from copilot.tasks.digest.originals import original_path
from copilot.tasks.digest.scope import read_scope, within

CHAT = "阿蔓 2026-03-06 10:00\n明天几点集合\n\n领队阿岩 2026-03-06 10:05\n七点半北门\n"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(home=tmp_path / "home")


def taken(source: Any, settings: Settings, **options: Any) -> tuple[Asked, bytes]:
    """What was understood as settings, and the bytes that were kept."""
    request, notices = request_of(source, options, settings)
    assert not notices
    assert isinstance(request.brief, dict)
    asked = Asked.model_validate(request.brief["said"])
    return asked, original_path(request.brief["original"], settings).read_bytes()


class TestTheChatItself:
    @pytest.mark.parametrize("source", [CHAT, CHAT.encode(), CHAT.replace("\n", "\r\n"), CHAT.encode("gb18030")])
    def test_a_text_is_kept_byte_for_byte(self, source: str | bytes, settings: Settings) -> None:
        asked, data = taken(source, settings)
        assert asked == Asked()
        assert data == (source if isinstance(source, bytes) else source.encode())

    def test_a_file_keeps_the_suffix_its_format_is_told_by(self, tmp_path: Path, settings: Settings) -> None:
        path = tmp_path / "摄影群.txt"
        path.write_text(CHAT, encoding="utf-8")
        request, _ = request_of(path, {}, settings)
        assert isinstance(request.brief, dict)
        assert request.brief["name"] == "摄影群.txt"
        assert request.brief["original"].endswith(".txt")

    def test_the_same_chat_is_kept_once(self, settings: Settings) -> None:
        first, _ = request_of(CHAT, {}, settings)
        second, _ = request_of(CHAT, {"group": "甲群"}, settings)
        assert isinstance(first.brief, dict)
        assert isinstance(second.brief, dict)
        assert first.brief["original"] == second.brief["original"]

    def test_a_folder_becomes_one_archive(self, tmp_path: Path, settings: Settings) -> None:
        folder = tmp_path / "导出"
        (folder / "图片").mkdir(parents=True)
        (folder / "chat.txt").write_text(CHAT, encoding="utf-8")
        (folder / "图片" / "1.jpg").write_bytes(b"\xff\xd8")
        request, _ = request_of(folder, {}, settings)
        assert isinstance(request.brief, dict)
        with zipfile.ZipFile(original_path(request.brief["original"], settings)) as archive:
            assert sorted(archive.namelist()) == ["chat.txt", "图片/1.jpg"]
        assert request_of(folder, {}, settings)[0].brief == request.brief

    def test_an_export_in_json_is_no_brief(self, settings: Settings) -> None:
        export = {
            "name": "甲群",
            "type": "group",
            "messages": [{"from": "阿蔓", "date": "2026-03-06", "text": "早\n10:00\n集合"}],
        }
        source = json.dumps(export, ensure_ascii=False)
        assert taken(source, settings) == (Asked(), source.encode())


class TestWhatIsSaidWithIt:
    @pytest.mark.parametrize(
        "given",
        [
            {"group_name": "山风群", "operator": "阿岩", "staff": ["阿岩", "小助教"], "focus": "谁没回", "group_rules": ["不发广告"], "date_range": "2026-03-06", "chat": CHAT},
            {"群名": "山风群", "运营": "阿岩", "工作人员": "阿岩、小助教", "关注点": "谁没回", "群规": "不发广告", "日期": "2026-03-06", "聊天记录": CHAT},
            {"group": {"name": "山风群", "rules": ["不发广告"]}, "我": "阿岩", "团队": [{"name": "阿岩", "role": "领队"}, {"name": "小助教"}], "想知道": "谁没回", "时间范围": "2026-03-06", "随便叫什么": CHAT},
        ],
    )  # fmt: skip
    def test_keys_of_any_name_are_understood(self, given: dict[str, Any], settings: Settings) -> None:
        asked, data = taken(given, settings)
        assert data.decode() == CHAT
        assert (asked.group, asked.operator, asked.staff) == ("山风群", "阿岩", ("阿岩", "小助教"))
        assert (asked.focus, asked.rules, asked.dates) == ("谁没回", ("不发广告",), "2026-03-06")

    @pytest.mark.parametrize("suffix", [".yaml", ".json", ".txt"])
    def test_a_file_may_hold_it_all(self, suffix: str, tmp_path: Path, settings: Settings) -> None:
        indented = "".join(f"  {line}\n" if line else "\n" for line in CHAT.splitlines())
        written = {
            ".yaml": f"群名: 山风群\n运营: 阿岩\nchat: |\n{indented}",
            ".txt": f"群名: 山风群\n运营: 阿岩\nchat: |\n{indented}",
            ".json": json.dumps({"群名": "山风群", "运营": "阿岩", "chat": CHAT}, ensure_ascii=False),
        }
        path = tmp_path / f"今天{suffix}"
        path.write_text(written[suffix], encoding="utf-8")
        asked, data = taken(path, settings)
        assert (asked.group, asked.operator) == ("山风群", "阿岩")
        assert data.decode().strip() == CHAT.strip()

    def test_what_the_caller_says_is_stronger(self, settings: Settings) -> None:
        asked, _ = taken({"群名": "甲群", "运营": "阿岩", "chat": CHAT}, settings, group="乙群", staff=["小助教"])
        assert (asked.group, asked.operator, asked.staff) == ("乙群", "阿岩", ("小助教",))

    def test_several_pastes_are_one_chat(self, settings: Settings) -> None:
        _, data = taken({"上午": CHAT, "下午": CHAT.replace("10:", "15:")}, settings)
        assert data.decode().count("阿蔓") == 2

    def test_messages_may_be_a_list(self, settings: Settings) -> None:
        rows = [{"sender": "阿蔓", "time": "2026-03-06 10:00", "text": "明天几点集合"}]
        asked, data = taken({"群名": "甲群", "chat": rows}, settings)
        assert asked.group == "甲群"
        assert json.loads(data) == rows

    def test_what_meant_nothing_is_named(self, settings: Settings) -> None:
        asked, _ = taken({"天气": "晴", "chat": CHAT}, settings)
        assert asked.unused == ("天气",)

    def test_an_earlier_digest_may_be_a_draft_or_its_json(self, settings: Settings) -> None:
        envelope = {"kind": "digest", "structure": {"action_items": []}}
        asked, _ = taken(CHAT, settings, earlier=[envelope, {"action_items": [{"id": "a"}]}])
        assert asked.earlier == ({"action_items": []}, {"action_items": [{"id": "a"}]})


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "source",
        ["", " \n", b"", "\0\0", "\u200b\u200d\ufeff", {}, {"群名": "甲群"}, {"chat": ""}, {"groups": [None, {}, []]}],
    )
    def test_nothing(self, source: Any, settings: Settings) -> None:
        with pytest.raises(EmptyInputError):
            request_of(source, {}, settings)

    @pytest.mark.parametrize(
        "source", ["42", "……", "🎉👨‍👩‍👧‍👦", "[" * 100_000, "a: &a [*a]", "{{ 7 * 7 }} {0} %s", "\ud83d半个字符"]
    )
    def test_what_is_no_chat_gives_a_clear_error(self, source: str, settings: Settings) -> None:
        with pytest.raises(InputError):
            Copilot(settings).summarise_digest(source)

    def test_what_is_nested_too_deep(self, settings: Settings) -> None:
        deep: dict[str, Any] = {"chat": CHAT}
        for _ in range(60):
            deep = {"a": deep}
        with pytest.raises(InputError, match="嵌套太深"):
            request_of(deep, {}, settings)

    def test_too_much(self, settings: Settings) -> None:
        small = settings.model_copy(update={"max_chat_bytes": 20})
        with pytest.raises(InputTooLargeError, match="COPILOT_MAX_CHAT_BYTES"):
            request_of(CHAT, {}, small)

    def test_no_file(self, tmp_path: Path, settings: Settings) -> None:
        with pytest.raises(InputError, match="找不到"):
            request_of(tmp_path / "没有.txt", {}, settings)

    @pytest.mark.parametrize("options", [{"staff": "阿岩"}, {"earlier": ["昨天的日报"]}])
    def test_an_option_of_the_wrong_kind(self, options: dict[str, Any], settings: Settings) -> None:
        with pytest.raises(UsageError):
            request_of(CHAT, options, settings)

    def test_a_yaml_bomb(self, tmp_path: Path, settings: Settings) -> None:
        path = tmp_path / "a.yaml"
        path.write_text("a: &a [1]\nchat: *a\n", encoding="utf-8")
        with pytest.raises(InputError, match="引用"):
            request_of(path, {}, settings)


class TestKeeping:
    def test_a_home_that_cannot_be_written_costs_a_notice_only(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        home.write_text("a file where the folder should be")
        request, notices = request_of(CHAT, {}, Settings.load(home=home))
        assert [notice.code for notice in notices] == ["original-not-kept"]
        assert isinstance(request.brief, dict)
        assert request.brief["chat"] == CHAT

    def test_what_can_neither_be_kept_nor_carried_is_an_error(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        home.write_text("a file where the folder should be")
        with pytest.raises(StorageError):
            request_of(CHAT, {}, Settings.load(home=home, max_input_bytes=20))
        with pytest.raises(StorageError):
            request_of(b"PK\x03\x04 the beginning of an archive", {}, Settings.load(home=home))

    def test_a_chat_in_another_encoding_is_carried_as_text(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        home.write_text("a file where the folder should be")
        request, _ = request_of(CHAT.encode("gb18030"), {}, Settings.load(home=home))
        assert isinstance(request.brief, dict)
        assert request.brief["chat"] == CHAT

    def test_it_leaves_no_half_file(self, settings: Settings) -> None:
        request_of(CHAT, {}, settings)
        kept = [path for path in (settings.home / "originals").rglob("*") if path.is_file()]
        assert len(kept) == 1
        assert kept[0].stat().st_mode & 0o077 == 0

    def test_a_key_reaches_nothing_outside(self, settings: Settings) -> None:
        with pytest.raises(InputError):
            original_path("../../etc/passwd", settings)


class TestDates:
    @pytest.mark.parametrize(
        ("words", "kept"),
        [
            ("2026-03-06", ["m1", "m2"]),
            ("2026年3月7日", ["m3", "m4"]),
            ("2026-03-06 至 2026-03-07", ["m1", "m2", "m3", "m4"]),
            ("2026-03-06 21:00 至 2026-03-07 09:30", ["m2", "m3"]),
            ("3月7日到3月8日", ["m3", "m4", "m5"]),
            ("2026/3/8", ["m5"]),
        ],
    )
    def test_only_what_lies_within_is_digested(self, words: str, kept: list[str]) -> None:
        rows = (
            ("10:00", "甲", "a"),
            ("22:00", "甲", "b"),
            ("1 09:30", "甲", "c"),
            ("1 10:00", "甲", "d"),
            ("2 08:00", "甲", "e"),
        )
        chat = transcript(rows)
        found, left_out = within(chat, read_scope(words, chat))
        assert [message.id for message in found.messages] == kept
        assert left_out == 5 - len(kept)

    def test_words_that_name_no_day_limit_nothing(self) -> None:
        assert read_scope("随便", transcript()) is None
        assert within(transcript(), None) == (transcript(), 0)


def test_a_request_is_small_and_reads_back(settings: Settings) -> None:
    request, _ = request_of(CHAT * 2000, {"now": datetime(2026, 3, 8)}, settings)
    assert len(request.model_dump_json()) < 1000
    assert Request.model_validate_json(request.model_dump_json()) == request
    assert request.now == datetime(2026, 3, 8, tzinfo=ZONE)
