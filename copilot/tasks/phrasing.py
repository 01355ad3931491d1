"""Turning the brief's own words into words for the group: dates as people say them, a title, a form of address.

Nothing here adds a fact. A relative day gets its date beside it, an ISO date becomes 5月10日, "@她" becomes the
name it stands for; all else stays as the operator wrote it.
"""

import datetime as dt
import re
from collections.abc import Sequence

from copilot.facts.brief import Brief, clauses, lexicon
from copilot.facts.items import Item
from copilot.facts.moments import Moment, read_moments
from copilot.facts.names import read_names

_DAY_WORD = re.compile(
    r"(?:(?:本|这|下{1,2}|上)?个?(?:周|星期|礼拜)[一二三四五六日天末](?:[、和][一二三四五六日天])*"
    r"|今[天日晚早]|明[天日晚早]|后[天日]|大后天|(?:前|后)(?:的)?第?[一二三四五六七八九十\d]+[天日]|\d{1,2}[号日](?!月))"
)
_ISO_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_MONTH_DAY = re.compile(r"(?<![\d:：/.-])(\d{1,2})[-/](\d{1,2})(?![\d:：/.-])")
_WEEKDAY = re.compile(r"(月\d{1,2}日)\s*[（(]?\s*((?:周|星期|礼拜)[一二三四五六日天])\s*[）)]?\s*")
_NAMES_ITS_MONTH = re.compile(r"月|\d[-/.]\d|[A-Za-z]{3}")
_NUMBERED_DAY = re.compile(r"\d[号日]")
_LEFT_ALONE = re.compile(r"【待[^】]*】|《[^》]*》")


def say(item: Item, *, one_year: bool = True) -> str:
    """An item's text for the group. `one_year`: all dates of the brief are in one year, so the year goes unsaid."""
    text = item.text
    marks = [match.span() for match in _LEFT_ALONE.finditer(text)]
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


def dated(text: str, now: dt.datetime, *, also_today: bool = True) -> str:
    """A text said at `now` with the calendar date beside each day that names no month; `also_today`: beside 今晚 too."""
    for moment in reversed(read_moments(text, now)):
        if not moment.date or moment.grain != "day" or moment.recurrence or names_its_month(moment):
            continue
        if moment.bare_weekday:  # "周五" may be the last one or the next
            continue
        numbered = (
            _NUMBERED_DAY.search(moment.text) and moment.date.month == now.month
        )  # "15号": no need to say the month
        if not numbered and (also_today or moment.date != now.date()):
            text = text[: moment.start] + _with_date(moment) + text[moment.end :]
    return text


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
    r"^(?:请?(?:帮我|帮忙|麻烦)?(?:发布|(?:写|发|出|拟|起草|来)(?!布)(?:一?[个条份篇则封段])?)|通知(?![书单])一?下?(?:大家)?|告知|宣布|公布|关于|通告|提醒大家|跟大家说一?下?)+"
)
_TITLE_ENDING = re.compile(
    r"(?:的)?(?:群?公告|(?<!会议)的?通知|的消息|文案)$|(?:并|和|，)(?:说明|告知|写清楚?|附上|提醒).*$"
)
_PLAIN_TITLE = re.compile(
    r"^(?:群?公告|(?:新人)?欢迎[语词]|通知|道歉|致歉|活动|公示|说明|消息|提醒|声明|(?:临时)?(?:调整|变更|改期|取消|延期|推迟|更新)|报名|那个.*)$"
)
_APOLOGY = re.compile(r"^(?:为|就|对|因)(.{2,20}?)(?:一事|的事)?(?:向[^，]{1,8})?(?:道歉|致歉|赔礼|说明).*$")
_HOLDING = re.compile(r"(?:^(?:给|为)[^，]{1,6}?)?(?:举办|组织|安排|办|搞|开)(?:一?[次场个])")
_VERB_OBJECT = re.compile(r"^(更新|调整|升级|变更|公示)([\u4e00-\u9fff]{2,6})$")
# A title is read again days later: a day that is counted from today does not belong in it.
_RELATIVE = re.compile(
    r"^(?:(?:本|这|下)?个?(?:周末|周(?:[一二三四五六日天])?|月|学期)(?![年\d])|[今明昨][天日晚早]|后天)(?:起|的)?"
)
_HANGING = re.compile(r"(?:定在|改到|改为|安排在|开始|举行|举办|截止|时间|[是在于到为从的由至])+$")
TITLE_LENGTH = 30


def purposes(brief: Brief) -> list[str]:
    """The clauses of the stated purpose that are about the matter, not about what the operator hopes to gain."""
    aims = lexicon().aims
    return [clause for clause in clauses(brief.meta.get("purpose", "")) if not aims.search(clause)]


_SAYS_HOW = ("join", "deadline", "contact", "duty")


def title_of(matter: list[str], items: Sequence[Item], cues: str, fallback: str) -> str:
    """A short title from the purpose's words, else from the fact that names the matter, else the kind's plain name."""
    titles = [_title(clause) for clause in matter]
    naming = [item for item in items if item.statement.role == "fact" and item.slot not in _SAYS_HOW]
    titles += [title for item in naming if cues for title in _titles_in(item, cues)]
    return next((title for title in titles if title), fallback)


