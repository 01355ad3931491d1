"""Numbers with what they count: money, durations, percentages, quantities, and numbers that stand alone.

`amount_patterns` finds a number and the unit after it; `knowledge/units.yaml` says what the unit makes of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.facts.amount_patterns import Unit, patterns, unit_words, units
from copilot.facts.numerals import DIGITS, parse_number, parse_span, plain
from copilot.facts.spelling import mask
from copilot.records import FactKind


@dataclass(frozen=True)
class Amount:
    """One amount read. `unit` is empty for a number alone; `per` is what a price is for."""

    kind: FactKind
    start: int
    end: int
    canonical: str
    unit: str = ""
    number: str = ""
    per: str = ""
    soft: bool = False


def find_amounts(folded: str) -> list[Amount]:
    """The amounts of a folded text in order, apart from each other."""
    forms = patterns()
    found: list[Amount] = []

    def take(text: str, amounts: list[Amount]) -> str:
        """Keep the amounts that don't run into one before them, and make their words unreadable."""
        kept: list[Amount] = []
        for one in amounts:
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        found.extend(kept)
        return mask(text, [(one.start, one.end) for one in kept])

    text = mask(folded, [match.span() for match in forms.numbering.finditer(folded)])
    text = take(text, [share for match in forms.shares.finditer(text) if (share := _share(match)) is not None])
    text = take(text, [money for match in forms.priced.finditer(text) if (money := _priced(match, text)) is not None])
    text = take(text, [one for match in forms.listed.finditer(text) for one in _listed(match)])
    text = take(text, [one for match in forms.compound.finditer(text) if (one := _compound(match)) is not None])
    text = mask(text, [match.span() for match in forms.idioms.finditer(text)])
    text = take(text, [_vague(match) for match in forms.vague.finditer(text)])
    text = take(text, [one for match in forms.amount.finditer(text) if (one := _amount(match, text)) is not None])
    text = take(
        text, [one for match in forms.english_ordinal.finditer(text) if (one := _english_ordinal(match)) is not None]
    )
    text = take(
        text,
        [
            _ordinal(match, number)
            for match in forms.ordinal.finditer(text)
            if (number := parse_number(match["n"])) is not None
        ],
    )
    take(text, [one for match in forms.bare.finditer(text) if (one := _bare(match)) is not None])
    return list(_joined(folded, sorted(found, key=lambda one: one.start)))


def _ordinal(match: re.Match[str], number: Decimal) -> Amount:
    """第二 with nothing counted; 第一 is mostly a way of speaking."""
    return Amount("quantity", *match.span(), f"第{plain(number)}", soft=match["n"] == "一")


def _share(match: re.Match[str]) -> Amount | None:
    """Percentages, fractions, discounts and ratios."""
    span = match.span()
    if text := match["percent"]:
        rates = [
            plain(number)
            for piece in re.split(r"-{1,2}|~|至|到", text[:-1])
            if (number := parse_number(piece)) is not None
        ]
        return Amount("percent", *span, "-".join(rates) + text[-1], unit=text[-1], number="-".join(rates))
    if text := match["of100"]:
        whole, _, decimals = text.partition("点")
        number = parse_number(whole)
        if number is None:
            return None
        return Amount(
            "percent",
            *span,
            f"{plain(number)}{'.' + ''.join(str(DIGITS.get(char, 0)) for char in decimals) if decimals else ''}%",
        )
    if match["den"] or match["x"]:
        top, bottom = parse_number(match["num"] or match["x"]), parse_number(match["den"] or match["y"])
        return Amount("percent", *span, f"ratio:{plain(top)}/{plain(bottom)}") if top is not None and bottom else None
    if match["half"]:
        return Amount("percent", *span, "discount:0.5")
    if text := match["off"]:
        numbers = [
            number / (10 if number < 10 else 100)
            for piece in (match["low"], text)
            if piece and (number := parse_number(piece))
        ]
        return Amount("percent", *span, "discount:" + "-".join(map(plain, numbers))) if numbers else None
    if text := match["tenth"]:
        return Amount("percent", *span, f"{plain((parse_number(text) or Decimal(0)) * 10)}%")
    return Amount("quantity", *span, f"ratio:{int(match['left'])}:{int(match['right'])}")


