"""What is wrong with a brief: found by code, shown with every alternative, settled by nobody but the operator."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copilot import Copilot, Draft
from copilot.settings import Settings

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def copilot(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    return Copilot(Settings(home=tmp_path_factory.mktemp("home")))


def draft(copilot: Copilot, brief: Any) -> Draft:
    return copilot.draft_announcement(brief, writer="offline", now=NOW)


def codes(result: Draft) -> list[str]:
    return [conflict.code for conflict in result.conflicts]


def test_each_value_two_people_disagree_on_is_its_own_conflict(copilot: Copilot) -> None:
    result = draft(
        copilot, {"目的": "桌游夜活动", "赵总": "10月3日19:00开始，门票58元", "孙店长": "10月3日19:30开始，门票68元"}
    )
    assert codes(result) == ["two-values", "two-values"]
    assert "58元 还是 68元" in result.text
    assert "19:00 还是 10月3日19:30" in result.text
    assert result.text.count("68元") == 1


def test_the_rest_of_the_other_statement_is_kept(copilot: Copilot) -> None:
    result = draft(
        copilot, {"目的": "桌游夜活动", "赵总": "10月3日19:00开始", "孙店长": "10月3日19:30开始，记得带身份证"}
    )
    assert "带身份证" in result.text


@pytest.mark.parametrize(
    "brief",
    [
        {"目的": "训练营", "安排": "下周一到周五每晚20:30", "事实": ["周一讲装订", "周三讲封面", "月底前交作品"]},
        {"目的": "开放日", "事实": ["周六 9:00 集合", "周六 10:00 出发", "周六 16:00 返回"]},
        {"目的": "讲座", "讲座": "10月8日19:30", "名单公布": "10月10日", "报名截止": "10月6日"},
        {"目的": "停水通知", "停水": {"时间": "10月8日9:00-17:00"}, "取水": {"时间": "10月8日10:00-16:00"}},
        {"目的": "团购", "团品": [{"名称": "梨", "价": "36.8元"}, {"名称": "枣", "价": "42元"}], "下单": "接龙"},
        {"目的": "读书会", "时间": "9月27日（周日）10:00-12:00", "说明": "周日当天提前十分钟签到"},
    ],
)
def test_what_can_all_be_true_is_no_conflict(copilot: Copilot, brief: dict[str, Any]) -> None:
    result = draft(copilot, brief)
    assert codes(result) == []
    assert "待核实" not in result.text


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ("时间：2026-09-27（周六）10:00", "weekday-mismatch"),
        ("时间：9月27日15:00-14:00", "end-before-start"),
        ("志愿者三位：阿敏、小顾", "count-mismatch"),
        ("一共40份，东区18份，西区20份", "sum-mismatch"),
    ],
)
def test_the_calendar_and_the_sums_are_checked(copilot: Copilot, fact: str, code: str) -> None:
    assert code in codes(draft(copilot, {"目的": "周末活动", "事实": [fact, "地点：公园", "报名：接龙"]}))


def test_a_placeholder_stands_once_and_never_inside_another(copilot: Copilot) -> None:
    brief = {
        "目的": "领养日活动",
        "时间": "9月28日（周日）14:00",
        "李姐说": "9月27日14:00",
        "地点": "公园",
        "报名": "接龙",
    }
    text = draft(copilot, brief).text
    assert text.count("【待核实:") == text.count("待核实")
    assert "【待核实:【" not in text
    assert not [part for part in text.split("【")[1:] if "【" in part.split("】")[0]]


def test_dates_in_the_text_are_those_of_the_brief(copilot: Copilot) -> None:
    text = draft(
        copilot,
        {"目的": "培训通知", "事实": ["9月27日10:00-12:00培训，参照去年做法", "预约27号晚9点关", "志愿者：周一诺"]},
    ).text
    assert "9月27日10:00-12:00" in text
    assert "27号（9月27日）晚9点" in text
    assert "周一诺" in text


@pytest.mark.parametrize("mark", ["？", "？？", "元？", "（？）", "?"])
def test_a_figure_with_a_question_mark_is_not_said_as_settled(copilot: Copilot, mark: str) -> None:
    result = draft(copilot, f"陶艺课周日下午两点，新学员120，老学员95{mark} 待会确认")
    assert codes(result) == ["doubtful-value"]
    assert "老学员【待核实:95" in result.text
    assert "新学员120" in result.text


@pytest.mark.parametrize("words", ["老学员好像95", "老学员可能95？"])
def test_a_figure_that_only_seems_so_is_not_said(copilot: Copilot, words: str) -> None:
    assert "95" not in draft(copilot, f"陶艺课周日下午两点，{words}").text.replace("【待补充:老学员】", "")


def test_a_question_to_the_members_is_no_doubt(copilot: Copilot) -> None:
    assert codes(draft(copilot, "周日下午两点陶艺课，谁想来？周日一起做杯子？")) == []


@pytest.mark.parametrize(
    "brief",
    [
        "Tina：集合改到6:45\nLeo：还是7:00吧",
        "周日看日出\nTina：集合改到6:45\nLeo：还是7:00吧\n地点西门",
        "小吴：集合改到6:45\n老林：还是7:00吧",
    ],
)
def test_an_answer_that_differs_is_a_conflict_of_two_speakers(copilot: Copilot, brief: str) -> None:
    result = draft(copilot, brief)
    assert codes(result) == ["two-values"]
    assert "集合改到【待核实:6:45 还是 7:00】" in result.text
    assert "Tina" not in result.text


def test_lines_under_names_that_answer_nobody_stay_as_they_are(copilot: Copilot) -> None:
    result = draft(copilot, "周日更新\niOS版：上午10点\nAndroid版：下午3点")
    assert codes(result) == []
    assert "iOS版" in result.text
