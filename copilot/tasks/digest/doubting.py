"""Where a model reads a claim of ours otherwise: whether it does at all, and how that is told beside the claim."""

from typing import Any

from copilot.chat.claims import Action, Complaint, Decision, Doubt, Highlight, Question, Rumour
from copilot.tasks.digest.book import book
from copilot.tasks.digest.listing import says
from copilot.tasks.digest.view import View, key_of

_ENDED = {"answered", "done", "resolved", "refuted"}
_LONGEST = 40


def state_of(claim: Any) -> str:
    """How one of ours stands, in the words of a model's reply; "" for what has no state."""
    match claim:
        case Question():
            return "answered" if claim.answer else "open"
        case Action():
            return "done" if claim.status in ("done", "done_late") else "open"
        case Decision():
            return "in_force" if claim.status == "in_force" else "proposed"
        case Complaint():
            return claim.status if claim.status in ("answered", "resolved") else "open"
        case Rumour():
            return "refuted" if claim.status == "refuted" else "open"
    return ""


def shown_by(claim: Any) -> tuple[str, ...]:
    """The messages that show how one of ours stands."""
    match claim:
        case Question():
            return (claim.answer,) if claim.answer else ()
        case Action():
            return claim.outcome
        case Complaint():
            return claim.handling
        case Rumour():
            return (*claim.replies, *claim.refuted)
    return ()


def agrees(claim: Any, status: str, message: str) -> bool:
    """Whether a doubt says of a claim what we say ourselves. A question's other answer is another reading."""
    ours = state_of(claim)
    if status == "none" or not ours:
        return False
    if isinstance(claim, Question) and ours == "answered":
        return message == claim.answer if status in _ENDED else not status and message in claim.messages
    if not status:  # that it is settled, or none
        return ours not in ("open", "in_force")
    return _said_of(claim, status) == ours


def _said_of(claim: Any, status: str) -> str:
    """A state as such a claim may have it."""
    match claim:
        case Question():
            return "answered" if status in _ENDED else "open"
        case Action():
            return "done" if status in _ENDED else "open"
        case Decision():
            return "in_force" if status == "in_force" else "proposed"
        case Complaint():
            return "resolved" if status == "done" else status if status in ("answered", "resolved") else "open"
        case Rumour():
            return "refuted" if status in ("refuted", "resolved") else "open"
    return status


def beside(kind: str, claim: Any, view: View) -> str:
    """What is told of a model's doubt behind the claim's own line; "" without one."""
    doubt = view.doubts.get((kind, key_of(claim)))
    if doubt is None:
        return ""
    said = f"“{view.telling.told(doubt.quote, (doubt.message,), _LONGEST, stop=False)}”{view.telling.receipt(doubt.message)}"
    if isinstance(claim, Question) and claim.answer and doubt.status == "answered":
        return says("doubt_answer", said=said)
    return says("doubt", reading=book().statuses["doubt"][_reading(claim, doubt)], said=said)


def _reading(claim: Any, doubt: Doubt) -> str:
    known = doubt.status in ("", "none") or isinstance(claim, Highlight)
    return doubt.status if known else _said_of(claim, doubt.status)
