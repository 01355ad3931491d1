"""What must not be: constraints with their bans, and the money there is."""

import re

from copilot.facts.brief import Brief
from copilot.facts.spelling import plain_spelling
from copilot.facts.values import read_values
from copilot.records import Conflict, Origin, Record
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.lexicon import Notices, lexicon
from copilot.tasks.weekly_plan.reading.prose import cut


class Money(Record):
    """The budget in yuan (None where the brief gives no one sum), and its words."""

    yuan: int | None = None
    words: str = ""


def bans_in(entries: tuple[Entry, ...], budget: int | None) -> tuple[str, ...]:
    """The keys of what the constraints forbid: a negation and its object in one clause."""
    words, found = lexicon(), []
    for entry in entries:
        if entry.topic != "constraints":
            continue
        forbidding = entry.topic == "constraints" and entry.sure and _heads_forbidding(entry.label, entry.origin.field)
        for clause, _ in cut(entry.text):
            if forbidding or words.negation.search(clause):
                found += [name for name, pattern in words.bans if pattern.search(clause)]
    if budget == 0:
        found.append("money")
    return tuple(dict.fromkeys(found))


def _heads_forbidding(*headings: str) -> bool:
    """Whether what stands under a heading is forbidden without saying so again (`禁止: [排名, 红包]`)."""
    return any(
        re.search(r"不|禁|别|红线|雷|避免|forbid|taboo|do[ _]?n.?t|must[ _]?not|avoid|not[ _]allowed", one)
        for one in headings
    )


def read_budget(entries: tuple[Entry, ...], brief: Brief, notices: Notices) -> Money:
    """The one sum the brief gives for the week; several, a range or another period keep their words only."""
    words = lexicon().budget
    said: list[tuple[Entry, int | None]] = []
    for entry in entries:
        if entry.topic == "budget" or (
            entry.topic in ("constraints", "assets", "stage", "week_goal")
            and words["cue"].search(entry.text)
            and (words["none"].search(entry.text) or re.search(r"\d", entry.text))
        ):
            for clause in _money_clauses(entry):
                said.append((entry.model_copy(update={"text": clause}), _yuan(clause, entry, brief)))
    if not said:
        return Money()
    told = "；".join(dict.fromkeys(entry.origin.quote for entry, _ in said))
    sums = dict.fromkeys(amount for _, amount in said)
    if len(sums) == 1:
        yuan = next(iter(sums))
        _check_spending(yuan, told, said[0][0].origin, notices)
        return Money(yuan=yuan, words=told)
    stated = [amount for amount in sums if amount is not None]
    if len(stated) > 1:
        origins = tuple(entry.origin for entry, amount in said if amount is not None)
        listed = " 还是 ".join(f"{amount} 元" for amount in stated)
        notices.conflicts.append(Conflict(code="two-budgets", message=f"预算有两种说法：{listed}", origins=origins))
        return Money(yuan=None, words=told)
    return Money(yuan=stated[0], words=told)


_SPENDING = re.compile(r"(\d+(?:\.\d+)?)\s*元?[^\d×xX*乘，。；]{0,4}\s*[×xX*乘]\s*(\d+)")


def _check_spending(yuan: int | None, told: str, origin: Origin, notices: Notices) -> None:
    """A sum written out beside the budget (人均 20 元 × 48 人) that is more than the budget."""
    match = _SPENDING.search(plain_spelling(told))
    if match and yuan is not None and (total := float(match[1]) * int(match[2])) > yuan:
        message = f"预算 {yuan} 元，但“{match[0]}”算下来是 {total:g} 元"
        notices.conflicts.append(Conflict(code="budget-short", message=message, origins=(origin,)))


def _money_clauses(entry: Entry) -> list[str]:
    """The clauses of an entry that are about the sum there is."""
    clauses = [clause for clause, _ in cut(entry.text)]
    cue = lexicon().budget["cue"]
    return [clause for clause in clauses if cue.search(clause)] or clauses[:1]


def _yuan(clause: str, entry: Entry, brief: Brief) -> int | None:
    words, text = lexicon().budget, plain_spelling(clause)
    if words["none"].search(text):
        return 0
    if words["other_time"].search(text) or words["pending"].search(text):
        return None
    values = [
        value
        for value in read_values(text, brief.now)
        if value.kind == "money" or (entry.topic == "budget" and value.kind == "quantity" and not value.unit)
    ]
    numbers = {value.number for value in values}
    if len(numbers) != 1 or not re.fullmatch(r"\d+(?:\.0+)?", next(iter(numbers))):
        return None
    yuan = all(value.canonical.startswith(("CNY", "n:")) for value in values)
    return int(float(next(iter(numbers)))) if yuan else None
