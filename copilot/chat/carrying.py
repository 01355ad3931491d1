"""Promises of earlier days, looked for in today's chat."""

import re
from collections.abc import Sequence
from datetime import datetime

from copilot.chat.actions import ALIKE, judge, read_actions
from copilot.chat.claims import Action
from copilot.chat.outcomes import Course, Follower
from copilot.chat.scene import Scene
from copilot.chat.terms import terms

_OPEN = frozenset({"open", "overdue", "partly_done"})
_FOLLOWS = re.compile(r"\((?P<name>[^()]+)跟进\)$")


def carry_on(previous: Sequence[Action], scene: Scene, now: datetime | None = None) -> tuple[Action, ...]:
    """What earlier digests left open, as it stands by `now` (or today's last message), in the order given.

    Its `messages` and `outcome` are ids of today's chat: an earlier chat's ids mean nothing here, `origin` says where it
    came from. A promise that its owner renews today carries the new time and the message that renews it, so the action
    read from that message is the same one. What was done before is left out, and so are calls to the group whose time
    has passed.
    """
    follower = Follower(scene)
    moments = [message.time for message in reversed(scene.talk) if message.time is not None][:1]
    end = now or (moments[0] if moments else None)
    today = [action for action in read_actions(scene, now) if action.basis == "promise"]
    carried = (_carry(one, follower, today, end) for one in previous if one.status in _OPEN)
    return tuple(one for one in carried if one is not None)


def _carry(one: Action, follower: Follower, today: Sequence[Action], now: datetime | None) -> Action | None:
    follows = _FOLLOWS.search(one.owner)
    by = follows["name"] if follows else one.owner
    known = one.basis == "promise" or by in follower.own
    if not known:
        lapsed = one.due is not None and now is not None and now > one.due
        return None if lapsed else one.model_copy(update={"messages": (), "outcome": ()})
    about = terms(one.task)
    course = follower.follow(one.task, -1, None, by, one.to, about, requested=one.basis == "request")
    renewed = next((new for new in today if _same(new, one, about, follower)), None)
    if renewed is not None and not _done_before(course, renewed, follower):
        update: dict[str, object] = {"due": renewed.due or one.due, "due_text": renewed.due_text or one.due_text}
        update |= {"status": renewed.status, "messages": renewed.messages, "outcome": renewed.outcome}
        return one.model_copy(update=update)
    status = judge(course, one.due, now)
    if status == "open" and one.status == "overdue":
        status = "overdue"
    return one.model_copy(update={"status": status, "messages": (), "outcome": course.messages})


def _same(new: Action, old: Action, about: frozenset[str], follower: Follower) -> bool:
    """Whether today's promise is the old one made again."""
    return new.owner == old.owner and follower.weights.shared(terms(new.task), about) >= ALIKE


def _done_before(course: Course, renewed: Action, follower: Follower) -> bool:
    """Whether the old one was done before today's promise was made."""
    if not course.is_done or not course.messages:
        return False
    return follower.position[course.messages[-1]] < follower.position[renewed.messages[-1]]
