"""A chat as both parts and the review look at it: the claims, who is who, and what hangs together among them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from copilot.chat.claims import Action, Ad, Claims, Complaint, Decision, Doubt, Figures, Question, Risk
from copilot.chat.closeness import within
from copilot.chat.records import Message
from copilot.chat.scene import Roles
from copilot.tasks.digest.book import book
from copilot.tasks.digest.levels import LEVELS, OPEN
from copilot.tasks.digest.telling import REPORT, Telling

SAME_MATTER = 3
"""So many pairs of characters in common make an answer and a change be about one matter."""
ASIDE = 2
"""So many messages right after a withheld one may be about it …"""
ASIDE_WITHIN = timedelta(minutes=6)
"""… within this time."""
_FIGURE = re.compile(r"[0-9]|[一二三四五六七八九十]点|周[一二三四五六日]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class View:
    """The claims of one chat. `noise` are the ids of messages that are no talk; `now` is when dues are judged;
    `rules` are the group's own, as the operator wrote them.
    """

    claims: Claims
    figures: Figures
    roles: Roles
    telling: Telling
    now: datetime | None
    rules: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages and notices."""
        return self.telling.transcript.messages

    @cached_property
    def noise(self) -> frozenset[str]:
        """The ids of ads and of hostile messages."""
        hostile = {one.message for one in self.claims.injections if one.where == "body"}
        return frozenset({*hostile, *(ad.message for ad in self.claims.ads)})

    @property
    def is_report(self) -> bool:
        """Whether it is a daily report in prose."""
        return self.telling.transcript.format == REPORT

    @cached_property
    def senders(self) -> frozenset[str]:
        """Everybody who wrote."""
        return frozenset(message.sender for message in self.telling.transcript.said)

    def official(self, member: str) -> bool:
        """Whether a member speaks for the group."""
        return self.roles.speaks_for_group(member)

    def sender(self, name: str) -> str:
        """Who sent a message."""
        message = self.telling.by_id.get(name)
        return message.sender if message else ""

    def place(self, name: str) -> int:
        """Where a message stands in the chat."""
        return self._places.get(name, len(self._places))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {message.id: place for place, message in enumerate(self.messages)}

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Ids in the order of the chat, each once."""
        return sorted(dict.fromkeys(names), key=self.place)

    @cached_property
    def unanswered(self) -> tuple[Question, ...]:
        """What nobody has answered: the most pressing first."""
        return tuple(
            sorted(
                self.claims.unanswered,
                key=lambda one: (-len(one.repeats), -len(one.also), self.place(one.message)),
            )
        )

    @cached_property
    def open_complaints(self) -> tuple[Complaint, ...]:
        """Grievances that are not settled: the gravest first."""
        found = [one for one in self.claims.complaints if one.status in OPEN]
        return tuple(sorted(found, key=self._gravity))

    def _gravity(self, one: Complaint) -> tuple[bool, int, int]:
        return (not self.broken(one), LEVELS.index(one.level), -len(one.messages))

    def broken(self, complaint: Complaint) -> tuple[Action, ...]:
        """The promises about a complaint that were not kept."""
        about = (*complaint.messages, *complaint.handling)
        return tuple({one.id: one for name in about for one in self._overdue_by_message.get(name, ())}.values())

    @cached_property
    def _overdue_by_message(self) -> dict[str, list[Action]]:
        found: dict[str, list[Action]] = {}
        for one in self.overdue:
            for name in {*one.messages, *one.outcome}:
                found.setdefault(name, []).append(one)
        return found

    @cached_property
    def overdue(self) -> tuple[Action, ...]:
        """Promises whose time has passed."""
        return tuple(one for one in self.claims.actions if one.status == "overdue")

    @cached_property
    def due_soon(self) -> tuple[Action, ...]:
        """What is due within the next day and a half."""
        if not self.now:
            return ()
        until = self.now + timedelta(hours=book().thresholds["soon_hours"])
        found = [
            one
            for one in self.claims.actions
            if one.status == "open" and one.due and self.now <= one.due <= until and not self.outdated(one)
        ]
        return tuple(sorted(found, key=lambda one: one.due or until))

    def outdated(self, action: Action) -> bool:
        """Whether what everybody was asked to do was changed by a later decision."""
        return bool(action.messages) and action.owner not in self.senders and self.replaced.issuperset(action.messages)

    def overtaken(self, question: Question) -> bool:
        """Whether an answer that names an hour, a day or a sum was given before a change of what it is about."""
        words = f"{question.question} {self.telling.by_id[question.answer].text}" if question.answer else ""
        if not _FIGURE.search(words):
            return False
        asked, at = _pairs(words), self.place(question.answer)
        return any(
            at < self.place(new.messages[-1]) and len(asked & _pairs(f"{old.text} {new.text}")) >= SAME_MATTER
            for new, old in self.changes
            if question.answer not in new.messages
        )

    @cached_property
    def changes(self) -> tuple[tuple[Decision, Decision], ...]:
        """The decisions in force that replace another one, with the one they replace."""
        standing = (one for one in self.claims.decisions if one.status == "in_force")
        return tuple((one, old) for one in standing if (old := self.replaced_by(one)))

    @cached_property
    def replaced(self) -> frozenset[str]:
        """The messages of decisions that another one has replaced."""
        standing = {name for one in self.claims.decisions if one.status == "in_force" for name in one.messages}
        gone = {name for one in self.claims.decisions if one.status == "superseded" for name in one.messages}
        return frozenset(gone - standing)

    @cached_property
    def advertisers(self) -> tuple[tuple[str, tuple[Ad, ...]], ...]:
        """Each sender's ads that were dealt with, and those that were not, in the order of the chat."""
        found: dict[tuple[str, bool], list[Ad]] = {}
        for ad in sorted(self.claims.ads, key=lambda one: self.place(one.message)):
            found.setdefault((self.sender(ad.message), bool(ad.handled)), []).append(ad)
        return tuple((sender, tuple(ads)) for (sender, _), ads in found.items())

    @cached_property
    def untreated(self) -> tuple[tuple[str, tuple[Ad, ...]], ...]:
        """The senders whose last ads nobody has dealt with."""
        return tuple((sender, ads) for sender, ads in self.advertisers if not ads[0].handled)

    @cached_property
    def recalls(self) -> tuple[Message, ...]:
        """Messages that were taken back, or the notices that say so."""
        return tuple(
            one for one in self.messages if one.kind == "recall" or (one.kind == "system" and one.notice == "recall")
        )

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        """Risks, the gravest first."""
        return tuple(sorted(self.claims.risks, key=lambda one: LEVELS.index(one.level)))

    def risks_of(self, sort: str) -> tuple[Risk, ...]:
        """Risks of a sort (`risk_codes` in the words of the digest)."""
        return tuple(one for one in self.risks if one.code in book().risk_codes[sort])

    @cached_property
    def delicate(self) -> frozenset[str]:
        """Ids of messages that are nobody's business in public: private data, moods, health, quarrels, grievances."""
        found = {name for risk in self.claims.risks for name in risk.messages}
        found |= {one.message for one in self.claims.private}
        found |= {name for one in self.claims.complaints for name in one.messages}
        found |= {name for one in self.claims.rumours for name in one.messages}
        return frozenset(found | self.noise)

    @cached_property
    def aside(self) -> frozenset[str]:
        """What is said about ads and hostile messages: it replies to one, or stands right after it."""
        found, since = set[str](), ASIDE
        last: Message | None = None
        for message in self.telling.transcript.said:
            if message.id in self.noise:
                last, since = message, 0
                continue
            since += 1
            right_after = last is not None and since <= ASIDE and within(last, message, ASIDE_WITHIN)
            if right_after or (message.reply and message.reply.id in self.noise):
                found.add(message.id)
        return frozenset(found)

    @cached_property
    def doubts(self) -> Mapping[tuple[str, str], Doubt]:
        """What a model reads otherwise, by the claim's list and key."""
        return {(one.kind, one.claim): one for one in self.claims.doubts}

    def replaced_by(self, decision: Decision) -> Decision | None:
        """The decision that this one replaces."""
        return self._decisions.get(decision.supersedes)

    @cached_property
    def _decisions(self) -> dict[str, Decision]:
        return {one.id: one for one in self.claims.decisions if one.id}

    def guesses(self, question: Question, most: int = 2) -> list[str]:
        """What members said to a question nobody has answered, with receipts."""
        return [self.telling.said(name, 30) for name in question.replies[:most] if not self.official(self.sender(name))]

    def owners(self, names: Sequence[str]) -> str:
        """Members' names as they may be shown."""
        return self.telling.names(names)


def key_of(claim: Any) -> str:
    """What a claim is known by in its list: its id, of what has none its message."""
    return str(getattr(claim, "id", "") or claim.message)


def only_heard(claim: Any) -> bool:
    """Whether a model alone read a claim: it brings the words that prove it, what code read needs none."""
    return bool(claim.quote)


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters."""
    return {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}
