"""A crisis reply as its page shows it: which message goes out when, and how grave the matter is."""

from dataclasses import dataclass

from copilot import Draft
from copilot.records import Part
from copilot.ui.messages import messages
from copilot.ui.structures import Row, rows, section, words


@dataclass(frozen=True)
class Replies:
    """The messages of a crisis reply by when they are needed: to the group now, in private, later, and the team's sheet."""

    now: tuple[Part, ...]
    private: tuple[Part, ...]
    later: tuple[Part, ...]
    team: tuple[Part, ...]


def replies(draft: Draft) -> Replies:
    """The parts of a draft, sorted."""
    parts = messages(draft)
    group = [part for part in parts if part.readers == "group"]
    later = [part for part in group if part.name.startswith("update-")]
    return Replies(
        now=tuple(part for part in group if part not in later),
        private=tuple(part for part in parts if part.readers == "private"),
        later=tuple(later),
        team=tuple(part for part in parts if part.readers == "team"),
    )


def published(draft: Draft) -> str:
    """What the group will have read of the matter: the statement, or else all that goes out now."""
    now = replies(draft).now
    statement = next((part for part in now if part.name == "statement"), None)
    return statement.text if statement else "\n\n".join(part.text for part in now)


def level(structure: Row) -> int:
    """How grave it is, from 1 to 4; 0 when nothing is said."""
    found = section(structure, "severity").get("level", 0)
    return found if isinstance(found, int) and 1 <= found <= 4 else 0


def types(structure: Row) -> list[str]:
    """What kinds of crisis it is, the main one first."""
    return [words(row, "title", "name", "text") for row in rows(structure, "types")]
