"""How scenarios are read, and what code judges of a draft."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from market_stall import STALL, scenario

from copilot import Settings
from copilot.errors import InputError
from copilot.evaluation.judging import Verdict, judge
from copilot.evaluation.scenarios import holds, read_scenarios
from copilot.records import Answer, Citation, Conflict, Draft, Finding, Missing, Origin, Part, Span, Usage
from copilot.records import Request as Asked


def draft(text: str = "周日出摊，槐荫巷小广场，9:00 开始", **changes: Any) -> Draft:
    given = {
        "id": "d1",
        "kind": "announcement",
        "writer": "model",
        "text": text,
        "parts": (Part(name="announcement", text=text),),
        "request": Asked(brief="x"),
        "created": datetime(2026, 11, 23, tzinfo=UTC),
    }
    return Draft.model_validate({**given, **changes})


def judged(made: Draft | Answer, **changes: Any) -> Verdict:
    return judge(scenario(**changes), made, Settings.load())


def test_scenarios_are_read_from_yaml_json_and_lines_alike() -> None:
    as_json = json.dumps([STALL], ensure_ascii=False)
    as_lines = json.dumps(STALL, ensure_ascii=False) + "\n\n" + json.dumps({**STALL, "id": "other"})
    as_yaml = """
scenarios:
- id: stall
  job: draft_announcement
  brief: {群名: 槐荫巷旧物市集·摊主群, 时间: 2026-11-29（周日）9:00–16:00, 地点: 槐荫巷小广场, 报名: "群里接龙，11月27日（周五）18:00 截止"}
  options: {now: 2026-11-23T10:00, length: 300}
  must: [槐荫巷小广场, [九点, 9:00]]
  must_not: 名额有限
