"""When the group hears from us next: read from the brief's rhythm, counted on from its own clock."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from copilot.facts.brief import Brief
from copilot.facts.moments import Moment, read_moments
from copilot.records import Record
from copilot.tasks.crisis_reply.book import book, found
from copilot.tasks.crisis_reply.situation import CrisisSituation, Row

AHEAD = 2  # how many further updates are planned
MINUTES = {"分钟": 1, "刻钟": 15, "小时": 60, "钟头": 60, "天": 1440, "日": 1440}
_EVERY = re.compile(
    r"每(?:隔)?\s*(?P<count>\d{1,3}|半|[一两二三四五六七八九十])?\s*个?\s*(?P<unit>分钟|刻钟|小时|钟头|天(?!\s*\d|[早中晚上下])|日(?!\s*\d))"
)
_DAILY = re.compile(r"每(?:天|日|晚|早|天早上|天晚上)")
_CLOCK = re.compile(
    r"(?P<part>早上?|上午|中午|下午|傍晚|晚上?|凌晨)?\s*(?P<hour>\d{1,2})\s*(?:[:：]\s*(?P<minute>\d{2})|点(?P<half>半)?)"
)
_NUMBERS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "半": 0.5, "": 1}


class Schedule(Record):
    """The next updates. `next` is what the group reads ("5月8日 18:00"), "" where the brief gives no time; `later` the
    times after it; `at` is the moment counting starts from; `rhythm` the brief's own words ("每天 12:00、18:00 …"); `base` what it was counted from; `note` why.
    """

    next: str = ""
    later: tuple[str, ...] = ()
    rhythm: str = ""
    base: str = ""
    note: str = ""
    row: str = ""
    at: datetime | None = None


def schedule_of(situation: CrisisSituation, brief: Brief) -> Schedule:
    """The next updates by the brief's rhythm, else at the first settled time ahead, else none."""
    start = _start(situation, brief)
    at = datetime.combine(start.day, start.clock or time(0))
    return _counted(situation, brief, start).model_copy(update={"at": at})


def _counted(situation: CrisisSituation, brief: Brief, start: "_Start") -> Schedule:
    rows = [
        *situation.clock,
        *(row for row in (*situation.authorised, *situation.verified) if found("broadcast", row.text)),
    ]
    for row in rows:
        if times := _daily_times(row.text):
            ahead = _next_daily(times, start)
            return _schedule(ahead, row, start)
        if minutes := _interval(row.text):
            if start.clock is None:
                return Schedule(next=f"这条发出后{_spoken(row.text)}内", rhythm=row.text, row=row.id)
            first = datetime.combine(start.day, start.clock)
            ahead = [first + timedelta(minutes=minutes * step) for step in range(1, AHEAD + 2)]
            return _schedule(ahead, row, start)
    for row in situation.incident:
        if found("broadcast", row.text) and (times := _daily_times(row.text)):
            return _schedule(_next_daily(times, start), row, start)
    for row in rows:
        if words := _moment_words(row.text, brief):
            return Schedule(next=words, rhythm=row.text, row=row.id)
    return _milestone(situation, brief, start)


class _Start(Record):
    """Where counting starts: the last thing that happened by the brief, or the caller's now. `dated`: the day is known."""

    day: date
    clock: time | None
    dated: bool
    words: str = ""


def _start(situation: CrisisSituation, brief: Brief) -> _Start:
    rows = (*situation.incident, *situation.verified, *situation.authorised, *situation.excerpts)
    moments = [(row, one) for row in rows for one in read_moments(row.text, brief.now)]
    happened = [
        (row, one)
        for row, one in moments
        if not one.recurrence
        and one.bound != "before"
        and not found("future", _before(row, one))
        and row not in situation.authorised
    ]
    dated_rows = [(row, one.date) for row, one in happened if one.date and _says_its_month(one) and one.grain == "day"]
    dates = [day for row, day in dated_rows if not found("ahead", row.text)]
    told = [day for row, day in dated_rows if row in situation.incident]
    day = max(told) if told else _day_before_tomorrow(moments) or max(dates, default=None)
    if brief.now_given:
        return _Start(day=brief.now.date(), clock=brief.now.time().replace(second=0, microsecond=0), dated=True)
    day, dated = (day, True) if day else (brief.now.date(), False)
    if situation.bounds.earlier:
        return _since(situation, brief, _Start(day=max([*dates, day]) if dated else day, clock=None, dated=dated))
    same = [
        (row, one)
        for row, one in happened
        if one.time and (not _says_its_month(one) or one.date == day) and not _ahead(one)
    ]
    if not same:
        return _Start(day=day, clock=None, dated=dated)
    _row, last = max(same, key=lambda pair: pair[1].time or time(0))
    return _Start(day=day, clock=last.time, dated=dated, words=last.text)


_NEXT = re.compile(r"更新[：:]\s*([^。\n]+)")


