"""A stretch of a crisis brief, in its section."""

from typing import NamedTuple

from copilot.facts.intake import Field
from copilot.records import Origin
from copilot.tasks.crisis_reply.reading.lexicon import Section


class Piece(NamedTuple):
    """A stretch of the brief in its section. `who` is the speaker of a message, `label` the heading of a fact."""

    section: Section
    text: str
    origin: Origin
    who: str = ""
    label: str = ""


def origin_of(field: Field, quote: str, line: int = 0) -> Origin:
    """Where these words of a field stand; `line` counts from the field's own first line."""
    return Origin(field=field.path or "text", line=field.line + line, quote=quote)
