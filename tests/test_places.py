"""Every place of a draft stands in its brief, and everyday talk of places is left alone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.checks.battery import untrue
from copilot.checks.mending import mend
from copilot.checks.places import place_findings
from copilot.facts.brief import read_brief
from copilot.facts.places import read_places
from copilot.tasks.announcement.task import AnnouncementTask
from copilot.tasks.base import Assignment, Options

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

SAID = (
    "地点：东湖公园北门（地铁2号线东湖站B口出）",
    "领物：社区活动室二楼，找门岗登记",
    "改期：原定三楼多功能厅，改到一楼展厅",
    "线上分享：腾讯会议",
    "咨询：青禾路店前台，11号门进",
)


def found(text: str, *said: str) -> list[str]:
    return [one.span.text for one in place_findings(text, said or SAID) if one.span]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("改到B座三层大会议室", ["B座三层大会议室"]),
        ("由协和医院的医师推荐", ["协和医院"]),
        ("周六在老地方集合", ["老地方"]),
        ("请到前台领取", ["前台"]),
        ("集合地点：东门 → 西门", ["东门", "西门"]),
        ("见面地点是星光影院", ["星光影院"]),
        ("领奖到物业服务中心一楼大厅", ["物业服务中心一楼大厅"]),
        ("门店的地址是解放西路12号", ["解放西路12号"]),
        ("在腾讯会议里见", ["腾讯会议"]),
        ("换到隔壁的露台", ["隔壁的露台"]),
        ("奖品在5号楼102室领", ["5号楼102室"]),
        ("早上6:00在码头上船", ["码头"]),
        ("去青少年宫三楼上课", ["青少年宫三楼"]),
        ("大家在北岸渡口候船", ["北岸渡口"]),
        ("先到云顶山庄过夜", ["云顶山庄"]),
        ("在湖心岛吃午饭", ["湖心岛"]),
        ("周六大家一起吃饭，在船上喝茶，孩子身边留人", []),
        ("到点出发，开赛前在家热身", []),
        ("地点：【待补充:地点】", []),
    ],
)
def test_a_place_is_read_by_its_last_word_and_by_what_happens_there(text: str, places: list[str]) -> None:
    assert [place.text for place in read_places(text)] == places


@pytest.mark.parametrize(
    "text",
    [
        "在北门碰头，大家认准蓝旗子",
        "到社区活动室领物资，在门岗登记后领取",
        "地点：东湖公园北门",
        "在二楼社区活动室领取",
        "从3楼多功能厅改到1楼展厅",
        "到青禾路店前台签到",
        "到店里的前台咨询",
        "分享在线上举行，腾讯会议里见",
        "改成线上",
        "地铁到东湖站下车",
        "从11号门进",
    ],
)
def test_a_place_of_the_brief_may_be_named_in_a_shorter_or_another_form(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("改到B座三层大会议室", "B座三层大会议室"),
        ("到前厅领取", "前厅"),
        ("到二楼图书室签到", "二楼图书室"),
        ("在樱花小区3号楼门口等大家", "樱花小区3号楼门口"),
        ("请到驿站取件", "驿站"),
        ("已和市第一医院合作", "市第一医院"),
        ("安排在锦绣酒店宴会厅", "锦绣酒店宴会厅"),
        ("集合点：老粮站", "老粮站"),
        ("地址：建设大街", "建设大街"),
        ("移至负一楼", "负一楼"),
        ("分享改到飞书会议", "飞书会议"),
        ("在西门集合", "西门"),
        ("到了1号门再打电话", "1号门"),  # 11号门 is another door
        ("跑完去金马咖啡馆坐坐", "金马咖啡馆"),
    ],
)
def test_a_place_that_the_brief_does_not_name_is_found(text: str, place: str) -> None:
    assert found(text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "在群里接龙，到群公告领取链接",
        "身体不适及时去正规医院",
        "在评论区等大家，有问题到私信里说",
        "不方便来的在家里看回放",
        "大家在学校里也可以练，带孩子去公园走走",
        "路上注意安全，别跑太快",
        "请在规定时间内领取，活动结束后领取奖品",
        "在大家的支持下举行",
        "到点集合，不等人；到时候见面聊",
        "请在周五前领取，三天内签到",
        "改到下周六，改为接龙报名，改成每晚八点",
        "把跑鞋放在门口，现场领取号码布",
        "按照要求到指定地点集合",
        "请在领取时签到，到期后自动领取",
        "群里的店长会回复，我们小区的团购",
        "这个网站的一站式服务，思路要更上一层楼",
        "别把外地学校的通知转到这里",
        "5楼说得对",
    ],
)
def test_everyday_talk_names_no_place_that_could_be_invented(text: str) -> None:
    assert found(text, "费用：每人 15 元") == []


def test_online_is_backed_by_a_screen_and_offline_by_a_place() -> None:
    assert found("改到线上", "周五晚上直播") == []
    assert found("改到线上", "周五晚上在操场集合") == ["线上"]
    assert found("改为线下", "周五晚上在操场集合") == []
    assert found("改为线下", "周五晚上直播") == ["线下"]


def test_a_place_of_our_own_phrases_needs_no_backing_there_but_does_elsewhere() -> None:
    own = ("不舒服的，尽快去宠物医院看",)
    assert place_findings("不舒服的，尽快去宠物医院看。", (), own=own) == ()
    assert place_findings("我们和宠物医院合作。", (), own=own)


def test_mending_asks_for_the_place_instead_of_naming_it() -> None:
    mended = mend("周六7:00在老粮站集合，带水。", lambda text: place_findings(text, SAID))
    assert mended == "周六7:00在【待核实:老粮站】集合，带水。"


def announcement(**brief: object) -> Assignment:
    given = {
        "purpose": "发布修鞋日公告",
        "facts": ["时间：2026-11-28（周六）9:00", "地点：槐树里7号院南棚", "取鞋：当天下午到传达室", "费用：免费"],
        **brief,
    }
    return AnnouncementTask().prepare(read_brief(given, now=NOW, now_given=True), Options())


def test_a_draft_of_a_brief_with_places_keeps_them() -> None:
    task, assignment = AnnouncementTask(), announcement()
    text = task.render(task.compose(assignment))
    assert "槐树里7号院南棚" in text
    assert "传达室" in text
    assert "untraced-place" not in {one.code for one in untrue(text, "group", assignment)}


def test_what_an_operator_keeps_to_the_team_backs_no_place_for_the_group() -> None:
    assignment = announcement(internal_notes="材料先放老粮站")
    assert "untraced-place" in {one.code for one in untrue("到老粮站领取", "group", assignment)}


def test_a_whole_place_is_asked_for_and_not_its_floor_alone() -> None:
    assignment = announcement()
    mended = mend("改到B座三层大会议室，请大家留意。", lambda text: untrue(text, "group", assignment))
    assert mended == "改到【待核实:B座三层大会议室】，请大家留意。"


@pytest.mark.parametrize("words", ["没有核实的说法不能当事实写出去", "下面是运营手册"])
def test_a_models_orders_are_cut_from_a_draft(words: str) -> None:
    mended = mend(f"周六修鞋。{words}。", lambda text: untrue(text, "group", announcement()))
    assert mended == "周六修鞋。"


@given(st.text(alphabet="在到改地点：集合领取北门三楼会议室的大3B，。\n线上协和医院", max_size=30))
def test_mending_places_ends_on_any_text(text: str) -> None:
    mended = mend(text, lambda words: place_findings(words, ()))
    assert place_findings(mended, ()) == ()
    assert mended.count("【待核实:") <= len(text)
