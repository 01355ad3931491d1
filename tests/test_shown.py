"""The text of a document as it is shown, and the way back to the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.playbook.documents import Document
from copilot.playbook.shown import show
from copilot.playbook.spans import Blemish

TEXT = st.text(st.sampled_from("群规活动，。<!-> \t\n\u3000\u00a0"), max_size=120)


def document(text: str, *drops: str) -> Document:
    """A document from which the first occurrence of each of `drops` is dropped."""
    found = [(text.index(drop), text.index(drop) + len(drop)) for drop in drops]
    blemishes = tuple(
        Blemish(start=start, end=end, action="drop", kind="caption", reason="图注") for start, end in sorted(found)
    )
    return Document(source="a.txt", title="标题", text=text, sha256="", blemishes=blemishes)


@given(text=TEXT, cuts=st.lists(st.integers(0, 120), max_size=8))
def test_every_shown_character_stands_in_the_document_where_its_piece_says(text: str, cuts: list[int]) -> None:
    edges = sorted({min(cut, len(text)) for cut in cuts})
    blemishes = tuple(
        Blemish(start=start, end=end, action="drop", kind="caption", reason="图注")
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    )
    shown = show(Document(source="a.txt", title="", text=text, sha256="", blemishes=blemishes))
    places = [-1] * len(shown.text)
    for piece in shown.pieces:
        assert shown.text[piece.offset :][: piece.length] == text[piece.start :][: piece.length]
        places[piece.offset : piece.offset + piece.length] = range(piece.start, piece.start + piece.length)
    assert all(shown.text[at] == "\n" for at, place in enumerate(places) if place < 0)
    known = [place for place in places if place >= 0]
    assert known == sorted(set(known))
    for at, place in enumerate(places):
        if place >= 0:
            assert (shown.position(at), shown.offset(place)) == (place, at)
    assert all(line == line.strip() and line for line in shown.text.split("\n")) or not shown.text


def test_a_sentence_goes_on_across_what_was_dropped_from_inside_it() -> None:
    shown = show(document("替大家节省群运营秘籍时间和力气。", "群运营秘籍"))
    assert shown.text == "替大家节省时间和力气。"
    assert [(piece.offset, piece.start, piece.length) for piece in shown.pieces] == [(0, 0, 5), (5, 10, 6)]


@pytest.mark.parametrize("drop", ["图1 签到现场", "图1 签到现场\n", "\n图1 签到现场", "\n图1 签到现场\n"])
def test_a_dropped_line_leaves_its_neighbours_as_two_lines(drop: str) -> None:
    shown = show(document("签到怎么办\n图1 签到现场\n先到先签。", drop))
    assert shown.text == "签到怎么办\n先到先签。"
    assert not any(line.is_set_off for line in list(shown.lines(0, len(shown.text)))[1:])


def test_an_empty_line_sets_the_next_one_off_whatever_was_dropped_beside_it() -> None:
    shown = show(document("开头。\n\n图2\n\n签到\n先到先签。", "图2"))
    assert [line.is_set_off for line in shown.lines(0, len(shown.text))] == [True, True, False]


def test_a_divider_above_plain_text_hides_nothing() -> None:
    text = "---\n先报名：\n再付款，\n然后进群。\n---\n最后签到。"
    assert show(document(text)).text == text


def test_front_matter_and_comments_are_not_shown_and_comments_are_known() -> None:
    shown = show(document("---\ntitle: 手册\n---\n# 群规\n<!-- rules: a -->\n\n写短。<!-- 没有结尾"))
    assert shown.text == "# 群规\n写短。<!-- 没有结尾"
    assert [comment.text for comment in shown.comments] == ["<!-- rules: a -->"]
