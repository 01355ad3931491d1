"""Cutting prose: lines into headings and words, sentences into clauses, speech without punctuation into matters."""

import re
from datetime import datetime
from itertools import pairwise

from copilot.facts.keys import lexicon
from copilot.records import Record


class Clause(Record):
    """A clause and what stood between it and the next one."""

    text: str
    gap: str = ""


_MARKS = r"\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u25a0-\u2bff\u3030\u303d\u20e3\ufe0f\u200d\U0001F000-\U0001FAFF"
_PICTURES = re.compile(rf"^(?:\s*(?:[0-9#*]\ufe0f?\u20e3|[{_MARKS}]+))+\s*")
_PICTURES_END = re.compile(rf"[{_MARKS}\s]+$")
_FORBIDS = re.compile(r"^\s*[❌🚫⛔✖❎](?!\ufe0f?\s*[不禁勿别非谢严无没])")
_BULLET = re.compile(
    r"^\s*(?:[-*·•●◦▪]\s*|#{1,6}\s+|\d{1,2}(?:、(?!\s*\d)|[)）]|\.(?!\d))\s*|[①-⑳]\s*|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]\s*"
    r"|[一二三四五六七八九十]{1,3}、\s*)"
)
_NUMBER = re.compile(r"^\s*(\d{1,2})(?:\s+|[、.)）]\s*)(?=\S)")
_COUNTED = re.compile(r"^\s*\d{1,2}\s+(?!月|日|号|点|年|元)[^\s:：，。,；;\d]{1,8}[：:]\s*\S")
_LABEL = re.compile(
    r"^(?P<label>[^\s:：，。,；;！!？?“”\"'（(]{1,12}(?:[（(][^（()）:：]{1,8}[)）])?)\s*[:：]\s*(?P<text>\S.*)$"
)
_LABELLED_PART = re.compile(r"[；;](?=\s*[^\s:：，。,；;！!？?“”（(]{2,8}[:：]\s*\D)")


def lines(text: str) -> list[tuple[str, bool]]:
    """(words, bulleted) for each line of a text, bullets, numbers and pictures taken off."""
    rows = text.split("\n")
    numbers = [int(match[1]) if (match := _NUMBER.match(row)) else 0 for row in rows]
    stated = [number for number in numbers if number]
    counting = len(stated) > 1 and all(second == first + 1 for first, second in pairwise(stated))
    found = []
    for row, number in zip(rows, numbers, strict=True):
        if (counting and number) or _COUNTED.match(row):
            words, bulleted = _NUMBER.sub("", row), True
        else:
            words, bulleted = _unmarked(row)
        found.append((words.strip(), bulleted))
    return found


def _unmarked(row: str) -> tuple[str, bool]:
    words = row = row.lstrip()
    while match := (None if _FORBIDS.match(words) else _PICTURES.match(words)) or _BULLET.match(words):
        words = words[match.end() :]
    bulleted = words != row
    while pictures := _PICTURES_END.search(words):
        words = words[: pictures.start()]
    return words, bulleted


def split_label(text: str) -> tuple[str, str]:
    """`报名截止：周五` → ("报名截止", "周五"), `费用 免费` → ("费用", "免费"); a clock time or a link is no label."""
    text = _unmarked(text)[0] if not _FORBIDS.match(text) else text
    match = _LABEL.match(text)
    if match and not re.search(r"\w", match["text"]):
        return "", text  # a heading with nothing under it is words like any other
    if match and not re.search(r"\d$", match["label"]) and match["label"].lower() not in ("http", "https"):
        return match["label"], match["text"]
    if spaced := lexicon().headings.match(text):
        return spaced[1], text[spaced.end() :]
    return "", text


def labelled_parts(text: str) -> list[tuple[str, str]]:
    """(label, words) of a line; "时间：周六；地点：三楼" holds two."""
    parts = _LABELLED_PART.split(text) if split_label(text)[0] else [text]
    return [split_label(part.strip()) for part in parts if part.strip()]


SALUTATION = re.compile(
    r"^(?:(?:各位|亲爱的|尊敬的)[^，,。！!：:\s]{1,8}|大家好|[^，,。！!：:\s]{1,4}们)(?:好|们好|大家好)?[，,！!：:]\s*(?=\S)"
)
# A mark inside a link or a number ends nothing.
_SENTENCE = re.compile(r"(?:[^。！？!?；;]|[!?;](?=[A-Za-z0-9=&]))+(?:[。！？!?；;]+[”’」』）)]*|$)")


def sentences(text: str) -> list[str]:
    """The sentences of a text, punctuation kept; brackets are not split open."""
    pieces: list[str] = []
    for match in _SENTENCE.finditer(text):
        if pieces and _open_bracket(pieces[-1]):
            pieces[-1] += match[0]
        elif match[0].strip():
            pieces.append(match[0])
    return [piece.strip() for piece in pieces]


def _open_bracket(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("（）", "()", "“”", "《》", "「」"))


def clauses(text: str) -> list[str]:
    """The clauses of a text: split at commas and stops outside brackets and quotes, punctuation dropped."""
    return [clause.text for clause in _punctuated(text)]


