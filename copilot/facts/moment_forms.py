"""How the words of dates and times are written: one pattern for each form, compiled when first needed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from copilot.facts.calendar import calendar_words, festival_names
from copilot.facts.numerals import parse_number

TokenKind = Literal["date", "weekday", "part", "clock", "repeat"]
_DIGITS = "0123456789"
_VOWELS = "aeiouAEIOU"
SEPARATOR = r"(?:-{1,2}|~|→|直到|一直到|至|到|to(?![A-Za-z]))"
WEEKDAY_NUMBERS = (
    {char: number for number, char in enumerate("一二三四五六日", 1)} | {"天": 7} | {str(n): n for n in range(1, 8)}
)

_NUM = r"(?:[0-9]{1,2}|[零〇一二三四五六七八九十廿卅]{1,3})"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MERIDIEM = r"(?P<ap>[AaPp]\.?[Mm]\b\.?)"
WEEK = "(?:周|星期|礼拜)"
_LISTED_DAY = r"[二三四五六日天](?![个次场节期月年点号位名十百千万])"
_DAYS = rf"[一二三四五六日天](?:(?:[、,/和及]\s?{WEEK}?|{WEEK})[一二三四五六日天](?![个次场节期月年点号位名十百千万])|{_LISTED_DAY}){{0,6}}"
_HANZI_BEFORE = re.compile(r"[一-鿿]\s?\Z")


@dataclass(frozen=True)
class Form:
    """One way of writing a word of a date or time: its pattern, and what else must hold.

    A text without any of the characters `needs` has no match; a cheap test for the many texts that have none.
    """

    kind: TokenKind
    name: str
    expression: str
    needs: frozenset[str]
    weak: bool = False
    accept: Callable[[re.Match[str]], bool] = lambda match: True

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first needs it."""
        return re.compile(self.expression, re.IGNORECASE if self.name.startswith("english") else 0)


def _in_range(match: re.Match[str]) -> bool:
    """Whether the caught year, month, day, hour and minute can be such."""
    limits = {"m": (1, 12), "d": (1, 31), "h": (0, 24), "mi": (0, 59), "y": (0, 2100)}
    for name, text in match.groupdict().items():
        if text and name in limits:
            number = parse_number(text)
            if number is None or not limits[name][0] <= number <= limits[name][1]:
                return False
    return True


