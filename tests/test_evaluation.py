"""Scenarios: how they are read, what code judges of a draft, and that a run goes on where it was broken off."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import ChatEndpoint, Reply, Request, failed, streamed

from copilot import Settings
from copilot.errors import CopilotError, InputError, ModelNotConfigured, UsageError
from copilot.evaluation.comparing import changed_prompts
from copilot.evaluation.judging import Verdict, judge
from copilot.evaluation.running import Evaluation, evaluate
from copilot.evaluation.scenarios import Scenario, holds, read_scenarios
from copilot.records import Answer, Citation, Conflict, Draft, Finding, Missing, Origin, Part, Span, Usage
from copilot.records import Request as Asked
from copilot.settings import PROMPTS
from copilot.store import Store

Run = Callable[..., subprocess.CompletedProcess[bytes]]
EXAMPLES = PROMPTS.parent / "examples"
STALL: dict[str, Any] = {
    "id": "stall",
    "job": "announcement",
    "brief": {
        "群名": "槐荫巷旧物市集·摊主群",
        "时间": "2026-11-29（周日）9:00–16:00",
        "地点": "槐荫巷小广场",
        "报名": "群里接龙，11月27日（周五）18:00 截止",
    },
    "options": {"now": "2026-11-23T10:00", "length": 300},
    "must": ["槐荫巷小广场", ["九点", "9:00"]],
    "must_not": ["名额有限"],
}
WHEN = {"label": "时间", "text": "2026-11-29（周日）9:00–16:00"}
HOW = {"label": "报名", "text": "群里接龙，11月27日（周五）18:00 截止"}
REPLY = {
    "title": "周日出摊",
    "opening": "周日的市集照常，欢迎各位摊主来。",
    "lead_intro": "",
    "benefits": [],
    "points": [WHEN, {"label": "地点", "text": "槐荫巷小广场"}, HOW],
    "action": "想来的摊主在群里接龙。",
    "closing": "",
}


def scenario(**changes: Any) -> Scenario:
    return Scenario.model_validate({**STALL, **changes})


def reply(**changes: Any) -> Reply:
    return streamed(json.dumps({**REPLY, **changes}, ensure_ascii=False))


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


def run(*scenarios: Scenario, settings: Settings | None = None, **options: Any) -> Evaluation:
    return evaluate(settings or Settings.load(), scenarios or (scenario(),), **options)


# reading


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


# judging


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


# running


def test_every_example_is_drafted_and_nothing_speaks_against_it() -> None:
    done = run(*read_scenarios((EXAMPLES / "scenarios.yaml").read_text(encoding="utf-8")), writer="offline")
    (side,) = done.sides
    assert {one.job for one in side.results} == {"announcement", "weekly-plan", "crisis-reply", "digest", "ask"}
    assert [one.scenario for one in side.results if not one.sound] == []
    assert side.totals.sound == side.totals.scenarios == len(side.results)
    assert side.totals.by_model == side.totals.usage.requests == 0


def test_a_model_is_measured_with_what_it_took_and_whether_it_had_to_mend() -> None:
    invented = reply(closing="前 5 名免摊位费。")
    with ChatEndpoint(invented, reply()) as endpoint:
        (verdict,) = run(settings=endpoint.settings()).sides[0].results
    assert verdict.sound
    assert verdict.writer == "model"
    assert verdict.repaired
    assert (verdict.usage.requests, verdict.usage.input_tokens, verdict.usage.output_tokens) == (2, 200, 40)
    assert any(name.startswith("announcement.repair.") for name in verdict.prompts)


def test_a_draft_that_the_model_did_not_write_says_so() -> None:
    with ChatEndpoint(failed(401, "no such key")) as endpoint:
        done = run(settings=endpoint.settings(), writer="model")
    (verdict,) = done.sides[0].results
    assert verdict.writer == "offline"
    assert verdict.troubles
    assert done.sides[0].totals.by_model == 0


def test_asking_for_a_model_that_is_not_set_up_is_refused_before_anything_is_drafted() -> None:
    with pytest.raises(ModelNotConfigured):
        run(writer="model")


def test_a_scenario_that_fails_costs_only_itself() -> None:
    empty = scenario(id="empty", brief=" ")
    (first, second) = run(empty, scenario(), writer="offline").sides[0].results
    assert first.failed
    assert not first.sound
    assert second.sound


def test_a_run_leaves_no_draft_in_the_history() -> None:
    run(writer="offline")
    store = Store(Settings.load())
    try:
        assert not [one for one in store.drafts(limit=50) if "槐荫巷" in one.group]
    finally:
        store.close()


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    out = tmp_path / "results" / "drafts.jsonl"
    two = (scenario(), scenario(id="second", brief={**STALL["brief"], "地点": "槐荫巷小广场南侧"}))
    with ChatEndpoint(reply()) as endpoint:
        settings = endpoint.settings()
        (first,) = run(two[0], settings=settings, out=out).sides[0].results
        with out.open("a", encoding="utf-8") as stream:
            stream.write('{"key": "half a li')
        endpoint.replies.append(
            reply(points=[*REPLY["points"][:1], {"label": "地点", "text": "槐荫巷小广场南侧"}, REPLY["points"][2]])
        )
        told: list[tuple[int, int, bool]] = []
        done = run(*two, settings=settings, out=out, on_done=lambda *one: told.append((*one[:2], one[2].resumed)))
        assert len(endpoint.requests) == 2
    assert [one.resumed for one in done.sides[0].results] == [True, False]
    assert done.sides[0].results[0] == first.model_copy(update={"resumed": True})
    assert told == [(1, 2, True), (2, 2, False)]
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3


def test_what_the_model_failed_to_write_is_asked_for_again(tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    with ChatEndpoint(failed(401, "no such key"), reply()) as endpoint:
        first, second = (run(settings=endpoint.settings(), out=out).sides[0].results[0] for _ in range(2))
    assert (first.writer, second.writer, second.resumed) == ("offline", "model", False)


def test_what_is_kept_is_judged_by_the_expectations_of_today(tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    assert run(writer="offline", out=out).sides[0].results[0].sound
    (verdict,) = run(scenario(must=["带伞"]), writer="offline", out=out).sides[0].results
    assert (verdict.resumed, verdict.missed) == (True, ("带伞",))


def test_another_brief_wish_or_writer_is_drafted_anew(tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    run(writer="offline", out=out)
    changed = (
        scenario(options={**STALL["options"], "length": 200}),
        scenario(brief={**STALL["brief"], "费用": "20 元"}),
    )
    for one in changed:
        assert not run(one, writer="offline", out=out).sides[0].results[0].resumed
    with ChatEndpoint(reply()) as endpoint:
        assert not run(settings=endpoint.settings(), out=out).sides[0].results[0].resumed


def test_a_results_file_that_cannot_be_written_is_told_before_anything_is_paid_for(tmp_path: Path) -> None:
    with ChatEndpoint(reply()) as endpoint, pytest.raises(CopilotError, match="读写不了"):
        run(settings=endpoint.settings(), out=tmp_path)
    assert endpoint.requests == []


# two folders of prompts


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the prompts in which an announcement is asked for in rhyme."""
    folder = tmp_path / "prompts"
    shutil.copytree(PROMPTS, folder)
    first = folder / "announcement.system.v1.jinja"
    (folder / "announcement.system.v99.jinja").write_text(
        f"{first.read_text(encoding='utf-8')}\n句句押韵。\n", encoding="utf-8"
    )
    return folder


