"""One small invented export of every format, three messages each, to be damaged in tests."""

import json
from typing import Any

SAID = ("周末去看房吗", "去，“两室”的\n还有一套一室的", "好，带上身份证")
WHO = ("小何", "阿 杰", "小何")
BEGUN = 1791766800  # 2026-10-12 09:00:00 in Shanghai
IDS = ("wxid_he", "wxid_jie", "wxid_he")
ROOM = "61@chatroom"


def clock(number: int) -> str:
    return f"09:0{number}:00"


def day_and_clock(number: int) -> str:
    return f"2026-10-12 {clock(number)}"


def rows(**makers: Any) -> list[dict[str, Any]]:
    """Three records whose fields are made from the number of the message."""
    return [{key: make(number) if callable(make) else make for key, make in makers.items()} for number in range(3)]


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def lined(values: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values) + "\n"


def table(header: str, *cells: Any) -> str:
    lines = [header]
    for number in range(3):
        made = (str(cell(number) if callable(cell) else cell) for cell in cells)
        lines.append(",".join('"' + cell.replace('"', '""') + '"' for cell in made))
    return "\n".join(lines) + "\n"


def blocks(header: Any, between: str = "\n\n") -> str:
    return between.join(f"{header(number)}\n{SAID[number]}" for number in range(3)) + "\n"


def said(number: int) -> str:
    return SAID[number]


def who(number: int) -> str:
    return WHO[number]


def who_id(number: int) -> str:
    return IDS[number]


def seconds(number: int) -> int:
    return BEGUN + 60 * number


def session_file(**head: Any) -> str:
    messages = rows(
        localId=lambda n: n + 1, createTime=seconds, formattedTime=day_and_clock, type="文本消息", localType=1,
        content=said, isSend=0, senderUsername=who_id, senderDisplayName=who, platformMessageId=lambda n: f"66{n}",
    )  # fmt: skip
    session = {"wxid": ROOM, "displayName": "看房团", "type": "群聊", "messageCount": 3}
    return dumped({**head, "session": session, "messages": messages})


CHATLAB = {
    "chatlab": {"version": "0.0.2", "exportedAt": BEGUN},
    "meta": {"name": "看房团", "platform": "wechat", "type": "group"},
}
CHATLAB_ROWS = rows(sender=who_id, accountName=who, timestamp=seconds, type=0, content=said, platformMessageId=str)
QQ_ROWS = rows(
    id=lambda n: f"74{n}", seq=str, timestamp=lambda n: seconds(n) * 1000, time=day_and_clock,
    sender=lambda n: {"uid": f"u_{IDS[n]}", "uin": f"1000{len(IDS[n])}", "name": WHO[n]}, type="text",
    content=lambda n: {"text": SAID[n], "elements": [{"type": "text", "data": {"text": SAID[n]}}]}, recalled=False, system=False,
)  # fmt: skip

