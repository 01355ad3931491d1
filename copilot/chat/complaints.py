"""Members' grievances, gathered by matter, with what was answered and how each ended.

A line that complains opens a matter; the complainer's further lines and others who have met the same join it. What
speaks against a line, and what a complainer adds, is told from words (`copilot.chat.grievances`) and from who says it,
to whom, and what came before.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from copilot.chat import talk
from copilot.chat.claims import Complaint, Level
from copilot.chat.grievances import bound, gravity, matter_of, says, weigh
from copilot.chat.likeness import Likeness
from copilot.chat.masking import excerpt
from copilot.chat.records import Message
from copilot.chat.scene import Scene
from copilot.chat.terms import terms

_OPEN_MATTERS = 12  # that are looked at when a line comes
_LIVES = 4 * 24 * 60.0  # minutes without a word after which a matter is over
_SAME_BREATH = 8.0
_MORE_MINUTES = 6 * 60.0  # within which a complainer's further line needs no shared word
_JOIN_MINUTES = 40.0
_JOIN_REACH = 10  # messages after a matter's last line within which others join it
_REPLY_REACH = 4  # messages after a line within which the group's people answer it without saying whom
_SETTLES = 24 * 60.0  # minutes after an answer within which a complainer's "it came" is about it
_SAYS_SOMETHING = 8  # characters
_CHASE = 60  # characters; who chases is short
_BARE_CHASE = 14  # … and what is shorter than this says nothing new
_ALIKE = 0.45  # weight of shared words that makes two lines one matter
_HINT = 0.15  # … that makes it likely where other things speak for it
_SHOWN = frozenset({"image", "voice", "video"})
_ORDER: tuple[Level, ...] = ("none", "low", "medium", "high", "critical")
_HIGH = _ORDER.index("high")

Event = Literal["said", "answer", "content", "settled"]
"""What happens to a matter: somebody complains, somebody answers, a complainer is content, or says it is settled."""
Status = Literal["open", "answered", "resolved", "reopened"]


@dataclass(eq=False)
class _Matter:
    """One trouble: the places of its lines in the talk, whose it is, what it is about, and what happened to it."""

    last: float
    lines: list[int] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    who: set[str] = field(default_factory=set)  # the same, for looking up
    words: frozenset[str] = frozenset()
    promised: frozenset[str] = frozenset()  # the words of what it was answered
    events: list[tuple[int, Event, str]] = field(default_factory=list)  # where in the talk, what, by whom
    last_word: dict[str, Event] = field(default_factory=dict)  # what each last did, but for being content
    answered_at: int = -1  # where in the talk it was last answered, -1 where it never was
    answered: float = -math.inf  # and the minute

    def add(self, at: int, message: Message, minute: float) -> None:
        self.lines.append(at)
        if message.sender not in self.who:
            self.members.append(message.sender)
            self.who.add(message.sender)
        self.words |= terms(matter_of(message.text)) if message.text else frozenset()
        self.last = minute
        self.note(at, "said", message.sender)

    def note(self, at: int, what: Event, who: str) -> None:
        self.events.append((at, what, who))
        if what != "content":
            self.last_word[who] = what

    def answer(self, at: int, message: Message, minute: float) -> None:
        self.note(at, "answer", message.sender)
        self.answered_at, self.answered = at, max(self.answered, minute)

    def over(self, member: str) -> bool:
        """Whether this complainer has said that it is settled, and not complained since."""
        return self.last_word.get(member) == "settled"


def read_complaints(scene: Scene) -> tuple[Complaint, ...]:
    """The complaints in the order they were first raised, each with its lines, who handled it, its state and level."""
    return _Reader(scene).complaints()


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.talk = scene.talk
        self.minutes = scene.minutes
        self.matters: list[_Matter] = []
        self.recent: list[_Matter] = []  # the last that was gone on with stands last
        self.of_line: dict[str, _Matter] = {}
        self.of_answer: dict[str, _Matter] = {}
        self.likeness = Likeness(self.talk)
        self.lengths = {len(message.sender) for message in self.talk}

    def complaints(self) -> tuple[Complaint, ...]:
        for at, message in enumerate(self.talk):
            self._read(at, message)
        return tuple(self._told(number, matter) for number, matter in enumerate(self.matters, 1))

    def _read(self, at: int, message: Message) -> None:
        if self.scene.official(message):
            self._handle(at, message)
            return
        if message.sender in self.scene.roles.bots or message.text.startswith("#接龙"):
            return
        weight = weigh(message.text) if message.kind not in _SHOWN and message.text else 0.0
        if (matter := self._own(at, message, weight) or self._joined(at, message, weight)) is not None:
            self._add(matter, at, message)
        elif message.text and weight + self._met(at, message, weight) >= bound("seed"):
            matter = _Matter(self.minutes[at])
            self.matters.append(matter)
            self._add(matter, at, message)
        else:
            self._react(at, message)

    def _add(self, matter: _Matter, at: int, message: Message) -> None:
        matter.add(at, message, self.minutes[at])
        self.recent = [*(one for one in self.recent if one is not matter), matter][-_OPEN_MATTERS:]
        self.of_line[message.id] = matter

    def _met(self, at: int, message: Message, weight: float) -> float:
        """What the group's people make of it: they are called, they are answered, they apologise."""
        called = any(self.scene.roles.speaks_for_group(name) for name in message.mentions)
        met = bound("accused") if called or self._answers_staff(message) else 0.0
        if weight >= bound("remedied"):
            apt = any(says("remedy_words", one.text) for one in self._answers_to(at, message))
            return met + (bound("remedy") if apt else 0.0)
        if weight < 0 or len(message.text) < _SAYS_SOMETHING or talk.asks(message.text) or talk.act(message.text):
            return 0.0
        if any(message.sender in matter.who for matter in self._live(at)):
            return 0.0  # then it is that matter they apologise for
        near = {one.id for one in self.talk[at + 1 : at + 1 + 2 * _REPLY_REACH]}
        to_it = (one for one in self._answers_to(at, message) if one.id in near and self._directed(one, message))
        return met + (bound("owned_up") if any(says("apology", one.text) for one in to_it) else 0.0)

    def _directed(self, answer: Message, message: Message) -> bool:
        return self.scene.answers.get(answer.id) == message.id or _calls(answer, message.sender)

    def _answers_staff(self, message: Message) -> bool:
        target = self.scene.by_id.get(self.scene.answers.get(message.id, ""))
        return target is not None and self.scene.official(target)

    def _answers_to(self, at: int, message: Message) -> Iterator[Message]:
        """What the group's people say to this line: linked to it, calling its sender, or right after it to nobody else."""
        for answer in self.scene.answered_by.get(message.id, ()):
            if self.scene.official(self.scene.by_id[answer]):
                yield self.scene.by_id[answer]
        for one in self.talk[at + 1 : at + 1 + _REPLY_REACH]:
            if self.scene.official(one) and (_calls(one, message.sender) or self._to_nobody_else(one, message.sender)):
                yield one

    def _to_nobody_else(self, answer: Message, member: str) -> bool:
        target = self.scene.by_id.get(self.scene.answers.get(answer.id, ""))
        return not _calls_somebody(answer) and (target is None or target.sender == member)

    def _live(self, at: int) -> list[_Matter]:
        """The matters that may still be gone on with, the latest first."""
        return [matter for matter in reversed(self.recent) if self.minutes[at] - matter.last <= _LIVES]

    def _own(self, at: int, message: Message, weight: float) -> _Matter | None:
        """The complainer's own matter that this line goes on with."""
        own = [matter for matter in self._live(at) if message.sender in matter.who]
        if not own:
            return None
        gap = self.minutes[at] - own[0].last
        if message.kind in _SHOWN:
            return own[0] if gap <= _SAME_BREATH / 2 and self.talk[own[0].lines[-1]].sender == message.sender else None
        matter = max(own, key=lambda one: (self.likeness.shared(one.words, message.text), one.last))
        shared = self.likeness.shared(matter.words, message.text)
        gap = self.minutes[at] - matter.last
        if weight >= bound("joins") and (answered := self.of_answer.get(self.scene.answers.get(message.id, ""))) in own:
            return answered
        chases = says("chase", message.text) and talk.act(message.text) not in ("thanks", "greeting", "receipt")
        bare = chases and len(message.text) <= _BARE_CHASE
        apart = shared < _HINT or says("raises", message.text)
        if weight >= bound("seed") and gap > _JOIN_MINUTES and not bare and apart:
            return None  # a trouble of its own
        if gap > _JOIN_MINUTES and not chases and talk.asks(message.text) and self._mostly_new(message, shared):
            return None  # another matter, asked by somebody who once complained
        if weight >= bound("joins") and (shared >= _HINT or gap <= _MORE_MINUTES):
            return matter
        if not chases or says("settled", message.text) or len(message.text) > _CHASE:
            return None
        if shared >= _ALIKE:
            return matter
        within = (
            _JOIN_MINUTES
            if not any(one.isalnum() for one in message.text)
            else (_MORE_MINUTES if matter.over(message.sender) else _LIVES)
        )
        if gap > _JOIN_MINUTES and not self._says_no_more(message, matter):
            return None
        return matter if gap <= within and self._to_the_point(message) else None

    def _mostly_new(self, message: Message, shared: float) -> bool:
        """Whether less than half of what a line tells is shared with a matter."""
        return 2 * shared < sum(map(self.likeness.weight, terms(message.text)))

    def _says_no_more(self, message: Message, matter: _Matter) -> bool:
        """Whether a chase brings up nothing of its own: its words are the matter's, or it calls the group's people."""
        if any(self.scene.roles.speaks_for_group(name) for name in message.mentions):
            return True
        new = terms(message.text) - matter.words
        return not new or not new.isdisjoint(matter.promised) or sum(map(self.likeness.weight, new)) < _ALIKE

    def _to_the_point(self, message: Message) -> bool:
        """Whether a line without a word in common may be about the complaint: it answers nobody else."""
        target = self.scene.by_id.get(self.scene.answers.get(message.id, ""))
        return target is None or self.scene.official(target) or target.id in self.of_line

    def _joined(self, at: int, message: Message, weight: float) -> _Matter | None:
        """Somebody else's matter that this line joins: the same trouble, told or just affirmed."""
        if weight < bound("joins") and all(at - matter.lines[-1] > _JOIN_REACH for matter in self.recent):
            return None
        too = says("me_too", message.text)
        if message.kind in _SHOWN or (weight < bound("joins") and not too) or says("not_me", message.text):
            return None
        target = self.scene.answers.get(message.id, "")
        for matter in self._live(at):
            if message.sender in matter.who:
                continue
            near = at - matter.lines[-1] <= _JOIN_REACH and self.minutes[at] - matter.last <= _JOIN_MINUTES
            shared = self.likeness.shared(matter.words, message.text)
            if weight >= bound("joins") and (shared >= _ALIKE or (near and too)):
                return matter
            if near and weight >= bound("joins") and shared >= _HINT:
                return matter
            answers = target in self.of_line and self.of_line[target] is matter
            affirms = too and not talk.asks(message.text) and len(message.text) <= 40
            if near and affirms and (answers or shared > 0 or at - matter.lines[-1] <= 3) and "蹲" not in message.text:
                return matter
        return None

    def _handle(self, at: int, message: Message) -> None:
        """Somebody who speaks for the group answers a matter: linked to it, calling a complainer, or near and apt."""
        target = self.scene.answers.get(message.id, "")
        takes_up = says("remedy_words", message.text)
        spoken_to = self._spoken_to(message)
        called: set[str] = set()
        for matter in self._live(at):
            linked = self.of_line.get(target) is matter
            calls = (matter.who & spoken_to) - called
            near = at - matter.lines[-1] <= _REPLY_REACH and self.minutes[at] - matter.last <= _MORE_MINUTES
            shared = self.likeness.shared(matter.words, message.text) if takes_up or calls else 0.0
            asked = self.scene.by_id.get(target)  # they may be called about something else that they asked
            aside = asked is not None and target not in self.of_line and talk.asks(asked.text)
            to_them = calls and (shared >= _HINT or (not aside and (takes_up or near)))
            free = near and not target and not _calls_somebody(message)
            if linked or to_them or (takes_up and (free or shared >= 2 * _ALIKE)):
                matter.answer(at, message, self.minutes[at])
                matter.promised |= terms(message.text)
                self.of_answer.setdefault(message.id, matter)
                called |= calls  # each complainer who is called is called about one matter

    def _spoken_to(self, message: Message) -> frozenset[str]:
        """The names among which are those of all members that a message calls (`_calls`)."""
        text = message.text
        places = [at + 1 for at, character in enumerate(text) if character == "@"] if "@" in text else ()
        return frozenset((*message.mentions, *(text[at : at + length] for at in places for length in self.lengths)))

    def _react(self, at: int, message: Message) -> None:
        """A complainer who is content, or says that the matter is settled."""
        if not (says("settled", message.text) or says("contented", message.text)):
            return
        target = self.scene.answers.get(message.id, "")
        if target in self.scene.by_id and target not in self.of_line and target not in self.of_answer:
            return  # about something else
        own = [matter for matter in self._live(at) if message.sender in matter.who]
        for matter in sorted(own, key=lambda one: -one.answered_at):
            answered = matter.answered >= self.minutes[at] - _SETTLES
            if says("settled", message.text) and (
                answered or self.likeness.shared(matter.words, message.text) >= _HINT
            ):
                matter.note(at, "settled", message.sender)
                return
            if says("contented", message.text) and matter.answered >= self.minutes[at] - _SAME_BREATH * 2:
                matter.note(at, "content", message.sender)
                return

    def _told(self, number: int, matter: _Matter) -> Complaint:
        said = [self.talk[at] for at in matter.lines]
        status = _status(matter)
        handling = [self.talk[at].id for at, what, _ in matter.events if what != "said"]
        return Complaint(
            id=f"c{number}",
            summary=excerpt(said[0].text),
            members=tuple(matter.members),
            messages=tuple(message.id for message in said),
            handling=tuple(dict.fromkeys(handling)),
            status=status,
            level=_level(matter, said, status),
        )


def _status(matter: _Matter) -> Status:
    """What the last word was: it is resolved when whoever raised it or everybody says so, and may open again."""
    state: Status = "open"
    ended, over = False, all(map(matter.over, matter.members))
    for _, what, who in sorted(matter.events):
        if what == "settled" and (who == matter.members[0] or over):
            state, ended = "resolved", True
        elif what != "said" and state != "resolved":
            state = "answered"
        elif what == "said":
            state = "reopened" if ended else "open"
    return state


def _level(matter: _Matter, said: list[Message], status: Status) -> Level:
    """How grave: what the words stand for, how many suffer from it, how long nobody has answered."""
    words = max((gravity(message.text) for message in said if message.text), key=_ORDER.index, default="low")
    level = _ORDER.index(words)
    level += len(matter.members) >= 3 and level < _HIGH
    level += len(said) >= 4 and status in ("open", "reopened") and level < _HIGH
    return _ORDER[level]


def _calls_somebody(message: Message) -> bool:
    return bool(message.mentions) or message.text.startswith("@")


def _calls(message: Message, member: str) -> bool:
    return member in message.mentions or f"@{member}" in message.text
