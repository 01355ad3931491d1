"""Which sentences of the passages answer a question best: by shared words and by meaning, in plain order where both are silent."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from copilot.chat.signals import suspicious
from copilot.playbook.embedding import Embedder
from copilot.playbook.lexical import bigrams
from copilot.records import Hit
from copilot.tasks.ask.reading import Role, Sentence, is_row, lexicon, sentences

_BEHIND = 0.25  # what standing one sentence later costs, of the best sentence's worth: the first tells what to do


def used_passages(near: Sequence[Hit], weights: Mapping[Sentence, float]) -> tuple[Hit, ...]:
    """The passages that an answer is made of: the best, and those whose best sentence is worth nearly as much."""
    worth = {hit: max((weights[one] for one in weights if one.passage == hit), default=0.0) for hit in near}
    enough = lexicon()["worth"] * max(worth.values(), default=0.0)
    return tuple(hit for at, hit in enumerate(near) if at == 0 or worth[hit] >= enough)


def weigh(question: str, candidates: Sequence[Sentence], embedder: Embedder) -> dict[Sentence, float]:
    """How well each sentence answers the question, about 0 to 2; comparable within one question."""
    if len(candidates) < 2:
        return dict.fromkeys(candidates, 1.0)
    texts = [_under_its_question(one) for one in candidates]
    words, meaning = _scaled(_shared(question, texts)), _scaled(_near(question, texts, embedder))
    return {one: word + near - _BEHIND * one.order for one, word, near in zip(candidates, words, meaning, strict=True)}


def _under_its_question(one: Sentence) -> str:
    """The sentence, after the question where it is the answer to one: an answer seldom repeats what was asked."""
    asked = one.passage.section.rpartition(" › ")[2]
    return f"{asked}\n{one.text}" if asked.endswith(("？", "?")) and not one.passage.rules else one.text


def of_role(passages: Iterable[Hit], role: Role) -> tuple[Sentence, ...]:
    """The sentences of this role that are short enough to be quoted, and give no orders to an assistant."""
    longest = lexicon()["longest"]
    return tuple(
        one
        for hit in passages
        for one in sentences(hit)
        if one.role == role and len(one.text) <= longest and not suspicious(one.text)
    )


_ASKED_FIGURE = re.compile(r"(?:几|多少)\s*(?P<unit>[\u4e00-\u9fff])")


def rows_asked(question: str, passage: Hit) -> tuple[Sentence, ...]:
    """The rows of a passage's table that give the figure asked for: "银卡打几折" and "| 银卡 | 9折 |"."""
    figure = _ASKED_FIGURE.search(question)
    found = []
    for one in of_role([passage], "do") if figure else ():
        name, *cells = [cell.strip() for cell in one.text.strip().strip("|").split("|")]
        given = figure and any(re.search(rf"\d\s*{figure['unit']}", cell) for cell in cells)
        if is_row(one.text) and given and len(name) > 1 and name in question:
            found.append(one)
    return tuple(found)


def best(weights: Mapping[Sentence, float], passage: Hit, most: int) -> list[Sentence]:
    """The best sentences of one passage, at most so many, in the passage's order."""
    own = sorted((one for one in weights if one.passage == passage), key=lambda one: -weights[one])[:most]
    return sorted(own, key=lambda one: one.start)


def _shared(question: str, texts: Sequence[str]) -> list[float]:
    """The question's character pairs that each text has, rare ones counting more."""
    asked = set(bigrams(question))
    having = Counter(pair for text in texts for pair in set(bigrams(text)) & asked)
    return [sum(1 / having[pair] for pair in set(bigrams(text)) & asked) for text in texts]


def _near(question: str, texts: Sequence[str], embedder: Embedder) -> list[float]:
    import numpy

    near: list[float] = numpy.vecdot(embedder.embed_passages(texts), embedder.embed_queries([question])[0]).tolist()
    return near


def _scaled(values: Sequence[float]) -> list[float]:
    """The values between 0 for the least and 1 for the greatest."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]
