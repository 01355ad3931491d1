"""What the operator wants to know first, looked for among the claims."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from copilot.chat.claims import Complaint, Risk, Topic
from copilot.tasks.digest.book import book
from copilot.tasks.digest.open_matters import action_line, decision_line, question_line
from copilot.tasks.digest.sections import SECTIONS
from copilot.tasks.digest.telling import Telling
from copilot.tasks.digest.view import View

MOST = 3
_APART = re.compile(r"[、，,；;。！!？?\n]+|(?:以及|还有)")
_COMMON = re.compile(
    r"的|了|吗|呢|有没有|有|什么|怎么|最终|时间|今天|今日|明天|需要|我|谁|哪些|情况|问题|要注意|注意|进度|是|发给"
)


def focus_lines(words: str, view: View) -> list[str]:
    """Each thing the operator asked for with what answers it, or that nothing was read on it."""
    lines = []
    for piece in filter(None, (piece.strip() for piece in _APART.split(words))):
        if not book().focus_aside.search(piece):
            lines += _answer(piece, view)
    return lines


def _answer(piece: str, view: View) -> list[str]:
    wanted = _pairs(re.sub("|".join(cue.pattern for cue in book().focus.values()), " ", piece))
    sections = _sections(piece)
    found, lead = list(dict.fromkeys(_named(wanted, view)))[:MOST], ""
    if not found and sections:
        found = [line for section in sections for line in _section(section, view)][:MOST]
        lead = (
            book().desk.says["focus_not_named"].format(title=book().desk.titles[sections[0]])
            if wanted and found
            else ""
        )
    if not found:
        return [f"· {piece}：" + book().desk.says["focus_none_open" if sections and not wanted else "focus_none"]]
    if len(found) == 1 and not lead:
        return [f"· {piece}：{found[0]}"]
    return [f"· {piece}：{lead}", *(f"  {number}. {line}" for number, line in enumerate(found, 1))]


def _sections(piece: str) -> list[str]:
    return [name for name, cue in book().focus.items() if cue.search(piece) and name in SECTIONS]


def _section(name: str, view: View) -> Iterator[str]:
    """A section's first lines: whole ones, without the names that group them."""
    yield from (line[2:] for line in SECTIONS[name](view) if line.startswith("· "))


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"[\W_]+", "", _COMMON.sub(" ", text))
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _named(wanted: set[str], view: View) -> Iterator[str]:
    """Claims that share the words of what was asked for, the most telling kinds first."""
    claims = view.claims
    settled = [one for one in claims.decisions if one.status == "in_force"]
    tell = view.telling
    rows: list[tuple[str, Callable[[], str]]] = [(one.text, partial(decision_line, one, view)) for one in settled]
    rows += [(one.task, partial(action_line, one, view)) for one in claims.actions]
    rows += [(one.question, partial(question_line, one, view)) for one in view.unanswered]
    rows += [(one.summary, partial(_complaint, one, tell)) for one in claims.complaints]
    rows += [(one.message, partial(_risk, one, tell)) for one in view.risks]
    rows += [(f"{one.title}{one.summary}", partial(_topic, one, tell)) for one in claims.topics]
    for text, line in rows:
        if wanted & _pairs(text):
            yield line()


def _complaint(one: Complaint, tell: Telling) -> str:
    return f"{tell.told(one.summary, one.messages)}{tell.receipts(one.messages, 2)}"


def _risk(one: Risk, tell: Telling) -> str:
    return f"{one.message}{tell.receipts(one.messages, 2)}"


def _topic(one: Topic, tell: Telling) -> str:
    return (
        f"{tell.told(one.summary or one.title, one.messages, 60)}{tell.receipts((one.messages[0], one.messages[-1]))}"
    )
