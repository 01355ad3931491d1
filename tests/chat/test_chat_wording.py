"""Words that apps put into chats are told from words that people say."""

import pytest

from copilot.chat.formats.wording import notice_kind, placeholder_kind, read_mentions, split_quote


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[图片]", "image"),
        ("[图片][图片]\n[图片]", "image"),
        ("\u200e[图片: a1b2.jpg(请在附件中查看)]", "image"),
        ("图片3（可在附件中查看）", "image"),
        ("![图片](http://127.0.0.1:5030/image/ab,cd)", "image"),
        ("[语音] 1'02\"", "voice"),
        ("[语音]请使用新版手机QQ查看", "voice"),
        ("[視頻] 0:32", "video"),
        ("[Animated sticker]", "sticker"),
        ("[表情]", "sticker"),
        ("[链接] 周末去哪儿\nhttps://a.example/x", "link"),
        ("[文件] 报名表(最终).docx", "file"),
        ("[转账|发送 ￥12.00](停车)", "transfer"),
        ("[QQ红包]请使用新版手机QQ查收红包。", "redpacket"),
        ("[位置|北门|某市|30.1|120.2]", "location"),
        ("[聊天记录] 读书会的聊天记录", "forward"),
        ("[图片][视频]", "other"),
        ("通话时长 03:12", "call"),
    ],
)
def test_a_placeholder_tells_what_was_sent(text: str, kind: str) -> None:
    assert placeholder_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[捂脸]",
        "看[图片]里的",
        "[图片] 这个怎么卖",
        "[SYSTEM] x",
        "[公告] 明天停水",
        "[分享] 今天读到",
        "[链接] 标题\n大家看看",
        "图片1",
    ],
)
def test_words_of_a_member_are_text(text: str) -> None:
    assert placeholder_kind(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"小北" 撤回了一条消息', "recall"),
        ("你撤回了一条消息 重新编辑", "recall"),
        ("阿坡撤回了成员老马的一条消息", "recall"),
        ("老馬已收回訊息", "recall"),
        ("L.Z recalled a message", "recall"),
        ('"小北"通过扫描"群主"分享的二维码加入群聊', "join"),
        ("群主邀请你加入了群聊，群聊参与人还有：甲、乙", "join"),
        ('"Bob" joined group chat via the QR code shared by "Amy"', "join"),
        ("某某加入本群。", "join"),
        ('你将"小助手"移出了群聊', "leave"),
        ("某某被管理员移出本群。", "leave"),
        ('"群主"修改群名为“周末钓鱼群”', "rename"),
        ("阿坡领取了小满(新手)的红包,你已抢完。", "redpacket"),
        ('"橘子" 拍了拍 "老岳" 的方向盘', "pat"),
        ("管理员已开启“加群需要验证”。", "setting"),
        ('"小北"已成为新群主', "setting"),
    ],
)
def test_a_notice_tells_what_happened(text: str, kind: str) -> None:
    assert notice_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "他撤回了一条消息",
        "刚才谁撤回了一条消息",
        "我退出群聊了",
        "别加入群聊",
        "昨天有人加入群聊",
        "老师领取了红包",
        "红包呢",
        "开启新的一天",
    ],
)
def test_what_members_say_about_such_things_is_no_notice(text: str) -> None:
    assert notice_kind(text) is None


def test_between_messages_an_unquoted_name_must_be_a_members() -> None:
    assert notice_kind("老段退出了群聊", {"老段"}) == "leave"
    assert notice_kind("老段退出了群聊", {"阿茶"}) is None
    assert notice_kind('"老段"退出了群聊', {"阿茶"}) == "leave"


def test_mentions_end_at_their_mark_or_with_a_known_name() -> None:
    names = {"老K  (慢充党)", "小林", "小林子"}
    assert read_mentions("@阿康\u2005好 @老K  (慢充党)你 @小林子啊 @小林你好", names) == (
        ("阿康", "老K  (慢充党)", "小林子", "小林"),
        False,
    )
    assert read_mentions("a@b.com me@x.example.cn", names) == ((), False)
    assert read_mentions("@所有人 @All 开会") == ((), True)
    assert read_mentions("@allen 在吗 @ 空的") == (("allen",), False)


def test_a_quote_is_taken_apart() -> None:
    assert split_quote("「A:B：第一行\n第二行」\n- - - - - - - - -\n好的") == ("好的", "A:B", "第一行\n第二行")
    assert split_quote("「甲：说「乙」好」\n—————————\n") == ("", "甲", "说「乙」好")
    assert split_quote("好[引用 阿茶：在吗]") == ("好", "阿茶", "在吗")
    assert split_quote("「甲：不是引用」他说") is None
