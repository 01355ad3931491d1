"""What a statement is about: its slot (deadline, place, price …), told from its heading first, then its words."""

import re
from functools import cache

from copilot.facts.values import Value
from copilot.lore import load_yaml
from copilot.records import Record

_VALUE_WORDS = frozenset({"moment", "money", "quantity"})


class Slot(Record):
    """One row of `knowledge/slots.yaml`, compiled; `values` are the value kinds whose presence alone matches,
    `needs` one that must be there as well.
    """

    slot: str
    label: re.Pattern[str] | None
    text: re.Pattern[str] | None
    values: frozenset[str]
    needs: str


@cache
def slots() -> tuple[Slot, ...]:
    """All slots, in the order they are tried."""
    rows = load_yaml("slots.yaml")["slots"]
    return tuple(_compile(row) for row in rows)


def _compile(row: dict[str, str]) -> Slot:
    words = row.get("text", "").split("|") if row.get("text") else []
    pattern = "|".join(word for word in words if word not in _VALUE_WORDS)
    return Slot(
        slot=row["slot"],
        label=re.compile(row["label"], re.IGNORECASE) if "label" in row else None,
        text=re.compile(pattern, re.IGNORECASE) if pattern else None,
        values=frozenset(words) & _VALUE_WORDS,
        needs=row.get("needs", ""),
    )


def slot_of(label: str, text: str, values: tuple[Value, ...]) -> str:
    """The slot of one statement, or "other"."""
    if label:
        for slot in slots():
            if slot.label and slot.label.search(label):
                return slot.slot
    kinds = {value.kind for value in values}
    words = f"{label}：{text}" if label else text
    for slot in slots():
        matched = (slot.text and slot.text.search(words)) or slot.values & kinds
        if matched and (not slot.needs or slot.needs in kinds):
            return slot.slot
    return "other"


def slot_named(words: str) -> str:
    """The slot whose very name these words are ("价格", "报名费"), or ""."""
    return next((slot.slot for slot in slots() if slot.label and slot.label.fullmatch(words)), "")
