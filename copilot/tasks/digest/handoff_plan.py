"""A week of digests as the brief of the next weekly plan."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from copilot.chat.claims import Action
from copilot.facts.moments import read_moments
from copilot.tasks.digest.book import book
from copilot.tasks.digest.handoff_source import OWED, Source, clock_of, task_words
from copilot.tasks.digest.levels import OPEN
from copilot.tasks.digest.structure import Digest
from copilot.tasks.digest.telling import shown

MOST = 12


def plan_brief(sources: Sequence[Source]) -> dict[str, Any]:
    """What a week of digests says for the next one: the groups, what was counted, what was asked and is owed, who works there."""
    groups: dict[str, list[Source]] = {}
    for one in sources:
        groups.setdefault(one.digest.group or "（没有群名）", []).append(one)
    ends = [day for one in sources if (day := _day(one.end))]
    start = max(ends) + timedelta(days=7 - max(ends).weekday()) if ends else None
    week = (start, start + timedelta(days=6)) if start else None
    figures = {name: _figures(rows, week) for name, rows in groups.items()}
    dated = [
        {"事项": task_words(one, source), "日期": coming}
        for one, source in _owed(sources)
        if (coming := _coming(one, source, week))
    ]
    staff = dict.fromkeys(source.name(name) for source in sources for name in sorted(source.staff))
    brief: dict[str, Any] = {
        "现在": max(one.end for one in sources),
        "群名": next(iter(groups)) if len(groups) == 1 else None,
        "群": [{"群名": name} for name in groups] if len(groups) > 1 else None,
        "本周": f"{week[0]} 到 {week[1]}" if week else None,
        "人手": list(staff),
        "上周数据": next(iter(figures.values())) if len(groups) == 1 else figures,
        "大家说": _voices(sources),
        "固定活动": _events(sources, week),
        "截止": dated[:MOST],
    }
    return {key: value for key, value in brief.items() if value}


def _figures(rows: Sequence[Source], week: tuple[date, date] | None) -> dict[str, str]:
    """What was counted over these digests of one group; each chat's hours and days as they are."""
    digests = [one.digest for one in rows]
    by_day: Counter[str] = Counter()
    hours: Counter[int] = Counter()
    for one in digests:
        by_day.update(one.figures.by_day)
        hours.update(dict(enumerate(one.figures.hours)))
    days = sorted(by_day)
    quiet = [day for day in _between(days[0], days[-1]) if not by_day[day]] if days else []
    waited = [
        f"{_span(one)} {round(one.figures.response_minutes)} 分钟" for one in digests if one.figures.response_minutes
    ]
    repeated = [question for one in digests for question in (*one.unanswered, *one.answered) if question.repeats]
    late = [task_words(one, source) for one, source in _owed(rows) if one.status == "overdue"]
    rest = [
        task_words(one, source)
        for one, source in _owed(rows)
        if one.status != "overdue" and not _coming(one, source, week)
    ]
    counted = {
        "消息数": f"{sum(one.totals.messages for one in digests)} 条",
        "发言的成员": f"{len({row.member for one in digests for row in one.figures.member_figures})} 位",
        "没人答的提问": f"{sum(len(one.unanswered) for one in digests)} 个",
        "追问过的提问": f"{len(repeated)} 个" if repeated else "",
        "没有了结的投诉": f"{sum(one.status in OPEN for row in digests for one in row.complaints)} 起",
        "逾期的承诺": f"{len(late)} 项：{'；'.join(late[:3])}" if late else "",
        "还没兑现的承诺": f"{len(rest)} 项：{'；'.join(rest[:3])}" if rest else "",
        "首次答复的中位数": "、".join(waited),
        "消息最多的钟点": "、".join(f"{hour:02}:00–{hour:02}:59" for hour, count in hours.most_common(2) if count),
        "没有消息的日子": "、".join(f"{int(day[5:7])}月{int(day[8:])}日" for day in quiet[:7]),
    }
    return {name: value for name, value in counted.items() if value}


def _voices(sources: Sequence[Source]) -> list[str]:
    """What members asked again and complained of, then what nobody answered: their own words, no names."""
    questions = [
        (-len(one.repeats) - len(one.also), one.question, (one.message,), source)
        for source in sources
        for one in source.digest.unanswered
    ]
    complaints = [
        (-len(one.members) - 1, one.summary, one.messages, source)
        for source in sources
        for one in source.digest.complaints
        if one.status in OPEN
    ]
    rows = sorted((*complaints, *questions), key=lambda row: row[0])
    told = (
        source.telling.told(text, names, 80) if source.telling else shown(text, 80) for _, text, names, source in rows
    )
    return [text for text in dict.fromkeys(told) if text and text != book().desk.says["not_told"]][:MOST]


def _events(sources: Sequence[Source], week: tuple[date, date] | None) -> list[dict[str, str]]:
    """What was settled for an hour of the coming week, in its own words."""
    found: dict[str, str] = {}
    for source in sources:
        for one in source.digest.decisions:
            said = clock_of(source, one.messages[0])
            if week is None or said is None or source.telling is None or one.status != "in_force":
                continue
            for moment in read_moments(one.text, said):
                if moment.date and moment.time and week[0] <= moment.date <= week[1]:
                    text = source.telling.told(one.text, one.messages, 110).rstrip("。")
                    found.setdefault(text, f"{moment.date} {moment.time:%H:%M}")
    return [{"活动": text, "时间": when} for text, when in found.items()]


def _coming(one: Action, source: Source, week: tuple[date, date] | None) -> str:
    """The day of the coming week on which something falls due."""
    due = one.due.astimezone(source.telling.zone) if one.due and source.telling else one.due
    return f"{due:%Y-%m-%d %H:%M}" if week and due and week[0] <= due.date() <= week[1] else ""


def _owed(sources: Sequence[Source]) -> list[tuple[Action, Source]]:
    rows = [(one, source) for source in sources for one in source.digest.action_items]
    return [(one, source) for one, source in rows if one.status in OWED and one.basis != "duty"]


def _day(stamp: str) -> date | None:
    return date.fromisoformat(stamp[:10]) if stamp else None


def _span(digest: Digest) -> str:
    first, last = digest.totals.first[:10], digest.totals.last[:10]
    days = dict.fromkeys(f"{int(day[5:7])}/{int(day[8:])}" for day in (first, last) if day)
    return "–".join(days)


def _between(first: str, last: str) -> list[str]:
    start = date.fromisoformat(first)
    length = (date.fromisoformat(last) - start).days
    return [(start + timedelta(days=day)).isoformat() for day in range(min(length, 31) + 1)]
