"""Turning the brief's own words into words for the group: dates as people say them, a title, a form of address.

Nothing here adds a fact. A relative day gets its date beside it, an ISO date becomes 5月10日, "@她" becomes the
name it stands for; all else stays as the operator wrote it.
"""

import datetime as dt
import re
from collections.abc import Sequence

from copilot.facts.brief import Brief, clauses, lexicon
from copilot.facts.moments import Moment
from copilot.facts.names import read_names
from copilot.facts.problems import Item

_DAY_WORD = re.compile(
    r"(?:(?:本|这|下{1,2}|上)?个?(?:周|星期|礼拜)[一二三四五六日天末](?:[、和][一二三四五六日天])*"
    r"|今[天日晚早]|明[天日晚早]|后[天日]|大后天|(?:前|后)(?:的)?第?[一二三四五六七八九十\d]+[天日]|\d{1,2}[号日](?!月))"
)
_ISO_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_MONTH_DAY = re.compile(r"(?<![\d:：/.-])(\d{1,2})[-/](\d{1,2})(?![\d:：/.-])")
_WEEKDAY = re.compile(r"(月\d{1,2}日)\s*[（(]?\s*((?:周|星期|礼拜)[一二三四五六日天])\s*[）)]?\s*")
_NAMES_ITS_MONTH = re.compile(r"月|\d[-/.]\d|[A-Za-z]{3}")
_PLACEHOLDER = re.compile(r"【待[^】]*】")


def say(item: Item, *, one_year: bool = True) -> str:
    """An item's text for the group. `one_year`: all dates of the brief are in one year, so the year goes unsaid."""
    text = item.text
    marks = [match.span() for match in _PLACEHOLDER.finditer(text)]
    for value in reversed(item.values):
        if value.moment and not any(start <= value.start < end for start, end in marks):
            text = text[: value.start] + _say_moment(value.moment, one_year=one_year) + text[value.end :]
    return re.sub(r"[ \t]{2,}", " ", _name_pronouns(text)).strip()


def _say_moment(moment: Moment, *, one_year: bool) -> str:
    """A moment's words with its dates as people say them, and the calendar date beside a day that names no month."""
    text = moment.text
    if not names_its_month(moment):
        return _with_date(moment) if moment.date and moment.grain == "day" and not moment.recurrence else text
    text = _ISO_DATE.sub(lambda match: f"{'' if one_year else match[1] + '年'}{int(match[2])}月{int(match[3])}日", text)
    text = _MONTH_DAY.sub(lambda match: f"{int(match[1])}月{int(match[2])}日", text)
    return _WEEKDAY.sub(r"\1（\2）", text)


def names_its_month(moment: Moment) -> bool:
    """Whether a moment's words hold its date (5月10日, 2024-05-10, Nov 28) and not only a day to be counted."""
    return bool(_NAMES_ITS_MONTH.search(moment.text))


def _with_date(moment: Moment) -> str:
    """`本周六晚8点` → `本周六（11月28日）晚8点`; 当天 and 次日 stay as they are."""
    days = list(_DAY_WORD.finditer(moment.text))
    if moment.anaphoric or not days:
        return moment.text
    at = days[-1].end()
    closed = moment.text[at : at + 1] in ("）", ")")  # the day stands in brackets already: 活动日（周六）
    note = _span_of_days(moment)
    return moment.text[:at] + (f" {note}" if closed else f"（{note}）") + moment.text[at:]


def _span_of_days(moment: Moment) -> str:
    assert moment.date
    start = f"{moment.date.month}月{moment.date.day}日"
    if not moment.end_date or moment.end_date == moment.date:
        return start
    same = moment.end_date.month == moment.date.month
    return f"{start}–{'' if same else f'{moment.end_date.month}月'}{moment.end_date.day}日"


def _name_pronouns(text: str) -> str:
    """`团长阿梅（@她即可）` → `团长阿梅（@阿梅即可）`."""
    if not re.search(r"@[她他我](?![\u4e00-\u9fff]{1,2}[师姐哥])", text):
        return text
    names = [
        name.text.lstrip("@") for name in read_names(text) if not name.text.lstrip("@").startswith(("她", "他", "我"))
    ]
    return re.sub(r"@[她他我]", f"@{names[0]}", text) if names else text


