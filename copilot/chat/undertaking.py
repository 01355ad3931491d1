"""Which sentences promise or ask for something to be done, and by whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from copilot.chat.asking import read_asked
from copilot.chat.leaning import leaning
from copilot.chat.records import Message
from copilot.chat.utterances import bare, does, pattern, plain, sentences

Basis = Literal["promise", "request", "duty"]

_QUICK_PROMISE = re.compile(
    r"[退补其保我咱这马立现先再去来今明后上下中晚待等一会回头稍周星礼月底到时尽当前内记留给帮提转放安約约店厂厂供仓工师物说會]|[0-9]|\bwill\b|'ll|’ll"
)
_QUICK_REQUEST = re.compile(r"[@@请請麻烦煩记記私发發带帶填交接登自穿集扣报報备拍改提预大各的]")
_CLAUSES = re.compile(r"[^,，;；\s①②③④⑤⑥]+")
_TO_YOU = re.compile(r"(?:给|帮|为)(?:您|你|大家|各位)")
LONGEST = 400
NAMED = 6
"""Who calls more members by name calls the group."""
TASK = 80
"""Characters of a task's own words."""
TAKERS = "参加的人"
"""Who a duty is put to that is said to nobody in particular."""
PLEDGES, PLEDGES_AMONG_MEMBERS = 1.5, 1.6
"""How much a sentence must read like a promise to be one without any of the words."""
SHORT = 7
"""A shorter promise (记上了, 留了) says what is promised only together with what it answers."""


@dataclass(frozen=True, slots=True)
class Undertaken:
    """Something to be done, in its own words.

    `owner` is "" for the sender, else the words for who it is put to; `others`: somebody else's promise, passed on by the
    sender. `timed` are the words that may say by when.
    """

    task: str
    basis: Basis
    timed: str
    owner: str = ""
    others: bool = False


def promises(message: Message, *, official: bool, answered: Message | None) -> Iterator[Undertaken]:
    """What the sender undertakes, or passes on as undertaken.

    `official`: the sender speaks for the group or set the matter up. Another member's word counts in answer
    (`answered`) to such a one, or where it plainly reads like a promise to somebody.
    """
    found = list(_worded(message, official=official, answered=answered))
    yield from found or _pledged(message, official=official)


def _pledged(message: Message, *, official: bool) -> Iterator[Undertaken]:
    """The sentences that read like a promise (`copilot.chat.leaning`), whatever their words."""
    text = bare(message.text[:LONGEST])
    for sentence in sentences(text) if _PLANS.search(text) is None else ():
        words = plain(sentence)
        reads = leaning(words)
        if reads.promises < max(reads.settles, PLEDGES if official else PLEDGES_AMONG_MEMBERS) or len(words) < SHORT:
            continue
        to_somebody = _YOU.search(words) is not None or does("delivers", words)
        idle = any(does(act, words) for act in ("past", "proposes", "fillers")) or _PRIVATE.fullmatch(words)
        if to_somebody and not idle and _TO_READER.search(words) is None and read_asked(sentence) is None:
            yield Undertaken(_cut(sentence), "promise", sentence)


def _worded(message: Message, *, official: bool, answered: Message | None) -> Iterator[Undertaken]:
    """What words of promising say."""
    if not official and (answered is None or not _DATE.search(message.text[:LONGEST])) and len(message.text) > SHORT:
        return
    text = bare(message.text[:LONGEST])
    if answered is not None and (agreed := _agreed(text, answered)):
        yield agreed
        return
    if official and answered is not None and does("enough", plain(text)) and does("delivers", plain(text)):
        yield Undertaken(_cut(text), "request", text, owner=answered.sender)
        return
    if _QUICK_PROMISE.search(text) is None:
        return
    planned = _PLANS.search(text) is not None
    for sentence in sentences(text):
        words = plain(sentence)
        if does("fillers", words) or does("advises", words) or (planned and _PLAN.search(words)):
            continue
        if does("proposes", words) and not does("formal", words):
            continue
        clauses = [(one.start(), one[0]) for one in _CLAUSES.finditer(words)]
        passed = next((at for at, clause in clauses if official and _passed_on(clause)), None)
        if passed is not None:
            found = pattern("passes_on").search(words, passed)
            party = _PARTY.split(found[0], maxsplit=1)[0] if found else ""
            yield Undertaken(_cut(sentence), "promise", sentence[passed:], owner=party, others=True)
        promised = [
            (at, clause)
            for at, clause in clauses
            if (passed is None or at < passed or does("speakers", clause))
            and _promised(clause, words[:at], official=official, in_reply=answered is not None)
        ]
        if promised:
            first, (last, clause) = promised[0][0], promised[-1]
            timed = sentence[: last + len(clause)] if passed is None else sentence[first : last + len(clause)]
            yield Undertaken(_cut(sentence if len(sentence) <= TASK else sentence[first:]), "promise", timed)


