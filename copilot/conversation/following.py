"""What a message changes of what stands in the thread: its length, tone, platform, groups, or a fact of its brief."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from copilot.conversation.changes import Known
from copilot.facts.brief import split_label
from copilot.facts.slots import slot_of
from copilot.facts.values import read_values
from copilot.lore import load_yaml
from copilot.records import Missing
from copilot.store import Change

ASKED = 3
"""So many missing facts are asked for at a time."""


@cache
def words() -> dict[str, Any]:
    """`following.yaml`, as it is."""
    data: dict[str, Any] = load_yaml("conversation", "following.yaml")
    return data


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """One pattern of `following.yaml`."""
    found: Any = words()
    for name in path:
        found = found[int(name)] if isinstance(found, list) else found[name]
    return re.compile(str(found).replace("LABELS", words()["labels"]), re.IGNORECASE)


def length_of(message: str, now: int, *, longer: bool = False) -> int:
    """How long a text of `now` characters is to become."""
    if (match := pattern("length", "by").search(message)) is not None:
        less = re.search(r"[少减砍删]", match["sign"])
        return max(now - int(match["number"]), 20) if less else now + int(match["number"])
    if match := pattern("length", "to").search(message):
        return int(match["number"])
    if pattern("length", "half").search(message) and not longer:
        return max(now // 2, 20)
    share: float = words()["length"]["longer" if longer else "shorter"]
    return max(round(now * share), 20)


def tone_of(message: str) -> str:
    """The tone that is asked for, "" where none is."""
    return next((name for name in words()["tones"] if pattern("tones", name).search(message)), "")


def platform_of(message: str) -> str:
    """The platform that is named, "" where none is."""
    return next((name for name in words()["platforms"] if pattern("platforms", name).search(message)), "")


def groups_of(message: str, kept: Sequence[str], used: Sequence[str]) -> tuple[str, ...]:
    """The kept groups that a message means: by name, by number in the order they came up, or the others."""
    if named := tuple(name for name in kept if name in message):
        return named
    short = tuple(name for name in kept if len(name) > 2 and name.removesuffix("群") in message)
    if short:
        return short
    order = [*dict.fromkeys([*used, *kept])]
    if match := pattern("numbered_group").search(message):
        number: int = words()["ordinals"][match["number"]]
        return (order[number - 1],) if number <= len(order) else ()
    if pattern("other_group").search(message):
        others = [name for name in order if name not in used]
        return tuple(others) if len(others) == 1 or pattern("all_groups").search(message) else ()
    return ()


def job_named(message: str) -> str:
    """The job whose result a message names ("那个公告再短点"), "" where it names none."""
    return next((name for name in words()["jobs"] if pattern("jobs", name).search(message)), "")


# Corrections ----------------------------------------------------------------------------------------------------------


def corrections(message: str, known: Known) -> tuple[Change, ...]:
    """What a message puts right in a brief. What the brief does not say yet is added under its label."""
    text = message.strip()
    found = [change for what in _left_out(text) if (change := known.leaves_out(what))]
    if found:
        return tuple(found)
    if next(_left_out(text), ""):  # what the brief does not say in these words: the job reads it as held back
        return (Change(kind="add", new=text),)
    whole = _corrected(text, known)  # before the opening goes: 不对，是… needs it
    return (whole,) if whole else ()


def _left_out(text: str) -> Iterator[str]:
    for number in range(len(words()["left_out"])):
        if match := pattern("left_out", str(number)).search(text):
            yield pattern("filler").sub("", match["what"])
            return


def _corrected(text: str, known: Known) -> Change | None:
    bare = pattern("opening").sub("", text)
    for number in range(len(words()["corrections"])):
        match = pattern("corrections", str(number)).search(bare) or pattern("corrections", str(number)).search(text)
        if not match:
            continue
        said = match.groupdict()
        new = pattern("closing").sub("", said["new"].strip())
        label, old = said.get("label") or "", pattern("filler").sub("", said.get("old") or "")
        if what := pattern("filler").sub("", said.get("what") or "").strip():
            if named := re.search(words()["labels"], what):
                label = named[0]
            elif known.holds(what) or read_values(what, known.now):
                old = what
            else:
                label = what
        if len(old) == 1 and len(new) == 1:  # 姓王不姓黄
            old, new = _name_in(known, old, new)
        if change := known.change(old, new, label):
            return change
        if new:
            return Change(kind="add", label=label or _label_for(new, known.now), new=new)
    return None


def _name_in(known: Known, old: str, new: str) -> tuple[str, str]:
    for title in ("老师", "教练", "医生", "经理", "总", "姐", "哥"):
        if known.holds(old + title):
            return old + title, new + title
    return old, new


_LABELS = {"moment": "时间", "money": "费用", "quantity": "数量", "link": "链接", "phone": "电话", "account": "账号"}


def _label_for(new: str, now: datetime) -> str:
    value = next((one for one in read_values(new, now) if not one.soft), None)
    return _LABELS.get(value.kind, "更正") if value else "更正"


# Answers --------------------------------------------------------------------------------------------------------------


def asked_first(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """What to ask for now: what stands open in the text before what would only be good to know."""
    order = sorted(missing, key=lambda one: not one.placeholder)
    return tuple(order[:ASKED])


def label_of(gap: Missing) -> str:
    """The words that name a missing fact: those of its placeholder, or of its question."""
    _, _, named = gap.placeholder.rstrip("】").partition(":")
    return named or re.split(r"[？?，,（(、]", gap.question)[0][:12]


def answers(
    message: str, asked: Sequence[Missing], now: datetime, missing: Sequence[Missing] = ()
) -> tuple[Change, ...]:
    """A message as answers to what was `asked`, or to what else is `missing`, each under the label of its question.

    What answers none of them is told as it is.
    """
    open_ = {gap.key: label_of(gap) for gap in (*asked, *missing)}
    pieces = _pieces(message)
    if len(asked) == 1 and _can_answer(asked[0].key, message, now) and not any(split_label(one)[0] for one in pieces):
        return (Change(kind="add", label=label_of(asked[0]), new=_without_label(message.strip())),)
    found: list[Change] = []
    for piece in pieces:
        label, text = split_label(piece)
        after_contact = bool(found) and not label and _is_contact(piece, now)  # "找小艾，微信 abc_1"
        key = "" if after_contact else _answered(label, text, open_, now)
        if key:
            found.append(Change(kind="add", label=open_.pop(key), new=_without_label(text)))
        elif found and not label and (_is_contact(piece, now) or not read_values(piece, now)):
            last = found.pop()
            found.append(last.model_copy(update={"new": f"{last.new}，{text}"}))
        else:
            found.append(Change(kind="add", label=label, new=text.rstrip("。")))
    return tuple(found)


def _without_label(text: str) -> str:
    """An answer without the words of its question: 报名截止周四 is 周四."""
    bare = re.sub(rf"^(?:{words()['labels']})(?:时间|方式)?[是就在用为到：:\s]*", "", text).rstrip("。")
    return bare or text.rstrip("。")


def _can_answer(key: str, text: str, now: datetime) -> bool:
    """Whether words can be the answer to a question: one for a time wants a time."""
    for row in words()["answers"].values():
        if key in row["keys"]:
            found = any(one.kind in row["kinds"] for one in read_values(text, now))
            return found or bool(re.search(row["words"], text))
    return True


def _pieces(message: str) -> list[str]:
    return [piece.strip() for piece in re.split(r"[\n，,。；;]+", message) if piece.strip()]


def _is_contact(text: str, now: datetime) -> bool:
    """Whether a piece only says how somebody is reached."""
    kinds = {one.kind for one in read_values(text, now)}
    return bool(kinds) and kinds <= {"phone", "account", "email"}


def _answered(label: str, text: str, open_: dict[str, str], now: datetime) -> str:
    """Which of the open questions a piece answers: by its label, or by what its words are about."""
    for key, named in open_.items():
        if label and (label in named or named in label):
            return key
        if not label and (head := re.match(words()["labels"], text)) and (head[0] in named or named in head[0]):
            return key
    about = slot_of(label, text, read_values(text, now))
    if about in open_ and _can_answer(about, text, now):
        return about
    kinds = {value.kind for value in read_values(text, now)}
    if "moment" in kinds:
        return next((key for key in ("when", "deadline", "next_update", "effective") if key in open_), "")
    if kinds & {"phone", "account", "link"}:
        return next((key for key in ("contact", "join", "entry") if key in open_), "")
    if text.startswith("找"):
        return next((key for key in ("contact", "entry", "escalation_owner") if key in open_), "")
    return ""
