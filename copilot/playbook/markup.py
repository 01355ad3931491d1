"""What stands beside a document's words: front matter and HTML comments, which are never searched or shown."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Every line must be one of YAML's: a divider above plain text opens no front matter.
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?:(?:[ \t]*|[ \t]+[^ \t\n][^\n]*|-[ \t][^\n]*|#[^\n]*|[^\s:#-][^\s:]*[ \t]*:[^\n]*)\n)*---[ \t]*(?:\n|\Z)"
)


class Comment(NamedTuple):
    """What an HTML comment says, and where it stands in `Document.text`."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where the text goes on."""
        return self.start + len(self.text)


def front_matter(text: str) -> int:
    """Where a document's front matter ends; 0 when it has none."""
    found = _FRONT_MATTER.match(text)
    return found.end() if found else 0


def comments(text: str) -> Iterator[Comment]:
    """The comments after the front matter, in order; one that is never closed is text."""
    at = front_matter(text)
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        at = end + 3
        yield Comment(start, text[start:at])
