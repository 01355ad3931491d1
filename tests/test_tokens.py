"""Tokens are counted here, by the model's own table where it lies in a package, else by an upper bound."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot import tokens
from copilot.tokens import count_tokens

CHINESE = "周六早上七点半在河边集合，跑完一起吃早饭。想来的朋友接龙报名。"
ENCODINGS = ("cl100k", "o200k", "most")


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=st.text(max_size=80))
@settings(deadline=None)
def test_a_text_is_never_free_and_never_costs_more_than_its_bytes(encoding: str, text: str) -> None:
    assert min(len(text), 1) <= count_tokens(text, encoding) <= len(text.encode())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_words_that_look_like_control_tokens_are_counted_as_words(encoding: str) -> None:
    assert count_tokens("<|endoftext|>", encoding) > 1


@pytest.mark.parametrize(
    ("text", "counted"),
    [("hello world", 2), ("tiktoken is great!", 6), ("antidisestablishmentarianism", 6), ("2 + 2 = 4", 7), ("", 0)],
)
def test_the_newer_table_counts_as_openai_does(text: str, counted: int) -> None:
    """Figures of OpenAI's cookbook on counting tokens, and of the table's own definition."""
    assert count_tokens(text, "o200k") == counted


def test_the_newer_table_takes_less_for_chinese_and_the_bound_no_less_than_either() -> None:
    assert count_tokens(CHINESE, "o200k") < count_tokens(CHINESE, "cl100k") <= count_tokens(CHINESE, "most")


def test_the_bound_gives_each_digit_and_each_line_end_behind_a_sign_a_token() -> None:
    digits = "13812345678"
    assert count_tokens(digits, "cl100k") < len(digits) == count_tokens(digits, "most")
    assert count_tokens('",\n', "most") > count_tokens('",\n', "cl100k")


@given(st.text(alphabet="0123456789:-/ 年月日点群号元\n，。", max_size=120))
@settings(deadline=None)
def test_the_bound_is_enough_where_a_tokenizer_takes_each_digit_apart(text: str) -> None:
    """Qwen's tables have a token for each digit; the words around them take no more than here."""
    apart = sum(character.isdigit() for character in text)
    words = "".join(" " if character.isdigit() else character for character in text)
    assert count_tokens(text, "most") >= apart
    assert count_tokens(text, "most") >= count_tokens(text, "cl100k")
    assert count_tokens(words, "most") <= len(words.encode())


def test_an_encoding_that_is_not_known_is_counted_by_the_bound() -> None:
    assert count_tokens("2026年11月22日", "unheard-of") == count_tokens("2026年11月22日", "most")


def test_without_the_newer_table_the_bound_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = count_tokens(CHINESE, "o200k")
    monkeypatch.setattr(tokens, "O200K_SHA256", "0" * 64)
    tokens._o200k.cache_clear()
    try:
        assert count_tokens(CHINESE, "o200k") == count_tokens(CHINESE, "most") > exact
    finally:
        monkeypatch.undo()
        tokens._o200k.cache_clear()
    assert count_tokens(CHINESE, "o200k") == exact


def test_counting_needs_no_network() -> None:
    code = (
        "import socket\n"
        "def blocked(*_): raise AssertionError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = blocked\n"
        "from copilot.tokens import count_tokens\n"
        "print(*(count_tokens('周六早上七点半在河边集合', name) for name in ('cl100k', 'o200k', 'most')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(6 <= int(counted) <= 24 for counted in done.stdout.split())
