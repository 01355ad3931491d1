"""What a brief says to the writer, not to the group: "280字内", "亲切点", "不要卖惨"."""

import re

from copilot.facts.keys import lexicon


def settings_in(pieces: list[str]) -> dict[int, tuple[str, str]]:
    """(meta key, words) by place of each clause that is about length, manner or readers and about nothing else."""
    words = lexicon()
    found: dict[int, tuple[str, str]] = {}
    for place, piece in enumerate(pieces):
        for key, pattern in words.settings.items():
            match = pattern.match(piece)
            if match and not (key == "length" and place and place - 1 not in found and _written(pieces[place - 1])):
                found[place] = (key, _number(match) if key == "length" else piece)
                break
    # A bare manner ("亲切") is one only beside another setting.
    for place in [*range(len(pieces)), *reversed(range(len(pieces)))]:
        if place not in found and {place - 1, place + 1} & found.keys() and words.manner.match(pieces[place]):
            found[place] = ("tone", pieces[place])
    return dict(sorted(found.items()))


def _written(before: str) -> bool:
    """Whether a length after this clause is about what members write."""
    return bool(lexicon().written.search(before))


def _number(match: re.Match[str]) -> str:
    from copilot.facts.numerals import parse_number

    stated = match["number"] or match["bare"]
    number = parse_number(stated)
    return str(int(number)) if number is not None else stated


def limit_of(stated: list[str]) -> str:
    """The strictest of the lengths a brief states, as a number; its words where it gives none."""
    limits = [max(map(int, numbers)) for words in stated if (numbers := re.findall(r"\d{2,5}", words))]
    return str(min(limits)) if limits else "；".join(stated)