@cache
def forms() -> tuple[Form, ...]:
    """Every form; where several fit at one place the longest match counts, then the first here."""
    words = calendar_words()
    guard = words["guards"]
    unit, day_word, place = guard["unit"], guard["day_word"], guard["number_word"]
    year = r"(?:(?P<y>(?:19|20)?[0-9]{2}|[一二][〇零0九][〇零0-9一二三四五六七八九]{2})\s*年\s*|(?P<ry>今年|明年|去年|本年|后年)的?)"
    festival = "|".join(map(re.escape, festival_names()))
    first_of_festival = "".join(sorted({"0-9今明去本后一二", *(name[0] for name in festival_names())}))
    needs = "|".join(words["needs_follower"])
    no_unit = "(?:" + "|".join(f"(?<={re.escape(name)})" for name in words["no_unit"]) + ")"
    parts = {word: part for part, entry in words["day_parts"].items() for word in entry["words"]}
    long_parts = "|".join(sorted((word for word in parts if len(word) > 1), key=len, reverse=True))
    first_of_part = {word[0] for word in parts if len(word) > 1}
    first_of_relative = {word[0] for word in (*words["relative_days"], *words["same_day"])}
    relative = "|".join(sorted({*words["relative_days"], *words["same_day"]}, key=len, reverse=True))
    nth_day = rf"第?(?P<n>{_NUM})个?(?P<what>天|日|工作日)|(?P<edge>首个?|最后一个)(?P<what2>天|日|工作日)"
    meridiem = _MERIDIEM.replace(r"\b", "(?![A-Za-z])")
    before_points, before_ratio = re.compile(rf"{guard['points_before']}\Z"), re.compile(rf"{guard['ratio_before']}\Z")
    before_score = re.compile(rf"{guard['score_before']}\Z")

    words_clock = rf"(?:(?<![0-9.第])(?<![0-9]:)(?=[0-9])|(?:(?<![第周期拜百千万零一二三四五六七八九十])|(?<=周[一二三四五六日])|(?<=星期[一二三四五六日])|(?<=礼拜[一二三四五六日]))(?=[^0-9]))(?P<h>{_NUM}|两)\s?(?:点(?!{guard['points_after']}|[0-9]*%)|时(?!间|长|代|期|候|段|差|区|刻|常|尚|光))(?P<whole>整|钟)?(?:(?P<half>半|[一三]刻)|过?(?P<mi>[0-5]?[0-9]|[一二三四五]?十[一二三四五六七八九]?|[零〇][0-9一二三四五六七八九]|[一二三四五六七八九](?=分))(?:分(?!钟|享|钱)|(?![0-9.点:]|{unit})))?"

    def after(pattern: re.Pattern[str]) -> Callable[[re.Match[str]], bool]:
        """In range, and not right after such words."""
        return lambda match: (
            _in_range(match) and not pattern.search(match.string, max(0, match.start() - 8), match.start())
        )

    def slashed(match: re.Match[str]) -> bool:
        """5/13; but 1/3 and 2/3 are rather fractions."""
        pair = int(match["m"]), int(match["d"])
        return not (pair in {(2, 3), (3, 4)} or (pair[0] == 1 and pair[1] <= 10)) and after(before_ratio)(match)

    def clock_in_words(match: re.Match[str]) -> bool:
        """8点, 八点半: an hour in digits, or anything more exact than a whole hour in words."""
        if match["half"] or match["mi"] or match["whole"] or (parse_number(match["h"]) or 0) > 12:
            return _in_range(match)
        listed = match.string[match.end() : match.end() + 1] == ":" and bool(
            _HANZI_BEFORE.search(match.string, max(0, match.start() - 2), match.start())
        )
        return match["h"].isdigit() and not listed and after(before_points)(match)

    def form(
        kind: TokenKind,
        name: str,
        needs: Iterable[str],
        pattern: str,
        *,
        weak: bool = False,
        accept: Callable[[re.Match[str]], bool] = _in_range,
    ) -> Form:
        return Form(kind, name, pattern, frozenset(needs), weak, accept)

    return (
        form(
            "date",
            "day",
            _DIGITS,
            r"(?<![0-9.A-Za-z])(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})(?:日|号)?(?![0-9]|\.[0-9])",
        ),
        form(
            "date",
            "day",
            _DIGITS,
            r"(?<![0-9.A-Za-z-])(?P<y>20[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-2][0-9]|3[01])(?![0-9A-Za-z])",
        ),
        form(
            "date",
            "day",
            "月",
            rf"(?<![0-9]){year}(?P<m>{_NUM})\s*月\s*(?:(?!{guard['together']})(?P<d>{_NUM})\s*(?:日|号|(?![0-9点时:.]|{unit})))",
        ),
        form(
            "date",
            "day",
            "月",
            rf"(?<![0-9第满近])(?P<m>{_NUM})\s*月(?:\s*(?P<d>{_NUM})\s*[日号]|(?!{guard['together']})(?P<d2>{_NUM})(?![0-9点时:.%年后天日号]|\s?[日号]|{unit}|{day_word}))",
        ),
        form(
            "date",
            "day",
            "/",
            rf"(?<![0-9/.A-Za-z])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])(?:日|号)?(?![0-9/%A-Za-z]|[-~][0-9]+/[0-9]+/|{unit})",
            accept=slashed,
        ),
        form(
            "date",
            "fraction",
            "/",
            r"(?<![0-9/.A-Za-z])(?P<m>0?[1-3])/(?P<d>10|0?[1-9])(?![0-9/%A-Za-z])",
            weak=True,
            accept=after(before_ratio),
        ),
        form(
            "date",
            "day",
            ".",
            rf"(?<![0-9.A-Za-z¥$])(?P<m>1[0-2]|0?[1-9])\.(?P<d>3[01]|[12][0-9]|0?[1-9])[日号](?!{place})",
        ),
        form(
            "date",
            "dotted",
            ".",
            rf"(?<![0-9.A-Za-z¥$])(?P<m>1[0-2]|0?[1-9])\.(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9.%A-Za-z万亿千]|{unit})",
            weak=True,
            accept=after(before_score),
        ),
        form(
            "date",
            "dashed",
            "-",
            r"(?<![0-9.A-Za-z])(?P<m>0[1-9]|1[0-2])-(?P<d>[0-2][0-9]|3[01])(?![0-9A-Za-z-])",
            weak=True,
        ),
        form(
            "date",
            "day",
            "-",
            r"(?<![0-9.A-Za-z-])(?<![0-9]:)(?P<m>1[0-2]|0?[1-9])-(?P<d>3[01]|[12][0-9]|0?[1-9])(?=\s*\(?(?:周|星期|礼拜)[一二三四五六日天]|\s*[0-2]?[0-9]:[0-5][0-9]|\s*(?:当天|上午|下午|晚上|早上|中午))",
        ),
        form(
            "date", "month", "月", rf"(?<![0-9]){year}(?P<m>{_NUM})\s*月份?(?P<third>初|底|末|上旬|中旬|下旬)?(?![0-9])"
        ),
        form(
            "date",
            "month",
            "月",
            rf"(?<![0-9个第满近.])(?P<m>{_NUM})\s*月份?(?P<third>初|底|末|上旬|中旬|下旬)?(?![0-9])(?!嫂|饼|子|卡|龄)",
        ),
        form(
            "date",
            "month",
            "月",
            rf"(?<![0-9第.])(?P<m>[0-9]{{1,2}})(?=\s*{SEPARATOR}\s*[0-9]{{1,2}}\s*月(?!\s*[0-9]|龄))",
        ),
        form(
            "date",
            "month",
            "月",
            r"(?P<rm>本月|这个月|当月|下个?月|上个?月|次月)(?P<third>初|底|末|上旬|中旬|下旬)?(?!饼|子)",
        ),
        form("date", "month", "月", r"(?<![0-9一二三四五六七八九十个每本上下当这满])(?P<rm>月)(?P<third>初|底|末)"),
        form("date", "year", "年", r"(?<![0-9一二三四五六七八九十〇每])(?P<ry>年)(?P<third>初|底|末|中)(?!考)"),
        form("date", "monthday", "月", rf"(?P<rm>本月|这个月|当月|下个?月|上个?月|次月)的?(?P<d>{_NUM})\s*[日号]"),
        form(
            "date",
            "year",
            "年",
            rf"(?<![0-9]){year}年?(?P<third>初|底|末|中(?!考))?(?!\s*[0-9]{{1,2}}\s*月)",
            accept=lambda m: bool(m["ry"] or len(m["y"]) == 4) and _in_range(m),
        ),
        form(
            "date",
            "dayonly",
            "日号",
            rf"(?:(?<![0-9第.,/A-Za-z十百千万弄路街巷道])|(?<=[日号]/))(?P<d>{_NUM})\s?(?:日(?!{day_word}|常|报|语|本|活|均)|号(?!{place}))",
        ),
        form(
            "date",
            "dayonly",
            _DIGITS,
            rf"(?<=[日号0-9][-~至到])(?P<d>[0-9]{{1,2}})(?![0-9/.:]|{unit})|(?<=[0-9]、)(?P<d2>[0-9]{{1,2}})(?=(?:、[0-9]{{1,2}}){{0,10}}\s?[日号])",
            weak=True,
        ),
        form(
            "date",
            "day",
            "/",
            rf"(?<![0-9/.A-Za-z-])(?P<y>2[0-9])/(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9/%A-Za-z]|{unit})",
        ),
        form(
            "date",
            "english",
            _DIGITS,
            rf"(?=[a-z])(?<![A-Za-z]){_ENGLISH_MONTH}\.?\s+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?\s*(?P<y>20[0-9]{{2}})(?![0-9]))?(?![0-9A-Za-z:])",
        ),
        form(
            "date",
            "english",
            _DIGITS,
            rf"(?<![0-9A-Za-z])(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+{_ENGLISH_MONTH}\.?(?:,?\s+(?P<y>20[0-9]{{2}})(?![0-9]))?(?![A-Za-z])",
        ),
        form(
            "date",
            "relative",
            first_of_relative,
            rf"(?<![以之今然最假节提A-Za-z])(?P<word>{relative})(?!天|头条|之星|之子|方舟|[A-Za-z])",
        ),
        form("date", "relative", "前", r"(?<![0-9一二两三四五六七八九十几])(?P<word>前天)(?!天)"),
        form(
            "date",
            "festival",
            (name[0] for name in festival_names()),
            rf"(?=[{first_of_festival}])(?<![0-9.¥$])(?:{year})?(?:(?P<name>(?!{needs})(?:{festival}))(?!{no_unit}{unit})|(?P<name2>{needs})(?=节?(?:{words['followers']})))(?P<jie>节)?(?P<span>假期|长假|小长假|黄金周|放假|期间)?"
            rf"(?P<offset>当天|当日|前夕|(?P<side>之?前|之?后)的?(?:{nth_day})|(?P<inside>的?第(?P<k>{_NUM})天)|(?P<lastday>最后一天))?(?![0-9])",
        ),
        form("date", "anybreak", "节假", rf"(?<![过季时环细情章])(?P<side>节前|节后|假期?前|假期?后)的?(?:{nth_day})"),
        form(
            "weekday",
            "week",
            "周期拜",
            rf"(?<![一二两三四五六七八九十几每半0-9])(?P<q>下下个?|上上个?|下个?|上个?|本|这个?|当)?{WEEK}(?!(?:(?<=[下上本这个当]周)|(?<=[下上本这个当]星期)|(?<=[下上本这个当]礼拜)){guard['together']})(?P<w>{_DAYS}|末|[1-7](?![0-9.]))(?!次|天(?!天)|个|回|遍)(?P<two>两天)?",
        ),
        form(
            "weekday",
            "english",
            _VOWELS,
            rf"(?=[a-z])(?<![A-Za-z])(?P<q>next\s+|this\s+)?(?P<w>(?:{'|'.join(_ENGLISH_DAYS)})|(?:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)(?=[.,\s\ue000)0-9]|$)\.?)(?![A-Za-z])",
        ),
        form(
            "date",
            "weekonly",
            "周期拜",
            rf"(?P<q>下下个?|上上个?|下个?|上个?|本|这个?){WEEK}(?!边|年|期|围|全|(?!{guard['together']})[一二三四五六日天末1-7](?!次|天|个))",
        ),
        form("part", "part", first_of_part, rf"(?P<part>{long_parts})(?!好|安|茶)"),
        form(
            "part",
            "part",
            "早晚夜",
            r"(?P<part>[早晚夜])(?!\s*一点(?!半|钟|[一三]刻|[0-9一二三四五十]))(?=\s*(?:[0-9零〇一二三四五六七八九十]{1,3}\s*[点时:]|[0-9一二三四五六七八九十]{1,2}\s*(?:-|~|至|到)\s*[0-9一二三四五六七八九十]{1,2}\s*[点时]))",
        ),
        form(
            "part",
            "part",
            "早晚",
            r"(?P<part>[早晚])(?!上|间|会|安|餐|宴|自习|期|点|饭|于|报|课|霞|鸟|日|已|读|教|退|操|班|市|茶|到|些|早|晚|场|高峰)",
            weak=True,
        ),
        form(
            "clock",
            "clock",
            ":",
            rf"(?<![0-9.])(?<![0-9]:)(?P<h>[01]?[0-9]|2[0-4]):(?P<mi>[0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?(?!:?[0-9])(?:\s?{meridiem})?(?!{guard['ratio_after']})",
            accept=after(before_ratio),
        ),
        form("clock", "words", "点时", words_clock, accept=clock_in_words),
        form("clock", "words", "点时", words_clock, weak=True, accept=after(before_points)),
        form(
            "clock",
            "english",
            _DIGITS,
            rf"(?<![0-9.:A-Za-z])(?<![A-Za-z]{{3}}-)(?P<h>1[0-2]|0?[1-9])\s?{meridiem}(?![A-Za-z])",
        ),
        form(
            "clock",
            "left",
            "-~→到至t",
            rf"(?<![0-9.:A-Za-z/])(?P<h>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}}|两)(?=\s?{SEPARATOR}\s?(?P<until>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:点(?!{guard['points_after']})|时(?!间|长|代|期|段)|\s?(?P<ap>[AaPp])[Mm](?![A-Za-z])))",
            accept=after(before_points),
        ),
        form("repeat", "daily", "每y", r"每天|每日|每一天|(?<![A-Za-z-])(?:[Ee]very\s?day|[Dd]aily)(?![A-Za-z-])"),
        form("repeat", "dailypart", "每", r"每(?P<part>晚|早)(?!上)"),
        form(
            "repeat",
            "workdays",
            "作s",
            r"每个?工作日|(?<![个首后])工作日(?!内|之内|以内)|(?<![A-Za-z])[Ww]eekdays(?![A-Za-z])",
        ),
        form(
            "repeat",
            "weekly",
            "每逢",
            rf"(?:每逢?个?|逢){WEEK}(?:(?P<first>[一二三四五六日天])\s?(?:{SEPARATOR})\s?{WEEK}?(?P<last>[一二三四五六日天])|(?!{guard['together']})(?P<days>{_DAYS}|末))?(?!次)",
        ),
        form("repeat", "monthly", "每", rf"每个?月(?:的?(?P<days>{_NUM}\s*[日号](?:[、,和及]\s*{_NUM}\s*[日号])*))?"),
    )