def _per(text: str, start: int, end: int) -> tuple[str, int, int]:
    """What a price is for, and the span of the price with it: 39元/人, 39元一位, 每人39元."""
    if (match := patterns().per.match(text, end)) is not None:
        return _per_name(match["per"]), start, match.end()
    if (match := _PER_BEFORE.search(text, max(0, start - 6), start)) is not None:
        return _per_name(match["per"]), match.start(), end
    return "", start, end


_PER_BEFORE = re.compile(r"(?:每个?(?P<per>人|位|名|份|月|年|次|天|场|节|群|单|小时|张|件)|人均)\s?[:为]?\s?\Z")


def _per_name(word: str | None) -> str:
    return units()[word].name if word in units() and units()[word].kind == "quantity" else word or "人"


def _money(text: str, start: int, end: int, currency: str, numbers: list[Decimal], *, plus: bool) -> Amount:
    if not plus and (match := re.compile(r"起(?!送|订|拼|步)").match(text, end)):
        plus, end = True, match.end()
    per, start, end = _per(text, start, end)
    number = "-".join(plain(number) for number in numbers)
    return Amount(
        "money",
        start,
        end,
        f"{currency}:{number}{'+' if plus else ''}{'/' + per if per else ''}",
        currency,
        number,
        per,
    )


def _priced(match: re.Match[str], text: str) -> Amount | None:
    """A number behind a currency sign or a word for prices."""
    low, high = match["a"] or match["c"] or match["e"] or match["f"], match["b"] or match["d"]
    numbers = [number for piece in (low, high) if piece and (number := parse_number(piece)) is not None]
    currency = unit_words()["symbols"][match["symbol"]] if match["symbol"] else "CNY"
    start = match.start("symbol") if match["symbol"] else max(match.start(name) for name in "cef")
    return _money(text, start, match.end(), currency, numbers, plus=bool(match["plus"])) if numbers else None


def _listed(match: re.Match[str]) -> Iterator[Amount]:
    """1/2/3群: three amounts; the last one's span holds the unit."""
    unit, position = units()[match["unit"]], match.start("list")
    pieces = re.split(r"[/、]", match["list"])
    for index, piece in enumerate(pieces):
        end = match.end() if index == len(pieces) - 1 else position + len(piece)
        number = parse_number(piece)
        if number is not None:
            yield _with_unit(unit, (position, end), plain(number * unit.factor))
        position += len(piece) + 1


def _with_unit(unit: Unit, span: tuple[int, int], number: str, *, soft: bool = False) -> Amount:
    canonical = f"{unit.name}:{number}" if unit.kind == "money" else f"{number}{unit.name}"
    return Amount(unit.kind, *span, canonical, unit.name, number, soft=soft)


def _compound(match: re.Match[str]) -> Amount | None:
    """2小时30分 and 3块5."""
    if match["yuan"]:
        number = plain((parse_number(match["yuan"]) or Decimal(0)) + Decimal(match["jiao"]) / 10)
        return Amount("money", *match.span(), f"CNY:{number}", "CNY", number)
    hours, minutes = parse_number(match["h"]), parse_number(match["m"])
    if hours is None or minutes is None:
        return None
    return _with_unit(Unit("duration", "min", Decimal(1)), match.span(), plain(hours * 60 + minutes))


