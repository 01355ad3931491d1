import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.records import Hit
from copilot.tokens import count_tokens
from copilot.writers.budget import FRAME, pack


def section(text: str) -> Hit:
    return Hit(chunk_id=text, source="a.md", title="", section="", text=text, score=1.0)


def cost(hit: Hit) -> int:
    return FRAME + count_tokens(hit.section + hit.text)


TEXTS = st.lists(st.text(alphabet="春运动会报名，。 ab12<|>", max_size=60), max_size=6)


@given(TEXTS, st.integers(min_value=-50, max_value=400))
@settings(deadline=None)
def test_every_section_is_either_kept_whole_or_reported_as_left_out(texts: list[str], budget: int) -> None:
    sections = [section(text) for text in texts]
    kept, left_out = pack(sections, budget)
    assert sorted(map(id, (*kept, *left_out))) == sorted(map(id, sections))
    assert list(kept) == [hit for hit in sections if any(hit is one for one in kept)]
    assert sum(map(cost, kept)) <= max(budget, 0)


@given(TEXTS, st.integers(min_value=0, max_value=400))
@settings(deadline=None)
def test_nothing_is_left_out_that_would_still_fit(texts: list[str], budget: int) -> None:
    kept, left_out = pack([section(text) for text in texts], budget)
    rest = budget - sum(map(cost, kept))
    assert all(cost(hit) > rest for hit in left_out)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_a_text_is_never_free_and_never_costs_more_than_its_bytes(text: str) -> None:
    assert min(len(text), 1) <= count_tokens(text) <= len(text.encode())


def test_words_that_look_like_control_tokens_are_counted_as_words() -> None:
    assert count_tokens("<|endoftext|>") > 1


def test_counting_needs_no_network() -> None:
    code = (
        "import socket\n"
        "def blocked(*_): raise AssertionError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = blocked\n"
        "from copilot.tokens import count_tokens\n"
        "print(count_tokens('周六早上七点半在河边集合'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 8 <= int(done.stdout) <= 24
