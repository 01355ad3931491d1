"""Judging what was asked for: wishes are heard, goals and what members said are taken up, and a group whose time is over
is closed instead of filled.
"""

from collections.abc import Iterator

from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.records import Record
from copilot.tasks.weekly_plan.aims import Aim, aims_of, wants_of
from copilot.tasks.weekly_plan.fitting import about_of
from copilot.tasks.weekly_plan.hearing import Bench
from copilot.tasks.weekly_plan.listening import Want, listen
from copilot.tasks.weekly_plan.plan import Choice, Refusal
from copilot.tasks.weekly_plan.situation import Group, Situation


class Verdict(Record):
    """What was judged: refusals, choices, actions called for, groups to close (with the reason), and open points."""

    refused: tuple[Refusal, ...] = ()
    choices: tuple[Choice, ...] = ()
    wants: tuple[Want, ...] = ()
    aims: tuple[Aim, ...] = ()
    closing: dict[str, str] = {}
    disputed: dict[str, str] = {}
    open_points: tuple[str, ...] = ()


def judge(situation: Situation, own: OwnRules = NO_RULES) -> Verdict:
    """The verdict on a situation's wishes, voices and groups; the operator's `own` rules have a say."""
    closing, disputed = _closings(situation)
    bench = Bench(situation, own)
    for wish in situation.wishes:
        bench.hear(wish)
    for group, reason in disputed.items():
        bench.choose("longevity", f"{group}：{reason}")
    voices, unanswered = listen(situation)
    aims = aims_of(situation)
    return Verdict(
        refused=tuple(bench.refused.values()),
        choices=tuple(bench.choices.values()),
        wants=(*bench.wants, *wants_of(aims, situation), *voices),
        aims=aims,
        closing=closing,
        disputed=disputed,
        open_points=(*bench.open_points, *unanswered),
    )


BUSY = 50


def _closings(situation: Situation) -> tuple[dict[str, str], dict[str, str]]:
    """Groups to close with the evidence, and those of which the brief itself says otherwise."""
    closing: dict[str, str] = {}
    disputed: dict[str, str] = {}
    for group in situation.groups:
        if group.stage not in ("dead", "closing"):
            continue
        reason = f"你写的是“{group.stage_words}”" if group.stage_words else "按你写的情况，它要做的事已经结束"
        against = _signs_of_life(group, situation) if group.stage == "dead" else ""
        if against:
            disputed[group.name] = f"{reason}，但{against}"
        else:
            closing[group.name] = reason
    for kept, doubles in _doubles(situation):
        for group in doubles:
            closing.setdefault(group.name, f"和“{kept.name}”基本是同一批人，消息重复")
    return closing, disputed


def _signs_of_life(group: Group, situation: Situation) -> str:
    for figure in situation.figures:
        lively = about_of(figure) in ("messages", "active", "orders", "questions")
        if figure.group in ("", group.name) and lively and (figure.number or 0) >= BUSY:
            return f"{figure.name}是 {figure.value}"
    event = next((event for event in situation.fixed if event.group in ("", group.name) and event.days), None)
    return f"这周还排着“{event.name}”" if event else ""


def _doubles(situation: Situation) -> Iterator[tuple[Group, list[Group]]]:
    """Groups with largely the same members: the largest that still has something to do, and the others."""
    by_name = {group.name: group for group in situation.groups}
    seen: set[str] = set()
    for group in situation.groups:
        same = {group.name, *(name for name in group.same_people_as if name in by_name)}
        same |= {other.name for other in situation.groups if group.name in other.same_people_as}
        if len(same) < 2 or same & seen:
            continue
        seen |= same
        alive = sorted(
            (by_name[name] for name in same),
            key=lambda one: (one.stage in ("dead", "closing"), -(one.members or 0), situation.groups.index(one)),
        )
        yield alive[0], alive[1:]
