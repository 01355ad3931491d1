"""What of a page's text an article lacks, and where it stood: so that nothing is left out without a word."""

import re
from collections.abc import Iterator

from copilot.playbook.readers.extract import Aside

_MARKS = re.compile(r"[\W_]+")
# A line and, of a longer one, its sentences and cells.
_PART = re.compile(r"[^。！？!?；;|]+[。！？!?；;|]*")
_SENTENCE_END = re.compile(r"[。！？!?]|[.](?:\s|$)")
_TELLING = 8  # letters in a row that stand in an article by chance only seldom
PROSE = 25


def leftovers(article: str, whole: str, kind: str) -> tuple[Aside, ...]:
    """What of `whole`, line by line, is not in `article`: neighbours as one, each line of sentences for itself."""
    known = _Article(article)
    found: list[Aside] = []
    run: list[str] = []
    place = 0

    def end_run() -> None:
        if run:
            found.append(Aside(at=place, text="\n".join(run), kind=kind))
            run.clear()

    for line in whole.split("\n"):
        lost = list(known.lost(line))
        is_prose = sum(map(len, lost)) >= PROSE and any(_SENTENCE_END.search(part) for part in lost)
        if (not lost and _MARKS.sub("", line)) or is_prose:
            end_run()
        if lost:
            place = place if run else known.paragraph_end
            run.append(" ".join(part.strip() for part in lost))
        if is_prose:
            end_run()
    end_run()
    return tuple(found)


class _Article:
    """The letters of an article, and how far the page has been followed in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        places = [(letter, at) for at, letter in enumerate(text) if letter.isalnum()]
        self._letters = "".join(letter for letter, _ in places)
        self._places = [at for _, at in places]
        self._lines = {_letters(line) for line in text.split("\n")}
        self._reached = 0

    @property
    def paragraph_end(self) -> int:
        """Where the paragraph ends that was reached; 0 before the first."""
        if not self._reached:
            return 0
        end = self._text.find("\n\n", self._places[self._reached - 1])
        return end if end >= 0 else len(self._text)

    def lost(self, line: str) -> Iterator[str]:
        """The parts of a line of the page that are not in the article."""
        wanted = _letters(line)
        if not wanted or self._follow(wanted):
            return
        parts = _PART.findall(line)
        lost = [part for part in parts if (letters := _letters(part)) and not self._follow(letters)]
        yield from [line] if len(lost) == len(parts) else lost

    def _follow(self, wanted: str) -> bool:
        """Whether these letters stand in the article, from where it was followed to or before."""
        if len(wanted) < _TELLING and wanted not in self._lines:
            return False
        at = self._letters.find(wanted, self._reached)
        if at >= 0:
            self._reached = at + len(wanted)
        return at >= 0 or wanted in self._letters


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
