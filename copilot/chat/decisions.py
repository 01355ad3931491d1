"""What was settled for the group, by whoever may settle it, and what each decision replaces."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from copilot.chat.asking import read_asked
from copilot.chat.claims import Decision
from copilot.chat.closeness import within
from copilot.chat.organisers import read_organisers
from copilot.chat.records import Message
from copilot.chat.replying import is_announcement
from copilot.chat.scene import Scene
from copilot.chat.settling import Settled, kinds_of, settles, whole
from copilot.chat.terms import terms
from copilot.chat.utterances import bare, does, plain
from copilot.facts.moments import Moment, read_moments

LOOKED_BACK = 24
"""How many decisions back a restatement or a change may mean."""
REACH = timedelta(days=10)
BREATH = timedelta(minutes=4)
"""What one member settles within this time, or two of the group's people say alike, is one decision."""
SAME = 0.7
"""The weight of shared words from which two decisions may be about the same matter …"""
MOST = 0.4
"""… when that is so much of the later one's words (`LEAST` where it says that it corrects), or they name one figure."""
LEAST = 0.15
PLAIN = 0.9
"""The weight of shared words that is enough for a change, however much else is said."""
OLD = 0.6
"""What likeness to a decision that was already replaced counts for: a change may replace another part of it."""
LONGEST = 400
BRIEF = 30
"""A longer answer says itself what it is about."""
LEAD = 60
"""Characters of what may lead in to a decision."""
BEGUN = timedelta(days=7)

_VALUE = re.compile(r"[0-9]+(?:[.:/-][0-9]+)+|[0-9]{2,}|[0-9](?=[人元块折点号套只位次天楼馆户个名米节期栋])")
_PLAIN_VALUE = re.compile(r"[0-9]+[.:/-][0-9]+|[0-9]{2,}")


@dataclass(eq=False)
class _Made:
    """A decision as it is being read. `values` are the figures it names."""

    message: Message
    settled: Settled
    words: frozenset[str]
    values: frozenset[str]
    texts: list[str]
    messages: list[str] = field(default_factory=list)
    supersedes: "_Made | None" = None
    superseded: bool = False


