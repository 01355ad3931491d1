"""What a text must hold before a pattern can match in it, and the classes of words that are sieved by it."""

from itertools import chain

import pytest

from copilot.chat import utterances
from copilot.chat.word_classes import WordClasses
from copilot.facts.prefilter import alternatives, grams, required
from copilot.facts.sieve import Sieve
from copilot.settings import KNOWLEDGE


def lines() -> list[str]:
    """The lines of all our own texts: an invented chat, lines that sell or talk, the handbook."""
    files = chain(
        [KNOWLEDGE.parent / "examples" / "chat.txt"],
        (KNOWLEDGE / "chat_lines").glob("*.t*"),
        (KNOWLEDGE / "playbooks").glob("*.md"),
    )
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line]


@pytest.mark.parametrize(
    ("expression", "needed"),
    [
        ("保证(?:提分|上岸)", {"保证"}),
        ("(?:最|第)一?好", {"最好", "第好", "一好"}),
        ("[甲乙](?:丙|丁.{0,3})戊", {"甲丙", "乙丙", "甲丁", "乙丁"}),
        ("甲(?:乙|)丙", {"甲"}),
        ("a?(?:甲乙|丙)", {"甲乙", "丙"}),
        ("[甲乙]{0,2}丙+", {"丙"}),
        ("(?<!不)(?P<name>甲)(?=乙)", {"甲"}),
        ("(?P<verb>[甲乙])丙(?P=verb)", {"甲丙", "乙丙"}),
        ("甲乙丙?", {"甲乙"}),
        ("丁甲乙?", {"丁甲"}),
        ("不甲乙", {"甲乙"}),  # the pair that says more
        ("甲?", None),
        (r"\d{2}", None),
    ],
)
def test_required_grams_are_read_from_the_pattern(expression: str, needed: set[str] | None) -> None:
    assert required(expression) == (None if needed is None else frozenset(needed))


@pytest.mark.parametrize(
    ("expression", "cut"),
    [
        ("甲", ["甲"]),
        ("甲|乙(?:丙|丁)|[|]戊", ["甲", "乙(?:丙|丁)", "[|]戊"]),
        (r"甲\|乙|\(丙|\\|丁", [r"甲\|乙", r"\(丙", r"\\", "丁"]),
        (r"[)\]|]甲|乙", [r"[)\]|]甲", "乙"]),
    ],
)
def test_an_expression_is_cut_at_its_outermost_alternatives(expression: str, cut: list[str]) -> None:
    assert alternatives(expression) == cut


def test_a_sieve_names_what_may_stand_there() -> None:
    sieve = Sieve({"buy": ["买[一二]", "下单"], "go": ["出发"], "any": [".{2}"]})
    assert list(sieve.possible(grams("明天出发"))) == ["go", "any"]
    assert list(sieve.possible(grams("下单"))) == ["buy", "any"]


def test_classes_stand_where_their_whole_patterns_match() -> None:
    classes = utterances._classes()
    found = 0
    for line in lines():
        text = utterances.plain(line)
        for act in classes._bits:
            assert classes.has(act, text) == (classes.pattern(act).search(text) is not None), (act, line)
            found += classes.has(act, text)
    assert found > 1000


def test_what_stands_twice_is_found_by_its_name() -> None:
    classes = WordClasses({"asks": ["(?P<one>[去来])不(?P=one)|还有", "好吗"], "none": "(?P<one>[去来])没(?P=one)"})
    assert classes.of("你去不去") == {"asks"}
    assert classes.of("你去不来") == frozenset()
    assert classes.of("来没来") == {"none"}
