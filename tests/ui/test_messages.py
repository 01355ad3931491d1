"""The messages of a draft: which finding belongs to which, and what a mended text is."""

from datetime import UTC, datetime

from copilot import Draft, Finding, Missing
from copilot.records import Citation, Part, Request, Span
from copilot.tasks.base import assemble
from copilot.ui import messages


def draft(*parts: Part, **fields: object) -> Draft:
    text, placed = assemble(parts)
    values = {"id": "1", "kind": "crisis-reply", "writer": "offline", "text": text, "parts": placed}
    return Draft.model_validate({**values, "request": Request(brief=""), "created": datetime.now(UTC), **fields})


def at(words: str, whole: Draft, **fields: object) -> Finding:
    start = whole.text.index(words)
    span = Span(start=start, end=start + len(words), text=words)
    return Finding.model_validate({"severity": "error", "code": "x", "message": words, "span": span, **fields})


TWO = draft(Part(name="a", title="一", text="先说这句"), Part(name="b", title="二", text="再说那句"))


def test_a_draft_without_parts_is_one_message() -> None:
    alone = TWO.model_copy(update={"parts": (), "text": "只有一条"})
    assert [part.text for part in messages.messages(alone)] == ["只有一条"]


def test_a_finding_belongs_to_the_message_its_words_stand_in() -> None:
    first, second = at("这句", TWO), at("那句", TWO)
    parts = messages.messages(TWO)
    assert messages.found_in([first, second], parts[0]) == [first]
    assert messages.found_in([first, second], parts[1]) == [second]


def test_findings_of_no_shown_message_are_told_apart() -> None:
    first, general = at("这句", TWO), Finding(severity="info", code="y", message="一般")
    assert messages.found_outside([first, general], messages.messages(TWO)) == [general]
    assert messages.found_outside([first, general], messages.messages(TWO)[1:]) == [first, general]


def test_mending_changes_the_one_message_and_counts_from_its_start() -> None:
    part, text = messages.replaced(TWO, at("那句", TWO, replacement="另一句")) or (None, "")
    assert part
    assert (part.name, text) == ("b", "再说另一句")


def test_what_only_a_person_can_mend_is_left_alone() -> None:
    assert messages.replaced(TWO, at("那句", TWO)) is None
    assert messages.replaced(TWO, Finding(severity="info", code="y", message="一般", replacement="")) is None


def test_a_placeholder_that_is_asked_for_is_not_listed_again() -> None:
    open_ = draft(
        Part(name="a", text="在【待补充:地点】见"),
        missing=(Missing(key="p", question="？", placeholder="【待补充:地点】"),),
    )
    found = at("【待补充:地点】", open_, code="placeholder-open", severity="warning")
    assert messages.worth_showing(open_.model_copy(update={"findings": (found,)})) == []


def test_rows_that_name_a_rule_get_its_words_unless_they_bring_their_own() -> None:
    cited = Citation(source="s", section="t", quote="先办法后解释", chunk_id="c", rules=("r",))
    known = TWO.model_copy(update={"citations": (cited,)})
    assert messages.quoted(known, [{"rule": "r"}])[0]["quote"] == "先办法后解释"
    assert messages.quoted(known, [{"rule": "r", "quote": "自带"}])[0]["quote"] == "自带"