def rhyming(request: Request) -> Reply:
    return (
        reply(opening="周日小广场，等你来出摊。")
        if "句句押韵" in json.dumps(request.json, ensure_ascii=False)
        else reply()
    )


def test_two_folders_of_prompts_are_set_side_by_side(edited: Path) -> None:
    with ChatEndpoint(answer=rhyming) as endpoint:
        done = run(settings=endpoint.settings(), against=edited)
    assert [side.prompts for side in done.sides] == [str(PROMPTS), str(edited)]
    assert done.changed == ("announcement.system.v99.jinja",)
    assert "announcement.system.v99.jinja" in done.sides[1].results[0].prompts
    (text,) = done.differences
    assert (text.scenario, text.measure) == ("stall", "text")
    assert text.gone == ("周日的市集照常，欢迎各位摊主来。",)
    assert text.new == ("周日小广场，等你来出摊。",)


def test_a_changed_prompt_is_asked_anew_and_an_unchanged_one_is_not(edited: Path, tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    with ChatEndpoint(answer=rhyming) as endpoint:
        run(settings=endpoint.settings(), out=out)
        run(settings=endpoint.settings(), against=edited, out=out)
        assert len(endpoint.requests) == 2


def test_expectations_that_only_one_side_meets_are_differences(edited: Path) -> None:
    with ChatEndpoint(answer=rhyming) as endpoint:
        done = run(scenario(must=["照常"], must_not=["等你"]), settings=endpoint.settings(), against=edited)
    found = {one.measure: one for one in done.differences}
    assert (found["missed"].gone, found["missed"].new) == ((), ("照常",))
    assert (found["said"].before, found["said"].after) == ("0", "1")


def test_a_folder_that_lacks_a_prompt_or_holds_a_broken_one_is_refused(edited: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有提示词文件夹"):
        run(writer="offline", against=tmp_path / "nowhere")
    (edited / "any.retry.v1.jinja").unlink()
    with pytest.raises(UsageError, match=r"缺 any\.retry"):
        run(writer="offline", against=edited)
    (edited / "any.retry.v1.jinja").write_text("{% if problem %}\n没有合上", encoding="utf-8")
    with pytest.raises(UsageError, match=r"any\.retry\.v1\.jinja 第 \d+ 行有误"):
        run(writer="offline", against=edited)


def test_a_prompt_that_asks_for_an_unknown_variable_costs_its_scenarios_and_is_named(edited: Path) -> None:
    (edited / "announcement.system.v99.jinja").write_text("{{ weather }}", encoding="utf-8")
    with ChatEndpoint(answer=rhyming) as endpoint:
        done = run(settings=endpoint.settings(prompts=edited))
    (verdict,) = done.sides[0].results
    assert "weather" in verdict.failed


def test_folders_differ_by_content_not_by_name(edited: Path) -> None:
    assert changed_prompts(PROMPTS, PROMPTS) == ()
    (edited / "announcement.system.v99.jinja").unlink()
    assert changed_prompts(PROMPTS, edited) == ()


# the command


def test_the_command_prints_a_table_its_totals_and_what_speaks_against_a_draft(
    run_copilot: Run, tmp_path: Path
) -> None:
    rows = [STALL, {**STALL, "id": "hopeful", "must": ["带伞"]}]
    (tmp_path / "two.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    done = run_copilot("eval", "two.json", "--writer", "offline")
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "stall" in said
    assert "该有没有：带伞" in said
    assert "共 2 个：1 个没有问题" in said
    assert "[2/2] hopeful · 离线" in done.stderr.decode()


def test_the_command_prints_one_object_for_programs_and_runs_only_what_is_asked_for(
    run_copilot: Run, tmp_path: Path
) -> None:
    rows = [STALL, {**STALL, "id": "other"}]
    stdin = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    done = run_copilot(
        "eval", "-", "--only", "other", "--writer", "offline", "--out", "kept.jsonl", "--json", stdin=stdin
    )
    value = json.loads(done.stdout)
    assert [one["scenario"] for one in value["sides"][0]["results"]] == ["other"]
    assert value["sides"][0]["totals"]["sound"] == 1
    assert (tmp_path / "kept.jsonl").is_file()
    again = run_copilot(
        "eval", "-", "--only", "other", "--writer", "offline", "--out", "kept.jsonl", "--json", stdin=stdin
    )
    assert json.loads(again.stdout)["sides"][0]["results"][0]["resumed"]


def test_the_command_lists_what_only_a_reader_can_judge(run_copilot: Run) -> None:
    row = {"id": "p", "task": "announcement", "inputs": STALL["brief"], "must": ["读着亲切"], "must_not": ["催促"]}
    done = run_copilot("eval", "-", "--writer", "offline", stdin=json.dumps(row).encode())
    said = done.stdout.decode()
    assert "程序判断不了" in said
    assert "要：读着亲切" in said
    assert "不要：催促" in said


def test_the_command_shows_two_folders_of_prompts_and_their_differences(
    run_copilot: Run, edited: Path, tmp_path: Path
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(STALL, ensure_ascii=False), encoding="utf-8")
    with ChatEndpoint(answer=rhyming) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.url, "COPILOT_MODEL": "stub"}
        done = run_copilot("eval", "one.json", "--against", str(edited), env=env)
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "改了的提示词：announcement.system.v99.jinja" in said
    assert "- 周日的市集照常，欢迎各位摊主来。" in said
    assert "+ 周日小广场，等你来出摊。" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("eval", "nowhere.yaml"), 1, "找不到文件"),
        (("eval", "one.json", "--only", "nobody"), 2, "没有叫 nobody 的场景"),
        (("eval", "one.json", "--prompts", "nowhere"), 2, "没有提示词文件夹"),
        (("eval", "one.json", "--writer", "model"), 1, "没有配置模型"),
    ],
)
def test_the_command_fails_in_one_line_that_names_the_fix(
    run_copilot: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(STALL, ensure_ascii=False), encoding="utf-8")
    done = run_copilot(*arguments)
    (line,) = done.stderr.decode().splitlines()
    assert done.returncode == code
    assert said in line
    assert " → " in line
