"""Which questions were meant, asked again, joined in, guessed at and answered.

One pass through the talk: a message may ask anew, ask again, join in, or reply to what is open. Every look back is
bounded in number and in time.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from copilot.chat.answering import CLOSE, CLOSE_OFFICIAL, REACH, Answering
from copilot.chat.asking import Asked, read_asked
from copilot.chat.claims import Question
from copilot.chat.closeness import within
from copilot.chat.open_questions import FEW, NEAR, Open, OpenQuestions
from copilot.chat.records import Message
from copilot.chat.scene import Scene
from copilot.chat.terms import terms
from copilot.chat.utterances import bare, does, plain, sentences

WAITED = timedelta(days=30)
"""So long after it was asked an unanswered question may be asked again."""
AROUND = 12
"""How many messages back the asker's own words belong to the question."""
ALIKE = 0.35
"""The weight of shared words from which two questions of one asker are the same one …"""
HINT = 0.08
"""… and from which they are where it is said that something is asked again."""
AGAIN = 120
"""A longer message is no mere repeat."""
JOIN = 18
"""A longer message says more than that one wants to know, too."""

_CHOICE = re.compile(
    r"一(?:个|处|边|种|版|条)[^,。]{0,8}?[^,。]{1,8}[, ]?(?:另)?一(?:个|处|边|种|版|条)|还是|要么|或者|[0-9]+[^,。0-9]{0,6}(?:和|跟|与|、|/)[^,。0-9]{0,4}[0-9]+"
)
"""Names what there is to choose from."""
_AFFIRMS = re.compile(r"^(?:对[啊呀的]?|是[啊呀的]|就是|嗯+|确实|同问)[,\s]*")
_SUPPOSES = re.compile(r"吧[?？~～!！。\s]*$")
_SAID = frozenset({"text", "quote", "other"})


