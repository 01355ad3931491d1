"""A second reading of a draft, by patterns of its own: what the product's readers overlook, this one does not share.

A claim is a date, a clock time, an amount, any other number, an address, a person with a title, a place or a body by what it
is called, a 《title》, a Latin word, or a word that promises a way in or a gift. Each has a plain form that different spellings
share. What is invented without any of these is in none: `own_words` are for a reader.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

_PLACEHOLDER = re.compile(r"【待(?:补充|核实)[:：][^】]*】")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_NUMBER = "[零〇一二两三四五六七八九十百]+"
_UNITS = {
    "元块": "元",
    "天": "天",
    "小时": "小时",
    "分钟": "分钟",
    "折": "折",
    "%": "%",
    "名位人户家": "人",
    "个月": "个月",
}
_UNIT = "小时|分钟|个月|[元块天折%名位人户家]"
_HAN_AMOUNT = re.compile(rf"(?<![第几十百零一二两三四五六七八九])({_HAN_NUMBER})(?=个?(?:{_UNIT}|[点月日号]))")
_ISO = re.compile(r"(?<!\d)(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)[日号]?")
_DATE = re.compile(r"(?<![\d:])(\d{1,2})(?:月|/)(\d{1,2})(?!\d)[日号]?")
_SHORT = re.compile(r"(?<![\d:.-])(\d{2})-(\d{2})(?![\d:.-])")
_RANGE = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]?(?:[^\d月]{0,6}?)(?:至|到|-|–|—|~)(\d{1,2})[日号]")
_DAYS = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})\D{1,9}?(?:至|到|~|-|–)\s*(20\d\d)-(\d{1,2})-(\d{1,2})")
_WEEKDAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]\(?(?:周|星期|礼拜)([一二三四五六日天])")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")
_OCLOCK = re.compile(r"(?<!\d)(\d{1,2})点(半|整|\d{1,2}分?)?")
_AMOUNT = re.compile(rf"(\d+(?:\.\d+)?)(万|千|百)?个?({_UNIT})")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ADDRESS = re.compile(
    r"https?://[^\s一-鿿]+|www\.[^\s一-鿿]+|[\w.-]+\.(?:com|cn|net|org|top|io|shop)\b[^\s一-鿿]*", re.ASCII
)
_MENTION = re.compile(r"@([\w·-]+)")
_TITLE = "老师|医生|经理|教练|主任|店长|助教|师傅|女士|先生|总监|律师|教授|博士"
_PERSON = re.compile(rf"([一-鿿]{{1,3}})({_TITLE})")
_PLACE = re.compile(
    r"([一-鿿A-Z0-9]{1,4})(医院|大学|学院|公司|银行|大厦|会议室|广场|公园|酒店|餐厅|门店|校区|小区|供应商|总部|楼|座|路|街)"
)
_BOOK = re.compile(r"《[^》]+》")
_LATIN = re.compile(r"[A-Za-z][A-Za-z]+")
_WORDS = re.compile(
    "二维码|扫码|小程序|公众号|会议号|微信号|客服电话|抽奖|红包|优惠券|折扣|全额退款|赔偿|补偿|包邮|赠送|礼品|赠品|"
    "名额有限|先到先得|限时|仅剩|报销|终身|永久|百分之百|国家级|获奖|认证"
)
_MULTIPLES = {"": 1, "百": 100, "千": 1000, "万": 10000}


class Claim(NamedTuple):
    """What a text says, in its plain form, and the words it says it in."""

    kind: str
    value: str
    words: str


def claims(text: str) -> list[Claim]:
    """All claims of a text; what stands in a placeholder is a question and none."""
    rest = _plain(text)
    found: list[Claim] = []
    for kind, pattern, spell in _READINGS:
        for match in pattern.finditer(rest):
            found += [Claim(kind, value, match[0]) for value in spell(match)]
        if kind in ("address", "date", "time", "amount"):
            rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    return found


def unbacked(text: str, *sources: str) -> list[str]:
    """The claims of a text that stand in none of the sources, and weekdays that are not those of their dates."""
    known = "\n".join(sources)
    said = {(claim.kind, claim.value) for claim in claims(known)} | {("date", day) for day in _days_between(known)}
    numbers = {f"{float(number):g}" for number in _NUMBER.findall(_plain(known))}
    flat = re.sub(r"\s", "", _plain(known)).lower()
    wrong = []
    for claim in claims(text):
        if claim.kind in ("date", "time", "amount", "address"):
            good = (claim.kind, claim.value) in said
        elif claim.kind == "number":
            good = claim.value in numbers
        elif claim.kind in ("person", "place"):
            name, title = claim.value.split("|")
            good = any(f"{name[start:]}{title}" in flat for start in range(len(name)))
        else:
            good = claim.value in flat
        if not good:
            wrong.append(f"{claim.kind}: {claim.words}")
    return list(dict.fromkeys([*wrong, *_wrong_weekdays(text, known)]))


def own_words(text: str, *sources: str) -> list[str]:
    """The clauses of a text that share less than half of their pairs of characters with the sources."""
    known = _pairs("\n".join(sources))
    clauses = [one.strip() for one in re.split(r"[，。！？；：:\n·]", _PLACEHOLDER.sub("", text))]
    return [one for one in clauses if len(one) > 4 and len(_pairs(one) & known) * 2 < len(_pairs(one))]


def _pairs(text: str) -> set[str]:
    flat = re.sub(r"\W", "", text)
    return {flat[at : at + 2] for at in range(len(flat) - 1)}


def _plain(text: str) -> str:
    text = _PLACEHOLDER.sub(" ", unicodedata.normalize("NFKC", text))
    text = _HAN_AMOUNT.sub(lambda match: str(_number(match[1])), text)
    return re.sub(rf"(?<=\d)\s+(?=(?:个?(?:{_UNIT})|[点月日号:]))|(?<=[月:])\s+(?=\d)", "", text)


def _number(words: str) -> int:
    total = current = 0
    for char in words:
        if char in ("十", "百"):
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            current = current * 10 + _DIGITS[char] if char not in "零〇" else current
    return total + current


def _iso(match: re.Match[str]) -> list[str]:
    return [f"{int(match[2])}-{int(match[3])}"]


def _month_and_days(match: re.Match[str]) -> list[str]:
    return [f"{int(match[1])}-{int(day)}" for day in match.groups()[1:]]


def _clock(match: re.Match[str]) -> list[str]:
    return [f"{int(match[1]) % 12}:{int(match[2])}"]


def _oclock(match: re.Match[str]) -> list[str]:
    past = {None: 0, "半": 30, "整": 0}.get(match[2])
    return [f"{int(match[1]) % 12}:{int(match[2].rstrip('分')) if past is None else past}"]


def _amount(match: re.Match[str]) -> list[str]:
    unit = next(name for spellings, name in _UNITS.items() if match[3] == spellings or match[3] in spellings)
    return [f"{float(match[1]) * _MULTIPLES[match[2] or '']:g}{unit}"]


def _named(match: re.Match[str]) -> list[str]:
    return [f"{match[1].lower()}|{match[2]}"]


_READINGS = (
    ("address", _ADDRESS, lambda match: [match[0].lower().rstrip("。.,;)")]),
    ("date", _ISO, _iso),
    ("date", _SHORT, _month_and_days),
    ("date", _RANGE, _month_and_days),
    ("date", _DATE, _month_and_days),
    ("time", _CLOCK, _clock),
    ("time", _OCLOCK, _oclock),
    ("amount", _AMOUNT, _amount),
    ("number", _NUMBER, lambda match: [f"{float(match[0]):g}"]),
    ("mention", _MENTION, lambda match: [match[1].lower()]),
    ("person", _PERSON, _named),
    ("place", _PLACE, _named),
    ("title", _BOOK, lambda match: [re.sub(r"\s", "", match[0]).lower()]),
    ("latin", _LATIN, lambda match: [match[0].lower()]),
    ("word", _WORDS, lambda match: [match[0]]),
)


def _days_between(text: str) -> Iterator[str]:
    """Every day of the weeks that a source names by their first and last day."""
    for match in _DAYS.finditer(text):
        first, last = date(*map(int, match.groups()[:3])), date(*map(int, match.groups()[3:]))
        for number in range(min((last - first).days + 1, 60)):
            day = first + timedelta(days=number)
            yield f"{day.month}-{day.day}"


def _wrong_weekdays(text: str, known: str) -> Iterator[str]:
    """Dates with a weekday that they have in no year that the sources name, and that no source gives them."""
    years = {int(year) for year in re.findall(r"(?<!\d)(20\d\d)(?!\d)", known)}
    given = set(_WEEKDAY.findall(_plain(known)))
    for match in _WEEKDAY.finditer(_plain(text)):
        month, day, weekday = match.groups()
        if match.groups() not in given and not any(_falls_on(year, month, day, weekday) for year in years):
            yield f"weekday: {match[0]}"


def _falls_on(year: int, month: str, day: str, weekday: str) -> bool:
    try:
        return date(year, int(month), int(day)).weekday() == "一二三四五六日".find(weekday.replace("天", "日"))
    except ValueError:
        return False
