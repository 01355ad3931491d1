"""Members' words made fit to be shown: what points at one person is hidden, everything else stays as it was said."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from copilot.facts.addresses import read_addresses
from copilot.facts.names import read_names
from copilot.facts.personal_identifiers import Found, privacy_lexicon, read_identifiers
from copilot.lore import load_yaml

LONGEST_EXCERPT = 48
_LONGEST = 8000  # characters that are looked at; nothing behind them is shown
_SHOWN_AS = "【已隐去:{kind}】"
# What any finder needs at least: many digits, a sign of mail, an account or key, a house, a name or day that is labelled.
_MAY_POINT = re.compile(
    r"(?:[0-9０-９][ \-.·]?){5}|(?:[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖][ \-.·]?){7}|[@＠]|\[位置|[\u0e00-\u1fff\u20d0-\u20ff]"
    r"|[A-Za-z](?=[\w-]{0,40}[0-9_-])[\w-]{4}|(?i:微信|[薇威]信|[vw]x|v信|wechat|qq|扣扣|账号|帐号|加[v微薇]|[码号卡证]|密钥|令牌|密码|口令|token|key|passw|pwd)[\s::是为=]{0,4}[A-Za-z0-9]{3}"
    r"|[0-9一二三四五六七八九十](?:[栋幢座室弄]|号[楼院0-9])|[路街巷弄道里苑园][0-9]|[\u4e00-\u9fff] ?[A-Z][ ·•.\-]{0,2}[A-Z0-9]{4}"
    r"|(?:户名|[收联][件货系]人?|姓名|[真实]名|[名我]叫|[宝娃孩女儿小老闺家].{0,5}叫|生日|出生|生的|生于|医院|妇幼|卫生院|[一二三]院)"
)
_NUMBERS = frozenset({"手机号", "电话号码", "身份证号", "银行卡号", "证件号", "护照号", "个人住址"})
_LINK = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff，。！？、）】》\"<>]+", re.IGNORECASE)
_MENTION = re.compile(r"@[^\s\u2005@]{1,24}[\s\u2005]?")
_MEDIA = re.compile(r"!?\[[^\[\]\n]{1,8}\](?:\([^)\s]*\))?")


class Private(NamedTuple):
    """Something private at [start, end) of a text: its kind in words."""

    kind: str
    start: int
    end: int


@cache
def _hard() -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries = load_yaml("chat_private.yaml")["hard"]
    return tuple((entry["kind"], re.compile(entry["find"])) for entry in entries)


@cache
def _soft() -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries = load_yaml("chat_private.yaml")["soft"]
    return tuple((entry["kind"], re.compile(entry["find"])) for entry in entries)


@lru_cache(maxsize=1 << 13)
def find_private(text: str) -> tuple[Private, ...]:
    """What in the text points at one person, in order and without overlaps.

    Names are counted only beside a number or an address: alone they are how people call each other.
    """
    if not _MAY_POINT.search(text):
        return ()
    text = text[:_LONGEST]
    found = [*_numbers(text), *_patterns(text)]
    if any(one.kind in _NUMBERS for one in found):
        names = [name for name in read_names(text) if name.kind == "full"]
        found += [Private("姓名", name.start, name.end) for name in names]
    taken: list[Private] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not taken or one.start >= taken[-1].end:
            taken.append(one)
        elif one.end > taken[-1].end:
            taken[-1] = taken[-1]._replace(end=one.end)
    return tuple(taken)


@lru_cache(maxsize=1 << 13)
def soft_kinds(text: str) -> tuple[str, ...]:
    """The kinds of delicate things the text tells that are no identifier: health, household."""
    lowered = text[:_LONGEST].lower()
    return tuple(kind for kind, pattern in _soft() if pattern.search(lowered))


def mask(text: str, *, links: bool = False) -> str:
    """The text with phones, ids, cards, mails, accounts, keys … replaced by 【已隐去:…】; with `links`, links as well."""
    pieces, at = [], 0
    for one in find_private(text):
        pieces += [text[at : one.start], _SHOWN_AS.format(kind=one.kind)]
        at = one.end
    masked = "".join([*pieces, text[at:]]) if len(text) <= _LONGEST else "".join([*pieces, text[at:_LONGEST]])
    return _LINK.sub(_SHOWN_AS.format(kind="链接"), masked) if links else masked


@lru_cache(maxsize=1 << 13)
def excerpt(text: str, longest: int = LONGEST_EXCERPT) -> str:
    """The gist of a message in its sender's own words: masked, without calls and pictures, cut at a clause."""
    plain = mask(_MEDIA.sub("", _MENTION.sub("", text)).strip(), links=True)
    plain = " ".join(plain.split())
    if len(plain) <= longest:
        return plain
    cut = max(
        (match.end() for match in re.finditer(r"[，,。！!？?；;、 ]", plain[:longest]) if match.end() > longest // 3),
        default=longest,
    )
    opened = plain.rfind("【", 0, cut)
    if opened > plain.rfind("】", 0, cut):  # never through what stands for something hidden
        cut = plain.find("】", opened) + 1
    return plain[:cut].rstrip("，,、；; ") + "…"


def _numbers(text: str) -> Iterator[Private]:
    names = {kind: entry["name"] for kind, entry in privacy_lexicon()["types"].items()}
    order = list(names)  # where two kinds fit, the lexicon's first is the stronger
    found: list[Found] = [*read_identifiers(text), *read_addresses(text)]
    for one in sorted(found, key=lambda one: order.index(one.type)):
        yield Private("手机号" if one.type == "PHONE" else names[one.type], one.start, one.end)


def _patterns(text: str) -> Iterator[Private]:
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered: then places would not fit
        lowered = text
    for kind, pattern in _hard():
        for match in pattern.finditer(lowered):
            yield Private(kind, *match.span(1))
