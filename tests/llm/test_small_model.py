"""All jobs on a small, gullible and forgetful model: whatever it replies, nothing untrue and no broken quote leaves.

What it drafts is kept in test-results/llm: a run that was broken off goes on, as long as the code stays the same.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from holding import report_line, reread
from small_model import SCENARIOS

from copilot import Draft, Settings
from copilot.evaluation.running import Kept, evaluate
from copilot.evaluation.scenarios import Scenario, read_scenarios
from copilot.settings import PROMPTS

pytestmark = pytest.mark.llm
RESULTS = PROMPTS.parent / "test-results" / "llm"
EXAMPLES = PROMPTS.parent / "examples" / "scenarios.yaml"


def scenarios(path: Path) -> list[Scenario]:
    """The scenarios of a file that end in a draft; those whose ids begin with one of $ONLY, where that is set."""
    found = read_scenarios(path.read_text(encoding="utf-8")) if path.is_file() else ()
    only = tuple(os.environ.get("ONLY", "").split())
    return [one for one in found if one.job != "ask" and (not only or one.id.startswith(only))]


def drafted(scenario: Scenario, settings: Settings) -> Draft:
    """The model's draft for a scenario, made now or in an earlier run."""
    out = RESULTS / "drafts.jsonl"
    (verdict,) = evaluate(settings, [scenario], writer="model", out=out).sides[0].results
    assert not verdict.failed
    assert not verdict.broken
    for line in reversed(out.read_text(encoding="utf-8").splitlines()):
        if f'"id":"{verdict.draft}"' in line:
            made = Kept.model_validate_json(line).draft
            assert made
            return made
    raise AssertionError(f"{verdict.draft} is not in {out}")


def held(scenario: Scenario, settings: Settings) -> list[str]:
    """What does not hold of the model's draft; it goes into the report as well."""
    draft = drafted(scenario, settings)
    found = reread(draft, scenario, settings)
    with (RESULTS / "report.jsonl").open("a", encoding="utf-8") as report:
        report.write(report_line(draft, found, scenario.id) + "\n")
    return found.breaches


@pytest.mark.parametrize("scenario", scenarios(SCENARIOS), ids=lambda one: one.id)
def test_nothing_untrue_leaves_whatever_the_small_model_replies(
    scenario: Scenario, settings: Callable[..., Settings]
) -> None:
    assert held(scenario, settings()) == []


def test_a_short_run_leaves_nothing_untrue_either(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One announcement, without the handbook, mended by code alone, in at most some two minutes; on a machine too slow for
    that, the offline draft and a word about it.
    """
    monkeypatch.setattr("copilot.writers.model.ModelWriter.rounds", 0)
    quick = settings(request_timeout=120, context_tokens=3600, output_tokens=600)
    (scenario,) = [one for one in read_scenarios(EXAMPLES.read_text(encoding="utf-8")) if one.id == "market-stall"]
    assert held(scenario, quick) == []
