"""What a reader left out is put back where it stood, as dropped stretches: to be seen, and kept by the operator's word."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from copilot.playbook.cleaning.lines import junk
from copilot.playbook.readers.extract import Aside
from copilot.playbook.spans import Article, Blemish


class Woven(NamedTuple):
    """A document's text with what was left out of it, and what is to be known of both."""

    text: str
    blemishes: tuple[Blemish, ...]
    articles: tuple[Article, ...]


def weave(text: str, asides: Sequence[Aside], blemishes: Sequence[Blemish], articles: Sequence[Article]) -> Woven:
    """Put the asides of a text back into it; `blemishes` and `articles` were found without them."""
    if not asides:
        return Woven(text, tuple(blemishes), tuple(articles))
    places = [aside.at for aside in asides]
    put_in = [f"\n\n{aside.text}" if aside.at else f"{aside.text}\n\n" for aside in asides]
    grown = [0, *accumulate(map(len, put_in))]
    starts = [0, *places]
    parts = [text[start:end] for start, end in zip(starts, [*places, len(text)], strict=True)]
    whole = "".join(part + more for part, more in zip(parts, [*put_in, ""], strict=True))
    left_out = [_left_out(aside, aside.at + before) for aside, before in zip(asides, grown, strict=False)]
    found = [
        blemish.model_copy(
            update={"start": start + grown[bisect_right(places, start)], "end": end + grown[bisect_left(places, end)]}
        )
        for blemish in blemishes
        for start, end in _between(blemish, places)
    ]
    shifted = tuple(
        article.model_copy(
            update={
                "start": article.start and article.start + grown[bisect_right(places, article.start)],
                "end": len(whole)
                if article.end == len(text)
                else article.end + grown[bisect_right(places, article.end)],
            }
        )
        for article in articles
    )
    return Woven(whole, tuple(sorted([*found, *left_out], key=lambda one: one.start)), shifted)


def _left_out(aside: Aside, place: int) -> Blemish:
    start = place + (2 if aside.at else 0)
    kind = junk().kinds[aside.kind]
    end = start + len(aside.text)
    return Blemish(start=start, end=end, action=kind.action, kind=aside.kind, reason=kind.reason)


def _between(blemish: Blemish, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The parts of a blemish between the places where something is put in."""
    cuts = places[bisect_right(places, blemish.start) : bisect_left(places, blemish.end)]
    inner = list(dict.fromkeys(cuts))
    yield from zip([blemish.start, *inner], [*inner, blemish.end], strict=True)
