"""Fit the model of what lines do (`copilot/chat/leaning.py`) on our own lines, and say how well it tells new ones.

Run after `knowledge/chat_lines/lines.tsv` has changed: `python scripts/fit_chat_lines.py` (some seconds). Naive Bayes: a
piece weighs the logarithm of how many times oftener it stands in lines that do a thing than in others. On chats it was
not made from it told more than logistic regression did, which learns the habits of the lines.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from copilot.chat.leaning import Leaning, pieces, weigh
from copilot.settings import KNOWLEDGE

FOLDER = KNOWLEDGE / "chat_lines"
ACTS = Leaning._fields
RAREST = 3  # lines that a piece must stand in
UNSEEN = 0.5  # how often each piece is taken to have been seen beside what was
FOLDS = 4
BOUNDS = (0.5, 1.0, 1.5, 2.0, 2.5)
Weights = dict[str, list[float]]


class Line(NamedTuple):
    """A line: its labels, its pieces without the sender's name, and those of the name."""

    labels: frozenset[str]
    words: frozenset[str]
    name: frozenset[str]

    def tells_of(self, act: str) -> bool:
        """Whether its labels say if it does this; `talks` speaks of selling alone."""
        return act == "sells" or "talks" not in self.labels


def read_lines() -> list[Line]:
    """The lines of the file, in its order."""
    rows = [row.split("\t") for row in (FOLDER / "lines.tsv").read_text(encoding="utf-8").splitlines()]
    return [
        Line(frozenset(row[0].split(",")), pieces("", row[2]), pieces(row[1], "")) for row in rows if row[0][:1] != "#"
    ]


def fit(lines: Sequence[Line]) -> Weights:
    """The weight of each piece for each act. What a sender is called tells of selling only."""
    counted = Counter(piece for line in lines for piece in line.words | line.name)
    known = sorted(piece for piece, times in counted.items() if times >= RAREST)
    columns = []
    for act in ACTS:
        told = [line for line in lines if line.tells_of(act)]
        doing = _shares([line for line in told if act in line.labels], known)
        other = _shares([line for line in told if act not in line.labels], known)
        columns.append([math.log(one / another) for one, another in zip(doing, other, strict=True)])
    table = zip(known, zip(*columns, strict=True), strict=True)
    return {
        piece: [round(one, 2) if act == "sells" or piece[0] != "N" else 0 for act, one in zip(ACTS, row, strict=True)]
        for piece, row in table
    }


def _shares(lines: Sequence[Line], known: Sequence[str]) -> list[float]:
    """In which share of the lines each piece stands."""
    seen = Counter(piece for line in lines for piece in line.words | line.name)
    return [(seen[piece] + UNSEEN) / (len(lines) + 2 * UNSEEN) for piece in known]


def main() -> None:
    """Print how lines that a share of the fits had not seen were told, fit on everything, and write the weights."""
    lines = read_lines()
    seen: list[tuple[Line, Leaning]] = []
    for fold in range(FOLDS):
        weights = fit([line for at, line in enumerate(lines) if at % FOLDS != fold])
        seen += [(line, weigh(line.words, weights)) for at, line in enumerate(lines) if at % FOLDS == fold]
    print(f"{len(lines)} lines; of unseen ones, without the sender's name: recall and precision from a bound on")
    for number, act in enumerate(ACTS):
        known = [(act in line.labels, told[number]) for line, told in seen if line.tells_of(act)]
        said = []
        for bound in BOUNDS:
            right = sum(true for true, told in known if told > bound)
            recall, precision = (
                right / sum(true for true, _ in known),
                right / max(1, sum(told > bound for _, told in known)),
            )
            said.append(f"{bound}: {recall:.2f} {precision:.2f}")
        print(f"{act:>9}  {'   '.join(said)}")
    weights = fit(lines)
    text = json.dumps(weights, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    (FOLDER / "weights.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(weights)} pieces written")


if __name__ == "__main__":
    main()