_DATE = re.compile(r"[0-9][/.月-][0-9]|[0-9][号日点:]|周[一二三四五六日天]|月底|今|明|后天|下午|晚上|中午|上午")
_YOU = re.compile(r"[你您]|大家|各位|群里|@")
_PRIVATE = re.compile(r"[^,]{0,4}?(?:私(?:聊|信|我|发)|在?[^,]{0,4}填)[我说哈吧!~。\s]*")
_PLANS = re.compile(r"[两三二]个?(?:方案|选择|办法|选项)")
_PLAN = re.compile(rf"^\s*[abc甲乙丙①②③](?![a-z])|{_PLANS.pattern}")
"""What there is to choose between, and each of it."""
_HERE = re.compile(
    r"(?:在|到|来)(?:这|这里|这儿|群里|下面|前台|小程序|表里)[^,。]{0,3}(?:登记|报名|接龙|填|交|领|签到|预约)"
)
"""What members are told to do here."""
_PARTY = re.compile(r"(?:说|回复|答应|答复|承诺|通知|确认|反馈|表示|同意|告知|给的?(?:时间|回复|答复)|刚)")
_AGREES = re.compile(
    r"\s*(?:好的?|行|能|可以|没问题|ok|可|来|到|嗯+)(?:[~!。,，\s]+(?:(?:今|明|后)[天早晚]|周[一二三四五六日天]|[早上中下][午上]|晚上|[0-9]{1,2}[:点：][0-9]{0,2}半?|[0-9]{1,2}[./月][0-9]{1,2}[日号]?|[0-9]{1,2}[日号])+(?:[见来到]|过来|等[您你])?)?[~!。,\s]*"
)


_WAS = re.compile(r"(?:昨[天晚]|前天|上次|上周|刚才|之前)[^,]{0,8}的")
"""What is told of a thing, not of what will be done with it."""
_TO_READER = re.compile(
    r"^(?:您|你|各位|同学|家长|业主|会员)(?![的那这家们])|(?:发|交|给|寄|传|拿)到?我|就(?:行|好|可以)|即可"
)
_ASIDE = re.compile(r"\([^()]{1,8}\)(?=之?前|以前|内)")


def _passed_on(clause: str) -> bool:
    """Whether a clause passes on what another party promised: 厂家说周五发货."""
    found = pattern("passes_on").search(clause)
    return found is not None and _DATE.search(clause) is not None and not does("past", clause)


def _agreed(text: str, answered: Message) -> Undertaken | None:
    """A short yes to being asked to come or to do something at a time."""
    if _AGREES.fullmatch(plain(text)) is None or not answered.text:
        return None
    words = plain(bare(answered.text))
    if _DATE.search(words) is None and _DATE.search(text) is None:
        return None
    if not does("invited", words):
        return None
    asked = next((one for one in sentences(bare(answered.text)) if does("invited", plain(one)) and read_asked(one)), "")
    if not asked:
        return None
    return Undertaken(f"{text.strip()}(回应：{_cut(asked)})", "promise", asked)


