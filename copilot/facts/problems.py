"""What is wrong with a brief, found by code: values that contradict each other or the calendar.

Nothing is settled here. Each `Problem` carries the conflict to show, the words of the brief it is about,
and the placeholder that stands in their place until the operator decides.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from copilot.facts.brief import clauses
from copilot.facts.items import Item, Problem, problem
from copilot.facts.moments import Moment
from copilot.facts.rivals import rivals

MUCH_MORE = 8  # characters of a clause besides the value in question
WEEKDAYS = "一二三四五六日"


def find_problems(items: Sequence[Item]) -> tuple[Problem, ...]:
    """Every contradiction among the items, in the order of the brief."""
    return (
        *_calendar(items),
        *_doubts(items),
        *rivals(items),
        *_order(items),
        *_lists(items),
        *_sums(items),
    )


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
                    problem(
                        "weekday-mismatch", message, [item], moment.text, f"【待核实:{moment.text}，当天是周{real}】"
                    )
                )
            elif _ends_before_start(moment):
                found.append(
                    problem(
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
                found.append(problem("doubtful-value", message, [item], words, f"【待核实:{value.text}】"))
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
                    problem(
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
                problem(
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
                problem(
                    "sum-mismatch",
                    message,
                    [item],
                    words,
                    f"【待核实:{words}，分项之和是{sum(amounts)}{match['unit']}】",
                )
            )
    return found
