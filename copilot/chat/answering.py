"""Which open questions a message replies to, and what the reply is worth to each."""

from dataclasses import dataclass
from datetime import timedelta

from copilot.chat.closeness import within
from copilot.chat.open_questions import NEAR, Open, OpenQuestions
from copilot.chat.records import Message
from copilot.chat.replying import is_announcement, weigh
from copilot.chat.scene import Scene
from copilot.chat.talk import act
from copilot.chat.terms import terms
from copilot.chat.utterances import bare, does, plain

CLOSE = timedelta(minutes=10)
CLOSE_OFFICIAL = timedelta(minutes=40)
BREATH = timedelta(minutes=3)
"""What one member says within this time goes on with what they said before."""
ACKNOWLEDGED = timedelta(minutes=20)
REACH = timedelta(days=7)
OTHERS, OTHERS_OFFICIAL = 1, 2
"""How many messages of others may stand between a question and what answers it without saying so."""
HINT, PROMISED, TELLING = 0.08, 0.2, 0.5
"""The weight of shared words from which what is said to all is about an open question: where its asker is called and news
are brought; where either is so; and otherwise."""
REACTION = 10
"""A cry no longer than this only reacts to what stood before it."""
THANKS = 18
"""A longer message says more than thanks."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A message that may reply: where it stands, whether an official said it, and its words."""

    at: int
    message: Message
    official: bool
    words: frozenset[str]


class Answering:
    """Weighs what is said against the open questions of a chat."""

    def __init__(self, scene: Scene, questions: OpenQuestions) -> None:
        self.scene = scene
        self.questions = questions
        self.weights = scene.telling

    def take(self, at: int, message: Message, *, official: bool) -> None:
        """Note what the message is worth to the questions it may reply to."""
        linked = self.scene.answers.get(message.id, "")
        target = self.questions.by_message.get(linked)
        if target is not None and linked not in target.also and self._says_so(message, target):
            if not self._weigh(target, message, official=official, said_to=True, close=True):
                target.heard = message.id
            return
        words = plain(bare(message.text))
        if does("moderates", words) and not does("confirms_it", words):
            return
        near = self.questions.near(at, message, CLOSE_OFFICIAL if official else CLOSE)
        if target is not None and target not in near and target.message.sender != message.sender:
            near.append(target)
        if not near and not official:
            return
        said = _Said(at, message, official, terms(message.text))
        tried = self._to_near(said, near, target)
        if tried is not None and official:
            self._to_all(said, tried)

    def acknowledge(self, at: int, message: Message) -> None:
        """The asker's thanks make an answer of what was said just before, if it goes back to the question."""
        own = self.questions.own(message.sender)
        if not own or own[-1].answer:
            return
        one, talk = own[-1], self.questions.talk
        words = plain(bare(message.text))
        if len(words) > THANKS or not does("acknowledges", words) or does("waits", words):
            return
        if not within(talk[one.last], message, ACKNOWLEDGED):
            return
        for back in range(at - 1, max(one.last, at - 1 - NEAR), -1):
            before = talk[back]
            if before.sender == message.sender or not before.text:
                continue
            if before.id in (*one.replies, one.heard) and before.id != one.deferred:
                one.replies = [reply for reply in one.replies if reply != before.id]
                one.settle(before.id, official=self.scene.official(before))
            return

    def _says_so(self, message: Message, target: Open) -> bool:
        """Whether the message itself says what it goes back to."""
        return message.reply is not None or target.message.sender in message.mentions

    def _to_near(self, said: _Said, near: list[Open], target: Open | None) -> set[int] | None:
        """Try the questions asked just before: those with shared words first. None when it answered one of them.

        What goes back to something said since, calls somebody else, or goes on with one's own words counts only for
        questions it shares words with.
        """
        message, talk = said.message, self.questions.talk
        shares = {id(one): self.weights.shared(said.words, one.words) for one in near}
        before = talk[said.at - 1] if said.at else None
        goes_on = before is not None and before.sender == message.sender and within(before, message, BREATH)
        called = [name for name in message.mentions if name != message.sender]
        linked = self._linked(message) if target is None else -1
        announces = said.official and is_announcement(message.text)
        tried: set[int] = set()
        for one in sorted(near, key=lambda one: (-shares[id(one)], -one.last)):
            elsewhere = linked > one.last or goes_on or any(shares.values())
            elsewhere = elsewhere or bool(called and one.message.sender not in called)
            aside = elsewhere and one is not target and not shares[id(one)]
            if aside or (one.answer and (one.official or not said.official)):
                continue
            between = self.questions.between(one, said.at, message)
            close = between <= (OTHERS_OFFICIAL if said.official else OTHERS)
            if not close and one is not target:
                continue
            if between and announces and not shares[id(one)]:
                continue
            tried.add(id(one))
            next_to = between == 0 and within(talk[one.last], message, CLOSE)
            to = one.message.sender in called
            if self._weigh(one, message, official=said.official, said_to=to, close=close, next_to=next_to):
                return None
            if close:
                one.heard = message.id
        return tried

    def _linked(self, message: Message) -> int:
        """Where what the message goes back to stands; -1 for nothing, or a mere reaction to what stood before it."""
        at = self.questions.place(self.scene.answers.get(message.id, ""))
        if at < 0:
            return -1
        text = self.questions.talk[at].text
        return -1 if act(text) == "reaction" or (len(text) <= REACTION and does("rhetorical", plain(text))) else at

    def _to_all(self, said: _Said, tried: set[int]) -> None:
        """What the group's people say later may answer an open question, by whom it calls or what it is about."""
        if not said.words:
            return
        message = said.message
        brings = does("resolves", plain(bare(message.text)))
        linked = self.questions.place(self.scene.answers.get(message.id, ""))
        for one in self.questions.recent:
            if (one.answer and one.official) or id(one) in tried:
                continue
            if one.answer and (one.asked.social or one.asked.wants == "person"):
                continue  # company was looked for, and came
            if said.words.isdisjoint(one.words) and said.words.isdisjoint(one.around):
                continue
            if not within(one.message, message, REACH):
                continue
            called = one.message.sender in message.mentions and linked <= one.last
            shared = self.weights.shared(said.words, one.words | one.around)
            if one.deferred and brings and shared >= (HINT if called else PROMISED):
                one.settle(message.id, official=True)
            elif (called and shared >= PROMISED) or self.weights.shared(said.words, one.words) >= TELLING:
                self._weigh(one, message, official=True, said_to=called, close=False)

    def _weigh(
        self, one: Open, message: Message, *, official: bool, said_to: bool, close: bool, next_to: bool = False
    ) -> bool:
        """Note what the message is worth to one question; whether it is worth anything."""
        worth = weigh(one.asked, message, official=official, said_to=said_to, close=close, next_to=next_to)
        if worth == "answer":
            return one.settle(message.id, official=official)
        if worth:
            one.replies.append(message.id)
            if worth == "deferral":
                one.deferred = message.id
                one.around |= terms(message.text)
        return bool(worth)
