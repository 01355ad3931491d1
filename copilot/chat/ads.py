"""Messages that sell, recruit or lure members away, and how they were dealt with.

A message offers something (a class of offers) and shows signs (a price, a lure, how to be reached); what members say
about selling weighs against it. The sender, the group's own business and how others met it decide the rest. All words
are data: `knowledge/chat_ads.yaml`.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from copilot.chat import talk
from copilot.chat.claims import Ad
from copilot.chat.leaning import leaning
from copilot.chat.moments_of import minutes_of
from copilot.chat.pitches import Pitch, bound, habits, pitch, says
from copilot.chat.records import Message, Transcript
from copilot.chat.scene import Roles
from copilot.chat.signals import suspicious

_SHORTEST = 4  # characters of an offer
_TELLING = 6  # letters from which on the model of what lines do has something to go by
_SURE, _DOUBTED = 4.0, 1.0  # how surely it sells or does not, beyond which the model says nothing more
_SEEN = 12  # messages after an ad in which it is met
_SEEN_MINUTES = 90.0
_GOES_ON_MINUTES = 10.0  # within which the same member goes on with an ad
_PRESSES = 26  # a longer line is one of its own
_ASKED_BEFORE = 6
_ASKED_MINUTES = 20.0
_REGULAR = 8
_COMMON_PRACTICE = 3
_SHOWN = frozenset({"image", "video", "link", "card", "file", "location", "other", "forward"})
_ENTRY = re.compile(r"\+?\d{1,3}$|\d{1,3}[.、]|那?我?(?:要|报名|来|直接报)(?:\d|[一两]|了|名|$)|算我")
_MEDIA = re.compile(r"\[[^\[\]]{1,8}\]|!\[[^\]]*\]\([^)]*\)")


class _Candidate(NamedTuple):
    """A message that offers something, and where it stands among those said."""

    at: int
    pitch: Pitch
    leaning: float


def read_ads(transcript: Transcript, roles: Roles) -> tuple[Ad, ...]:
    """The ads, in the order of time, each with why and the messages or notices that dealt with it.

    What the group's own staff offers is none, nor what members offer where that is what the group is for.
    """
    return _Reader(transcript, roles).ads()


class _Reader:
    def __init__(self, transcript: Transcript, roles: Roles) -> None:
        self.roles = roles
        self.said = transcript.said
        self.notices = [message for message in transcript.messages if message.kind == "system"]
        self.lines = [message.line for message in self.said]
        self.minutes = minutes_of(self.said)
        self.spoken = Counter(message.sender for message in self.said)
        self.group = transcript.group
        self._place = {message.id: at for at, message in enumerate(transcript.messages)}
        self._notice_places = [self._place[notice.id] for notice in self.notices]

    def ads(self) -> tuple[Ad, ...]:
        candidates = [found for at, message in enumerate(self.said) if (found := self._candidate(at, message))]
        practice = self._practice(candidates)
        offering = Counter(self.said[one.at].sender for one in candidates)
        welcome = {
            self.said[one.at].sender for one in candidates if not self._met(one.at)[0] and self._taken_up(one.at)
        }
        why: dict[int, str] = {}
        for one in candidates:
            if self._is_ad(one, practice, offering, welcome) and not suspicious(self.said[one.at].text):
                why[one.at] = one.pitch.why
        for at in sorted(why):
            for follow in self._goes_on(at, why):
                why.setdefault(follow, f"接着推销：{why[at]}")
        self._tries_again(why)
        return tuple(Ad(message=self.said[at].id, why=why[at], handled=self._handled(at)) for at in sorted(why))

    def _candidate(self, at: int, message: Message) -> _Candidate | None:
        """A message that may be an ad by its own words."""
        if self.roles.speaks_for_group(message.sender) or message.sender in self.roles.bots:
            return None
        if len(message.text) < _SHORTEST or message.kind == "forward" or message.text.startswith("#接龙"):
            return None
        selling = _selling(message) if sum(map(str.isalpha, message.text)) >= _TELLING else 0.0
        known = selling >= bound("leaning_alone") or (selling > 0 and self._told_off(at))
        found = pitch(message.text, offering=known and not talk.asks(message.text))
        return _Candidate(at, found, selling) if found is not None else None

    def _practice(self, candidates: list[_Candidate]) -> frozenset[str]:
        """The offers that are the group's own business: by its name, or because several members make them unreproached."""
        by_name = habits(self.group)
        makers: dict[str, set[str]] = {}
        for one in candidates:
            weak = bool(one.pitch.offers) and not one.pitch.strong
            if weak and one.pitch.weight >= bound("enough") and not self._met(one.at)[0]:
                makers.setdefault(one.pitch.offers[0], set()).add(self.said[one.at].sender)
        by_use = {
            kind
            for kind, members in makers.items()
            if sum(not says("seller", member) for member in members) >= _COMMON_PRACTICE
        }
        return by_name | by_use

    def _is_ad(self, one: _Candidate, practice: frozenset[str], offering: Counter[str], welcome: set[str]) -> bool:
        message = self.said[one.at]
        strong, offers = one.pitch.strong, one.pitch.offers
        usual = bool(offers) and practice.issuperset(offers)
        least, most = 0.0 if strong else -_DOUBTED, 0.0 if usual else _SURE
        weight = one.pitch.weight + bound("leaning") * max(least, min(one.leaning, most))
        trading = says("seller", message.sender)
        weight += 1.0 if trading else 0.0
        ordinary = self.spoken[message.sender] - offering[message.sender]
        if not strong:
            weight -= 0.8 if ordinary >= _REGULAR and not trading else 0.0
            weight += 0.4 if ordinary == 0 else 0.0
            weight -= 1.2 if self._was_asked_for(one.at) and "leaked" not in offers else 0.0
            weight -= 3.0 if usual else 0.0
        reproached, groaned = self._met(one.at)
        told_off = reproached and self._told_off(one.at)
        named = told_off and self.spoken[message.sender] < _REGULAR
        if weight < bound("about_ads_named" if named else "about_ads"):
            return False
        if pitch(message.text) is None:  # by no word of its own: a reminder to nobody in particular may mean another
            reproached = told_off
        weight += (2.0 if reproached else 0.0) + (0.7 if groaned else 0.0)
        if weight < bound("enough"):
            return False
        return reproached or strong or message.sender not in welcome

    def _after(self, at: int, most: int = _SEEN, minutes: float = _SEEN_MINUTES) -> Iterator[int]:
        for later in range(at + 1, min(len(self.said), at + 1 + most)):
            if self.minutes[later] - self.minutes[at] > minutes:
                return
            yield later

    def _met(self, at: int) -> tuple[bool, bool]:
        """Whether the group's people (or a notice) dealt with it, and whether members groaned."""
        sender = self.said[at].sender
        reproached = bool(self._removed(at))
        groaned = False
        for later in self._after(at):
            message = self.said[later]
            if message.sender == sender or not message.text or len(message.text) > 200:
                continue
            text = message.text
            near = later - at <= 4 and not _calls_somebody(message)
            if self.roles.speaks_for_group(message.sender):
                reproached |= (near or _calls(message, sender)) and says("reminding", text)
            elif near or _calls(message, sender):
                groaned |= len(text) <= 40 and says("groaning", text)
        return reproached, groaned

    def _told_off(self, at: int) -> bool:
        """Whether the group's people remind this very sender (or a notice removes them)."""
        sender = self.said[at].sender
        return bool(self._removed(at)) or any(
            self.roles.speaks_for_group(self.said[later].sender)
            and _calls(self.said[later], sender)
            and says("reminding", self.said[later].text)
            for later in self._after(at)
        )

    def _removed(self, at: int) -> list[str]:
        """The notices soon after that name the sender: taken back, removed."""
        sender = self.said[at].sender
        start = bisect_right(self._notice_places, self._place[self.said[at].id])
        found = []
        for notice in self.notices[start : start + 6]:
            if self._place[notice.id] - self._place[self.said[at].id] > 2 * _SEEN:
                break
            if sender in notice.text and says("removing", notice.text):
                found.append(notice.id)
        return found

    def _was_asked_for(self, at: int) -> bool:
        """Whether somebody asked for such a thing just before."""
        sender = self.said[at].sender
        offered = self.said[at].text
        for before in range(max(0, at - _ASKED_BEFORE), at):
            message = self.said[before]
            recent = message.sender != sender and self.minutes[at] - self.minutes[before] <= _ASKED_MINUTES
            if recent and 0 < len(message.text) < 80 and says("seeking", message.text):
                named = _calls(self.said[at], message.sender) or at - before == 1
                if named or any(message.text[place : place + 2] in offered for place in range(len(message.text) - 1)):
                    return True
        return False

    def _taken_up(self, at: int) -> bool:
        """Whether members sign up or ask, and the sender stays to answer them: a matter of the group's own."""
        sender = self.said[at].sender
        interested: set[str] = set()
        stays = 0
        for later in self._after(at, 40, 24 * 60.0):
            message = self.said[later]
            if message.sender == sender:
                stays += bool(interested and message.text)
            elif (
                _calls(message, sender)
                or _signs_up(message.text)
                or (later - at <= _ASKED_BEFORE and self._asks_soon(at, later))
            ):
                interested.add(message.sender)
        return stays >= 2 and len(interested) >= bound("taken_up")

    def _asks_soon(self, at: int, later: int) -> bool:
        message = self.said[later]
        soon = self.minutes[later] - self.minutes[at] <= _GOES_ON_MINUTES
        return soon and not self.roles.speaks_for_group(message.sender) and talk.asks(message.text[:_PRESSES])

    def _goes_on(self, at: int, why: dict[int, str]) -> Iterator[int]:
        """The sender's next messages that belong to the ad."""
        sender = self.said[at].sender
        for later in self._after(at, 8, _GOES_ON_MINUTES):
            message = self.said[later]
            if message.sender != sender or later in why:
                continue
            text = _MEDIA.sub("", message.text).strip()
            if message.kind in _SHOWN or (message.text and not text):
                if self.minutes[later] - self.minutes[at] <= 5 and not message.text.startswith("#接龙"):
                    yield later
            elif says("taking_back", text) or _calls_somebody(message):
                return
            elif len(text) <= _PRESSES and says("pressing", text):
                yield later

    def _tries_again(self, why: dict[int, str]) -> None:
        """Who advertised before and asks again to be contacted advertises again."""
        first: dict[str, int] = {}
        for at in sorted(why):
            first.setdefault(self.said[at].sender, at)
        if not first:
            return
        for at, message in enumerate(self.said):
            if (start := first.get(message.sender)) is None or at <= start or at in why or not message.text:
                continue
            text = message.text
            reaches = says("reach", text) or says("divert", text)
            stranger = self.spoken[message.sender] < _REGULAR or says("seller", message.sender)
            trades = stranger and (pitch(text) is not None or (_selling(message) > 0 and not talk.asks(text)))
            retracts = says("seeking", text) or (says("taking_back", text) and not reaches)
            if (reaches or trades) and not retracts and not _calls_somebody(message):
                why[at] = "发过广告的人又来招揽"

    def _handled(self, at: int) -> tuple[str, ...]:
        """The reminders and notices that dealt with the ad."""
        sender = self.said[at].sender
        ids = self._removed(at)
        for later in self._after(at):
            message = self.said[later]
            if not self.roles.speaks_for_group(message.sender) or not message.text:
                continue
            if (later - at <= 5 or _calls(message, sender)) and says("reminding", message.text):
                ids.append(message.id)
        return tuple(sorted(dict.fromkeys(ids), key=self._place.__getitem__))


def _selling(message: Message) -> float:
    """How much more a line reads like selling than lines do that only look like it."""
    reads = leaning(message.text, message.sender)
    return reads.sells - bound("leaning_from") if reads.sells > reads.promises else 0.0


def _signs_up(text: str) -> bool:
    return text.startswith("#接龙") or _ENTRY.match(text) is not None


def _calls(message: Message, member: str) -> bool:
    """Whether the message calls this member."""
    return member in message.mentions or f"@{member}" in message.text


def _calls_somebody(message: Message) -> bool:
    return bool(message.mentions) or message.text.startswith("@")
