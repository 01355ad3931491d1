"""What stands around the messages of a pasted chat: the lines of the mail it came in, and those that say the day."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache

from copilot.chat.formats.stamps import STAMP, Stamp, day_line, stamp_of
from copilot.chat.formats.wording import visible, words

_LONGEST = 120
_MAY_NAME = re.compile("聊天[记記][录錄]|[Cc]hat [Hh]istory")
_SET_IN = re.compile(r"(?:> ?|[ \t]+)+")
_BEGINS = frozenset("0123456789-—–─=*·~今昨前星周週礼tyTYmMwWfFsS")
_ENDS = frozenset("0123456789-—–─=*·~日天一二三四五六)）yY")


@dataclass
class Frame:
    """By their places: the preambles, with the chat each names, and the lines that say a day, with rules or without."""

    preambles: dict[int, str] = field(default_factory=dict)
    rules: dict[int, Stamp] = field(default_factory=dict)
    bare_days: dict[int, Stamp] = field(default_factory=dict)

    @property
    def ruled(self) -> bool:
        """Whether days stand between rules of dashes, or a mail client's preamble is there."""
        return bool(self.rules or self.preambles)

    def days(self, lines: Sequence[str], headers: Collection[int]) -> dict[int, Stamp]:
        """The lines that say the day of what stands below. A date alone counts between messages only, and only where no
        line with rules does: people write dates too.
        """
        if self.rules:
            return self.rules
        return {
            place: stamp
            for place, stamp in self.bare_days.items()
            if (place == 0 or not lines[place - 1].strip() or is_frame(lines[place - 1]) or place - 1 in self.preambles)
            and _next_filled(lines, place) in headers
        }


def read_frame(lines: Sequence[str]) -> Frame:
    """What may be frame, by the wording of each line alone."""
    frame = Frame()
    for place, line in enumerate(lines):
        if not line or len(line) > _LONGEST:
            continue
        if "聊天" in line or "hat " in line:
            if _MAY_NAME.search(line) and (match := _preamble().fullmatch(visible(line).strip())):
                frame.preambles[place] = _chat_named(match)
            continue
        text = visible(line).strip()
        if text and text[0] in _BEGINS and text[-1] in _ENDS and (match := day_line().fullmatch(text)):
            (frame.rules if match["rule"] and match["end"] else frame.bare_days)[place] = stamp_of(match)
    return frame


def is_frame(line: str) -> bool:
    """Whether a line may be of the mail around a chat: nobody's words, where it stands above or below everything."""
    text = visible(line).strip()
    return len(text) <= _LONGEST and (_loose().fullmatch(text) is not None or _time_line().fullmatch(text) is not None)


def set_out(lines: list[str]) -> list[str]:
    """The lines without what stands before every one of them: the mark of a quoted mail, or spaces."""
    first = next((line for line in lines if line.strip()), "")
    if not first or first[0] not in " \t>":
        return lines
    mark = _SET_IN.match(first)
    before = mark[0] if mark else ""
    if not all(line.startswith(before) or not line.strip(" \t>") for line in lines):
        return lines
    return [line[len(before) :] if line.startswith(before) else "" for line in lines]


def _chat_named(match: re.Match[str]) -> str:
    found = {name.rstrip("0123456789"): said.strip() for name, said in match.groupdict().items() if said}
    return found.get("group") or f"{found['one']}和{found['other']}"


def _next_filled(lines: Sequence[str], place: int) -> int:
    return next((at for at in range(place + 1, min(len(lines), place + 8)) if lines[at].strip()), -1)


@cache
def _preamble() -> re.Pattern[str]:
    numbered = (re.sub(r"\?P<(\w+)>", rf"?P<\g<1>{number}>", one) for number, one in enumerate(words("preambles")))
    return re.compile("|".join(numbered), re.IGNORECASE)


@cache
def _loose() -> re.Pattern[str]:
    return re.compile("|".join(words("frame")), re.IGNORECASE)


@cache
def _time_line() -> re.Pattern[str]:
    return re.compile(STAMP, re.IGNORECASE)
