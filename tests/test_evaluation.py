"""Scenarios: how they are read, what code judges of a draft, and that a run goes on where it was broken off."""

from pathlib import Path
from typing import Any

import pytest
from fakes import ChatEndpoint, failed
from market_stall import REPLY, STALL, reply, rhyming, rhyming_prompts, scenario

from copilot import Settings
from copilot.errors import CopilotError, ModelNotConfigured, UsageError
from copilot.evaluation.comparing import changed_prompts
from copilot.evaluation.running import Evaluation, evaluate
from copilot.evaluation.scenarios import Scenario, read_scenarios
from copilot.settings import PROMPTS
from copilot.store import Store

EXAMPLES = PROMPTS.parent / "examples"


def run(*scenarios: Scenario, settings: Settings | None = None, **options: Any) -> Evaluation:
    return evaluate(settings or Settings.load(), scenarios or (scenario(),), **options)


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


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    return rhyming_prompts(tmp_path)


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
