"""The model of lines that sell. The lines here are invented and are not among those it was fitted on."""

import json
from time import process_time

import pytest

from copilot.chat.leaning import LONGEST, pieces, sells
from copilot.settings import KNOWLEDGE

SELL = [
    ("盆景老罗", "自家棚里的三角梅,二十一棵送到门口,要的留言"),
    ("小贝摄影", "毕业照跟拍三小时299,底片全送,想拍的找我"),
    ("合唱考级-林", "声乐考级冲刺课,群友报名减一百,扫码咨询"),
    ("维修小关", "打印机上门维修,修不好不收钱,存个电话"),
]
TALK = [
    ("阿芦", "打印机又卡纸了,谁会弄"),
    ("小葵妈", "合唱团周三几点排练"),
    ("阿曼", "三角梅怎么养,总掉叶子"),
    ("老胡", "毕业照发群里了,自己找"),
]


def test_most_lines_that_sell_lean_to_selling_whatever_the_trade() -> None:
    """Four in five of those it has not seen (`scripts/fit_chat_lines.py` says how many); other signs find the rest."""
    assert sum(sells(name, text) > 0 for name, text in SELL) >= 3


@pytest.mark.parametrize(("name", "text"), TALK)
def test_talk_about_the_same_things_does_not(name: str, text: str) -> None:
    assert sells(name, text) < 0


def test_numbers_links_and_accounts_are_one_sign_each() -> None:
    assert pieces("", "加 abc_123 领 https://a.example/x 88 元") == pieces("", "加 zz9 领 https://b.example 7 元")


def test_an_endless_line_is_read_to_its_bound_only() -> None:
    started = process_time()
    assert sells("", "出" * LONGEST) == pytest.approx(sells("", "出" * 5_000_000))
    assert process_time() - started < 2


def test_the_shipped_weights_are_those_of_the_lines() -> None:
    """Every piece that has a weight stands in two of the lines: after an edit, run scripts/fit_chat_lines.py."""
    folder = KNOWLEDGE / "chat_lines"
    known: set[str] = set()
    for file in ("sells.txt", "talks.txt"):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                name, _, text = line.rpartition("｜")
                known |= pieces(name, text)
    assert set(json.loads((folder / "sells.json").read_text(encoding="utf-8"))["weights"]) <= known
