"""What a model heard, joined with what code found.

Nothing of ours is lost because a model left it out. What a model adds must name messages it was sent, with words that
stand in one of them and were said by whom it says, and no figure, date or name may be missing from them; the rest is
dropped and counted. Shown are the members' own words, never the model's.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.chat.claims import (
    Claims,
    Doubt,
    FocusAnswer,
)
from copilot.chat.masking import mask
from copilot.chat.records import Message
from copilot.records import Finding
from copilot.tasks.digest.assignment import DigestAssignment
from copilot.tasks.digest.doubting import agrees
from copilot.tasks.digest.focus import focus_pieces
from copilot.tasks.digest.hearing import ClaimHeard, DoubtHeard, FocusHeard, PieceHeard
from copilot.tasks.digest.levels import OPEN
from copilot.tasks.digest.making import Making
from copilot.tasks.digest.portions import KINDS, ChatPortions, ids_of
from copilot.tasks.digest.retitling import Retitling
from copilot.tasks.digest.structure import Dropped
from copilot.tasks.digest.verifying import NAMES, pieces_of, plain, verify
from copilot.tasks.digest.view import key_of

FIELDS = {
    word: field
    for field, word in zip(KINDS, ("question", "decision", "action", "complaint", "rumour", "highlight"), strict=True)
}
MOST = 8
"""A model adds at most so many claims of a kind to a piece; one that lists everything has understood nothing."""
MOST_BY_ONE = 3
"""One message unsettles at most so many of ours; one that unsettles everything was obeyed, not read."""
LONGEST_QUOTE = 200
SHORTEST = 2
ALIKE = 0.5
"""The share of the characters of what a model calls asked that stand in what the operator did ask."""


class Joining:
    """The claims of one chat as they grow by what the pieces bring."""

    def __init__(self, assignment: DigestAssignment, portions: ChatPortions) -> None:
        self.assignment = assignment
        self.portions = portions
        self.view = assignment.view
        self.by_id = assignment.telling.by_id
        self.dropped: list[Dropped] = []
        self.doubts: dict[tuple[str, str], Doubt] = {}
        self.focus: list[FocusAnswer] = []
        self.added: dict[str, list[Any]] = {field: [] for field in KINDS}
        self.making = Making(assignment)
        self.topics = Retitling(assignment, self._spoken)
        self.known = {
            field: {name for claim in getattr(assignment.claims, field) for name in ids_of(claim)} for field in KINDS
        }

    def take(self, piece: int, heard: PieceHeard) -> None:
        """What was heard of one piece."""
        numbers = self.portions.numbers[piece]
        found = self.portions.found[piece]
        for topic in heard.topics:
            if why := self.topics.take(topic, numbers, found):
                self._drop("topics", why)
        counts: Counter[str] = Counter()
        for claim in heard.claims:
            counts[claim.kind] += 1
            if counts[claim.kind] > MOST:
                self._drop(FIELDS[claim.kind], "一段里列得太多")
            else:
                self._claim(claim, numbers)
        doubted = Counter(doubt.message for doubt in heard.doubts)
        for doubt in heard.doubts:
            if doubted[doubt.message] > MOST_BY_ONE:
                self._drop(None, "一条消息推翻得太多")
            else:
                self._doubt(doubt, numbers, found)
        for answer in heard.focus[:MOST]:
            self._focus(answer, numbers)

    def claims(self) -> Claims:
        """Ours and what was added, each held against its messages."""
        ours = self.assignment.claims
        if not (self.topics.changed or self.doubts or self.focus or any(self.added.values())):
            return ours
        added, dropped = verify(
            Claims(
                topics=tuple(self.topics.new),
                doubts=tuple(self.doubts.values()),
                focus=tuple(self.focus),
                **{field: tuple(claims) for field, claims in self._each_once().items()},
            ),
            self.assignment.brief.transcript,
        )
        self.dropped += dropped
        grown = {
            field: tuple(sorted((*getattr(ours, field), *new), key=self._place))
            for field in KINDS
            if (new := getattr(added, field))
        }
        topics = sorted((*self.topics.ours(), *added.topics), key=self._place)
        heard = {"topics": tuple(topics), "doubts": added.doubts, "focus": added.focus}
        return ours.model_copy(update={**grown, **heard})

    def _each_once(self) -> dict[str, list[Any]]:
        """What was added, without a grievance and an open question of one message side by side: they are one matter.

        A question stays a question, or the group would no longer be told that it is open; what we read as a grievance
        stays one.
        """
        ours = self.assignment.claims
        added = dict(self.added)
        aired = {name for one in ours.complaints if one.status in OPEN for name in one.messages}
        added["questions"] = [one for one in added["questions"] if one.message not in aired]
        waiting = (one for one in (*ours.unanswered, *added["questions"]) if not one.answer)
        asked = {name for one in waiting for name in (one.message, *one.repeats, *one.also)}
        added["complaints"] = [one for one in added["complaints"] if asked.isdisjoint(one.messages)]
        return added

    def findings(self) -> tuple[Finding, ...]:
        """Where the model sees it otherwise."""
        told = [f"有 {len(self.doubts)} 条模型读法不同，写在各条后面，程序的仍列着"] if self.doubts else []
        told += [f"有 {self.topics.untitled} 个模型起的话题名没有用，不全是消息里的词"] if self.topics.untitled else []
        if not told:
            return ()
        fix = "看一眼这几条，以原消息为准" if self.doubts else "不用改"
        return (Finding(severity="info", code="model-disagrees", message="；".join(told), fix=fix),)

    def _place(self, claim: Any) -> int:
        return self.view.place(ids_of(claim)[0])

    def _spoken(self, quote: str, cited: Sequence[str]) -> Message | None:
        """The message in which a quote stands word for word, but for what was cut out of it."""
        pieces = pieces_of(quote)
        if len("".join(pieces)) < SHORTEST or len(quote) > LONGEST_QUOTE:
            return None
        for name in cited:
            message = self.by_id[name]
            if any(_holds(plain(text), pieces) for text in (message.text, mask(message.text))):
                return message
        return None

    def _claim(self, heard: ClaimHeard, numbers: Mapping[int, str]) -> None:
        field = FIELDS[heard.kind]
        cited = [numbers.get(one, "") for one in dict.fromkeys(heard.messages)]
        if not cited or not all(cited) or not all(one in numbers for one in heard.answers):
            return self._drop(field, "依据的消息不在发给模型的内容里")
        message = self._spoken(heard.quote, cited)
        if message is None:
            return self._drop(field, "引文不在依据的消息里")
        if heard.sender.strip("* ") != message.sender:
            return self._drop(field, "说话的人对不上")
        if self.known[field] & set(cited):
            return None  # ours already
        shown = heard.text if self._spoken(heard.text, [message.id]) else heard.quote
        answers = tuple(self.view.in_order(numbers[one] for one in heard.answers if numbers[one] not in cited))
        own = tuple(self.view.in_order(name for name in cited if self.by_id[name].sender == message.sender))
        claim = self.making.made(heard, message, shown, own, answers)
        # The model's own sentence is not shown, but a claim whose figures are wrong was not understood.
        _, wrong = verify(
            Claims(**{field: (self.making.made(heard, message, heard.text, own, answers),)}),
            self.assignment.brief.transcript,
        )
        if wrong:
            self.dropped += wrong
            return None
        self.known[field].update(ids_of(claim))
        self.added[field].append(claim)
        return None

    def _doubt(self, heard: DoubtHeard, numbers: Mapping[int, str], found: Mapping[str, Any]) -> None:
        claim, name = found.get(heard.found), numbers.get(heard.message, "")
        if claim is None or not name:
            return self._drop(None, "依据的消息不在发给模型的内容里")
        if not self._spoken(heard.quote, [name]):
            return self._drop(None, "引文不在依据的消息里")
        kind = next((field for field in KINDS if claim in getattr(self.assignment.claims, field)), "")
        if not kind:
            return self._drop(None, "话题只能改名、合并、拆开")
        if not agrees(claim, heard.status, name):
            doubt = Doubt(kind=kind, claim=key_of(claim), status=heard.status, message=name, quote=heard.quote)
            self.doubts.setdefault((kind, doubt.claim), doubt)
        return None

    def _focus(self, heard: FocusHeard, numbers: Mapping[int, str]) -> None:
        """What answers a thing that the operator did ask for, each answer once."""
        asked = _nearest(heard.asked, focus_pieces(self.assignment.brief.asked.focus))
        cited = [numbers.get(one, "") for one in dict.fromkeys(heard.messages)]
        if not asked:
            return self._drop("focus", "你没有这样问")
        if not cited or not all(cited):
            return self._drop("focus", "依据的消息不在发给模型的内容里")
        if not self._spoken(heard.quote, cited):
            return self._drop("focus", "引文不在依据的消息里")
        said = FocusAnswer(asked=asked, text=heard.text, messages=tuple(cited), quote=heard.quote)
        _, wrong = verify(Claims(focus=(said,)), self.assignment.brief.transcript)
        if wrong:
            self.dropped += wrong
            return None
        told = heard.text if self._spoken(heard.text, cited) else heard.quote
        answer = said.model_copy(update={"text": told, "messages": tuple(self.view.in_order(cited))})
        if answer not in self.focus:
            self.focus.append(answer)
        return None

    def _drop(self, field: str | None, why: str) -> None:
        self.dropped.append(Dropped(kind=f"模型说的{NAMES[field] if field else '看法'}", why=why))


def _holds(text: str, pieces: Sequence[str]) -> bool:
    """Whether the pieces stand in the text, one after the other."""
    at = 0
    for piece in pieces:
        if (found := text.find(piece, at)) < 0:
            return False
        at = found + len(piece)
    return True


def _nearest(asked: str, pieces: Sequence[str]) -> str:
    """The thing the operator asked for that shares most with what a model says was asked; "" where it is another thing."""
    chars = Counter(plain(asked))

    def shared(piece: str) -> float:
        return (chars & Counter(plain(piece))).total() / max(min(chars.total(), len(plain(piece))), 1)

    best = max(pieces, key=lambda piece: (shared(piece), (chars & Counter(plain(piece))).total()), default="")
    return best if best and shared(best) > ALIKE else ""