def read_questions(scene: Scene) -> tuple[Question, ...]:
    """The meant questions of the members, in the order of time, with what came of each."""
    reader = _Reader(scene)
    for at, message in enumerate(scene.talk):
        reader.take(at, message)
    return tuple(_record(one) for one in reader.questions.all if reader.counts(one))


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.weights = scene.telling
        self.questions = OpenQuestions(scene.talk)
        self.answering = Answering(scene, self.questions)
        self.startled = _after_noise(scene)

    def take(self, at: int, message: Message) -> None:
        """Read one message."""
        if self.scene.official(message):
            self.answering.take(at, message, official=True)
            return
        asked = self._asked(message) if message.kind in _SAID else None
        if message.text and (self._repeats(at, message, asked) or self._joins(at, message, asked)):
            return
        self.answering.take(at, message, official=False)
        if asked is None:
            self.answering.acknowledge(at, message)
        elif self._meant(at, message, asked):
            self.questions.put(Open(at, message, asked, terms(message.text), self._around(at, message), last=at))

    def _asked(self, message: Message) -> Asked | None:
        """What the message asks; a supposition put to one of the group's people (`没变吧`) asks, too."""
        asked = read_asked(message.text)
        supposes = _SUPPOSES.search(message.text) if asked is None and message.mentions else None
        if supposes is None or not self._called(message):
            return asked
        asked = read_asked(f"{message.text[: supposes.start()]}吗?")
        return replace(asked, text=bare(message.text)) if asked is not None else None

    def counts(self, one: Open) -> bool:
        """An unanswered question is worth a line only if somebody still wants to know."""
        if one.answer or one.repeats or one.also or one.asked.explicit or self._called(one.message):
            return True
        return bool(one.words) and not (one.asked.doubtful or one.asked.social or one.asked.personal)

    def _meant(self, at: int, message: Message, asked: Asked) -> bool:
        """Whether the question is put to the group, and not thrown at the one who spoke before."""
        if message.id in self.startled and does("points", plain(asked.text)):
            return False
        if asked.explicit or self._called(message):
            return True
        before = self._before(at, message)
        lately = before is not None and within(before, message, CLOSE)
        if asked.personal and lately and before is not None and not self.scene.official(before):
            return False
        return not (asked.doubtful and lately and not asked.focus)

    def _around(self, at: int, message: Message) -> frozenset[str]:
        """The words of what the asker said just before."""
        found: frozenset[str] = frozenset()
        for before in self.scene.talk[max(0, at - AROUND) : at]:
            if before.sender == message.sender and within(before, message, CLOSE_OFFICIAL):
                found |= terms(before.text)
        return found

    def _called(self, message: Message) -> bool:
        """Whether one of the group's people is called by name."""
        return any(self.scene.roles.speaks_for_group(name) for name in message.mentions)

    def _before(self, at: int, message: Message) -> Message | None:
        """The last message of another member."""
        for back in range(at - 1, max(-1, at - 1 - NEAR), -1):
            if self.scene.talk[back].sender != message.sender:
                return self.scene.talk[back]
        return None

    def _repeats(self, at: int, message: Message, asked: Asked | None) -> bool:
        """Whether the message puts an earlier question of its sender again; it is noted there."""
        before = self.questions.own(message.sender)
        if not before:
            return False
        words = plain(bare(message.text))
        again = len(words) <= AGAIN and does("repeats", words)
        if asked is None and not again and message.reply is None and not (message.mentions and self._called(message)):
            return False
        own = [one for one in before if within(one.message, message, WAITED if not one.answer else REACH)]
        one = self._which(own, message, words, asked, again=again) if own else None
        if one is None:
            return False
        if one.answer and (not one.official or (again and does("negative", words))):
            one.reopen()
        if one.at == at - 1 and asked is None:
            return False
        one.repeats.append(message.id)
        one.words |= terms(message.text)
        self.questions.refresh(one, at, message)
        return True

    def _which(
        self, own: Sequence[Open], message: Message, words: str, asked: Asked | None, *, again: bool
    ) -> Open | None:
        """Which of the sender's own questions the message asks again: the one it quotes, shares words with, or points at."""
        if message.reply is not None:
            quoted = message.reply.text
            return next((one for one in own if message.reply.id == one.message.id or _begins(one, quoted)), None)
        said = terms(message.text)
        alike = {id(one): self.weights.shared(said, one.words) for one in own}
        best = max(reversed(own), key=lambda one: alike[id(one)])
        points = again and does("points_back", words)
        if again and alike[id(best)] >= HINT and (asked is not None or points or self._called(message)):
            return best
        if points and len(said) <= FEW:
            return next((one for one in reversed(own) if not one.answer), None)
        if best.answer or alike[id(best)] < ALIKE:
            return None
        if asked is None:
            return best if self._called(message) else None
        same = said & best.words & (asked.focus | best.asked.focus)
        return best if same and not asked.doubtful else None

    def _echoed(self, at: int, message: Message, words: str) -> Open | None:
        """The question just asked by somebody else that the message puts again in its own words: 对啊 做不做."""
        said = _AFFIRMS.sub("", words).rstrip("?!~啊呀呢 ")
        near = self.questions.near(at, message, CLOSE) if len(said) > 1 else []
        return next((one for one in reversed(near) if not one.asked.social and said in plain(one.asked.text)), None)

    def _joins(self, at: int, message: Message, asked: Asked | None) -> bool:
        """Whether the message only wants the answer too."""
        words = plain(bare(message.text))
        if asked is not None and len(words) <= JOIN and (heard := self._echoed(at, message, words)) is not None:
            heard.also.append(message.id)
            self.questions.refresh(heard, at, message)
            return True
        if len(words) > JOIN or not does("joins", words) or (asked is not None and len(asked.text) >= len(words) - 1):
            return False
        target = self.questions.by_message.get(self.scene.answers.get(message.id, ""))
        near = [one for one in self.questions.near(at, message, CLOSE) if not one.asked.social]
        one = target or (near[-1] if near else None)
        if one is None or one.asked.social or one.message.sender == message.sender:
            return False
        if does("seeks_same", plain(one.asked.text)):
            one.settle(message.id, official=False)
            return True
        one.also.append(message.id)
        self.questions.refresh(one, at, message)
        return True


def _record(one: Open) -> Question:
    return Question(
        asker=one.message.sender,
        question=_with_choice(one),
        message=one.message.id,
        repeats=tuple(one.repeats),
        also=tuple(one.also),
        replies=tuple(dict.fromkeys(one.replies)),
        answer=one.answer,
        addressed=one.message.mentions,
    )


def _with_choice(one: Open) -> str:
    """What was asked, with the sentence of the same message that names what there is to choose from: 60 or 120."""
    asked, rest = one.asked.text, []
    for sentence in sentences(bare(one.message.text)):
        if sentence not in asked and len(sentence) <= AGAIN and _CHOICE.search(plain(sentence)):
            rest.append(sentence)
    return " ".join((asked, *rest[:1]))


def _after_noise(scene: Scene) -> frozenset[str]:
    """The messages right after an advertisement or a hostile instruction: what they ask is what that was."""
    found: set[str] = set()
    noise: Message | None = None
    count = 0
    for message in scene.transcript.said if scene.noise else ():
        if message.id in scene.noise:
            noise, count = message, 0
        elif noise is not None:
            count += 1
            if count <= FEW and within(noise, message, CLOSE):
                found.add(message.id)
            else:
                noise = None
    return frozenset(found)


def _begins(one: Open, quoted: str) -> bool:
    """Whether the quoted words are the beginning of the question's message."""
    start = "".join(quoted.split())[:30]
    return bool(start) and "".join(one.message.text.split()).startswith(start)
