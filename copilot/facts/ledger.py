"""The facts ledger: every value the operator gave, where it was said, and whether it may be used in public.

A draft may hold a value only if a public fact backs it. Two ways of writing one value share a canonical
form, and a moment is backed part by part: "5月10日" by "2024-05-10（周五）22:00", "周五" by the date it falls on.
"""

from collections.abc import Iterable
from datetime import datetime

from copilot.facts.brief import Brief, Statement
from copilot.facts.moments import offers, parts
from copilot.facts.values import Value, read_values
from copilot.records import Fact, Origin, Record

PUBLIC_META = ("group", "group_type", "audience", "purpose")


class Ledger(Record):
    """All facts of a brief, and an index from canonical forms to the public facts that back them."""

    facts: tuple[Fact, ...]
    backing: dict[str, tuple[str, ...]]
    said: str
    now: datetime
    year: int | None = None

    def backed_by(self, value: Value) -> tuple[str, ...] | None:
        """The ids of the public facts behind a value of a draft; None when it has none."""
        found: list[str] = []
        for key in keys_of(value):
            if key not in self.backing:
                return None
            found += self.backing[key]
        return tuple(dict.fromkeys(found))

    def read(self, text: str) -> tuple[Value, ...]:
        """The values of a text, read with this brief's clock and year."""
        return read_values(text, self.now, year_hint=self.year)


def keys_of(value: Value) -> tuple[str, ...]:
    """The index keys that all must be backed for this value to be backed."""
    if value.moment:
        return tuple(f"moment:{part}" for part in sorted(parts(value.moment)))
    return (f"{value.kind}:{value.canonical}",)


def build_ledger(brief: Brief, spoken: Iterable[tuple[Statement, str]]) -> Ledger:
    """The ledger of a brief; `spoken` are the statements that may reach the group, each with its public wording."""
    public = {statement.id: text for statement, text in spoken}
    year = year_of(brief)
    facts: list[Fact] = []
    backing: dict[str, list[str]] = {}
    sources = [(statement.label, public.get(statement.id, statement.text), statement.origin, statement.id in public) for statement in brief.statements]
    sources += [(key, text, Origin(field=key, line=1, quote=text), True) for key, text in brief.meta.items() if key in PUBLIC_META]
    for label, text, origin, is_public in sources:
        for value in read_values(f"{label}：{text}" if label else text, brief.now, year_hint=year):
            fact = Fact(id=f"f{len(facts) + 1}", kind=value.kind, label=label, value=value.canonical, text=value.text, origin=origin, public=is_public)
            facts.append(fact)
            if is_public:
                for key in _offered_keys(value):
                    backing.setdefault(key, []).append(fact.id)
    said = "\n".join([f"{label}：{text}" for label, text, _, is_public in sources if is_public])
    return Ledger(facts=tuple(facts), backing={key: tuple(ids) for key, ids in backing.items()}, said=said, now=brief.now, year=year)


def _offered_keys(value: Value) -> tuple[str, ...]:
    """The index keys this value backs: for a moment its date even where only a weekday was said; a number without its unit too."""
    if value.moment:
        return tuple(f"moment:{part}" for part in offers(value.moment))
    if value.kind == "quantity" and not value.canonical.startswith("n:"):
        number = "".join(char for char in value.canonical if char.isdigit() or char == ".")
        return (*keys_of(value), f"quantity:n:{number}")
    return keys_of(value)


def year_of(brief: Brief) -> int | None:
    """The year the brief states, when it states just one."""
    from copilot.facts.moments import read_moments

    texts = [statement.text for statement in brief.statements] + list(brief.meta.values())
    years = {moment.date.year for text in texts for moment in read_moments(text, brief.now) if moment.year_stated and moment.date}
    return years.pop() if len(years) == 1 else None
