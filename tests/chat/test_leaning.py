"""The model of what lines do. The lines here are invented and are not among those it was fitted on."""

import importlib.util
import json

import pytest
from timing import at_most

from copilot.chat.leaning import LONGEST, Leaning, leaning, pieces
from copilot.settings import KNOWLEDGE

FOLDER = KNOWLEDGE / "chat_lines"
LINES = {
    "sells": [
        "自家棚里的三角梅,二十一棵送到门口,要的留言",
        "毕业照跟拍三小时299,底片全送,想拍的找我",
        "声乐考级冲刺课,群友报名减一百,扫码咨询",
        "打印机上门维修,修不好不收钱,存个电话",
    ],
    "grieves": [
        "四盆里有两盆根都烂了",
        "跟拍说好三小时,两小时不到就收机器走人了",
        "考级教材等了半个月还没影",
        "修完第二天又卡纸,电话打了没人接",
    ],
    "settles": [
        "三角梅统一周四发,周三中午截单",
        "合影改到体育馆东门,九点四十开拍",
        "以后迟到十分钟不再补课",
        "机器先停用,修好前都去二楼打印",
    ],
    "promises": [
        "我晚上回去把盆的尺寸量好发你",
        "精修这周五前给大家传网盘",
        "下节课我把谱子带给您",
        "等会儿忙完我帮你看看那台机器",
    ],
    "asks": [
        "三角梅要几天浇一次水呀",
        "合影穿什么颜色有要求吗",
        "考级几号报名",
        "有谁会弄打印机的驱动",
    ],
}
TALK = ["打印机今天挺乖的", "三角梅开了满满一阳台", "毕业照我爸都转发了", "唱得真好,听哭了"]


@pytest.mark.parametrize("act", LINES)
def test_most_lines_lean_to_what_they_do_whatever_the_trade(act: str) -> None:
    """Three in four of those it has not seen (`scripts/fit_chat_lines.py` says how many); other signs find the rest."""
    assert sum(getattr(leaning(text), act) > 1 for text in LINES[act]) >= 3


def test_most_talk_about_the_same_things_leans_to_none() -> None:
    assert sum(max(leaning(text)) < 2 for text in TALK) >= 3


def test_a_name_tells_of_selling() -> None:
    assert leaning("周末都有空吗", "低价代购小美").sells > leaning("周末都有空吗").sells + 1


def test_numbers_links_and_accounts_are_one_sign_each() -> None:
    assert pieces("", "加 abc_123 领 https://a.example/x 88 元") == pieces("", "加 zz9 领 https://b.example 7 元")


def test_nothing_known_leans_to_nothing() -> None:
    assert leaning("") == leaning("\U00013000\U00013001") == Leaning(0, 0, 0, 0, 0, 0)


def test_an_endless_line_is_read_to_its_bound_only() -> None:
    with at_most(2):
        assert leaning("出" * LONGEST) == pytest.approx(leaning("出" * 5_000_000))


def test_the_shipped_weights_are_those_of_the_lines() -> None:
    """After an edit of the lines, run scripts/fit_chat_lines.py."""
    path = KNOWLEDGE.parent / "scripts" / "fit_chat_lines.py"
    spec = importlib.util.spec_from_file_location("fit_chat_lines", path)
    assert spec is not None
    assert spec.loader is not None
    fitting = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fitting)
    assert fitting.fit(fitting.read_lines()) == json.loads((FOLDER / "weights.json").read_text(encoding="utf-8"))


def test_every_line_has_labels_that_are_known() -> None:
    rows = [row.split("\t") for row in (FOLDER / "lines.tsv").read_text(encoding="utf-8").splitlines()]
    lines = [row for row in rows if not row[0].startswith("#")]
    assert {label for row in lines for label in row[0].split(",")} == {*Leaning._fields, "talks", "none"}
    assert {len(row) for row in lines} == {3}
    assert len({row[2] for row in lines}) == len(lines)
