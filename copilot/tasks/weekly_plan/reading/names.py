"""Who a text about the team's people begins with: a name, then what they do or when they can."""

import re

from copilot.facts.names import read_names
from copilot.tasks.weekly_plan.reading.lexicon import first_of, lexicon

_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z·•.\d]{1,12}")
_LISTED = re.compile(
    r"^\s*(?P<name>[^：:，,。；;（(）)|｜/]{1,14}?)\s*(?P<mark>[：:|｜/（(]|\s[-–—]\s?|[-–—]{1,2}(?=[\u4e00-\u9fff])|[，,](?=\S)|\s+(?=\S))\s*(?P<rest>.+)$"
)
AND = re.compile(r"[、/&+＋]|和|与|跟")
"""What stands between the names of people of whom one thing is said."""
_TITLE_FIRST = re.compile(r"^[\u4e00-\u9fff]{2,5}\s*[：:]")
_DUTY_FIRST = re.compile(
    r"^(?P<duty>[\u4e00-\u9fff]{2,5}?)(?:是|由|归|[：:])\s*(?P<name>[\u4e00-\u9fff]{2,4}|[A-Z][A-Za-z]{1,11})(?=$|[，,（(\s]|来|负责|做)"
)


def leading_person(text: str, *, sure: bool) -> tuple[str, str]:
    """(name, the rest) where a clause begins with somebody at work; ("", text) otherwise.

    `sure`: the text stands under a heading for people. In running text the words after the name must say when or
    what somebody works.
    """
    words = lexicon().people
    led = words["before"].match(text)
    plain = (text[led.end() :] if led else text).strip()
    sure = sure or bool(led and words["hands"].search(led[0]))
    if own := words["self"].match(plain):
        rest = plain[own.end() :]
        named = words["self_named"].match(rest) or _SELF_AND_NAME.match(rest)
        if named and is_called(named["name"]):
            return named["name"], rest[named.end() :].lstrip("，,、：:；;）)（( ").rstrip("）)")
        works = words["available"].match(rest) or re.match(
            r"[（(]|每|只|周|早|晚|平时|白天|下班|工作日|一天|管|负责|\d", rest
        )
        return ("我", rest) if works or (sure and not rest) or words["alone"].match(text) else ("", text)
    if first := _DUTY_FIRST.match(plain):
        titled = lexicon().duty.search(first["duty"])
        if titled and _plausible(first["name"]):
            return first["name"], first["duty"] + plain[first.end("name") :]
    for start in _ends(plain):
        name, rest = plain[:start].rstrip("的是"), plain[start:]
        if not _plausible(name):
            return "", text
        if sure or _works(name, rest):
            return name, rest
        return "", text
    return ("", text) if not sure or not _plausible(plain) or len(plain) > 6 else (plain, "")


_SELF_AND_NAME = re.compile(r"(?P<name>[^，,、：:；;）)（(\s]{2,4})(?=[（(])")  # 我阿蔓（运营，…）
_NICK = re.compile(
    r"阿[\u4e00-\u9fff]|[小老](?![区组时群板师人客课班店铺程学家队户])[\u4e00-\u9fff]|[\u4e00-\u9fff]{2,4}[·・][\u4e00-\u9fff]{1,4}"
)


def is_called(name: str) -> bool:
    """Whether some words, all of them, are what somebody goes by: a name people have, or a title with a little behind it
    (团长老周).
    """
    name = name.strip().lstrip("@")
    titled = lexicon().duty.match(name)
    if not _plausible(name) or (titled and titled.end() == len(name)):
        return False
    certain = any(span.certain and span.end == len(name) for span in read_names(name))
    return certain or bool(_NICK.fullmatch(name) or (titled and len(name) - titled.end() <= 3))


def listed_person(text: str) -> tuple[str, str]:
    """(name, the rest) of a list's line: `小苏：营养师，周二午休`, `阿哲（答疑，每晚）`; ("", text) for others."""
    text = text.lstrip("@ ")
    words = lexicon().people
    if (led := _DUTY_BEFORE.match(text)) and is_called(led["name"]):
        return led["name"], f"{led['duty'].strip()}，{led['rest'].rstrip('）)')}"
    plain = words["before"].sub("", text)
    if words["self"].match(plain):
        return "", text
    match = _LISTED.match(plain)
    called = (
        re.match(r"[^，,（(\s]{2,4}(?=[，,（(\s]|$)", match["rest"]) if match and _TITLE_FIRST.match(plain) else None
    )
    if match and called and lexicon().duty.fullmatch(match["name"]) and is_called(called[0]):  # 管家：小蔺，每天 9:00
        said = match["rest"][called.end() :].lstrip("，,（( ").rstrip("）)")
        return called[0], f"{match['name']}，{said}".rstrip("，")
    if (
        match
        and not re.match(r"[+＋&、]", match["rest"])
        and all(_plausible(name, longest=8) for name in AND.split(match["name"]))
    ):
        rest = re.sub(r"[）)]\s*[：:，,]\s*", "，", match["rest"].strip()).rstrip("）)")
        if words["available"].search(rest) or lexicon().duty.search(match["name"] + rest) or _timed(rest):
            name, said = leading_person(match["name"], sure=True)
            if name and said and match["mark"] in "，,":
                return name, f"{said}，{rest}"
            parted = words["managing"].match(match["name"])
            if parted and _plausible(parted["name"]):
                return parted["name"], f"{parted['rest']}，{rest}"
            return match["name"].strip(), rest
    return "", text


