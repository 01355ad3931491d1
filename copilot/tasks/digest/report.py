"""The digest of the operator's own daily report: its sentences sorted, each with its line; nothing is counted anew.

What a report says of numbers is shown as the report's word. Where two of its sentences cannot both be true, that is shown.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from copilot.chat.claims import Action, Ad, Complaint, Decision, Figures, Highlight, Question, Topic, Understanding
from copilot.chat.records import Message, Transcript
from copilot.facts.moments import Moment, read_moments
from copilot.records import Conflict, Origin, Record
from copilot.tasks.digest.book import book

MOST_COUNTS = 200
_HEADING = re.compile(
    r"^(?:[#■▍\s]*|[一二三四五六七八九十\d]{1,2}[、.．)）]\s*)【?(?P<title>[^，。；：:！？!?\d、]{2,12})[：:】]\s*$"
    r"|^(?:[#■▍]+\s*|[一二三四五六七八九十\d]{1,2}[、.．)）]\s*)(?P<short>[^，。；：:！？!?\d、]{2,6})\s*$"
)
_BULLET = re.compile(r"^(?:[-*·•●▪]|\d{1,2}[、.．)）](?!\d)|[一二三四五六七八九十][、.]|[（(]\d{1,2}[)）])\s*")
_OWNER = re.compile(
    r"(?P<who>[A-Za-z\u4e00-\u9fff]{2,6}?)(?:今[天晚]|明[天早晚]|后天|(?:下?周|星期)[一二三四五六日]|会|来|再|去)*(?:负责|跟进|处理|去问)"
)
_COUNT = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{2,6}?)(?:数|量)?(?:是|为|共|有|[：:])?\s*(?P<number>\d+)\s*(?P<unit>人|条|位|个|次|单|%|％)"
)
_SETTLED = re.compile(r"已(?:经)?(?:解决|处理|退|移出|踢|回复|答复|安抚|补)|处理完|解决了")
_NOTHING = re.compile(r"^(?:无|没有|暂无)[。.]?$")
_FIELDS = {"unanswered": "questions", "figures": "topics", "": "topics"}


def read_report(transcript: Transcript) -> Understanding:
    """The sentences of a report as claims, by the heading they stand under or by their words."""
    claims: dict[str, list[Record]] = {}
    for one, section in sorted_sentences(transcript):
        text = _BULLET.sub("", one.text).strip()
        claims.setdefault(_FIELDS.get(section, section), []).append(_claim(section, one, text))
    return Understanding.model_validate(
        {"figures": _no_figures(), **{name: tuple(found) for name, found in claims.items()}}
    )


def sorted_sentences(transcript: Transcript) -> Iterator[tuple[Message, str]]:
    """Each sentence with the section it belongs to ("" for none); headings only say what follows."""
    under = ""
    for one in transcript.messages:
        if heading := _HEADING.match(one.text):
            under = _section(heading["title"] or heading["short"])
        elif not _NOTHING.match(_BULLET.sub("", one.text).strip()):
            yield one, under or _section(one.text)


def stated_figures(transcript: Transcript) -> list[Message]:
    """The sentences that state numbers."""
    cue = book().report["figures"]
    return [one for one in transcript.messages if cue.search(one.text)]


def contradictions_in(transcript: Transcript, now: datetime) -> tuple[Conflict, ...]:
    """One matter with two numbers, and dates that are not the weekday they are said to be."""
    found = []
    counts = [(match, one) for one in transcript.messages for match in _COUNT.finditer(one.text)]
    for (first, here), (second, there) in combinations(counts[:MOST_COUNTS], 2):
        alike = first["what"].endswith(second["what"]) or second["what"].endswith(first["what"])
        same = alike and first["unit"] == second["unit"] and here.id != there.id
        if same and first["number"] != second["number"]:
            message = f"“{first[0]}”和“{second[0]}”对不上"
            found.append(Conflict(code="report-two-figures", message=message, origins=(_origin(here), _origin(there))))
    return (*found, *_weekdays(transcript, now))


def _weekdays(transcript: Transcript, now: datetime) -> Iterator[Conflict]:
    """A date that is not the weekday it is said to be; without a year, one that is said to be two weekdays."""
    said: dict[tuple[int, int], list[tuple[Moment, Message]]] = {}
    for one in transcript.messages:
        for moment in read_moments(one.text, now):
            if moment.date and moment.stated_weekday and not moment.bare_weekday:
                said.setdefault((moment.date.month, moment.date.day), []).append((moment, one))
    for rows in said.values():
        wrong = [row for row in rows if row[0].year_stated and row[0].weekday_mismatch]
        if wrong or len({moment.stated_weekday for moment, _ in rows}) > 1:
            told = "、".join(f"“{moment.text}”" for moment, _ in wrong or rows)
            origins = tuple(_origin(one) for _, one in wrong or rows)
            yield Conflict(code="weekday-mismatch", message=f"{told}的日期和星期对不上", origins=origins)


def _section(text: str) -> str:
    return next((name for name, cue in book().report.items() if cue.search(text)), "")


def _origin(one: Message) -> Origin:
    return Origin(field="report", line=one.line, quote=one.text)


def _claim(section: str, one: Message, text: str) -> Record:
    settled = bool(_SETTLED.search(text))
    if section == "decisions":
        return Decision(id=f"d-{one.id}", text=text, by="", messages=(one.id,))
    if section == "unanswered":
        return Question(asker="", question=text, message=one.id, answer=one.id if settled else "")
    if section == "actions":
        owner = _OWNER.search(text)
        who = owner["who"] if owner else ""
        return Action(id=f"a-{one.id}", owner=who, task=text, status="done" if settled else "open", messages=(one.id,))
    if section == "complaints":
        state = {"status": "resolved" if settled else "open", "level": "medium"}
        return Complaint.model_validate(
            {"id": f"c-{one.id}", "summary": text, "members": (), "messages": (one.id,), **state}
        )
    if section == "ads":
        return Ad(message=one.id, why=text, handled=(one.id,) if settled else ())
    if section == "highlights":
        return Highlight(by="", text=text, message=one.id)
    return Topic(id=f"t-{one.id}", title=text[:14], summary=text if len(text) > 14 else "", messages=(one.id,))


def _no_figures() -> Figures:
    return Figures(
        messages=0,
        system_notices=0,
        members=0,
        days=0,
        span_days=0,
        first=None,
        last=None,
        unparsed_lines=0,
        member_figures=(),
        hours=(0,) * 24,
        by_day={},
        kinds={},
    )
