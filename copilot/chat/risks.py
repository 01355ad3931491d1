"""What in a chat needs an eye, how grave it is, and why, in plain words. Nothing where nothing is there."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from copilot.chat.claims import Action, Complaint, Level, Risk, Rumour
from copilot.chat.masking import excerpt, find_private
from copilot.chat.scene import Scene
from copilot.chat.word_classes import WordClasses, plain
from copilot.lore import load_yaml

_LONGEST = 400
_ORDER: tuple[Level, ...] = ("none", "low", "medium", "high", "critical")
_EXCHANGES = 3  # hostile lines between two members that make a quarrel
_QUARREL_MINUTES = 20.0
_SECRETS = frozenset({"密钥", "身份证号", "证件号", "银行卡号", "护照号", "验证码"})
# Ids, cards and keys are long; children's names are told as such. (All of a chat was looked through once already.)
_MAY_BE_SECRET = re.compile(r"[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){9}|[证密口验动门]\w{0,6}\W{0,3}[0-9A-Za-z]{4}|叫")
_CHILDREN = frozenset({"孩子姓名", "出生日期", "就诊医院"})


class _Lore(NamedTuple):
    signs: WordClasses
    unless: WordClasses
    kinds: dict[str, dict[str, Any]]
    data: dict[str, Any]


@cache
def _lore() -> _Lore:
    data = load_yaml("chat_risks.yaml")
    kinds = data["kinds"]
    find = {name: entry["find"] for name, entry in kinds.items() if entry["find"]}
    unless = {name: entry["unless"] for name, entry in kinds.items() if "unless" in entry}
    return _Lore(
        WordClasses(find | {name: data[name] for name in ("hostile", "insult")}), WordClasses(unless), kinds, data
    )


def read_risks(
    scene: Scene, complaints: Sequence[Complaint], rumours: Sequence[Rumour], actions: Sequence[Action]
) -> tuple[Risk, ...]:
    """The risks, the gravest first. Whose mood is low is never quoted."""
    found = [
        *_of_complaints(complaints),
        *_of_words(scene),
        *_of_private(scene),
        *_quarrels(scene),
        *_of_promises(scene, actions),
        *_of_rumours(rumours),
    ]
    return tuple(sorted(found, key=lambda risk: -_ORDER.index(risk.level)))


def _of_complaints(complaints: Sequence[Complaint]) -> Iterator[Risk]:
    """Complaints that may escalate: grave ones, and such as several raise and nobody settles."""
    data = _lore().data
    for one in complaints:
        unsettled = one.status != "resolved"
        level = one.level if unsettled else _ORDER[max(1, _ORDER.index(one.level) - 1)]
        many = len(one.members) > 1 or len(one.messages) > 2
        if _ORDER.index(level) >= _ORDER.index("high") or (unsettled and many and level == "medium"):
            state = "asked_again" if one.status == "open" and one.handling else one.status
            message = data["messages"]["complaint"].format(
                what=one.summary,
                people=len(one.members),
                n=len(one.messages),
                state=data["states"][state],
                advice=data["advice"][state],
            )
            yield Risk(code="complaint", level=level, message=message, messages=one.messages)


def _of_words(scene: Scene) -> Iterator[Risk]:
    """What single messages say: threats, accidents, fraud, low mood, members' medical advice."""
    lore = _lore()
    by_kind: dict[str, list[str]] = {}
    for message in scene.transcript.said:
        if not message.text or scene.official(message):
            continue
        text = plain(message.text[:_LONGEST])
        noise = message.id in scene.noise
        for kind in lore.signs.of(text) & lore.kinds.keys():
            if (kind == "fraud" or not noise) and not _excused(kind, text):
                by_kind.setdefault(kind, []).append(message.id)
    if "self_harm" in by_kind:
        by_kind["low_mood"] = [one for one in by_kind.get("low_mood", ()) if one not in by_kind["self_harm"]]
    for kind, ids in by_kind.items():
        if ids:
            yield _risk(kind, ids)


def _excused(kind: str, text: str) -> bool:
    unless = _lore().unless
    return "unless" in _lore().kinds[kind] and unless.has(kind, text)


def _risk(kind: str, ids: Sequence[str], what: str = "") -> Risk:
    entry = _lore().kinds[kind]
    message = entry["message"].format(n=len(ids), what=what)
    return Risk(code=kind, level=entry["level"], message=message, messages=tuple(ids))


def _of_private(scene: Scene) -> Iterator[Risk]:
    """Ids, cards and keys in the open, and children's data."""
    secrets: dict[str, list[str]] = {}
    children = []
    for message in scene.talk:
        kinds = {one.kind for one in find_private(message.text)} if _MAY_BE_SECRET.search(message.text) else set()
        for kind in kinds & _SECRETS:
            secrets.setdefault(kind, []).append(message.id)
        if "孩子姓名" in kinds and kinds & (_CHILDREN - {"孩子姓名"}):
            children.append(message.id)
    if secrets:
        ids = dict.fromkeys(one for kind in secrets for one in secrets[kind])
        order = {message.id: at for at, message in enumerate(scene.talk)}
        yield _risk("private", sorted(ids, key=order.__getitem__), "、".join(sorted(secrets)))
    if children:
        yield _risk("minors", children)


def _quarrels(scene: Scene) -> Iterator[Risk]:
    """Members who go at each other: hostile lines of at least two, close together."""
    lore = _lore()
    minutes = scene.minutes
    run: list[int] = []
    for at, message in enumerate(scene.talk):
        if not message.text or scene.official(message) or len(message.text) > 80:
            continue
        if not lore.signs.has("hostile", plain(message.text)):
            continue
        if run and minutes[at] - minutes[run[-1]] > _QUARREL_MINUTES:
            yield from _quarrel(scene, run)
            run = []
        run.append(at)
    yield from _quarrel(scene, run)


def _quarrel(scene: Scene, run: list[int]) -> Iterator[Risk]:
    said = [scene.talk[at] for at in run]
    sides = {message.sender for message in said}
    insulting = sum(_lore().signs.has("insult", plain(message.text)) for message in said)
    if (len(sides) >= 2 and (len(said) >= _EXCHANGES or insulting)) or insulting >= 2:
        level: Level = "high" if insulting else "medium"
        message = _lore().data["messages"]["conflict"].format(n=len(said))
        yield Risk(code="conflict", level=level, message=message, messages=tuple(one.id for one in said))


def _of_promises(scene: Scene, actions: Sequence[Action]) -> Iterator[Risk]:
    """What the group's own people promised and did not do in time."""
    for action in actions:
        late = action.status in ("overdue", "done_late")
        if late and action.basis == "promise" and scene.roles.speaks_for_group(action.owner):
            message = _lore().data["messages"]["promise"].format(what=excerpt(action.task))
            level: Level = "medium" if action.status == "overdue" else "low"
            yield Risk(
                code="broken_promise", level=level, message=message, messages=(*action.messages, *action.outcome)
            )


def _of_rumours(rumours: Sequence[Rumour]) -> Iterator[Risk]:
    for one in rumours:
        if one.status == "open" and one.replies:
            message = _lore().data["messages"]["rumour"].format(what=one.summary)
            yield Risk(code="rumour", level="medium", message=message, messages=(*one.messages, *one.replies))
