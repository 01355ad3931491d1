"""What is wrong with a brief, found by code: values that contradict each other or the calendar.

Nothing is settled here. Each `Problem` carries the conflict to show, the words of the brief it is about,
and the placeholder that stands in their place until the operator decides.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import combinations

from copilot.facts.brief import Statement, clauses
from copilot.facts.moments import Moment
from copilot.facts.names import read_names
from copilot.facts.values import Value
from copilot.facts.voices import two_voices
from copilot.records import Conflict, Origin, Record

MUCH_MORE = 8  # characters of a clause besides the value in question
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


class Silenced(Record):
    """Words of an item that the placeholder elsewhere already shows."""

    item: str
    words: str


class Problem(Record):
    """One contradiction: what to show, in which item which words give way to the placeholder, and where others fall silent."""

    conflict: Conflict
    item: str
    words: str
    silenced: tuple[Silenced, ...] = ()


def find_problems(items: Sequence[Item]) -> tuple[Problem, ...]:
    """Every contradiction among the items, in the order of the brief."""
    return (
        *_calendar(items),
        *_doubts(items),
        *_two_values(items),
        *_voices(items),
        *_order(items),
        *_lists(items),
        *_sums(items),
    )


def _problem(code: str, message: str, items: Sequence[Item], words: str, placeholder: str) -> Problem:
    conflict = Conflict(
        code=code, message=message, origins=tuple(item.origin for item in items), placeholder=placeholder
    )
    return Problem(conflict=conflict, item=items[0].id, words=words)


def without_clause_of(words: str, text: str) -> str:
    """A text without the clause that holds these words; one that says much more keeps it, with the words marked."""
    kept = []
    for clause in clauses(text):
        more = len(re.sub(r"\W", "", clause.replace(words, ""))) > MUCH_MORE
        if words not in clause or "【" in clause:
            kept.append(clause)
        elif more:
            kept.append(clause.replace(words, f"【待核实:{words}】", 1))
    return "，".join(kept) if kept != clauses(text) else text


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
    days = (moment.end_date - moment.date).days if moment.date and moment.end_date else 0
    if days < 0 or days > 1 or (days == 1 and not moment.end_time):
        return days < 0
    overnight = moment.time and moment.end_time and moment.time >= time(17) and moment.end_time <= time(9)
    return bool(moment.time and moment.end_time and moment.end_time < moment.time and not overnight)


_QUESTIONED = re.compile(r"(?:元|块钱?|左右|吧|呢)?\s*(?:[（(]\s*[？?]+\s*[）)]|[？?]+)")


def _doubts(items: Sequence[Item]) -> list[Problem]:
    """A value with a question mark right after it: "老会员80？"."""
    found = []
    for item in items:
        for value in item.values:
            if mark := _QUESTIONED.match(item.text, value.end):
                words = item.text[value.start : mark.end()]
                message = f"“{words}”打了问号，还没有确定"
                found.append(_problem("doubtful-value", message, [item], words, f"【待核实:{value.text}】"))
    return found


_GENERIC = re.compile(
    r"时间|日期|活动|开始|举行|举办|正式|定在|改到|改为|改成|地点|地址|费用|价格|门票|名额|人数|报名|截止|之?前|每人|每位|限额?|上限"
    r"|最多|最少|最晚|必须|还|[是在于为到共约了的吧：:，,。、？?\s（）()“”]|老板|领导|说|讲|要求|希望"
)
_CALLED_OFF = re.compile(r"取消|暂停|停[课办业]|不[上开办发]|除外|照常|补[课办]")


class _Value(Record):
    """One value of an item in its clause: the slot it fills, and what else the clause is about."""

    item: Item
    value: Value
    slot: str
    subject: str
    called_off: bool

    @property
    def voice(self) -> str:
        """Who said it, where the brief names a speaker; all its unlabelled rest speaks with one voice."""
        field = self.item.origin.field
        return "" if self.item.label or "[" in field or field == "text" else field

    @property
    def spot(self) -> str:
        """The parent of the field it came from: values of different parents belong to different things."""
        field = self.item.origin.field
        return field.rpartition(".")[0]


def _two_values(items: Sequence[Item]) -> list[Problem]:
    """One thing with two values: every alternative in one placeholder, the other statement kept but for its value."""
    rivals: dict[tuple[str, str], list[_Value]] = {}
    taken: set[tuple[str, int]] = set()
    values = [value for item in items for value in _values_of(item)]
    for first, second in combinations(values, 2):
        key = (second.item.id, second.value.start)
        if key in taken or (first.item.id, first.value.start) in taken or not _contradict(first, second):
            continue
        rivals.setdefault((first.item.id, first.value.text), [first]).append(second)
        taken.add(key)
    return [_alternatives(group) for group in rivals.values()] + _two_places(items)


def _alternatives(group: Sequence[_Value]) -> Problem:
    first, *others = group
    told = " 还是 ".join(dict.fromkeys(one.value.text for one in group))
    voices = "与".join(f"“{one.item.text}”（{one.item.origin.field}）" for one in group)
    problem = _problem(
        "two-values",
        f"同一件事有两个说法：{voices}",
        [one.item for one in group],
        first.value.text,
        f"【待核实:{told}】",
    )
    silenced = tuple(Silenced(item=one.item.id, words=one.value.text) for one in others)
    return problem.model_copy(update={"silenced": silenced})


def _values_of(item: Item) -> list[_Value]:
    """The values of an item that its slot can only have one of, each with the subject of its clause."""
    found = []
    for value in item.values:
        # A record ("名称：梨，价：36元") is about its first field, whichever of its values is looked at.
        record = item.text.count("：") > 1
        clause = item.text if record else next((part for part in clauses(item.text) if value.text in part), item.text)
        slot = _rival_slot(value, item, clause)
        if not slot or value.soft:
            continue
        found.append(
            _Value(
                item=item,
                value=value,
                slot=slot,
                subject=_subject(f"{item.label}{clause}", item.values),
                called_off=bool(_CALLED_OFF.search(clause)),
            )
        )
    return found


def _subject(text: str, values: Sequence[Value]) -> str:
    """What a clause is about besides its values, the people who say it and its slot's usual words."""
    for value in values:
        text = text.replace(value.text, "")
    for name in read_names(text):
        text = text.replace(name.text, "")
    return _GENERIC.sub("", text)


