"""The daily report for the group: kind, short, nothing private, nobody named but staff and those who are thanked."""

import re
from collections.abc import Iterator
from itertools import islice

from copilot.chat.claims import Question
from copilot.chat.masking import soft_kinds
from copilot.chat.utterances import does, plain
from copilot.tasks.digest.book import book
from copilot.tasks.digest.structure import GroupLine, GroupNote
from copilot.tasks.digest.view import View, only_heard

LONGEST = 600
LONGEST_LINE = 76
SHORT = 16
"""What was said before is quoted up to so many characters; a piece of more would say the old thing, not what is off."""
SECTIONS = {"decisions": 5, "dates": 3, "waiting": 3, "answered": 3, "highlights": 2}
"""What the report may hold, in the order in which it gives way when there is no room (the last goes first)."""
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF = re.compile(r"(?<=[\u4e00-\u9fff）」》”’])[,;:?!]|[,;?!](?=[\u4e00-\u9fff])")
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff]{2})")
_ENTRY = re.compile(r"\s*(?:\d{1,2}\s*[.、)）]|[-·•*])\s*\S")
ENTRIES = 3
_EVERYONE = re.compile(r"@(?:所有人|全体成员|all|everyone)\s*", re.IGNORECASE)


def _says(name: str, **fields: object) -> str:
    return book().group.says[name].format(**fields)


def group_note(view: View, group: str) -> GroupNote:
    """The report of a chat; without lines when there is nothing for the group."""
    made = {
        "decisions": _decisions(view),
        "dates": _dates(view),
        "waiting": (_waiting(one, view) for one in view.unanswered),
        "answered": (_answered(one, view) for one in view.claims.answered),
        "highlights": _highlights(view),
    }
    lines: list[GroupLine] = []
    for section, most in SECTIONS.items():
        told = {name for line in lines for name in line.messages}
        new = (line for line in made[section] if line and not _told_already(line, told))
        fit = (line for line in new if _fit(line, view, thanked=section == "highlights"))
        lines += list({line.text: line for line in islice(fit, most)}.values())
    named = _says("title", group=group, span=view.telling.dates())
    note = GroupNote(title=named.replace("｜】", "】"), lines=tuple(lines))
    while len(render_note(note)) > LONGEST and note.lines:
        note = note.model_copy(update={"lines": note.lines[:-1]})
    return note


def _told_already(line: GroupLine, told: set[str]) -> bool:
    """Whether nothing of a line is new; of a question with its answer, whether the answer stands above."""
    return told.issuperset(line.messages) or (line.section == "answered" and line.messages[-1] in told)


def render_note(note: GroupNote) -> str:
    """The report as the group reads it; "" without lines."""
    if not note.lines:
        return ""
    blocks = [f"{note.title}\n{_says('opening')}" if note.title else _says("opening")]
    for section in ("decisions", "dates", "answered", "waiting", "highlights"):
        if texts := [line.text for line in note.lines if line.section == section and line.text]:
            blocks.append("\n".join([f"▪ {_says(section)}", *(f"· {text}" for text in texts)]))
    return "\n\n".join(blocks)


def _decisions(view: View) -> Iterator[GroupLine]:
    for one in sorted(view.claims.decisions, key=lambda one: not one.supersedes):  # what changed comes first
        if one.status != "in_force" or not (one.by == "" or view.official(one.by)):
            continue
        if book().cues["to_one"].search(one.text):
            continue
        old = view.replaced_by(one)
        before = _clean(view.telling.told(old.text, old.messages, LONGEST_LINE)) if old else ""
        tail = _says("replaced" if len(before) <= SHORT else "changed", text=before) if old else ""
        words = view.telling.told(_without_list(one.text), one.messages, LONGEST_LINE - len(tail))
        text = _clean(words).rstrip("。") + tail
        yield GroupLine(section="decisions", text=text, messages=one.messages)


def _without_list(text: str) -> str:
    """A text without the numbered or dashed entries it goes through, where something else is said."""
    lines = text.split("\n")
    kept = [line for line in lines if not _ENTRY.match(line)]
    return "\n".join(kept) if len(lines) - len(kept) >= ENTRIES and any(map(str.strip, kept)) else text


def _dates(view: View) -> Iterator[GroupLine]:
    """What everybody is asked to do."""
    for one in view.claims.actions:
        if (
            one.status == "open"
            and one.messages
            and not view.outdated(one)
            and book().cues["everyone"].search(one.owner)
            and one.owner not in view.senders
        ):
            yield GroupLine(
                section="dates", text=_clean(view.telling.told(one.task, one.messages, 60)), messages=one.messages
            )


def _waiting(one: Question, view: View) -> GroupLine | None:
    names = (one.message, *one.repeats)
    if view.is_report or view.delicate & {*names, *one.replies} or soft_kinds(one.question):
        return None
    if _about_withheld(one, view):
        return None
    if book().cues["own_matter"].search(one.question):
        return None
    return GroupLine(section="waiting", text=_clean(view.telling.told(one.question, names, 50)), messages=names)


def _about_withheld(one: Question, view: View) -> bool:
    """Whether a question that a model brought is about an ad or a hostile message, of which the group is told nothing."""
    return only_heard(one) and bool(view.aside & {one.message, one.answer})


def _answered(one: Question, view: View) -> GroupLine | None:
    if _about_withheld(one, view) or book().cues["own_matter"].search(one.question):
        return None
    if (
        view.delicate & {one.message, one.answer}
        or one.answer in view.replaced
        or view.overtaken(one)
        or not view.official(view.sender(one.answer))
    ):
        return None
    question, answer = (
        _clean(view.telling.told(one.question, (one.message,), 36)),
        _clean(view.telling.words(one.answer, 50)),
    )
    if answer.startswith("[") or does("defers", plain(answer)) or book().cues["to_one"].search(answer):
        return None
    if book().cues["in_private"].search(answer) or one.asker in view.telling.hidden:
        return None
    return GroupLine(
        section="answered",
        text=_says("answered_line", question=question, answer=answer),
        messages=(one.message, one.answer),
    )


def _highlights(view: View) -> Iterator[GroupLine]:
    for one in view.claims.highlights:
        if one.message not in view.delicate:
            text = _clean(view.telling.told(one.text, (one.message,), 60)).rstrip("。")
            thanks = _says("thanks", text=text, who=view.telling.name(one.by)) if one.by else text
            yield GroupLine(section="highlights", text=thanks, messages=(one.message,))


def _clean(text: str) -> str:
    """A member's words as a line of the report: without calls and what leads in, with Chinese punctuation."""
    told = _EVERYONE.sub("", text).replace("**", "").strip()
    while (lead := book().cues["lead_in"].match(told)) and lead.end() < len(told) - 4:
        told = told[lead.end() :].lstrip()
    return _HALF.sub(lambda mark: _FULL[mark[0]], _BLANK.sub("，", told))


def _fit(line: GroupLine, view: View, *, thanked: bool) -> bool:
    """Whether a line names no member and shows nothing that had to be masked."""
    told = line.text.rpartition("（")[0] if thanked else line.text
    return "【" not in told and "@" not in told and not _names_someone(told, view)


def _names_someone(text: str, view: View) -> bool:
    return any(len(name) > 1 and name in text for name in view.senders if not view.official(name))
