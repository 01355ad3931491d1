from datetime import datetime

import pytest
from importing import chat_of, chats_of, forced

from copilot.errors import InputError

HEADER = "Time,SenderName,Sender,TalkerName,Talker,Content\n"


def row(content: str, *, sender: str = "小鹿,wxid_lu", talker: str = "陶艺小组,77@chatroom") -> str:
    return f'2026-01-02 09:00:00,{sender},{talker},"{content}"\n'


def test_a_row_is_a_message_with_a_local_time() -> None:
    chat = chat_of(HEADER + row("泥到了") + row("好\n我下午来", sender="阿木,我"), "chatlog-csv")
    first, second = chat.entries
    assert (chat.group, chat.me, chat.zone_known) == ("陶艺小组", "阿木", False)
    assert (first.name, first.sender_id, first.text, first.line) == ("小鹿", "wxid_lu", "泥到了", 2)
    assert first.time == datetime.fromisoformat("2026-01-02T09:00:00")
    assert (second.text, second.line, second.end_line) == ("好\n我下午来", 3, 4)


def test_quotes_and_forwards_are_taken_apart() -> None:
    text = row("> 阿木(wxid_mu) 12-31 23:50:10\n> 几点开窑\n十点") + row(
        "[合并转发|群聊的聊天记录]\n  老周 2025-12-30 10:00:00\n  釉料到了吗\n\n"
    )
    quote, forward = chat_of(HEADER + text, "chatlog-csv").entries
    assert (quote.kind, quote.text, quote.reply_name, quote.reply_text) == ("quote", "十点", "阿木", "几点开窑")
    assert quote.reply_time == datetime.fromisoformat("2025-12-31T23:50:10")
    assert (forward.kind, forward.text) == ("forward", "[合并转发|群聊的聊天记录]")
    assert forward.enclosed == "老周 2025-12-30 10:00:00\n釉料到了吗"


def test_a_quote_in_a_row_with_a_zone_is_of_the_same_clock() -> None:
    text = HEADER + row("> 阿木(wxid_mu) 12-31 23:50:10\n> 几点开窑\n十点").replace("09:00:00", "09:00:00+08:00")
    (quote,) = chat_of(text, "chatlog-csv").entries
    assert quote.reply_time == datetime.fromisoformat("2025-12-31T23:50:10+08:00")


def test_placeholders_and_notices_are_told_from_words() -> None:
    text = (
        row("![图片](http://127.0.0.1:5030/image/ab12)")
        + row("小鹿撤回了一条消息", sender=",系统消息")
        + row("[捂脸]我来晚了")
    )
    image, notice, words = chat_of(HEADER + text, "chatlog-csv").entries
    assert image.kind == "image"
    assert (notice.kind, notice.notice, notice.sender_id) == ("system", "recall", "")
    assert (words.kind, words.text) == ("text", "[捂脸]我来晚了")


def test_talkers_are_chats_and_a_bad_row_is_listed() -> None:
    text = HEADER + row("a") + "2026-01-02 09:00:00,只有,三格\n" + row("b", talker="另一个,88@chatroom")
    chats = chats_of(text, "chatlog-csv")
    assert [chat.group for chat in chats] == ["陶艺小组", "另一个"]
    assert [one.line for one in chats[0].unread] == [3]


def test_another_file_read_as_this_one_is_refused() -> None:
    with pytest.raises(InputError):
        forced("a,b\n1,2\n", "chatlog-csv")
