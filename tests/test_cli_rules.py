"""`copilot rules` lists what is checked, and explains each rule and each rule of the handbook."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.checks.rulebook import catalogue
from copilot.cli import main
from copilot.doctor import examine
from copilot.playbook.rules import rules_in_force
from copilot.settings import Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_rule_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = told(capsys, "rules")
    assert [one["code"] for one in listed["rules"]] == list(catalogue())
    assert listed["file"] == ""
    assert main(["rules"]) == 0
    shown = capsys.readouterr().out
    assert all(code in shown for code in catalogue())


def test_a_job_and_a_severity_narrow_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    crisis = {one["code"] for one in told(capsys, "rules", "--job", "draft_crisis_reply")["rules"]}
    assert "beyond-authority" in crisis
    assert "held-quoted" not in crisis
    rows = told(capsys, "rules", "--job", "check", "--severity", "info")["rules"]
    assert {one["severity"] for one in rows} == {"info"}


def test_own_rules_are_listed_as_they_are_in_force(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    rules = "silence: [{code: insult, jobs: [check]}]\nchange: {shouting: error}\nadd: [{code: x, message: m, words: [某店]}]"
    (home / "rules.yaml").write_text(rules, encoding="utf-8")
    listed = {one["code"]: one for one in told(capsys, "rules")["rules"]}
    assert listed["insult"]["silenced"] == ["check"]
    assert listed["shouting"]["severity"] == "error"
    assert listed["own:x"]["severity"] == "warning"
    assert told(capsys, "rules", "explain", "own:x")["looks_at"] == "1 个词：某店"


@pytest.mark.parametrize(
    "code", ["coercion", "untraced-money", "privacy-phone", "held-insult", "plan-money", "lines-unread"]
)
def test_a_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    explained = told(capsys, "rules", "explain", code)
    rule = catalogue()[code]
    assert (explained["title"], explained["check"], explained["guard"]) == (rule.title, rule.check, rule.guard)
    assert bool(explained["handbook"]) == bool(rule.rule)
    assert main(["rules", "explain", code]) == 0
    assert rule.looks_at in capsys.readouterr().out


def test_every_rule_of_the_handbook_is_explained_with_the_checks_behind_it(capsys: pytest.CaptureFixture[str]) -> None:
    for rule in rules_in_force(Settings()):
        taught = told(capsys, "rules", "explain", rule)
        assert taught["handbook"]["quote"]
        assert taught["checks"] == [code for code, one in catalogue().items() if one.rule == rule]
    assert main(["rules", "explain", "crisis-verify-scope"]) == 0
    assert "beyond-authority" in capsys.readouterr().out


def test_an_unknown_code_or_job_names_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "adlaw-absolut"]) == 2
    assert "adlaw-absolute" in capsys.readouterr().err
    assert main(["rules", "explain", "报名"]) == 2
    assert "copilot rules" in capsys.readouterr().err
    assert main(["rules", "--job", "群发"]) == 2
    assert "crisis-reply" in capsys.readouterr().err


def test_the_check_up_says_which_rules_are_in_force(home: Path) -> None:
    def look() -> Any:
        return next(check for check in examine().checks if check.name == "自己的规则")

    assert look().detail == "没有"
    (home / "rules.yaml").write_text("silence: [insult]", encoding="utf-8")
    assert "关 1 处" in look().detail
    assert "rules.yaml" in look().detail
    (home / "rules.yaml").write_text("silence: [privacy-phone]", encoding="utf-8")
    assert look().status == "fail"
    assert look().remedy
