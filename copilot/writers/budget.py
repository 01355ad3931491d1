"""What fits into a prompt."""

from collections.abc import Sequence

from copilot.records import Hit
from copilot.tokens import count_tokens

FRAME = 40  # tokens of the tags around one section


def pack(sections: Sequence[Hit], budget: int, encoding: str = "most") -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """The sections that fit into `budget` tokens of an endpoint's encoding, best first, and those left out.

    A section is never cut.
    """
    kept: list[Hit] = []
    left_out: list[Hit] = []
    for section in sections:
        cost = FRAME + count_tokens(f"{section.section}{section.text}", encoding)
        if cost <= budget:
            budget -= cost
            kept.append(section)
        else:
            left_out.append(section)
    return tuple(kept), tuple(left_out)
