"""What is worth keeping, and what was talked about."""

from copilot.chat.claims import Highlight, Topic
from copilot.chat.masking import soft_kinds
from copilot.tasks.digest.doubting import beside
from copilot.tasks.digest.listing import listed, says
from copilot.tasks.digest.telling import shown
from copilot.tasks.digest.view import View

HEAD = 8
_THEN = " → "


def highlight_lines(view: View) -> list[str]:
    """What is worth keeping, by whom."""
    return listed(view.claims.highlights, lambda one: _highlight_line(one, view))


def _highlight_line(one: Highlight, view: View) -> str:
    text = view.telling.told(one.text, (one.message,), 70, stop=False)
    line = says("highlight", text=f"“{text}”", cites=view.telling.receipt(one.message))
    return line + beside("highlights", one, view)


def topic_lines(view: View) -> list[str]:
    """What was talked about, the longest talk first; not of somebody who is not well, whom the team looks after."""
    found = [one for one in view.claims.topics if not view.telling.closed.intersection(one.messages)]
    return listed(sorted(found, key=lambda one: -len(one.messages)), lambda one: _topic_line(one, view))


def _topic_line(one: Topic, view: View) -> str:
    names = view.in_order(one.messages)
    ends = view.telling.receipts((names[0], names[-1]))
    if view.is_report:
        return says("topic_report", text=shown(one.summary or one.title, 90), cites=ends)
    title = view.telling.told(one.title, names[:1], 20, stop=False)
    line = says("topic", title=title, count=len(names), cites=ends)
    if not one.summary or soft_kinds(one.summary):
        return line
    pieces = [view.telling.told(piece, _source(piece, names, view), 60) for piece in one.summary.split(_THEN)]
    return line + says("topic_summary", summary=_THEN.join(pieces))


def _source(words: str, names: list[str], view: View) -> list[str]:
    """The message that these words were taken from, by how they begin; the first one where it can't be told."""
    head = words.strip(" …")[:HEAD]
    said = (name for name in names if head in " ".join(view.telling.by_id[name].text.split()))
    return [next(said, names[0])]
