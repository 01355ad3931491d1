"""The HTML of the settings: what a check-up saw, and the own rules that are in force."""

from collections.abc import Iterable, Mapping
from html import escape

from copilot.doctor_models import Check


def checks(found: Iterable[Check], names: Mapping[str, str]) -> str:
    """Each thing looked at, how it is (`names` words that) and what to do about it."""
    rows = (
        f'<li class="{one.status}"><span class="how">{escape(names[one.status])}</span>'
        f'<div><span class="label">{escape(one.name)}</span> {escape(one.detail)}'
        f'<div class="fix">{escape(one.remedy)}</div></div></li>'
        for one in found
    )
    return f'<ul class="rows checks">{"".join(rows)}</ul>'


def listed(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """A short list under its title: what, and what is said of it."""
    items = "".join(
        f'<li><span class="label">{escape(what)}</span> <span class="aside">{escape(said)}</span></li>'
        for what, said in rows
    )
    return f'<h4 class="listed">{escape(title)}</h4><ul class="rows listed">{items}</ul>'
