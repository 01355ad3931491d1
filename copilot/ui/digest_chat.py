"""The chat behind a digest: the messages that a claim rests on, with a few around them, as they were sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from copilot import CopilotError, Draft
from copilot.chat.claims import Injection
from copilot.chat.records import Message, Transcript
from copilot.settings import Settings
from copilot.tasks.digest.brief import read_chat_brief
from copilot.tasks.digest.exporting import RECEIPT
from copilot.tasks.digest.telling import Telling
from copilot.ui import state
from copilot.ui.structures import rows

MOST = 30
"""So many of a claim's messages are shown at once; the rest is a click away."""
AROUND = 1
LONGEST = 700


@dataclass(frozen=True)
class Line:
    """One message as it is shown. `cited`: the claim rests on it; `answers`: what it replies to, in words."""

    clock: str
    sender: str
    text: str
    kind: str
    number: int
    cited: bool
    answers: str = ""


@dataclass(frozen=True)
class Excerpt:
    """Stretches of a chat, between which others are left out; how many messages are cited, and how many of those come later."""

    stretches: tuple[tuple[Line, ...], ...]
    cited: int
    left_out: int = 0


class Chat:
    """A transcript as a page looks things up in it."""

    def __init__(self, transcript: Transcript, telling: Telling) -> None:
        self._messages = transcript.messages
        self._places = {message.id: place for place, message in enumerate(transcript.messages)}
        self._telling = telling

    def places(self, names: Iterable[str]) -> list[int]:
        """Where messages stand in the chat, in its order; those that are not in it go."""
        return sorted({self._places[name] for name in names if name in self._places})

    def excerpt(self, names: Iterable[str], *, start: int = 0, most: int = MOST) -> Excerpt:
        """The cited messages from the `start`-th on, at most so many, each with its neighbours."""
        cited = self.places(names)
        wanted = cited[start : start + most]
        marked = frozenset(cited)
        near = sorted({at for place in wanted for at in range(place - AROUND, place + AROUND + 1)})
        stretches: list[list[Line]] = []
        for at in near:
            if not 0 <= at < len(self._messages):
                continue
            if not stretches or stretches[-1][-1].number != at - 1:
                stretches.append([])
            stretches[-1].append(self._line(at, cited=at in marked))
        shown = sum(line.cited for stretch in stretches for line in stretch)
        return Excerpt(tuple(map(tuple, stretches)), len(cited), max(0, len(cited) - start - shown))

    def receipt(self, names: Iterable[str]) -> str:
        """The receipt of the first of these messages: `11/20 10:02 秋葵妈妈`; "" when there is none."""
        found = self.places(names)
        return self._telling.receipt(self._messages[found[0]].id)[1:-1] if found else ""

    def named_in(self, text: str) -> tuple[str, ...]:
        """The messages whose receipts stand in a text."""
        return tuple(name for receipt in RECEIPT.findall(text) for name in self._by_receipt.get(receipt, ()))

    @cached_property
    def _by_receipt(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for message in self._messages:
            found.setdefault(self._telling.receipt(message.id), []).append(message.id)
        return found

    def _line(self, at: int, *, cited: bool) -> Line:
        message = self._messages[at]
        return Line(
            clock=self._telling.clock(message),
            sender="" if message.kind == "system" else message.sender,
            text=_shortened(message.text),
            kind=message.kind,
            number=at,
            cited=cited,
            answers=_answered(message),
        )


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _answered(message: Message) -> str:
    reply = message.reply
    if reply is None:
        return ""
    return "：".join(filter(None, (reply.name, " ".join(reply.text.split())[:60])))


def chat_of(draft: Draft) -> Chat | CopilotError:
    """The chat behind a digest, or why it can't be had."""
    try:
        return _chat(draft.id, draft, state.copilot().settings)
    except CopilotError as error:
        return error


@st.cache_resource(max_entries=3, show_spinner=False)
def _chat(draft_id: str, _draft: Draft, _settings: Settings) -> Chat:
    request = _draft.request
    brief = read_chat_brief(request, (request.now or _draft.created).astimezone(_settings.zone), _settings)
    injections = tuple(Injection.model_validate(row) for row in rows(_draft.structure, "injections"))
    return Chat(brief.transcript, Telling(brief.transcript, injections))
