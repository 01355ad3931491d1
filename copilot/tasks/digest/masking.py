"""The words of claims without private data, for the digest's JSON: names stay, what they wrote of themselves does not."""

from typing import TypeVar

from copilot.chat.claims import Claims
from copilot.records import Record
from copilot.tasks.digest.telling import shown

MOST = 400
WORDS = ("title", "summary", "question", "text", "task", "due_text", "quote")
"""The fields of a claim that hold words of members; ids, names and what code says of them are not among them."""

ClaimT = TypeVar("ClaimT", bound=Record)


def masked(claims: Claims) -> Claims:
    """The claims with their words masked and as they may be shown."""
    return claims.model_copy(update={name: tuple(map(_masked, value)) for name, value in claims})


def _masked(claim: ClaimT) -> ClaimT:
    fields = type(claim).model_fields
    words = {name: value for name in WORDS if name in fields and isinstance(value := getattr(claim, name), str)}
    return claim.model_copy(update={name: shown(value, MOST) for name, value in words.items() if value})
