"""Numbers and accounts that point at one person: telephone, identity card, bank card, mail, messenger, plate …

Each kind has a shape, and most shapes are shared with harmless numbers (orders, parcels, versions).
What decides is the shape's own arithmetic (check digits, a possible birth date) together with the
label right before it; a label of a harmless kind (`none` in the lexicon) always wins.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from copilot.lore import load_yaml


class Found(NamedTuple):
    """Personal data of one type at [start, end) of the original text; `key` is its normal form."""

    type: str
    start: int
    end: int
    key: str


@cache
def privacy_lexicon() -> dict[str, Any]:
    """The contents of `knowledge/wording/privacy.yaml`."""
    data: dict[str, Any] = load_yaml("wording", "privacy.yaml")
    return data


class View:
    """The text as a reader means it: full-width and keycap digits plain, invisible characters gone.

    `numerals` reads Chinese numerals as digits too; both have the same length, and `origin` maps their
    positions back to the original.
    """

    _NUMERALS = str.maketrans("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789")

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        self.origin: list[int] = []
        for at, one in enumerate(text):
            if one > "\x7f" and not "\u3400" <= one <= "\u9fff":
                if unicodedata.category(one) in {"Cf", "Me", "Mn"}:
                    continue
                folded = unicodedata.normalize("NFKC", one)
                one = folded if len(folded) == 1 else one
                one = "-" if one in "‐‑‒–—−－" else one
            characters.append(one)
            self.origin.append(at)
        self.plain = "".join(characters)
        self.numerals = self.plain.translate(self._NUMERALS)
        self.length = len(text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's stretch for the view's."""
        return self.origin[start], self.origin[end - 1] + 1


_SEP = r"[ \-.·]?"
_PHONE = re.compile(
    rf"(?<![\d.])(?:(?:\+|00)?86[ \-]?|\(\+?86\)[ ]?)?(1[3-9]\d(?:{_SEP}\d{{4}}{_SEP}\d{{4}}|[ \-]?\d{{3}}[ \-]?\d{{5}}|(?:[ \-.·]\d){{8}})|1(?:[ \-.·][3-9])(?:[ \-.·]\d){{9}})(?!\d|\.\d|[元块万%])"
)
_LANDLINE = re.compile(r"(?<![\d\-])(?:\+?86[ \-])?(0\d{2,3}(?:-| - |\))\d{7,8})(?![\d\-])")
_ID_CARD = re.compile(r"(?<![\dA-Za-z])([1-9](?:[ \-]?\d){16}[ \-]?[\dXx])(?![\dA-Za-z])")
_OLD_ID_CARD = re.compile(r"(?<![\dA-Za-z])([1-9]\d{14})(?![\dA-Za-z])")
_BANK_CARD = re.compile(r"(?<![\dA-Za-z.])(\d(?:[ \-]?\d){14,18})(?![\dA-Za-z]|\.\d|[ \-]\d)")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])([A-Za-z0-9][A-Za-z0-9._%+\-]{0,63} ?(?:@|\(at\)|\[at\]|#at#) ?(?:[A-Za-z0-9\-]{1,63}\.){1,5}[A-Za-z]{2,12})(?![A-Za-z0-9])"
)
_WXID = re.compile(r"(?<![A-Za-z0-9_])(wxid_[a-z0-9]{6,30})", re.IGNORECASE)
_ACCOUNT = re.compile(r"([A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9_\-@.])")
_QQ = re.compile(r"([1-9]\d{4,10})(?!\d)")
_PASSPORT = re.compile(r"(?<![\dA-Za-z])([EGDSPHMC]\d{8}|[EGDSPKM][A-Z]\d{7}|[HMC]\d{10})(?![\dA-Za-z])", re.IGNORECASE)
_CREDIT_CODE = re.compile(
    r"(?<![\dA-Za-z])([1-9A-GNY][1-9A-G]\d{6}[0-9A-HJ-NPQRTUWXY]{10})(?![\dA-Za-z])", re.IGNORECASE
)
_URL = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff，。！？、）】》\"<>]+", re.IGNORECASE)
_GAP = re.compile(r"(?:[\s:是为号码的(#]|同)*")


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {label.lower(): kind for kind, labels in privacy_lexicon()["labels"].items() for label in labels}
    either = "|".join(re.escape(label) for label in sorted(kinds, key=len, reverse=True))
    return re.compile(either), kinds


@cache
def _plate() -> re.Pattern[str]:
    letters = privacy_lexicon()["plate_letters"]
    return re.compile(
        rf"([{letters}] ?[A-Z][ ·•.\-]{{0,2}}(?=[A-Z]{{0,5}}\d)[A-HJ-NP-Z0-9]{{4,6}}[挂学警港澳领]?)(?![A-Za-z0-9])",
        re.IGNORECASE,
    )


def _label_before(lowered: str, start: int) -> tuple[str | None, bool]:
    """The kind the nearest label before `start` names, and whether it stands right before (only filler between)."""
    pattern, kinds = _labels()
    window_start = max(0, start - 16)
    window = re.split(r"[。!?;\n]", lowered[window_start:start])[-1]
    last = None
    for match in pattern.finditer(window):
        last = match
    if last is None:
        return None, False
    return kinds[last[0]], _GAP.fullmatch(window, last.end()) is not None


