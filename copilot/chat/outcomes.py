"""How a promise or a request went: told from what its owner and those it was made to say and show afterwards."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from copilot.chat.records import Message
from copilot.chat.replying import is_announcement
from copilot.chat.scene import Scene
from copilot.chat.settling import settles
from copilot.chat.terms import rarity, terms
from copilot.chat.utterances import bare, does, plain

LATER = 40
"""How many later messages of each person concerned are looked at."""
REACH = timedelta(days=14)
SOON = timedelta(minutes=15)
TELLING = 0.3
"""The weight of shared words from which a later message is about the same matter …"""
SURE = 0.6
"""… and for a message that neither brings a result nor names anybody concerned."""
BRIEF = 8
"""So short a message of who was asked (已私, 好了) is about what they were asked."""
_SHOWN = frozenset({"image", "file", "link", "video", "location", "card"})
_WANTED = re.compile(r"不是[^,。]{0,10}(?:是|要)|要的(?:是|不是)|才(?:能|行|可以)|能不能|什么时候")
"""Says what is still wanted."""
_ATTACHED = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|mp[34]|jpe?g|png)\b|文件附件|\[(?:文件|图片|视频)\]", re.IGNORECASE
)
_SENDS = re.compile(r"发|传|放")
_PAID = frozenset({"transfer", "redpacket"})


@dataclass(frozen=True, slots=True)
class Course:
    """How it went: the messages that show it, when it was done (None: not shown), and whether somebody misses it."""

    messages: tuple[str, ...] = ()
    done: datetime | None = None
    is_done: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one message does."""

    words: str
    terms: frozenset[str]
    news: bool
    resolves: bool
    sorry: bool
    defers: bool
    confirms: bool
    negative: bool


