"""When somebody can work, and when a group may not be written to, read from the operator's words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from copilot.facts.hour_clocks import DAY_MINUTES, Time, lexicon, minutes_of
from copilot.facts.hour_weeks import ALL_DAYS, WHOLE_DAY, Week, merged, whole_week, without
from copilot.facts.hour_words import Budget, Days, Word, find_words
from copilot.facts.spelling import plain_spelling
from copilot.records import Record

WEEKEND = frozenset({6, 7})


class Window(Record):
    """A stretch of one weekday in minutes since midnight, end exclusive: weekday 1 is Monday, 7 Sunday.

    A span over midnight is two windows.
    """

    weekday: int
    start: int
    end: int


class Hours(Record):
    """When somebody can work, as far as the words say.

    `stated` is false where they say nothing about when: that is unknown, not "always". `only_workdays`: the official
    calendar decides the days, adjusted workdays and holidays included; `rests_on_holidays`: only its holidays count.
    `vague`: a part of the day without a clock (晚上) or an hour of either half was read by `knowledge/hours.yaml`, and
    the operator should be told. `words` is the stretch that was read.
    """

    windows: tuple[Window, ...] = ()
    minutes_a_day: int | None = None
    minutes_a_week: int | None = None
    stated: bool = False
    only_workdays: bool = False
    rests_on_holidays: bool = False
    vague: bool = False
    words: str = ""


class Quiet(Record):
    """When a group may not be written to: windows, whole weekdays, public holidays.

    `only_workdays`: messages go out on workdays alone, so the official calendar decides which Saturdays are closed.
    """

    windows: tuple[Window, ...] = ()
    closed_weekdays: tuple[int, ...] = ()
    closed_holidays: bool = False
    only_workdays: bool = False
    vague: bool = False
    words: str = ""


@dataclass(frozen=True)
class _Item:
    """Days and a stretch of them that belong together; None where nothing was said."""

    days: Days | None
    time: Time | None
    negative: bool = False


_CLAUSE_END = re.compile(r"[，,;；。!！?？\n]")


def read_hours(text: str) -> Hours:
    """The working hours a text states: 工作日 9:00-18:00 · 除周三外每天晚上 · 每天 2 小时 · weekday evenings."""
    plain = plain_spelling(text)
    words = find_words(plain)
    items = _all_items(words, plain)
    resting = {word.text for word in words if word.kind == "rest"}
    vague = False
    if resting and not any(item.negative and item.days for item in items):
        rests = [lexicon()["rests"][word] for word in resting]
        items.append(_Item(Days(frozenset(day for rest in rests for day in rest["days"])), None, negative=True))
        vague = not all(rest.get("exact") for rest in rests)
    wanted = [item for item in items if not item.negative]
    refused = [item for item in items if item.negative]
    week = _union(wanted, workday_clock=True) if wanted else whole_week()
    for item in refused:
        week = without(week, _union([item]))
    budgets = [word.value for word in words if isinstance(word.value, Budget)]
    workdays = any(item.days and item.days.workdays for item in wanted)
    return Hours(
        windows=_windows(week) if items else (),
        minutes_a_day=next((budget.minutes for budget in budgets if not budget.weekly), None),
        minutes_a_week=next((budget.minutes for budget in budgets if budget.weekly), None),
        stated=bool(items),
        only_workdays=workdays and not any(week.get(day) for day in WEEKEND),
        rests_on_holidays=any(item.days and item.days.holidays for item in refused),
        vague=vague or any(_is_vague(item) for item in items),
        words=_stretch(text, words) if items or budgets else "",
    )


def read_quiet(text: str, *, labelled: bool = False) -> Quiet | None:
    """The times a constraint keeps free of messages; None when it is about something else (不发红包).

    `labelled`: the text is known to be about quiet times, as in a field of that name, so that 22:00-8:00 is enough.
    """
    plain = re.sub(lexicon()["quiet"]["looking_on"], lambda match: " " * len(match[0]), plain_spelling(text))
    words = find_words(plain, quiet=True)
    closed: Week = {}
    items: list[_Item] = []
    only_workdays, used, before = False, [], _Clause("", [])
    for clause in _clauses(words, plain):
        verb = _silence(clause.text)
        timed = clause
        if not _times_and_days(clause.words) and (verb == "rest" or (verb and before.bare)):
            timed = before  # 22:30 后，不发消息 · 9 点到 21 点可发，其余时间不打扰
        if not verb and (labelled or (clause.bare and before.quiet)):
            verb = "never"
        before = _Clause(clause.text, clause.words, quiet=bool(verb))
        found = _items(timed.words)
        if not verb or not found:
            continue
        used += [*timed.words, *clause.words]
        items += found
        excepted = [item for item in found if item.negative and _excepts(timed.words)]
        stated = excepted or found
        week = _union(stated)
        if excepted or verb in {"only", "rest"}:
            only_workdays = only_workdays or any(item.days and item.days.workdays for item in stated)
            week = without(whole_week(), week)
            found = [item for item in found if item not in stated]
        closed = merged(closed, week)
    holidays = any(item.days and item.days.holidays for item in items)
    whole = tuple(sorted(day for day, spans in closed.items() if spans == WHOLE_DAY))
    windows = _windows({day: spans for day, spans in closed.items() if day not in whole})
    if not windows and not whole and not holidays:
        return None
    return Quiet(
        windows=windows,
        closed_weekdays=whole,
        closed_holidays=holidays or only_workdays,
        only_workdays=only_workdays,
        vague=any(_is_vague(item, workday_clock=False) for item in items),
        words=_stretch(text, used),
    )


@dataclass(frozen=True)
class _Clause:
    text: str
    words: list[Word]
    quiet: bool = False

    @property
    def bare(self) -> bool:
        """Whether it holds days and times and nothing else."""
        if not self.words or len(_times_and_days(self.words)) < len(self.words):
            return False
        return _size(self.text) == sum(_size(word.text) for word in self.words)


def _size(text: str) -> int:
    """How many characters it has, small words between days and times aside."""
    return len(re.sub(r"[\s()、和及与的在是:]", "", text))


def _times_and_days(words: Iterable[Word]) -> list[Word]:
    return [word for word in words if word.kind in {"days", "time"}]


def _clauses(words: list[Word], text: str) -> list[_Clause]:
    ends = [match.start() for match in _CLAUSE_END.finditer(text)]
    ends = [end for end in ends if not any(word.start < end < word.end for word in words)] + [len(text)]
    clauses, start = [], 0
    for end in ends:
        clauses.append(_Clause(text[start:end], [word for word in words if start <= word.start < end]))
        start = end + 1
    return clauses


def _excepts(words: list[Word]) -> bool:
    return any(word.kind == "except" or word.text == "除外" for word in words)


def _silence(clause: str) -> str:
    """What a clause says about messages: `never` at its times, `only` then, not in the `rest` of the week, "" nothing."""
    words = lexicon()["quiet"]
    post = rf"(?:{words['post']}){words['object']}"
    never = re.search(
        rf"{words['silence']}|(?:{words['negation']})(?!晚于|早于).{{0,24}}?{post}", clause, re.IGNORECASE
    )
    only = re.search(words["only"], clause, re.IGNORECASE)
    if never and re.search(words["rest"], clause, re.IGNORECASE):
        return "rest"
    if only and (never or re.search(post, clause, re.IGNORECASE)):
        return "only"
    return "never" if never else ""


def _all_items(words: list[Word], text: str) -> list[_Item]:
    """The items of all clauses; times alone belong to the days before them, unless those were said to be free."""
    found: list[_Item] = []
    days: Days | None = None
    waiting = False
    for clause in _clauses(words, text):
        items = _items(clause.words)
        if not items:
            continue
        if all(item.days is None for item in items) and days is not None:
            if waiting:
                found.pop()
            items = [_Item(days, item.time, item.negative) for item in items]
        last = items[-1]
        closed = any(word.kind in {"can", "cannot"} for word in clause.words)
        days = None if closed or last.negative else last.days
        waiting = days is not None and last.time is None
        found += items
    return found


def _items(words: list[Word]) -> list[_Item]:
    """The items of one clause; negative is what stands before a refusal (周三休息) or behind one (不在周三), and after 除."""
    found: list[_Item] = []
    run: list[Word] = []
    negative = False
    has_end = any(word.kind == "except_end" for word in words)
    for word in words:
        if word.kind in {"days", "time"}:
            if negative and not has_end and run and word.kind != run[-1].kind and run[-1].kind == "days":
                found += _pairs(run, negative=True)
                run, negative = [], False
            run.append(word)
        elif word.kind == "except" or (word.kind == "cannot" and not run):
            found += _pairs(run, negative=negative)
            run, negative = [], True
        elif word.text == "除外":  # 20:00-22:00(周末除外): the days alone
            cut = next((index for index in range(len(run), 0, -1) if run[index - 1].kind != run[-1].kind), 0)
            found += _pairs(run[:cut], negative=False) + _pairs(run[cut:], negative=True)
            run = []
        elif word.kind in {"can", "cannot"} or (word.kind == "except_end" and negative):
            found += _pairs(run, negative=word.kind == "cannot" or negative)
            run, negative = [], False
    return found + _pairs(run, negative=negative)


def _pairs(run: list[Word], *, negative: bool) -> list[_Item]:
    """Days with the times after them (工作日 9-18点), or times with the days after them (9-18点,工作日)."""
    groups: list[tuple[Days | None, list[Time]]] = []
    times_first = bool(run) and isinstance(run[0].value, Time) and isinstance(run[-1].value, Days)
    days: Days | None = None
    times: list[Time] = []
    for before, word in zip([None, *run], run, strict=False):
        value = word.value
        turned = before is not None and isinstance(before.value, Time) is not isinstance(value, Time)
        if turned and isinstance(value, Time) is times_first and (days or times):
            groups.append((days, times))
            days, times = None, []
        if isinstance(value, Days):
            days = _together(days, value)
        elif isinstance(value, Time):
            times.append(value)
    if days or times:
        groups.append((days, times))
    return [_Item(days, time, negative) for days, times in groups for time in (times or (None,))]


def _together(first: Days | None, second: Days) -> Days:
    if first is None:
        return second
    if len(first.days) == 7 and second.days:  # 每天…周三: the narrower set
        return second
    if len(second.days) == 7 and first.days:  # 工作日每天晚上
        return first
    return Days(first.days | second.days, first.workdays or second.workdays, first.holidays or second.holidays)


def _is_vague(item: _Item, *, workday_clock: bool = True) -> bool:
    if item.time is None:
        return workday_clock and not item.negative and item.days is not None and item.days.workdays
    return item.time.vague


def _union(items: list[_Item], *, workday_clock: bool = False) -> Week:
    """Which minutes the items cover, by weekday. Whole days without a time; workdays then have their usual clock."""
    week: Week = {}
    for item in items:
        start, end = 0, DAY_MINUTES
        if item.time is not None:
            start, end = item.time.start, item.time.end
        elif workday_clock and item.days and item.days.workdays:
            start, end = (minutes_of(clock) for clock in lexicon()["workday_clock"])
        days = item.days.days if item.days else (item.time.days if item.time and item.time.days else ALL_DAYS)
        for day in days:
            following = day % 7 + 1
            week = merged(week, {day: ((start, min(end, DAY_MINUTES)),)} if start < DAY_MINUTES else {})
            if end > DAY_MINUTES:
                week = merged(week, {following: ((max(start - DAY_MINUTES, 0), end - DAY_MINUTES),)})
    return week


def _windows(week: Week) -> tuple[Window, ...]:
    return tuple(Window(weekday=day, start=start, end=end) for day in sorted(week) for start, end in week[day])


def _stretch(text: str, words: list[Word]) -> str:
    return text[min(word.start for word in words) : max(word.end for word in words)] if words else ""
