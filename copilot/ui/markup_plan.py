"""The HTML of a weekly plan's page: what the week is for, a slot, the open choices and the review. All text is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from copilot.ui.structures import Row, rows, texts, words


def aims(objective: str, focus: Sequence[str], measures: Sequence[Row], labels: tuple[str, str]) -> str:
    """What the week is for, its main points, and the figures to look at. `labels` head the two."""
    points = "".join(f"<li>{escape(point)}</li>" for point in focus)
    left = f'<section><h3 class="section">{escape(labels[0])}</h3><p class="objective">{escape(objective)}</p><ol>{points}</ol></section>'
    return f'<div class="aims">{left}{_measures(measures, labels[1])}</div>'


def _measures(measures: Sequence[Row], label: str) -> str:
    if not measures:
        return ""
    told = [words(row, "count") for row in measures]
    shared = told[0] if len(told) > 1 and len(set(told)) == 1 else ""  # said once for all
    items = "".join(
        f"<li><span>{escape(words(row, 'name', 'text'))}</span><b>{escape(words(row, 'now'))}</b>"
        f'<div class="meta">{escape("" if shared else count)}</div></li>'
        for row, count in zip(measures, told, strict=True)
    )
    note = f'<p class="quiet">{escape(shared)}</p>' if shared else ""
    return f'<section><h3 class="section">{escape(label)}</h3><ul class="measures">{items}</ul>{note}</section>'


def details(fields: Iterable[tuple[str, str]]) -> str:
    """Names and their values; those without a value are left out."""
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in fields if value)
    return f'<dl class="details">{items}</dl>'


def choice(found: Row, advice: str) -> str:
    """A matter with two sides: both views with the handbook's words, and what we would try, introduced by `advice`."""
    sides = "".join(
        f'<section><div>{escape(words(side, "view", "text"))}</div><div class="rule">{escape(words(side, "quote"))}</div></section>'
        for side in rows(found, "sides")
    )
    told = words(found, "advice")
    return (
        f'<div class="choice"><b>{escape(words(found, "topic"))}</b><div class="sides">{sides}</div>'
        + (f'<div class="instead"><span>{escape(advice)}</span>{escape(told)}</div>' if told else "")
        + "</div>"
    )


def questions(review: Row, labels: Iterable[tuple[str, str]]) -> str:
    """The review's lists under their headings: (key, heading)."""
    return "".join(
        f'<h3 class="section">{escape(heading)}</h3><ul class="rows">{"".join(f"<li>{escape(line)}</li>" for line in found)}</ul>'
        for key, heading in labels
        if (found := texts(review, key))
    )
