"""A situation without the personal numbers, addresses and plates of its brief: what is hidden once can be repeated nowhere."""

import re
from functools import partial

from copilot.facts.pseudonyms import find_personal
from copilot.tasks.crisis_reply.book import book
from copilot.tasks.crisis_reply.situation import Concerned, CrisisSituation, Kind, Row, Severity

ROWS = (
    "incident",
    "excerpts",
    "verified",
    "unverified",
    "forbidden",
    "draft",
    "spread",
    "internal",
    "wishes",
    "earlier",
)
_STARRED = re.compile(r"1\d{1,3}[\s-]?[*＊xX·]{3,8}[\s-]?\d{2,4}")


def masked(situation: CrisisSituation) -> CrisisSituation:
    """The situation with every secret of its bounds replaced by the word for its kind, in every row, name and reason.

    Numbers meant for members (entry, owners, what may be done) stay.
    """
    hide = partial(mask, secrets=situation.bounds.secrets)
    rows = {name: tuple(_row(row, hide(row.text)) for row in getattr(situation, name)) for name in ROWS}
    items = tuple(
        item if (text := hide(item.text)) == item.text else item.model_copy(update={"text": text, "values": ()})
        for item in situation.items
    )
    concerned = tuple(
        Concerned.model_copy(
            one,
            update={"name": hide(one.name), "who": hide(one.who), "words": tuple(hide(word) for word in one.words)},
        )
        for one in situation.concerned
    )
    kinds = tuple(
        Kind.model_copy(one, update={"because": tuple(hide(why) for why in one.because)}) for one in situation.kinds
    )
    grave = situation.severity
    severity = Severity.model_copy(grave, update={"reasons": tuple(hide(why) for why in grave.reasons)})
    return situation.model_copy(
        update={**rows, "items": items, "concerned": concerned, "kinds": kinds, "severity": severity}
    )


def mask(text: str, secrets: tuple[str, ...] = ()) -> str:
    """A text with these secrets, and whatever reads as half-hidden already, replaced by the word for its kind."""
    for secret in sorted(secrets, key=len, reverse=True):
        if secret and secret in text:
            kind = next((one.type for one in find_personal(secret)), "")
            word = book().hidden.get(kind, book().hidden["other"])
            text = re.sub(rf"[(（]{re.escape(secret)}[)）]|{re.escape(secret)}", word, text)
    return _STARRED.sub(book().hidden["PHONE"], text)


def _row(row: Row, text: str) -> Row:
    return row if text == row.text else row.model_copy(update={"text": text})
