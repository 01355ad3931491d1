"""Places in Chinese group text: by the word a place ends in (三楼会议室), and by what is said of a venue (在…集合, 地点：…).

A place of everyday talk (去正规医院看看, 在群里说) must hardly ever be taken for one that somebody could have invented, so
a word that ends many other words (店, 路, 站) counts only where the sentence puts something there.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from copilot.facts.name_lexicon import Words, words_of
from copilot.lore import load_yaml
from copilot.records import Span

_LETTER = r"[\u4e00-\u9fffA-Za-z0-9·\-]"
_LONGEST = 16  # characters of a place with all that stands before its last word
_NUMBER = r"(?:[A-Za-z]|\d{1,4}|[A-Za-z]\d{1,3}|负?[一二三四五六七八九十]{1,3})"
# Parts of speech that a place is made of: nouns and names, numbers, directions, adjectives. No verb, adverb, particle.
_NOUNS = ("n", "s", "f", "b", "a", "m", "q", "eng", "x", "vn", "ng", "j", "l", "i")
_BREAKS = re.compile(r"[，。；！？,;!?\n（(【】→]|$")


class Place(Span):
    """A stretch that names a place; `venue` where the sentence says that something happens or goes there."""

    venue: bool


class _Grammar(NamedTuple):
    trigger: re.Pattern[str]
    strong: re.Pattern[str]
    named: re.Pattern[str]
    head: re.Pattern[str]
    happens: re.Pattern[str]
    moved: re.Pattern[str]
    door: re.Pattern[str]
    label: re.Pattern[str]
    stated: re.Pattern[str]
    nothing: re.Pattern[str]


@cache
def place_lexicon() -> dict[str, Any]:
    """The word lists of `knowledge/wording/places.yaml`."""
    data: dict[str, Any] = load_yaml("wording", "places.yaml")
    return data


@cache
def _grammar() -> _Grammar:
    data = place_lexicon()
    strong, weak = "|".join(data["heads"]["strong"]), "|".join(data["heads"]["weak"])
    numbered = rf"{_NUMBER}(?:{data['heads']['numbered']})"
    to, happens, moved = data["to"], data["happens"], data["moved"]
    stretch = rf"(?P<place>(?:(?!{to}|{happens}){_LETTER}){{1,{_LONGEST}}})"
    return _Grammar(
        trigger=re.compile(rf"{strong}|{data['heads']['named']}|{numbered}|{happens}|{moved}|{data['labels']}"),
        strong=re.compile(rf"(?:{strong})"),
        named=re.compile(data["heads"]["named"]),
        head=re.compile(rf"(?:{strong}|{data['heads']['named']}|{weak}|{numbered})(?:里|内|旁|旁边|外|那里)?$"),
        happens=re.compile(rf"(?:{to}){stretch}(?:里|内|那里|处)??(?:{happens})"),
        moved=re.compile(
            rf"(?:{moved})(?P<place>{_LETTER}{{1,{_LONGEST}}}?)(?=了|{happens}|[^\u4e00-\u9fffA-Za-z0-9·-]|$)"
        ),
        door=re.compile(rf"(?:{to})了?(?P<place>(?:{data['heads']['door']})+)(?![\u4e00-\u9fff]*(?:说|回复))"),
        stated=re.compile(
            rf"(?:{data['labels']})(?:{data['said_as']})(?P<place>{_LETTER}{{2,{_LONGEST}}})(?!{_LETTER})"
        ),
        label=re.compile(rf"(?:^|[\n，。；·\s])(?:{data['labels']})[：:]\s*(?P<place>[^，。；！？,;!?\n]+)"),
        nothing=re.compile("(?:" + re.sub(r"\s+", "", data["nothing"]) + ")"),
    )


@lru_cache(maxsize=1024)  # mending reads the same text over and over
def read_places(text: str) -> tuple[Place, ...]:
    """The places of a text in order; none overlaps another."""
    grammar = _grammar()
    if not grammar.trigger.search(text):
        return ()
    words = words_of(text)
    found = [*_labelled(text, words), *_moved(text), *_happening(text, words), *_headed(text, words)]
    return tuple(place for place in _joined(text, found) if not names_nothing(place.text))


def _joined(text: str, found: list[Place]) -> list[Place]:
    """The places in order, those that touch made one: 物业服务中心 and 一楼大厅."""
    joined: list[Place] = []
    for place in sorted(found, key=lambda place: (place.start, -place.end)):
        last = joined[-1] if joined else None
        if last and place.start <= last.end:
            end = max(place.end, last.end)
            joined[-1] = _place(text, last.start, end, venue=last.venue or place.venue)
        else:
            joined.append(place)
    return joined


def names_nothing(text: str) -> bool:
    """Whether a stretch is one of those that no one could have invented: 群里, 家门口, 活动开始前."""
    return _grammar().nothing.fullmatch(text) is not None


def ends_in_place(text: str) -> bool:
    """Whether a stretch ends in a word for a place."""
    return _grammar().head.search(text) is not None


def _labelled(text: str, words: Words) -> Iterator[Place]:
    """What stands behind "地点：", cut where it lists several, and behind "地点是"."""
    for match in _grammar().stated.finditer(text):
        start, end = match.span("place")
        if ends_in_place(match["place"]) or _left(text, words, end, start) == start:
            yield _place(text, start, end, venue=True)
    for match in _grammar().label.finditer(text):
        at = match.start("place")
        for piece in re.finditer(r"[^、→/（）()【】“”\s]+", match["place"]):
            if "【" not in match["place"][: piece.start()]:
                yield _place(text, at + piece.start(), at + piece.end(), venue=True)


def _moved(text: str) -> Iterator[Place]:
    """改到B座三层大会议室: a place by its last word; a time and a price are moved in the same words."""
    online = place_lexicon()["online"]
    for match in _grammar().moved.finditer(text):
        if ends_in_place(match["place"]) or re.fullmatch(f"{online['words']}|{online['elsewhere']}", match["place"]):
            yield _place(text, *match.span("place"), venue=True)


def _happening(text: str, words: Words) -> Iterator[Place]:
    """在老地方集合, 到前台领取: whatever stands between, if it is made of nouns or ends in a word for a place."""
    for match in _grammar().happens.finditer(text):
        start, end = match.span("place")
        run = _left(text, words, end, start)
        if head := _grammar().head.search(match["place"]):
            lead = match["place"].rfind("的", 0, head.start()) + 1
            yield _place(text, start + lead if lead else min(run, start + head.start()), end, venue=True)
        elif end in words.ends and run == start and end - start > 1:
            yield _place(text, start, end, venue=True)


def _headed(text: str, words: Words) -> Iterator[Place]:
    """协和医院, 三楼会议室: a strong word for a place with the words before it that say which."""
    for match in _grammar().named.finditer(text):
        yield _place(text, *match.span(), venue=False)
    for match in _grammar().door.finditer(text):
        yield _place(text, *match.span("place"), venue=True)
    for match in _grammar().strong.finditer(text):
        if match.end() in words.ends:  # 门店 in 门店长 is another word
            start = _left(text, words, match.end(), 0)
            if start < match.start():
                yield _place(text, start, match.end(), venue=False)


def _left(text: str, words: Words, end: int, floor: int) -> int:
    """Where the run of nouns that ends at `end` starts, not before `floor`."""
    starts = {word_end: (start, tag) for start, (word_end, tag) in words.tagged.items()}
    at = end
    while at > floor and (found := starts.get(at)):
        start, tag = found
        if start < floor or end - start > _LONGEST or not tag.startswith(_NOUNS):
            break
        if not re.fullmatch(rf"{_LETTER}+", text[start:at]):
            break
        at = start
    return at


def _place(text: str, start: int, end: int, *, venue: bool) -> Place:
    return Place(start=start, end=end, text=text[start:end], venue=venue)
