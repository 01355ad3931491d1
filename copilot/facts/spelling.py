"""Texts made easier to read for the patterns of values, without moving a single character.

Everything here keeps the length, so that offsets found in the result hold in the original.
"""

import re
from collections.abc import Iterable
from functools import cache

_WIDE_GROUPS = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
MASK = "\ue000"
"""Stands for a character that has already been read as part of something else."""


@cache
def _table() -> dict[int, str]:
    """Full width to half width, all dashes to `-`, all waves to `~`, a few traditional characters to simplified.

    The full-width comma stays, for between half-width numbers it separates a list and does not group digits.
    """
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) != "，"}
    table |= {ord("\u3000"): " ", ord("\xa0"): " ", ord("￥"): "¥"}
    table |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
    table |= dict.fromkeys(map(ord, "\u301c\u223c\u2053\uff5e"), "~")
    return table | {ord(old): new for old, new in zip("週點號後時間個兩萬億員", "周点号后时间个两万亿员", strict=True)}


def plain_spelling(text: str) -> str:
    """The text with one spelling of digits, brackets, dashes and spaces; as long as the original."""
    return _WIDE_GROUPS.sub(",", text).translate(_table())


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with every span made unreadable. The spans are in order and apart from each other."""
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], MASK * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])
