"""A comparison shows every line of both texts once, and what changed inside a line."""

from hypothesis import given
from hypothesis import strategies as st
from timing import at_most

from copilot.store.comparing import compare
from copilot.store.records import Comparison

TEXTS = st.lists(st.text(alphabet="周六日跑步 ab，。\r🏃", max_size=12), max_size=12).map("\n".join)


def kinds(comparison: Comparison) -> list[str]:
    return [line.kind for line in comparison.lines]


@given(TEXTS, TEXTS)
def test_each_side_gives_its_text_back_and_the_spans_are_what_differs(old: str, new: str) -> None:
    comparison = compare(old, new)
    assert "\n".join(line.old for line in comparison.lines if line.old is not None) == old
    assert "\n".join(line.new for line in comparison.lines if line.new is not None) == new
    assert [line.old_line for line in comparison.lines if line.old_line] == list(range(1, old.count("\n") + 2))
    assert [line.new_line for line in comparison.lines if line.new_line] == list(range(1, new.count("\n") + 2))
    assert comparison.differs == (old != new)
    for line in comparison.lines:
        assert (line.kind == "changed") == bool(line.old_spans or line.new_spans)
        left, right = line.old or "", line.new or ""
        assert all(left[span.start : span.end] == span.text for span in line.old_spans)
        assert all(right[span.start : span.end] == span.text for span in line.new_spans)
        if line.kind in ("same", "changed"):  # what is outside the spans is common to both
            for span in reversed(line.old_spans):
                left = left[: span.start] + left[span.end :]
            for span in reversed(line.new_spans):
                right = right[: span.start] + right[span.end :]
            assert left == right


def test_an_edited_line_is_one_change_and_a_line_put_before_it_is_one_more() -> None:
    old = "大家好\n周六早上7点，河边凉亭集合\n不见不散"
    new = "大家好\n带好水和毛巾！\n周六早上8点，河边凉亭集合\n不见不散"
    comparison = compare(old, new, old_name="1", new_name="2")
    assert kinds(comparison) == ["same", "added", "changed", "same"]
    changed = comparison.lines[2]
    assert [span.text for span in changed.old_spans + changed.new_spans] == ["7", "8"]
    assert (comparison.old, comparison.new) == ("1", "2")


def test_lines_that_have_nothing_in_common_are_gone_and_new() -> None:
    assert kinds(compare("周六慢跑", "abc")) == ["removed", "added"]


def test_a_line_break_at_the_end_is_a_change() -> None:
    assert kinds(compare("周六", "周六\n")) == ["same", "added"]


def test_long_texts_take_no_long_time() -> None:
    with at_most(20):
        compare("跑" * 200_000, "步" * 200_000)
        compare("\n".join("跑" * 3000), "\n".join("步" * 3000))
        compare("\n".join(map(str, range(5000))), "\n".join(map(str, range(1, 5000, 2))))
