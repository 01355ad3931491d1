"""What is wrong with a brief, found by code: values that contradict each other or the calendar.

Nothing is settled here. Each `Problem` carries the conflict to show, the words of the brief it is about,
and the placeholder that stands in their place until the operator decides.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import combinations

from copilot.facts.brief import Statement
from copilot.facts.moments import Moment
from copilot.facts.slots import single_slots
from copilot.facts.values import Value
from copilot.records import Conflict, Origin, Record

WEEKDAYS = "一二三四五六日"


class Item(Record):
    """One thing that may be said: a statement of the brief, cleaned, with its slot and values."""

    id: str
    label: str
    text: str
    slot: str
    statement: Statement
    values: tuple[Value, ...]

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The dates and times in it."""
        return tuple(value.moment for value in self.values if value.moment)

    @property
    def origin(self) -> Origin:
        """Where the operator said it."""
        return self.statement.origin


class Problem(Record):
    """One contradiction: what to show, and in which item which words give way to the placeholder."""

    conflict: Conflict
    item: str
    words: str
    silenced: tuple[str, ...] = ()


def find_problems(items: Sequence[Item]) -> tuple[Problem, ...]:
    """Every contradiction among the items, in the order of the brief."""
    return (*_calendar(items), *_two_values(items), *_order(items), *_lists(items), *_sums(items))


def _problem(
    code: str, message: str, items: Sequence[Item], words: str, placeholder: str, silenced: Sequence[Item] = ()
) -> Problem:
    conflict = Conflict(
        code=code, message=message, origins=tuple(item.origin for item in items), placeholder=placeholder
    )
    return Problem(conflict=conflict, item=items[0].id, words=words, silenced=tuple(item.id for item in silenced))


def day(value: date) -> str:
    """`11月28日（周六）`."""
    return f"{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def _calendar(items: Sequence[Item]) -> list[Problem]:
    """A weekday that the date does not have; an end before its start."""
    found = []
    for item in items:
        for moment in item.moments:
            if moment.weekday_mismatch and moment.date and moment.stated_weekday:
                said, real = WEEKDAYS[moment.stated_weekday - 1], WEEKDAYS[moment.date.weekday()]
                message = f"“{moment.text}”写的是周{said}，但 {moment.date:%Y-%m-%d} 是周{real}"
                found.append(
                    _problem(
                        "weekday-mismatch", message, [item], moment.text, f"【待核实:{moment.text}，当天是周{real}】"
                    )
                )
            elif _ends_before_start(moment):
                found.append(
                    _problem(
                        "end-before-start",
                        f"“{moment.text}”的结束早于开始",
                        [item],
                        moment.text,
                        f"【待核实:{moment.text}，结束早于开始】",
                    )
                )
    return found


def _ends_before_start(moment: Moment) -> bool:
    if moment.date and moment.end_date and moment.end_date != moment.date:
        return moment.end_date < moment.date
    overnight = moment.time and moment.end_time and moment.time >= time(17) and moment.end_time <= time(9)
    return bool(moment.time and moment.end_time and moment.end_time < moment.time and not overnight)


_GENERIC = re.compile(
    r"时间|日期|活动|开始|举行|举办|正式|定在|改到|改为|改成|地点|地址|费用|价格|名额|人数|报名|截止|之?前|每人|每位|限额?|上限|[是在于为到共约了：:，,。、\s（）()“”]|老板|领导|说|讲|要求|希望"
)


def _subject(item: Item) -> str:
    """What a statement is about besides its values and its slot's usual words."""
    text = f"{item.label}{item.text}"
    for value in item.values:
        text = text.replace(value.text, "")
    return _GENERIC.sub("", text)


def _about_the_same(first: Item, second: Item) -> bool:
    if first.label and second.label and _GENERIC.sub("", first.label) == _GENERIC.sub("", second.label):
        return True
    left, right = _subject(first), _subject(second)
    return not left or not right or left in right or right in left


def _rivals(first: Item, second: Item, *, changed: bool) -> bool:
    """Whether two items speak of the one thing that can only have one value."""
    slots = {first.slot, second.slot}
    if len(slots) == 1 and first.slot in single_slots():
        return _about_the_same(first, second)
    if slots == {"when", "after"}:
        return not changed and _about_the_same(first, second)
    subjects = _subject(first), _subject(second)
    return slots <= {"when", "topic"} and all(len(subject) > 1 for subject in subjects) and subjects[0] == subjects[1]