_QUOTA = re.compile(r"名额|限|人数|上限|最多|招")
_TIMED = ("when", "topic", "after", "deadline", "effective", "publish", "dissolve")


def _rival_slot(value: Value, item: Item, clause: str) -> str:
    """The slot in which a value may have rivals; empty for one that may stand beside others of its kind."""
    if value.kind == "moment":
        return item.slot if item.slot in _TIMED else ""
    if value.kind == "money":
        return "price" if item.slot != "before" else ""
    return "quota" if value.kind == "quantity" and (item.slot == "quota" or _QUOTA.search(clause)) else ""


def _contradict(first: _Value, second: _Value) -> bool:
    """Whether two values are of one thing and can't both be true."""
    if first.item.id == second.item.id or first.value.kind != second.value.kind:
        return False
    if first.called_off or second.called_off or (first.spot != second.spot and first.spot and second.spot):
        return False
    slots = {first.slot, second.slot}
    if len(slots) > 1 and not slots <= {"when", "after", "topic"}:
        return False
    if not _same_subject(first, second, strict="topic" in slots):
        return False
    one, other = first.value.moment, second.value.moment
    if one and other:
        return _moments_differ(one, other)
    return first.value.canonical != second.value.canonical and first.value.unit == second.value.unit


def _same_subject(first: _Value, second: _Value, *, strict: bool) -> bool:
    if first.subject == second.subject:
        return bool(first.subject) or not strict
    if strict or first.voice == second.voice or not (first.voice or second.voice):
        return False
    # Another voice need not repeat what it is about: "改到周日" answers "分享会周六".
    return not first.subject or not second.subject or first.subject in second.subject or second.subject in first.subject


def _moments_differ(one: Moment, other: Moment) -> bool:
    """Two moments of one thing that can't both be true; a range holds its days, a repetition and a bound say another thing."""
    if one.anaphoric or other.anaphoric or _names_the_day(one, other) or _names_the_day(other, one):
        return False
    if one.recurrence != other.recurrence or one.bound != other.bound or {one.grain, other.grain} != {"day"}:
        return False
    if one.date and other.date and one.date != other.date:
        return not (_within(one, other) or _within(other, one))
    if one.recurrence is None and (one.date is None) != (other.date is None):
        return False
    return bool(one.time and other.time and one.time != other.time)


def _names_the_day(weekday: Moment, day: Moment) -> bool:
    """A lone weekday beside a date said to be that weekday."""
    return weekday.bare_weekday and not day.bare_weekday and weekday.stated_weekday == day.stated_weekday


def _within(inner: Moment, outer: Moment) -> bool:
    return bool(inner.date and outer.date and outer.end_date and outer.date <= inner.date <= outer.end_date)


def _voices(items: Sequence[Item]) -> list[Problem]:
    """What two speakers give differently within one item."""
    found = []
    for item in items:
        if told := two_voices(item.text):
            message = f"同一件事有两个说法：“{told.first}”与“{told.second}”（{told.words}）"
            mark = f"【待核实:{told.first} 还是 {told.second}】"
            found.append(_problem("two-values", message, [item], told.words, mark))
    return found


def _two_places(items: Sequence[Item]) -> list[Problem]:
    """One place under one heading, said in two ways that do not hold each other."""
    found = []
    for first, second in combinations([item for item in items if item.slot == "where" and item.label], 2):
        same = _GENERIC.sub("", first.label) == _GENERIC.sub("", second.label)
        parents = {item.origin.field.rpartition(".")[0] for item in (first, second)}
        if same and len(parents) == 1 and first.text not in second.text and second.text not in first.text:
            message = f"同一件事有两个说法：“{first.text}”与“{second.text}”"
            placeholder = f"【待核实:{first.text} 还是 {second.text}】"
            problem = _problem("two-values", message, [first, second], first.text, placeholder)
            found.append(problem.model_copy(update={"silenced": (Silenced(item=second.id, words=second.text),)}))
    return found


def _start(moment: Moment) -> datetime | None:
    return datetime.combine(moment.date, moment.time or time(23, 59)) if moment.date else None


def _order(items: Sequence[Item]) -> list[Problem]:
    """A deadline after everything it is a deadline for has begun."""
    starts = [
        (start, item)
        for item in items
        if item.slot in ("when", "topic", "after")
        for moment in item.moments
        if moment.grain == "day" and (start := _start(moment))
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


_TOTAL = re.compile(
    r"(?:共计?|总共|合计|一共|总计)\s*(?P<total>\d+)\s*(?P<unit>[份名人个元块件张场本套席次只条箱盒袋位户家组棵台辆节课页斤枚支瓶])"
)


def _sums(items: Sequence[Item]) -> list[Problem]:
    """A total that its parts do not add up to."""
    found = []
    for item in items:
        whole = item.label + item.text
        match = _TOTAL.search(whole)
        if not match:
            continue
        rest = whole[: match.start()] + whole[match.end() :]
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
