"""Fit the model of lines that sell (`copilot/chat/leaning.py`) on our own lines, and say how well it tells new ones.

Run after `knowledge/chat_lines/*.txt` has changed: `python scripts/fit_chat_lines.py`. Logistic regression with a
quadratic penalty, the whole set at every step; the same lines give the same weights.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from copilot.chat.leaning import pieces
from copilot.settings import KNOWLEDGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINES = KNOWLEDGE / "chat_lines"
STEPS, RATE, MOMENTUM, PENALTY = 300, 2.0, 0.9, 2e-4
SMALLEST = 0.02  # weights below it are left out
FOLDS = 5
Fitted = tuple[float, dict[str, float]]


def lines(name: str) -> Iterator[tuple[str, str]]:
    """The sender's name and the words of each line of a file."""
    for line in (LINES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sender, _, text = line.rpartition("｜")
            yield sender, text


def fit(rows: Sequence[frozenset[str]], labels: "NDArray[np.float64]") -> Fitted:
    """The bias and the weight of each piece that stands in two rows or more."""
    counted = Counter(piece for row in rows for piece in row)
    columns = {piece: number for number, piece in enumerate(sorted(one for one, times in counted.items() if times > 1))}
    table = np.zeros((len(rows), len(columns)), np.float32)
    for number, row in enumerate(rows):
        known = [columns[piece] for piece in row if piece in columns]
        table[number, known] = 3 / np.sqrt(max(len(known), 1))
    weights, bias = np.zeros(len(columns)), 0.0
    speed, bias_speed = np.zeros(len(columns)), 0.0
    for _ in range(STEPS):
        missed = 1 / (1 + np.exp(-(table @ weights + bias))) - labels
        speed = MOMENTUM * speed - RATE * (table.T @ missed / len(rows) + PENALTY * weights)
        bias_speed = MOMENTUM * bias_speed - RATE / 4 * float(missed.mean())
        weights, bias = weights + speed, bias + bias_speed
    kept = {piece: round(float(weights[at]), 3) for piece, at in columns.items() if abs(weights[at]) >= SMALLEST}
    return round(bias, 3), kept


def told(fitted: Fitted, row: frozenset[str]) -> bool:
    """Whether the model takes a row for one that sells."""
    bias, weights = fitted
    found = [weights[piece] for piece in row if piece in weights]
    return bias + (3 * sum(found) / np.sqrt(len(found)) if found else 0) > 0


def main() -> None:
    """Fit on everything, print how lines that a fifth of the fits had not seen were told, and write the weights."""
    known = [*((1.0, *line) for line in lines("sells.txt")), *((0.0, *line) for line in lines("talks.txt"))]
    labels = np.array([label for label, _, _ in known for _ in range(2)])
    rows = [pieces(shown, text) for _, name, text in known for shown in (name, "")]  # each line with and without name
    right: Counter[tuple[bool, bool]] = Counter()
    for fold in range(FOLDS):
        unseen = [number for number in range(len(known)) if number % FOLDS == fold]
        seen = [at for number in range(len(known)) if number % FOLDS != fold for at in (2 * number, 2 * number + 1)]
        fitted = fit([rows[at] for at in seen], labels[seen])
        right.update((bool(labels[2 * number]), told(fitted, rows[2 * number + 1])) for number in unseen)
    recall = right[True, True] / (right[True, True] + right[True, False])
    precision = right[True, True] / (right[True, True] + right[False, True])
    print(f"{len(known)} lines; unseen, without the sender's name: recall {recall:.2f}, precision {precision:.2f}")
    bias, weights = fit(rows, labels)
    text = json.dumps({"bias": bias, "weights": weights}, ensure_ascii=False, indent=0, sort_keys=True)
    (LINES / "sells.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(weights)} weights written")


if __name__ == "__main__":
    main()
