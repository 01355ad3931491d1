"""Stretches of a document's text that a reader of it must know of: what is no plain text, and where an article stands."""

from typing import Literal

from copilot.records import Record


class Blemish(Record):
    """A stretch of a document's text that is not plain text to be quoted, and why, in words for the operator.

    Dropped ones are never searched or shown; marked ones are real but damaged or doubtful: shown as such, never
    rewritten, never quoted as whole; kept ones are plain text after all: the operator said so. `kind` is a key of
    `knowledge/junk.yaml`; offsets are in `Document.text`, the end is exclusive.
    """

    start: int
    end: int
    action: Literal["drop", "mark", "keep"]
    kind: str
    reason: str


class Article(Record):
    """One of several articles that stand in one file: its stretch of the text, and its title."""

    start: int
    end: int
    title: str
