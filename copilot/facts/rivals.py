"""Two values of one thing: what of a brief can't both be true."""

import re
from collections.abc import Sequence
from itertools import combinations

from copilot.facts.brief import clauses
from copilot.facts.items import Item, Problem, Silenced, problem
from copilot.facts.moments import Moment
from copilot.facts.names import read_names
from copilot.facts.values import Value
from copilot.facts.voices import two_voices
from copilot.records import Record

_GENERIC = re.compile(
    r"时间|日期|活动|开始|举行|举办|正式|定在|改到|改为|改成|地点|地址|费用|价格|门票|名额|人数|报名|截止|之?前|每人|每位|限额?|上限"
    r"|最多|最少|最晚|必须|还|[是在于为到共约了的吧：:，,。、？?\s（）()“”]|老板|领导|说|讲|要求|希望"
)
_CALLED_OFF = re.compile(r"取消|暂停|停[课办业]|不[上开办发]|除外|照常|补[课办]")


def rivals(items: Sequence[Item]) -> list[Problem]:
    """One thing with two values: said in two items, by two speakers within one, or of one place."""
    return [*_two_values(items), *_two_places(items), *_voices(items)]


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
    groups: dict[tuple[str, str], list[_Value]] = {}
    taken: set[tuple[str, int]] = set()
    values = [value for item in items for value in _values_of(item)]
    for first, second in combinations(values, 2):
        key = (second.item.id, second.value.start)
        if key in taken or (first.item.id, first.value.start) in taken or not _contradict(first, second):
            continue
        groups.setdefault((first.item.id, first.value.text), [first]).append(second)
        taken.add(key)
    return [_alternatives(group) for group in groups.values()]


def _alternatives(group: Sequence[_Value]) -> Problem:
    first, *others = group
    told = " 还是 ".join(dict.fromkeys(one.value.text for one in group))
    voices = "与".join(f"“{one.item.text}”（{one.item.origin.field}）" for one in group)
    found = problem(
        "two-values",
        f"同一件事有两个说法：{voices}",
        [one.item for one in group],
        first.value.text,
        f"【待核实:{told}】",
    )
    silenced = tuple(Silenced(item=one.item.id, words=one.value.text) for one in others)
    return found.model_copy(update={"silenced": silenced})


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
            found.append(problem("two-values", message, [item], told.words, mark))
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
            both = problem("two-values", message, [first, second], first.text, placeholder)
            found.append(both.model_copy(update={"silenced": (Silenced(item=second.id, words=second.text),)}))
    return found