_DUTY_BEFORE = re.compile(
    r"^(?P<duty>(?:[^\s，,。；;：:（(]{2,10}\s+){1,3})(?P<name>[^\s，,：:（(]{2,4})\s*[（(](?P<rest>.+)$"
)
"""社区健身 区域运营 小乔（每天…）: a place or a duty before the name."""


def person_row(row: str) -> bool:
    """Whether a line of prose is about one person as a list's line is: `派单员小郭 早9点到晚6点`."""
    name, _ = listed_person(row)
    if not name or first_of(lexicon().prose, row) in ("fixed", "wish", "voices", "request"):
        return False
    return any(span.certain and span.end == len(name) for span in read_names(name))


def _ends(text: str) -> list[int]:
    """Where a name at the start of a text may end: before the first word that says when or what."""
    latin = re.match(r"[A-Za-z]{2,14}(?=[^A-Za-z]|$)", text)
    if latin:
        return [latin.end()]
    for span in read_names(text[:12]):
        if span.start == 0 and span.certain and span.kind in ("full", "title") and span.end < len(text):
            return [span.end]
    title = lexicon().duty.match(text)
    shortest = (title.end() + 1) if title and title.end() < len(text) else 2
    after = [match.start() for match in lexicon().people["after"].finditer(text) if match.start() >= shortest]
    duty = [match.start() for match in lexicon().duty.finditer(text, shortest)]
    places = sorted({*after[:1], *duty[:1]})
    return places[:1]


def _plausible(name: str, *, longest: int = 7) -> bool:
    """Whether a stretch can be what the team calls somebody."""
    name = name.strip()
    length = len(re.sub(r"[A-Za-z]+", "名", name))
    if not _NAME.fullmatch(name) or len(name) > 14 or length > longest or name.isdigit():
        return False
    if name != "我" and len(name) < 2:
        return False
    titled = lexicon().duty.match(name)
    for word in lexicon().not_people:
        if name == word or (name.startswith(word) and not (titled and titled.start() == 0)):
            return False
    if re.match(
        r"[早午中晚夜]\S?\d|[只仅不没每能有人]|[去今前明]年|[上下这那][次回]|管(?![家理])|(?i:weekday|weekend|mon|tues|wednes|thurs|fri|satur|sun|every|evening|morning|daily)|负责|可以",
        name,
    ):
        return False
    return not re.search(
        r"早上|中午|午休|下午|晚上|上午|周末|每[天日晚早周]|有空|可用|负责|[\d一二两三四五六七八九十]+[个位名人条点元天周月日号份]|周[一二三四五六日末]|预算|目标|不[能要得许]|老板|计划|群$",
        name,
    )


def _works(name: str, rest: str) -> bool:
    """Whether running text goes on as one does about a person at work."""
    if not lexicon().people["available"].match(rest.lstrip("（(：: ")):
        named = any(span.start == 0 or span.end == len(name) for span in read_names(name) if span.certain)
        titled = bool(lexicon().duty.match(name)) and len(name) > 2
        timed = _timed(rest) and bool(lexicon().people["available"].search(rest) or lexicon().duty.search(rest))
        says = _OPENS_WITH_TIME.match(rest) or lexicon().duty.match(re.sub(r"^[是做当]", "", rest))
        return ((named or titled) and bool(timed or says)) or (len(name) <= 3 and timed)
    return len(name) <= 6


_OPENS_WITH_TIME = re.compile(
    r"每[天晚日周]|周[一二三四五六日末]|工作日|早上|上午|中午|午休|下午|晚上|平时|全天|\d{1,2}\s*[:：点]"
)


def _timed(text: str) -> bool:
    return bool(
        re.search(
            r"\d{1,2}\s*[:：点]|周[一二三四五六日天末]|工作日|每[天晚日周]|早上|中午|午休|下午|晚上|上午|全天|白天|[\d一二两三]\s*小时|(?i:weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|evenings?|mornings?|afternoons?|\d\s*[ap]m)",
            text,
        )
    )
