from datetime import UTC, datetime

from importing import chat_of

FULL = "\ufefflocalId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\r\n"
SESSION = "\ufeff消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\r\n"


def test_the_full_csv_has_exact_times_and_xml_in_its_words() -> None:
    link = "<msg><appmsg><title>报名表</title><url>https://f.example/1</url><type>5</type></appmsg></msg>"
    text = (
        FULL
        + "1,9,1,0,0,1791766800,2,周末几点,2026-10-12 09:00:00,班长,小丁,wxid_ding\r\n"
        + f'2,9,49,5,0,1791766860,2,"{link}",2026-10-12 09:01:00,,小戊,wxid_wu\r\n'
        + "3,9,1,0,1,1791766920,2,九点\r\n"
        + "4,9,1,0,1,1791766980,2,九点,2026-10-12 09:03:00\r\n"
        + "5,9,10000,0,0,1791767040,2,你撤回了一条消息,2026-10-12 09:04:00,,,\r\n"
    )
    chat = chat_of(text, "memotrace-full", name="聊天记录/自驾群(88@chatroom)/自驾群.csv")
    ding, link_entry, own, notice = chat.entries
    assert (chat.group, chat.me, chat.zone_known) == ("自驾群", "我", True)
    assert (ding.name, ding.sender_id, ding.time) == ("班长", "wxid_ding", datetime.fromtimestamp(1791766800, UTC))
    assert (link_entry.name, link_entry.kind, link_entry.text) == ("小戊", "link", "报名表\nhttps://f.example/1")
    assert (own.name, own.text, own.line) == ("我", "九点", 5)
    assert (notice.kind, notice.notice) == ("system", "recall")
    assert [one.line for one in chat.unread] == [4]


def test_the_session_csv_is_of_the_chat_its_folder_names() -> None:
    text = SESSION + "1,文本,小丁,2026-10-12 09:00:00,几点,小丁,小丁,\r\n2,动画表情,我,2026-10-12 09:01:00,,我,我,\r\n"
    chat = chat_of(text, "memotrace", name="聊天记录/自驾群(wxid_zj)/自驾群.csv")
    assert (chat.group, chat.me, chat.zone_known) == ("自驾群", "我", False)
    assert [(entry.name, entry.kind) for entry in chat.entries] == [("小丁", "text"), ("我", "sticker")]


def test_a_quote_in_the_csv_stands_below_the_words() -> None:
    text = SESSION + '1,引用消息,小丁,2026-10-12 09:00:00,"行\n引用:班长:九点出发",,,\r\n'
    (entry,) = chat_of(text, "memotrace").entries
    assert (entry.kind, entry.text, entry.reply_name, entry.reply_text) == ("quote", "行", "班长", "九点出发")


def test_text_tells_a_notice_from_a_header() -> None:
    text = (
        "2026-10-12 09:00:00 小丁\n周末去吗\n\n带帐篷\n\n"
        "2026-10-12 09:00:30 小丁邀请老戊加入了群聊\n\n"
        "2026-10-12 09:01:00 老 戊\n去\n引用:小丁:周末去吗\n\n"
        "2026-10-12 09:02:00 小丁\n[链接]:title:路书\ndescription:三天两晚\nurl:https://r.example\nname:某号\n\n"
        "2026-10-12 09:03:00 老 戊\n[图片]\n\n"
    )
    chat = chat_of(text, "memotrace-text", name="自驾群.txt")
    first, notice, quote, link, image = chat.entries
    assert chat.group == "自驾群"
    assert (first.text, first.line, first.end_line) == ("周末去吗\n\n带帐篷", 1, 4)
    assert (notice.kind, notice.notice, notice.text) == ("system", "join", "小丁邀请老戊加入了群聊")
    assert (quote.name, quote.kind, quote.text, quote.reply_text) == ("老 戊", "quote", "去", "周末去吗")
    assert (link.kind, link.text) == ("link", "路书\n三天两晚\nhttps://r.example\n某号")
    assert image.kind == "image"


def test_a_quote_that_was_not_found_has_no_name() -> None:
    text = "2026-10-12 09:00:00 小丁\n好\n引用:未知\n\n2026-10-12 09:00:00 老戊\n好\n\n"
    entry = chat_of(text, "memotrace-text").entries[0]
    assert (entry.kind, entry.text, entry.reply_name) == ("quote", "好", "")