class Follower:
    """Looks for the outcome of what was undertaken in one chat."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.weights = scene.telling
        self._seen: dict[str, _Seen] = {}
        self.position: dict[str, int] = {}
        self.own: dict[str, list[int]] = {}
        for at, message in enumerate(scene.talk):
            self.position[message.id] = at
            self.own.setdefault(message.sender, []).append(at)

    def follow(
        self,
        task: str,
        start: int,
        since: datetime | None,
        owner: str,
        to: Sequence[str],
        about: frozenset[str],
        *,
        requested: bool = False,
    ) -> Course:
        """What became of a task set at place `start` of the talk (-1: before it), at the time `since`.

        `to` are those who wait for it, `about` the words of the matter; `requested` is what the owner was asked for.
        """
        words = plain(task)
        shown: list[str] = []
        missed = False
        owners = self._owners(owner, words)
        for message in self._later(start, {*owners, *to}):
            if since and message.time and message.time - since > REACH:
                break
            if message.sender in owners:
                done = self._owner_did(words, message, to, about, since_asked=requested)
                if done:
                    return Course((*shown, message.id), message.time, is_done=True)
                if done is None:
                    shown.append(message.id)
            else:
                state = self._waiting_says(message, owner, about, words, start)
                if state == "done":
                    return Course((*shown, message.id), message.time if missed else None, is_done=True)
                if state == "missed":
                    missed = True
                    shown.append(message.id)
        return Course(tuple(shown), missed=missed)

    def _owners(self, owner: str, task: str) -> frozenset[str]:
        """Whose word counts for the owner's: what one of the group's people promised to tell, another may tell."""
        roles = self.scene.roles
        if not roles.speaks_for_group(owner) or not does("tells", task):
            return frozenset({owner})
        return frozenset({owner, *roles.staff, roles.operator} - {""})

    def _later(self, start: int, names: Collection[str]) -> Iterator[Message]:
        """The later messages of these members, in the order of time."""
        found: set[int] = set()
        for name in names:
            own = self.own.get(name, [])
            first = bisect_right(own, start)
            found.update(own[first : first + LATER])
        return (self.scene.talk[at] for at in sorted(found))

    def _after(self, message: Message, owner: str, start: int) -> bool:
        """Whether it goes back to, or stands right after, something the owner said since."""
        target = self.scene.answers.get(message.id, "")
        if target and self.position.get(target, -1) > start and self.scene.by_id[target].sender == owner:
            return True
        at = self.position[message.id]
        return any(self.scene.talk[back].sender == owner for back in range(max(start + 1, at - 2), at))

    def _owner_did(
        self, task: str, message: Message, to: Sequence[str], about: frozenset[str], *, since_asked: bool
    ) -> bool | None:
        """True: done. None: about it, but not done. False: something else."""
        if message.kind in _PAID:
            return does("pays", task)
        if message.kind in _SHOWN and not message.text.strip():
            return does("shows", task) and does("deeds", task) and self._near_words(message, about)
        seen = self._look(message)
        if _SENDS.search(task) and self._sent(message, seen, about):
            return True
        if since_asked and len(seen.words) <= BRIEF and seen.confirms:
            return True
        if message.text.startswith("#"):
            return "接龙" in task
        tells = does("tells", task)
        does_something = seen.news or seen.resolves or tells
        called = (does_something or seen.sorry) and self._said_to(message, to)
        if not (does_something or called):
            return False
        if does("considers", seen.words):
            return False
        shared = self.weights.shared(seen.terms, about)
        if to and not called and shared < SURE and is_announcement(message.text):
            return False  # said to all, of something else
        if does("postpones", seen.words) and not does("decides", task):
            return None if shared >= TELLING else False
        several = len(seen.terms & about) > 1 or shared >= SURE
        if (seen.news or seen.resolves) and (
            (shared >= TELLING and (several or seen.news)) or (called and (shared > 0 or tells))
        ):
            return not (seen.defers and shared < SURE and not does("formal", seen.words))
        if tells and shared >= SURE:
            settled = settles(message.text, everyone=message.everyone).standing == "settled"
            return settled or (None if called or seen.defers else False)
        return None if called and shared >= TELLING and seen.sorry else False

    def _said_to(self, message: Message, to: Sequence[str]) -> bool:
        """Whether a message calls one of these members, or goes back to one without calling anybody."""
        if message.mentions:
            return any(name in message.mentions for name in to)
        answers = self.scene.answers.get(message.id, "")
        return bool(answers) and self.scene.by_id[answers].sender in to

    def _sent(self, message: Message, seen: "_Seen", about: frozenset[str]) -> bool:
        """Whether a message has something attached that is about the matter: one telling character is enough."""
        if not _ATTACHED.search(message.text):
            return False
        return any(letter in seen.words for word in about for letter in word if rarity(letter) > 0)

    def _look(self, message: Message) -> "_Seen":
        """What a message does, looked at once."""
        if (seen := self._seen.get(message.id)) is None:
            words = plain(bare(message.text))
            seen = self._seen[message.id] = _Seen(
                words,
                terms(message.text),
                news=does("brings_news", words),
                resolves=does("resolves", words),
                sorry=does("sorry", words),
                defers=does("defers", words),
                confirms=does("confirms", words),
                negative=does("negative", words),
            )
        return seen

    def _near_words(self, message: Message, about: frozenset[str]) -> bool:
        """Whether the sender's words around a picture are about the matter."""
        at = self.position[message.id]
        near = [
            one
            for one in self.scene.talk[max(0, at - 2) : at + 2]
            if one.sender == message.sender and one.text and one.kind not in _SHOWN
        ]
        return any(self.weights.shared(terms(one.text), about) > 0 for one in near)

    def _waiting_says(self, message: Message, owner: str, about: frozenset[str], task: str, start: int) -> str:
        """Whether somebody who waits says that it came, or that it did not."""
        if message.kind in _PAID:
            return "done" if does("pays", task) else ""
        seen = self._look(message)
        words = seen.words
        if not words or not (seen.negative or seen.confirms):
            return ""
        shared = self.weights.shared(seen.terms, about)
        concerns = shared >= TELLING or owner in message.mentions
        if seen.negative:
            return "missed" if concerns or does("late_call", words) else ""
        if (
            _WANTED.search(words) is None
            and "呢" not in words
            and (concerns or self._after(message, owner, start))
            and not does("receipt_only", words)
        ):
            return "done"
        return ""


def is_late(done: datetime | None, due: datetime | None) -> bool:
    """Whether it was done after it was due."""
    return done is not None and due is not None and done > due
