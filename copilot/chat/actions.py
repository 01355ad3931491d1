"""Promises and to-dos: who owes what to whom, by when, and how it went."""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from copilot.chat.claims import Action
from copilot.chat.closeness import within
from copilot.chat.due_times import read_due
from copilot.chat.organisers import read_organisers
from copilot.chat.outcomes import Course, Follower, is_late
from copilot.chat.records import Message
from copilot.chat.scene import Scene
from copilot.chat.terms import terms
from copilot.chat.undertaking import NAMED, SHORT, Basis, Undertaken, promises, requests
from copilot.chat.utterances import bare, does, plain

AGAIN = timedelta(minutes=5)
"""A promise made twice within this time, or again about the same words within `REACH`, is one."""
REACH = timedelta(days=3)
ALIKE = 0.6
TELLING = 0.3
AROUND = timedelta(minutes=12)
SPOKEN = 3
LOOKED_BACK = 6

_SAID = frozenset({"text", "quote", "other", "link"})
_BY_WHEN = re.compile(r"[^,，。;；!！?？\s]{1,12}?(?:之前|以前|前)(?=[^面台]|$)")
"""By when: what the hour is counted by (`展示前`) is not what was promised."""
Status = Literal["open", "done", "done_late", "overdue", "partly_done"]


@dataclass(eq=False)
class _Owed:
    """Something to be done as it is being read.

    `to` are those who wait for it, `own` its words, `about` also those of what it answers and goes on with, `by` whose
    later messages show how it went.
    """

    message: Message
    owner: str
    task: str
    basis: Basis
    to: tuple[str, ...]
    own: frozenset[str]
    about: frozenset[str]
    due: datetime | None
    due_text: str
    messages: list[str] = field(default_factory=list)
    by: str = ""


def read_actions(scene: Scene, now: datetime | None = None) -> tuple[Action, ...]:
    """The promises and to-dos in the order of time. What is due is judged against `now`, or the chat's last message."""
    reader = _Reader(scene)
    for message in scene.talk:
        if message.text and message.kind in _SAID and not message.text.startswith("#"):
            reader.take(message)
    moments = [message.time for message in reversed(scene.talk) if message.time is not None][:1]
    end = now or (moments[0] if moments else None)
    follower = Follower(scene)
    return tuple(_record(f"a{at}", one, follower, end) for at, one in enumerate(reader.owed, 1))


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.organisers = read_organisers(scene)
        self.weights = scene.telling
        self.owed: list[_Owed] = []
        self.of_owner: dict[str, list[_Owed]] = {}
        self.before: dict[str, deque[Message]] = {}

    def take(self, message: Message) -> None:
        """Read one message."""
        leads = self.scene.official(message) or message.sender in self.organisers
        answered = self.scene.by_id.get(self.scene.answers.get(message.id, ""))
        leader = answered is not None and (self.scene.official(answered) or answered.sender in self.organisers)
        for one in promises(message, official=leads, answered=answered if leads or leader else None):
            self._note(message, answered, one)
        for one in requests(message, leads=leads, in_reply=answered is not None):
            self._note(message, answered, one)
        if leads:
            self.before.setdefault(message.sender, deque(maxlen=SPOKEN)).append(message)

    def _note(self, message: Message, answered: Message | None, one: Undertaken) -> None:
        task, messages = one.task, [message.id]
        if answered is not None and one.basis == "promise" and len(plain(task)) <= SHORT and not one.others:
            task = f"{task}(回应：{' '.join(bare(answered.text).split())[:40]})"
        if answered is not None and "(回应：" in task:
            messages = [answered.id, message.id]
        owner = one.owner or message.sender
        by = message.sender if one.others else owner
        if one.others:
            owner = f"{one.owner}({message.sender}跟进)"
        waiting = self._waiting(message, answered, one)
        about = terms(_BY_WHEN.sub(" ", one.task))
        if one.basis == "promise":
            about |= (
                terms(_BY_WHEN.sub(" ", message.text))
                | self._around(message)
                | (terms(answered.text) if answered is not None else frozenset())
            )
        due, due_text = read_due(one.timed, message.time)
        if due is None and not due_text and does("books", plain(one.task)) and answered is not None:
            due, due_text = read_due(answered.text, message.time)
        apart = len(waiting) > 1 and one.basis == "promise" and does("several", plain(one.task))
        each: list[str | None] = [*waiting] if apart else [None]
        if len(each) == 1 and (earlier := self._again(owner, message, terms(one.task), due)):
            earlier.messages += [id_ for id_ in messages if id_ not in earlier.messages]
            earlier.about |= about
            earlier.own |= terms(one.task)
            if due is not None:
                earlier.due, earlier.due_text, earlier.task, earlier.message = due, due_text, task, message
            return
        for name in each:
            to = (name,) if name is not None else tuple(waiting)
            said = f"{task}(给{name})" if name is not None else task
            owed = _Owed(message, owner, said, one.basis, to, terms(one.task), about, due, due_text, list(messages), by)
            self.owed.append(owed)
            self.of_owner.setdefault(owner, []).append(owed)

    def _waiting(self, message: Message, answered: Message | None, one: Undertaken) -> list[str]:
        """Who waits for it."""
        if one.basis != "promise":
            return [message.sender]
        if message.mentions:
            return list(message.mentions[:NAMED])
        return [answered.sender] if answered is not None and answered.sender != message.sender else []

    def _around(self, message: Message) -> frozenset[str]:
        """The words of what the sender said just before."""
        found: frozenset[str] = frozenset()
        for before in self.before.get(message.sender, ()):
            if within(before, message, AROUND):
                found |= terms(before.text)
        return found

    def _again(self, owner: str, message: Message, own: frozenset[str], due: datetime | None) -> _Owed | None:
        """The promise of the same owner that this one only says again or goes on with."""
        for one in reversed(self.of_owner.get(owner, [])[-LOOKED_BACK:]):
            if one.message.id == message.id and one.basis == "promise":
                continue
            if one.message.id == message.id:
                return one
            shared = self.weights.shared(own, one.own)
            enough = TELLING if within(one.message, message, AGAIN) else ALIKE
            if (
                shared >= enough
                and within(one.message, message, REACH)
                and (one.due is None or due is None or due == one.due)
            ):
                return one
        return None


