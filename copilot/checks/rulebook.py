"""The catalogue of every finding the product can give: its code, its cost, its words, and the check that makes it.

It stands beside the checks because they take their words from it: `finding("too-long", …)` is a finding as the
catalogue words it, so that what `copilot rules` explains can't drift from what a check says. Notices that a job or a
writer gives of its own run are worded where they happen; their entries describe them and hold no message.
"""

from functools import cache
from typing import Any

from copilot.lore import load_yaml
from copilot.records import Finding, Record, Severity, Span
from copilot.settings import KNOWLEDGE

JOBS = ("announcement", "weekly-plan", "crisis-reply", "digest", "ask", "chat", "check")
"""What a rule can apply to: the jobs, by the names the command line has for them, and `check` of any text."""


class Example(Record):
    """Two texts that show a rule: the first breaks it, the second does not."""

    trips: str
    passes: str


class Variant(Record):
    """Another wording of a rule's finding; what is unset is the rule's own."""

    severity: Severity | None = None
    message: str | None = None
    fix: str | None = None
    rule: str | None = None


class Meaning(Record):
    """What one code means.

    `looks_at` says in words what is looked at, `check` is the dotted name of the function that looks. `message` and `fix`
    are templates over what the check hands on ("" where the check words them itself). `rule` is the handbook rule behind
    it, `guard` why it can't be silenced.
    """

    code: str
    severity: Severity
    title: str
    looks_at: str
    check: str
    jobs: tuple[str, ...]
    message: str = ""
    fix: str = ""
    rule: str | None = None
    guard: str = ""


class Rule(Meaning):
    """One entry of the catalogue: `harmless` are the contexts (knowledge/wording/contexts.yaml) that excuse a wording."""

    harmless: tuple[str, ...] = ()
    variants: dict[str, Variant] = {}
    example: Example | None = None


@cache
def catalogue() -> dict[str, Rule]:
    """Every code that a finding can have, in the order of the files."""
    files = sorted(path.name for path in (KNOWLEDGE / "rules").glob("*.yaml"))
    return {code: rule for name in files for code, rule in rules_in(name).items()}


@cache
def rules_in(name: str) -> dict[str, Rule]:
    """The entries of one file of knowledge/rules."""
    data = load_yaml("rules", name)
    rows = [row for entry in data["rules"] for row in _each({**data.get("defaults", {}), **entry})]
    return {row["code"]: Rule.model_validate(row) for row in rows}


def finding(
    code: str,
    span: Span | None = None,
    *,
    variant: str = "",
    severity: Severity | None = None,
    replacement: str | None = None,
    **values: object,
) -> Finding:
    """A finding in the catalogue's words; `values` fill the message and the fix. Raises `KeyError` for an unknown code."""
    rule = catalogue()[code]
    other = rule.variants.get(variant, Variant())
    message = rule.message if other.message is None else other.message
    fix = rule.fix if other.fix is None else other.fix
    return Finding(
        severity=severity or other.severity or rule.severity,
        code=code,
        message=message.format(**values),
        span=span,
        rule=other.rule or rule.rule,
        fix=fix.format(**values),
        replacement=replacement,
    )


def _each(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """An entry that stands for several codes (`each: {key: name}`) as one for each, with {key} and {name} filled in."""
    each = entry.pop("each", None)
    if each is None:
        return [entry]
    return [
        {field: _named(value, key, name) if isinstance(value, str) else value for field, value in entry.items()}
        for key, name in each.items()
    ]


def _named(template: str, key: str, name: str) -> str:
    return template.replace("{key}", key).replace("{name}", name)
