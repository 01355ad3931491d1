"""Who works for the groups: names, duties and hours, from records, lists and running text."""

import re
from collections.abc import Iterator
from datetime import date

from copilot.facts.brief import Brief
from copilot.facts.hours import Hours, Window, read_hours
from copilot.facts.moments import read_moments
from copilot.records import Conflict, Origin
from copilot.tasks.weekly_plan.reading_entries import Entry
from copilot.tasks.weekly_plan.reading_events import days_in_week
from copilot.tasks.weekly_plan.reading_lexicon import Notices, is_cell, lexicon
from copilot.tasks.weekly_plan.reading_names import leading_person, listed_person
from copilot.tasks.weekly_plan.reading_prose import cut
from copilot.tasks.weekly_plan.situation import Group, Person, Said

MANY = 5  # from this many on, the same question is asked once for all


def read_people(
    entries: tuple[Entry, ...], groups: tuple[Group, ...], scopes: dict[str, str], notices: Notices
) -> tuple[tuple[Person, ...], tuple[Said, ...]]:
    """The people of the brief, each once, and what stood under their heading but names nobody.

    `scopes` gives the group's name of each scope.
    """
    people: dict[str, Person] = {}
    rest: list[Said] = []
    names = tuple(group.name for group in groups)
    for entry in entries:
        if entry.topic != "people":
            continue
        found = list(_of_entry(entry))
        if not found and people and not entry.sure:
            last = next(reversed(people.values()))
            found = [_person(last.name, entry.text, entry.origin)]
        if not found:
            heading = entry.label or ("" if entry.origin.field == "text" else entry.origin.field)
            rest.append(Said(text=f"{heading}：{entry.text}" if heading else entry.text, origin=entry.origin))
        for person in found:
            own = scopes.get(entry.scope, "")
            served = (own,) if own else _served(person, entry, names)
            person = person.model_copy(update={"groups": served})
            known = people.get(person.name)
            people[person.name] = _merged(known, person, notices) if known else person
    unknown = [person.name for person in people.values() if not person.hours.stated and not person.only]
    if not people:
        notices.ask("people", "谁来做这些事，各自什么时候有空？")
    elif len(unknown) > MANY:
        notices.ask("hours", f"{'、'.join(unknown[:MANY])}等 {len(unknown)} 人什么时候有空？")
    else:
        for name in unknown:
            spare = people[name].hours.words if people[name].hours.minutes_a_day else ""
            called = "你自己" if name == "我" else name
            notices.ask(f"hours:{name}", f"{called}{spare}，是哪个时段？" if spare else f"{called}什么时候有空？")
    return tuple(people.values()), tuple(rest)


def without_absences(
    people: tuple[Person, ...], entries: tuple[Entry, ...], week: tuple[date, date], brief: Brief
) -> tuple[Person, ...]:
    """The people without the hours of the week's days on which the brief says they are away (小周 5月18日请假)."""
    away: dict[str, set[int]] = {}
    cue = lexicon().people["away"]
    for entry in entries:
        if entry.topic in ("wish", "voices", "goal") or not cue.search(entry.text):
            continue
        for clause, _ in cut(entry.text):
            if not cue.search(clause):
                continue
            days = days_in_week(read_moments(clause, brief.now), week)
            for person in people:
                if person.name in clause or (person.name == "我" and clause.startswith("我")):
                    away.setdefault(person.name, set()).update(day.isoweekday() for day in days)
    found = []
    for person in people:
        gone = away.get(person.name)
        if gone:
            windows = tuple(window for window in person.hours.windows if window.weekday not in gone)
            person = person.model_copy(update={"hours": person.hours.model_copy(update={"windows": windows})})
        found.append(person)
    return tuple(found)


def _of_entry(entry: Entry) -> Iterator[Person]:
    """The people that one entry names."""
    if any(key and is_cell(key, "name", "duty", "hours") for key, _ in entry.cells):
        yield from _of_record(entry)
        return
    for row in entry.text.split("\n"):
        for line in _lines_of(row):
            yield from _of_line(line, entry)


def _lines_of(row: str) -> Iterator[str]:
    """The lines of a list in one line: "小王（答疑）、小李（文案）", "小王：答疑；小李：文案"."""
    for part in re.split(r"[；;。]|(?<=[）)])[、，,]\s*", row):
        pieces = re.split(r"、(?=[^、：:（(\d]{2,6}[：:（(])", part)
        yield from (piece for piece in pieces if piece.strip())


