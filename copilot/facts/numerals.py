"""Numbers as people write them: 1,200 · 3.9万 · 5k · 三十九 · 两百零五 · 二〇二四 · 十几 · 一万二."""

import re
from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
BIG = {"万": 10_000, "亿": 100_000_000}
SUFFIXES = {"k": 1000, "w": 10_000, "十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?(?:\s?(?:百|千|万|亿)(?!一)|[kKwW](?![A-Za-z0-9]))?"
CHINESE = r"[零〇一二两三四五六七八九十百千万亿廿卅]{1,12}"
NUMBER = rf"(?:{ARABIC}|{CHINESE})"

_ARABIC = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s?([百千万亿kKwW]?)")


def plain(number: Decimal) -> str:
    """A number without exponent or trailing zeros: `39.90` → `39.9`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str) -> Decimal | None:
    """The number a numeral stands for (Arabic or Chinese, one of them whole), or None when it is not one."""
    text = text.strip()
    if match := _ARABIC.fullmatch(text):
        return Decimal(match[1].replace(",", "")) * SUFFIXES.get(match[2].lower(), 1)
    return _chinese(text.replace("廿", "二十").replace("卅", "三十"))


def parse_span(text: str) -> tuple[Decimal, Decimal] | None:
    """The ends of an approximate numeral of two neighbouring digits: 三五 → 3, 5; 二三十 → 20, 30; else None."""
    match = re.fullmatch(r"(十?)([一二两三四五六七八九])([二两三四五六七八九])([十百千万]?)", text)
    if not match:
        return None
    low, high = DIGITS[match[2]], DIGITS[match[3]]
    if not 0 < high - low <= 2 or (match[1] and match[4]):
        return None
    unit, base = (TENS | BIG).get(match[4], 1), 10 if match[1] else 0
    return Decimal(base + low * unit), Decimal(base + high * unit)


def _chinese(text: str) -> Decimal | None:
    """三千零五 and the like; digit strings (二〇二四) read by position; 万 and 亿 alone are words, not numbers."""
    if not text or any(char not in DIGITS and char not in TENS and char not in BIG for char in text):
        return None
    if all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    total = section = digit = 0
    last_unit, pending = 1, False
    for char in text:
        if char in DIGITS:
            if pending and digit:
                return None
            digit, pending = DIGITS[char], True
            if char in "零〇":
                last_unit, pending = 1, False
            continue
        if char in TENS:
            if not pending and char != "十":
                return None
            section += (digit if pending else 1) * TENS[char]
            last_unit = TENS[char]
        else:
            if not (section or pending or total):
                return None
            total = (total + section + digit) * BIG[char] if char == "亿" else total + (section + digit) * BIG[char]
            section, last_unit = 0, BIG[char]
        digit, pending = 0, False
    # 一万二 means 12,000 and 三百五 means 350, but 三百零五 is 305 and 二十五 is 25.
    return Decimal(total + section + digit * (last_unit // 10 if last_unit > 10 else 1))
