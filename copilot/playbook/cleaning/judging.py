"""What kind of junk one line or sentence is, by itself: its wording and its shape."""

import re

from copilot.playbook.cleaning.lines import Line, junk, pairs, pattern, patterns

_LONGEST_FRAGMENT = 160
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEAST_LATIN = 4
_BESIDE_DATE = 8


def closing(sentence: str) -> str | None:
    """Whether a sentence takes leave of the reader (`sign_off`) or asks to follow the page (`promotion`)."""
    leaving = pattern("sign_off", "sure").search(sentence)
    address = pattern("promotion", "address").search(sentence)
    if not (leaving or address) or pattern("sign_off", "unless").search(sentence):
        return None
    if address and not pattern("promotion", "unless").search(sentence):
        acts = pattern("promotion", "channel").search(sentence) and pattern("promotion", "act").search(sentence)
        if acts or len(set(pattern("promotion", "applause").findall(sentence))) > 1:
            return "promotion"
    return "sign_off" if leaving else None


def legal_signs(text: str) -> int:
    """How many kinds of legal wording a line has; 0 where it is somebody's advice on the matter."""
    if pattern("legal", "certain").search(text):
        return 9
    if pattern("legal", "unless").search(text):
        return 0
    return sum(1 for sign in patterns("legal", "signs") if sign.search(text))


def certain_kind(line: Line) -> str | None:
    """The kind of a line that is junk wherever it stands."""
    if _is_code(line.text):
        return "code"
    if len(line.text) <= _LONGEST_FRAGMENT:
        for kind in ("caption", "byline", "navigation"):
            if pattern("lines", kind).fullmatch(line.text):
                return kind
    return "legal" if not line.numbering and legal_signs(line.text) > 1 else None


def edge_kind(line: Line) -> str | None:
    """The kind of a line that is junk at the edge of a page."""
    text = line.text
    if line.is_hash_heading:
        return None
    if len(text) <= _LONGEST_FRAGMENT:
        for kind in junk().edges:
            if pattern("edges", kind).fullmatch(text):
                return kind
        if text in junk().labels:
            return "label"
        if found := byline_kind(line) or _query_kind(text):
            return found
        if legal_signs(text) and pattern("legal", "page").search(text) and not line.is_item:
            return "legal"
    speaker = pattern("fraud", "impostor").search(text) or pattern("fraud", "self").search(text)
    return "fraud" if speaker and pattern("fraud", "harm").search(text) and not line.is_item else None


def byline_kind(line: Line) -> str | None:
    """A line of fields, dates and counters with hardly anything else in it."""
    if len(line.text) > 90 or "。" in line.text or line.numbering:
        return None
    rest, dates = pattern("byline", "date").subn(" ", line.text)
    found = 0
    for part in ("place", "counter", "field", "loose"):
        rest, times = pattern("byline", part).subn(" ", rest)
        found += times
    rest = re.sub(r"[\s|·/:丨,.\d\[\]()+-]+", "", rest)
    return "byline" if found and len(rest) <= 4 * (found + dates) else None


def dated_kind(line: Line) -> str | None:
    """A date with its year and hardly anything else."""
    found = pattern("byline", "date").search(line.text)
    dated = found and found[0][:4].isdigit() and len(line.text) - len(found[0]) <= _BESIDE_DATE
    return "byline" if dated else None


def _query_kind(text: str) -> str | None:
    """A title written for search engines: phrases with blanks between them that say the same thing again."""
    phrases = text.split(" ")
    if (
        len(phrases) < 2
        or any(not 3 <= len(phrase) <= 16 for phrase in phrases)
        or re.search(r"[,。:;!?、>|#\da-zA-Z()]", text)
    ):
        return None
    return "query" if set.intersection(*map(pairs, phrases)) else None


def _is_code(text: str) -> bool:
    sample = text[:2000]
    if len(_LATIN.findall(sample)) < _LEAST_LATIN or len(_HAN.findall(sample)) > 0.2 * len(sample):
        return False
    if pattern("code", "sql").search(text):
        return True
    signs = sum(1 for sign in patterns("code", "signs") if sign.search(text))
    return signs > 1 or bool(pattern("code", "inline").fullmatch(text))
