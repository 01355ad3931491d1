"""Who is at work, when, and for which groups, read from any form of a weekly plan's brief."""

from typing import Any

import pytest
from situations import codes, group_of, people_of, situation, windows

# People


@pytest.mark.parametrize(
    "team",
    [
        [{"name": "小禾", "role": "答疑，工作日 9:00–12:00"}],
        [{"姓名": "小禾", "职责": "答疑", "时间": "工作日 9:00–12:00"}],
        ["小禾：答疑，工作日 9:00–12:00"],
        ["小禾（答疑，工作日 9:00–12:00）"],
        {"小禾": "答疑，工作日 9:00–12:00"},
        {"小禾": {"duty": "答疑", "hours": "工作日 9:00–12:00"}},
        "小禾负责答疑，工作日 9:00–12:00",
    ],
)
def test_a_person_is_the_same_however_written(team: Any) -> None:
    person = people_of({"群名": "云杉跑团群", "人手": team})["小禾"]
    assert (person.duty, person.duties) == ("答疑", ("answering",))
    assert windows(person) == {(day, 540, 720) for day in range(1, 6)}


def test_running_text_names_people_by_what_they_do_and_when() -> None:
    found = people_of("人手：小满早上午休有空，负责点评；技术老王只有周日晚可用。我自己每天晚上能花一小时。")
    assert set(found) == {"小满", "技术老王", "我"}
    assert found["小满"].duty == "点评"
    assert {window.weekday for window in found["技术老王"].hours.windows} == {7}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"人手": "就我（店长阿琴，每天 14:00-16:00，每天最多 1 小时回消息）和小柯（拍照，周六上午）"}, {"店长阿琴": (7, 60), "小柯": (1, None)}),
        ("人手就我（领队老范，周末 9:00-12:00）和小柯（写稿，每晚）。", {"领队老范": (2, None), "小柯": (7, None)}),
        ("就我一个人，晚上有空", {"我": (7, None)}),
        ("我叫阿琴，一个人管这个群，每晚9点到10点有空", {"阿琴": (7, None)}),
        ({"operator": "阿琴一个人，工作日 13:00-15:00"}, {"阿琴": (5, None)}),
        ({"operator": "阿琴", "operator_hours": "工作日 13:00-15:00"}, {"阿琴": (5, None)}),
        ({"operator": {"name": "阿琴", "hours": "周二晚上"}}, {"阿琴": (1, None)}),
        ({"operator_name": "阿琴", "available": "周二 周四 晚上"}, {"阿琴": (2, None)}),
        ({"运营者": "阿琴", "可用时间": "每晚 20:00-22:00"}, {"阿琴": (7, None)}),
        ({"店长": "阿琴", "空闲时间": "工作日 14:00-16:00"}, {"阿琴": (5, None)}),
        ({"负责人": "阿琴（每晚 8 点到 10 点）"}, {"阿琴": (7, None)}),
        ({"谁来做": "就阿琴自己，每天能抽 1 小时，晚上"}, {"阿琴": (7, 60)}),
        ({"谁负责": "暂时只有我（阿琴），每天中午 12-13 点"}, {"阿琴": (7, None)}),
        ({"staffing": "just me, weekday evenings"}, {"我": (5, None)}),
        ("Plan for next week. Just me, weekday evenings after 7pm.", {"我": (5, None)}),
        ({"人手": ["管家：小蔺，每天 9:00-10:00"]}, {"小蔺": (7, None)}),
        ({"人手": "老庹 + 小尕，老庹每天 8:00-9:00，小尕周末"}, {"老庹": (7, None), "小尕": (2, None)}),
        ({"负责人": "阿渡，一个人，周末全天", "说明": "我一个人管两个群"}, {"阿渡": (2, None)}),
        ({"staff": "Lena, weekdays 9:00-17:00; Omar (design), Tuesday afternoons"}, {"Lena": (5, None), "Omar": (1, None)}),
        ({"人手": "一个人：阿琴，工作日下午"}, {"阿琴": (5, None)}),
        ({"人手": "我自己，周末全天"}, {"我": (2, None)}),
        ({"人手": "没有专职，群主阿琴晚上 1 小时/天"}, {"群主阿琴": (7, 60)}),
        ({"人手": "两个人，阿琴管内容（工作日上午），老范管发货（每天下午）"}, {"阿琴": (5, None), "老范": (7, None)}),
        ({"人手": "阿琴和老范，都是晚上 8-10 点"}, {"阿琴": (7, None), "老范": (7, None)}),
        ({"人手": "阿琴和老范", "在线时间": "每天 9:00-12:00"}, {"阿琴": (7, None), "老范": (7, None)}),
        ({"team": ["老范+小柯：周末，各 2 小时/天"]}, {"老范": (2, 120), "小柯": (2, 120)}),
        ("群里干活的就老范（兼职，周六日 10:00-12:00）跟小柯（写稿，每晚）两个。", {"老范": (2, None), "小柯": (7, None)}),
    ],
)  # fmt: skip
def test_people_are_found_in_whatever_shape_they_are_named(
    source: Any, expected: dict[str, tuple[int, int | None]]
) -> None:
    found = people_of(source)
    assert {
        name: (len({window.weekday for window in one.hours.windows}), one.hours.minutes_a_day)
        for name, one in found.items()
    } == expected