def _of_line(line: str, entry: Entry) -> Iterator[Person]:
    if entry.label and not leading_person(entry.label, sure=True)[0] and entry.label == entry.text:
        return
    if entry.label and entry.cells and _is_name(entry.label):
        yield _person(entry.label, line, entry.origin)
        return
    if entry.label and lexicon().duty.search(entry.label) and entry.cells:
        name, words = listed_person(line)
        name, words = (name, words) if name else leading_person(line, sure=True)
        if name:
            yield _person(name, f"{entry.label}，{words}" if words else entry.label, entry.origin)
            return
    name, words = listed_person(line)
    if not name:
        current: list[tuple[str, list[str]]] = []
        for clause, _ in cut(line):
            together, said = _together(clause)
            if together:
                current += [(one, [said]) for one in together]
                continue
            name, words = leading_person(clause, sure=entry.sure or bool(entry.cells))
            if name:
                current.append((name, [words]))
            elif current:
                current[-1][1].append(clause)
        for name, said_words in current:
            yield _person(name, "，".join(word for word in said_words if word), entry.origin)
        return
    for one in re.split(r"[、/&]|和|与", name):
        yield _person(one, words, entry.origin)


_TOGETHER = re.compile(
    r"^(?P<names>[\u4e00-\u9fffA-Za-z]{2,5}(?:[、和与跟][\u4e00-\u9fffA-Za-z]{2,5})+?)(?P<rest>(?:都|[两二三四五六](?:个?人|位)|轮流|一起|每|周|工作日|晚|早|负责|可用|有空).*)$"
)


def _together(clause: str) -> tuple[list[str], str]:
    """`小王、小李和小张都是工作日有空` names three people of whom one thing is said."""
    match = _TOGETHER.match(clause)
    if not match:
        return [], ""
    names = re.split(r"[、和与跟]", match["names"])
    return (names, match["rest"]) if all(leading_person(name, sure=True)[0] == name for name in names) else ([], "")


def _is_name(label: str) -> bool:
    """Whether a key is what somebody is called and not only a duty (`运营: 小鹿`)."""
    name, rest = leading_person(label, sure=True)
    titled = lexicon().duty.match(label)
    return bool(name) and not rest and not (titled and titled.end() == len(label))


def _of_record(entry: Entry) -> Iterator[Person]:
    name = entry.cell("name") or (entry.label if not is_cell(entry.label, "name", "duty", "hours") else "")
    duty, hours = entry.cell("duty"), entry.cell("hours")
    others = [f"{key}{text}" for key, text in entry.cells if not is_cell(key, "name", "duty", "hours", "group")]
    minutes = next((text for key, text in entry.cells if key.replace("_", "") in ("minutesaday", "minutesperday")), "")
    if re.fullmatch(r"\d+", minutes.strip()):
        hours = "，".join(text for key, text in entry.cells if is_cell(key, "hours") and text != minutes)
        hours = f"{hours}，每天 {minutes} 分钟" if hours else f"每天 {minutes} 分钟"
    if not name:
        name, duty = leading_person(duty, sure=True) if duty else ("", "")
    if name:
        said = "，".join([*([duty] if duty else []), *others])
        yield _person(name.strip(), said, entry.origin, hours)


def _person(name: str, words: str, origin: Origin, stated: str = "") -> Person:
    """A person from the words about them; `stated` are words that are about hours only."""
    hours = read_hours(f"{words}，{stated}" if stated and words else stated or words)
    duty = _duty(words, hours)
    keys = tuple(key for key, pattern in lexicon().duties if pattern.search(f"{name} {duty}"))
    if name == "我" and not keys:
        keys = ("operation",)
    only = bool(lexicon().people["only"].search(words))
    return Person(name=name, duty=duty, duties=keys, only=only, hours=hours, origin=origin)


_TIME_ONLY = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天末至到、和及~\-–—周星期]*|工作日|节假日|每[天晚日周]|早上?|上午|中午|午休|午间|下午|晚上?|傍晚|夜里|全天|白天|随时|平时|下班后?|上班|时间|小时|分钟"
    r"|[\d:：.～~\-–—至到点半前后起钟个多约左右]+|[一二两三四五六七八九十]+(?:点半?)?|有空|可用|有时间|能抽出?|能来|能花|在线|可以|才|都|在|只有|只能|仅|大概|之后|以后|之前|以前|的|也|和|及|与|、|\s"
)


