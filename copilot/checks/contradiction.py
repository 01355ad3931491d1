"""A new statement against what was published before: another number, another time, the opposite, a promise taken back.

What changed may be said; it must be said openly (之前说…，更正为…). Only clauses that are clearly about the same matter
are compared: a false alarm here would cost a true sentence.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from copilot.checks.promises import promised
from copilot.checks.rows import matter, pairs
from copilot.checks.rulebook import finding
from copilot.checks.stance import Clause, Speech, authority_lexicon, compiled
from copilot.facts.values import Value, read_values
from copilot.records import Finding, Span

LATE = timedelta(minutes=15)  # after this an update is no longer the one that was promised for the hour
ALIKE = 0.6  # how much of the shorter clause's matter the other must share to be about the same
SAME_WORDS = 0.75  # … where only a negation sets them apart
_NOT = re.compile(
    r"没有?|未|并非|不是|不会|不(?!到|过|同|适|足|久|仅|断|良|便|少|起|错|好意思|清楚)|无(?=关|人|法|任何)"
)


class _Statement:
    """A published text: its clauses, each with the values in it."""

    def __init__(self, text: str, now: datetime) -> None:
        self.speech = Speech(text)
        values = read_values(text, now)
        self.clauses = [
            _Said(self.speech, clause, tuple(one for one in values if span.start <= one.start < span.end))
            for clause in self.speech.clauses
            for span in [self.speech.span(clause.start, clause.end)]
        ]


class _Said:
    """One clause as a statement."""

    def __init__(self, speech: Speech, clause: Clause, values: tuple[Value, ...]) -> None:
        self.speech, self.clause, self.values = speech, clause, values
        self.span: Span = speech.span(clause.start, clause.end)
        text = self.span.text
        for value in sorted(values, key=lambda one: -one.start):
            start = value.start - self.span.start
            text = text[:start] + " " + text[start + len(value.text) :]
        self.about = pairs(matter(re.sub(r"\s", "", text)))
        stances = speech.stances(clause, clause.end, clause.end)
        self.asserted = not stances & {"open", "asked", "reported", "conditional", "quoted"}

    @property
    def updates(self) -> tuple[datetime, ...]:
        """The hours at which it promises to be back with news, where they are dated."""
        if not re.search(self.speech_words("update"), self.clause.text):
            return ()
        found = (value.moment for value in self.values)
        return tuple(
            datetime.combine(one.date, one.time)
            for one in found
            if one and one.date and one.time and not one.recurrence and one.end_time is None
        )

    @staticmethod
    def speech_words(name: str) -> str:
        """A pattern of `knowledge/authority.yaml`'s `contradictions`."""
        words: str = authority_lexicon()["contradictions"][name]
        return words

    def alike(self, other: "_Said", share: float) -> bool:
        """Whether two clauses are about the same matter."""
        shorter, longer = sorted((self.about, other.about), key=len)
        return len(shorter) > 1 and len(shorter & longer) >= share * len(shorter)


def contradictions(text: str, earlier: tuple[str, ...], now: datetime) -> tuple[Finding, ...]:
    """Where a new statement is at odds with earlier ones (oldest first) without saying so; warnings with both quotes.
    A promised hour that passed (`overdue`) comes without a span.

    `now` is when the new one goes out; times without a zone are the operator's.
    """
    now = now.replace(tzinfo=None)
    new = _Statement(text, now)
    published = [_Statement(one, now) for one in earlier]
    found = [
        _finding(said, before, reason)
        for said in new.clauses
        if not _corrects(said)
        for statement in published
        for before in statement.clauses
        if (reason := _at_odds(said, before, now))
    ]
    found += overdue(text, earlier, now)
    unique = {(one.span.start if one.span else -1, one.message): one for one in found}
    return tuple(unique[key] for key in sorted(unique))


def overdue(text: str, earlier: tuple[str, ...], now: datetime) -> tuple[Finding, ...]:
    """The hour for which the last statement promised news has passed, and a new statement does not say a word about it.

    For a statement as a whole; what else goes out at the same time need not repeat it.
    """
    now = now.replace(tzinfo=None)
    return tuple(_overdue(_Statement(text, now), [_Statement(one, now) for one in earlier[-1:]], now))


def _corrects(said: _Said) -> bool:
    """Whether the sentence says openly that it changes what was said before."""
    return bool(re.search(said.speech_words("correcting"), said.clause.sentence))


