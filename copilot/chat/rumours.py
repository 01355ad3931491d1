"""What was asserted without proof, who asked back, and who answered it with what. Never a verdict of our own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from copilot.chat import talk
from copilot.chat.claims import Rumour
from copilot.chat.likeness import Likeness
from copilot.chat.masking import excerpt
from copilot.chat.scene import Scene
from copilot.chat.terms import terms
from copilot.chat.word_classes import WordClasses, plain
from copilot.lore import load_yaml

_LONGEST = 300
_MET = 10  # messages after a claim in which others react to it
_MET_MINUTES = 60.0
_SAME_BREATH = 12.0
_ANSWERED_MINUTES = 3 * 24 * 60.0
_SHORTEST = 8  # characters of a claim
_OPEN = 6  # rumours a claim may belong to
_ALIKE = 0.45
_PROMISED = 0.2
_SHOWN = frozenset({"image", "video", "link", "forward"})

Status = Literal["open", "answered", "refuted", "confirmed"]


@cache
def _words() -> WordClasses:
    return WordClasses(load_yaml("chat_rumours.yaml"))


def read_rumours(scene: Scene) -> tuple[Rumour, ...]:
    """The rumours in the order they came up. `refuted` are the messages that answer one with something to go by."""
    return _Reader(scene).rumours()


@dataclass
class _Claim:
    """Something asserted: where it is claimed, all its lines, what it is about,
    what those who look into it promised to bring, and who took it up (places in the talk).
    """

    claims: list[int] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    words: frozenset[str] = frozenset()
    promised: frozenset[str] = frozenset()
    answers: list[int] = field(default_factory=list)


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.talk = scene.talk
        self.minutes = scene.minutes
        self.found = [
            _words().of(plain(message.text[:_LONGEST])) if message.text else frozenset() for message in self.talk
        ]
        self.likeness = Likeness(self.talk)

    def rumours(self) -> tuple[Rumour, ...]:
        known: list[_Claim] = []
        for at in range(len(self.talk)):
            if self._claims(at):
                same = next((one for one in reversed(known[-_OPEN:]) if self._same(one, at)), None)
                if same is None:
                    same = _Claim()
                    known.append(same)
                self._add(same, at)
            elif (answered := self._answered(known[-_OPEN:], at)) is not None:
                answered.answers.append(at)
                if self.scene.official(self.talk[at]) and "checking" in self.found[at]:
                    answered.promised |= terms(self.talk[at].text)
        return tuple(self._told(number, one) for number, one in enumerate(known, 1))

    def _add(self, claim: _Claim, at: int) -> None:
        claim.claims.append(at)
        claim.lines |= {at, *self._goes_on(at)}
        for line in claim.lines:
            claim.words |= terms(self.talk[line].text)
        claim.ids |= {self.talk[line].id for line in claim.lines}

    def _claims(self, at: int) -> bool:
        """Whether the message passes something on that alarms, or that others doubt."""
        message, found = self.talk[at], self.found[at]
        if "hearsay" not in found or "mild" in found or self.scene.official(message):
            return False
        if len(message.text) < _SHORTEST or talk.act(message.text):
            return False
        doubted = any(
            self.found[later] & ({"checking", "refuting"} if self.scene.official(self.talk[later]) else {"doubt"})
            for later in self._after(at)
        )
        return doubted or ("alarm" in found and not message.text.endswith(("吗", "吗?", "吗？")))

    def _same(self, claim: _Claim, at: int) -> bool:
        gap = self.minutes[at] - self.minutes[claim.claims[-1]]
        if gap <= _SAME_BREATH and self.talk[at].sender == self.talk[claim.claims[-1]].sender:
            return True
        return gap <= _ANSWERED_MINUTES and self.likeness.shared(claim.words, self.talk[at].text) >= _ALIKE

    def _after(self, at: int, most: int = _MET, minutes: float = _MET_MINUTES) -> Iterator[int]:
        for later in range(at + 1, min(len(self.talk), at + 1 + most)):
            if self.minutes[later] - self.minutes[at] > minutes:
                return
            if self.talk[later].sender != self.talk[at].sender:
                yield later

    def _told(self, number: int, claim: _Claim) -> Rumour:
        settling = [at for at in claim.answers if self._settles(at)]
        replies = {
            later
            for at in claim.claims
            for later in self._after(at)
            if "doubt" in self.found[later] or self.scene.answers.get(self.talk[later].id, "") in claim.ids
        }
        return Rumour(
            id=f"r{number}",
            summary=excerpt(self.talk[claim.claims[0]].text),
            messages=tuple(self.talk[at].id for at in sorted(claim.lines)),
            replies=tuple(self.talk[at].id for at in sorted({*replies, *claim.answers} - {*settling} - claim.lines)),
            refuted=tuple(self.talk[at].id for at in settling),
            status=self._status(claim.answers),
        )

    def _settles(self, at: int) -> bool:
        """Whether it brings something to go by, and not just a promise to look into it."""
        found = self.found[at]
        return bool(found & {"refuting", "confirming"}) or (
            "checking" not in found and ("evidence" in found or self.talk[at].kind in _SHOWN)
        )

    def _goes_on(self, at: int) -> Iterator[int]:
        """What the same member adds: a picture, where it is from, more of it."""
        for later in range(at + 1, min(len(self.talk), at + 1 + _MET)):
            if self.minutes[later] - self.minutes[at] > _SAME_BREATH:
                return
            message = self.talk[later]
            own = message.sender == self.talk[at].sender and not self.found[later] & {"doubt", "checking"}
            if own and (message.kind in _SHOWN or self.found[later] & {"hearsay", "alarm"}):
                yield later

    def _answered(self, known: list[_Claim], at: int) -> _Claim | None:
        """The claim that this message takes up: said for the group, or by somebody with evidence."""
        message, found = self.talk[at], self.found[at]
        official = self.scene.official(message)
        if known and message.kind in _SHOWN and at and known[-1].answers[-1:] == [at - 1]:
            return known[-1] if message.sender == self.talk[at - 1].sender else None  # shows what it goes by
        if not known or not found & {"checking", "refuting", "confirming", "evidence"}:
            return None
        if not official and not (found & {"refuting", "confirming"} and "evidence" in found):
            return None
        target = self.scene.answers.get(message.id, "")
        for one in known:
            if target in one.ids:
                return one
        recent = [one for one in known if self.minutes[at] - self.minutes[one.claims[-1]] <= _ANSWERED_MINUTES]
        best = max(recent, key=lambda one: self.likeness.shared(one.words, message.text), default=None)
        if best is not None and self.likeness.shared(best.words, message.text) >= _ALIKE:
            return best
        for one in recent:
            if official and "evidence" in found and self.likeness.shared(one.promised, message.text) >= _PROMISED:
                return one
        last = known[-1]
        near = at - last.claims[0] <= _MET and self.minutes[at] - self.minutes[last.claims[0]] <= _MET_MINUTES
        return last if official and near and "checking" in found else None

    def _status(self, answers: list[int]) -> Status:
        """As those who may say so say last; a report shown without a word on it is an answer, no more."""
        status: Status = "open"
        for at in answers:
            if not self.scene.official(self.talk[at]):
                status = "answered" if status == "open" else status
            elif "confirming" in self.found[at]:
                status = "confirmed"
            elif "refuting" in self.found[at]:
                status = "refuted"
            elif status == "open":
                status = "answered"
        return status