def _record(name: str, one: _Owed, follower: Follower, now: datetime | None) -> Action:
    if _at_once(one):
        course = Course((one.message.id,), one.message.time, is_done=True)
        return _action(name, one, course, now, follower)
    since = follower.position[one.message.id]
    course = follower.follow(
        one.task, since, one.message.time, one.by, one.to, one.about, requested=one.basis == "request"
    )
    return _action(name, one, course, now, follower)


def _at_once(one: _Owed) -> bool:
    """Whether the message that promises also brings it: put down already, or shown right there."""
    words = plain(one.task)
    if one.basis != "promise" or one.due is not None:
        return False
    return does("books", words) or ("[图片]" in one.message.text and does("shows", words))


def _action(name: str, one: _Owed, course: Course, now: datetime | None, follower: Follower) -> Action:
    known = one.basis == "promise" or one.by in follower.own
    status = judge(course, one.due, now) if known else "open"
    if status == "overdue" and not course.missed and does("books", plain(one.task)):
        status = "open"  # an appointment that passed without a word went as agreed, or nobody says
    return Action(
        id=name,
        owner=one.owner,
        task=one.task,
        basis=one.basis,
        due=one.due,
        due_text=one.due_text,
        status=status,
        messages=tuple(one.messages),
        outcome=course.messages,
        to=one.to,
        origin=f"{one.message.time:%m-%d %H:%M} {one.message.sender}" if one.message.time else one.message.sender,
    )


def judge(course: Course, due: datetime | None, now: datetime | None) -> Status:
    """How a course stands by `now`."""
    if course.is_done:
        return "done_late" if is_late(course.done, due) else "done"
    if course.missed and (due is None or now is None or now >= due):
        return "overdue"
    return "overdue" if due is not None and now is not None and now > due else "open"
