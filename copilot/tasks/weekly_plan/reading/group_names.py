"""What groups go by in a text: which of them it names, how many it speaks of, which have largely the same members."""

import re
from collections import Counter
from functools import lru_cache

from copilot.facts.numerals import parse_number
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.lexicon import Notices, lexicon
from copilot.tasks.weekly_plan.situation import Group

MANY = 5
COUNTED = re.compile(r"((?:[2-9]|[1-9]\d+|[二两三四五六七八九十]+)\s*个[\u4e00-\u9fff]{0,6}群)")


PLATFORM_ONLY = re.compile(
    r"(?:企业?微信?|微信|QQ|Q|飞书|钉钉|Telegram|TG|Discord|Slack|WhatsApp|企微|线上|聊天)\s*群?", re.IGNORECASE
)
"""What only says where people talk names no group."""


def check_count(listed: list[str], entries: tuple[Entry, ...], notices: Notices) -> None:
    """Tell where the brief speaks of more or fewer groups than it lists."""
    if not listed or (len(listed) == 1 and COUNTED.fullmatch(listed[0])):
        return
    for entry in entries:
        if entry.topic in ("voices", "figures", "same_people", "wish"):
            continue
        key = _COUNT_KEY.search(entry.label or entry.origin.field)
        match = re.fullmatch(r"\s*(\d+|[一二两三四五六七八九十]+)\s*个?\s*", entry.text) if key else None
        said = entry.text if entry.label in entry.text else f"{entry.label}：{entry.text}"
        match = match or _TOTAL.search(entry.text) or _TOTAL.search(said)
        number = int(parse_number(match[1]) or 0) if match else 0
        if match and number > 1 and number != len(listed):
            shown = "、".join(listed[:MANY]) + ("等" if len(listed) > MANY else "")
            quote = said if key else match[0].strip()
            only = "只" if number > len(listed) else ""
            message = f"“{quote}”，但{only}写出了 {len(listed)} 个群（{shown}），先按写出的排"
            notices.tell("warning", "groups-count", message, "补上没写的群，或改正群的个数")
            return


_COUNT_KEY = re.compile(
    r"群(?:的)?(?:数量?|个数|总数)$|(?:number|count)_?of_?groups|groups?_?(?:count|number|total)", re.IGNORECASE
)
_TOTAL = re.compile(
    r"(?:(?:一共|总共|共|合计|手[上头里下](?:有|管)?|名下|我们?有|我(?:一个人|自己|们)?(?:要|得|同时)?|一个人(?:要|得|同时)?|管(?:着|理)?|运营(?:着)?|负责|带(?:着)?|维护(?:着)?|照看)\s*(?:有|了|着)?|^)\s*"
    r"([2-9]|[1-9]\d+|[二两三四五六七八九十]+)\s*个(?!人|月)[\u4e00-\u9fff]{0,6}?群(?!友|主|规|聊|内|里|成员|的人|同时|一起打卡)"
)


def groups_named(text: str, names: tuple[str, ...]) -> list[str]:
    """Which of several groups a text names, by their whole names or by a short one that only one of them goes by."""
    return [name for name, calls in _calls(names) if any(alias in text and _mentions(text, alias) for alias in calls)]


@lru_cache(maxsize=32)
def _calls(names: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each group with the names that are its own."""
    counts = Counter(alias for name in set(names) for alias in aliases(name))
    return tuple(
        (name, tuple(alias for alias in aliases(name) if alias == name or counts[alias] == 1))
        for name in dict.fromkeys(names)
        if name
    )


def aliases(name: str) -> tuple[str, ...]:
    """The names a group goes by: the whole one, and its end (`2群`, `会员群`)."""
    head = re.match(r"[\u4e00-\u9fff]{2}(?=[\u4e00-\u9fff]{1,6}群$)", name)
    tail = re.search(r"(?:[A-Za-z\d一二三四五六七八九十]{1,3}|[\u4e00-\u9fff]{2})群$", name)
    own = re.search(r"(?<=[·・])[^·・]{2,}群$", name)
    found = [name, *([tail[0]] if tail else []), *([f"{head[0]}群"] if head else []), *([own[0]] if own else [])]
    return tuple(dict.fromkeys(found))


def with_same_people(
    groups: tuple[Group, ...], entries: tuple[Entry, ...], scopes: dict[str, str]
) -> tuple[Group, ...]:
    """The groups, each with those that the brief says hold largely the same people."""
    pairs: dict[str, list[str]] = {}
    known = [(alias, name) for name, calls in _calls(tuple(group.name for group in groups)) for alias in calls]
    for entry in entries:
        own = scopes.get(entry.scope, groups[0].name if len(groups) == 1 else "")
        if not _overlapping(entry.text, told=entry.topic == "same_people" and entry.sure):
            continue
        text = entry.text
        named = list(dict.fromkeys(name for alias, name in known if _mentions(text, alias)))
        others = [
            one
            for one in re.findall(r"(?:和|与|跟|也在|同时在)([^，,。、和与跟]{1,16}群)", text)
            if not any(_mentions(one, alias) for alias, _ in known)
        ]
        if entry.topic == "same_people" and entry.sure and not named and not others and "群" in text:
            others = [one.strip() for one in re.split(r"[、,，;；]", text) if one.strip()]
        if not named and not others and re.search(r"[两二三2-9几各]个?群|彼此|互相", text):
            named = [group.name for group in groups]
        together = list(dict.fromkeys([*([own] if own else []), *named, *others]))
        for name in together if len(together) > 1 else ():
            pairs.setdefault(name, []).extend(one for one in together if one != name)
    if not pairs:
        return groups
    return tuple(
        group.model_copy(update={"same_people_as": tuple(dict.fromkeys(pairs.get(group.name, ())))}) for group in groups
    )


def _mentions(text: str, alias: str) -> bool:
    number = r"(?!\d{1,2}(?!\d|\s*[多来]?[人位名户个条]))"  # 会员群 is not in 会员群2
    return bool(re.search(rf"(?<![A-Za-z\d]){re.escape(alias)}{number}", text))


def _overlapping(text: str, *, told: bool) -> bool:
    """Whether words say that groups have largely the same members; a small stated share says they have not.

    `told`: they stand under a heading that says so.
    """
    words = lexicon()
    if words.no_overlap.search(text):
        return False
    if not told and not (words.overlap.search(text) and ("群" in text or "成员" in text)):
        return False
    share = re.search(r"(\d{1,3})\s*%|([一二两三四五六七八九])成", text)
    if not share:
        return True
    percent = int(share[1]) if share[1] else int(parse_number(share[2]) or 0) * 10
    return percent >= words.overlap_share