def test_hours_beside_people_are_for_those_who_have_none() -> None:
    found = situation({"team": ["阿琴：周三晚上", "老范"], "可用时间": "工作日 9:00-10:00"})
    assert [len(person.hours.windows) for person in found.people] == [1, 5]
    assert not any(one.key.startswith("hours") for one in found.missing)


def test_who_is_confined_to_something_is_marked_and_a_limit_in_time_is_none() -> None:
    found = people_of({"team": ["阿铁：运维，只处理故障", "小穗：客服，只有周三有空", "老韩：仅周末可用，写文案"]})
    assert {name: person.only for name, person in found.items()} == {"阿铁": True, "小穗": False, "老韩": False}


def test_somebody_without_hours_is_asked_about() -> None:
    found = situation({"team": [{"name": "小王", "role": "文案"}, {"name": "阿铁", "role": "运维，只处理故障"}]})
    assert [one.question for one in found.missing if one.key.startswith("hours")] == ["小王什么时候有空？"]


def test_nobody_at_all_is_asked_about() -> None:
    assert "people" in {one.key for one in situation({"群名": "云杉跑团群"}).missing}


def test_one_person_in_two_groups_is_one_person() -> None:
    staff = [{"name": "小禾", "hours": "周一上午", "duty": "答疑"}]
    found = situation(
        {"groups": [{"name": "东区群", "members": 9, "staff": staff}, {"name": "西区群", "members": 8, "staff": staff}]}
    )
    assert [(person.name, person.groups) for person in found.people] == [("小禾", ("东区群", "西区群"))]
    assert not found.conflicts


def test_hours_that_differ_are_a_conflict_and_only_what_both_allow_is_kept() -> None:
    found = situation({"team": ["小禾：答疑，每天 9:00-18:00", "小禾：答疑，每天 14:00-20:00"]})
    assert "person-hours" in codes(found)
    assert windows(found.people[0]) == {(day, 840, 1080) for day in range(1, 8)}


def test_two_shifts_are_no_conflict() -> None:
    found = situation({"team": ["小禾：答疑，每天 9:00-11:00", "小禾：答疑，每天 14:00-16:00"]})
    assert not found.conflicts
    assert len(found.people[0].hours.windows) == 14


def test_an_absence_takes_the_day_away() -> None:
    found = situation({"周期": "3.10-3.16", "team": ["小禾：答疑，每天 9:00-11:00"], "备注": "小禾3月12日请假"})
    assert {window.weekday for window in found.people[0].hours.windows} == {1, 2, 4, 5, 6, 7}


# Groups


@pytest.mark.parametrize(
    ("name", "kind", "community"),
    [
        ("桂园业主群", "", "property"), ("星河SaaS客户群", "", "tool"), ("毛孩子2群", "宠物用品", "pet"), ("周末徒步露营群", "", "travel"),
        ("月子餐宝妈群", "", "parenting"), ("山货助农群", "农产品", "commerce"), ("一战公会", "手游", "game"), ("九八级校友群", "", "alumni"),
        ("夜读共读群", "", "reading"), ("教资备考群", "", "learning"), ("银发书法群", "养老", "elderly"), ("跨境卖家群", "", "ecommerce"),
        ("某某群", "", "general"),
    ],
)  # fmt: skip
def test_the_kind_of_community_is_told_by_type_and_name(name: str, kind: str, community: str) -> None:
    assert group_of({"群名": name, "群类型": kind}).community == community


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("建群第 1 周", "new"), ("刚拉的群", "new"), ("开营周", "launch"), ("新版本上线后第一周", "launch"), ("刚开服", "launch"),
        ("开营第 8 周，中期", "running"), ("平稳运营两年", "running"), ("双11 大促前第 2 周", "promotion"), ("店庆预热期", "promotion"),
        ("老群，活跃下滑", "fading"), ("说话的越来越少", "fading"), ("三个月没人说话", "dead"), ("日均 0–2 条", "dead"), ("死群", "dead"),
        ("营期已结束", "closing"), ("准备解散", "closing"), ("", "running"),
    ],
)  # fmt: skip
def test_the_stage_is_told_by_its_words(words: str, stage: str) -> None:
    assert group_of({"群名": "云杉群", "阶段": words}).stage == stage


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("大半年静悄悄", "dead"), ("四个月没动静了", "dead"), ("净是卖货广告", "dead"), ("快一年了没有消息", "dead"), ("消息 0", "dead"),
        ("装修完就没人了", "closing"), ("比完赛就散了", "closing"), ("22级都毕业了", "closing"), ("展会办完了", "closing"),
        ("不太活跃", "fading"), ("最近没什么人说话", "fading"), ("挺活跃", "running"), ("一般", "running"), ("新建 5 天", "new"),
        ("正常，偶尔有广告", "running"), ("群里有广告人和设计师", "running"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["status", "近况", "状况", "情况"])
