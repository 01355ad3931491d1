"""How messages are told: their receipts, their senders' names, their words cut short and without private data."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from copilot.chat.claims import Injection, Risk
from copilot.chat.masking import mask, soft_kinds
from copilot.chat.records import Message, Transcript
from copilot.tasks.digest.book import book
from copilot.tasks.phrasing import dated

REPORT = "report"
"""The format of a daily report in prose: its sentences have lines and no senders."""
LONGEST_NAME = 20
LONGEST_WORDS = 60
LONGEST_TOKEN = 120
LONGEST_NOTE = 20
MOST_RECEIPTS = 6
BREATH = timedelta(minutes=30)
"""What members who are not well say so near to it is no more told than the words themselves."""
_COUNTED_DAY = re.compile(r"[今明后前昨][天日晚早]|周|星期|礼拜|[号日]")
_ADDRESSED = re.compile(r"^(?:@\S{1,30}\s+)+")
_INNER = re.compile(r"(‘[^‘’]{1,80}’)")
"""What somebody quotes, or words a notice will use, is not dated."""
_TOKEN = re.compile(r"[A-Za-z0-9.:/%~-]")
_TOKEN_END = re.compile(r"[A-Za-z0-9.:/%~-]+$")
_CLAUSE = re.compile(r"[^，,。；;！!？?…\s]+[，,。；;！!？?…\s]*")
_ENDS_IN_TIME = re.compile(r"[早午晚夜上天日号前后点分\d]$")
_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Telling:
    """The messages of one transcript as they are shown. A nickname that is an order to the assistant is not, nor are
    the words of `closed` messages, in which somebody is not well. `used` are the messages told of so far,
    `quoted` the words of theirs that were shown.
    """

    def __init__(
        self, transcript: Transcript, injections: Sequence[Injection] = (), closed: Iterable[str] = ()
    ) -> None:
        self.transcript = transcript
        self.zone = ZoneInfo(transcript.zone)
        self.by_id = {message.id: message for message in transcript.messages}
        self.hidden = frozenset(
            self.by_id[one.message].sender for one in injections if one.where == "name" and one.message in self.by_id
        )
        self.closed = frozenset(closed)
        self.used: set[str] = set()
        self.quoted: set[str] = set()
        self._names: dict[str, str] = {}

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The dates with a message, as `2026-10-05`."""
        dates = {self.local(message).date() for message in self.transcript.messages if message.time}
        return tuple(day.isoformat() for day in sorted(dates))

    def local(self, message: Message) -> datetime:
        """A message's time in the chat's own zone."""
        assert message.time is not None
        return message.time.astimezone(self.zone)

    def name(self, member: str) -> str:
        """A member's name as it may be shown."""
        if not member:
            return book().report_title if self.transcript.format == REPORT else book().desk.says["notice"]
        if member not in self._names:
            plain = _INVISIBLE.sub("", _SPACES.sub(" ", member)).strip()
            told = book().desk.says["hidden_name"] if member in self.hidden else cut(mask(plain), LONGEST_NAME)
            self._names[member] = told.replace("【", "〔").replace("】", "〕")
        return self._names[member]

    def names(self, members: Iterable[str], most: int = 6) -> str:
        """Several names, each once."""
        shown = list(dict.fromkeys(map(self.name, members)))
        return "、".join(shown[:most]) + (f" 等 {len(shown)} 人" if len(shown) > most else "")

    def clock(self, message: Message) -> str:
        """When a message was sent: with the date where the chat has several, its line where it has no time."""
        if not message.time:
            return f"第 {message.line} 行"
        moment = self.local(message)
        day = f"{moment.month}/{moment.day}" if len(self.days) > 1 or message.precision == "day" else ""
        if day and self.days[0][:4] != self.days[-1][:4]:
            day = f"{moment.year}/{day}"
        return " ".join(part for part in (day, "" if message.precision == "day" else f"{moment:%H:%M}") if part)

    def receipt(self, name: str) -> str:
        """One message's receipt: 【14:03 Mia助教】."""
        message = self.by_id[name]
        self.used.add(name)
        if self.transcript.format == REPORT:
            return f"【第 {message.line} 行】"
        sender = book().desk.says["notice"] if message.kind == "system" else self.name(message.sender)
        return f"【{self.clock(message)} {sender}】"

    def receipts(self, names: Iterable[str], most: int = MOST_RECEIPTS) -> str:
        """The receipts of several messages, each once, the first and the last ones where there are too many."""
        there = [name for name in dict.fromkeys(names) if name in self.by_id]
        shown = there if len(there) <= most else [*there[: most - 1], there[-1]]
        told = list(dict.fromkeys(map(self.receipt, shown)))
        return "".join(told) + (f"等 {len(there)} 条" if len(there) > most else "")

    def words(self, name: str, most: int = LONGEST_WORDS, *, stop: bool = True) -> str:
        """A message's own words, cut short, without private data; what else it is where it has none."""
        message = self.by_id[name]
        return self.told(message.text, (name,), most, stop=stop) or f"[{book().kinds.get(message.kind, message.kind)}]"

    def told(
        self, text: str, names: Iterable[str], most: int = LONGEST_WORDS, *, whole: bool = False, stop: bool = True
    ) -> str:
        """Words of these messages, cut short, without private data; a day that was counted from then has its date beside it.

        What they tell of somebody's health or household is left out, unless it is what is asked (`whole`). A full stop
        parts a figure at the end from a receipt's clock; what stands in quotation marks or as a title needs none (`stop`).
        """
        names = tuple(names)
        self.used.update(names[:MOST_RECEIPTS])
        if self.closed.intersection(names):
            return book().desk.says["not_told"]
        if not whole and soft_kinds(text):
            text = _discreet(text)
        said = next((one.time for name in names if (one := self.by_id.get(name)) and one.time), None)
        plain = shown(self._unaddressed(text, names), most * 2)
        if said and _COUNTED_DAY.search(plain):
            here = said.astimezone(self.zone)
            pieces = [
                piece if piece.startswith("‘") else dated(piece, here, also_today=len(self.days) > 1)
                for piece in _INNER.split(plain)
            ]
            plain = "".join(pieces)
        told = cut(plain, most)
        told = f"{told}。" if stop and _ENDS_IN_TIME.search(told) else told
        self.quoted.add(told)
        return told

    def _unaddressed(self, text: str, names: Sequence[str]) -> str:
        """The words without those who are called at their beginning, whose names may have blanks in them."""
        spaced = [one for name in names[:1] if (here := self.by_id.get(name)) for one in here.mentions if " " in one]
        plain = _ADDRESSED.sub("", text)
        for name in spaced:
            for head in (f"@{name}", name.partition(" ")[2]):
                plain = plain.lstrip().removeprefix(head)
        return plain.lstrip() or text

    def said(self, name: str, most: int = LONGEST_WORDS) -> str:
        """A message's words as a quote with its receipt."""
        return f"“{self.words(name, most, stop=False)}”{self.receipt(name)}"

    def at(self, moment: datetime) -> str:
        """A moment as people write it: 5月6日 22:00."""
        here = moment.astimezone(self.zone)
        clock = f" {here:%H:%M}" if (here.hour, here.minute) not in ((0, 0), (23, 59)) else ""
        return f"{here.month}月{here.day}日{clock}"

    def span(self) -> str:
        """From the first to the last message."""
        timed = [message for message in self.transcript.messages if message.time]
        if not timed:
            return "没有时间"
        first, last = self.local(timed[0]), self.local(timed[-1])
        if first.date() == last.date():
            return f"{first.month}月{first.day}日 {first:%H:%M}–{last:%H:%M}"
        year = f"{last.year}年" if first.year != last.year else ""
        return f"{first.month}月{first.day}日 {first:%H:%M} 至 {year}{last.month}月{last.day}日 {last:%H:%M}"

    def dates(self) -> str:
        """The days of the chat: 5月8日–5月9日."""
        shown_days = [f"{int(day[5:7])}月{int(day[8:])}日" for day in self.days]
        return "–".join(dict.fromkeys([shown_days[0], shown_days[-1]])) if shown_days else ""


