"""Who answers whom: what each message goes back to, where that can be told.

A link says that a message responds: it answers, joins in (同问), thanks, agrees. Whether the response settles a question
is for the reader of questions to judge. Every look back is bounded in messages and in time.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from copilot.chat import talk
from copilot.chat.lines import SHOWN, Line, set_out
from copilot.chat.records import Reply, Transcript
from copilot.chat.scene import Roles
from copilot.chat.signups import SignUps
from copilot.chat.terms import Weights

NEAR = 8
"""How many messages back a message may respond to without saying so."""
NEAR_MINUTES = 30.0
REACH = 24
"""How many of a member's own messages back a mention may mean."""
REACH_MINUTES = 24 * 60.0
_BESIDE = 3  # messages
_OPEN = 40  # questions that wait for the group's people
_BURST = 10.0  # minutes within which one member's messages belong together
_ENOUGH = 0.7
_BREATH = 2.0  # minutes within which one goes on with one's own words

# How well a message goes back to one just before it: 1 for right after it, less with minutes and others in between …
_FADES, _SKIPPED = 5.0, 0.12
# … more where it was said to this sender, was a question (the message may be, looks like, or comes from whoever
# should give an answer), shares words
_DIRECTED, _MAY_ANSWER, _ANSWERS, _OFFICE, _MOST_SHARED = 0.5, 0.25, 0.5, 0.2, 0.6
# … less where the message opens a matter or asks, or the one before says nothing or was responded to by this sender
_OPENS, _ASKS, _ACT, _RESPONDED = 0.5, 0.3, 0.4, 0.6
_TELLING = 0.8  # the weight of shared words that ties an answer to a question said long ago


def read_answers(transcript: Transcript, roles: Roles) -> dict[str, str]:
    """The id of the message each message responds to. A member's own next line is no response."""
    return _Reader(transcript, roles).links


