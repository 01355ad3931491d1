"""What is worth keeping (精华): experiences, methods and useful answers that others found good."""

from functools import cache
from typing import Any, NamedTuple

from copilot.chat.claims import Highlight
from copilot.chat.grievances import weigh
from copilot.chat.masking import excerpt, find_private
from copilot.chat.records import Message
from copilot.chat.scene import Scene
from copilot.chat.word_classes import WordClasses, plain
from copilot.lore import load_yaml

_SHORTEST, _LONGEST = 10, 400  # characters of something worth keeping
_MET = 8  # messages within which others say so
_MET_MINUTES = 45.0
_SHARE = 60  # one highlight for so many messages …
_LEAST, _MOST = 3, 12  # … but at least and at most so many
_EXCERPT = 80
_REPLY = 40  # characters; who finds something useful says so briefly


class _Lore(NamedTuple):
    signs: WordClasses
    weights: dict[str, float]
    met: WordClasses
    data: dict[str, Any]


@cache
def _lore() -> _Lore:
    data = load_yaml("chat_highlights.yaml")
    weighed = {**data["signs"], **data["against"]}
    return _Lore(
        WordClasses({name: entry["find"] for name, entry in weighed.items()}),
        {name: entry["weight"] for name, entry in weighed.items()},
        WordClasses({name: data[name] for name in ("endorsing", "approving")}),
        data,
    )


class _Found(NamedTuple):
    weight: float
    at: int
    why: str


def read_highlights(scene: Scene) -> tuple[Highlight, ...]:
    """Few and good, in the order of time; `why` says who found it useful. Nothing private, no ads, no grievances."""
    minutes = scene.minutes
    found = [one for at, message in enumerate(scene.talk) if (one := _judge(scene, minutes, at, message)) is not None]
    room = min(_MOST, max(_LEAST, len(scene.talk) // _SHARE))
    best = sorted(sorted(found, reverse=True)[:room], key=lambda one: one.at)
    return tuple(
        Highlight(
            by=scene.talk[one.at].sender,
            text=excerpt(scene.talk[one.at].text, _EXCERPT),
            message=scene.talk[one.at].id,
            why=one.why,
        )
        for one in best
    )


def _judge(scene: Scene, minutes: list[float], at: int, message: Message) -> _Found | None:
    text = message.text
    if not _SHORTEST <= len(text) <= _LONGEST or message.kind not in ("text", "quote") or "#接龙" in text:
        return None
    lore = _lore()
    signs = lore.signs.of(plain(text))
    if not signs & {"method", "experience"}:
        return None
    weight = sum(lore.weights[name] for name in signs) + (0.4 if len(text) > 25 else 0.0)
    if weight < 0.5:
        return None
    endorsers, approved = _endorsed(scene, minutes, at, message)
    if not endorsers and not approved:
        return None
    weight += min(2.0, 0.9 * len(endorsers)) + (1.2 if approved else 0.0)
    weight -= 0.6 if scene.official(message) else 0.0
    if weight < lore.data["enough"] or weigh(text) >= 1.0 or find_private(text):
        return None
    names = [*(["群里工作人员"] if approved else []), *(f"{len(endorsers)} 位成员" for _ in [0] if endorsers)]
    return _Found(weight, at, "、".join(names) + "觉得有用")


def _endorsed(scene: Scene, minutes: list[float], at: int, message: Message) -> tuple[set[str], bool]:
    """Which members say that it is useful, and whether somebody who speaks for the group approves."""
    endorsers: set[str] = set()
    approved = False
    for later in range(at + 1, min(len(scene.talk), at + 1 + _MET)):
        reply = scene.talk[later]
        if minutes[later] - minutes[at] > _MET_MINUTES:
            break
        if reply.sender == message.sender or not reply.text or len(reply.text) > 2 * _REPLY:
            continue
        target = scene.answers.get(reply.id)
        to_it = target == message.id or message.sender in reply.mentions or f"@{message.sender}" in reply.text
        if not to_it and (target is not None or later - at > 2):
            continue
        met = _met(reply.text)
        if scene.official(reply):
            approved |= bool(met & {"approving"})
        elif "endorsing" in met and len(reply.text) <= _REPLY and not reply.text.rstrip().endswith(("?", "？", "吗")):
            endorsers.add(reply.sender)
    return endorsers, approved


def _met(text: str) -> frozenset[str]:
    return _lore().met.of(plain(text))
