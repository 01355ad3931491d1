"""What stands under a key that no list knows, by its shape: people with their hours or duties, groups, or dated events."""

import re
from collections.abc import Iterable
from itertools import islice

from copilot.facts.hours import read_hours
from copilot.facts.intake import Field
from copilot.tasks.weekly_plan.reading.lexicon import is_cell, lexicon, topic_of
from copilot.tasks.weekly_plan.reading.names import is_called, listed_person

ENOUGH = 20  # so many items of a list tell its shape
SEGMENT = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
"""One step of a field's path: a place in a list, or a key."""

Cells = list[tuple[str, str]]


def shapes_of(fields: Iterable[Field]) -> dict[str, str]:
    """The topic (people, group, fixed) of each unlisted key, by its path, whose items mostly have that shape."""
    places: dict[str, dict[str, tuple[str, Cells]]] = {}
    ruled_out: set[str] = set()
    found: dict[str, str] = {}
    for field in fields:
        steps = list(SEGMENT.finditer(field.path))
        keys = [step[2] or "" for step in steps]
        if len(keys) == 1 and not topic_of(keys[0], field.text):
            if _all_people(field.text):
                found[field.path] = "people"
            elif _GROUP.search(field.text) and not _ELSEWHERE.search(f"{keys[0]}{field.text}"):
                found[field.path] = "group"
        for place, key in enumerate(keys[:-1]):
            if key and topic_of(key, field.text):
                break
            below = keys[place + 1]
            if not key:
                continue
            path = field.path[: steps[place].end()]
            if below and topic_of(below, field.text):
                ruled_out.add(path)
                continue
            inner = [one for one in keys[place + 2 :] if one]
            _, cells = places.setdefault(path, {}).setdefault(field.path[: steps[place + 1].end()], (below, []))
            cells.append((inner[-1] if inner else "", field.text.strip()))
    for path, items in places.items():
        told = [_shape(label, cells) for label, cells in islice(items.values(), ENOUGH)]
        shape = max(dict.fromkeys(told), key=told.count)
        if shape and path not in ruled_out and told.count(shape) * 2 >= len(told):
            found[path] = shape
    return found


def _shape(label: str, cells: Cells) -> str:
    """What one item of a list or mapping is; "" where its shape does not tell."""
    words = [text for _, text in cells]
    if _GROUP.search(_name(label, cells) or words[0]):
        return "group"
    if _is_person(label, cells):
        return "people"
    return "fixed" if _is_event(label, cells) else ""


_GROUP = re.compile(r"^[^，,。；;：:\n]{1,28}群(?:\s?[\dA-Za-z]{1,2})?(?:\s*[（(][^（()）]{1,8}[）)])?$")


_ELSEWHERE = re.compile(r"竞|对手|隔壁|来源|别[人家的]|其他|友商")


def _name(label: str, cells: Cells) -> str:
    return next((text for key, text in cells if key and is_cell(key, "name")), label)


def _is_person(label: str, cells: Cells) -> bool:
    """Whether an item has somebody's name beside hours or a duty."""
    if len(cells) == 1 and not label and not cells[0][0]:
        name, rest = listed_person(cells[0][1])
        return is_called(name) and _works(rest)
    if not label and not any(key for key, _ in cells):  # [name, duty, hours]
        return is_called(cells[0][1]) and any(_works(text) for _, text in cells[1:])
    name = _name(label, cells)
    if not name or any(
        key and is_cell(key, "what", "when") and not is_cell(key, "name", "hours", "duty") for key, _ in cells
    ):
        return False
    others = [(key, text) for key, text in cells if text != name]
    stated = any(key and is_cell(key, "duty", "hours") for key, _ in others)
    sure = any(_PERSON_KEY.fullmatch(key) for key, text in cells if text == name)
    return (sure or is_called(name)) and (stated or any(_works(text) for _, text in others))


_PERSON_KEY = re.compile(r"(?i:who|person|nick(?:name)?|handle|github|login)|谁|姓名|昵称|花名|称呼|人")


def _all_people(text: str) -> bool:
    """Whether a text is a list of people (阿宁（答疑，每晚），小卓（文案）) and nothing else."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part.strip()]
    return len(text) <= LONGEST and bool(parts) and all(_is_person("", [("", part)]) for part in parts)


LONGEST = 400
_BETWEEN = re.compile(r"[；;。\n]|(?<=[）)])\s*(?:[、，,]|和|与)\s*(?=\S)")


def _works(words: str) -> bool:
    hours = read_hours(words)
    return bool(hours.stated or hours.minutes_a_day or hours.minutes_a_week or lexicon().duty.search(words))


_TIMES = re.compile(
    r"\d{1,2}\s*[月/.-]\s*\d{1,2}[日号]?|\d{1,2}[日号]|(?:每|本|这|下)?(?:周|星期|礼拜)[一二三四五六日天末]|每[天晚日]|\d{1,2}[:：]\d{2}|\d{1,2}点半?"
)


def _is_event(label: str, cells: Cells) -> bool:
    """Whether an item is a name with little but a time behind it (停电检修: 7/1 06:00-12:00)."""
    if not label or len(cells) > 1 or not _TIMES.search(cells[0][1]):
        return False
    left = re.sub(r"[\s（）()\d:：~～,，、\-–—到至晚早上下午中全天起]", "", _TIMES.sub("", cells[0][1]))
    return len(left) <= SMALL and not re.search(r"[元块¥￥%]|截止|[之以]?前$", cells[0][1])


SMALL = 3
"""So many characters beside a time say no more than where or how."""
