"""Where the sources disagree: sections that show two sides, and sentences of two sources that can't both be followed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations

from copilot.facts.values import Value, read_values
from copilot.playbook.lexical import bigrams
from copilot.playbook.rules import handbook
from copilot.records import Dispute, Hit
from copilot.settings import Settings
from copilot.tasks.ask.reading import Sentence, lexicon, sentences

_TELLING = 25  # characters that a side's words have at least, where it has so many
_ALIKE = 0.34  # the share of the shorter one's character pairs that two sentences on one matter have in common
_OBJECT = 8  # characters after "不要" that say what is advised against
_SAME_OBJECT = 0.6  # the share of those words' character pairs that the other sentence has
_AMOUNTS = ("moment", "duration", "money", "quantity", "percent")


def disputed_sections(passages: Sequence[Hit], settings: Settings) -> tuple[Hit, ...]:
    """The sections on both sides of a matter: those among the passages, and those that two passages take the sides of."""
    taught = [set(passage.rules) for passage in passages]
    shown = {passage.chunk_id: passage for passage in passages if len(_sides(passage)) > 1}
    for section in handbook(settings).disagreements:
        sides = section.disagreement
        if sides and any(
            (one & set(sides.a) and other & set(sides.b)) or (one & set(sides.b) and other & set(sides.a))
            for one, other in combinations(taught, 2)
        ):
            shown.setdefault(section.chunk_id, section.hit(score=0.0))
    return tuple(shown.values())


def dispute(section: Hit) -> Dispute:
    """A section that shows two sides, in its own words."""
    label = lexicon()["view"]
    ours = [one for one in sentences(section) if one.label == label]
    return Dispute(
        topic=section.section.rpartition(" › ")[2],
        sides=tuple(_telling(side).citation for side in _sides(section)),
        view=_telling(ours).citation if ours else None,
    )


def clashes(passages: Sequence[Hit], now: datetime) -> tuple[Dispute, ...]:
    """Sentences from different sources on one matter that name other figures, or of which one advises against the other."""
    advice = [one for passage in passages for one in sentences(passage) if one.role in ("do", "watch")]
    found = [
        Dispute(topic=matter, sides=(one.citation, other.citation))
        for one, other in combinations(advice, 2)
        if one.passage.source != other.passage.source and (matter := _clash(one, other, now))
    ]
    return tuple({frozenset(side.chunk_id for side in one.sides): one for one in found}.values())


def _sides(section: Hit) -> list[list[Sentence]]:
    """The sentences of each side that a section shows."""
    found: dict[str, list[Sentence]] = {}
    for one in sentences(section):
        if one.role == "side":
            found.setdefault(one.label, []).append(one)
    return list(found.values())


def _telling(said: Sequence[Sentence]) -> Sentence:
    """The first sentence, with those after it that it needs to be understood."""
    first = said[0]
    for one in said[1:]:
        if len(first.text) >= _TELLING or one.start - first.end > 1:
            break
        first = first.model_copy(update={"end": one.end})
    return first


def _clash(one: Sentence, other: Sentence, now: datetime) -> str:
    """The matter on which two sentences clash, as the words they share; "" when they don't."""
    first, second = set(bigrams(one.text)), set(bigrams(other.text))
    shared = first & second
    if not shared or len(shared) < _ALIKE * min(len(first), len(second)):
        return ""
    if _other_figures(one.text, other.text, now) or opposed(one.text, other.text) or opposed(other.text, one.text):
        return _matter(one.text, shared)
    return ""


def _other_figures(one: str, other: str, now: datetime) -> bool:
    """Whether both give a figure of one kind and no figure of this kind is in both."""
    first, second = _figures(one, now), _figures(other, now)
    return any(first[kind].isdisjoint(second[kind]) for kind in first.keys() & second.keys())


def _figures(text: str, now: datetime) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for value in read_values(text, now):
        if value.kind in _AMOUNTS and not value.soft:
            found.setdefault(f"{value.kind} {value.unit}", set()).add(_canonical(value))
    return found


def _canonical(value: Value) -> str:
    return str(value.moment.time or value.moment.canonical) if value.moment else value.canonical


def opposed(text: str, other: str) -> bool:
    """Whether one text advises against something that the other tells to do."""
    against = lexicon()["against"]
    for found in re.finditer(against, text):
        named = set(bigrams(re.split(r"\W", text[found.end() : found.end() + _OBJECT])[0]))
        told = (set(bigrams(clause)) for clause in re.split(r"[，。；]", other) if not re.search(against, clause))
        if len(named) > 1 and any(len(named & pairs) >= _SAME_OBJECT * len(named) for pairs in told):
            return True
    return False


def _matter(text: str, shared: Iterable[str]) -> str:
    """The longest stretch of a text that is made of shared character pairs."""

    def runs() -> Iterator[str]:
        pairs = set(shared)
        start = 0
        for at in range(1, len(text) + 1):
            if text[at - 1 : at + 1].lower() not in pairs:
                yield text[start:at]
                start = at

    return max(runs(), key=len)
