"""All files of ../shared/eval/chat_exports, real exports and fixtures of other people's tools, against their stated counts.

Everything in a file counts: messages, notices, and what a file holds besides and is told in a note.
"""

import csv
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copilot.chat.reading import read_chats
from copilot.errors import InputError

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "eval" / "chat_exports"
ZONE = ZoneInfo("Asia/Shanghai")
LOOSE = "the count leaves out the loose notices, which its note tells: they are read as notices"
LIST = "a list of channels, people or logs of a Slack export: it belongs to the zip and holds no message"
# What is read where that is not the stated count, and why.
OTHERWISE: dict[str, tuple[int, str]] = {
    "qq_txt/dkwingsmt__log-painter__copied-from-chat-basic-datetime-format.extract.txt": (8, LOOSE),
    "qq_txt/dkwingsmt__log-painter__copied-from-chat-basic-time-format.extract.txt": (5, LOOSE),
    "qq_txt/dkwingsmt__log-painter__copied-from-chat-other-system-messages.extract.txt": (5, LOOSE),
    "qq_txt/dkwingsmt__log-painter__copied-from-chat-without-title.extract.txt": (5, LOOSE),
    "qq_txt/dkwingsmt__log-painter__copied-from-message-manager-system-messages.extract.txt": (3, LOOSE),
    "wecom/binarywang__WxJava__WxCpMsgAuditTest.extract.jsonl": (29, "one record tells of a switch of company: a note"),
}
NO_CHAT = {
    "slack/hfaran__slack-export-viewer__testarchive_channels.json": LIST,
    "slack/hfaran__slack-export-viewer__testarchive_integration_logs.json": LIST,
    "slack/hfaran__slack-export-viewer__testarchive_users.json": LIST,
}
# Which format a folder's files are of, where it is not called like the folder.
FORMATS = {
    "chatlog_keeper": ("chatlog-keeper",),
    "discord": ("discord", "discord-csv", "discord-text"),
    "chatlab": ("chatlab", "chatlab-jsonl"),
    "qq_chat_exporter": ("qq-exporter", "qq-exporter-text"),
    "qq_txt": ("qq-text", "qq-clipboard"),
    "telegram": ("telegram", "telegram-text"),
    "wechat_text": ("wechat-text", "plain-text"),
    "weclone_csv": ("weclone",),
    "weflow": ("weflow", "weflow-text", "weflow-markdown", "ciphertalk"),
    "wetrace_plus": ("wetrace-plus",),
}


@cache
def stated() -> dict[str, int]:
    path = FOLDER / "SOURCES.tsv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: int(row["messages"]) for row in csv.DictReader(lines, delimiter="\t")}


pytestmark = pytest.mark.skipif(not stated(), reason="../shared/eval/chat_exports is not here")


def test_every_file_is_listed() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert files - {"SOURCES.tsv"} == stated().keys()
    assert stated().keys() >= {*OTHERWISE, *NO_CHAT}
    assert len(stated()) == 71


@pytest.mark.parametrize("name", sorted(stated().keys() - NO_CHAT))
def test_a_real_export_is_recognised_and_read_to_its_last_message(name: str) -> None:
    chats = read_chats(FOLDER / name, zone=ZONE)
    count, _ = OTHERWISE.get(name, (stated()[name], ""))
    assert sum(len(chat.messages) for chat in chats) == count
    folder = name.partition("/")[0]
    assert {chat.format for chat in chats} <= {*FORMATS.get(folder, (folder,))}


@pytest.mark.parametrize("name", sorted(stated().keys() - NO_CHAT))
def test_a_real_export_loses_no_line_silently(name: str) -> None:
    """What is no message is listed, and only the words before the first message ever are."""
    chats = read_chats(FOLDER / name, zone=ZONE)
    for chat in chats:
        first = min(message.line for message in chat.messages)
        assert all(one.line < first for one in chat.unread)
        assert all(message.line <= message.end_line for message in chat.messages)


@pytest.mark.parametrize("name", sorted(NO_CHAT) if stated() else [])
def test_a_list_that_holds_no_message_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_chats(FOLDER / name, zone=ZONE)
    assert caught.value.hint
