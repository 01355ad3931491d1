"""Personal data in a text that is to go out: reported."""

import re
from collections.abc import Collection

from copilot.checks.rulebook import finding
from copilot.facts.personal_identifiers import privacy_lexicon
from copilot.facts.pseudonyms import find_personal
from copilot.records import Finding, Span


def privacy_findings(text: str, allow: Collection[str] = ()) -> tuple[Finding, ...]:
    """What must not go into a public text; `allow` lists exact strings the operator has made public."""
    findings = []
    allowed = {re.sub(r"[\s\-]", "", one) for one in allow}
    for one in find_personal(text):
        words = text[one.start : one.end]
        if one.type == "NAME" or words in allow or re.sub(r"[\s\-]", "", words) in allowed:
            continue
        code = "privacy-" + one.type.lower().replace("_", "-")
        masked = _masked(words, *privacy_lexicon()["types"][one.type]["keep"])
        findings.append(finding(code, Span(start=one.start, end=one.end, text=words), replacement=masked))
    return tuple(findings)


def _masked(words: str, head: int, tail: int) -> str:
    """The words with all but the first `head` and last `tail` characters starred."""
    hidden = max(len(words) - head - tail, 3)
    return words[:head] + "*" * min(hidden, 12) + (words[-tail:] if tail else "")
