"""Names of files: shown on one line, as a step of a path, and found again however an operator writes them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import UsageError
from copilot.playbook.names import find_named, shown_name, step_name

KNOWN = {
    "资料/退款.md": Path("/书屋/资料/退款.md"),
    "资料/网页/停车.html": Path("/书屋/资料/网页/停车.html"),
    "旧/退款.md": Path("/旧档/退款.md"),
    "旧/FAQ.txt": Path("/旧档/FAQ.txt"),
}


@pytest.mark.parametrize(
    ("wanted", "source"),
    [
        ("资料/退款.md", "资料/退款.md"),
        ("./资料/退款.md", "资料/退款.md"),
        ("/书屋/资料/退款.md", "资料/退款.md"),
        ("停车.html", "资料/网页/停车.html"),
        ("网页/停车.html", "资料/网页/停车.html"),
        ("停车", "资料/网页/停车.html"),
        ("旧档/退款.md", "旧/退款.md"),
        ("faq.TXT", "旧/FAQ.txt"),
    ],
)
def test_a_document_is_found_by_its_source_its_path_or_a_name_that_only_it_has(wanted: str, source: str) -> None:
    assert find_named(wanted, KNOWN) == source


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("退款.md", "写全一点：资料/退款.md、旧/退款.md"),
        ("停车场.html", "相近的有：资料/网页/停车.html"),
        ("款", "相近的有：资料/退款.md、旧/退款.md"),
        ("年会", "有的是：资料/退款.md"),
        ("", "有的是：资料/退款.md"),
    ],
)
def test_what_is_not_clear_is_answered_with_the_names_it_may_mean(wanted: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_named(wanted, KNOWN)
    assert told in (caught.value.hint or "")


def test_where_nothing_was_added_the_way_in_is_named() -> None:
    with pytest.raises(UsageError, match="copilot index add"):
        find_named("退款.md", {})


@given(st.text())
def test_a_shown_name_is_one_line_that_steers_nothing_and_stays_as_it_is(name: str) -> None:
    shown = shown_name(name)
    assert shown.isprintable() or not {"\n", "\x1b", "\x85", "\u202e", "\u2028"} & {*shown}
    assert len(shown.splitlines()) < 2
    assert shown_name(shown) == shown


@pytest.mark.parametrize("name", ["群规 2025.md", "👨‍👩‍👧 亲子.md", "résumé.md", "a\\b.md"])
def test_ordinary_names_are_shown_as_they_are(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("heading", "step"),
    [("退款", "退款"), ("会员 › 退款", "会员 > 退款"), ("退款 › ", "退款"), ("›", ""), ("甲›乙", "甲 > 乙")],
)
def test_a_step_of_a_path_has_not_the_sign_that_parts_steps(heading: str, step: str) -> None:
    assert step_name(heading) == step
