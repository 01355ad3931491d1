"""Which messages belong to one conversation: each joins the one it fits best, or opens its own.

What ties a message to a conversation: a response to one of its messages, words they share (the rarer in the chat the
more), the same sender going on, and standing right after it. Every look is bounded: at the conversations of the last
few messages, of what is responded to, and of the message's own words.
"""

import math
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from copilot.chat import talk
from copilot.chat.lines import Line
from copilot.chat.terms import Weights

RECENT = 8
"""How many messages back a conversation is still going on without being named."""
RECENT_MINUTES = 45.0
STILL = 90.0
"""Minutes after which words alone don't lead back to a conversation."""
_KEPT = 6  # conversations remembered for a word
_TELLING = 0.35  # the weight of words that lead back to a conversation
_GOES_ON = 4.0  # minutes within which a sender goes on

# What ties a message to a conversation; 1 is a response to one of its messages. Found by search over labelled chats.
_ENOUGH = 0.45
_AFTER, _ASKS_AFTER, _FRESH_AFTER = 0.55, 0.6, 0.3  # stands right after it: any message, a question, a new matter
_LEANS = 0.15  # and goes on from what was said
_FADES = 8.0  # minutes in which standing after something says a third as much
_SKIPS = 0.7  # the same for each conversation in between
_OWN, _OWN_FRESH, _OWN_ACT = 0.6, 0.2, 0.3  # the sender's own last one: goes on, opens a new matter, adds a picture
_ALIKE, _MOST_ALIKE = 0.5, 1.5  # shared words


@dataclass
class Thread:
    """One conversation: its lines, how often each word was said in it, and who speaks in it."""

    lines: list[Line] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)
    senders: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.words.update(line.words)
        self.senders[line.message.sender] += 1
        self.people[line.message.sender] += 1
        self.people.update(line.message.mentions)


def weave(lines: Sequence[Line], answers: Mapping[str, str], weights: Weights) -> list[Thread]:
    """The conversations, in the order in which they open."""
    return _Weaver(answers, weights).weave(lines)


class _Weaver:
    def __init__(self, answers: Mapping[str, str], weights: Weights) -> None:
        self.answers = answers
        self.weights = weights
        self.threads: list[Thread] = []
        self.of: dict[str, int] = {}
        self.by_word: dict[str, deque[int]] = {}
        self.recent: deque[tuple[Line, int]] = deque(maxlen=RECENT)

    def weave(self, lines: Sequence[Line]) -> list[Thread]:
        for line in lines:
            best, most = -1, _ENOUGH
            for thread, score in self._scores(line).items():
                if score > most:
                    best, most = thread, score
            if best < 0:
                self.threads.append(Thread())
                best = len(self.threads) - 1
            self._join(line, best)
        return self.threads

    def _join(self, line: Line, at: int) -> None:
        self.threads[at].add(line)
        self.of[line.message.id] = at
        self.recent.append((line, at))
        for word in line.words:
            if self.weights[word] >= _TELLING:
                kept = self.by_word.setdefault(word, deque(maxlen=_KEPT))
                if at not in kept:
                    kept.append(at)

    def _scores(self, line: Line) -> dict[int, float]:
        scores: dict[int, float] = {}
        if (target := self.of.get(self.answers.get(line.message.id, ""))) is not None:
            scores[target] = 1.0
        shared = {at for word in line.words for at in self.by_word.get(word, ())}
        fresh = talk.opens(line.message.text) or talk.announces(line.message.text)
        near = _FRESH_AFTER if fresh else _ASKS_AFTER if line.asks else _AFTER
        near += _LEANS if talk.leans(line.message.text) and not fresh else 0.0
        own = (_OWN_FRESH if fresh else _OWN) + (_OWN_ACT if line.act else 0.0)
        seen: set[int] = set()
        said = False
        for one, at in reversed(self.recent):
            gap = line.minute - one.minute
            if gap > RECENT_MINUTES:
                break
            if not said and one.message.sender == line.message.sender:
                said = True
                if gap <= _GOES_ON:
                    scores[at] = scores.get(at, 0.0) + own
            if at not in seen:
                scores[at] = scores.get(at, 0.0) + near * math.exp(-gap / _FADES) * _SKIPS ** len(seen)
                seen.add(at)
        for at in shared:
            if line.minute - self.threads[at].lines[-1].minute > STILL:
                continue
            scores[at] = scores.get(at, 0.0) + self._likeness(line, self.threads[at])
        return scores

    def _likeness(self, line: Line, thread: Thread) -> float:
        total = 0.0
        size = len(thread.lines)
        for word in line.words:
            if (count := thread.words.get(word)) is not None:
                total += self.weights[word] * (0.6 + 0.4 * min(1.0, 3 * count / size))
        return min(_MOST_ALIKE, total * _ALIKE)