def _since(situation: CrisisSituation, brief: Brief, start: _Start) -> _Start:
    """Where counting goes on after earlier statements: the last update they promised, unless later days are told of."""
    words = _NEXT.findall("\n".join(situation.bounds.earlier))
    last = [one for text in words for one in read_moments(text, brief.now) if one.time][-1:]
    for one in last:
        day = one.date if _says_its_month(one) and one.date else start.day
        if day >= start.day:
            return _Start(day=day, clock=one.time, dated=start.dated, words=one.text)
    return start


def _before(row: Row, moment: Moment) -> str:
    return re.split(r"[，。；,;]", row.text[: moment.start])[-1]


def _ahead(moment: Moment) -> bool:
    return bool(re.match(r"明|后天|次日|下", moment.text))


def _says_its_month(moment: Moment) -> bool:
    return bool(re.search(r"月|\d[-/.]\d", moment.text))


def _day_before_tomorrow(moments: Iterable[tuple[Row, Moment]]) -> date | None:
    """The day of the matter where only the day after it has a date: 今晚 … 5月21日恢复 … 明天 10:00."""
    pairs = list(moments)
    dated = [one.date for _, one in pairs if one.date and _says_its_month(one) and one.grain == "day"]
    today = any(re.match(r"今[天晚早]", one.text) for _, one in pairs)
    tomorrow = any(re.match(r"明[天早晚]", one.text) for _, one in pairs)
    return dated[0] - timedelta(days=1) if today and tomorrow and len(set(dated)) == 1 and dated[0] else None


def _daily_times(text: str) -> list[time]:
    daily = _DAILY.search(text)
    if not daily:
        return []
    late = daily[0].endswith(("晚", "晚上"))
    return [clock for match in _CLOCK.finditer(text, daily.end()) if (clock := _clock(match, late=late))]


def _clock(match: re.Match[str], *, late: bool = False) -> time | None:
    """The clock time of a match; `late`: it was called one of the evening before (每晚 8 点)."""
    hour = int(match["hour"])
    if (late or (match["part"] and match["part"][0] in "下傍晚")) and hour < 12:
        hour += 12
    return time(hour, int(match["minute"] or (30 if match["half"] else 0))) if hour < 24 else None


def _interval(text: str) -> int:
    """Minutes between two updates; 0 where the text gives no rhythm."""
    match = _EVERY.search(text)
    if not match:
        return 0
    count = match["count"] or ""
    return int((float(count) if count.isdigit() else _NUMBERS[count]) * MINUTES[match["unit"]])


def _spoken(text: str) -> str:
    """`每隔 2 小时` → `2 小时`; `每天` → `一天`."""
    match = _EVERY.search(text)
    assert match
    words = re.sub(r"^每(?:隔)?\s*", "", match[0])
    return words if match["count"] else f"一{'个' if '时' in words or '钟头' in words else ''}{words}"


def _next_daily(times: list[time], start: _Start) -> list[datetime]:
    base = datetime.combine(start.day, start.clock or time(0))
    slots = [
        datetime.combine(start.day + timedelta(days=ahead), clock) for ahead in range(4) for clock in sorted(times)
    ]
    return [slot for slot in slots if slot > base][: AHEAD + 1]


def _schedule(ahead: list[datetime], row: Row, start: _Start) -> Schedule:
    spoken = [_say(moment, start) for moment in ahead]
    note = book().desk["notes"]["timed"].format(rhythm=row.text, base=start.words.rstrip("起 ")) if start.words else ""
    return Schedule(next=spoken[0], later=tuple(spoken[1:]), rhythm=row.text, base=start.words, note=note, row=row.id)


def _say(moment: datetime, start: _Start) -> str:
    if start.dated:
        return f"{moment.month}月{moment.day}日 {moment:%H:%M}"
    days = (moment.date() - start.day).days
    return f"{('今天', '明天', '后天')[days]} {moment:%H:%M}" if days < 3 else f"{days} 天后 {moment:%H:%M}"


def _moment_words(text: str, brief: Brief) -> str:
    """The one time at which a row says that the group is told: "今晚 20:00 公布结果"."""
    timed = [one for one in read_moments(text, brief.now) if one.time or one.day_part]
    for one in timed[:1]:
        if brief.now_given and one.time:
            before = " 前" if one.bound == "before" else ""
            ahead = 1 if re.search("次日|第二天|明", one.text) or one.time <= brief.now.time() else 0
            day = one.date or brief.now.date() + timedelta(days=ahead)
            return f"{day.month}月{day.day}日 {one.time:%H:%M}{before}"
        return one.text
    return ""


def _milestone(situation: CrisisSituation, brief: Brief, start: _Start) -> Schedule:
    """No rhythm: the first settled time ahead at which something is to happen anyway."""
    for row in (*situation.verified, *situation.authorised):
        for one in read_moments(row.text, brief.now):
            later = _says_its_month(one) and one.date and (one.date > start.day or not start.dated)
            if one.time and not one.recurrence and one.bound == "at" and (later or _ahead(one)):
                words = re.sub(r"20\d\d[-/年](\d{1,2})[-/月](\d{1,2})日?", r"\1月\2日", one.text)
                return Schedule(next=words, note=book().desk["notes"]["milestone"].format(time=words), base="milestone")
    return Schedule(note=book().desk["notes"]["no_rhythm"])