def test_a_word_on_how_a_group_does_tells_its_stage(key: str, words: str, stage: str) -> None:
    first, second = situation(
        {"groups": [{"name": "东区群", "members": 9, key: words}, {"name": "西区群", "members": 8}]}
    ).groups
    assert (first.stage, second.stage) == (stage, "running")
    assert stage == "running" or words in first.stage_words


@pytest.mark.parametrize(
    "source",
    [
        {"groups": ["东区群（9人）", "西区群（8人）"], "说明": "我一个人管11个群"},
        {"groups": ["东区群（9人）", "西区群（8人）"], "群数": 4},
        "我手上一共5个群：东区群9人、西区群8人。",
        {"groups": ["东区群（9人）", "西区群（8人）", "南区群（8人）"], "说明": "负责两个群"},
    ],
)
def test_a_count_of_groups_that_does_not_fit_the_list_is_told(source: Any) -> None:
    assert "groups-count" in codes(situation(source))


@pytest.mark.parametrize(
    "source",
    [
        "两个群：东区群9人、西区群8人。其中1个群很活跃。",
        {"groups": ["东区群（9人）", "西区群（8人）"], "备注": "这3个群里有人重复，另外2个群不管"},
        {"groups": ["东区群（9人）", "西区群（8人）"], "说明": "我管着两个群"},
    ],
)
def test_a_count_of_other_groups_or_the_right_one_is_not(source: Any) -> None:
    assert "groups-count" not in codes(situation(source))


@pytest.mark.parametrize(
    ("size", "members"), [(260, 260), ("约300人", 300), ("三百来人", 300), ("1.2k", 1200), ("200多人", 200)]
)
def test_a_size_is_a_number_however_written(size: Any, members: int) -> None:
    assert group_of({"群名": "云杉群", "人数": size}).members == members


def test_a_group_without_a_size_is_asked_about() -> None:
    found = situation({"群名": "云杉群"})
    assert found.groups[0].members is None
    assert "云杉群现在有多少人？" in {one.question for one in found.missing}


def test_impossible_and_contradicting_sizes_are_told() -> None:
    assert "group-empty" in codes(situation({"群名": "云杉群", "人数": 0}))
    negative = situation({"群名": "云杉群", "人数": -5})
    assert negative.groups[0].members is None
    assert "group-size" in codes(negative)
    double = situation({"群名": "云杉群", "人数": 120, "group_size": 90})
    assert double.groups[0].members is None
    assert "two-sizes" in codes(double)


@pytest.mark.parametrize(
    "source",
    [
        {"groups": [{"name": "东区群", "members": 120}, {"name": "西区群", "members": 90}]},
        {"groups": {"东区群": 120, "西区群": "90人"}},
        {"group_name": "邻里团", "group_size": {"东区群": 120, "西区群": 90}},
        {"groups": ["东区群（120人）", "西区群（90人）"]},
        {"群": "东区群120人、西区群90人"},
        "两个群：东区群120人、西区群90人。下周排个计划。",
    ],
)
def test_several_groups_are_read_from_any_form(source: Any) -> None:
    found = [(group.name, group.members) for group in situation(source).groups]
    assert [one for one in found if one[0] != "邻里团"] == [("东区群", 120), ("西区群", 90)]


def test_groups_of_the_same_people_know_each_other() -> None:
    found = situation(
        {"groups": ["邻里1群（80人）", "邻里2群（70人）", "邻里3群（60人）"], "说明": "1群和2群是同一批人"}
    )
    assert [group.same_people_as for group in found.groups] == [("邻里2群",), ("邻里1群",), ()]
    small = situation({"groups": ["邻里1群（80人）", "邻里2群（70人）"], "说明": "1群和2群成员重合约5%"})
    assert not any(group.same_people_as for group in small.groups)


def test_words_that_name_one_group_are_about_that_one() -> None:
    found = situation("三个群：甲群120人、乙群90人、丙群200人。丙群三个月没人说话了。乙群周末不发消息。")
    assert [group.stage for group in found.groups] == ["running", "running", "dead"]
    assert [bool(group.quiet) for group in found.groups] == [False, True, False]


def test_a_short_name_that_two_groups_share_names_neither() -> None:
    found = situation({"groups": ["钢琴陪练群（90人）", "提琴陪练群（80人）"], "备注": "提琴陪练群一个半月没人说话"})
    assert [group.stage for group in found.groups] == ["running", "dead"]


def test_one_person_with_unnamed_groups_is_asked_for_their_names() -> None:
    found = situation("我一个人管12个群，每天晚上能花两小时")
    assert "groups" in {one.key for one in found.missing}
    assert [person.name for person in found.people] == ["我"]
