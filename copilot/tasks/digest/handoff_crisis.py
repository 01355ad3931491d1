"""A grievance, a rumour or a risk of a digest as the brief of a crisis reply."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from copilot.chat.claims import Complaint, Risk, Rumour
from copilot.errors import UsageError
from copilot.tasks.digest.handoff_source import OWED, Source, frame_of, promise_words, when_told
from copilot.tasks.digest.levels import LEVELS, OPEN, UNPROVEN
from copilot.tasks.digest.telling import cut

MOST_SAID = 20
SUMMARY = 120
_TOLD = frozenset({"complaint", "broken_promise", "rumour", "private"})


class _Matter(NamedTuple):
    summary: str
    own: Sequence[str]
    handling: Sequence[str]
    members: Sequence[str]
    kind: str


def crisis_brief(source: Source, matter: str = "") -> dict[str, Any]:
    """What happened in the members' own words, what staff have said so far, and what nobody has shown to be true.

    `matter` is the id of a complaint or a rumour (`c1`, `r1`) or the code of a risk; the gravest open one by default.
    """
    one = _matter(source, matter)
    names = source.in_order((*one.own, *one.handling))
    said = [line for name in names if not source.official(name) and (line := source.line(name))]
    answered = [line for name in names if source.official(name) and (line := source.line(name))]
    first, last = source.at(one.own[0]), source.at(source.in_order(one.own)[-1])
    who = "、".join(dict.fromkeys(source.name(member) for member in one.members))
    people = f"{who}（共 {len(one.members)} 人）" if len(one.members) > 1 else who or "有成员"
    again = f"，最近一次是 {last}" if last and last != first else ""
    summary = cut(one.summary, SUMMARY)
    brief: dict[str, Any] = {
        **frame_of(source),
        "发生了什么": f"{first} 起，{people}在群里{one.kind}：“{summary}”{again}；到 {when_told(source.end)} 的聊天记录里还没有了结"
        if first
        else f"{people}在群里{one.kind}：“{summary}”",
        "群里的话": said[:MOST_SAID],
        "群里已发": answered[:MOST_SAID],
        "还没核实": [f"“{summary}”是否属实", *_rumours_near(source, names, summary)],
        "内部备忘": _broken(source, names),
    }
    return {key: value for key, value in brief.items() if value}


def _matter(source: Source, wanted: str) -> _Matter:
    digest = source.digest
    matters: list[tuple[str, Complaint | Rumour | Risk]] = [
        *((one.id, one) for one in sorted(digest.complaints, key=lambda row: (row.status not in OPEN, _grave(row)))),
        *((one.code, one) for one in sorted(digest.risks, key=_grave) if one.code not in _TOLD),
        *((one.id, one) for one in digest.rumours),
    ]
    if not matters:
        raise UsageError("这份日报里没有投诉、风险或传言", hint="不需要危机回复；要写通知就用 announcement")
    found = [one for name, one in matters if name == wanted] if wanted else [_gravest(matters)]
    if not found:
        listed = "、".join(f"{name}（{cut(_summary(one), 16)}）" for name, one in matters[:8])
        raise UsageError(f"这份日报里没有 {wanted}", hint=f"可选 {listed}")
    one = found[0]
    if isinstance(one, Complaint):
        return _Matter(one.summary, one.messages, one.handling, one.members, "反映")
    senders = tuple(dict.fromkeys(source.sender(name) for name in one.messages if not source.official(name)))
    if isinstance(one, Rumour):
        return _Matter(one.summary, one.messages, (*one.replies, *one.refuted), senders, "传")
    return _Matter(one.message, one.messages, (), senders, "说到的事需要处理")


def _gravest(matters: Sequence[tuple[str, Complaint | Rumour | Risk]]) -> Complaint | Rumour | Risk:
    """An open grievance before a settled one, whatever is graver first."""
    return min((one for _, one in matters), key=lambda one: (_settled(one), _grave(one)))


def _settled(one: Complaint | Rumour | Risk) -> bool:
    return not isinstance(one, Risk) and one.status in ("resolved", "refuted", "confirmed")


def _grave(one: Complaint | Rumour | Risk) -> int:
    return LEVELS.index("low" if isinstance(one, Rumour) else one.level)


def _summary(one: Complaint | Rumour | Risk) -> str:
    return one.message if isinstance(one, Risk) else one.summary


def _rumours_near(source: Source, names: Sequence[str], summary: str) -> list[str]:
    """The claims without proof that stand among these messages."""
    there = set(names)
    near = [one for one in source.digest.rumours if one.status in UNPROVEN and there & {*one.messages, *one.replies}]
    return [f"“{cut(one.summary, SUMMARY)}”是否属实" for one in near if one.summary != summary]


def _broken(source: Source, names: Sequence[str]) -> list[str]:
    """What was promised among these messages and has not come."""
    there = set(names)
    return [
        promise_words(one, source)
        for one in source.digest.action_items
        if one.status in OWED and there & {*one.messages}
    ]
