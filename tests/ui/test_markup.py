"""The HTML of the page: marks where they belong, and nothing that was typed becomes markup."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from copilot import Draft, Fact, Finding
from copilot.records import Origin, Part, Request, SentenceTrace, Span
from copilot.ui import markup

ORIGIN = Origin(field="text", line=2, quote="每人20元 & 自带<杯子>")
PRICE = Fact(id="f1", kind="money", label="费用", value="CNY:20", text="20元", origin=ORIGIN)


def draft(text: str, **fields: object) -> Draft:
    values = {
        "id": "1",
        "kind": "announcement",
        "writer": "offline",
        "request": Request(brief=text),
        "text": text,
        "created": datetime.now(UTC),
    }
    return Draft.model_validate({**values, **fields})


def rendered(shown: Draft, where: markup.Where) -> str:
    return markup.message(shown, Part(name="", text=shown.text), where)


def where(origin: Origin) -> str:
    return f"line {origin.line}"


def test_a_sentence_names_its_facts_and_each_value_says_where_it_was_said() -> None:
    html = rendered(draft("每人20元。", facts=(PRICE,), trace=(SentenceTrace(start=0, end=6, facts=("f1",)),)), where)
    assert 'data-facts="f1"' in html
    assert '<span class="mark fact" data-tip="line 2 “每人20元 &amp; 自带&lt;杯子&gt;”">20元</span>' in html


def test_placeholders_stand_out_whole_even_where_a_fact_or_finding_lies_in_them() -> None:
    found = Finding(severity="error", code="x", message="m", span=Span(start=6, end=8, text="30"))
    assert rendered(draft("【待核实:30人】", findings=(found,)), where).count("<span") == 1


def test_a_finding_is_marked_with_its_severity() -> None:
    found = Finding(severity="warning", code="x", message="太<满>", span=Span(start=0, end=2, text="最好"))
    assert '<span class="mark warning" data-tip="太&lt;满&gt;">最好</span>' in rendered(
        draft("最好", findings=(found,)), where
    )


def test_a_statement_is_one_row_however_many_facts_it_has() -> None:
    other = PRICE.model_copy(update={"id": "f2", "text": "每人", "public": False})
    html = markup.facts((PRICE, other), where, "不外发")
    assert html.count("<li") == 1
    assert 'data-facts="f1 f2"' in html
    assert "不外发" in html
    assert "<杯子>" not in html


@given(st.text(alphabet=st.sampled_from("<>&\"'ab【】待补充:20元\n😀"), max_size=40), st.data())
def test_no_text_is_lost_or_becomes_markup_whatever_the_spans(text: str, data: st.DataObject) -> None:
    import html as html_module
    import re

    at = st.integers(0, len(text))
    spans = [sorted(data.draw(st.tuples(at, at))) for _ in range(3)]
    found = [
        Finding(severity="error", code="x", message="<b>", span=Span(start=a, end=b, text=text[a:b]))
        for a, b in spans[:2]
    ]
    trace = (SentenceTrace(start=spans[2][0], end=spans[2][1], facts=("f1",)),)
    shown = rendered(draft(text, facts=(PRICE,), findings=found, trace=trace), where)
    assert html_module.unescape(re.sub(r"</?span[^>]*>", "", shown)) == text
