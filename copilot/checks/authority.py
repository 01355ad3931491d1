"""What a reply in a crisis must not say: beyond the authority given, before it is verified, against anyone, about a child.

One reading for every text, whoever wrote it: patterns (knowledge/authority.yaml) propose stretches, the stance of
their clause takes back what is harmless there, and the bounds of the matter decide what may be promised and said.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from copilot.checks.bounds import Bounds
from copilot.checks.promises import promises
from copilot.checks.rows import Ledger, ledger_of
from copilot.checks.rulebook import finding
from copilot.checks.stance import Speech, authority_lexicon, compiled, plain
from copilot.checks.unheld import unheld
from copilot.checks.unproven import unproven
from copilot.facts.name_lexicon import segmenter
from copilot.records import Audience, Finding, Severity

_UNSPECIFIC_TAGS = frozenset("vadpcurftmqbz")


def authority_findings(text: str, readers: Audience, bounds: Bounds) -> tuple[Finding, ...]:
    """What in a text for these readers breaks the rules of a crisis, in reading order; spans are its code points.

    The team's sheet quotes what nobody may say: only secrets count there.
    """
    speech = Speech(text)
    found = list(_secrets(speech, bounds))
    if readers != "team":
        found += _ledger(speech, bounds)
        found += _worded(speech, bounds)
        found += _minors(speech, readers, bounds)
        found += _hospitals(speech, bounds)
        found += _named(speech, bounds) if readers == "group" else ()
    return tuple(_apart(found))


def _finding(
    speech: Speech,
    start: int,
    end: int,
    code: str,
    *,
    variant: str = "",
    severity: Severity | None = None,
    replacement: str | None = None,
    row: str = "",
) -> Finding:
    span = speech.span(start, end)
    words = span.text.strip("，。！？；、,.!?; \n")
    against = f"（简报写明“{row}”）" if row else ""
    return finding(code, span, variant=variant, severity=severity, replacement=replacement, words=words, row=against)


def _apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """In reading order, one of each code for one place."""
    reached: dict[str, int] = {}
    for found in sorted(findings, key=lambda one: (one.span.start, -one.span.end) if one.span else (-1, 0)):
        if found.span is None or found.span.start >= reached.get(found.code, 0):
            reached[found.code] = found.span.end if found.span else 0
            yield found


def _ledger(speech: Speech, bounds: Bounds) -> Iterator[Finding]:
    ledger = ledger_of(bounds)
    for clause in speech.clauses:
        told = (*promises(speech, clause, ledger), *unproven(speech, clause, ledger), *unheld(speech, clause, ledger))
        for said in told:
            yield _finding(
                speech,
                said.start,
                said.end,
                said.code,
                variant=said.variant,
                replacement=said.replacement,
                row=said.row,
            )


def _worded(speech: Speech, bounds: Bounds) -> Iterator[Finding]:
    """The rules that go by wording and stance."""
    person = "|".join(_aliases(bounds.names))
    ledger = ledger_of(bounds)
    for name, rule in authority_lexicon()["rules"].items():
        if rule.get("when") == "not-owned" and bounds.owned:
            continue
        for expression in rule["find"]:
            for place, sentence in speech.sentences():
                for match in compiled(expression, person).finditer(sentence):
                    start, end = place + match.start(), place + match.end()
                    if not _excused(speech, start, end, rule, ledger):
                        yield _finding(speech, start, end, rule.get("code", name), variant=name)


def _excused(speech: Speech, start: int, end: int, rule: dict[str, Any], ledger: Ledger) -> bool:
    clause = speech.clause_at(start)
    if clause is None or speech.stances(clause, start, end) & set(rule["excused"]):
        return True
    reach = {"sentence": clause.sentence}
    if rule.get("within") == "object" and re.search(r"(?:发|传|开|散|播|论)(?:出去|了|哦|啊)?\Z", clause.text):
        # 孩子的照片我们不公开, 也请大家不要转发: the object stands in the clause before.
        reach["object"] = speech.preceding(clause) + clause.text
    if "unless" in rule and compiled(rule["unless"]).search(reach.get(str(rule.get("within")), clause.text)):
        return True
    if rule.get("figures") and re.search(r"\d|【", speech.text):
        return True
    return bool(rule.get("backed")) and any(row.repeats(clause.text) for row in ledger.verified)


def _hospitals(speech: Speech, bounds: Bounds) -> Iterator[Finding]:
    """A hospital by name that the brief does not hold: where to go is not ours to say."""
    lexicon = authority_lexicon()
    known = plain("".join((*bounds.verified, *bounds.allowed)))
    for match in compiled(lexicon["hospital"]).finditer(speech.text):
        name = re.sub(rf"\A(?:{lexicon['plain_hospital']})", "", match["name"])
        telling = match["lead"] or re.search(lexicon["hospital_name"], name)
        if telling and len(re.sub("医院|诊所|卫生院|保健院", "", name)) > 1 and name not in known:
            yield _finding(speech, match.end() - len(name), match.end(), "diagnosis")


def _minors(speech: Speech, readers: Audience, bounds: Bounds) -> Iterator[Finding]:
    """One child who can be told from others; to a guardian that is a reminder, to a group it must not be said."""
    severity: Severity = "error" if readers == "group" else "warning"
    minor = "|".join(_aliases(bounds.names)) if bounds.minors else ""
    for expression in authority_lexicon()["minor"]:
        for place, sentence in speech.sentences():
            for match in compiled(expression, "", minor).finditer(sentence):
                start, end = place + match.start(), place + match.end()
                clause = speech.clause_at(start)
                if clause is None or speech.stances(clause, start, end) & {"negated", "conditional", "asked"}:
                    continue
                if readers == "private" and re.search(r"您|你家|家长|妈妈|爸爸|监护人", speech.text):
                    continue
                yield _finding(speech, start, end, "minor-exposed", severity=severity)


def _secrets(speech: Speech, bounds: Bounds) -> Iterator[Finding]:
    """Keys, numbers and addresses that must not be repeated, nor a telling beginning of them."""
    for secret in bounds.secrets:
        known = plain(secret)
        telling = max(8, len(known) // 2) if known.isascii() else len(known)
        for length in range(len(known), min(telling, len(known)) - 1, -1):
            places = [match.start() for match in re.finditer(re.escape(known[:length]), speech.text)] if known else []
            for start in places:
                yield _finding(speech, start, start + length, "secret-repeated", replacement="（已隐去）")
            if places:
                break


def _named(speech: Speech, bounds: Bounds) -> Iterator[Finding]:
    """A member named in a text for the group, or told by their door."""
    lexicon = authority_lexicon()
    roles = lexicon["roles"]
    for alias in _aliases(bounds.names):
        around = rf"(?P<role>{roles})?[@“「]?{alias}[”」]?(?:的?(?P<after>{roles}))?"
        if _ordinary(alias):
            around = rf"(?P<role>{roles})?(?:@{alias}|[“「]{alias}[”」])(?:的?(?P<after>{roles}))?"
        for match in re.finditer(around, speech.text):
            role = match["role"] or match["after"]
            called = f"这位{role}" if role in ("业主", "家长", "学员", "顾客", "会员", "客户") else "当事人"
            yield _finding(speech, *match.span(), "named-member", replacement=called)
    for match in compiled(lexicon["door"]).finditer(speech.text):
        yield _finding(speech, *match.span(), "named-member", replacement="有住户")


@cache
def _aliases(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as patterns, longest first: whole, without their marks, and each telling part of them."""
    lexicon = authority_lexicon()
    roles = re.compile(rf"(?:{lexicon['roles']})")
    prefix = re.compile(rf"\A(?:[\d一二三四五六七八九十]+\D?(?:{lexicon['places']})|(?:{lexicon['roles']}))+")
    found = set()
    for name in names:
        whole = plain(name).lstrip("@")
        found |= {rest} if len(rest := prefix.sub("", whole)) > 1 and not rest.isdigit() else set()
        pieces = re.split(rf"[-_·•/|()~.]+|{lexicon['prefixes']}", whole)
        parts = [part for part in pieces if not part.isdigit() and not roles.fullmatch(part)]
        parts += re.findall(r"[a-z]{3,}", whole)
        found |= {one for one in (whole, re.sub(r"\W", "", whole), *parts) if len(one) > 1}
    return tuple(
        rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9])" if one.isascii() else re.escape(one)
        for one in sorted(found, key=lambda one: (-len(one), one))
    )


@cache
def _ordinary(alias: str) -> bool:
    """Whether a name is made of everyday words that are no nouns (考虑中): then it is one only where it is called."""
    if not re.fullmatch(r"[\u4e00-\u9fff]+", alias) or re.match("[老小阿大]", alias):
        return False
    return all(tag[:1] in _UNSPECIFIC_TAGS for _, tag in segmenter().tag(alias, False))
