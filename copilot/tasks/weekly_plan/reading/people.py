"""Who works for the groups: names, duties and hours, from records, lists and running text."""

import re
from collections.abc import Iterator

from copilot.facts.hours import Hours, read_hours
from copilot.records import Origin
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.lexicon import Notices, is_cell, lexicon
from copilot.tasks.weekly_plan.reading.names import AND, leading_person, listed_person
from copilot.tasks.weekly_plan.reading.person_hours import merged, share_out
from copilot.tasks.weekly_plan.reading.prose import cut
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
    shared: list[tuple[Entry, Hours]] = []
    names = tuple(group.name for group in groups)
    for entry in entries:
        if entry.topic != "people":
            continue
        if entry.sure and (hours := _hours_only(entry)):
            shared.append((entry, hours))
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
            people[person.name] = merged(known, person, notices) if known else person
    rest += share_out(shared, people)
    _join_self(people)
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


_ALONE = re.compile(r"一个人|自己(?!人)|独自|一人")


def _join_self(people: dict[str, Person]) -> None:
    """Who is named as working alone is the one who says "I" elsewhere without saying when."""
    me = people.get("我")
    alone = [one for one in people.values() if one.name != "我" and _ALONE.search(one.origin.quote)]
    if me and not me.hours.stated and len(people) == 2 and alone:
        quote = f"{alone[0].origin.quote}；{me.origin.quote}"
        origin = alone[0].origin.model_copy(update={"quote": quote})
        duty = "，".join(part for part in (alone[0].duty, me.duty) if part)
        people[alone[0].name] = alone[0].model_copy(update={"origin": origin, "duty": duty})
        del people["我"]


def _hours_only(entry: Entry) -> Hours | None:
    """The hours of an entry that says only when: a field beside that of the people (`operator` and `hours`)."""
    if len(entry.cells) > 1 or (entry.label and _is_name(entry.label)):
        return None
    hours = read_hours(entry.text)
    if not (hours.stated or hours.minutes_a_day or hours.minutes_a_week) or listed_person(entry.text)[0]:
        return None
    left = _TIME_ONLY.sub("", _TIME_ENGLISH.sub("", entry.text))
    return hours if not re.search(r"[\u4e00-\u9fffA-Za-z]", left) else None


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
    for part in re.split(r"[；;。]", row):
        pieces = _PIECES.split(part)
        whole = ""
        for piece in pieces:
            if whole and not (listed_person(piece)[0] or leading_person(piece, sure=True)[0]):
                whole = f"{whole}，{piece}"
                continue
            if whole.strip():
                yield whole
            whole = piece
        if whole.strip():
            yield whole


_PIECES = re.compile(
    r"(?<=[）)])\s*(?:[、，,]|和|与|跟|以及|还有|[+＋&]|\band\b)\s*(?=\S)|、(?=[^、：:（(\d]{2,6}[：:（(])"
)


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
            together, said = _together(clause, sure=entry.sure)
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
    for one in AND.split(name):
        yield _person(one, words, entry.origin)


_TOGETHER = re.compile(
    r"^(?P<names>(?:我|[\u4e00-\u9fffA-Za-z]{2,5})(?:\s*[、和与跟+＋&]\s*(?:我|[\u4e00-\u9fffA-Za-z]{2,5}))+?)(?P<rest>(?:都|[两二三四五六](?:个?人|位)|轮流|一起|每|周|工作日|晚|早|负责|可用|有空|$).*)$"
)


def _together(clause: str, *, sure: bool) -> tuple[list[str], str]:
    """`小王、小李和小张都是工作日有空` names three people of whom one thing is said; `sure`: names alone are enough."""
    led = lexicon().people["before"].match(clause)
    match = _TOGETHER.match(clause[led.end() :] if led else clause)
    if not match or not (sure or led or match["rest"]):
        return [], ""
    names = re.split(r"\s*[、和与跟+＋&]\s*", match["names"])
    return (names, match["rest"]) if all(leading_person(name, sure=True)[0] == name for name in names) else ([], "")


def _is_name(label: str) -> bool:
    """Whether a key is what somebody is called and not only a duty (`运营: 小鹿`)."""
    name, rest = leading_person(label, sure=True)
    titled = lexicon().duty.match(label)
    return bool(name) and not rest and not (titled and titled.end() == len(label))


def _of_record(entry: Entry) -> Iterator[Person]:
    name = entry.cell("name") or (entry.label if not is_cell(entry.label, "name", "duty", "hours") else "")
    duty, hours = entry.cell("duty"), entry.cell("hours")
    others = []
    for key, text in entry.cells:
        if text == name or is_cell(key, "name", "duty", "hours", "group"):
            continue
        if _tells_when(text):
            hours = f"{hours}，{text}" if hours else text
        elif not duty:
            duty = text
        else:
            others.append(f"{key}{text}")
    minutes = next((text for key, text in entry.cells if key.replace("_", "") in ("minutesaday", "minutesperday")), "")
    if re.fullmatch(r"\d+", minutes.strip()):
        hours = "，".join(text for key, text in entry.cells if is_cell(key, "hours") and text != minutes)
        hours = f"{hours}，每天 {minutes} 分钟" if hours else f"每天 {minutes} 分钟"
    if hours and not _tells_when(hours):  # 不定，别排日常
        others, hours = [*others, hours], ""
    if not name:
        name, duty = leading_person(duty, sure=True) if duty else ("", "")
    if name:
        said = "，".join([*([duty] if duty else []), *others])
        yield _person(name.strip(), said, entry.origin, hours)


def _tells_when(text: str) -> bool:
    hours = read_hours(text)
    return bool(hours.stated or hours.minutes_a_day or hours.minutes_a_week)


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
    r"|[\d:：.～~\-–—至到点半前后起钟个多约左右]+|[一二两三四五六七八九十]+(?:个人?|人|点半?)?|自己|独自|都是|各自?|最多|至多|不超过|/\s*[天日周]|/|有空|可用|有时间|能抽出?|能来|能花|在线|可以|才|都|在|只有|只能|仅|大概|之后|以后|之前|以前|的|也|和|及|与|、|\s"
)


_TIME_ENGLISH = re.compile(
    r"\b(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun|week|every|to)?(?:days?|ends?)?|mornings?|noons?|afternoons?|evenings?|nights?|hours?|hrs?|h|minutes?|mins?|[ap]m|and|to|from|until|only|after|before|daily|per|an?|each)\b",
    re.IGNORECASE,
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
    kept = [re.sub(r"[（(]\s*[）)]", "", part) for part in kept]
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
