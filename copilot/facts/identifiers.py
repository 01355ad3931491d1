"""Links, mail addresses, phone numbers, accounts and version numbers: values that are read as they stand."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from copilot.facts.spelling import mask
from copilot.lore import load_yaml
from copilot.records import FactKind


@dataclass(frozen=True)
class Identifier:
    """One such value; `label` says whether words before it called it an id."""

    kind: FactKind
    start: int
    end: int
    canonical: str


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("identifiers.yaml")
    return data


@cache
def _ordinary() -> re.Pattern[str]:
    return re.compile(_words()["ordinary"], re.IGNORECASE)


@cache
def _patterns() -> tuple[tuple[FactKind, str, re.Pattern[str]], ...]:
    domains, labels = "|".join(_words()["domains"]), "|".join(_words()["labels"])
    start, rest = r"(?<![0-9A-Za-z.@_-])", r"[A-Za-z0-9_.~:/?#@$&*+=%-]"
    patterns: tuple[tuple[FactKind, str, str], ...] = (
        ("link", "link", rf"(?:https?|ftp|weixin|wxwork)://{rest}{{1,2000}}"),
        (
            "email",
            "email",
            rf"{start}[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}@(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}[A-Za-z]{{2,20}}",
        ),
        (
            "link",
            "link",
            rf"{start}(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}(?:{domains})(?![A-Za-z0-9-])(?::[0-9]{{2,5}})?(?:[/?]{rest}{{0,2000}})?",
        ),
        ("link", "ip", r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])(?::[0-9]{2,5})?"),
        (
            "phone",
            "phone",
            r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9][0-9][- ]?(?:[0-9]{4}|\*{4})[- ]?[0-9]{4}(?![0-9A-Za-z])",
        ),
        (
            "phone",
            "phone",
            r"(?<![0-9A-Za-z.-])(?:400|800)(?:-[0-9]{3}-[0-9]{4}|-[0-9]{4}-[0-9]{3}|-[0-9]{7}|[0-9]{7}| [0-9]{3} [0-9]{4}| [0-9]{4} [0-9]{3})(?![0-9-])",
        ),
        (
            "phone",
            "phone",
            r"(?<![0-9A-Za-z.-])(?:\(0[0-9]{2,3}\) ?|0[0-9]{2,3}[- ])[0-9]{3,4}[- ]?[0-9]{4}(?:-[0-9]{1,4})?(?![0-9-])",
        ),
        ("phone", "phone", r"\+[0-9]{1,3}[ -]?(?:[0-9]{2,4}[ -]?){2,4}[0-9]{2,4}(?![0-9])"),
        (
            "account",
            "labelled",
            rf"(?<![A-Za-z])(?:{labels})[ \t]{{0,3}}(?P<said>[:#]|是|为)?[ \t]{{0,3}}(?<![A-Za-z])(?P<id>[A-Za-z0-9](?:[A-Za-z0-9_]|[- ](?=[0-9])|-(?=[A-Za-z])){{1,40}})(?![0-9.]*(?:[年月日号人名位元块个%]|小时|分钟))",
        ),
        ("account", "grouped", r"(?<![0-9A-Za-z.-])[0-9]{3}(?:-[0-9]{3}-|[ ][0-9]{3}[ ])[0-9]{3,4}(?![0-9-])"),
        (
            "version",
            "version",
            r"(?<![0-9A-Za-z.])[vV][ ]?(?P<id>[0-9]{1,4}(?:\.[0-9]{1,4}){0,3})(?![0-9A-Za-z])(?:版本?)?",
        ),
        (
            "version",
            "version",
            r"(?<![0-9A-Za-z.])(?!(?:19|20)[0-9]{2}\.[0-9]{1,2}\.[0-9]{1,2}(?![0-9.]))(?P<id>[0-9]{1,4}(?:\.[0-9]{1,4}){2})(?![0-9]|\.[0-9])(?:版本?)?",
        ),
        ("version", "version", r"(?<![0-9A-Za-z.])(?P<id>[0-9]{1,3}\.[0-9]{1,3})版本?"),
        ("version", "version", r"版本号?[ \t]{0,2}[:是为]?[ \t]{0,2}(?P<id>[0-9]{1,4}(?:\.[0-9]{1,4}){1,3})(?![0-9])"),
        (
            "account",
            "code",
            r"(?<![0-9A-Za-z_.@-])(?=[A-Za-z0-9_-]{0,40}[A-Za-z])(?=[A-Za-z_-]{0,40}[0-9][A-Za-z_-]{0,40}[0-9])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+){0,6}(?![0-9A-Za-z_])",
        ),
        (
            "account",
            "digits",
            r"(?<![0-9A-Za-z.,*¥$])[0-9]{6,40}(?![0-9A-Za-z.,%]|\s?(?:元|块|人|名|位|份|条|字|个|次|万|亿|年|天|分|行|步|米|粉|票|赞|美元|日元|港币))",
        ),
    )
    return tuple((kind, name, re.compile(pattern)) for kind, name, pattern in patterns)


_LETTER_OR_DIGIT = re.compile(r"[0-9A-Za-z]")
"""What every identifier has."""
_DATE_DIGITS = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")


def find_identifiers(folded: str) -> list[Identifier]:
    """The identifiers of a folded text in order, apart from each other."""
    if not _LETTER_OR_DIGIT.search(folded):
        return []
    found: list[Identifier] = []
    for kind, name, pattern in _patterns():
        matched = []
        for match in pattern.finditer(folded):
            span = match.span("id") if name == "labelled" else match.span()
            text = folded[slice(*span)]
            if name == "link":
                text = _trimmed(text)
            elif name == "labelled" and not match["said"] and not re.search("[0-9]", text):
                continue
            elif name == "labelled":
                text = text.rstrip("- ")
            if name == "code" and (len(text) < 5 or _ordinary().fullmatch(text)):
                continue
            if name == "digits" and _DATE_DIGITS.fullmatch(text):
                continue
            matched.append(
                Identifier(
                    kind,
                    span[0],
                    span[0] + len(text),
                    _canonical(kind, name, match["id"] if "id" in match.re.groupindex else text),
                )
            )
        found += matched
        folded = mask(folded, [(one.start, one.end) for one in matched])
    return sorted(found, key=lambda one: one.start)


def _trimmed(link: str) -> str:
    """A link without the sentence's punctuation after it."""
    return link.rstrip(".:?*~")


def _canonical(kind: FactKind, name: str, text: str) -> str:
    text = text.strip()
    if kind == "link" and name == "link":
        scheme, _, rest = text.rpartition("://")
        host, slash, path = rest.partition("/")
        prefix = "" if scheme in {"", "http", "https"} else f"{scheme}://"
        return prefix + (host.lower() + slash + path).rstrip("/")
    if kind == "email":
        return text.lower()
    if kind == "phone":
        digits = re.sub(r"[^0-9*]", "", text)
        return digits[2:] if re.fullmatch(r"86(?:1[3-9][0-9*]{9})", digits) else digits
    if kind == "version":
        return f"v{text.lstrip('vV ')}"
    return re.sub(r"[- ]", "", text) if re.fullmatch(r"[0-9 -]+", text) else text
