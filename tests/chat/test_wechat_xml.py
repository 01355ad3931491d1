import pytest
from timing import at_most

from copilot.chat.formats.wechat_xml import is_xml, read_xml


def app(code: int, inner: str) -> str:
    return (
        f'wxid_lu:\n<?xml version="1.0"?>\n<msg><appmsg appid="" sdkver="0">{inner}<type>{code}</type></appmsg></msg>'
    )


def test_a_quote_gives_own_words_and_the_quoted_ones() -> None:
    text = app(
        57,
        "<title>算我一个 &amp; 我妈</title><refermsg><type>1</type><svrid>7300112233445566778</svrid>"
        "<displayname>阿木</displayname><content>谁要拼车</content><createtime>1791766800</createtime></refermsg>",
    )
    payload = read_xml(text)
    assert (payload.kind, payload.text) == ("quote", "算我一个 & 我妈")
    assert (payload.reply_id, payload.reply_name, payload.reply_text) == ("7300112233445566778", "阿木", "谁要拼车")
    assert payload.reply_time is not None


def test_what_is_quoted_may_be_xml_itself() -> None:
    quoted = "&lt;msg&gt;&lt;appmsg&gt;&lt;title&gt;课表.pdf&lt;/title&gt;&lt;type&gt;6&lt;/type&gt;&lt;/appmsg&gt;&lt;/msg&gt;"
    assert (
        read_xml(app(57, f"<title>收到</title><refermsg><content>{quoted}</content></refermsg>")).reply_text
        == "课表.pdf"
    )


def test_a_link_gives_title_description_and_address() -> None:
    payload = read_xml(
        app(5, "<title><![CDATA[报名 <表>]]></title><des>周六截止</des><url>https://f.example/?a=1&amp;b=2</url>")
    )
    assert (payload.kind, payload.text) == ("link", "报名 <表>\n周六截止\nhttps://f.example/?a=1&b=2")


def test_merged_messages_are_enclosed_with_their_own_merged_ones() -> None:
    inner = "<dataitem><sourcename>丙</sourcename><datadesc>二</datadesc></dataitem>"
    record = (
        "<recordinfo><datalist><dataitem datatype='1'><sourcename>甲</sourcename><datadesc>一</datadesc></dataitem>"
        f"<dataitem><sourcename>乙</sourcename><datatitle>转</datatitle><recordxml>{inner}</recordxml></dataitem>"
        "</datalist></recordinfo>"
    )
    payload = read_xml(app(19, f"<title>聊天记录</title><recorditem><![CDATA[{record}]]></recorditem>"))
    assert (payload.kind, payload.text, payload.enclosed) == ("forward", "聊天记录", "甲: 一\n乙: 转\n  丙: 二")


def test_notices_give_their_words_with_names_in_the_template() -> None:
    recall = '<sysmsg type="revokemsg"><revokemsg><replacemsg><![CDATA["阿木" 撤回了一条消息]]></replacemsg></revokemsg></sysmsg>'
    assert read_xml(recall).text == '"阿木" 撤回了一条消息'
    join = (
        '<sysmsg><template><![CDATA["$username$"邀请"$names$"加入了群聊]]></template><link_list>'
        '<link name="username" type="link_profile"><member><nickname>林子</nickname></member></link>'
        '<link name="names" type="link_profile"><member><nickname>小鹿</nickname></member>'
        "<member><nickname>大丹</nickname></member></link></link_list></sysmsg>"
    )
    payload = read_xml(join)
    assert (payload.kind, payload.text) == ("system", '"林子"邀请"小鹿、大丹"加入了群聊')


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ('<msg><img aeskey="x" /></msg>', "image", ""),
        ('<msg><voicemsg voicelength="900" /></msg>', "voice", ""),
        ('<msg><emoji md5="x"/></msg>', "sticker", ""),
        ('<msg><location x="1" label="湖滨路1号" poiname="书店"/></msg>', "location", "书店\n湖滨路1号"),
        ('<msg username="w" nickname="大丹 &amp; 猫" />', "card", "大丹 & 猫"),
        ("<msg><unknown/></msg>", None, ""),
    ],
)
def test_plain_messages_are_told_by_their_tags(text: str, kind: str | None, words: str) -> None:
    assert is_xml(text)
    assert (read_xml(text).kind, read_xml(text).text) == (kind, words)


@pytest.mark.parametrize("text", ["<3 大家", "价格<100元", "a<msg>", "", "好的"])
def test_words_with_angle_brackets_are_no_xml(text: str) -> None:
    assert not is_xml(text)


def test_entities_are_never_expanded_and_ruins_do_not_take_long() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        "<msg><appmsg><title>&b;</title><type>5</type></appmsg></msg>"
    )
    assert read_xml(bomb).text == "&b;"
    with at_most(3):
        read_xml("<msg><appmsg>" + "<title>" * 60_000)
        read_xml("<msg><appmsg>" + "<recorditem><dataitem>" * 20_000)
