"""The facts ledger: every value the operator gave, where it was said, and whether it may be used in public.

A draft may hold a value only if a public fact backs it. Two ways of writing one value share a canonical
form, and a moment is backed part by part: "5月10日" by "2024-05-10（周五）22:00", "周五" by the date it falls on.
A date and an hour that stand together must stand together in the brief, or the hour without any date.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from copilot.facts.brief import Brief, Statement
from copilot.facts.moments import Moment, offers, parts, read_moments
from copilot.facts.names import read_names
from copilot.facts.values import Value, read_values
from copilot.records import Fact, Origin, Record

PUBLIC_META = ("group", "group_type", "audience", "purpose")

# One draft reads the same few lines many times over: to trace, to check, to see that nothing was lost.
_read = lru_cache(maxsize=2048)(read_values)


class Ledger(Record):
    """All facts of a brief; the public ones by what they back: amounts and names by canonical form, moments by parts.

    `values` are those of each statement, placed in its public wording.
    """

    facts: tuple[Fact, ...]
    backing: dict[str, tuple[str, ...]]
    moments: tuple[tuple[str, frozenset[str]], ...]
    values: dict[str, tuple[Value, ...]]
    said: str
    people: tuple[str, ...]
    brief: Brief
    year: int | None = None

    def backed_by(self, value: Value) -> tuple[str, ...] | None:
        """The ids of the public facts behind a value of a draft; None when it has none."""
        if value.moment:
            return self._moment_backed_by(value.moment)
        return self.backing.get(f"{value.kind}:{value.canonical}")

    def _moment_backed_by(self, moment: Moment) -> tuple[str, ...] | None:
        needed = parts(moment)
        if whole := self._known.whole(needed):
            return whole
        if halves := _halves(moment):
            backed = [self._moment_backed_by(half) for half in halves]
            return tuple(fact for facts in backed if facts for fact in facts) if all(backed) else None
        hours = frozenset(part for part in needed if _is_hour(part))
        days = needed - hours
        known = self._known
        if not (days <= known.parts and hours <= (known.without_day if days else known.parts)):
            return None
        return known.some(needed)

    @cached_property
    def _known(self) -> "_Known":
        return _Known(self.moments)

    def read(self, text: str) -> tuple[Value, ...]:
        """The values of a text, read with this brief's clock and year."""
        return _without_names(_read(text, self.brief.now, self.year), text, self.people)


class _Known:
    """The moments of a ledger by their parts: a text asks for the same few over and over."""

    def __init__(self, moments: Sequence[tuple[str, frozenset[str]]]) -> None:
        self.moments = moments
        self.parts = frozenset(part for _, offered in moments for part in offered)
        self.without_day = frozenset(
            part for _, offered in moments if not any(map(_is_day, offered)) for part in offered
        )
        self._whole: dict[frozenset[str], tuple[str, ...]] = {}
        self._some: dict[frozenset[str], tuple[str, ...]] = {}

    def whole(self, needed: frozenset[str]) -> tuple[str, ...]:
        """The facts that offer all of these parts."""
        if needed not in self._whole:
            found = (fact for fact, offered in self.moments if needed <= offered)
            self._whole[needed] = tuple(found) if needed <= self.parts else ()
        return self._whole[needed]

    def some(self, needed: frozenset[str]) -> tuple[str, ...]:
        """The facts that offer any of these parts."""
        if needed not in self._some:
            self._some[needed] = tuple(fact for fact, offered in self.moments if offered & needed)
        return self._some[needed]


def _halves(moment: Moment) -> tuple[Moment, ...]:
    """The start and the end of a span, which a brief may give apart; nothing for a single moment."""
    if not moment.end_date and not moment.end_time:
        return ()
    bare = {"end_date": None, "end_time": None, "end_day_part": None, "end_stated_weekday": None}
    end = {
        "date": moment.end_date or moment.date,
        "time": moment.end_time,
        "day_part": moment.end_day_part,
        "stated_weekday": moment.end_stated_weekday,
    }
    return moment.model_copy(update=bare), moment.model_copy(update={**bare, **end})


def _is_hour(part: str) -> bool:
    return not _is_day(part) and not part.startswith(("weekday:", "weekly:", "monthly"))


def _is_day(part: str) -> bool:
    return part[:4].isdigit()


def keys_of(value: Value) -> tuple[str, ...]:
    """What of a value must be said for the value to be said: a moment's parts, or its canonical form."""
    if value.moment:
        return tuple(f"moment:{part}" for part in sorted(parts(value.moment)))
    return (f"{value.kind}:{value.canonical}",)


class _Source(NamedTuple):
    """One labelled text of the brief that facts are read from."""

    id: str
    label: str
    text: str
    origin: Origin
    public: bool

    @property
    def lead(self) -> str:
        return f"{self.label}：" if self.label else ""


