"""What a session remembers: every key of `st.session_state`, declared once with its type and default.

Widgets take `KEY.name` as their key with `persist_state="session"`, so that what was typed outlives a
rerun, a hidden widget and another page. Two sessions share nothing but the settings in `copilot()`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, TypeVar, cast

import streamlit as st

from copilot import Copilot, CopilotError, Draft

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One entry of the session, with the value it has until somebody sets it."""

    name: str
    default: T

    def get(self) -> T:
        """The value in this session."""
        return cast("T", st.session_state.get(self.name, self.default))

    def set(self, value: T) -> None:
        """Remember a value. A widget's key can be set only before the widget is drawn, as in a callback."""
        st.session_state[self.name] = value

    def declare(self) -> None:
        """Give the session its default before a widget with this key is drawn."""
        st.session_state.setdefault(self.name, self.default)


@dataclass(frozen=True)
class Copied:
    """A text that left for the clipboard, and when."""

    at: datetime
    text: str


LANGUAGE = Key[str]("language", "")
COPIED = Key[tuple[Copied, ...]]("copied", ())

BRIEF = Key[str]("announcement.brief", "")
BRIEF_OPEN = Key[bool]("announcement.brief_open", True)  # whether the brief is unfolded
FORMAT = Key[str]("announcement.format", "")  # ".yaml" or ".json" when the brief came from such a file
TONE = Key[str]("announcement.tone", "")
PLATFORM = Key[str]("announcement.platform", "")
LENGTH = Key[int | None]("announcement.length", None)
WRITER = Key[Literal["auto", "offline", "model"]]("announcement.writer", "auto")
TODAY = Key[date | None]("announcement.today", None)

WANTED = Key[bool]("announcement.wanted", False)  # a draft was asked for and is not there yet
DRAFT = Key[Draft | None]("announcement.draft", None)
EARLIER = Key[Draft | None]("announcement.earlier", None)  # the draft that the present one replaced
ERROR = Key[CopilotError | None]("announcement.error", None)
EDITING = Key[bool]("announcement.editing", False)
EDITED = Key[str]("announcement.edited", "")


def answer_key(missing: str) -> Key[str]:
    """Where the operator's answer to one missing fact is typed."""
    return Key(f"announcement.answer.{missing}", "")


def correction_key(draft: str, conflict: int, origin: int) -> Key[str]:
    """Where one statement of a conflict is put right."""
    return Key(f"announcement.correction.{draft}.{conflict}.{origin}", "")


@st.cache_resource(show_spinner=False)
def copilot() -> Copilot:
    """The one client of this server: it holds settings only and is safe to share. Raises `SettingsError`."""
    return Copilot()
