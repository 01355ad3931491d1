"""What was said of a brief after it, worked into it: a line more, other words for what stands there, a line left out.

The brief as it was first given is kept; a redraft is made from it and all changes in their order, so that the last word
on a matter counts and each change can be shown and taken back.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from copilot.facts.brief import Brief, Statement, read_brief
from copilot.facts.moments import Moment
from copilot.facts.slots import slot_of
from copilot.facts.values import Value, read_values, same
from copilot.store import Change, Work

Given = str | dict[str, Any]
_STRUCTURED = re.compile(r"^[^\s#:：][^:：]{0,30}:(?: |$)")
_EMPTIED = re.compile(r"^[\s\-*·•●\d.、)）]*(?:[^\s:：]{1,12}\s*[:：])?[\s。；;，,、]*$")


def brief_of(work: Work) -> Given:
    """The brief of a piece of work with everything that was said since."""
    brief = work.brief
    for change in work.changes:
        brief = applied(brief, change, work.suffix)
    return brief


def applied(brief: Given, change: Change, suffix: str = "") -> Given:
    """A brief with one change. What a change is about and does not find leaves the brief as it is."""
    if isinstance(brief, dict):
        return _in_mapping(brief, change)
    if change.kind == "add":
        return _with_line(brief, change, suffix)
    if change.kind == "replace":
        return _swapped(brief, change.old, change.new)
    at = brief.find(change.old)
    if at < 0 or not change.old:
        return brief
    left = f"{brief[:at].rstrip('，,；; ')}{'，' if brief[at + len(change.old) :].startswith(('，', ',')) else ''}"
    rest = brief[at + len(change.old) :].lstrip("，,；; ")
    rows = f"{left}{rest}".split("\n")
    return "\n".join(row for row in rows if not row.strip() or not _EMPTIED.match(row))


def _swapped(text: str, old: str, new: str) -> str:
    """Other words for the old ones wherever they stand whole: 8点 is no part of 18点."""
    before, after = (r"(?<!\d)" if old[:1].isdigit() else ""), (r"(?!\d)" if old[-1:].isdigit() else "")
    return re.sub(f"{before}{re.escape(old)}{after}", lambda _: new, text) if old else text


def _with_line(brief: str, change: Change, suffix: str) -> str:
    if brief.lstrip().startswith("{") or suffix == ".json":
        try:
            known = json.loads(brief)
        except json.JSONDecodeError:
            known = None
        if isinstance(known, dict):
            return json.dumps({**known, _free(known, change.label): change.new}, ensure_ascii=False, indent=2)
    top = [line for line in brief.split("\n") if line.strip() and not line.startswith((" ", "#", "-"))]
    if suffix in (".yaml", ".yml") or (len(top) > 1 and all(_STRUCTURED.match(line) for line in top)):
        label = re.sub(r"[^\w ]", "", change.label) or "补充"
        return f"{brief.rstrip()}\n{label}: {json.dumps(change.new, ensure_ascii=False)}"
    line = f"{change.label}：{change.new}" if change.label else change.new
    return f"{brief.rstrip()}\n{line}".lstrip("\n")


def _free(known: Mapping[str, Any], label: str) -> str:
    """A key that the mapping does not have yet."""
    name = label or "补充"
    return name if name not in known else _free(known, f"{name}（补充）")


def _in_mapping(brief: dict[str, Any], change: Change) -> dict[str, Any]:
    if change.kind == "add":
        return {**brief, _free(brief, change.label): change.new}
    new = change.new if change.kind == "replace" else ""
    kept = {key: _in_value(value, change.old, new) for key, value in brief.items()}
    return {key: value for key, value in kept.items() if value not in ("", [], {})}


def _in_value(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return _swapped(value, old, new).strip("，,；; ") if old in value else value
    if isinstance(value, dict):
        return {key: _in_value(one, old, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_value(one, old, new) for one in value]
    return value


# What a correction is about -------------------------------------------------------------------------------------------


class Known:
    """A brief as it stands, with the values of each statement, to find what a correction is about."""

    def __init__(self, brief: Given, now: datetime, suffix: str = "") -> None:
        self.now = now
        self._brief: Brief = read_brief(brief, now=now, suffix=suffix)
        self._whole = brief if isinstance(brief, str) else "\n".join(_texts(brief))

    def holds(self, words: str) -> bool:
        """Whether these very words stand in the brief."""
        return bool(words) and words in self._whole

    def change(self, old: str, new: str, label: str = "") -> Change | None:
        """The change that puts `new` in the place of `old`, or of what the brief says about `label`; None if it says nothing."""
        wanted = _only(old, self.now) if old else None
        if wanted and (found := self._like(wanted)):
            return self._replace(found.text, _fitting(found.text, new, found))
        if old:
            return self._replace(old, new)
        if found := self._about(_only(new, self.now), label):
            return self._replace(found.text, _fitting(found.text, new, found))
        if label and (statement := self._statement(label)):
            return self._replace(statement.text, new)
        if label and slot_of(label, "", ()) == "where" and (place := self._place(new)):
            return self._replace(place, new)
        return None

    def leaves_out(self, label: str) -> Change | None:
        """The change that takes out what the brief says about `label`, or the words themselves."""
        for statement in self._brief.statements:
            for clause in re.split(r"[，,。；;\n]", statement.origin.quote):
                values = read_values(clause, self.now)
                if label in clause or (label in ("费用", "价格", "钱") and any(one.kind == "money" for one in values)):
                    return Change(kind="drop", old=clause.strip(), label=label)
            if statement.label == label:
                return Change(kind="drop", old=statement.text, label=label)
        return None

    def _replace(self, old: str, new: str) -> Change | None:
        return Change(kind="replace", old=old, new=new) if self.holds(old) and old != new else None

    def _values(self) -> Iterator[tuple[Statement, Value]]:
        for statement in self._brief.statements:
            for value in read_values(statement.text, self.now):
                if not value.soft:
                    yield statement, value

    def _like(self, wanted: Value) -> Value | None:
        """The value of the brief that is meant by another way of writing it: 8点 is also 晚上8点 or 20:00."""
        return next((one for _, one in self._values() if same(one, wanted) or _same_hour(one, wanted)), None)

    def _about(self, given: Value | None, label: str) -> Value | None:
        """The only value of the brief that a new one can replace: of its kind, and about `label` where one is named."""
        slot = slot_of(label, "", ()) if label else ""
        kind = given.kind if given else _KINDS.get(slot)
        alike = [(statement, one) for statement, one in self._values() if one.kind == kind]
        if given and given.moment:
            alike = [row for row in alike if row[1].moment and _grain(row[1].moment) & _grain(given.moment)]
        if given and given.unit and not slot:
            alike = [row for row in alike if row[1].unit == given.unit]
        named = [
            row
            for row in alike
            if label and (label in row[0].label or slot_of(row[0].label, row[0].text, (row[1],)) == slot)
        ]
        chosen = named or (alike if slot != "other" else [])
        return chosen[0][1] if len({one.text for _, one in chosen}) == 1 else None

    def _statement(self, label: str) -> Statement | None:
        """The statement under this heading, or the only one of its slot."""
        for statement in self._brief.statements:
            if statement.label and (label in statement.label or statement.label in label):
                return statement
        return None

    def _place(self, new: str) -> str:
        """Where it takes place: the words that end as the new place does (中山路店, 人民路店), or stand after 在; else ""."""
        pieces = [piece for row in self._brief.statements for piece in re.split(r"[\s，,。；;：:]", row.text)]
        alike = [
            piece for piece in pieces if 1 < len(piece) <= 12 and piece[-1:] == new[-1:] and not _HOUR.search(piece)
        ]
        if len(set(alike)) == 1 and not re.search("[在到去]", alike[0]):
            return alike[0]
        for statement in self._brief.statements:
            if match := _PLACE.search(statement.text):
                return match[1]
        return ""


_KINDS: dict[str, str] = {"price": "money", "when": "moment", "deadline": "moment", "quota": "quantity"}
_PLACE = re.compile(
    r"(?:在|到|去)([\u4e00-\u9fffA-Za-z\d]{2,12}?)(?=集合|见面|碰头|举行|举办|放风筝|领|自提|活动|[，,。；;\s]|$)"
)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield str(value)


def _only(text: str, now: datetime) -> Value | None:
    """The value that a few words are, or None."""
    found = [one for one in read_values(text, now) if not one.soft]
    return found[0] if found else None


def _grain(moment: Moment) -> set[str]:
    """What a moment says: a day, an hour, or both."""
    return {name for name, said in (("day", moment.date or moment.stated_weekday), ("hour", moment.time)) if said}


def _same_hour(one: Value, other: Value) -> bool:
    """Whether two clock times can be meant as one: 8点 and 20:00."""
    first, second = one.moment, other.moment
    if not (first and second and first.time and second.time) or second.date:
        return False
    return (first.time.hour % 12, first.time.minute) == (second.time.hour % 12, second.time.minute)


_HOUR = re.compile(
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?\s*"
    r"(?P<hour>\d{1,2}\s*(?:[:：]\s*\d{2}|[点时](?:半|[一三]刻|\d{1,2}分?)?)|[一二三四五六七八九十两]{1,3}点(?:半|[一三]刻)?)"
)


def _fitting(old: str, new: str, found: Value | None) -> str:
    """The new words with what the old ones said and these do not: 晚上 in 晚上8点, the day in 周六8点."""
    moment, before, after = found.moment if found else None, _HOUR.search(old), _HOUR.search(new)
    if not moment or not before:
        return new
    if not after:  # another day at the same hour
        return f"{new}{old[before.start() :]}" if _only(new, datetime.now(UTC)) else new
    day, part = new[: after.start()] or old[: before.start()], after["part"] or ""
    if not part and _is_short(after["hour"]):
        part = before["part"] or ("" if _is_short(before["hour"]) else _part_of(moment))
    return f"{day}{part}{new[after.start('hour') :]}"


def _is_short(hour: str) -> bool:
    """Whether an hour is told by the clock of twelve, so that it takes a 早上 or 晚上 to be clear."""
    number = re.match(r"\d+", hour)
    return number is None or int(number[0]) <= 12


def _part_of(moment: Moment) -> str:
    """The part of the day of a time that was written by the clock of twenty-four."""
    hour = moment.time.hour if moment.time else 0
    return "晚上" if hour >= 18 else "下午" if hour > 12 else ""


def changes_told(changes: Sequence[Change]) -> list[str]:
    """The changes in a few words each, for the operator."""
    told = []
    for one in changes:
        if one.kind == "replace":
            told.append(f"“{one.old}”改成“{one.new}”")
        elif one.kind == "drop":
            told.append(f"去掉“{one.old}”")
        else:
            told.append(f"补上{one.label}：{one.new}" if one.label else f"补上“{one.new}”")
    return told
