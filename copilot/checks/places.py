"""Does every place of a draft stand in what may be said? An invented venue sends people to the wrong door."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from copilot.checks.facts import PLACEHOLDER
from copilot.checks.rulebook import finding
from copilot.facts.name_lexicon import words_of
from copilot.facts.numerals import parse_number
from copilot.facts.places import Place, names_nothing, place_lexicon, read_places
from copilot.records import Finding

_DOOR = re.compile(r"[a-z]?\d+[a-z]?(?:号?[楼栋幢座门厅馆院店口]|单元|室)|[a-z][座栋口]")
_COUNTED = re.compile(r"([一二三四五六七八九十]{1,3})(?=楼|号|栋|幢|座|单元|室|厅)")


def place_findings(text: str, said: Sequence[str], *, own: Sequence[str] = ()) -> tuple[Finding, ...]:
    """The places of `text` whose words none of the `said` texts hold; a shortened form ("北门") is held by the whole.

    `own` are the product's own set phrases: a place inside one of them names nothing of the brief's.
    """
    asked = [match.span() for match in PLACEHOLDER.finditer(text)]
    places = [
        place
        for place in read_places(text)
        if not any(place.text in one and one in text for one in own)
        and not any(start <= place.start and place.end <= end for start, end in asked)
    ]
    return tuple(_untraced(places, _folded("\n".join(said)))) if places else ()


def _untraced(places: Sequence[Place], said: str) -> Iterator[Finding]:
    online = place_lexicon()["online"]
    for place in places:
        if re.fullmatch(online["words"], place.text) and re.search(online["said"], said):
            continue
        if re.fullmatch(online["elsewhere"], place.text) and read_places(said):
            continue
        telling = _telling(place.text)
        if not place.venue and all(names_nothing(word) for word in telling):
            continue  # 外地学校: a kind of place and no place
        if not _held(_folded(place.text), said) and not all(_held(word, said) for word in telling):
            yield finding("untraced-place", place, replacement=f"【待核实:{place.text}】", words=place.text)


def _telling(place: str) -> tuple[str, ...]:
    """The words of a place that say which it is: a number with what it counts, and words; 绿, 道 as the one word 绿道."""
    folded = _folded(place)
    doors = [match.span() for match in _DOOR.finditer(folded)]
    pieces = [folded[start:end] for start, end in doors]
    single = False
    for start, (end, _) in sorted(words_of(folded).tagged.items()):
        if any(start < to and since < end for since, to in doors) or folded[start:end] in _generic():
            single = False
        elif end - start == 1 and single:
            pieces[-1] += folded[start:end]
        else:
            pieces.append(folded[start:end])
            single = end - start == 1
    return tuple(pieces)


def _held(word: str, said: str) -> bool:
    """Whether a word stands in what may be said; 1号门 does not stand in 11号门."""
    return re.search(rf"(?<!\d){re.escape(word)}" if word[0].isdigit() else re.escape(word), said) is not None


@cache
def _generic() -> frozenset[str]:
    return frozenset(place_lexicon()["generic"].split())


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    """Without what two ways of writing one place differ in: spaces, case, 三层 for 3楼."""
    text = re.sub(r"(?<=[\d一二三四五六七八九十])层", "楼", text)
    text = _COUNTED.sub(lambda match: str(parse_number(match[1]) or match[1]), text)
    return re.sub(r"[ \t\u3000]", "", text).lower()
