"""What two people say of one matter that can't both hold, and weekdays that their dates do not have."""

import re
from itertools import combinations, product

from copilot.facts.brief import Brief, Statement
from copilot.facts.keys import speaker_of
from copilot.facts.moments import Moment, read_moments
from copilot.facts.values import read_values
from copilot.records import Conflict, Origin, Record
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.events import name_without
from copilot.tasks.weekly_plan.reading.lexicon import Notices, topic_of
from copilot.tasks.weekly_plan.reading.names import is_called
from copilot.tasks.weekly_plan.reading.prose import cut

_HAN = "一二三四五六日"
_ELSEWHERE = ("fixed", "week", "week_start", "week_end", "request")
"""Topics whose own reader looks at their weekdays."""


class Claim(Record):
    """One clause of somebody's: who said it, its dates, its sums and plain numbers, and what it is about besides these."""

    who: str
    text: str
    moments: tuple[Moment, ...]
    numbers: frozenset[str]
    priced: bool
    matter: str
    origin: Origin


def check_claims(entries: tuple[Entry, ...], brief: Brief, notices: Notices) -> None:
    """Show what speakers contradict each other in, and dates with a weekday that is not theirs; nothing is settled."""
    _check_weekdays(entries, brief, notices)
    speakers = list(_claims(brief).values())
    for mine, theirs in combinations(speakers, 2):
        told: set[str] = set()
        for first, second in product(mine, theirs):
            kind = _rivalry(first, second)
            if kind and kind not in told:
                told.add(kind)
                message = (
                    f"{first.who}说“{first.text}”，{second.who}说“{second.text}”，对不上；先不写定，请确认以哪个为准"
                )
                origins = (first.origin, second.origin)
                notices.conflicts.append(Conflict(code="speakers-differ", message=message, origins=origins))


def _check_weekdays(entries: tuple[Entry, ...], brief: Brief, notices: Notices) -> None:
    told: set[str] = set()
    for entry in entries:
        if entry.topic in _ELSEWHERE or not _WEEKDAY.search(entry.text):
            continue
        for moment in read_moments(entry.text, brief.now):
            if moment.weekday_mismatch and moment.date and moment.stated_weekday and moment.text not in told:
                told.add(moment.text)
                real = _HAN[moment.date.weekday()]
                message = f"“{moment.text}”写的是周{_HAN[moment.stated_weekday - 1]}，但 {moment.date:%Y-%m-%d} 是周{real}，请确认是哪天"
                notices.conflicts.append(Conflict(code="weekday-mismatch", message=message, origins=(entry.origin,)))


_WEEKDAY = re.compile(
    r"\d\s*[日号]?\s*[（(，,]?\s*(?:周|星期|礼拜)[一二三四五六日天]|(?:周|星期|礼拜)[一二三四五六日天]\s*[（(，,]?\s*\d"
)


def _claims(brief: Brief) -> dict[tuple[str, int], list[Claim]]:
    """The clauses of each speaker, by where they speak: a field, or a line of running text."""
    spoken: dict[tuple[str, int], list[Statement]] = {}
    for statement in brief.statements:
        spoken.setdefault((statement.origin.field, statement.origin.line), []).append(statement)
    found: dict[tuple[str, int], list[Claim]] = {}
    for place, statements in spoken.items():
        who = statements[0].label or place[0]
        if len(who) <= LONGEST_NAME and _speaks(who, statements[0].text):
            who = re.sub(r"(?:[（(].*[）)]|说|讲|要求|微信|群里)+$", "", who)
            found[place] = [
                _claim(who, clause, statement, brief) for statement in statements for clause, _ in cut(statement.text)
            ]
    return found if len(found) > 1 else {}


LONGEST_NAME = 20


def _speaks(who: str, text: str) -> bool:
    bare = re.sub(r"[（(].*$", "", who)
    return topic_of(who) == "wish" or speaker_of(bare, text) or bare.endswith(("说", "讲")) or is_called(bare)


def _claim(who: str, clause: str, statement: Statement, brief: Brief) -> Claim:
    values = read_values(clause, brief.now)
    moments = tuple(
        value.moment
        for value in values
        if value.moment and not value.moment.recurrence and (value.moment.bare_weekday or value.moment.grain == "day")
    )
    return Claim(
        who=who,
        text=clause,
        moments=moments,
        numbers=frozenset(value.number for value in values if value.kind in ("money", "quantity") and value.number),
        priced=any(value.kind == "money" for value in values),
        matter=re.sub(r"[\d\W]|最[早晚快]|才|就|元|块", "", name_without(clause, moments)),
        origin=statement.origin,
    )


def _rivalry(first: Claim, second: Claim) -> str:
    """In what two clauses contradict each other: a value that is open to one of them, a price, a date; "" in nothing."""
    if any(_OPEN.search(one.text) and _claims_it(other, one) for one, other in ((first, second), (second, first))):
        return "open"
    if first.priced and second.priced and not first.numbers & second.numbers and _same_matter(first, second):
        return "price"
    if any(_too_early(one, other) for one, other in ((first, second), (second, first))):
        return "date"
    if _same_matter(first, second) and first.moments and second.moments:
        mine, theirs = first.moments[0], second.moments[0]
        differ = _day_of(mine) != _day_of(theirs) or (mine.time and theirs.time and mine.time != theirs.time)
        return "date" if differ and not (mine.bare_weekday ^ theirs.bare_weekday) else ""
    return ""


_OPEN = re.compile(
    r"(?:[没未待]|不确)(?:有)?(?:最后)?[定批]|再议|再说|(?:去年|以前|上次|原来|老)的?(?:价|数|时间|规则)|不一定"
)
_PRICE = re.compile(r"价|多少钱|费用")


def _claims_it(claim: Claim, open_one: Claim) -> bool:
    """Whether a clause gives as settled what another calls open: the same number, or a price where the price is open."""
    if _OPEN.search(claim.text):
        return False
    return bool(claim.numbers & open_one.numbers) or (
        claim.priced and not open_one.numbers and bool(_PRICE.search(open_one.text))
    )


def _too_early(earliest: Claim, other: Claim) -> bool:
    """Whether something is to be out on a day before the earliest that another gives for it."""
    if not re.search(r"最早|最快|才", earliest.text) or not _OUT.search(earliest.text) or not _OUT.search(other.text):
        return False
    days = [moment.date for moment in earliest.moments if moment.date and not moment.bare_weekday]
    rivals = [moment.date for moment in other.moments if moment.date and not moment.bare_weekday]
    return bool(days and rivals and rivals[0] < days[0] and not re.search(r"最晚|之?前$", other.text))


_OUT = re.compile(r"发|采|摘|到货|才到|能到|到$|出货|上架|开团|开卖|开售|开园|开业|上线|交付|送|营业")


def _same_matter(first: Claim, second: Claim) -> bool:
    """Whether the shorter of two clauses, its values aside, stands for the most part in the other."""
    short, long = sorted((first.matter, second.matter), key=len)
    pairs = {short[at : at + 2] for at in range(len(short) - 1)}
    return bool(pairs) and sum(pair in long for pair in pairs) * 2 >= len(pairs)


def _day_of(moment: Moment) -> object:
    return moment.stated_weekday if moment.bare_weekday else moment.date