_TITLE_OPENING = re.compile(
    r"^(?:请?(?:帮我|帮忙|麻烦)?(?:发布|(?:写|发|出|拟|起草|来)(?!布)(?:一?[个条份篇则封段])?)|通知一?下?(?:大家)?|告知|宣布|公布|关于|通告|提醒大家|跟大家说一?下?)+"
)
_TITLE_ENDING = re.compile(r"(?:的)?(?:群?公告|的?通知|的消息|文案)$")
_PLAIN_TITLE = re.compile(r"^(?:群?公告|欢迎[语词]|通知|道歉|致歉|活动|公示|说明|消息|提醒|声明)$")
_HOLDING = re.compile(r"(?:^(?:给|为)[^，]{1,6}?)?(?:举办|组织|安排|办|搞|开)(?:一?[次场个])")
_VERB_OBJECT = re.compile(r"^(更新|调整|升级|变更|公示)([\u4e00-\u9fff]{2,6})$")


def purposes(brief: Brief) -> list[str]:
    """The clauses of the stated purpose that are about the matter, not about what the operator hopes to gain."""
    aims = lexicon().aims
    return [clause for clause in clauses(brief.meta.get("purpose", "")) if not aims.search(clause)]


def title_of(matter: list[str], items: Sequence[Item], cues: str, fallback: str) -> str:
    """A short title from the purpose's words, else from the item that names the matter, else the kind's plain name."""
    for clause in matter:
        title = _TITLE_ENDING.sub("", _TITLE_OPENING.sub("", clause)).strip("：: “”")
        title = _VERB_OBJECT.sub(r"\2\1", _HOLDING.sub("", title))
        if 2 <= len(title) <= 30 and not _PLAIN_TITLE.match(title):
            return title
    for item in items if cues else ():
        for clause in clauses(item.text):
            if re.search(cues, clause) and "【" not in clause:
                words = clause
                for value in item.values:
                    words = words.replace(value.text, "") if value.kind != "title" else words
                words = re.sub(
                    r"^(?:将?(?:在|于|到|举办|举行|开展|有|办|开)|我们|大家|的|起|公布|报名)+|[（(][^）)]*[）)]|(?:定在|改到|改为|安排在|开始|举行|举办|截止|[在于到为是从])+$",
                    "",
                    words,
                ).strip("，、：: ")
                if 3 <= len(words) <= 18 and re.search(cues, words) and not _PLAIN_TITLE.match(words):
                    return words
    return fallback


def day_word(brief: Brief, date: dt.date) -> str:
    """明天, 今晚 … where the purpose says it of this very date; unless told what day it is, the brief is believed."""
    match = re.match(r"今[天日晚]|明[天日晚早]|后天", brief.meta.get("purpose", ""))
    if not match:
        return ""
    ahead = {"今": 0, "明": 1, "后": 2}[match[0][0]]
    fits = brief.now.date() + dt.timedelta(days=ahead) == date
    return match[0] if fits or not brief.now_given else ""


def tighten(text: str) -> str:
    """Without the spaces between Chinese words and figures."""
    return re.sub(r"(?<=[\u4e00-\u9fff]) +(?=\d)|(?<=\d) +(?=[\u4e00-\u9fff])", "", text)


def vocative_of(brief: Brief) -> str:
    """How this group is addressed, in a word the brief itself uses; "各位朋友" otherwise."""
    said = [statement.text for statement in brief.by_role("fact")]
    words = " ".join([*(brief.meta.get(key, "") for key in ("audience", "group", "group_type")), *said])
    found = [(words.find(word), word) for word in lexicon().vocatives if word in words]
    return f"各位{min(found)[1]}" if found else "各位朋友"


_STARTS_AS_ACTION = re.compile(
    r"^(?:填|扫|点|回复|接龙|私|到|去|在|打开|加|进|报|下单|群[里内]|发|从|入口|关注|提交|直接|凭|戳|联系|拨|找)"
)


def action_of(item: Item | None) -> str | None:
    """The first clause of an item that says what to do ("填群置顶的报名表"); None when it names no action."""
    if item is None or "【" in item.text:
        return None
    actions = (clause for clause in clauses(item.text) if _STARTS_AS_ACTION.search(clause))
    return next((re.sub(r"^报名[：:]?(?=[群扫填找接私])", "", action) for action in actions), None)


def contact_of(item: Item | None) -> str | None:
    """How to reach whoever answers: a mention if there is one, else the item's action."""
    if item is None:
        return None
    mention = re.search(r"@[\w\u4e00-\u9fff]{1,8}?(?=即可|就行|就可以|[，。；、）)\s]|$)", _name_pronouns(item.text))
    return mention[0] if mention else action_of(item)
