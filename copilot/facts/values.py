"""Every value in a text, read one way for briefs and drafts alike.

`read_values` is the one reader. Two ways of writing the same thing have the same `canonical`; a draft may hold
a value when a value of the brief offers it.
"""

import re
from datetime import datetime

from copilot.facts.amounts import Amount, find_amounts
from copilot.facts.identifiers import find_identifiers
from copilot.facts.moments import Moment, moments_in
from copilot.facts.spelling import mask, plain_spelling
from copilot.records import FactKind, Record


class Value(Record):
    """One value: its kind, its place (code points), its words, and the form all ways of writing it share.

    `moment` is set for dates and times. `unit` and `number` are set for amounts; `per` says what a price is for.
    A `soft` value (一条, 两位, 晚上) is a way of speaking and needs no backing. Values stand apart from each
    other, but for the values inside a title, which are read too.
    """

    kind: FactKind
    text: str
    start: int
    end: int
    canonical: str
    moment: Moment | None = None
    unit: str = ""
    number: str = ""
    per: str = ""
    soft: bool = False

    @property
    def offers(self) -> frozenset[str]:
        """The canonical forms this value backs besides moments: its own, without the per-part, and the number alone."""
        forms = {self.canonical}
        if self.per:
            forms.add(self.canonical.rsplit("/", 1)[0])
        if self.number and self.kind == "quantity":
            forms |= {f"n:{number}" for number in (self.number, *self.number.split("-"))}
        if self.kind == "account" and self.canonical.isdigit():
            forms.add(f"n:{self.canonical}")
        return frozenset(forms)


_TITLE = re.compile(r"《([^《》\n]{1,80})》")


def read_values(text: str, now: datetime, year_hint: int | None = None) -> tuple[Value, ...]:
    """All values of a text by their place. `now` dates relative words, `year_hint` dates without a year."""
    folded = plain_spelling(text)
    identifiers = find_identifiers(folded)
    rest = mask(folded, [(one.start, one.end) for one in identifiers])
    moments = moments_in(text, rest, now.date(), year_hint)
    rest = mask(rest, [(one.start, one.end) for one in moments])
    found = [
        Value(kind=one.kind, text=text[one.start : one.end], start=one.start, end=one.end, canonical=one.canonical)
        for one in identifiers
    ]
    found += [
        Value(
            kind="moment",
            text=one.text,
            start=one.start,
            end=one.end,
            canonical=one.canonical,
            moment=one,
            soft=_only_part(one),
        )
        for one in moments
    ]
    found += [_value(text, amount) for amount in find_amounts(rest)]
    found += [
        Value(
            kind="title",
            text=match[0],
            start=match.start(),
            end=match.end(),
            canonical=re.sub(r"\s+", "", plain_spelling(match[1])).casefold(),
        )
        for match in _TITLE.finditer(text)
    ]
    return tuple(sorted(found, key=lambda value: (value.start, -value.end)))


def _only_part(moment: Moment) -> bool:
    """A bare 晚上 or 早上: no date, no hour."""
    return (
        moment.date is None
        and moment.time is None
        and moment.end_time is None
        and not moment.recurrence
        and not moment.key
    )


def _value(text: str, amount: Amount) -> Value:
    return Value(
        kind=amount.kind,
        text=text[amount.start : amount.end],
        start=amount.start,
        end=amount.end,
        canonical=amount.canonical,
        unit=amount.unit,
        number=amount.number,
        per=amount.per,
        soft=amount.soft,
    )


def same(first: Value, second: Value) -> bool:
    """Whether two values are the same thing in two ways of writing."""
    return (first.kind, first.canonical) == (second.kind, second.canonical)
