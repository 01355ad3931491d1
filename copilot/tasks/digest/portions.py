"""A chat cut into what a model reads at once: the whole where it fits, else conversations packed together.

What is appended to a chat changes no piece before it: a conversation that has been quiet for long is closed, and closed
ones are packed in the order in which they closed. Sent are members' words behind pseudonyms; ads, messages with orders
to the assistant, notices and pictures stay here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from copilot.chat.claims import Action, Complaint, Decision, Question, Rumour, Topic
from copilot.chat.lines import Line, set_out
from copilot.chat.links import read_answers
from copilot.chat.records import Message
from copilot.chat.terms import Weights, rarity
from copilot.chat.threads import STILL, weave
from copilot.records import Finding
from copilot.tasks.base import Portion, Portions
from copilot.tasks.digest.assignment import DigestAssignment
from copilot.tasks.digest.book import book
from copilot.tasks.digest.disguise import Disguise
from copilot.tasks.digest.doubting import shown_by
from copilot.tasks.digest.telling import REPORT

Count = Callable[[str], int]
FRAME = 9  # tokens around a message's words: number, clock, sender
ASIDE = 0.2  # the share of the room for what stands beside the messages
QUOTED = 30  # characters of an earlier message that is answered
MOST_BEFORE = 24  # rows that tell of the whole
WORDLESS = frozenset({"image", "voice", "video", "sticker", "location", "call", "pat", "recall", "transfer"})
PAUSE = 5  # minutes after which the clock is told again
KINDS = {
    "questions": ("q", "问题"),
    "decisions": ("d", "决定"),
    "actions": ("a", "待办"),
    "complaints": ("c", "投诉"),
    "rumours": ("r", "传言"),
    "highlights": ("h", "精华"),
}


@dataclass(frozen=True)
class ChatPortions(Portions):
    """The pieces of a chat. `numbers` are the messages of each by their number in it, `found` our claims by theirs."""

    numbers: tuple[Mapping[int, str], ...] = ()
    found: tuple[Mapping[str, Any], ...] = ()


def cut(assignment: DigestAssignment, room: int, count: Count) -> ChatPortions:
    """The pieces, each of at most about `room` tokens."""
    transcript = assignment.brief.transcript
    disguise = Disguise(transcript, assignment.roles)
    if transcript.format == REPORT:
        return ChatPortions((), disguise.restore)
    noise = assignment.view.noise
    sent = [one for one in transcript.said if one.id not in noise and one.kind not in WORDLESS and one.text.strip()]
    sheet = _Sheet(assignment, disguise, sent)
    sizes = {name: count(text) + FRAME for name, text in sheet.texts.items()}
    whole = sum(sizes.values()) <= room
    groups = [sent] if whole else list(_packed(assignment, sent, sizes, round(room * (1 - ASIDE))))
    groups = [group for group in groups if group]
    made = [sheet.piece(group, alone=whole) for group in groups]
    return ChatPortions(
        pieces=tuple(piece for piece, _, _ in made),
        restore=disguise.restore,
        notices=_left_out(assignment),
        size=len(sent),
        raw_tokens=sum(count(_raw(message)) for message in transcript.messages),
        numbers=tuple(numbers for _, numbers, _ in made),
        found=tuple(found for _, _, found in made),
    )


class _Sheet:
    """How the messages of one chat are written for a model."""

    def __init__(self, assignment: DigestAssignment, disguise: Disguise, sent: Sequence[Message]) -> None:
        self.assignment = assignment
        self.telling = assignment.telling
        self.disguise = disguise
        self.who: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        for message in sent:  # in the order of time, which numbers the pseudonyms
            self.who[message.id] = disguise.sender(message.sender)
            self.texts[message.id] = disguise.words(message.text)

    def piece(self, group: Sequence[Message], *, alone: bool) -> tuple[Portion, dict[int, str], dict[str, Any]]:
        """One piece: what is sent, its messages by number, and our claims in it by their names there."""
        numbers = {message.id: number for number, message in enumerate(group, 1)}
        found, rows = self._found(numbers)
        content = {
            "focus": self.disguise.words(self.assignment.brief.asked.focus),
            "lines": self._lines(group, numbers),
        }
        context = {"found": rows, "before": [] if alone else self._before(group)}
        piece = Portion(title=self._title(group), content=content, context=context)
        return piece, {number: name for name, number in numbers.items()}, found

    def _lines(self, group: Sequence[Message], numbers: Mapping[str, int]) -> list[str]:
        lines: list[str] = []
        before: Message | None = None
        for message in group:
            lines += self._clock(message, before)
            staff = "*" if self.assignment.roles.speaks_for_group(message.sender) else ""
            answered = self._answered(message, numbers)
            lines.append(f"{numbers[message.id]} {self.who[message.id]}{staff}{answered}：{self.texts[message.id]}")
            before = message
        return lines

    def _clock(self, message: Message, before: Message | None) -> Iterator[str]:
        """A line with the time where it is told: at the beginning, after a pause, on a new day, in another conversation."""
        if not message.time:
            return
        apart = abs((message.time - before.time).total_seconds()) / 60 if before and before.time else PAUSE
        if apart >= PAUSE:
            moment = self.telling.local(message)
            day = self.telling.local(before).date() if before and before.time else None
            yield f"—— {f'{moment.month}月{moment.day}日 ' if moment.date() != day else ''}{moment:%H:%M}"

    def _answered(self, message: Message, numbers: Mapping[str, int]) -> str:
        target = message.reply.id if message.reply else ""
        if target in numbers:
            return f"→{numbers[target]}"
        if target in self.texts:
            words = self.texts[target]
            return f"（回{self.who[target]}“{words if len(words) <= QUOTED else words[:QUOTED] + '…'}”）"
        return ""

    def _title(self, group: Sequence[Message]) -> str:
        times = [message.time for message in group if message.time]
        if not times:
            return f"{len(group)} 条"
        return f"{self.telling.at(min(times))} 至 {self.telling.at(max(times))}（{len(group)} 条）"

    def _found(self, numbers: Mapping[str, int]) -> tuple[dict[str, Any], list[str]]:
        """What we found in these messages, under names that tell its first message: t1, q12, d15."""
        found: dict[str, Any] = {}
        rows: list[str] = []
        for topic in self.assignment.claims.topics:
            if here := [numbers[name] for name in topic.messages if name in numbers]:
                rows.append(
                    f"{_name('t', here[0], found, topic)} 话题“{self.disguise.words(topic.title)}”：{_ranges(here)}"
                )
        for kind, (letter, word) in KINDS.items():
            for claim in getattr(self.assignment.claims, kind):
                if here := [numbers[name] for name in ids_of(claim) if name in numbers]:
                    rows.append(
                        f"{_name(letter, here[0], found, claim)} {word}{_state(claim, numbers)}：{_ranges(here)}"
                    )
        return found, rows

    def _before(self, group: Sequence[Message]) -> list[str]:
        """The whole in a few rows: how much it is, what was talked about, what was settled, in the order of time."""
        claims, figures = self.assignment.claims, self.assignment.figures
        rows = [f"全部 {figures.messages} 条消息、{figures.members} 人、{figures.days} 天；下面是其中 {len(group)} 条"]
        told: list[tuple[str, str]] = [(topic.messages[0], f"话题：{topic.title}") for topic in _largest(claims.topics)]
        told += [(one.messages[0], f"决定：{one.text[:40]}") for one in claims.decisions if one.status == "in_force"][
            -MOST_BEFORE // 2 :
        ]
        told.sort(key=lambda one: self.assignment.view.place(one[0]))
        return rows + [self.disguise.words(row) for _, row in told]


def ids_of(claim: Any) -> tuple[str, ...]:
    """The messages a claim is about."""
    names: tuple[str, ...] = claim.messages if hasattr(claim, "messages") else (claim.message,)
    return names


def _largest(topics: Sequence[Topic]) -> list[Topic]:
    return sorted(topics, key=lambda topic: -len(topic.messages))[: MOST_BEFORE // 2]


def _name(letter: str, number: int, found: dict[str, Any], claim: Any) -> str:
    name = f"{letter}{number}"
    while name in found:
        name += "b"
    found[name] = claim
    return name


def _state(claim: Any, numbers: Mapping[str, int]) -> str:
    """How one of ours stands and the last message that shows it: （已完成 67）."""
    match claim:
        case Question():
            told = "已答复" if claim.answer else "没有答复"
        case Decision() | Action() | Complaint() | Rumour():
            told = book().statuses[type(claim).__name__.lower()][claim.status]
        case _:
            return ""
    here = [numbers[name] for name in shown_by(claim) if name in numbers]
    return f"（{told} {max(here)}）" if here else f"（{told}）"


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 → 1-3 7."""
    ordered = sorted(set(numbers))
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after > before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after > before + 1), ordered[-1]]
    return " ".join(f"{start}-{end}" if end > start else f"{start}" for start, end in zip(starts, ends, strict=True))


