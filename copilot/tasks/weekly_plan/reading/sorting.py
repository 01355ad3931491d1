"""From a brief in any form to the situation a weekly plan starts from.

The fields become entries by their keys, prose by its words; each reader takes the entries on its topic. What no
reader takes is kept as a note, so that nothing of the brief is lost.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from copilot.chat.signals import suspicion
from copilot.facts.brief import Brief
from copilot.facts.prose import sentences, split_label
from copilot.records import Origin
from copilot.tasks.weekly_plan.reading.claims import check_claims
from copilot.tasks.weekly_plan.reading.conflicts import check_quiet, with_quiet
from copilot.tasks.weekly_plan.reading.entries import Entry, entries_of
from copilot.tasks.weekly_plan.reading.events import read_deadlines, read_fixed
from copilot.tasks.weekly_plan.reading.figures import read_figures, read_voices
from copilot.tasks.weekly_plan.reading.groups import read_groups
from copilot.tasks.weekly_plan.reading.lexicon import Notices, lexicon
from copilot.tasks.weekly_plan.reading.limits import bans_in, read_budget
from copilot.tasks.weekly_plan.reading.people import read_people
from copilot.tasks.weekly_plan.reading.person_hours import without_absences
from copilot.tasks.weekly_plan.reading.prose import PROSE, cut, sort_prose
from copilot.tasks.weekly_plan.reading.week import PlanWeek, read_week
from copilot.tasks.weekly_plan.situation import Deadline, Group, Said, Situation

SHORTEST_ORDER = 10
"""A text with fewer characters can't tell the assistant what to do."""

FAR = timedelta(days=60)
"""A date without a year is the nearest future one, or one at most so long ago."""


def read_situation(brief: Brief) -> Situation:
    """All that the brief says for a weekly plan, with what it lacks and what can't be true together.

    Raises `InputError` for a week that is too long to plan at once.
    """
    notices = Notices()
    entries = tuple(_sorted(brief, notices))
    week = read_week(entries, brief, notices)
    brief = _in_the_days_of(week, brief)
    groups, scopes = read_groups(entries, notices)
    groups = _with_audience(with_quiet(groups, entries, scopes), entries)
    people, unnamed = read_people(entries, groups, scopes, notices)
    people = without_absences(people, entries, week.days, brief)
    fixed, elsewhere = read_fixed(entries, week.days, brief, people, scopes, notices)
    figures, unnumbered = read_figures(entries, scopes, groups)
    money = read_budget(entries, brief, notices)
    deadlines = read_deadlines(entries, week.days, brief)
    goals, week_goals = _said(entries, "goal"), _said(entries, "week_goal")
    check_quiet(groups, fixed, people, entries, week.days, notices)
    check_claims(entries, brief, notices)
    if not goals and not week_goals:
        notices.ask("goals", "这一周最想做成什么？")
    return Situation(
        groups=groups,
        week=week.days,
        week_given=week.given,
        week_origin=week.origin,
        goals=goals,
        week_goals=week_goals,
        people=people,
        figures=figures,
        voices=read_voices(entries),
        fixed=fixed,
        deadlines=deadlines,
        assets=_said(entries, "assets"),
        constraints=_said(entries, "constraints", "quiet"),
        bans=bans_in(entries, money.yuan),
        budget=money.yuan,
        budget_words=money.words,
        wishes=_said(entries, "wish"),
        notes=(*_notes(entries, week.origin, groups, deadlines), *unnamed, *unnumbered, *elsewhere),
        missing=tuple(notices.missing),
        conflicts=tuple(notices.conflicts),
        findings=tuple(notices.findings),
    )


def _in_the_days_of(week: PlanWeek, brief: Brief) -> Brief:
    """A brief for a week far from today, as it would be read then: its "5/13" is of that year, whatever the clock says."""
    first = datetime.combine(week.days[0], brief.now.time(), brief.now.tzinfo)
    far = week.given and not brief.now_given and abs(first - brief.now) > FAR
    return brief.model_copy(update={"now": first}) if far else brief


def _sorted(brief: Brief, notices: Notices) -> Iterator[Entry]:
    """The entries of a brief, prose taken apart; orders to the assistant are told and kept as notes."""
    checked: dict[str, str | None] = {}
    harmless: set[str] = set()
    for entry in entries_of(brief.fields):
        hostile = []
        for part in _sentences(entry.text) if entry.topic in PROSE else [entry.text]:
            if part not in checked:
                checked[part] = _order_in(part, harmless) if len(part) >= SHORTEST_ORDER else None
            if why := checked[part]:
                notices.tell(
                    "warning", "injection", f"“{part}”像是在给助手下指令（{why}），没有照做", "不是你写的就删掉"
                )
                origin = entry.origin.model_copy(update={"quote": part})
                yield entry.model_copy(update={"topic": "note", "text": part.rstrip("。；; "), "origin": origin})
                hostile.append(part)
        text = entry.text
        for part in hostile:
            text = text.replace(part, "", 1)
        kept = entry.model_copy(update={"text": text}) if hostile else entry
        if text.strip():
            yield from sort_prose(kept) if entry.topic in PROSE else (kept,)