def _amount(match: re.Match[str], text: str) -> Amount | None:
    unit, words = units()[match["unit"]], match["a"]
    if text[match.start("unit") - 1] == " " and text[match.end("unit") : match.end("unit") + 1].isdigit():
        return None  # 群1 群2
    low, high = (Decimal("0.5"), None) if words == "半" else _ends(words)
    if low is None:
        return None
    if words == "半" and unit.kind != "duration":
        return None
    if words == "半" and match.start() and text[match.start() - 1] in "上下前后大过多一":
        return None
    if match["b"]:
        high = parse_number(match["b"])
        low = low * _shared_scale(words, match["b"])
    if match["tail"] and unit.kind == "duration":
        low += Decimal("0.5")
    end = match.end() if unit.kind == "duration" else match.end("unit")
    numbers = [number * unit.factor for number in (low, high) if number is not None]
    more = bool(match["more2"] or match["more"])
    if unit.kind == "money":
        return _money(text, match.start(), end, unit.name, numbers, plus=more)
    number = "-".join(plain(number) for number in numbers) + ("+" if more else "")
    if match["th"]:
        ends = "-".join(plain(one) for one in (low, high) if one is not None)
        return Amount("quantity", match.start(), end, f"第{ends}{_ordinal_unit(match['unit'])}", unit.name, number)
    return _with_unit(unit, (match.start(), end), number, soft=_is_soft(words, match["unit"], unit))


def _ordinal_unit(word: str) -> str:
    unit = units()[word]
    return unit.name if unit.kind == "quantity" else word


def _ends(words: str) -> tuple[Decimal | None, Decimal | None]:
    """The number, or both ends of an approximate one (三五, 二三十)."""
    if words.endswith("半") and (whole := parse_number(words.rstrip("半").rstrip("个年"))) is not None:
        return whole + Decimal("0.5"), None
    return parse_span(words) or (parse_number(words), None)


def _shared_scale(low: str, high: str) -> Decimal:
    """In 3-5万 the 万 belongs to both."""
    return (
        Decimal(10_000 if high[-1] in "万wW" else 1)
        if low[-1] not in "千万亿kKwW" and high[-1] in "万wW"
        else Decimal(1)
    )


def _is_soft(words: str, word: str, unit: Unit) -> bool:
    soft = unit_words()["soft"]
    if unit.kind == "duration":
        return words + word in soft["durations"]
    counted = {"一": soft["one"], "一两": soft["one"], "两": soft["two"]}.get(words, ())
    return unit.name in counted and word not in soft["exact_words"]


def _vague(match: re.Match[str]) -> Amount:
    """几百人, 上千条: a size without a number, but still a claim."""
    unit = units()[match["unit"]]
    size = Decimal(10) if match["teens"] else parse_number("一" + match["size"])
    return _with_unit(unit, match.span(), f"~{plain(size or Decimal(0))}")


def _english_ordinal(match: re.Match[str]) -> Amount | None:
    return Amount(
        "quantity",
        *match.span(),
        unit_words()["ordinals"][match["word"].lower()].format(int(match["n"])),
        number=match["n"],
    )


def _bare(match: re.Match[str]) -> Amount | None:
    if match["words"]:
        number = parse_number(match["words"])
        return (
            Amount("quantity", *match.span(), f"n:{plain(number)}", number=plain(number))
            if number is not None
            else None
        )
    numbers = [
        plain(number) for piece in (match["a"], match["b"]) if piece and (number := parse_number(piece)) is not None
    ]
    number_text = "-".join(numbers) + ("+" if match["more"] or match["more2"] else "")
    return Amount("quantity", *match.span(), f"n:{number_text}", number=number_text)


_BETWEEN = re.compile(r"\s?(?:-{1,2}|~|至|到)\s?")


def _joined(folded: str, amounts: list[Amount]) -> Iterator[Amount]:
    """Two amounts of one unit with a range sign between are one: 3人-5人, 39元~59元."""
    last: Amount | None = None
    for amount in amounts:
        if (
            last is not None
            and (last.kind, last.unit) == (amount.kind, amount.unit)
            and last.unit
            and last.number
            and "-" not in last.number + amount.number
            and _BETWEEN.fullmatch(folded, last.end, amount.start)
        ):
            number = f"{last.number}-{amount.number}"
            last = replace(
                last,
                end=amount.end,
                number=number,
                canonical=amount.canonical.replace(amount.number, number, 1),
                per=amount.per,
            )
            continue
        if last is not None:
            yield last
        last = amount
    if last is not None:
        yield last