def _punctuated(text: str) -> list[Clause]:
    parts, depth, current = [], 0, ""
    for char in text:
        depth += char in "（(《“「【["
        depth -= char in "）)》”」】]"
        if char in "，。；！？,;!?" and depth <= 0:
            parts.append((current, char))
            current = ""
        else:
            current += char
    found: list[Clause] = []
    for words, gap in [*parts, (current, "")]:
        if words.strip():
            found.append(Clause(text=words.strip(), gap=gap))
        elif found:
            found[-1] = Clause(text=found[-1].text, gap=found[-1].gap + gap)
    return found


_SPACE = re.compile(r"(?<=[\u4e00-\u9fff」）】”])[ \u3000]+(?=[\u4e00-\u9fff「（【“])")


def spoken(text: str, now: datetime) -> list[Clause]:
    """The clauses of a text as it was spoken: also at spaces between words, and where it has no punctuation at all."""
    found: list[Clause] = []
    for clause in _punctuated(text):
        parts = [(part.gap, _segments(part.text, now)) for part in _at_spaces(clause.text)]
        pieces = [
            Clause(text=words, gap=gap if last else "")
            for gap, cut in parts
            for last, words in zip([*[False] * (len(cut) - 1), True], cut, strict=True)
        ]
        found += [*pieces[:-1], Clause(text=pieces[-1].text, gap=clause.gap)]
    return found


def _at_spaces(text: str) -> list[Clause]:
    if re.search(r"[（(《“「【\[]", text) and any(_open_bracket(part) for part in _SPACE.split(text)):
        return [Clause(text=text)]
    parts = _SPACE.split(text)
    return [Clause(text=part, gap=" ") for part in parts[:-1]] + [Clause(text=parts[-1])]


def _segments(text: str, now: datetime) -> list[str]:
    """A long clause cut where it turns to another matter: at opening and closing words, and after a value."""
    words = lexicon()
    if len(text) <= words.longer:
        return [text]
    from copilot.facts.values import read_values

    values = read_values(text, now)
    opening = {match.start() for match in words.cuts["before"].finditer(text)}
    cuts = opening | {match.end() for match in words.cuts["after"].finditer(text)}
    cuts |= {
        value.end
        for value in values
        if (value.kind in ("phone", "link", "email") and not words.cuts["goes_on"].search(text[value.end :]))
        or (value.kind in ("quantity", "money") and re.match(r"[\u4e00-\u9fff]{1,4}\d", text[value.end :]))
    }
    taken = [(value.start, value.end) for value in values] + [
        match.span() for match in re.finditer(r"[（(《“「【\[][^）)》”」】\]]*[）)》”」】\]]", text)
    ]
    places = sorted(
        at
        for at in cuts
        if 0 < at < len(text)
        and not any(start < at < end for start, end in taken)
        and not refers_back(text[at : at + words.longer])
    )
    kept = [0]
    for at in places:
        if at - kept[-1] >= words.shortest:
            kept.append(at)
        elif kept[-1] and kept[-1] not in opening:  # a short rest goes with what it follows, an opening opens
            kept[-1] = at
    if len(text) - kept[-1] < words.shortest and len(kept) > 1:
        kept.pop()
    return [text[start:end] for start, end in pairwise([*kept, len(text)])]


def refers_back(clause: str) -> bool:
    """Whether a clause only says of the one before it that it is secret or open: "先别说", "还没定", "财务还没点头"."""
    cues = lexicon().cues
    if clause.startswith(("（", "(")):
        return True
    if cues["unsaid"].search(clause):  # it names what it is about
        return False
    for name in ("internal", "pending"):
        if match := cues[name].search(clause):
            own = cues["pronoun"].sub("", clause[: match.start()])
            if len(own) <= 1 or (name == "pending" and len(own) <= 4 and cues["approval"].search(match[0])):
                return True
    return bool(cues["continues"].search(clause))


_AFTERTHOUGHT = re.compile(
    r"^(?:因为|由于|所以|但|不过|并|且|和|以及|也|还|就|则|即|如果|若|仍|包括|其中|共|请|一共|每)"
)


def matters(pieces: list[Clause]) -> list[list[Clause]]:
    """Clauses grouped at those where the words turn to another matter: "…晚8点，用腾讯会议，报名群里接龙"."""
    from copilot.facts.slots import slot_of

    parts: list[list[Clause]] = []
    last = ""
    for clause in pieces:
        slot = slot_of("", clause.text, ())
        if parts and (slot in ("other", last) or _AFTERTHOUGHT.search(clause.text)):
            parts[-1].append(clause)
        else:
            parts.append([clause])
            last = slot
    return parts


def unfilled(text: str) -> str:
    """A piece of speech without "那个", "然后呢" and the like at its ends."""
    return lexicon().cuts["filler"].sub("", text) or text


_EMPTY = re.compile(rf"[\s{_MARKS}、，。！？!?；;：:,.…~～—–\-*·#|_=]*")


def is_empty(text: str) -> bool:
    """Whether a piece is nothing but pictures and punctuation."""
    return not _EMPTY.sub("", text)
