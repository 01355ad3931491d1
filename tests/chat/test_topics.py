"""What was talked about: conversations put together by matter, small talk left out."""

from hypothesis import given, settings
from hypothesis import strategies as st
from staged import Row, scene_of

from copilot.chat.topics import read_topics

HOUSE = "物业-小董"
MIXED: list[tuple[str, Row]] = [
    ("lift", ("08:00", "3栋阿楠", "2 号电梯又停了，卡在 7 楼，老人下不来")),
    ("lift", ("08:02", "快乐的老马", "电梯上周刚修过吧")),
    ("lift", ("08:05", HOUSE, "@3栋阿楠 维保师傅在路上，电梯 9 点前恢复")),
    ("", ("08:20", "柠檬", "早")),
    ("", ("08:21", "小橘", "早呀")),
    ("water", ("09:00", HOUSE, "通知：明天 9:00-11:00 清洗水箱，3 栋停水，请提前储水")),
    ("water", ("09:01", "柠檬", "收到")),
    ("water", ("09:02", "小橘", "收到")),
    ("water", ("09:10", "阿岳", "停水的时候热水器要关吗")),
    ("water", ("09:12", HOUSE, "@阿岳 建议关掉，水箱洗完先放两分钟黄水")),
    ("lift", ("10:10", "3栋阿楠", "电梯好了吗，都过 9 点了")),
    ("lift", ("10:20", HOUSE, "@3栋阿楠 不好意思，电梯的门机要换件，下午 2 点能用")),
    ("cat", ("12:00", "豆花", "地库那只三花猫是谁家的，肚子很大了")),
    ("cat", ("12:01", "小橘", "流浪的吧，三花猫常在垃圾房那边")),
    ("cat", ("12:03", "豆花", "想给猫搭个窝，有纸箱吗")),
    ("cat", ("12:05", "阿岳", "我家有纸箱，晚上拿给你")),
    ("", ("13:00", "柠檬", "哈哈哈哈")),
    ("lift", ("14:30", "快乐的老马", "电梯通了")),
    ("lift", ("14:31", "3栋阿楠", "终于，谢谢")),
    ("water", ("1/08:50", "小橘", "今天停水到几点来着")),
    ("water", ("1/08:55", HOUSE, "11 点前，水箱洗完会再通知")),
    ("cat", ("1/20:00", "豆花", "三花猫搬进窝里了")),
    ("cat", ("1/20:01", "小橘", "太好了，猫粮我出一袋")),
]


def overlap(label: str) -> float:
    """The best F1 of a topic with what is labelled so."""
    topics = read_topics(scene_of([row for _, row in MIXED], HOUSE))
    gold = {f"m{number}" for number, (one, _) in enumerate(MIXED, 1) if one == label}
    return max(2 * len(gold & set(topic.messages)) / (len(gold) + len(topic.messages)) for topic in topics)


def test_interleaved_matters_are_told_apart_and_put_together_over_two_days() -> None:
    assert overlap("lift") >= 0.7
    assert overlap("water") >= 0.7
    assert overlap("cat") >= 0.7


def test_small_talk_is_in_no_topic() -> None:
    rows = [
        ("08:00", "柠檬", "早"),
        ("08:01", "小橘", "早呀"),
        ("08:02", "阿岳", "[图片]"),
        ("12:00", "柠檬", "哈哈哈"),
        ("12:01", "小橘", "笑死"),
        ("22:00", "阿岳", "晚安"),
    ]
    assert read_topics(scene_of(rows)) == ()


def test_what_is_said_about_an_ad_is_in_no_topic() -> None:
    rows = [
        ("09:00", "团长阿丘", "通知：枇杷明天到货，下午 4 点自提"),
        ("09:30", "日结兼职", "手机打字日结 300，加微信"),
        ("09:31", "阿一", "又来"),
        ("09:32", "团长阿丘", "@日结兼职 本群不发广告，已移出"),
        ("10:00", "阿二", "枇杷自提点在哪"),
        ("10:01", "团长阿丘", "@阿二 枇杷还在南门自提点"),
    ]
    topics = read_topics(scene_of(rows, "团长阿丘", noise={"m2": "广告"}))
    told = {name for topic in topics for name in topic.messages}
    assert told == {"m1", "m5", "m6"}


def test_a_title_is_short_and_of_the_topics_own_words() -> None:
    rows = [row for _, row in MIXED]
    said = "".join(text for _, _, text in rows)
    for topic in read_topics(scene_of(rows, HOUSE)):
        assert 0 < len(topic.title) <= 14
        assert all(part in said for part in topic.title.split("、"))


def test_no_member_and_nothing_private_stands_in_a_title() -> None:
    rows = [
        ("09:00", "豆包爸", "豆包的疫苗本丢了，疫苗能补打吗，我电话13700001111"),
        ("09:05", "店长阿蓝", "@豆包爸 疫苗可以补打，豆包带上芯片号来就行"),
        ("09:06", "豆包爸", "疫苗补打要钱吗"),
        ("09:07", "店长阿蓝", "疫苗补打免费"),
    ]
    (topic,) = read_topics(scene_of(rows, "店长阿蓝"))
    assert "豆包" not in topic.title
    assert "1370" not in topic.title + topic.summary
    assert "疫苗" in topic.title


def test_the_summary_is_how_it_opened_and_the_last_official_word() -> None:
    rows = [
        ("09:00", "阿一", "周六的观鸟活动几点集合"),
        ("09:10", "领队", "通知：观鸟活动周六 6:30 北门集合"),
        ("18:00", "领队", "更正：观鸟活动改到周日 6:30，北门集合"),
    ]
    (topic,) = read_topics(scene_of(rows, "领队"))
    assert topic.summary == "周六的观鸟活动几点集合 → 更正：观鸟活动改到周日 6:30，北门集合"


def test_an_empty_chat_has_no_topics() -> None:
    assert read_topics(scene_of([])) == ()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["08:00", "09:30", "1/10:00"]),
            st.sampled_from(["甲", "乙", "丙", "管家"]),
            st.text("电梯水箱停吗通知好的1+@#接龙\n.。 a", max_size=20),
        ),
        max_size=30,
    )
)
def test_no_message_is_in_two_topics_and_none_is_invented(rows: list[Row]) -> None:
    scene = scene_of(sorted(rows, key=lambda row: ("/" in row[0], row[0])), "管家")
    told = [name for topic in read_topics(scene) for name in topic.messages]
    assert len(told) == len(set(told))
    assert set(told) <= set(scene.by_id)
