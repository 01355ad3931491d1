"""What must hold of a draft is seen to be broken where it is broken. These need no model."""

from typing import Any

import pytest
from holding import reread

from copilot import Copilot, Draft, Settings
from copilot.evaluation.scenarios import Scenario, read_scenarios
from copilot.records import Citation, Finding
from copilot.settings import PROMPTS

SCENARIOS = {
    one.id: one for one in read_scenarios((PROMPTS.parent / "examples" / "scenarios.yaml").read_text(encoding="utf-8"))
}
STALL = SCENARIOS["market-stall"]


def as_if_by_model(scenario: Scenario) -> Draft:
    """The offline draft, said to be a model's."""
    made = Copilot(Settings.load()).draft(scenario.job, scenario.brief, writer="offline", now=scenario.options.now)
    return made.model_copy(update={"writer": "model"})


def altered(draft: Draft, words: str, **changes: Any) -> Draft:
    """The draft with these words at the end of its first message."""
    first = draft.parts[0].model_copy(update={"text": f"{draft.parts[0].text}\n{words}"})
    return draft.model_copy(update={"parts": (first, *draft.parts[1:]), "text": first.text, **changes})


@pytest.mark.parametrize("scenario", [one for one in SCENARIOS.values() if one.job != "ask"], ids=lambda one: one.id)
def test_a_draft_that_code_wrote_breaks_nothing(scenario: Scenario) -> None:
    assert reread(as_if_by_model(scenario), scenario, Settings.load()).breaches == []


def test_what_was_invented_is_untrue_and_what_was_not_shown_is_hidden() -> None:
    draft = altered(as_if_by_model(STALL), "前 8 名到店送礼品，12月3日公布")
    found = reread(draft, STALL, Settings.load()).breaches
    assert "announcement: date: 12月3日" in found
    assert "announcement: amount: 8名" in found
    assert "announcement: word: 礼品" in found
    assert any(one.startswith("hidden: untraced-moment") for one in found)


def test_an_error_that_is_shown_is_not_hidden_but_is_left_standing() -> None:
    draft = altered(as_if_by_model(STALL), "12月3日公布")
    shown = Copilot(Settings.load()).recheck(draft, draft.parts[0].text).findings
    found = reread(draft.model_copy(update={"findings": shown}), STALL, Settings.load()).breaches
    assert "left untraced: untraced-moment 12月3日" in found
    assert not [one for one in found if one.startswith("hidden")]


def test_a_quote_that_is_not_in_its_file_is_named() -> None:
    draft = as_if_by_model(STALL)
    false = Citation(source="01-goals-and-entry.md", section="x", quote="手册里没有的一句话", chunk_id="x")
    found = reread(draft.model_copy(update={"citations": (*draft.citations, false)}), STALL, Settings.load()).breaches
    assert found == ["not in 01-goals-and-entry.md: 手册里没有的一句话"]


def test_a_draft_that_the_model_did_not_write_has_to_say_so() -> None:
    draft = as_if_by_model(STALL).model_copy(update={"writer": "offline"})
    notice = Finding(severity="warning", code="model-unavailable", message="模型没能写成")
    assert reread(draft, STALL, Settings.load()).breaches == ["the model did not write it, and nothing says so"]
    assert (
        reread(draft.model_copy(update={"findings": (*draft.findings, notice)}), STALL, Settings.load()).breaches == []
    )