def read_decisions(scene: Scene, now: datetime | None = None) -> tuple[Decision, ...]:
    """The decisions in the order of time; the newest about a matter is in force. `now`: or the chat's last message."""
    reader = _Reader(scene)
    for message in scene.talk:
        reader.take(message)
    moments = [message.time for message in scene.talk if message.time is not None]
    end = now or (moments[-1] if moments else None)
    made = reader.made
    ids = {id(one): f"d{at}" for at, one in enumerate(made, 1)}
    return tuple(
        Decision(
            id=ids[id(one)],
            text=whole(one.texts)[:LONGEST],
            by=one.message.sender,
            messages=tuple(one.messages),
            status=reader.status(one, end),
            supersedes=ids[id(one.supersedes)] if one.supersedes is not None else "",
        )
        for one in made
    )


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.organisers = read_organisers(scene)
        self.weights = scene.telling
        self.made: list[_Made] = []
        self.before: Message | None = None  # what a leader said last

    def take(self, message: Message) -> None:
        """Read one message."""
        official = self.scene.official(message)
        if not message.text or not (official or message.sender in self.organisers):
            return
        if message.kind not in _SAID or message.text.startswith("#"):
            return
        before, self.before = self.before, message
        answered = self.scene.by_id.get(self.scene.answers.get(message.id, ""))
        to_one = answered is not None and not message.everyone and not self.scene.official(answered)
        settled = settles(message.text, everyone=message.everyone, to_one=to_one)
        if settled.standing != "settled" and answered is not None and self._confirms(message, answered):
            settled = Settled(f"{bare(message.text)}(问：{bare(answered.text)[:40]})", "settled", settled.weight)
        if to_one and _IN_PRIVATE.search(message.text) and not _VALUE.search(plain(message.text)):
            return  # goes on between two
        if settled.standing in ("", "considering", "proposed") and not _EACH.search(settled.text):
            settled = Settled("", "", 0.0)
        values = frozenset(_VALUE.findall(plain(bare(message.text))))
        if not settled.standing and not values:
            return
        words = terms(message.text)
        if to_one and answered is not None and len(message.text) <= BRIEF and not is_announcement(message.text):
            words |= terms(answered.text)  # what a short answer is about, its question says
        earlier = self._earlier(message, words, values)
        if not settled.standing:
            if earlier is not None and values and values <= earlier.values and len(words & earlier.words) > 1:
                earlier.messages.append(message.id)
            return
        one = _Made(message, settled, words, values, [settled.text], [message.id])
        if (lead := self._led_in(message, before)) is not None:
            one.texts.insert(0, bare(lead.text))
            one.messages.insert(0, lead.id)
        if settled.standing == "settled" and earlier is not None and self._joins(one, earlier):
            return
        self.made.append(one)

    def _led_in(self, message: Message, before: Message | None) -> Message | None:
        """What the same leader told right before, where this only says what follows from it (`方案：…`)."""
        if before is None or before.sender != message.sender or not within(before, message, BREATH):
            return None
        told = self.made and before.id in self.made[-1].messages
        short = 0 < len(before.text) <= LEAD and read_asked(before.text) is None
        return before if short and not told and _FOLLOWS.match(plain(bare(message.text))) else None

    def _confirms(self, message: Message, answered: Message) -> bool:
        """Whether it tells, asked whether something stands, that it does, or what it is."""
        words = plain(bare(message.text))
        return bool(_PLAIN_VALUE.search(words)) and (
            does("checks", plain(answered.text)) and (does("confirms_it", words) or "定了" in answered.text)
        )

    def _earlier(self, message: Message, words: frozenset[str], values: frozenset[str]) -> _Made | None:
        """The newest decision about the same matter."""
        own = self.weights.shared(words, words)
        said = plain(bare(message.text))
        corrects = does("corrects", said) or does("changes", said)
        best, most = None, 0.0
        for one in reversed(self.made[-LOOKED_BACK:]):
            if not within(one.message, message, REACH):
                break
            agree = not values.isdisjoint(one.values)
            shared = self.weights.shared(words, one.words)
            if not shared and not agree and one.message.sender != message.sender:
                continue
            goes_on = one.message.sender == message.sender and (shared > 0 or does("goes_along", said))
            if within(one.message, message, BREATH) and (agree or goes_on):
                return one
            enough = SAME if not corrects else SAME / 2
            least = min(LEAST * own, PLAIN) if corrects else (LEAST if agree else MOST) * own
            alike = shared >= enough and shared >= least
            weight = shared * (OLD if one.superseded else 1.0)
            if alike and weight > most:
                best, most = one, weight
        return best

    def _joins(self, one: _Made, earlier: _Made) -> bool:
        """Whether the new decision is the earlier one said again or gone on with; else note what it replaces."""
        words = plain(one.message.text)
        soon = within(earlier.message, one.message, BREATH)
        if earlier.settled.standing != "settled":
            earlier.superseded = True
            return False
        if soon or one.values <= earlier.values:
            earlier.messages.append(one.message.id)
            earlier.texts.append(one.settled.text)
            earlier.values |= one.values
            earlier.words |= one.words
            return True
        told = " ".join((*one.texts, *one.words)), " ".join((*earlier.texts, *earlier.words))
        same = kinds_of(told[0]) & kinds_of(told[1]) or not kinds_of(told[1])
        if does("changes", words) or (does("corrects", words) and same):
            one.supersedes = earlier
            earlier.superseded = True
        return False

    def status(self, one: _Made, now: datetime | None) -> str:
        """What has become of it by `now`."""
        if one.settled.standing == "considering":
            return "considering"
        if one.settled.standing == "proposed":
            return "not_adopted" if one.superseded else "proposed"
        if one.superseded:
            return "superseded"
        said = one.message.time
        text = " ".join(one.texts)
        if said is None or now is None or now.date() <= said.date() or does("standing", plain(text)):
            return "in_force"
        dates = [
            moment.end_date or moment.date
            for moment in read_moments(text[:LONGEST], said.replace(tzinfo=None))
            if moment.date is not None and moment.bound != "from" and _ahead(moment, said.date())
        ]
        return "expired" if dates and max(dates) < now.date() else "in_force"


def _ahead(moment: Moment, said: date) -> bool:
    """Whether the day is what the decision is about, and not a day looked back on. A holiday may have begun."""
    day = moment.end_date or moment.date
    return day is not None and (day >= said or (not moment.relative and said - day <= BEGUN))


_IN_PRIVATE = re.compile(r"私(?:信|聊|发)?我|私你|加我")
_FOLLOWS = re.compile(r"\s*(?:方案|办法|处理(?:方式|办法)?|做法|安排|所以|因此|这样|解决办法)[:,]?")
_SAID = frozenset({"text", "quote", "other", "link"})
_EACH = re.compile(r"[0-9]|周[一二三四五六日天]|考虑|还没定|待定|方案")
