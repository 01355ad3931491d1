"""Which list an entry goes on, where several are being filled in at once."""

import re
from collections import deque

from copilot.chat import talk
from copilot.chat.lines import Line

_LISTS = 6
_CALLS = 4
_MINUTES = 3 * 24 * 60.0
_NUMBER = re.compile(r"^\s*(\d{1,3})\s*[.、．)）]", re.MULTILINE)


class SignUps:
    """The sign-up lists that are open, and who called for one."""

    def __init__(self) -> None:
        self._lists: deque[tuple[Line, frozenset[str], int]] = deque(maxlen=_LISTS)
        self._calls: deque[Line] = deque(maxlen=_CALLS)

    def remember(self, line: Line) -> None:
        """Take note of a list, or of a call to sign up."""
        text = line.message.text
        if talk.is_list(text):
            numbers = [int(number) for number in _NUMBER.findall(text)]
            self._lists.append((line, _rows(text), max(numbers, default=0)))
        elif len(text) > _SHORT and talk.collects(text) and talk.announces(text):
            self._calls.append(line)

    def entered(self, line: Line) -> Line | None:
        """The list that this message copies or continues, else the last call to sign up; None where it is no entry."""
        text = line.message.text
        if talk.is_list(text):
            rows = _rows(text)
            for one, known, _ in reversed(self._lists):
                if rows & known and self._fresh(one, line):
                    return one
            return next((one for one in reversed(self._calls) if self._fresh(one, line)), None)
        if number := talk.entry_number(text):
            open_ = [(number - last, -one.at, one) for one, _, last in self._lists if last and self._fresh(one, line)]
            fits = [entry for entry in open_ if 0 < entry[0] <= _AHEAD]
            return min(fits, key=lambda entry: entry[:2])[2] if fits else None
        return None

    @staticmethod
    def _fresh(one: Line, line: Line) -> bool:
        return line.minute - one.minute <= _MINUTES


_SHORT = 8
_AHEAD = 3  # entries that may be missing in between


def _rows(text: str) -> frozenset[str]:
    """The rows of a list, but for its first."""
    return frozenset(row for line in text.split("\n")[1:] if (row := "".join(line.split())))
