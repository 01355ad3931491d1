"""The catalogue holds every code that a finding can have, in the words and with the check that make it."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.checks.authority import authority_findings
from copilot.checks.battery import check_text
from copilot.checks.bounds import Bounds
from copilot.checks.facts import claim_terms
from copilot.checks.rulebook import JOBS, catalogue, finding, rules_in
from copilot.checks.stance import authority_lexicon
from copilot.checks.terms import terms
from copilot.facts.personal_identifiers import privacy_lexicon
from copilot.playbook.rules import rules_in_force
from copilot.settings import Settings
from copilot.tasks.weekly_plan.catalogue import judgement

ROOT = Path(__file__).resolve().parent.parent
# Where a code is put together from parts, and the codes that this can make.
MADE_OF_PARTS = {
    "copilot/checks/facts.py": lambda: {f"untraced-claim-{kind}" for kind in claim_terms()},
    "copilot/checks/terms.py": lambda: {f"unstated-{kind}" for kind in terms()},
    "copilot/checks/privacy.py": lambda: {
        f"privacy-{kind.lower().replace('_', '-')}" for kind in privacy_lexicon()["types"] if kind != "NAME"
    },
    "copilot/checks/authority.py": lambda: {
        *(rule.get("code", name) for name, rule in authority_lexicon()["rules"].items()),
        *("beyond-authority", "cause-unverified", "admission"),
    },
    "copilot/checks/wording.py": lambda: set(rules_in("wording.yaml")),
    "copilot/tasks/announcement/task.py": lambda: (
        {f"held-{code}" for code, rule in rules_in("wording.yaml").items() if rule.severity == "error"}
        | {"held-promo-urgency", "held-internal-jargon"}
    ),
    "copilot/tasks/weekly_plan/task.py": lambda: {f"plan-{key}" for key in judgement().objections},
    "copilot/tasks/ask/verifying.py": lambda: {
        f"answer-{code}"
        for code, rule in catalogue().items()
        if code.startswith("untraced-") or (code in rules_in("wording.yaml") and rule.severity == "error")
    },
}


def literal_codes() -> Iterator[tuple[str, str, str]]:
    """Every (file, code, severity) that stands in the code word for word; the severity is "" where it is not beside it."""
    makers = {
        "Finding",
        "finding",
        "_finding",
        "_notice",
        "notice",
        "tell",
        "_told",
        "_dropped",
        "reason",
        "Said",
        "_untraced",
    }
    for path in sorted((ROOT / "copilot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in makers:
                given = (*node.args, *(key.value for key in node.keywords if key.arg in ("code", "severity")))
                parts = [part for one in given for part in ast.walk(one) if isinstance(part, ast.Constant)]
                texts = [part.value for part in parts if isinstance(part.value, str)]
                severity = next((text for text in texts if text in ("error", "warning", "info")), "")
                for text in texts:
                    if re.fullmatch(r"[a-z]+(-[a-z]+)*", text) and text != severity:
                        yield path.relative_to(ROOT).as_posix(), text, severity


def known_as(code: str) -> set[str]:
    """The codes that a word in the code may stand for."""
    return {code, *(f"{prefix}-{code}" for prefix in ("held", "answer", "untraced"))} & catalogue().keys()


def test_every_code_that_stands_in_the_code_is_in_the_catalogue_with_its_severity() -> None:
    notices = rules_in("notices.yaml")
    for path, code, severity in literal_codes():
        if "-" in code and path != "copilot/tasks/digest/brief.py":
            assert known_as(code) or code in ("not-for-this", "crisis-reply"), f"{path}: {code}"
        if severity and code in notices:
            assert notices[code].severity == severity, code


def test_every_entry_is_given_by_something() -> None:
    given = set().union(
        *(known_as(code) for _, code, _ in literal_codes()), *(codes() for codes in MADE_OF_PARTS.values())
    )
    # A value's own kind is the last part of its code; two notes of the digest are passed on by name.
    given |= {code for code in catalogue() if code.startswith("untraced-") and code.count("-") == 1}
    given |= {"dates-not-read", "nothing-in-range"}
    assert catalogue().keys() == given


@pytest.mark.parametrize("path", MADE_OF_PARTS)
def test_codes_put_together_from_parts_are_in_the_catalogue(path: str) -> None:
    assert MADE_OF_PARTS[path]() <= catalogue().keys()


def test_every_entry_names_its_check_its_jobs_and_a_rule_of_the_handbook() -> None:
    taught = rules_in_force(Settings())
    for rule in catalogue().values():
        module, _, name = rule.check.rpartition(".")
        try:
            check = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError:
            module, _, owner = module.rpartition(".")
            check = getattr(getattr(importlib.import_module(module), owner), name)
        assert callable(check), rule.code
        assert set(rule.jobs) <= set(JOBS)
        assert rule.rule is None or rule.rule in taught, rule.code
        assert rule.title
        assert rule.looks_at


def test_the_plan_objections_stand_on_the_same_handbook_rules_as_their_entries() -> None:
    assert {key: row.rule for key, row in judgement().objections.items()} == {
        code.removeprefix("plan-"): rule.rule for code, rule in rules_in("plan.yaml").items()
    }


@pytest.mark.parametrize("code", [code for code, rule in catalogue().items() if rule.example])
def test_an_example_trips_its_rule_and_its_neighbour_does_not(code: str) -> None:
    rule = catalogue()[code]
    assert rule.example is not None
    if rule.check.endswith("authority_findings"):
        tripped, passed = (
            authority_findings(text, "group", Bounds()) for text in (rule.example.trips, rule.example.passes)
        )
    else:
        tripped, passed = (check_text(text, "wechat") for text in (rule.example.trips, rule.example.passes))
    assert code in {one.code for one in tripped}
    assert code not in {one.code for one in passed}


def test_a_variant_is_said_in_its_own_words() -> None:
    assert finding("admission", variant="fault", words="怪我们").message != finding("admission", words="怪我们").message
    assert finding("platform-length", variant="robot", size=1, platform="", limit=1).severity == "info"
