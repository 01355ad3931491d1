"""What a model heard, joined with what code found.

Nothing of ours is lost because a model left it out. What a model adds must name messages it was sent, with words that
stand in one of them and were said by whom it says, and no figure, date or name may be missing from them; the rest is
dropped and counted. Shown are the members' own words, never the model's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copilot.chat.claims import Action, Claims, Complaint, Decision, Highlight, Question, Rumour, Topic
from copilot.chat.due_times import read_due
from copilot.chat.masking import mask
from copilot.chat.records import Message
from copilot.chat.signals import suspicious
from copilot.chat.terms import terms
from copilot.facts.name_lexicon import segmenter
from copilot.records import Finding, Record
from copilot.tasks.digest.assignment import DigestAssignment
from copilot.tasks.digest.hearing import ClaimHeard, DoubtHeard, PieceHeard, TopicHeard
from copilot.tasks.digest.portions import KINDS, ChatPortions, ids_of
from copilot.tasks.digest.structure import Dropped
from copilot.tasks.digest.verifying import NAMES, pieces_of, plain, verify

FIELDS = {
    word: field
    for field, word in zip(KINDS, ("question", "decision", "action", "complaint", "rumour", "highlight"), strict=True)
}
MOST = 8
"""A model adds at most so many claims of a kind to a piece; one that lists everything has understood nothing."""
MOST_MERGED = 3
LONGEST_TITLE = 16
LONGEST_QUOTE = 200
SHORTEST = 2
SHOWN = 8
_GLUE = frozenset("的与和及跟、/，, ")
_POLAR = re.compile(r"[不没未无非别禁拒假骗罚死]")
_SPACES = re.compile(r"\s+")


class Joining:
    """The claims of one chat as they grow by what the pieces bring."""

    def __init__(self, assignment: DigestAssignment, portions: ChatPortions) -> None:
        self.assignment = assignment
        self.portions = portions
        self.view = assignment.view
        self.by_id = assignment.telling.by_id
        self.dropped: list[Dropped] = []
        self.doubted: list[str] = []
        self.added: dict[str, list[Any]] = {field: [] for field in KINDS}
        self.titles: dict[str, str] = {}
        self.merged: dict[str, str] = {}
        self.topics: list[Topic] = []
        self.known = {
            field: {name for claim in getattr(assignment.claims, field) for name in ids_of(claim)} for field in KINDS
        }

    def take(self, piece: int, heard: PieceHeard) -> None:
        """What was heard of one piece."""
        numbers = self.portions.numbers[piece]
        found = self.portions.found[piece]
        for topic in heard.topics:
            self._topic(topic, numbers, found)
        counts: Counter[str] = Counter()
        for claim in heard.claims:
            counts[claim.kind] += 1
            if counts[claim.kind] > MOST:
                self._drop(FIELDS[claim.kind], "一段里列得太多")
            else:
                self._claim(claim, numbers)
        for doubt in heard.doubts:
            self._doubt(doubt, numbers, found)

    def claims(self) -> Claims:
        """Ours and what was added, each held against its messages."""
        ours = self.assignment.claims
        if not (self.topics or self.titles or any(self.added.values())):
            return ours
        added, dropped = verify(
            Claims(topics=tuple(self.topics), **{k: tuple(v) for k, v in self.added.items()}),
            self.assignment.brief.transcript,
        )
        self.dropped += dropped
        grown = {
            field: tuple(sorted((*getattr(ours, field), *new), key=self._place))
            for field in KINDS
            if (new := getattr(added, field))
        }
        topics = sorted((*self._ours(ours.topics), *added.topics), key=self._place)
        return ours.model_copy(update={**grown, "topics": tuple(topics)})

    def findings(self) -> tuple[Finding, ...]:
        """Where the model sees it otherwise."""
        if not self.doubted:
            return ()
        told = "；".join(self.doubted[:SHOWN]) + (f"；等 {len(self.doubted)} 处" if len(self.doubted) > SHOWN else "")
        message = f"模型的看法与程序不同，程序的仍列着：{told}"
        return (Finding(severity="info", code="model-disagrees", message=message, fix="看一眼这几条，以原消息为准"),)

    def _place(self, claim: Any) -> int:
        return self.view.place(ids_of(claim)[0])

    def _ours(self, topics: Sequence[Topic]) -> Iterator[Topic]:
        """Our topics under better titles, and as one where a model says they are one."""
        together: dict[str, list[Topic]] = {}
        for topic in topics:
            together.setdefault(self.merged.get(topic.id, topic.id), []).append(topic)
        for name, ones in together.items():
            first = ones[0]
            messages = self.view.in_order(one for topic in ones for one in topic.messages)
            yield first.model_copy(update={"title": self.titles.get(name, first.title), "messages": tuple(messages)})

    def _topic(self, heard: TopicHeard, numbers: Mapping[int, str], found: Mapping[str, Any]) -> None:
        ours = [found[name] for name in dict.fromkeys(heard.found) if isinstance(found.get(name), Topic)]
        if not ours and heard.found:
            return self._drop("topics", "说的不是程序列出的话题")
        cited = [name for topic in ours for name in topic.messages] or [numbers.get(one, "") for one in heard.messages]
        title = _SPACES.sub(" ", heard.title).strip('“”"《》。 ')
        if not cited or not all(name in self.by_id for name in cited):
            return self._drop("topics", "依据的消息不在发给模型的内容里")
        if not self._fits(title, cited):
            return self._drop("topics", "话题名不是消息里的词")
        if len(ours) > 1 and not self._one_matter(title, ours):
            return self._drop("topics", "合并的话题没有共同的词")
        if ours:
            name = next((self.merged[one.id] for one in ours if one.id in self.merged), ours[0].id)
            self.titles.setdefault(name, title)
            self.merged |= {one.id: name for one in ours if one.id not in self.merged}
            return None
        if not self._spoken(heard.quote, cited):
            return self._drop("topics", "引文不在依据的消息里")
        taken = {name for topic in self.assignment.claims.topics for name in topic.messages}
        taken |= {name for topic in self.topics for name in topic.messages}
        if rest := tuple(self.view.in_order(name for name in cited if name not in taken)):
            topic_id = f"t{len(self.assignment.claims.topics) + len(self.topics) + 1}"
            self.topics.append(Topic(id=topic_id, title=title, messages=rest, summary=""))
        return None

    def _fits(self, title: str, cited: Sequence[str]) -> bool:
        """Whether a title is made of the messages' words, names nobody, and turns nothing round."""
        bare = plain(title)
        if not SHORTEST <= len(bare) <= LONGEST_TITLE or "【" in title or mask(title) != title or suspicious(title):
            return False
        if any(len(name) > 1 and plain(name) in bare for name in self.view.senders if plain(name)):
            return False
        said = "\n".join(plain(self.by_id[name].text) for name in cited)
        if bare in said:
            return True
        words = [plain(word) for word in segmenter().cut(title, False)]
        return not _POLAR.search(title) and all(word in said for word in words if word and word not in _GLUE)

    def _one_matter(self, title: str, ours: Sequence[Topic]) -> bool:
        """Whether a few topics share a word of the title that would be theirs together."""
        said = [plain("".join(self.by_id[name].text for name in topic.messages)) for topic in ours]
        words = [word for word in terms(title) if len(word) > 1]
        return len(ours) <= MOST_MERGED and any(all(plain(word) in text for text in said) for word in words)

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
        claim = self._made(heard, message, shown, own, answers)
        # The model's own sentence is not shown, but a claim whose figures are wrong was not understood.
        _, wrong = verify(
            Claims(**{field: (self._made(heard, message, heard.text, own, answers),)}), self.assignment.brief.transcript
        )
        if wrong:
            self.dropped += wrong
            return None
        self.known[field].update(ids_of(claim))
        self.added[field].append(claim)
        return None

    def _made(
        self, heard: ClaimHeard, message: Message, words: str, own: tuple[str, ...], answers: tuple[str, ...]
    ) -> Record:
        """The claim as a record of ours. What a member says is settled is a proposal; figures are read by code."""
        number = f"{message.id}m"
        status = heard.status
        match heard.kind:
            case "question":
                answer = next((one for one in answers if self.view.official(self.by_id[one].sender)), "")
                replies = tuple(one for one in answers if one != answer)
                return Question(
                    asker=message.sender,
                    question=words,
                    message=message.id,
                    replies=replies,
                    answer=answer,
                    quote=heard.quote,
                )
            case "decision":
                settled = self.view.official(message.sender) and status != "proposed"
                state: Any = "in_force" if settled else "proposed"
                return Decision(
                    id=f"d{number}", text=words, by=message.sender, messages=own, status=state, quote=heard.quote
                )
            case "action":
                due, due_text = read_due(message.text, message.time)
                late = bool(due and self.assignment.due_now and due < self.assignment.due_now)
                state = "done" if status == "done" and answers else "overdue" if late else "open"
                return Action(
                    id=f"a{number}",
                    owner=message.sender,
                    task=words,
                    due=due,
                    due_text=due_text,
                    status=state,
                    messages=own,
                    outcome=answers if state == "done" else (),
                    quote=heard.quote,
                )
            case "complaint":
                state = status if status in ("answered", "resolved") and answers else "open"
                return Complaint(
                    id=f"c{number}",
                    summary=words,
                    members=(message.sender,),
                    messages=own,
                    handling=answers,
                    status=state,
                    quote=heard.quote,
                )
            case "rumour":
                return Rumour(id=f"r{number}", summary=words, messages=own, replies=answers, quote=heard.quote)
            case "highlight":
                return Highlight(by=message.sender, text=words, message=message.id)

    def _doubt(self, heard: DoubtHeard, numbers: Mapping[int, str], found: Mapping[str, Any]) -> None:
        claim, name = found.get(heard.found), numbers.get(heard.message, "")
        if claim is None or not name:
            return self._drop(None, "依据的消息不在发给模型的内容里")
        if not self._spoken(heard.quote, [name]):
            return self._drop(None, "引文不在依据的消息里")
        kind = next((KINDS[field][1] for field in KINDS if claim in getattr(self.assignment.claims, field)), "话题")
        telling = self.view.telling
        told = f"{kind}{telling.receipt(ids_of(claim)[0])}可能已了结或不算：{telling.said(name, 40)}"
        if told not in self.doubted:
            self.doubted.append(told)
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