def _digits(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()


def _birth(digits: str) -> bool:
    """Whether the eight (or six) digits are a date a living person can be born on."""
    digits = digits if len(digits) == 8 else "19" + digits
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def _id_check(digits: str) -> bool:
    total = sum(int(one) * 2 ** (17 - at) for at, one in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


def _luhn(digits: str) -> bool:
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _credit_check(code: str) -> bool:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(one) * 3**at % 31 for at, one in enumerate(code[:17]))
    return alphabet[(31 - total % 31) % 31] == code[17]


Judge = Callable[[str, str | None, bool], bool]


def _is_phone(value: str, label: str | None, near: bool) -> bool:
    return True


def _is_id_card(value: str, label: str | None, near: bool) -> bool:
    if label in {"CREDIT_CODE", "BANK_CARD"} and near:
        return False
    possible = "11" <= value[:2] <= "91" and _birth(value[6:14])
    return label == "ID_CARD" or (possible and (_id_check(value) or int(value[6:10]) < 2030))


def _is_old_id_card(value: str, label: str | None, near: bool) -> bool:
    return label == "ID_CARD" and _birth(value[6:12])


def _is_bank_card(value: str, label: str | None, near: bool) -> bool:
    return label == "BANK_CARD" or (label != "ID_CARD" and value[0] in "3456" and _luhn(value))


def _is_passport(value: str, label: str | None, near: bool) -> bool:
    return label in {"PASSPORT", "ID_CARD"} or (label is None and value[0] in "EG")


def _is_credit_code(value: str, label: str | None, near: bool) -> bool:
    return label == "CREDIT_CODE" or (not value.isdigit() and _credit_check(value))


_NUMBERS: tuple[tuple[str, re.Pattern[str], Judge], ...] = (
    ("CREDIT_CODE", _CREDIT_CODE, _is_credit_code),
    ("ID_CARD", _ID_CARD, _is_id_card),
    ("PHONE", _PHONE, _is_phone),
    ("PHONE", _LANDLINE, _is_phone),
    ("BANK_CARD", _BANK_CARD, _is_bank_card),
    ("ID_CARD", _OLD_ID_CARD, _is_old_id_card),
    ("PASSPORT", _PASSPORT, _is_passport),
)


def read_identifiers(text: str) -> list[Found]:
    """Every identifier in the text; where two kinds overlap, the one that comes first here is the stronger."""
    view = View(text)
    lowered = view.plain.lower()
    links = [match.span() for match in _URL.finditer(view.plain)]

    def place(kind: str, match: re.Match[str], group: int = 0) -> Found:
        start, end = view.span(*match.span(group))
        return Found(kind, start, end, _digits(match[1]))

    found = [Found("EMAIL", *view.span(*match.span(1)), match[1].lower()) for match in _EMAIL.finditer(view.plain)]
    found += [Found("WECHAT", *view.span(*match.span(1)), match[1].lower()) for match in _WXID.finditer(view.plain)]
    variants = [view.plain] if view.numerals == view.plain else [view.plain, view.numerals]
    for kind, pattern, is_one in _NUMBERS:
        for variant in variants:
            for match in pattern.finditer(variant):
                if any(start <= match.start() < end for start, end in links) or _glued(variant, match.start()):
                    continue
                label, near = _label_before(lowered, match.start())
                if (label == "none" and near) or (kind == "PHONE" and _public_line(lowered, match.start())):
                    continue
                if is_one(_digits(match[1]), label, near):
                    found.append(place(kind, match))
    found += [
        place("PLATE", match, 1)
        for match in _plate().finditer(view.plain)
        if _is_plate(match[1], lowered, match.start())
    ]
    found += _accounts(view, lowered)
    return found


def _glued(text: str, at: int) -> bool:
    """Whether letters stand right before the number and are no label of it: SF13812345678 is a parcel."""
    letters = re.search(r"[A-Za-z]{1,12}$", text[max(0, at - 12) : at])
    return (
        letters is not None
        and letters[0].lower() not in _labels()[1]
        and letters[0].lower() not in {"v", "vx", "wx", "t"}
    )


def _public_line(lowered: str, at: int) -> bool:
    """Whether the number is an organisation's line, which is meant to be known."""
    before = lowered[max(0, at - 8) : at]
    return (
        re.search(rf"(?:{'|'.join(privacy_lexicon()['public_lines'])})[\w\s:]{{0,4}}$", before) is not None
        and lowered[at : at + 1] != "1"
    )


def _is_plate(value: str, lowered: str, at: int) -> bool:
    body = re.sub(r"[ ·•.\-]", "", value)
    digits = sum(one.isdigit() for one in body)
    label = _label_before(lowered, at)[0]
    return (
        7 <= len(body) <= 9
        and label != "none"
        and (label == "PLATE" or value[1:].isupper() or digits >= 3)
        and bool(digits)
    )


def _accounts(view: View, lowered: str) -> Iterator[Found]:
    """Messenger accounts: nothing but their label tells them apart."""
    pattern, kinds = _labels()
    for match in pattern.finditer(lowered):
        kind = kinds[match[0]]
        if kind not in {"WECHAT", "QQ"} or (
            match[0][0].isascii()
            and lowered[match.start() - 1 : match.start()].isalnum()
            and lowered[match.start() - 1].isascii()
        ):
            continue
        gap = re.compile(r"(?:号码?)?[ \t]{0,2}(?:[:=是为]|id|账号){0,3}[ \t]{0,2}").match(lowered, match.end())
        start = gap.end() if gap else match.end()
        if value := _QQ.match(view.plain, start):
            yield Found(kind, *view.span(*value.span(1)), value[1])
        elif kind == "WECHAT" and (value := _ACCOUNT.match(view.plain, start)):
            said = (
                match[0].endswith("号")
                or ":" in lowered[match.end() : start]
                or match[0] not in {"微信", "wechat", "weixin"}
            )
            if said or re.search(r"[0-9_\-]", value[1]):
                yield Found(kind, *view.span(*value.span(1)), value[1].lower())
