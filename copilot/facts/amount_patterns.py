"""How amounts are written: the units of `knowledge/units.yaml` and the patterns made of them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from copilot.facts.numerals import ARABIC, CHINESE, NUMBER
from copilot.lore import load_yaml
from copilot.records import FactKind


@dataclass(frozen=True)
class Unit:
    """What a word after a number means: the kind of value, the base unit, and how many of it the word is."""

    kind: FactKind
    name: str
    factor: Decimal


@cache
def unit_words() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("units.yaml")
    return data


@cache
def units() -> dict[str, Unit]:
    """Every word that may stand after a number."""
    words = unit_words()
    table = {word: Unit("quantity", names[0], Decimal(1)) for names in words["quantity"] for word in names}
    for kind in ("duration", "money"):
        table |= {
            word: Unit(kind, base, Decimal(str(factor)))
            for base, entry in words[kind].items()
            for word, factor in entry.items()
        }
    return table


@dataclass(frozen=True)
class Patterns:
    """One pattern for each way of writing an amount, in the order they are tried."""

    idioms: re.Pattern[str]
    numbering: re.Pattern[str]
    shares: re.Pattern[str]
    priced: re.Pattern[str]
    listed: re.Pattern[str]
    compound: re.Pattern[str]
    amount: re.Pattern[str]
    vague: re.Pattern[str]
    ordinal: re.Pattern[str]
    english_ordinal: re.Pattern[str]
    bare: re.Pattern[str]
    per: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """The patterns, compiled once."""
    words = unit_words()
    ordered = sorted(units(), key=lambda word: (-len(word), word))
    guards = {word: f"(?!{then})" for word, then in words["not_units"].items()}
    unit = (
        "(?:"
        + "|".join(re.escape(word) + ("(?![A-Za-z])" if word.isascii() else guards.get(word, "")) for word in ordered)
        + ")"
    )
    counted = "(?:" + "|".join(re.escape(word) for word in ordered if units()[word].kind != "money") + "|月|天|日|号)"
    symbol = "|".join(re.escape(word) for word in sorted(words["symbols"], key=len, reverse=True))
    # Looking at the first character before anything else makes reading plain prose twice as fast.
    numeral = "[0-9零〇一二两三四五六七八九十百千万亿廿卅半第]"
    start = rf"(?={numeral})(?<![0-9A-Za-z_.])"
    separator = r"\s?(?:-{1,2}|~|至|到)\s?"
    more = r"(?:\+|多|余|来)"
    return Patterns(
        idioms=re.compile("|".join(words["not_numbers"])),
        numbering=re.compile(
            r"(?m)^[ \t>*#-]{0,8}(?:\(?[0-9]{1,2}\)|[0-9]{1,2}(?:[.、](?![0-9])|\ufe0f?\u20e3)|\(?[一二三四五六七八九十]{1,3}(?:\)|[、.:])|第[一二三四五六七八九十]{1,3}[,，、:])"
            r"|(?<=[\s;；。，,:])[0-9]{1,2}[、)](?![0-9])|[0-9]\ufe0f?\u20e3|第[一二三四五六七八九十]{1,2}[，,、:]"
        ),
        shares=re.compile(
            rf"(?={numeral})(?:(?P<percent>{start}{ARABIC}(?:{separator}{ARABIC})?\s?[%‰])|百分之(?P<of100>{NUMBER}(?:点{CHINESE})?)|(?P<den>{CHINESE})分之(?P<num>{CHINESE})"
            rf"|{start}(?P<x>[0-9]{{1,2}})/(?P<y>[0-9]{{1,2}})(?=的|处)|{start}(?:(?P<low>[0-9](?:\.[0-9])?){separator})?(?P<off>(?:[0-9]{{1,2}}(?:\.[0-9])?|[一二三四五六七八九]{{1,2}}))折(?!扣|叠|返|腾|磨|射)|(?P<half>半价)"
            rf"|{start}(?P<tenth>[0-9]|[一二三四五六七八九])成(?=[的以多左新用人参]|$|[\s，。,;；、!！)])|{start}(?P<left>[0-9]{{1,4}}):(?P<right>[0-9]{{1,4}})(?![0-9:]))"
        ),
        priced=re.compile(
            rf"(?:(?P<symbol>{symbol})\s?(?P<a>{ARABIC})(?P<plus>\+|起(?!送|订|拼|步))?(?:{separator}(?:{symbol})?\s?(?P<b>{ARABIC}))?(?:\s?元)?"
            rf"|{words['price_words']}\s?[:为是]?\s?(?P<c>{ARABIC})(?:{separator}(?P<d>{ARABIC}))?(?![0-9.A-Za-z%折月]|\s?{unit}|{separator}[0-9])"
            rf"|{start}(?P<e>{ARABIC})(?={words['price_after']})|{start}(?P<f>[0-9]+\.[0-9]{{1,2}})(?=起))"
        ),
        listed=re.compile(rf"{start}(?P<list>{ARABIC}(?:[/、]{ARABIC}){{1,20}})\s?(?P<unit>{unit})"),
        compound=re.compile(
            rf"{start}(?P<h>{NUMBER})\s?(?:个?小时|个?钟头|h(?![A-Za-z]))零?\s?(?P<m>{NUMBER})\s?(?:分钟|分(?!享)|min)|{start}(?P<yuan>{ARABIC})块(?P<jiao>[1-9])(?![0-9])"
        ),
        amount=re.compile(
            rf"{start}(?:(?P<th>第)\s?)?(?P<a>半|{NUMBER}(?:(?:个|年)?半(?=个?月|个?小时|天|年))?)(?P<more>{more})?"
            rf"(?:{separator}(?P<b>{NUMBER})(?P<more2>{more})?)?\s?(?P<unit>{unit})(?P<tail>半(?!价|折|夜|天|小时|场))?"
        ),
        vague=re.compile(
            rf"(?:(?P<teens>十几)|(?:好几|[几数近超过]|(?<!以)上)(?P<size>[十百千]万|[十百千万]))(?P<unit>{unit})"
        ),
        ordinal=re.compile(rf"第\s?(?P<n>{NUMBER})(?!\s?{unit})(?![十百千万])"),
        english_ordinal=re.compile(
            rf"(?i)(?<![A-Za-z0-9])(?P<word>{'|'.join(words['ordinals'])})\.?\s?(?P<n>[0-9]{{1,4}})(?![0-9A-Za-z])"
        ),
        bare=re.compile(
            rf"{start}(?P<a>{ARABIC})(?P<more>\+|多|余)?(?:{separator}(?P<b>{ARABIC})(?P<more2>\+)?)?(?!\.?[0-9A-Za-z_])"
            r"|(?<![零〇一二三四五六七八九十百千万])(?P<words>[一二三四五六七八九](?:[十百千万][零一二三四五六七八九]){1,4}[十百]?)(?![零〇一二三四五六七八九十百千万])"
        ),
        per=re.compile(rf"\s?(?:/|每|一)\s?(?P<per>{counted})(?![一-鿿]*[0-9])"),
    )
