"""The facts ledger: every value the operator gave, where it was said, and whether it may be used in public.

A draft may hold a value only if a public fact backs it. Two ways of writing one value share a canonical
form, and a moment is backed part by part: "5月10日" by "2024-05-10（周五）22:00", "周五" by the date it falls on.
A date and an hour that stand together must stand together in the brief, or the hour without any date.
"""

from collections.abc import Iterable
from functools import lru_cache

from copilot.facts.brief import Brief, Statement
from copilot.facts.moments import Moment, offers, parts, read_moments
from copilot.facts.values import Value, read_values
from copilot.records import Fact, Origin, Record

PUBLIC_META = ("group", "group_type", "audience", "purpose")

# One draft reads the same few lines many times over: to trace, to check, to see that nothing was lost.
_read = lru_cache(maxsize=2048)(read_values)


class Ledger(Record):
    """All facts of a brief; the public ones by what they back: amounts and names by canonical form, moments by parts."""

    facts: tuple[Fact, ...]
    backing: dict[str, tuple[str, ...]]
    moments: tuple[tuple[str, frozenset[str]], ...]
    said: str
    brief: Brief
    year: int | None = None

    def backed_by(self, value: Value) -> tuple[str, ...] | None:
        """The ids of the public facts behind a value of a draft; None when it has none."""
        if value.moment:
            return self._moment_backed_by(value.moment)
        return self.backing.get(f"{value.kind}:{value.canonical}")

    def _moment_backed_by(self, moment: Moment) -> tuple[str, ...] | None:
        needed = parts(moment)
        whole = tuple(fact for fact, offered in self.moments if needed <= offered)
        if whole:
            return whole
        hours = frozenset(part for part in needed if _is_hour(part))
        days = needed - hours
        timeless = [(fact, offered) for fact, offered in self.moments if not any(map(_is_day, offered))]
        known_days = frozenset().union(*(offered for _, offered in self.moments))
        known_hours = frozenset().union(*(offered for _, offered in (timeless if days else self.moments)))
        if not (days <= known_days and hours <= known_hours):
            return None
        return tuple(fact for fact, offered in self.moments if offered & needed)

    def read(self, text: str) -> tuple[Value, ...]:
        """The values of a text, read with this brief's clock and year."""
        return _read(text, self.brief.now, self.year)


def _is_hour(part: str) -> bool:
    return not _is_day(part) and not part.startswith(("weekday:", "weekly:", "monthly"))


def _is_day(part: str) -> bool:
    return part[:4].isdigit()


def keys_of(value: Value) -> tuple[str, ...]:
    """What of a value must be said for the value to be said: a moment's parts, or its canonical form."""
    if value.moment:
        return tuple(f"moment:{part}" for part in sorted(parts(value.moment)))
    return (f"{value.kind}:{value.canonical}",)


def build_ledger(brief: Brief, spoken: Iterable[tuple[Statement, str]]) -> Ledger:
    """The ledger of a brief; `spoken` are the statements that may reach the group, each with its public wording."""
    public = {statement.id: text for statement, text in spoken}
    year = year_of(brief)
    sources = [
        (statement.label, public.get(statement.id, statement.text), statement.origin, statement.id in public)
        for statement in brief.statements
    ]
    sources += [
        (key, text, Origin(field=key, line=1, quote=text), True)
        for key, text in brief.meta.items()
        if key in PUBLIC_META
    ]
    facts: list[Fact] = []
    backing: dict[str, list[str]] = {}
    moments: list[tuple[str, frozenset[str]]] = []
    for label, text, origin, is_public in sources:
        for value in (*_read(label, brief.now, year), *_read(text, brief.now, year)):
            name = f"f{len(facts) + 1}"
            facts.append(
                Fact(
                    id=name,
                    kind=value.kind,
                    label=label,
                    value=value.canonical,
                    text=value.text,
                    origin=origin,
                    public=is_public,
                )
            )
            if is_public and value.moment:
                moments.append((name, offers(value.moment)))
            elif is_public:
                for form in value.offers:
                    backing.setdefault(f"{value.kind}:{form}", []).append(name)
    return Ledger(
        facts=tuple(facts),
        backing={key: tuple(names) for key, names in backing.items()},
        moments=tuple(moments),
        said="\n".join(f"{label}：{text}" for label, text, _, is_public in sources if is_public),
        brief=brief,
        year=year,
    )


def year_of(brief: Brief) -> int | None:
    """The year the brief states, when it states just one."""
    texts = [statement.text for statement in brief.statements] + list(brief.meta.values())
    years = {
        moment.date.year
        for text in texts
        for moment in read_moments(text, brief.now)
        if moment.year_stated and moment.date
    }
    return years.pop() if len(years) == 1 else None
