"""What is said of a brief after it: corrections find what they are about, answers find their question."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.conversation.changes import Known, applied, brief_of, changes_told
from copilot.conversation.following import (
    answers,
    asked_first,
    corrections,
    groups_of,
    length_of,
    platform_of,
    tone_of,
)
from copilot.conversation.thread import new_work
from copilot.records import Missing
from copilot.store import Change

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
BRIEF = "骑行活动，周六早上8点在北门集合，费用30元，限12人，黄老师带队，群里接龙报名"
GAPS = (
    Missing(key="deadline", question="报名什么时候截止？", placeholder="【待补充:报名截止时间】"),
    Missing(key="contact", question="有问题找谁、从哪里找？", placeholder=""),
    Missing(key="join", question="怎么参加、入口在哪里？", placeholder="【待补充:参加方式和入口】"),
)


def corrected(message: str, brief: str = BRIEF) -> str:
    text: str | dict[str, object] = brief
    for change in corrections(message, Known(brief, NOW)):
        text = applied(text, change)
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("message", "new", "old"),
    [
        ("不是8点是7点半", "周六早上7点半在北门", "8点"),
        ("8点改成八点半", "周六早上八点半在", "早上8点"),
        ("说错了，是周日不是周六", "周日早上8点", "周六"),
        ("改成周四", "周四早上8点", "周六"),
        ("不对，是12月3号", "12月3号早上8点", "周六"),
        ("等下，时间不对，改到下午三点", "周六下午三点", "早上8点"),
        ("改到周日下午2点", "周日下午2点", "周六"),
        ("时间改成19:30", "周六19:30", "8点"),
        ("地点改成南门凉亭", "在南门凉亭集合", "北门"),
        ("不是北门，是南门", "在南门集合", "北门"),
        ("费用应该是25，不是30", "费用25元", "30"),
        ("价格从30改为32", "费用32元", "30"),
        ("价格改成免费", "费用免费", "30元"),
        ("名额加到20个", "限20个", "12人"),
        ("老师姓王不姓黄", "王老师带队", "黄老师"),
        ("不要写费用了", "限12人", "30元"),
        ("把接龙那句去掉", "黄老师带队", "接龙"),
        ("12人改20人", "限20人", "12人"),
        ("目标改成拉新50人", "目标：拉新50人", "拉新12"),
    ],
)
def test_a_correction_replaces_what_it_is_about(message: str, new: str, old: str) -> None:
    text = corrected(message)
    assert new in text
    assert old not in text


def test_a_time_by_another_clock_is_the_same_time() -> None:
    assert "晚上7点半" in corrected("不是8点是7点半", "读书会\n时间：11月28日（周六）20:00\n地点：二楼")


def test_a_number_inside_another_is_left_alone() -> None:
    assert applied("18点开始，8点签到", Change(kind="replace", old="8点", new="9点")) == "18点开始，9点签到"


def test_what_the_brief_does_not_say_yet_is_added_under_its_label() -> None:
    assert corrected("报名截止改成周五", "读书会，群里接龙").endswith("报名截止：周五")


def test_a_place_is_known_by_how_it_ends() -> None:
    assert (
        corrected("地址换成人民路店", "烘焙课 周日下午两点 中山路店 限8个人") == "烘焙课 周日下午两点 人民路店 限8个人"
    )


def test_what_is_to_stay_unsaid_is_told_to_the_job_where_the_brief_has_other_words() -> None:
    assert corrected("赔偿先别提", "会员夹伤了手，要五千").endswith("\n赔偿先别提")


def test_a_brief_in_another_form_stays_in_it() -> None:
    change = Change(kind="add", label="报名截止", new="周五")
    assert applied("活动: 读书会\n时间: 周六", change) == '活动: 读书会\n时间: 周六\n报名截止: "周五"'
    assert applied('{"活动": "读书会"}', change) == '{\n  "活动": "读书会",\n  "报名截止": "周五"\n}'
    grown = applied({"活动": "读书会", "报名截止": "周四"}, change)
    assert grown == {"活动": "读书会", "报名截止": "周四", "报名截止（补充）": "周五"}
    replaced = applied({"点": ["地点：北门", 3]}, Change(kind="replace", old="北门", new="南门"))
    assert replaced == {"点": ["地点：南门", 3]}


def test_the_last_word_counts_and_the_first_brief_is_kept() -> None:
    work = new_work(
        "announcement",
        brief="周六8点",
        changes=(Change(kind="replace", old="8点", new="9点"), Change(kind="replace", old="9点", new="10点")),
    )
    assert work.brief == "周六8点"
    assert brief_of(work) == "周六10点"
    assert changes_told(work.changes) == ["“8点”改成“9点”", "“9点”改成“10点”"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_message_breaks_the_reading_of_a_correction(message: str, brief: str) -> None:
    if brief.strip():
        for change in corrections(message, Known(f"活动，{brief}", NOW)):
            applied(brief, change)


class TestAnswers:
    def test_the_only_question_is_answered_by_whatever_is_said(self) -> None:
        assert answers("周六晚上8点", GAPS[:1], NOW) == (Change(kind="add", label="报名截止时间", new="周六晚上8点"),)

    def test_a_question_for_a_time_is_not_answered_by_a_number_of_people(self) -> None:
        assert answers("8个改10个", GAPS[:1], NOW)[0].label == ""
        assert answers("原因是场地停电", GAPS[1:2], NOW)[0].label == ""
        assert answers("阿乔", GAPS[1:2], NOW)[0].label == "有问题找谁"
        assert answers("满员为止", GAPS[:1], NOW)[0].label == "报名截止时间"

    def test_each_piece_finds_its_question(self) -> None:
        found = answers("周四晚8点截止，入口就用群里的接龙", GAPS, NOW)
        assert [(one.label, one.new) for one in found] == [
            ("报名截止时间", "周四晚8点截止"),
            ("参加方式和入口", "群里的接龙"),
        ]

    def test_how_somebody_is_reached_stays_with_them(self) -> None:
        (only,) = answers("找小艾，微信 xiaoai_88", GAPS, NOW)
        assert (only.label, only.new) == ("有问题找谁", "找小艾，微信 xiaoai_88")

    def test_what_answers_nothing_is_told_as_it_is(self) -> None:
        assert answers("在三楼，费用30", GAPS, NOW)[0].label == ""

    def test_what_stands_open_in_the_text_is_asked_first_and_three_at_most(self) -> None:
        more = (*GAPS, Missing(key="price", question="价格？", placeholder="【待补充:价格】"))
        assert [gap.key for gap in asked_first(more)] == ["deadline", "join", "price"]


@pytest.mark.parametrize(
    ("message", "wanted"), [("再少50个字", 150), ("精简到80字以内", 80), ("砍掉一半", 100), ("短一点", 140)]
)
def test_how_long_it_is_to_become(message: str, wanted: int) -> None:
    assert length_of(message, 200) == wanted


def test_tones_and_platforms_are_told_by_their_words() -> None:
    assert (tone_of("语气太硬了"), tone_of("正式些"), tone_of("不要这么官方"), tone_of("短点")) == (
        "warm",
        "formal",
        "warm",
        "",
    )
    assert (platform_of("发到企业微信"), platform_of("换成飞书"), platform_of("QQ群也发")) == ("wecom", "feishu", "qq")


def test_groups_are_told_by_name_by_number_or_as_the_others() -> None:
    kept, used = ("晨跑群", "骑行群", "读诗群"), ("骑行群",)
    assert groups_of("给晨跑群也来一份", kept, used) == ("晨跑群",)
    assert groups_of("第二个群也要", kept, used) == ("晨跑群",)  # the first was the one at hand
    assert groups_of("另一个群也要", kept, used) == ()  # there are two others: it is asked back
    assert groups_of("另一个群也要", kept[:2], used) == ("晨跑群",)
    assert groups_of("其他群都发", kept, used) == ("晨跑群", "读诗群")
