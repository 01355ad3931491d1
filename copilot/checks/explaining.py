"""What every rule means and where it comes from: the catalogue and the operator's own rules as they are in force."""

from collections.abc import Iterator

from copilot.checks.own_rules import OWN, OwnRule, OwnRules, RuleRefused, job_name, near, own_rules, rules_path
from copilot.checks.rulebook import Example, Meaning, Rule, catalogue
from copilot.errors import UsageError
from copilot.playbook.rules import rule_citation, rules_in_force
from copilot.records import Citation, Record, Severity
from copilot.settings import Settings


class Listed(Meaning):
    """One rule as it is in force: `silenced` are the jobs in which it is not reported."""

    silenced: tuple[str, ...] = ()


class Rulebook(Record):
    """The rules, and the file of own rules in force ("" for none)."""

    rules: tuple[Listed, ...]
    file: str


class Explained(Listed):
    """One rule with the handbook's words behind it, and two texts that show it."""

    handbook: Citation | None = None
    example: Example | None = None


class Taught(Record):
    """One rule of the handbook: its section and words, and the codes of the checks that stand behind it."""

    rule: str
    handbook: Citation
    checks: tuple[str, ...]


def rulebook(settings: Settings, job: str | None = None, severity: Severity | None = None) -> Rulebook:
    """All rules, or those of a job or a severity (as it is in force). Raises `UsageError` for a job there is not,
    `SettingsError` for own rules that can't be read.
    """
    try:
        wanted = job_name(job) if job else ""
    except RuleRefused as refused:
        message, hint = refused.args
        raise UsageError(message, hint=hint) from None
    path = rules_path(settings)
    return Rulebook(
        rules=tuple(
            one
            for one in _listed(own_rules(settings))
            if (not wanted or wanted in one.jobs) and severity in (None, one.severity)
        ),
        file=str(path or ""),
    )


def explain(name: str, settings: Settings) -> Explained | Taught:
    """What the rule of this code, or the handbook's rule of this id, means. Raises `UsageError` naming near ones."""
    own = own_rules(settings)
    listed = {one.code: one for one in _listed(own)}
    if one := listed.get(name):
        cited = rule_citation(one.rule, settings) if one.rule else None
        known = catalogue().get(name)
        return Explained(**dict(one), handbook=cited, example=known.example if known else None)
    if cited := rule_citation(name, settings):
        behind = (one.code for one in listed.values() if one.rule == name)
        return Taught(rule=name, handbook=cited, checks=tuple(behind))
    raise UsageError(f"没有叫 {name} 的规则", hint=near(name, (*listed, *rules_in_force(settings))))


def _listed(own: OwnRules) -> Iterator[Listed]:
    for rule in catalogue().values():
        yield _of_catalogue(rule, own)
    for added in own.add:
        yield _of_own(added)


def _of_catalogue(rule: Rule, own: OwnRules) -> Listed:
    return Listed(
        **rule.model_dump(exclude={"severity", "harmless", "variants", "example"}),
        severity=own.change.get(rule.code, rule.severity),
        silenced=tuple(job for job in rule.jobs if rule.code in own.silent(job)),
    )


def _of_own(added: OwnRule) -> Listed:
    return Listed(
        code=OWN + added.code,
        severity=added.severity,
        title=added.title or added.code,
        looks_at=f"式子 {added.pattern}" if added.pattern else f"{len(added.words)} 个词：{'、'.join(added.words[:5])}",
        check="copilot.checks.own_rules.OwnRules.findings",
        jobs=added.jobs,
        message=added.message,
        fix=added.fix,
    )
