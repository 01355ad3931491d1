"""What is kept: drafts with their edits and sendings, group profiles with their history, and conversations.

`Store` loads on first use: SQLAlchemy takes half a second, the records nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from copilot.store.records import (
    Attachment,
    Change,
    Choice,
    Comparison,
    Conversation,
    ConversationSummary,
    DecidedHabit,
    DraftSummary,
    GroupVersion,
    Habit,
    LineChange,
    SavedGroup,
    Sending,
    Standing,
    StoredDraft,
    Turn,
    Use,
    Version,
    Work,
)

if TYPE_CHECKING:
    from copilot.store.comparing import compare
    from copilot.store.store import Store, examine_store

__all__ = [
    # the store, how it stands, and the difference of two texts
    "Store",
    "compare",
    "examine_store",
    # what they return
    "Attachment",
    "Change",
    "Choice",
    "Comparison",
    "Conversation",
    "ConversationSummary",
    "DecidedHabit",
    "DraftSummary",
    "GroupVersion",
    "Habit",
    "LineChange",
    "SavedGroup",
    "Sending",
    "Standing",
    "StoredDraft",
    "Turn",
    "Use",
    "Version",
    "Work",
]

_HOME = {"Store": "store", "examine_store": "store", "compare": "comparing"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'copilot.store' has no attribute {name!r}")
    return getattr(import_module(f"copilot.store.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
