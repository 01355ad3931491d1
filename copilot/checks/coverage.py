"""Does the draft say everything it was given to say? A fact that a writer dropped is as bad as one it made up."""

import re
from collections.abc import Sequence

from copilot.checks.facts import claim_terms
from copilot.checks.rulebook import finding
from copilot.facts.items import Item
from copilot.facts.ledger import Ledger, keys_of
from copilot.records import Finding, Missing

SHARE_OF_WORDS = 0.5
ALL_BUT = 0.9


def lost_items(text: str, items: Sequence[Item], ledger: Ledger) -> tuple[Item, ...]:
    """The items whose values, placeholders or (where they have none) words are not in the text."""
    present = {key for value in ledger.read(text) for key in keys_of(value)}
    return tuple(item for item in items if not _said(item, text, present, ledger))


def lost_placeholders(text: str, missing: Sequence[Missing]) -> tuple[Missing, ...]:
    """The open points whose placeholder is not in the text."""
    return tuple(gap for gap in missing if gap.placeholder and gap.placeholder not in text)


def coverage_findings(lost: Sequence[Item], gaps: Sequence[Missing]) -> tuple[Finding, ...]:
    """The same, as findings for the writer and the operator."""
    return (
        *(finding("omitted-fact", words=item.label or item.text, text=item.text) for item in lost),
        *(finding("omitted-placeholder", words=gap.question, text=gap.placeholder) for gap in gaps),
    )


def _said(item: Item, text: str, present: set[str], ledger: Ledger) -> bool:
    if "【待" in item.text:
        return all(mark in text for mark in _placeholders(item.text))
    # How to take part and what is promised must be said in the operator's words: "群里接龙" is not "微信群".
    if any(match[0] not in text for pattern in claim_terms().values() for match in pattern.finditer(item.text)):
        return False
    # An item may be read beside its heading or alone: "价：29.9" is a price, "29.9" a number.
    readings = [[value for value in values if not value.soft] for values in (item.values, ledger.read(item.text))]
    if any(readings) and not _word_for_word(item.text, text):
        return any(all(key in present for value in hard for key in keys_of(value)) for hard in readings if hard)
    pairs = {item.text[at : at + 2] for at in range(len(item.text) - 1) if item.text[at : at + 2].isalnum()}
    return not pairs or sum(pair in text for pair in pairs) >= SHARE_OF_WORDS * len(pairs)


def _word_for_word(words: str, text: str) -> bool:
    """Whether all figures and nearly all words of an item stand in the text, whatever was set between them."""
    text = re.sub(r"（\d+月\d+日(?:–[^）]*)?）", "", text)  # the date that is set beside a day
    figures = re.findall(r"\d+", words)
    pairs = [words[at : at + 2] for at in range(len(words) - 1) if words[at : at + 2].isalnum()]
    present = sum(pair in text for pair in pairs)
    return bool(pairs) and all(figure in text for figure in figures) and present >= ALL_BUT * len(pairs)


def _placeholders(text: str) -> list[str]:
    return [f"【待{part.split('】')[0]}】" for part in text.split("【待")[1:]]