def build_ledger(brief: Brief, spoken: Iterable[tuple[Statement, str]]) -> Ledger:
    """The ledger of a brief; `spoken` are the statements that may reach the group, each with its public wording."""
    public = {statement.id: text for statement, text in spoken}
    year = year_of(brief)
    sources = [
        _Source(key, "", text, brief.meta_origins.get(key, Origin(field=key, line=1, quote=text)), public=True)
        for key, text in brief.meta.items()
        if key in PUBLIC_META
    ]
    sources += [
        _Source(one.id, one.label, public.get(one.id, one.text), one.origin, one.id in public)
        for one in brief.statements
    ]
    found = _settle_weekdays(_read_in_context(sources, brief, year))
    facts: list[Fact] = []
    backing: dict[str, list[str]] = {}
    moments: list[tuple[str, frozenset[str]]] = []
    for source, values in zip(sources, found, strict=True):
        for value in values:
            fact = _fact(f"f{len(facts) + 1}", value, source)
            facts.append(fact)
            if not source.public:
                continue
            if value.moment:
                moments.append((fact.id, offers(value.moment)))
            # Read alone, the words can mean less than beside their heading ("价：29.9"): a draft may use either.
            alone = [other for other in _read(source.text, brief.now, year) if other.start == value.start]
            for form in {f"{one.kind}:{form}" for one in (value, *alone) if not one.moment for form in one.offers}:
                backing.setdefault(form, []).append(fact.id)
    return Ledger(
        facts=tuple(facts),
        backing={key: tuple(names) for key, names in backing.items()},
        moments=tuple(moments),
        values={
            source.id: tuple(one for one in values if one.start >= 0)
            for source, values in zip(sources, found, strict=True)
        },
        said="\n".join(source.lead + source.text for source in sources if source.public),
        people=_people("\n".join(source.lead + source.text for source in sources)),
        brief=brief,
        year=year,
    )


def _fact(name: str, value: Value, source: _Source) -> Fact:
    canonical = value.moment.canonical if value.moment else value.canonical
    return Fact(
        id=name,
        kind=value.kind,
        label=source.label,
        value=canonical,
        text=value.text,
        origin=source.origin,
        public=source.public,
    )


def _read_in_context(sources: Sequence[_Source], brief: Brief, year: int | None) -> list[tuple[Value, ...]]:
    """The values of each source, read in the order of the brief as one text, so that "27号" finds its month.

    Places are counted from the start of the source's text; those in its label are negative.
    """
    whole = "\n".join(source.lead + source.text for source in sources)
    values = _without_names(_read(whole, brief.now, year), whole, _people(whole))
    places = [value.start for value in values]
    found, start = [], 0
    for source in sources:
        end = start + len(source.lead) + len(source.text)
        shift = start + len(source.lead)
        own = values[bisect_left(places, start) : bisect_left(places, end)]
        found.append(tuple(_moved(value, -shift) for value in own))
        start = end + 1
    return found


def _moved(value: Value, by: int) -> Value:
    return value.model_copy(update={"start": value.start + by, "end": value.end + by})


def _people(text: str) -> tuple[str, ...]:
    """The names in a text that hold what looks like a day: 周一诺 is a person."""
    return tuple({name.text for name in read_names(text) if re.search(r"[周一二三四五六日月]", name.text)})


def _without_names(values: tuple[Value, ...], text: str, people: Sequence[str]) -> tuple[Value, ...]:
    """The values but for days inside one of these names."""
    spots = [match.span() for name in people for match in re.finditer(re.escape(name), text)]
    return tuple(
        value
        for value in values
        if value.kind != "moment" or not any(start <= value.start and value.end < end for start, end in spots)
    )


def _settle_weekdays(found: list[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    """A lone weekday in a brief that gives one date for it means this date, whatever today is."""
    dated = [
        moment
        for values in found
        for value in values
        if (moment := value.moment) and moment.date and not moment.bare_weekday and moment.grain == "day"
    ]

    @cache
    def fitting(weekday: int) -> frozenset[date]:
        return frozenset(day for one in dated for day in _days_named(one, weekday))

    def settle(value: Value) -> Value:
        moment = value.moment
        if moment and moment.text == "周末" and dated:
            return value.model_copy(update={"moment": moment.model_copy(update={"anaphoric": True})})
        if not moment or not moment.bare_weekday or not moment.date or moment.recurrence or not moment.stated_weekday:
            return value
        days = fitting(moment.stated_weekday)
        if not days:
            return value
        meant = next(iter(days)) if len(days) == 1 else None
        settled = moment.model_copy(update={"date": meant, "end_date": None, "anaphoric": True})
        return value.model_copy(update={"moment": settled})

    return [tuple(map(settle, values)) for values in found]


def _days_named(moment: Moment, weekday: int) -> list[date]:
    """The days of a stated date or range that a weekday can mean."""
    if not moment.date:
        return []
    if moment.stated_weekday == weekday and not moment.end_date:
        return [moment.date]
    length = min((moment.end_date - moment.date).days, 13) if moment.end_date else 0
    days = [moment.date + timedelta(days=ahead) for ahead in range(length + 1)]
    return [day for day in days if day.isoweekday() == weekday]


def year_of(brief: Brief) -> int | None:
    """The year the brief states in full dates, when it states just one."""
    texts = [statement.text for statement in brief.statements] + list(brief.meta.values())
    years = {
        moment.date.year
        for text in texts
        for moment in read_moments(text, brief.now)
        if moment.year_stated and moment.date and not moment.relative and moment.grain == "day"
    }
    return years.pop() if len(years) == 1 else None
