"""Which words of a text a search shows in colour."""

from hypothesis import given
from hypothesis import strategies as st

from copilot.ui.knowledge_words import best_window, spots, terms

SECTIONS = ["怎么做：先看群规，再私聊。", "怎么做：把接龙贴在群里。", "怎么做：请老会员带新人。"]


def marked(question: str, text: str) -> list[str]:
    return [text[start:end] for start, end in spots(terms(question, SECTIONS), text)]


def test_words_of_the_question_are_found_whatever_their_width_and_capitals() -> None:
    assert marked("WiFi 密码", "店里ＷｉＦｉ的密码贴在收银台") == ["ＷｉＦｉ", "密码"]


def test_a_word_that_was_cut_apart_is_found_whole() -> None:
    assert "拼多多" in "".join(marked("全是发拼多多链接的", "有人发拼多多的链接"))


def test_words_that_stand_in_every_section_say_nothing() -> None:
    assert marked("怎么订蛋糕", "怎么做：蛋糕提前两天订") == ["蛋糕"]


def test_a_latin_word_is_not_found_inside_another() -> None:
    assert marked("app", "application 不是 app") == ["app"]


@given(st.text(max_size=60), st.text(max_size=200))
def test_spots_are_in_order_apart_and_inside_the_text(question: str, text: str) -> None:
    found = spots(terms(question, SECTIONS), text)
    edges = [at for span in found for at in span]
    assert edges == sorted(set(edges))
    assert all(0 <= at <= len(text) for at in edges)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 9)), max_size=6), st.integers(0, 420))
def test_the_window_is_of_its_size_and_inside_the_text(found: list[tuple[int, int]], length: int) -> None:
    start, end = best_window([(at, at + size) for at, size in found if at + size <= length], length, 100)
    assert 0 <= start <= end <= length
    assert end - start == min(length, 100)