def _at_odds(said: _Said, before: _Said, now: datetime) -> str:
    """Why two clauses can't both stand, or nothing."""
    if not (said.asserted and before.asserted):
        return "" if not _refused(said, before) else "之前答应过，现在又说不行"
    if said.alike(before, ALIKE):
        if _other_amount(said, before):
            return "前后数字不一样"
        if _other_time(said, before):
            return "前后时间不一样"
    if _later_update(said, before, now):
        return "说好的更新时间被推后了"
    if _opposite(said, before):
        return "前后说法相反"
    return "之前答应过，现在又说不行" if _refused(said, before) else ""


def _other_amount(said: _Said, before: _Said) -> bool:
    """The same kind of amount with another number; counts that grow by themselves (累计, 新增) may differ."""
    if any(re.search(one.speech_words("growing"), one.clause.sentence) for one in (said, before)):
        return False
    for kind in ("quantity", "money", "percent"):
        new, old = (
            {
                (value.unit, value.number or value.canonical)
                for value in one.values
                if value.kind == kind and not value.soft
            }
            for one in (said, before)
        )
        units = {unit for unit, _ in new} & {unit for unit, _ in old}
        if any({pair for pair in new if pair[0] == unit}.isdisjoint(old) for unit in units):
            return True
    return False


def _other_time(said: _Said, before: _Said) -> bool:
    """One moment each, and not the same: another day, or another hour of the same day."""
    if re.search(said.speech_words("update"), said.clause.text):
        return False
    new, old = ([value.moment for value in one.values if value.moment] for one in (said, before))
    if len(new) != 1 or len(old) != 1 or new[0].bound != old[0].bound or new[0].recurrence or old[0].recurrence:
        return False
    first, second = new[0], old[0]
    if first.date and second.date and first.date != second.date:
        return first.grain == second.grain == "day"
    return bool(first.time and second.time and first.time != second.time)


def _later_update(said: _Said, before: _Said, now: datetime) -> bool:
    """An update that is still to come was promised for an earlier hour than the new statement gives."""
    return bool(
        said.updates and before.updates and now < max(before.updates) and min(said.updates) > max(before.updates)
    )


def _opposite(said: _Said, before: _Said) -> bool:
    """The same words, once with a negation and once without; what was not yet so may have come to be so."""
    if not (said.alike(before, SAME_WORDS) and before.alike(said, SAME_WORDS)):
        return False
    smaller, larger = sorted((len(said.about), len(before.about)))
    if larger > 2 * smaller:
        return False
    now_not, then_not = (len(_NOT.findall(one.clause.text)) % 2 for one in (said, before))
    if now_not == then_not:
        return False
    return not (then_not and re.search(said.speech_words("progress"), said.clause.text))


def _refused(said: _Said, before: _Said) -> bool:
    """A remedy that was promised before and is now declined."""
    stances = said.speech.stances(said.clause, said.clause.end, said.clause.end)
    if not stances & {"declined", "deferred"}:
        return False
    for remedy in authority_lexicon()["remedies"].values():
        match = promised(before.clause, remedy)
        if match is None or before.speech.stances(before.clause, before.clause.end, before.clause.end) & {
            "declined",
            "deferred",
            "open",
            "asked",
            "reported",
        }:
            continue
        if any(compiled(remedy[form]).search(said.clause.text) for form in ("verb", "noun") if form in remedy):
            return True
    return False


def _overdue(new: _Statement, last: list[_Statement], now: datetime) -> Iterator[Finding]:
    if re.search(_Said.speech_words("late"), new.speech.text):
        return
    promised_for = [(hour, said) for statement in last for said in statement.clauses for hour in said.updates]
    for hour, said in promised_for:
        if hour.time() != time(0):
            yield from missed(said.span.text, hour, now)


def missed(promise: str, due: datetime, now: datetime) -> Iterator[Finding]:
    """The finding for an update that was promised for an hour of the last day and has not come by now."""
    if now - timedelta(days=1) < due < now - LATE:
        yield finding("update-overdue", words=promise, hour=f"{due:%H:%M}")


def _finding(said: _Said, before: _Said, reason: str) -> Finding:
    return finding("contradiction", said.span, reason=reason, before=before.span.text, words=said.span.text)
