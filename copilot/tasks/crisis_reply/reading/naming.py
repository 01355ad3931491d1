"""What keys and headings call a part of the brief.

What is known and what may be promised is told by a small grammar (`knowledge/crises.yaml`, `naming`): a verb of knowing
or of permitting, and whether it is negated. Negation decides first: 不授权 holds 授权, and means the contrary. All other
parts have stems of their own (`sections`).
"""

import re
from typing import Literal

from copilot.facts.keys import keys_of, role_of
from copilot.tasks.crisis_reply.reading.lexicon import CrisisBook, Section, crisis_book

Setting = Literal["group", "size", "platform", "community"]
Verdict = Literal["yes", "no"]
LONGEST_NAME = 16  # Chinese characters of a key; what is longer is a row, not the name of a list
LONGEST_VERDICT = 8
JUDGED: tuple[Section, ...] = ("unverified", "forbidden", "verified", "authorised")  # tried in this order
HALVES: dict[Section, Section] = {"verified": "unverified", "authorised": "forbidden"}
"""What a section becomes for entries that are marked "no"."""


def section_named(name: str) -> Section | None:
    """The section that a key or heading names."""
    book, folded = crisis_book(), _folded(name)
    if not folded or len(re.findall(r"[\u4e00-\u9fff]", folded)) > LONGEST_NAME:
        return None
    first: tuple[Section, ...] = ("draft", "earlier")
    for section in first:
        if book.sections[section].search(folded):
            return section
    if judged := _judged(name, folded, book):
        return judged
    return next((section for section, pattern in book.sections.items() if pattern.search(folded)), None)


def section_of_path(path: str) -> Section | None:
    """The section that the innermost telling key of a path names; below it "no" and "否" take its other half."""
    keys, negative = keys_of(path), False
    for place in reversed(range(len(keys))):
        verdict = verdict_of(keys[place])
        if verdict and place and not section_named(keys[place]):
            negative = negative or verdict == "no"
            continue
        if _lacks(keys[place], keys[:place]):
            negative = True
            continue
        inner = any(section_named(key) for key in keys[:place])
        section = section_named(keys[place]) if not inner or _short(keys[place]) else None
        if section and not setting_named(keys[place]):
            return half_of(section) if negative else section
    return None


def _lacks(key: str, above: list[str]) -> bool:
    """Whether a short key inside a list of what is allowed begins with a negation: what stands there is not allowed."""
    allowed = _short(key) and not section_named(key) and any(section_named(one) == "authorised" for one in above)
    return allowed and bool(crisis_book().patterns["naming.lacking"].search(key.lower()))


def half_of(section: Section) -> Section:
    """The section for what is marked "no" in this one: not verified, not allowed. A "no" never makes a thing allowed."""
    return HALVES.get(section, section)


def verdict_of(text: str) -> Verdict | None:
    """Whether a value is nothing but a yes or a no: 是, ✗, `true`, 未查, 已批."""
    folded = text.strip().strip("。；;，,.!！（）()[]【】").lower()
    if not folded or len(folded) > LONGEST_VERDICT:
        return None
    patterns = crisis_book().patterns
    if patterns["naming.no"].fullmatch(folded):
        return "no"
    return "yes" if patterns["naming.yes"].fullmatch(folded) else None


def setting_named(name: str) -> Setting | None:
    """Which of the group's own particulars (its name, size, platform) a key names."""
    folded = _folded(name)
    settings: tuple[Setting, ...] = ("platform", "size", "group", "community")
    return next((one for one in settings if crisis_book().patterns[f"naming.{one}"].search(folded)), None)


def steers(name: str, text: str, meta: frozenset[str]) -> bool:
    """Whether a key sets the text's manner (tone, length …): these are read elsewhere."""
    role = role_of(name, text)
    return role in meta and role != "purpose"


def _folded(name: str) -> str:
    return re.sub(r"[\s_\-（）()【】\[\]“”\"'*#·/]", "", name).lower()


def _short(key: str) -> bool:
    """Whether a key inside a known section may name another: a row's own words used as a key do not."""
    return len(re.findall(r"[\u4e00-\u9fff]", key)) <= LONGEST_NAME // 2 and not re.search(r"\d", key)


def _judged(name: str, folded: str, book: CrisisBook) -> Section | None:
    """Known or open, allowed or forbidden, by the grammar of the name; None where it is about neither."""
    patterns = book.patterns
    if re.search(r"[\u4e00-\u9fff]", folded):
        core = patterns["naming.around"].sub("", folded)
        for section in JUDGED:
            if patterns[f"naming.{section}"].fullmatch(core):
                return section
    words = set(re.sub(r"[^a-z' ]", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()).split())
    if not words:
        return None
    negative = bool(words & book.naming["negations"]) or any(word.endswith("n't") for word in words)
    if words & book.naming["open"] or (negative and words & book.naming["knowing"]):
        return "unverified"
    if words & book.naming["barred"] or (negative and words & book.naming["permitting"]):
        return "forbidden"
    if words & book.naming["knowing"]:
        return "verified"
    return "authorised" if words & book.naming["permitting"] else None
