"""What was talked about: conversations, put together by matter, without small talk."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from copilot.chat import talk
from copilot.chat.claims import Topic
from copilot.chat.lines import Line, set_out
from copilot.chat.masking import excerpt
from copilot.chat.matters import Matter, gather
from copilot.chat.member_names import bare
from copilot.chat.records import Message
from copilot.chat.scene import Scene
from copilot.chat.terms import Weights, rarity, terms
from copilot.chat.threads import weave
from copilot.chat.titles import title_of

A_DAY = 15
"""How many topics are told for a day; the largest."""
_READ = 8  # lines of a topic that its title is made from
_SUMMARY = 40  # characters of each half of a summary
_NOISY = 6  # messages after noise that may still be about it
_NOISY_MINUTES = 6.0


def read_topics(scene: Scene) -> tuple[Topic, ...]:
    """The topics in the order in which they come up. Small talk and what is said about ads is in none."""
    about_noise = _about_noise(scene)
    lines = set_out([message for message in scene.talk if message.id not in about_noise])
    weights = Weights(line.words for line in lines)
    threads = [thread for thread in weave(lines, scene.answers, weights) if any(line.says for line in thread.lines)]
    matters = gather(threads, (*scene.roles.staff, scene.roles.operator))
    told = [(matter, _lines(matter)) for matter in matters]
    told = [(matter, own) for matter, own in told if _substance(scene, own)]
    days = len({message.time.date() for message in scene.talk if message.time is not None})
    told = sorted(told, key=lambda one: -len(one[1]))[: A_DAY * max(1, days)]
    spread = Counter(word for matter, _ in told for word in matter.words)
    names = _name_words(scene)
    return tuple(
        Topic(
            id=f"t{number}",
            title=title_of(_telling_texts(scene, own), _telling(matter, own, spread, len(told)), names)
            or _shortest(own),
            summary=_summary(scene, own),
            messages=tuple(line.message.id for line in own),
        )
        for number, (matter, own) in enumerate(sorted(told, key=lambda one: one[1][0].at), 1)
    )


def _lines(matter: Matter) -> list[Line]:
    return sorted((line for thread in matter.threads for line in thread.lines), key=lambda line: line.at)


def _about_noise(scene: Scene) -> frozenset[str]:
    """The messages that are said about ads and hostile instructions: they respond to one, or follow right after it."""
    found: set[str] = set()
    senders = {scene.by_id[id_].sender for id_ in scene.noise if id_ in scene.by_id}
    talkers = {message.sender for message in scene.talk}
    last: Message | None = None
    since = 0
    for message in scene.transcript.said:
        if message.id in scene.noise:
            last, since = message, 0
            continue
        since += 1
        target = scene.answers.get(message.id)
        after = last is not None and since <= _NOISY and _minutes(last, message) <= _NOISY_MINUTES
        own = message.sender in senders and after
        calls = any(name in senders and (name not in talkers or after) for name in message.mentions)
        if target is not None and target not in scene.noise and target not in found and not calls:
            continue
        if target is not None or own or calls or (after and not _of_its_own(scene, message)):
            found.add(message.id)
    return frozenset(found)


def _minutes(one: Message, other: Message) -> float:
    return (other.time - one.time).total_seconds() / 60 if one.time and other.time else 0.0


def _of_its_own(scene: Scene, message: Message) -> bool:
    """Whether the message opens a matter rather than remarks on what was before."""
    text = message.text
    if message.mentions or talk.opens(text) or talk.announces(text):
        return True
    return scene.official(message) and len(terms(text)) > _REMARK


_REMARK = 6  # telling words: the group's people say no more about an ad


def _substance(scene: Scene, lines: Sequence[Line]) -> bool:
    """Whether it is more than small talk."""
    says = [line for line in lines if line.says]
    if not says:
        return False
    official = any(scene.official(line.message) for line in says)
    announces = any(scene.official(line.message) and talk.announces(line.message.text) for line in says)
    asks = any(line.asks and len(line.words) > 1 for line in says)
    figures = any(any(word[0].isdigit() for word in line.words) for line in says)
    answered = any(
        (target := scene.answers.get(line.message.id)) is not None and len(line.words) > 1 and target in scene.by_id
        for line in says
    )
    if not (official or asks):
        return len(says) >= _MANY  # members among themselves
    points = 2.0 * announces + 1.0 * official + 1.0 * asks + 0.5 * figures + 0.5 * answered
    return points + min(1.5, 0.25 * len(says)) >= _SUBSTANCE


_MANY = 8
_SUBSTANCE = 1.25


def _telling(matter: Matter, lines: Sequence[Line], spread: Counter[str], total: int) -> Callable[[str], float]:
    """How telling a word is for a topic: rare, said often in it or where it opens, and in few other topics."""
    opening = next((line.words for line in lines if line.words), frozenset[str]())

    def weigh(word: str) -> float:
        leads = _LEADS if word in opening else 1.0
        count = matter.words[word] or sum(matter.words[part] for part in terms(word))
        return (
            leads * rarity(word) * min(count, _OFTEN) ** 0.7 * math.log((2 + total) / (0.5 + spread[word]))
            if count
            else 0.0
        )

    return weigh


_OFTEN = 6
_LEADS = 1.3


def _telling_texts(scene: Scene, lines: Sequence[Line]) -> Iterator[str]:
    """The lines a title is made from: how it opens, what was announced and asked, and the group's people's words."""
    says = [line for line in lines if line.says]
    worth = {
        line.at: 2.0 * talk.announces(line.message.text) + 1.0 * line.asks + 1.0 * scene.official(line.message)
        for line in says
    }
    first = says[:2]
    rest = [line for line in says[2:] if worth[line.at]]  # a member's mere advice makes no title
    best = sorted(rest, key=lambda line: (-worth[line.at], line.at))[: _READ - len(first)]
    return (line.message.text for line in (*first, *best))


def _name_words(scene: Scene) -> Collection[str]:
    """The words that members' names are made of."""
    names: set[str] = set()
    for member in {message.sender for message in scene.transcript.said}:
        names |= {bare(member), *terms(member)}
    return names


def _shortest(lines: Sequence[Line]) -> str:
    """For want of telling words: the first words said."""
    return next((cut for line in lines if (cut := excerpt(line.message.text, 12))), "")


def _summary(scene: Scene, lines: Sequence[Line]) -> str:
    """How it opened, and the last thing the group's people said on it."""
    says = [line for line in lines if line.says]
    opening = next((line for line in says if talk.announces(line.message.text) or len(line.words) > 1), says[0])
    closing = [line for line in says if scene.official(line.message) and line.at > opening.at and line.words]
    firm = [line for line in closing if talk.announces(line.message.text)] or closing
    halves = [excerpt(opening.message.text, _SUMMARY), *(excerpt(line.message.text, _SUMMARY) for line in firm[-1:])]
    return " → ".join(dict.fromkeys(filter(None, halves)))
