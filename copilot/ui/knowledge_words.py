"""Which words of a text are those of a question: what a search shows in colour."""

from collections.abc import Collection, Sequence

from copilot.playbook.lexical import bigrams, fold, words

COMMON = 0.2  # a term in more of the handbook's sections than this says nothing of a question
SHORTEST = 2


def terms(question: str, sections: Collection[str]) -> tuple[str, ...]:
    """The question's words and character pairs that are not in everybody's mouth; `sections` tell which are."""
    cut = words(question)
    alone = {word for word in cut if len(word) < SHORTEST}  # particles mostly: a pair with one of them says nothing
    pairs = [pair for pair in bigrams(question) if alone.isdisjoint(pair)]
    asked = dict.fromkeys(term for term in (*cut, *pairs) if len(term) >= SHORTEST)
    known = [fold(text) for text in sections]
    return tuple(term for term in asked if sum(term in text for text in known) <= COMMON * len(known))


def spots(wanted: Sequence[str], text: str) -> tuple[tuple[int, int], ...]:
    """Where the terms stand in a text, whatever its widths and capitals: (start, end) in order, apart from each other."""
    folded = [(sign, at) for at, one in enumerate(text) for sign in fold(one)]
    read = "".join(sign for sign, _ in folded)
    found = []
    for term in wanted:
        at = read.find(term)
        while at >= 0:
            if _is_whole(term, read, at):
                found.append((folded[at][1], folded[at + len(term) - 1][1] + 1))
            at = read.find(term, at + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _is_whole(term: str, text: str, at: int) -> bool:
    """Whether a term of Latin letters or digits is a word there and not part of another."""
    around = text[at - 1 : at] + text[at + len(term) : at + len(term) + 1]
    return not (term.isascii() and any(sign.isascii() and sign.isalnum() for sign in around))


def best_window(found: Sequence[tuple[int, int]], length: int, size: int) -> tuple[int, int]:
    """The stretch of at most `size` characters, of a text of `length`, with most of what was found in it."""
    if length <= size:
        return 0, length
    starts = [max(0, min(start - size // 5, length - size)) for start, _ in found] or [0]
    best = max(
        starts, key=lambda left: sum(end - start for start, end in found if left <= start and end <= left + size)
    )
    return best, best + size
