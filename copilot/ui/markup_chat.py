"""The pieces of HTML of the page of conversations. Every word that was said is escaped here."""

from collections.abc import Sequence
from html import escape

from copilot.conversation.wording import book
from copilot.records import Citation
from copilot.store import Attachment, Turn, Use

LONG = 900  # characters of a message that stands unfolded


def said(turn: Turn, *, who: str, unfold: str, growing: bool = False) -> str:
    """One message: the operator's in a frame, the copilot's as text under the tools it used. A long one is folded."""
    text = escape(turn.text)
    if len(turn.text) > LONG and turn.role == "operator":
        text = (
            f"{escape(turn.text[: LONG // 3])}…<details><summary>{escape(unfold)}</summary>"
            f'<div class="whole">{text}</div></details>'
        )
    caret = '<span class="caret"></span>' if growing else ""
    return (
        f'<div class="turn {turn.role}"><div class="who">{escape(who)}<span>{turn.at:%H:%M}</span></div>'
        f'{"".join(map(use, turn.uses))}<div class="words">{text}{caret}</div>{_files(turn.files)}</div>'
    )


def _files(files: Sequence[Attachment]) -> str:
    return "".join(f'<div class="file">{escape(file.name)}<span>{len(file.text):,}</span></div>' for file in files)


def use(done: Use) -> str:
    """One tool that was used, as a quiet line that opens to what it was given, what came back and its sources."""
    name = escape(book()["tools"].get(done.tool, done.tool))
    head = f"<summary><b>{name}</b><span>{escape(done.returned)}</span></summary>"
    given = f'<p class="given">{escape(done.given)}</p>' if done.given else ""
    kind = " refused" if done.refused else ""
    return f'<details class="use{kind}">{head}{given}{_sources(done.citations)}</details>'


def _sources(cited: Sequence[Citation]) -> str:
    items = (
        f'<li><div class="meta"><span class="label">[{number}] {escape(one.section)}</span>'
        f"<span>{escape(one.source)}</span></div><q>{escape(one.quote)}</q></li>"
        for number, one in enumerate(cited, 1)
    )
    return f'<ul class="rows">{"".join(items)}</ul>' if cited else ""
