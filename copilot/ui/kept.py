"""What the pages of kept things share: their head, their errors, and two texts compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import streamlit as st

from copilot import CopilotError
from copilot.store import Comparison
from copilot.ui import markup, markup_kept
from copilot.ui.locales import t
from copilot.ui.state import Key

STYLES = Path(__file__).parent / "kept.css"


def header(title: str, lead: str) -> None:
    """The page's name and what it is for."""
    st.html(STYLES)
    st.html(f'<header class="page"><h1>{title}</h1><p>{lead}</p></header>')


@contextmanager
def told(key: Key[CopilotError | None]) -> Iterator[None]:
    """Runs what may fail; what went wrong is kept in `key` for the page to show."""
    key.set(None)
    try:
        yield
    except CopilotError as error:
        key.set(error)


def notice(error: CopilotError | None) -> None:
    """What went wrong and what to do about it."""
    if error:
        say(error.message, error.hint)


def say(what: str, note: str = "") -> None:
    """Something the operator has to know before going on."""
    body = markup.paragraph(what, "what") + (markup.paragraph(note, "fix") if note else "")
    st.html(f'<div class="notice" role="alert">{body}</div>')


def moment(at: datetime) -> str:
    """A moment in the operator's time, as it is written everywhere on these pages."""
    return f"{at:%Y-%m-%d %H:%M}"


def comparison(compared: Comparison, old: str, new: str) -> None:
    """Two texts line by line, or the word that they are the same."""
    if compared.differs:
        st.html(markup_kept.comparison(compared, (old, new), lambda count: t("compare.folded", count=count)))
    else:
        st.html(markup.paragraph(t("compare.same"), "quiet"))
