"""What a brief says, a thing at a time, and what is found wrong with one."""

from collections.abc import Sequence

from copilot.facts.brief import Statement
from copilot.facts.moments import Moment
from copilot.facts.values import Value
from copilot.records import Conflict, Origin, Record


class Item(Record):
    """One thing that may be said: a statement of the brief, cleaned, with its slot and values."""

    id: str
    label: str
    text: str
    slot: str
    statement: Statement
    values: tuple[Value, ...]

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The dates and times in it."""
        return tuple(value.moment for value in self.values if value.moment)

    @property
    def origin(self) -> Origin:
        """Where the operator said it."""
        return self.statement.origin


class Silenced(Record):
    """Words of an item that the placeholder elsewhere already shows."""

    item: str
    words: str


class Problem(Record):
    """One contradiction: what to show, in which item which words give way to the placeholder, and where others fall silent."""

    conflict: Conflict
    item: str
    words: str
    silenced: tuple[Silenced, ...] = ()


def problem(code: str, message: str, items: Sequence[Item], words: str, placeholder: str) -> Problem:
    """A problem of these items, whose `words` in the first give way to the placeholder."""
    conflict = Conflict(
        code=code, message=message, origins=tuple(item.origin for item in items), placeholder=placeholder
    )
    return Problem(conflict=conflict, item=items[0].id, words=words)