def shown(text: str, most: int = LONGEST_WORDS) -> str:
    """A member's words as one line, masked and cut short; quotation marks inside give way."""
    plain = _INVISIBLE.sub("", _SPACES.sub(" ", text)).strip().replace("“", "‘").replace("”", "’")
    return cut(mask(plain[: most * 8]), most)


def _discreet(text: str) -> str:
    """A text without the clauses that tell of somebody's health or household."""
    kept = [piece for piece in _CLAUSE.findall(text) if not soft_kinds(piece)]
    return "".join(kept).strip(" ，,、；;\n") or book().desk.says["not_told"]


def cut(text: str, most: int) -> str:
    """A text of at most so many characters; a mask is not cut in two."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if (
        _TOKEN.match(text[most - 1]) or head[-1:].isdigit()
    ):  # a number or a name in Latin letters is shown whole or not at all
        head = _TOKEN_END.sub("", head) or (text if len(text) <= LONGEST_TOKEN else head)
    for opening, closing in ("【】", "（）"):
        opened = head.rfind(opening)
        if opened > max(head.rfind(closing), len(head) - LONGEST_NOTE):
            head = head[:opened]
    return head.rstrip("，,、；; ") + "…"


def telling_of(
    transcript: Transcript,
    injections: Sequence[Injection],
    risks: Iterable[Risk],
    speaks_for_group: Callable[[str], bool],
) -> Telling:
    """How the messages of a chat are told, given what was found in it."""
    low = {name for one in risks if one.code in book().risk_codes["closed"] for name in one.messages}
    closed = [message for message in transcript.said if message.id in low and not speaks_for_group(message.sender)]
    return Telling(transcript, injections, {message.id for message in (*closed, *_same_breath(transcript, closed))})


def _same_breath(transcript: Transcript, closed: Sequence[Message]) -> Iterator[Message]:
    """What the senders of these messages say around them."""
    moments: dict[str, list[datetime]] = {}
    for one in closed:
        if one.time:
            moments.setdefault(one.sender, []).append(one.time)
    for message in transcript.said if moments else ():
        if message.time and any(abs(message.time - near) <= BREATH for near in moments.get(message.sender, ())):
            yield message