def _title(clause: str) -> str:
    """A clause of the purpose as a title, or "" where it makes none."""
    title = _TITLE_ENDING.sub("", _RELATIVE.sub("", _TITLE_OPENING.sub("", clause))).strip("：:，、 ")
    title = _VERB_OBJECT.sub(r"\2\1", _HOLDING.sub("", _APOLOGY.sub(r"关于\1的致歉", title)))
    if title[:1] + title[-1:] in ("“”", "【】", "「」") and title.count(title[0]) == 1:
        title = title[1:-1]
    bad = _PLAIN_TITLE.match(title) or re.search(r"[是在为的到于]$", title)
    return title if 2 <= len(title) <= TITLE_LENGTH and not bad else ""


def _titles_in(item: Item, cues: str) -> list[str]:
    """Titles from the clauses of a fact that name the matter; a clause with a value in its middle has a gap, not a title."""
    found = []
    for clause in clauses(item.text):
        words = re.sub(r"^[^\w“《「【]+", "", clause)
        values = [value for value in item.values if value.kind != "title"]
        for value in values:
            words = words.removeprefix(value.text).removesuffix(value.text).strip()
        words = re.sub(
            r"^(?:将?(?:在|于|到|举办|举行|开展|有|办|开)|我们|大家|的|起|公布|报名)+|[（(][^）)]*[）)]$", "", words
        )
        words = _HANGING.sub("", words).strip("，、：: ")
        whole = not re.search(r"[：:【】“”]", words) and not any(value.text in words for value in values)
        if whole and 3 <= len(words) <= 18 and re.search(cues, words) and not _PLAIN_TITLE.match(words):
            found.append(words)
    return found


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


_CHILDREN = re.compile(r"小学|幼儿园|中学|少儿|少年|亲子|[一二三四五六七八九][（(]\d+[）)]班|[大中小][一二三四]?班")


def vocative_of(brief: Brief) -> str:
    """How this group is addressed, in a word the brief uses for its members; "各位朋友" otherwise."""
    words = " ".join(brief.meta.get(key, "") for key in ("audience", "group_type", "group"))
    found = [(words.find(word), word) for word in lexicon().vocatives if word in words]
    return f"各位{min(found)[1]}" if found else "各位家长" if _CHILDREN.search(words) else "各位朋友"


_ACTION = re.compile(
    r"^(?:(?P<until>[^，。；]{2,24}前)?(?:请|可以?|先)?"
    r"(?:填|扫|点[击开进]|回复|接龙|私[信聊]|到(?!期|货|账)|去(?!年)|在|打开|加[^入]|进[入群]|报名?(?=姓|上|给|到)|下单|群[里内公置文]|发[到送给邮](?!已)|从|入口|关注|提交|直接|凭|戳|联系|拨|找|登记|领取|预约))"
)
_ENTRY = re.compile(r"^(?:微信)?(?:小程序|公众号|前台|群公告|群文件|群置顶)(?:[“「【][^”」】]+[”」】])?$")
_NOT_YET = re.compile(r"(?:下[周月]|稍后|晚点|回头|之后|再)[^，。]{0,6}[给发补]|已经?报名|待定|还没")
_TELLS = re.compile("报(?!名)|说明|写明|注明|附|备注")
_REFUSES = re.compile(r"(?:不|没|未|无法|如|若|下雨)")
_VERB = re.compile(r"登记|报名|预约|下单|领取|购买|接龙|兑换|填写|提交")


def action_of(item: Item | None, *, one_year: bool = True) -> str | None:
    """What members are to do, from an item's own words ("填群置顶的报名表", "在小程序登记"); None when it asks for nothing."""
    if item is None or "【待" in item.text or _REFUSES.match(item.label or item.text):
        return None
    heading = _VERB.search(item.label)
    said = clauses(say(item, one_year=one_year))
    for clause, after in zip(said, [*said[1:], ""], strict=True):
        words = re.sub(
            r"^(?:报名|参加|登记|预约|想[去来要参加报名]{1,3}的)[：: ]?(?=[群扫填找接私在到点打])", "", clause
        )
        if _NOT_YET.search(words):
            continue
        verb = heading or _VERB.search(words)
        if "://" in words and verb:
            return f"点链接{verb[0]}"
        if heading and _ENTRY.match(words):
            return f"在{words}{heading[0]}"
        if _ACTION.search(words):
            words = re.sub(r"^(?=群[里内])", "在", words)
            return words + (f"，{after}" if _TELLS.match(after) else "")
    return None


_ANSWERS = re.compile(r"^(?P<who>[\u4e00-\u9fffA-Za-z]{2,8}?)(?:老师)?(?:负责|解答|值班)")


def contact_of(item: Item | None) -> str | None:
    """How to reach whoever answers, as something to do: "@阿梅", "找店长阿眠", "私聊木木"."""
    if item is None:
        return None
    text = _name_pronouns(item.text)
    if mention := re.search(r"@[\w\u4e00-\u9fff]{1,8}?(?=即可|就行|就可以|[，。；、）)\s]|$)", text):
        return mention[0]
    text = re.sub(r"^有(?:问题|疑问|事情?|不清楚的?)的?(?:可以|请|就)?", "", text)
    if action := action_of(item.model_copy(update={"text": text, "values": ()})):
        return f"到{action}" if re.match(r"群|小程序|公众号", action) else action
    if answers := _ANSWERS.match(text):
        return f"找{answers['who']}"
    first = next(iter(clauses(text)), "")
    named = item.label and re.fullmatch(r"[\u4e00-\u9fffA-Za-z]{2,8}", first)
    return f"找{first}" if named else None