def _promised(clause: str, before: str, *, official: bool, in_reply: bool) -> bool:
    """Whether a clause promises; `before` is what stands before it in its sentence."""
    if read_asked(clause) is not None:
        return False
    if does("books", clause):
        return official and in_reply
    if official and does("promises", clause) and not does("over", clause):
        return True
    clause = _ASIDE.sub("", _WAS.sub("", clause))
    if does("past", clause) or does("tells_to", clause):
        return False
    if official:
        return _office_promises(clause, before)
    if not in_reply or _told_of(clause):
        return False
    speaker = pattern("speakers").search(clause)
    return _when_delivered(clause) and (speaker is not None or len(before + clause) < 2 * SHORT)


def _office_promises(clause: str, before: str) -> bool:
    """Whether a clause of somebody who speaks for the group promises: they say that they will, or by when it is done."""
    speaker = pattern("speakers").search(clause)
    if (does("changes", clause) and not _TO_YOU.search(clause)) or does("permits", clause):
        return False
    if speaker is None and _HERE.search(clause):
        return False
    if speaker is not None and pattern("deeds").search(clause, speaker.end(), speaker.end() + FAR):
        return True
    if speaker is not None:
        return does("will", clause[speaker.end() :]) and not does("own_business", clause)
    if does("parties", clause[:PARTY]) or does("people", before + clause):
        return False
    if _TO_READER.search(clause):
        return False
    if does("done_by", clause):
        return not (does("gathers", clause) or _told_of(clause))
    return _when_delivered(clause) and not does("standing", clause) and not _told_of(clause)


PARTY = 5
"""Within so many characters of a clause's beginning somebody else is its subject."""
FAR = 14
"""How far behind the speaker a promise may name its deed, in characters."""


def _told_of(clause: str) -> bool:
    """Whether the clause tells when something was done: 今早发的."""
    return clause.rstrip("~!。 ").endswith("的") and "会" not in clause


def _when_delivered(clause: str) -> bool:
    """Whether a clause says when something will be brought: the time stands right before the deed."""
    return any(does("when", clause[: deed.start()]) for deed in pattern("delivers").finditer(clause))


def requests(message: Message, *, leads: bool, in_reply: bool) -> Iterator[Undertaken]:
    """What somebody who leads asks of members: by name, of a part of the group, or of whoever takes part."""
    if not leads or _QUICK_REQUEST.search(message.text[:LONGEST]) is None:
        return
    body = bare(message.text[:LONGEST])
    for sentence in sentences(body) if message.mentions or "\n" not in body else [body]:
        words = plain(sentence)
        if not does("requests", words) or does("in_private_done", words):
            continue
        people = pattern("people").search(words)
        if people is not None:
            if does("tells_to", words) or does("imperative", words):
                owner = sentence[people.start() : people.end()]
                yield Undertaken(_cut(sentence), "request", _asked_clause(sentence), owner=owner)
        elif 0 < len(message.mentions) <= NAMED:
            asked = "" if does("standing", words) else _asked_clause(sentence)
            if asked and not (does("moderates", plain(body)) and _PRIVATE.fullmatch(plain(asked))):
                for name in message.mentions:
                    yield Undertaken(_cut(sentence), "request", asked, owner=name)
        elif not in_reply and _DATE.search(words) and does("gathers", words) and read_asked(sentence) is None:
            yield Undertaken(_cut(sentence), "duty", sentence, owner=TAKERS)


def _asked_clause(sentence: str) -> str:
    """The clauses that tell somebody to do something, and a deadline set for it; "" when there are none."""
    clauses = [one[0] for one in _CLAUSES.finditer(sentence)]
    asked = [
        clause
        for clause in clauses
        if (does("imperative", plain(clause)) or does("tells_to", plain(clause)))
        and not does("moderates", plain(clause))
        and not does("speakers", plain(clause))
        and read_asked(clause) is None
    ]
    return " ".join(asked + [clause for clause in clauses if "截止" in clause and clause not in asked]) if asked else ""


def _cut(sentence: str) -> str:
    """The words of a task, without what only greets, and not too long."""
    text = " ".join(sentence.split())
    return text if len(text) <= TASK else text[:TASK].rstrip() + "…"
