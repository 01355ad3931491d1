"""Does a writer's message still say what the program's message for the slot says, and is it in the right slot?

What must stay: placeholders, dates and clocks, amounts of the brief, and the sentences that bind somebody (a condition, a
safety line, a label). What is lost is put back in the program's words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from copilot.checks.facts import PLACEHOLDER
from copilot.facts.ledger import Ledger, keys_of
from copilot.facts.values import Value
from copilot.tasks.weekly_plan.catalogue import found, judgement, pattern
from copilot.tasks.weekly_plan.plan import Slot
from copilot.tasks.weekly_plan.slot_ledger import points_near

LIKE = 0.5  # of a clause's pairs of characters, for another to say the same
CLEARLY = 2.0  # how much nearer to another slot's words a message must be to belong there
COVERED = 0.3  # … and how much of those words it must hold
MANY_LOST = 3

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;”』」）)]*")
_CLAUSE = re.compile(r"[^，,。！？!?；;\n：]+")
_HARD = frozenset(["duration", "money", "percent", "phone", "link", "account", "email", "version"])


class Loss(NamedTuple):
    """What a message lost of the program's: the words, the sentence they stand in, and what kind of thing it is."""

    words: str
    sentence: str
    kind: Literal["mark", "value", "binding"]


def binding(message: str) -> tuple[str, ...]:
    """The sentences of a message that bind somebody: conditions, safety lines, labels, permissions."""
    held = judgement().held
    return tuple(one for one in _sentences(message) if found(held.binding, PLACEHOLDER.sub("", one)))


def placeholders(message: str) -> tuple[str, ...]:
    """The placeholders of a message, once each."""
    return tuple(dict.fromkeys(match[0] for match in PLACEHOLDER.finditer(message)))


def must_stand(message: str, ledger: Ledger, public: Ledger) -> tuple[str, ...]:
    """The dates, clocks and amounts of a message that no other may lose."""
    return tuple(dict.fromkeys(value.text for value in _hard_values(message, ledger, public)))


def losses(message: str, written: str, ledger: Ledger, public: Ledger) -> tuple[Loss, ...]:
    """What `written` lost of the program's `message`; `ledger` is the slot's, `public` what the operator said in general."""
    found_: list[Loss] = [
        Loss(mark, _sentence_with(message, mark), "mark") for mark in placeholders(message) if mark not in written
    ]
    present = {key: value for value in Ledger.read(ledger, written) for key in keys_of(value)}
    for value in _hard_values(message, ledger, public):
        kept = [present.get(key) for key in keys_of(value)]
        if not all(kept) or _bound(value, message) not in {_bound(one, written) for one in kept if one}:
            found_.append(Loss(_with_bound(value, message), _sentence_at(message, value.start), "value"))
    for sentence in binding(message):
        clauses = [clause for clause in _clauses(sentence) if found(judgement().held.binding, clause)]
        if not all(_is_kept(clause, written) for clause in clauses):
            found_.append(Loss(sentence, sentence, "binding"))
    return tuple({loss.sentence: loss for loss in reversed(found_)}.values())[::-1]


def restored(message: str, written: str, ledger: Ledger, public: Ledger) -> str:
    """The message with the program's sentences put back; the program's own where that would not make one good message:
    another hour or bound may stand where one was lost, and the opposite where a condition was.
    """
    lost = losses(message, written, ledger, public)
    if len(lost) >= MANY_LOST or any(_turned(loss, message, written) for loss in lost):
        return message
    whole = "\n".join([written, *(loss.sentence for loss in lost)])
    return message if losses(message, whole, ledger, public) else whole


def belongs_to(written: str, slot: Slot, slots: Sequence[Slot]) -> Slot | None:
    """The other slot that a message was written for; None where it is in its own."""
    others = [one for one in slots if one.message and one.message != slot.message and one.action != slot.action]
    own_marks, marks = set(placeholders(slot.message)), set(placeholders(written))
    for other in others:
        if (marks - own_marks) & set(placeholders(other.message)):
            return other
    shared = Counter(pair for message in {one.message for one in slots if one.message} for pair in _pairs(message))
    told = _pairs(written)

    def weight(pairs: set[str]) -> float:
        return sum(1 / max(1, shared[pair]) for pair in pairs)

    own = weight(told & _about(slot))
    for other in others:
        near = weight(told & _about(other))
        if near >= CLEARLY * own and near >= COVERED * weight(_about(other)):
            return other
    return None


def _hard_values(message: str, ledger: Ledger, public: Ledger) -> Iterator[Value]:
    bare = PLACEHOLDER.sub(lambda mark: " " * len(mark[0]), message)
    for value in ledger.read(bare):
        moment = value.moment
        if moment:
            dated = moment.date and moment.grain == "day" and not moment.end_date and not points_near(value)
            if not value.soft and not moment.recurrence and (dated or moment.time):
                yield value
        elif value.kind in _HARD or (value.kind == "quantity" and not value.soft and public.backed_by(value)):
            yield value


def _bound(value: Value, text: str) -> str:
    """What the words around an amount make of it: at most, less than, at least, more than, or nothing."""
    if value.moment:
        return value.moment.bound
    before, after = text[max(0, value.start - 4) : value.start], text[value.end : value.end + 3]
    for name, bound in judgement().held.bounds.items():
        if (bound.before and pattern(f"(?:{bound.before})\\s*$").search(before)) or (
            bound.after and pattern(f"\\s*(?:{bound.after})").match(after)
        ):
            return name
    return ""


def _with_bound(value: Value, text: str) -> str:
    """The words of an amount with the words that bound it, for the objection."""
    sentence = _sentence_at(text, value.start)
    clause = next((one for one in _clauses(sentence) if value.text in one), value.text)
    return clause if _bound(value, text) not in ("", "at") else value.text


def _is_kept(clause: str, written: str) -> bool:
    """Whether some sentence says the same with the same word that binds, and as often with a 不."""
    held = judgement().held
    key = found(held.binding, clause)
    pairs = _pairs(clause)
    for sentence in _sentences(written):
        if len(pairs & _pairs(sentence)) < LIKE * len(pairs):
            continue
        for other in _clauses(sentence):
            same = found(held.binding, other)
            if key and same and same[0][:2] == key[0][:2] and _negations(other) == _negations(clause):
                return True
    return False


def _turned(loss: Loss, message: str, written: str) -> bool:
    """Whether a clause of the writer's own speaks of what a lost sentence binds: it may say the opposite."""
    if loss.kind != "binding":
        return loss.kind == "value"
    known, about = _pairs(message), set[str]().union(*(_pairs(one) for one in _clauses(loss.sentence)))
    for clause in _clauses(written):
        pairs = _pairs(clause)
        if pairs & about and len(pairs & known) < LIKE * len(pairs):
            return True
    return False


def _negations(clause: str) -> int:
    return len(pattern(judgement().held.negation).findall(clause)) % 2


def _about(slot: Slot) -> set[str]:
    return _pairs("\n".join((slot.action, slot.message, *slot.answers)))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()}


def _clauses(text: str) -> list[str]:
    return [match[0] for match in _CLAUSE.finditer(text)]


def _sentences(text: str) -> list[str]:
    return [match[0].strip() for match in _SENTENCE.finditer(text) if match[0].strip()]


def _sentence_at(text: str, place: int) -> str:
    return next((match[0].strip() for match in _SENTENCE.finditer(text) if match.end() > place), text)


def _sentence_with(text: str, words: str) -> str:
    return _sentence_at(text, text.index(words))
