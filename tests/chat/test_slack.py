"""Slack exports: a day alone, the whole folder, threads, tags, bots and files."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from importing import SETTING, chat_of, forced

from copilot.chat.formats.base import Entry, Source
from copilot.chat.formats.registry import find
from copilot.chat.reading import read_chats
from copilot.errors import InputError

USERS = [
    {"id": "U1", "name": "agui", "real_name": "Gui Lin", "profile": {"display_name": "阿桂", "real_name": "Gui Lin"}},
    {"id": "U2", "name": "kim", "profile": {"display_name": "", "real_name": "Kim Park"}},
]


def message(number: int, text: str = "morning", **fields: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "text": text, "ts": f"171135360{number}.48234{number}", **fields}


def day(*messages: dict[str, Any]) -> str:
    return json.dumps(list(messages), indent=4)


def read(*messages: dict[str, Any]) -> list[Entry]:
    files = {"users.json": json.dumps(USERS).encode(), "general/2024-03-25.json": b""}
    [chat] = find("slack").read(Source("general/2024-03-25.json", day(*messages), files), SETTING)
    assert chat.group == "general"
    return chat.entries


def test_a_day_alone_reads_with_ids_for_names() -> None:
    chat = chat_of(day(message(1), message(2, user="U2")), "slack")
    assert [(entry.name, entry.source_id) for entry in chat.entries] == [
        ("U1", "1711353601.482341"),
        ("U2", "1711353602.482342"),
    ]
    assert chat.entries[0].time == datetime(2024, 3, 25, 8, 0, 1, 482341, tzinfo=UTC)
    assert chat.zone_known


def test_names_come_from_the_list_of_users() -> None:
    assert [entry.name for entry in read(message(1), message(2, user="U2"))] == ["阿桂", "Kim Park"]


def test_tags_are_read_before_escapes() -> None:
    [entry] = read(message(1, "<@U2> see <https://a.example|the list> &amp; <#C1|trips> <!here> &lt;@U1&gt;"))
    assert entry.text == "@Kim Park see the list https://a.example & #trips @here <@U1>"
    assert entry.mentions == ("Kim Park",)
    assert entry.everyone


def test_an_answer_in_a_thread_names_its_parent_and_is_counted_once() -> None:
    parent = message(1, thread_ts="1711353601.482341")
    answer = message(2, "ok", thread_ts="1711353601.482341", subtype="thread_broadcast")
    entries = read(parent, answer, answer)
    assert [entry.reply_id for entry in entries] == ["", "1711353601.482341"]


def test_joining_and_other_notices_are_nobodys_words() -> None:
    joined, topic = read(
        message(1, "<@U1> has joined the channel", subtype="channel_join"), message(2, subtype="channel_topic")
    )
    assert (joined.kind, joined.notice, joined.name, joined.text) == (
        "system",
        "join",
        "",
        "@阿桂 has joined the channel",
    )
    assert (topic.kind, topic.notice) == ("system", "other")


def test_a_removed_message_has_no_text() -> None:
    [entry] = read(message(1, "This message was deleted.", subtype="tombstone"))
    assert (entry.kind, entry.text) == ("recall", "")


def test_a_bots_card_is_read_as_people_see_it() -> None:
    card = {"fallback": "x", "pretext": "1 new commit", "text": "<https://a.example|ed1>: fix"}
    bot = {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B1",
        "username": "Git",
        "text": "",
        "ts": "1711353600.1",
    }
    [entry] = read({**bot, "attachments": [card]})
    assert (entry.name, entry.kind, entry.text) == ("Git", "card", "1 new commit\ned1 https://a.example: fix")


@pytest.mark.parametrize(("name", "kind", "text"), [("fog.png", "image", ""), ("plan.pdf", "file", "plan.pdf")])
def test_a_file_without_words_is_told(name: str, kind: str, text: str) -> None:
    [entry] = read(message(1, "", files=[{"name": name}]))
    assert (entry.kind, entry.text) == (kind, text)


def test_words_that_stand_only_in_blocks_are_found() -> None:
    block = {"type": "rich_text", "elements": [{"elements": [{"type": "text", "text": "see you"}]}]}
    assert read(message(1, "", blocks=[block]))[0].text == "see you"


def test_a_list_of_users_alone_says_what_it_is() -> None:
    with pytest.raises(InputError, match="名单"):
        forced(json.dumps(USERS), "slack")


def test_a_zip_gives_its_channels_with_days_joined_and_the_lists_used_up() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("users.json", json.dumps(USERS))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "general", "members": []}]))
        archive.writestr("dms.json", json.dumps([{"id": "D7", "members": ["U1", "U2"]}]))
        archive.writestr("general/2024-03-25.json", day(message(1)))
        archive.writestr("general/2024-03-26.json", day(message(9, "yes", thread_ts="1711353601.482341")))
        archive.writestr("D7/2024-03-25.json", day(message(3)))
    chats = {chat.group: chat for chat in read_chats(packed.getvalue(), zone=ZoneInfo("Asia/Shanghai"), name="x.zip")}
    assert {*chats} == {"general", "阿桂、Kim Park"}
    general = chats["general"]
    assert [message.sender for message in general.messages] == ["阿桂", "阿桂"]
    assert general.messages[1].reply is not None
    assert general.messages[1].reply.id == general.messages[0].id
    assert not any(chat.unread for chat in chats.values())