_PLAIN_DIGITS = re.compile(r"(?<![A-Za-z\d@$])\d+(?![A-Za-z\d@$])")
_DISGUISED = re.compile(r"[!-~]{16}|(?:[\da-fA-F]{2}[ :]?){8}|(?:[.\-]{1,4}[ /]){8}")
"""Long runs of letters, digits and marks may hide words: they are looked at digit by digit."""


def _order_in(text: str, harmless: set[str]) -> str | None:
    """Why a text looks like an order to the assistant. Texts that differ in their numbers only (`3栋`, `4栋`) are as
    harmless as each other, which makes many groups quick to read.
    """
    if _DISGUISED.search(text):
        return suspicion(text)
    shape = _PLAIN_DIGITS.sub(lambda match: "1" * len(match[0]), text)
    if shape in harmless:
        return None
    why = suspicion(shape)
    if why is None:
        harmless.add(shape)
        return None
    return why if shape == text else suspicion(text)


def _sentences(text: str) -> list[str]:
    return [sentence for line in text.split("\n") for sentence in sentences(line) or [line] if sentence.strip()]


_LISTED = ("assets",)


def _said(entries: tuple[Entry, ...], *topics: str) -> tuple[Said, ...]:
    """What is said on a topic, line by line; materials in a row are taken apart."""
    found = []
    for entry in entries:
        if entry.topic not in topics:
            continue
        shown = entry.label if entry.label and not _names_topic(entry) else ""
        shown = "免打扰时间" if entry.topic == "quiet" and not shown else shown
        breaks = r"[\n；;。]" if entry.topic in ("constraints", "goal", "week_goal") else r"\n"
        for line in (line.strip() for line in re.split(breaks, entry.text)):
            for part in _parts(line) if entry.topic in _LISTED else [line]:
                if part:
                    found.append(Said(text=f"{shown}：{part}" if shown else part, origin=entry.origin))
    return tuple(found)


def _names_topic(entry: Entry) -> bool:
    """Whether an entry's heading only says its topic."""
    from copilot.tasks.weekly_plan.reading.lexicon import topic_of

    return topic_of(entry.label) == entry.topic or not entry.sure


def _parts(line: str) -> list[str]:
    return [part.strip() for clause, _ in cut(line) for part in re.split(r"、(?![^（(]*[）)])", clause)]


def _with_audience(groups: tuple[Group, ...], entries: tuple[Entry, ...]) -> tuple[Group, ...]:
    """The groups with what a constraint says about who is in them (成员以上班族为主)."""
    told = [entry.text for entry in entries if entry.topic == "constraints" and lexicon().audience.search(entry.text)]
    if not told:
        return groups
    return tuple(
        group if group.audience else group.model_copy(update={"audience": "，".join(told)}) for group in groups
    )


_TAKEN = frozenset(
    ("group", "group_words", "group_type", "members", "platform", "audience", "stage", "people", "figures")
) | frozenset(("voices", "constraints", "quiet", "assets", "budget", "fixed", "wish", "goal", "week_goal"))


def _notes(
    entries: tuple[Entry, ...], week: Origin | None, groups: tuple[Group, ...], deadlines: tuple[Deadline, ...]
) -> tuple[Said, ...]:
    """What no reader took, under its own name; headings on a group that no group kept are among it."""
    kept = " ".join(group.origin.quote for group in groups)
    planned = {deadline.text for deadline in deadlines}
    found = []
    for entry in entries:
        about_group = entry.topic in (
            "group",
            "group_words",
            "group_type",
            "members",
            "platform",
            "audience",
            "stage",
            "quiet",
        )
        if entry.topic in _TAKEN and not (about_group and entry.origin.quote not in kept):
            continue
        if entry.topic in ("deadline", "same_people") and (entry.origin.quote in kept or entry.text in planned):
            continue
        if week and entry.topic in ("week", "week_start", "week_end") and entry.text in week.quote:
            continue
        plain = entry.label and not split_label(entry.text)[0] and entry.label != entry.text
        found.append(Said(text=f"{entry.label}：{entry.text}" if plain else entry.text, origin=entry.origin))
    return tuple(found)
