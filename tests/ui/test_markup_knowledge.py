"""The HTML of documents and what is found in them: nothing of a document becomes markup, every stretch keeps its words."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from copilot import Answer, Citation
from copilot.playbook.documents import Document
from copilot.playbook.spans import Blemish
from copilot.records import Dispute, Hit, Mark
from copilot.ui import markup_knowledge as markup
from copilot.ui.knowledge_shelf import Place

TEXT = "# 取货\n登录后查看\n<b>自取</b>请带好 订 单号\n送货要**提前一天**说\n"


def document(text: str = TEXT, *blemishes: Blemish) -> Document:
    return Document(source="店里.md", title="取货", text=text, sha256="0" * 64, blemishes=blemishes)


def blemish(words: str, action: str) -> Blemish:
    start = TEXT.index(words)
    return Blemish.model_validate(
        {"start": start, "end": start + len(words), "action": action, "kind": "login", "reason": f"因为{action}"}
    )


def bare(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html))


def nothing(_: str) -> tuple[tuple[int, int], ...]:
    return ()


def test_a_document_is_shown_with_what_is_dropped_struck_through_and_what_is_doubtful_marked() -> None:
    html = markup.whole(document(TEXT, blemish("登录后查看", "drop"), blemish("订 单号", "mark")), 0, len(TEXT))
    assert '<del class="dropped" title="因为drop">登录后查看</del>' in html
    assert '<span class="doubtful" title="因为mark">订 单号</span>' in html
    assert "&lt;b&gt;自取&lt;/b&gt;" in html
    assert '<span class="strong">提前一天</span>' in html


def test_a_place_stands_out_from_what_is_around_it_and_says_its_line_and_characters() -> None:
    start = TEXT.index("送货")
    html = markup.original(Place(document(), ((start, start + 2),)))
    assert '<span class="cited">送货</span>' in html
    assert "店里.md · 第 4 行 · 第 " + f"{start + 1}–{start + 2} 字" in html


def test_a_hit_shows_the_words_of_the_question_and_what_is_doubtful_with_its_reason() -> None:
    mark = Mark(start=5, end=7, kind="typo", reason="疑似错别字，未改动")
    hit = Hit(
        chunk_id="1", source="a.md", title="店", section="店 › 取货", text="自取请带订单号", score=1.0, marks=(mark,)
    )
    html = markup.hits([(hit, None)], lambda text: [(0, 2)] if text.startswith("自取") else [])
    assert '<mark class="found">自取</mark>' in html
    assert "疑似错别字，未改动" in html
    assert '<span class="doubtful"' in html


def test_the_numbers_of_an_answer_lead_to_its_citations() -> None:
    cited = Citation(source="a.md", section="店 › 取货", quote="自取带单号", chunk_id="1")
    html = markup.answer(Answer(question="?", answer="怎么做：\n· 自取带单号[1]", answerable=True, citations=(cited,)))
    assert 'data-facts="c1"' in html
    assert bare(html) == "怎么做：· 自取带单号1"
    assert 'data-facts="c1"' in markup.citations([(cited, None)])


def test_a_number_in_a_quote_is_no_citation() -> None:
    html = markup.answer(Answer(question="?", answer="· 见附录[7]", answerable=True))
    assert "button" not in html
    assert "见附录[7]" in html


def test_both_sides_of_a_matter_are_shown_with_the_handbooks_view() -> None:
    sides = tuple(Citation(source=f"{n}.md", section="群规", quote=f"说法{n}", chunk_id=f"{n}") for n in (1, 2))
    html = markup.dispute(Dispute(topic="罚还是哄", sides=sides, view=sides[0]))
    assert all(words in html for words in ("罚还是哄", "说法1", "说法2", "1.md", "手册的取法"))
    assert "手册的取法" not in markup.dispute(Dispute(topic="罚还是哄", sides=sides))


@given(st.text(st.sampled_from("<&\"'>甲乙 \n#*-"), max_size=80), st.data())
def test_nothing_of_a_document_becomes_markup(text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    html = markup.original(Place(document(text), ((places[0], places[1]),)))
    assert set(re.findall(r"<(\w+)", html)) <= {"div", "span", "mark", "del"}
    assert html.count('<div class="original">') == 1
    whole = bare(markup.whole(document(text), 0, len(text)))
    assert [sign for sign in whole if sign in "甲乙"] == [sign for sign in text if sign in "甲乙"]
