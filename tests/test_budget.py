from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.records import Hit
from copilot.tokens import count_tokens
from copilot.writers.budget import FRAME, pack


def section(text: str) -> Hit:
    return Hit(chunk_id=text, source="a.md", title="", section="", text=text, score=1.0)


def cost(hit: Hit) -> int:
    return FRAME + count_tokens(hit.section + hit.text, "most")


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


def test_a_section_is_counted_with_the_table_of_the_model_that_will_read_it() -> None:
    one = section("周六早上七点半在河边集合，跑完一起吃早饭。" * 5)
    room = FRAME + count_tokens(one.text, "o200k")
    assert pack([one], room, "o200k") == ((one,), ())
    assert pack([one], room) == ((), (one,)), "a model that is not known may need more"