def _two_values(items: Sequence[Item]) -> list[Problem]:
    """One slot of one subject with two different values."""
    found: list[Problem] = []
    silenced: set[str] = set()
    changed = any(item.slot == "before" for item in items)
    for first, second in combinations(items, 2):
        if silenced & {first.id, second.id} or not _rivals(first, second, changed=changed):
            continue
        pair = _differing(first, second)
        if pair:
            left, right = pair
            message = f"同一件事有两个说法：“{first.text}”与“{second.text}”"
            found.append(
                _problem("two-values", message, [first, second], left, f"【待核实:{left} 还是 {right}】", [second])
            )
            silenced.add(second.id)
    return found


def _differing(first: Item, second: Item) -> tuple[str, str] | None:
    """The words in which two items of one slot differ, or None when they can both be true."""
    for kind in ("money", "quantity") if first.slot in ("price", "quota") else ("moment",):
        left = [value for value in first.values if value.kind == kind]
        right = [value for value in second.values if value.kind == kind]
        if (
            left
            and right
            and kind != "moment"
            and {value.canonical for value in left}.isdisjoint(value.canonical for value in right)
        ):
            return left[0].text, right[0].text
    for one in first.moments:
        for other in second.moments:
            if _moments_differ(one, other):
                return one.text, other.text
    if (
        first.slot == second.slot == "where"
        and first.label
        and second.label
        and first.text not in second.text
        and second.text not in first.text
    ):
        return first.text, second.text
    return None


def _moments_differ(one: Moment, other: Moment) -> bool:
    if one.recurrence != other.recurrence:
        return False
    if one.date and other.date and one.date != other.date:
        return True
    if one.recurrence is None and (one.date is None) != (other.date is None):
        return False
    return bool(one.time and other.time and one.time != other.time)


def _start(moment: Moment) -> datetime | None:
    return datetime.combine(moment.date, moment.time or time(23, 59)) if moment.date else None


def _order(items: Sequence[Item]) -> list[Problem]:
    """A deadline after everything it is a deadline for has begun."""
    starts = [
        (start, item)
        for item in items
        if item.slot in ("when", "topic", "after")
        for moment in item.moments
        if (start := _start(moment))
    ]
    if not starts:
        return []
    last, event = max(starts, key=lambda pair: pair[0])
    found = []
    for item in items:
        for moment in item.moments[:1] if item.slot == "deadline" else ():
            closes = datetime.combine(moment.date, moment.time or time(0)) if moment.date else None
            if closes and closes > last:
                message = f"截止“{moment.text}”晚于开始“{event.text}”"
                found.append(
                    _problem(
                        "deadline-after-start",
                        message,
                        [item, event],
                        moment.text,
                        f"【待核实:{moment.text}，晚于开始时间】",
                    )
                )
    return found


_COUNTED_LIST = re.compile(
    r"(?P<count>\d{1,3}|[两三四五六七八九十]{1,2})\s*(?P<unit>位|名|人|项|款|个|种|条|本|场)[^：:，,。；;、\d]{0,10}[：:]\s*(?P<list>[^。；;：:\n]+、[^。；;：:\n]+)"
)
_NUMERALS = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2}


def _lists(items: Sequence[Item]) -> list[Problem]:
    """A number of things, and a list of another length right after it."""
    found = []
    for item in items:
        match = _COUNTED_LIST.search(f"{item.label}：{item.text}" if item.label else item.text)
        if not match:
            continue
        stated = int(match["count"]) if match["count"].isdigit() else _NUMERALS.get(match["count"])
        listed = len([name for name in re.split(r"[、，,]|和|及", match["list"]) if name.strip()])
        if stated and stated != listed and not re.search(r"等[^待级候]*$", match["list"]):
            message = f"写了{match['count']}{match['unit']}，后面列出的是 {listed} {match['unit']}"
            words = match["count"] + match["unit"] if match["count"] + match["unit"] in item.text else match["list"]
            found.append(
                _problem(
                    "count-mismatch", message, [item], words, f"【待核实:{words}，列出的是{listed}{match['unit']}】"
                )
            )
    return found


_TOTAL = re.compile(r"(?:共计?|总共|合计|一共|总计)\s*(?P<total>\d+)\s*(?P<unit>份|名|人|个|元|件|张|场|本|套|席)")


def _sums(items: Sequence[Item]) -> list[Problem]:
    """A total that its parts do not add up to."""
    found = []
    for item in items:
        match = _TOTAL.search(item.text)
        if not match:
            continue
        rest = item.text[: match.start()] + item.text[match.end() :]
        amounts = [int(number) for number in re.findall(rf"(\d+)\s*{match['unit']}", rest)]
        if len(amounts) > 1 and sum(amounts) != int(match["total"]):
            words = match[0]
            message = f"“{words}”与分项之和 {sum(amounts)}{match['unit']} 不一致"
            found.append(
                _problem(
                    "sum-mismatch",
                    message,
                    [item],
                    words,
                    f"【待核实:{words}，分项之和是{sum(amounts)}{match['unit']}】",
                )
            )
    return found
