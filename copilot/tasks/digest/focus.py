"""What the operator wants to know first, looked for among the claims."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from copilot.chat.claims import Complaint, Risk, Topic
from copilot.tasks.digest.book import book
from copilot.tasks.digest.open_matters import action_line, decision_line, question_line
from copilot.tasks.digest.sections import SECTIONS
from copilot.tasks.digest.telling import Telling
from copilot.tasks.digest.view import View

MOST = 3
MOST_OF_SECTION = 5
_APART = re.compile(r"[、，,；;。！!？?\n]+|(?:以及|还有)")
_COMMON = re.compile(
    r"的|了|吗|呢|有没有|有|什么|怎么|最终|时间|今天|今日|明天|需要|我|谁|哪些|情况|问题|要注意|注意|进度|是|发给|人|妈妈|成员|同学|客户|家长|邻居|学员|有没有交代|交代"
)


def focus_lines(words: str, view: View) -> list[str]:
    """Each thing the operator asked for with what answers it, or that nothing was read on it."""
    return [line for piece in focus_pieces(words) for line in _answer(piece, view)]


def focus_pieces(words: str) -> list[str]:
    """Each thing the operator asked for, in the operator's words."""
    pieces = filter(None, (piece.strip() for piece in _APART.split(words)))
    return [piece for piece in pieces if not book().focus_aside.search(piece)]


def _answer(piece: str, view: View) -> list[str]:
    wanted = _pairs(re.sub("|".join(cue.pattern for cue in book().focus.values()), " ", piece))
    matters = [cue for name, cue in book().focus_matters.items() if re.search(name, piece)]
    sections = _sections(piece)
    found, lead = list(dict.fromkeys(_named(wanted, view, matters, topics=not sections)))[:MOST], ""
    if wanted or not sections:  # what a whole section answers, it answers best
        found = [*_heard(piece, view, found), *found]
    if not found and sections:
        found = [line for section in sections for line in _section(section, view)]
        if len(found) > MOST_OF_SECTION:
            more = (
                book()
                .desk.says["focus_more"]
                .format(count=len(found) - MOST_OF_SECTION, title=book().desk.titles[sections[0]])
            )
            found = [*found[:MOST_OF_SECTION], more]
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


def _heard(piece: str, view: View, told: Sequence[str]) -> list[str]:
    """What a model read on it, the latest of it, where our own lines don't say it."""
    tell = view.telling
    rows = [one for one in view.claims.focus if one.asked == piece]
    lines = []
    for one in sorted(rows, key=lambda one: view.place(one.messages[0]))[-MOST:]:
        words = tell.told(one.text, one.messages, stop=False)
        if not any(words in line for line in told):
            lines.append(f"“{words}”{tell.receipts(one.messages, 3)}")
    return list(dict.fromkeys(lines))


def _sections(piece: str) -> list[str]:
    found = [name for name, cue in book().focus.items() if cue.search(piece) and name in SECTIONS]
    return ["follow_up"] if "follow_up" in found else found


def _section(name: str, view: View) -> Iterator[str]:
    """A section's first lines: whole ones, without the names that group them."""
    yield from (line[2:] for line in SECTIONS[name](view) if line.startswith("· "))


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"[\W_]+", "", _COMMON.sub(" ", text))
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _named(
    wanted: set[str], view: View, matters: Sequence[re.Pattern[str]] = (), *, topics: bool = True
) -> Iterator[str]:
    """Claims that share the words of what was asked for, or tell of such a matter: the most telling kinds first, and
    of what was settled the changes before what never changed.
    """
    claims = view.claims
    settled = [one for one in claims.decisions if one.status == "in_force"]
    settled.sort(key=lambda one: not one.supersedes)
    tell = view.telling
    rows: list[tuple[str, Callable[[], str]]] = [(one.text, partial(decision_line, one, view)) for one in settled]
    rows += [(one.task, partial(action_line, one, view)) for one in claims.actions if not view.outdated(one)]
    rows += [(one.question, partial(question_line, one, view)) for one in view.unanswered]
    rows += [(one.summary, partial(_complaint, one, tell)) for one in claims.complaints]
    told = book().risk_codes["told_elsewhere"]
    rows += [(one.message, partial(_risk, one, tell)) for one in view.risks if one.code not in told]
    if topics:
        rows += [(f"{one.title}{one.summary}", partial(_topic, one, tell)) for one in claims.topics]
    for text, line in rows:
        if wanted & _pairs(text) or any(cue.search(text) for cue in matters):
            yield line()


def _complaint(one: Complaint, tell: Telling) -> str:
    return f"{tell.told(one.summary, one.messages)}{tell.receipts(one.messages, 2)}"


def _risk(one: Risk, tell: Telling) -> str:
    return f"{one.message}{tell.receipts(one.messages, 2)}"


def _topic(one: Topic, tell: Telling) -> str:
    return (
        f"{tell.told(one.summary or one.title, one.messages, 60)}{tell.receipts((one.messages[0], one.messages[-1]))}"
    )