class _Reader:
    def __init__(self, transcript: Transcript, roles: Roles) -> None:
        self.roles = roles
        self.lines = set_out(transcript.said)
        self.weights = Weights(line.words for line in self.lines)
        self.links: dict[str, str] = {}
        self.responded: set[tuple[str, int]] = set()
        self.ids = {line.message.id: line for line in self.lines}
        self.by_sender: dict[str, deque[Line]] = {}
        self.by_text: dict[str, Line] = {}
        self.lists = SignUps()
        self.waiting: deque[Line] = deque(maxlen=_OPEN)
        for line in self.lines:
            if (target := self._target(line)) is not None and target.message.sender != line.message.sender:
                self.links[line.message.id] = target.message.id
                self.responded.add((line.message.sender, target.at))
                if self._official(line) and target in self.waiting:
                    self.waiting.remove(target)
            self._remember(line)

    def _official(self, line: Line) -> bool:
        return self.roles.speaks_for_group(line.message.sender)

    def _remember(self, line: Line) -> None:
        self.lists.remember(line)
        self.by_sender.setdefault(line.message.sender, deque(maxlen=REACH)).append(line)
        if line.message.text:
            self.by_text[_key(line.message.text)] = line
        if line.asks and not self._official(line):
            self.waiting.append(line)

    def _target(self, line: Line) -> Line | None:
        if line.message.reply is not None:
            return self._replied(line, line.message.reply)
        if (entered := self.lists.entered(line)) is not None:
            return entered
        called = [name for name in line.message.mentions if name != line.message.sender]
        if called:
            return self._mentioned(line, called)
        if line.act:
            return self._reacted(line)
        near = self._adjacent(line)
        if self._official(line) and (near is None or not self.weights.shared(near.words, line.words)):
            return self._late(line) or near
        return near

    def _replied(self, line: Line, reply: Reply) -> Line | None:
        if reply.id:
            return self.ids.get(reply.id)
        key = _key(reply.text)
        if key and (found := self.by_text.get(key)) is not None:
            return found
        own = self.by_sender.get(reply.name, ())
        return next((one for one in reversed(own) if key and _key(one.message.text).startswith(key[:12])), None)

    def _mentioned(self, line: Line, called: Sequence[str]) -> Line | None:
        """The latest words of whoever is called: what they asked in that breath, or an older matter with the same words."""
        for name in called:
            own = [one for one in reversed(self.by_sender.get(name, ())) if line.minute - one.minute <= REACH_MINUTES]
            if not own:
                continue
            alike = max(own, key=lambda one: self.weights.shared(one.words, line.words))
            if self.weights.shared(alike.words, line.words) >= _TELLING:
                return alike
            burst = [one for one in own if own[0].minute - one.minute <= _BURST]
            if not self._official(line) and line.minute - own[0].minute > _BURST:
                continue  # calls somebody, and does not answer
            asked = next((one for one in burst if one.asks), None)
            return asked or next((one for one in burst if one.says), own[0])
        return None

    def _before(self, line: Line) -> Iterator[Line]:
        for at in range(line.at - 1, max(-1, line.at - 1 - NEAR), -1):
            one = self.lines[at]
            if line.minute - one.minute > NEAR_MINUTES:
                return
            yield one

    def _reacted(self, line: Line) -> Line | None:
        """What a short reaction is about: what was said to this member, else the last that suits it."""
        best, most = None, _ENOUGH
        shows = line.message.kind in SHOWN
        for back, one in enumerate(self._before(line)):
            if shows and one.message.sender == line.message.sender and back < _BESIDE:
                return None  # a picture goes with one's own words
            if one.message.sender == line.message.sender or not one.says:
                continue
            score = 1.0 - 0.08 * back - 0.02 * (line.minute - one.minute)
            score += 0.5 if self._directed(one, line.message.sender) else 0.0
            if line.act == "join":
                score += 0.4 if one.asks else 0.0
            elif line.act == "receipt":
                score += 0.3 if self._official(one) or talk.announces(one.message.text) else 0.0
            if score > most:
                best, most = one, score
        return best

    def _adjacent(self, line: Line) -> Line | None:
        """The message just before that this one goes back to."""
        best, most = None, _ENOUGH
        text, sender = line.message.text, line.message.sender
        opens = talk.opens(text) or talk.announces(text)
        replies = 0.0 if line.asks else _ANSWERS if talk.answers(text) else _MAY_ANSWER
        official = not line.asks and self._official(line)
        others = 0
        for one in self._before(line):
            gap = line.minute - one.minute
            if one.message.sender == sender:
                if others == 0 and gap <= _BREATH:
                    return None  # goes on with one's own words
                continue
            score = 1 / (1 + gap / _FADES) - _SKIPPED * others
            score += (replies if one.asks else 0.0) - (_ACT if one.act else 0.0)
            score += _OFFICE if one.asks and official and not self._official(one) else 0.0
            score += _DIRECTED if self._directed(one, sender) else 0.0
            if score + _MOST_SHARED >= most:
                shared = self.weights.shared(one.words, line.words)
                score += _MOST_SHARED * min(1.0, shared)
                score -= 0.0 if shared else (_OPENS if opens else 0.0) + (_ASKS if line.asks else 0.0)
                score -= _RESPONDED if (sender, one.at) in self.responded else 0.0
                if score > most:
                    best, most = one, score
            others += 1
        return best

    def _directed(self, one: Line, member: str) -> bool:
        """Whether a message was said to this member."""
        if member in one.message.mentions:
            return True
        target = self.links.get(one.message.id)
        return target is not None and self.ids[target].message.sender == member

    def _late(self, line: Line) -> Line | None:
        """The question said long ago that the group's people now answer, by the words they share."""
        best, most = None, _TELLING
        for one in self.waiting:
            if line.minute - one.minute <= REACH_MINUTES and one.message.sender != line.message.sender:
                shared = self.weights.shared(one.words, line.words)
                if shared >= most:
                    best, most = one, shared
        return best


def _key(text: str) -> str:
    """The beginning of a text without spaces: enough to find it again."""
    return "".join(text[:80].split())[:30]


def links_between(answers: Mapping[str, str], senders: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """How often one member (first) responded to another (second)."""
    found: dict[tuple[str, str], int] = {}
    for source, target in answers.items():
        pair = (senders[source], senders[target])
        found[pair] = found.get(pair, 0) + 1
    return found
