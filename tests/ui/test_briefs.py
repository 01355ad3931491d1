"""Answers and decisions go into the brief the way its format wants them."""

import json

import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot import Conflict, Missing
from copilot.records import Origin
from copilot.ui import briefs


def conflict(*origins: Origin) -> Conflict:
    return Conflict(code="two-values", message="", origins=origins)


def test_an_answer_becomes_a_line_of_a_free_text() -> None:
    assert briefs.with_answers("周六直播", {"报名截止": "周五中午"}) == "周六直播\n报名截止：周五中午"


def test_a_blank_answer_changes_nothing() -> None:
    assert briefs.with_answers("周六直播", {"报名截止": "  "}) == "周六直播"


def test_an_answer_becomes_a_key_of_a_yaml_brief() -> None:
    brief = briefs.with_answers("时间: 周六\n事实:\n  - 直播\n", {"费用（每人）": '20: "元" # 起'})
    assert yaml.safe_load(brief) == {"时间": "周六", "事实": ["直播"], "费用每人": '20: "元" # 起'}


def test_an_answer_becomes_a_key_of_a_json_brief() -> None:
    brief = briefs.with_answers('{"时间": "周六"}', {"费用": '20 "元"'})
    assert json.loads(brief) == {"时间": "周六", "费用": '20 "元"'}


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), st.text(min_size=1).filter(str.strip))
def test_a_json_brief_stays_valid_whatever_is_answered(known: dict[str, str], answer: str) -> None:
    brief = briefs.with_answers(json.dumps(known), {"费用": answer}, suffix=".json")
    assert json.loads(brief)["费用"] == " ".join(answer.split())


def test_a_missing_fact_is_named_by_its_placeholder_or_its_question() -> None:
    assert briefs.label_of(Missing(key="when", question="何时？", placeholder="【待补充:时间】")) == "时间"
    assert (
        briefs.label_of(Missing(key="contact", question="有问题找谁、从哪里找？", placeholder=""))
        == "有问题找谁、从哪里找"
    )


def test_keeping_one_statement_takes_the_line_of_the_other_out() -> None:
    brief = "名额：30人\n地点：公园\n- 名额：25人"
    origins = Origin(field="text", line=1, quote="30人"), Origin(field="text", line=3, quote="25人")
    assert briefs.keep(brief, conflict(*origins), 0) == "名额：30人\n地点：公园"
    assert briefs.keep(brief, conflict(*origins), 1) == "地点：公园\n- 名额：25人"


def test_a_statement_inside_a_line_leaves_the_rest_of_it() -> None:
    origin = Origin(field="text", line=1, quote="周六见。")
    assert briefs.correct("来聚聚。周六见。带水。", origin, "") == "来聚聚。带水。"


def test_a_statement_that_is_not_there_any_more_changes_nothing() -> None:
    assert briefs.correct("来聚聚。", Origin(field="text", line=9, quote="周六见。"), "周日见。") == "来聚聚。"


def test_the_same_words_on_an_earlier_line_are_left_alone() -> None:
    origin = Origin(field="text", line=2, quote="30人")
    assert briefs.correct("上次30人\n名额：30人", origin, "25人") == "上次30人\n名额：25人"


def test_a_note_that_the_page_says_elsewhere_is_not_said_again() -> None:
    assert briefs.unsaid_notes(["还缺：何时？", "建议：提醒一遍"], ["何时？", ""]) == ["建议：提醒一遍"]


def test_news_become_a_list_under_a_label_of_their_own_in_every_format() -> None:
    news = "- 20:40 已经找到\n\n狗没有受伤"
    assert briefs.with_news("走失", news) == "走失\n新核实的情况：\n- 20:40 已经找到\n- 狗没有受伤"
    assert yaml.safe_load(briefs.with_news("经过: 走失\n群: 客户群", news))["新核实的情况"] == [
        "20:40 已经找到",
        "狗没有受伤",
    ]
    assert json.loads(briefs.with_news('{"经过": "走失"}', news))["新核实的情况"] == ["20:40 已经找到", "狗没有受伤"]


def test_later_news_never_take_the_place_of_earlier_ones() -> None:
    twice = briefs.with_news(briefs.with_news('{"经过": "走失"}', "找到了"), "回到店里")
    assert json.loads(twice) == {"经过": "走失", "新核实的情况": ["找到了"], "新核实的情况2": ["回到店里"]}


def test_blank_news_change_nothing() -> None:
    assert briefs.with_news("走失", " \n-\n") == "走失"


def test_headings_of_an_outline_without_words_go_and_those_with_words_stay() -> None:
    outline = "经过：\n\n已核实：\n\n还没核实：\n"
    assert (
        briefs.without_blanks("经过：\n停电\n\n已核实：\n\n还没核实：几点来电\n", outline)
        == "经过：\n停电\n\n还没核实：几点来电"
    )
    assert briefs.without_blanks(outline, outline) == ""
    assert briefs.without_blanks("随便写的", outline) == "随便写的"