"""
    expected = scenario()
    assert read_scenarios(as_json) == read_scenarios(as_yaml) == (expected,)
    assert [one.id for one in read_scenarios(as_lines)] == ["stall", "other"]


def test_a_clock_and_a_no_of_a_yaml_brief_stay_the_words_that_were_typed() -> None:
    (found,) = read_scenarios(
        "- {id: a, job: announcement, brief: {时间: 20:00, 收费: no, 日期: 2026-11-29, 人数: 012}}"
    )
    assert found.brief == {"时间": "20:00", "收费": "no", "日期": "2026-11-29", "人数": "012"}


def test_expectations_in_prose_are_kept_for_the_reader() -> None:
    row = {
        "id": "p",
        "task": "weekly_plan",
        "inputs": {"group": "x"},
        "must": ["说清好处"],
        "must_not": ["催促"],
        "hints": [],
    }
    (found,) = read_scenarios(json.dumps(row))
    assert (found.job, found.must, found.to_read) == ("weekly-plan", (), ("要：说清好处", "不要：催促"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {id: a, job: poem, brief: x}", "没有叫 poem 的活"),
        ("- {id: a, brief: x}", "job：没有写"),
        ("- {id: a, job: ask, brief: x, musts: [y]}", "musts：没有这一项"),
        ("- {id: a, job: ask, brief: x, must: ['/(/']}", "不是正则表达式"),
        ("- {id: a, job: ask, brief: x, must: ['']}", "有一条是空的"),
        ("- {id: a, job: ask, brief: x}\n- {id: a, job: ask, brief: y}", "有两个场景都叫 a"),
        ("- {id: a, job: ask, brief: {问: x}}", "ask 的 brief 是一句问话"),
        ("- {id: ' ', job: ask, brief: x}", "不能是空的"),
        ("- 只有一句话", "第 1 个场景不是"),
        ("只有一句话", "看不出场景在哪里"),
        ("a: [", "YAML 第"),
        ('{"id": "a"\n "job"}', "JSON 第 2 行"),
        ('{"id": "a", "job": "ask", "brief": "x"}\n{"id": ', "JSON 第 2 行"),
        ("[]", "没有场景"),
        ("- {id: a, job: announcement, brief: x, options: {length: 很短}}", "options.length"),
    ],
)
def test_a_scenario_that_is_wrong_is_named_with_what_is_wrong_with_it(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_scenarios(text)
    assert said in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("expectation", "text", "found"),
    [
        (("20 元",), "摊位费２０元", True),
        (("VIP",), "vip 专场", True),
        (("九点", "9:00"), "9：00 开始", True),
        (("/11月2[78]日/",), "11月27日前", True),
        (("/^报名/",), "请报名", False),
        (("二十元",), "20元", False),
    ],
)
def test_a_text_is_found_whatever_its_spaces_and_width_and_a_pattern_as_it_is(
    expectation: tuple[str, ...], text: str, found: bool
) -> None:
    assert holds(expectation, text) is found


def test_what_is_missed_said_and_not_asked_is_told_in_the_words_of_the_scenario() -> None:
    verdict = judged(draft("周日见，名额有限"), asks=["在哪里集合"])
    assert verdict.missed == ("槐荫巷小广场", "九点 / 9:00")
    assert verdict.said == ("名额有限",)
    assert verdict.unasked == ("在哪里集合",)
    assert (verdict.expected, verdict.unmet, verdict.sound) == (4, 4, False)


def test_what_the_desk_alone_reads_may_name_what_must_not_be_posted() -> None:
    parts = (Part(name="group", text="槐荫巷小广场 9:00"), Part(name="desk", readers="team", text="删掉了“名额有限”"))
    whole = draft("槐荫巷小广场 9:00\n删掉了“名额有限”", parts=parts)
    assert judged(whole).sound
    assert judged(whole.model_copy(update={"parts": (parts[1].model_copy(update={"readers": "private"}),)})).said


def test_a_gap_a_contradiction_and_an_empty_place_each_count_as_asked() -> None:
    made = draft(
        "9:00 槐荫巷小广场 【待补充:找谁报名】",
        missing=(Missing(key="place", question="在哪里集合？", placeholder="【待补充:集合地点】"),),
        conflicts=(
            Conflict(code="weekday", message="11月29日是周日", origins=(Origin(field="", line=1, quote="周六"),)),
        ),
    )
    verdict = judged(made, asks=["在哪里集合", "集合地点", "是周日", "找谁报名"])
    assert verdict.unasked == ()
    assert verdict.placeholders == ("【待补充:找谁报名】",)
    assert verdict.conflicts == ("11月29日是周日",)


def test_errors_that_are_left_and_limits_that_are_passed_are_told() -> None:
    span = Span(start=0, end=2, text="周日")
    findings = (
        Finding(severity="error", code="untraced-moment", message="没有出处：周日", span=span),
        Finding(severity="error", code="coercion", message="在逼人"),
        Finding(severity="warning", code="too-long", message="全文 400 字"),
        Finding(severity="warning", code="shouting", message="太吵"),
        Finding(severity="warning", code="model-unavailable", message="模型没答复", fix="再试"),
    )
    verdict = judged(draft("9:00 槐荫巷小广场", findings=findings))
    assert verdict.errors == ("没有出处：周日", "在逼人")
    assert verdict.untraced == ("周日",)
    assert verdict.limits == ("全文 400 字",)
    assert verdict.troubles == ("模型没答复 → 再试",)
    assert not verdict.sound


def test_a_quote_is_looked_up_in_its_source_anew() -> None:
    from copilot.playbook.shipped import bundled_passages

    section = bundled_passages(Settings.load())[1][0]
    real = Citation(source=section.source, section=section.section, quote=section.text[:20], chunk_id=section.chunk_id)
    false = real.model_copy(update={"quote": "手册里没有的一句话"})
    elsewhere = real.model_copy(update={"chunk_id": "nowhere"})
    verdict = judged(draft("9:00 槐荫巷小广场", citations=(real, false, elsewhere)))
    assert verdict.broken == (false.quote, elsewhere.quote)
    assert not verdict.sound


def test_an_answer_is_judged_like_a_draft() -> None:
    answer = Answer(
        question="要不要发红包", answer="红包留不住人[1]", answerable=True, usage=Usage(model="m", input_tokens=5)
    )
    verdict = judged(answer, job="ask", brief="要不要发红包", must=["红包"], must_not=["一定"])
    assert (verdict.sound, verdict.writer, verdict.text) == (True, "offline", answer.answer)
