"""What each message goes back to."""

from staged import Row, scene_of

from copilot.chat.links import read_answers
from copilot.chat.records import Message, Reply, Transcript
from copilot.chat.scene import Roles


def links(rows: list[Row], *staff: str) -> dict[str, str]:
    return dict(scene_of(rows, *staff).answers)


def test_an_explicit_reply_wins() -> None:
    messages = (
        Message(id="m1", line=1, sender="阿青", text="谱子在哪下载"),
        Message(id="m2", line=2, sender="老方", text="今天好热"),
        Message(id="m3", line=3, sender="团务", text="群文件里", reply=Reply(id="m1", name="阿青")),
        Message(id="m4", line=4, sender="老方", text="找到了", reply=Reply(name="阿青", text="谱子在哪下载")),
        Message(id="m5", line=5, sender="老方", text="？", reply=Reply(name="谁", text="没有说过的话")),
    )
    found = read_answers(Transcript(format="x", messages=messages), Roles())
    assert found["m3"] == found["m4"] == "m1"
    assert "m5" not in found


def test_a_mention_answers_what_that_member_asked_last() -> None:
    rows = [
        ("09:00", "圆圆妈", "老师，周六的体能课还上吗"),
        ("09:01", "圆圆妈", "孩子有点咳嗽"),
        ("09:30", "小宝爸", "今天食堂吃什么"),
        ("10:20", "园长", "@圆圆妈 照常上，咳嗽的话在家休息就好"),
    ]
    assert links(rows, "园长")["m4"] == "m1"


def test_a_late_official_answer_finds_its_question_by_its_words() -> None:
    rows = [
        ("09:00", "北极熊", "民宿的发票抬头怎么改"),
        ("09:05", "阿里山", "晚上聚餐去哪"),
        ("09:06", "小满", "火锅吧"),
        ("09:30", "阿里山", "停车场满了"),
        ("09:50", "小满", "早餐的豆浆不错"),
        ("10:30", "北极熊", "山路在修，开慢点"),
        ("11:40", "前台小季", "发票抬头在订单页点“修改抬头”就行"),
    ]
    assert links(rows, "前台小季")["m7"] == "m1"


def test_going_on_with_ones_own_words_is_no_answer() -> None:
    rows = [("09:00", "阿丘", "有人用过这款帐篷吗"), ("09:00", "阿丘", "想周末带去山里")]
    assert links(rows) == {}


def test_joining_in_goes_back_to_the_question() -> None:
    rows = [
        ("09:00", "老梁", "这周的绘本到货了吗"),
        ("09:01", "果果", "蹲"),
        ("09:02", "安安", "同问"),
    ]
    assert links(rows) == {"m2": "m1", "m3": "m1"}


def test_a_receipt_goes_back_to_the_announcement_not_to_other_receipts() -> None:
    rows = [
        ("20:00", "社长", "通知：周日排练改到下午 3 点，地点不变"),
        ("20:01", "阿May", "收到"),
        ("20:02", "老徐", "收到"),
    ]
    assert links(rows, "社长") == {"m2": "m1", "m3": "m1"}


def test_nothing_is_tied_over_half_an_hour_without_a_sign() -> None:
    rows = [("09:00", "阿竹", "二手相机还在吗"), ("12:00", "老胡", "今天天气不错")]
    assert links(rows) == {}


def test_calling_somebody_hours_later_to_ask_is_no_answer() -> None:
    rows = [("09:00", "教练阿强", "今天练背"), ("15:00", "小鱼", "@教练阿强 明天几点开门")]
    assert "m2" not in links(rows, "教练阿强")


def test_entries_go_to_their_own_list() -> None:
    rows = [
        ("09:00", "团长", "枇杷接龙：5 斤装，今晚截止"),
        ("09:01", "阿一", "#接龙\n枇杷\n1. 阿一 1份"),
        ("09:02", "团长", "绿豆糕接龙：报口味，今晚截止"),
        ("09:03", "阿二", "#接龙\n绿豆糕\n1. 阿二 原味"),
        ("09:10", "阿三", "#接龙\n枇杷\n1. 阿一 1份\n2. 阿三 2份"),
        ("09:11", "阿四", "2. 阿四 抹茶"),
    ]
    found = links(rows, "团长")
    assert found["m2"] == "m1"
    assert found["m4"] == "m3"
    assert found["m5"] == "m2"
    assert found["m6"] == "m4"


def test_every_link_leads_back_to_somebody_else() -> None:
    rows = [(f"09:{minute:02}", f"成员{minute % 4}", f"第{minute}句 关于帐篷吗") for minute in range(50)]
    scene = scene_of(rows, "成员0")
    for source, target in scene.answers.items():
        assert scene.by_id[target].line < scene.by_id[source].line
        assert scene.by_id[target].sender != scene.by_id[source].sender