class _AtLarge(Weights):
    """How telling a word is in the language at large: unlike its weight in one chat, this stays when the chat goes on."""

    def __init__(self) -> None:
        super().__init__(())

    def __getitem__(self, word: str) -> float:
        return rarity(word)


def _packed(
    assignment: DigestAssignment, sent: Sequence[Message], sizes: Mapping[str, int], room: int
) -> Iterator[list[Message]]:
    """Conversations in the order in which they fell silent, as many as fit, each piece in the order in which they began."""
    answers = read_answers(assignment.brief.transcript, assignment.roles)
    threads = weave(set_out(sent), answers, _AtLarge())
    stretches = [stretch for thread in threads for stretch in _stretches(thread.lines, sizes, room)]
    filled, pack = 0, list[list[Line]]()
    for stretch in sorted(stretches, key=lambda lines: lines[-1].at):
        size = sum(sizes[line.message.id] for line in stretch)
        if pack and filled + size > room:
            yield _in_order(pack)
            filled, pack = 0, []
        filled += size
        pack.append(stretch)
    yield _in_order(pack)


def _in_order(pack: Sequence[Sequence[Line]]) -> list[Message]:
    return [line.message for stretch in sorted(pack, key=lambda lines: lines[0].at) for line in stretch]


def _stretches(lines: Sequence[Line], sizes: Mapping[str, int], room: int) -> Iterator[list[Line]]:
    """A conversation without its long pauses, and cut where it alone would be too long."""
    stretch: list[Line] = []
    size = 0
    for line in lines:
        own = sizes[line.message.id]
        if stretch and (line.minute - stretch[-1].minute > STILL or size + own > room):
            yield stretch
            stretch, size = [], 0
        stretch.append(line)
        size += own
    yield stretch


def _left_out(assignment: DigestAssignment) -> tuple[Finding, ...]:
    """What a model is not shown."""
    claims = assignment.claims
    hostile = {one.message for one in claims.injections if one.where == "body"}
    counts = {"广告": len({one.message for one in claims.ads} - hostile), "写给 AI 的指令": len(hostile)}
    told = "、".join(f"{word} {count} 条" for word, count in counts.items() if count)
    if not told:
        return ()
    return (
        Finding(severity="info", code="not-sent", message=f"没有发给模型：{told}", fix="不用改，它们由程序单独列出"),
    )


def _raw(message: Message) -> str:
    """A message as an export has it: stamp, name, words."""
    stamp = f"{message.time:%Y-%m-%d %H:%M:%S}" if message.time else ""
    return (
        f"{message.shown or message.sender} {stamp}\n{message.text or book().kinds.get(message.kind, message.kind)}\n\n"
    )