def _duty(words: str, hours: Hours) -> str:
    """What somebody does: the words without those that only say when."""
    kept = []
    for clause, _ in cut(words.strip("；;，, "), spaces=True):
        left = clause.replace(hours.words, "") if hours.words and hours.words in clause else clause
        if _TIME_ONLY.sub("", left):
            trimmed = (
                re.sub(r"^(?:负责|主要负责|是|做|来)(?=\S{2})|[，,、\s]+$", "", left.strip("，,、 "))
                if left != clause
                else left
            )
            kept.append(re.sub(r"^(?:主要)?(?:负责|是)(?=\S)", "", trimmed.strip()))
    kept = [part.strip(" -–—/|｜") for part in kept]
    return "，".join(
        part.strip("（）()，, ") if part.count("（") != part.count("）") else part for part in kept if part
    )


def _served(person: Person, entry: Entry, names: tuple[str, ...]) -> tuple[str, ...]:
    """The groups that a person's own words name, where there are several."""
    if len(names) < 2:
        return ()
    said = entry.cell("group") or person.duty or entry.text
    whole = [name for name in names if name in said]
    short = [
        name
        for name in names
        if (tail := re.search(r"[A-Za-z\d一二三四五六七八九十]{1,3}群$", name))
        and re.search(rf"(?<![\dA-Za-z]){re.escape(tail[0].removesuffix('群'))}(?:群|[、和,，/][^群]{{0,6}}群)", said)
    ]
    return tuple(dict.fromkeys([*whole, *short]))


def _merged(known: Person, other: Person, notices: Notices) -> Person:
    """One person said twice: duties and groups together; hours that differ on one weekday are a conflict, and only
    what both allow is planned with.
    """
    duty = known.duty if other.duty in known.duty else "，".join(part for part in (known.duty, other.duty) if part)
    hours = known.hours if known.hours.stated else other.hours
    if known.hours.stated and other.hours.stated and known.hours.windows != other.hours.windows:
        hours, differ = _both(known.hours, other.hours)
        if differ:
            message = f"{known.name}的时间有两种说法：“{known.hours.words or known.origin.quote}”与“{other.hours.words or other.origin.quote}”，先只排两边都行的时间"
            notices.conflicts.append(
                Conflict(code="person-hours", message=message, origins=(known.origin, other.origin))
            )
    served = () if not known.groups or not other.groups else tuple(dict.fromkeys((*known.groups, *other.groups)))
    return known.model_copy(
        update={
            "duty": duty,
            "duties": tuple(dict.fromkeys((*known.duties, *other.duties))),
            "only": known.only or other.only,
            "hours": hours,
            "groups": served,
        }
    )


def _both(first: Hours, second: Hours) -> tuple[Hours, bool]:
    """The hours of two statements: days that only one names are added, on shared days what both allow."""
    days = {window.weekday for window in first.windows} & {window.weekday for window in second.windows}
    windows, differ = [], False
    for day in range(1, 8):
        mine = [window for window in first.windows if window.weekday == day]
        theirs = [window for window in second.windows if window.weekday == day]
        if day not in days or mine == theirs:
            windows += mine or theirs
            continue
        if all(one.end <= other.start or other.end <= one.start for one in mine for other in theirs):
            windows += sorted((*mine, *theirs), key=lambda window: window.start)  # two shifts
            continue
        differ = True
        windows += [
            Window(weekday=day, start=max(one.start, other.start), end=min(one.end, other.end))
            for one in mine
            for other in theirs
            if max(one.start, other.start) < min(one.end, other.end)
        ]
    words = "；".join(part for part in (first.words, second.words) if part)
    minutes = min((one for one in (first.minutes_a_day, second.minutes_a_day) if one is not None), default=None)
    both = first.model_copy(
        update={
            "windows": tuple(windows),
            "minutes_a_day": minutes,
            "stated": bool(windows) or not differ,
            "only_workdays": first.only_workdays or second.only_workdays,
            "vague": first.vague or second.vague,
            "words": words,
        }
    )
    return both, differ