SAMPLES: dict[str, str] = {
    "chatlab": dumped({**CHATLAB, "members": [], "messages": CHATLAB_ROWS}),
    "chatlab-jsonl": lined([{"_type": "header", **CHATLAB}, *({"_type": "message", **row} for row in CHATLAB_ROWS)]),
    "weflow": session_file(weflow={"version": "1.0.3", "generator": "WeFlow"}),
    "ciphertalk": session_file(exportInfo={"generator": "CipherTalk", "format": "detailed-json"}),
    "echotrace": session_file(),
    "weflow-text": blocks(lambda n: f"{day_and_clock(n)} '{WHO[n]}'"),
    "weflow-markdown": "# 看房团\n\n- 会话类型: 群聊\n- 导出工具: WeFlow\n\n---\n\n" + blocks(lambda n: f"## {day_and_clock(n)} {WHO[n]}\n"),
    "wetrace-plus": dumped({
        "format": "wetrace-plus", "version": 1, "account": {"id": "wxid_me", "name": "我"},
        "conversations": [{"id": ROOM, "name": "看房团", "messages": rows(id=str, time=seconds, sender_id=who_id, sender_name=who, type=1, content=said)}],
    }),
    "memotrace-full": table(
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender",
        lambda n: n + 1, 9, 1, 0, 0, seconds, 2, said, day_and_clock, who, who, who_id,
    ),
    "memotrace": table("消息ID,类型,发送人,时间,内容,备注,昵称,更多信息", lambda n: n + 1, "文本", who, day_and_clock, said, who, who, ""),
    "memotrace-text": blocks(lambda n: f"{day_and_clock(n)} {WHO[n]}") + "\n",
    "weclone": table(
        "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime",
        lambda n: n + 1, lambda n: 7437000000000000543 + n, "文本", 0, who_id, "看房团", said, "", lambda n: f"2026/10/12 9:0{n}",
    ),
    "chatlog": dumped(rows(
        seq=lambda n: BEGUN * 1000 + n, time=lambda n: f"2026-10-12T{clock(n)}+08:00", talker=ROOM, talkerName="看房团",
        isChatRoom=True, sender=who_id, senderName=who, isSelf=False, type=1, subType=0, content=said,
    )),
    "chatlog-keeper": dumped(rows(
        ts=lambda n: seconds(n) + 0.5, sender=who, sender_wxid=who_id, chat_room="看房团", conversation_id=ROOM, content=said,
        msg_type=1, is_self=False, account_id="a", thread_id=f"a::{ROOM}", server_id=str, source_offset="x",
    )),
    "chatlog-csv": table("Time,SenderName,Sender,TalkerName,Talker,Content", day_and_clock, who, who_id, "看房团", ROOM, said),
    "chatlog-text": blocks(lambda n: f"{WHO[n]}({IDS[n]}) {day_and_clock(n)}"),
    "wecom": lined([
        {"msgid": f"{n}_1", "action": "send", "from": IDS[n], "tolist": ["x"], "roomid": "wrA", "msgtime": seconds(n) * 1000, "msgtype": "text", "text": {"content": SAID[n]}}
        for n in range(3)
    ]),
    "feishu": dumped({"code": 0, "data": {"has_more": False, "items": rows(
        message_id=lambda n: f"om_{n}", msg_type="text", create_time=lambda n: str(seconds(n) * 1000), chat_id="oc_a",
        sender=lambda n: {"id": f"ou_{IDS[n]}", "sender_type": "user"}, body=lambda n: {"content": json.dumps({"text": SAID[n]}, ensure_ascii=False)},
    )}}),
    "qq-exporter": dumped({
        "metadata": {"name": "QQChatExporter V5", "version": "5"}, "chatInfo": {"name": "看房团", "type": "group"},
        "statistics": {"totalMessages": 3}, "messages": QQ_ROWS,
    }),
    "qq-exporter-text": "[QQChatExporter V5 / https://x.example]\n\n聊天名称: 看房团\n聊天类型: 群聊\n\n" + "\n\n".join(
        f"{WHO[n]}:\n时间: {day_and_clock(n)}\n内容: {SAID[n]}" for n in range(3)
    ) + "\n",
    "qq-text": "消息记录（此消息记录为文本格式，不支持重新导入）\r\n\r\n" + "".join(
        f"{line}\r\n" for line in ("=" * 64, "消息分组:我的QQ群", "=" * 64, "消息对象:看房团", "=" * 64, "")
    ) + "".join(f"{day_and_clock(n)} {WHO[n]}({10000 + len(IDS[n])})\r\n{SAID[n]}\r\n\r\n" for n in range(3)),
    "qq-clipboard": blocks(lambda n: f"{WHO[n]} 2026/10/12 {clock(n)}"),
    "discord": dumped({
        "guild": {"id": "1", "name": "看房"}, "channel": {"id": "2", "name": "general"}, "messages": rows(
            id=lambda n: f"90{n}", type="Default", timestamp=lambda n: f"2026-10-12T{clock(n)}.000+08:00", content=said,
            author=lambda n: {"id": IDS[n], "name": WHO[n]}, attachments=[], embeds=[], stickers=[], reactions=[], mentions=[],
        ), "messageCount": 3,
    }),
    "discord-csv": table("AuthorID,Author,Date,Content,Attachments,Reactions", lambda n: len(IDS[n]), who, lambda n: f"2026-10-12T{clock(n)}.0000000+08:00", said, "", ""),
    "discord-text": ("=" * 62 + "\nGuild: 看房\nChannel: general\n" + "=" * 62 + "\n\n") + blocks(
        lambda n: f"[10/12/2026 9:0{n} AM] {WHO[n]}"
    ) + "\n" + "=" * 62 + "\nExported 3 message(s)\n" + "=" * 62 + "\n",
    "telegram": dumped({"name": "看房团", "type": "private_supergroup", "id": 7, "messages": rows(
        id=lambda n: n + 1, type="message", date=lambda n: f"2026-10-12T{clock(n)}", date_unixtime=lambda n: str(seconds(n)),
        **{"from": who}, from_id=lambda n: f"user{len(IDS[n])}", text=said, text_entities=[],
    )}),
    "telegram-text": blocks(lambda n: f"{WHO[n]}, [2026-10-12 9:0{n}]"),
    "slack": dumped(rows(type="message", user=lambda n: f"U{IDS[n]}", text=said, ts=lambda n: f"{seconds(n)}.00010{n}")),
    "whatsapp": "".join(f"[13.10.26, {clock(n)}] {WHO[n]}: {SAID[n]}\n" for n in range(3)),
    "line": "[LINE] 與看房團的聊天記錄\n儲存日期： 2026/10/13 09:00\n\n2026/10/12（一）\n" + "".join(
        f"09:0{n}\t{WHO[n]}\t" + (f'"{SAID[n]}"' if "\n" in SAID[n] else SAID[n]) + "\n" for n in range(3)
    ),
    "wechat-text": blocks(lambda n: f"{WHO[n]} {day_and_clock(n)}"),
    "plain-text": "小何：周末去看房吗\n阿杰：去，两室的\n小何：好，带上身份证\n阿杰：几点\n",
}  # fmt: skip
JSON_AND_CSV = (
    *("chatlab", "chatlab-jsonl", "weflow", "ciphertalk", "echotrace", "wetrace-plus", "memotrace-full", "memotrace"),
    *(
        "weclone",
        "chatlog",
        "chatlog-keeper",
        "chatlog-csv",
        "wecom",
        "feishu",
        "qq-exporter",
        "discord",
        "discord-csv",
    ),
    *("telegram", "slack"),
)
