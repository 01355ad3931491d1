"""What is worth keeping: useful, found useful by others, and nothing else."""

import pytest
from staged import Row, scene_of

from copilot.chat.highlights import read_highlights

TIP = "烤箱先空烧十分钟再放，中途转一次盘，我试过颜色特别均匀"


def kept(rows: list[Row], *staff: str) -> list[str]:
    return [one.message for one in read_highlights(scene_of(rows, *staff))]


@pytest.mark.parametrize("reply", ["学到了，今晚试试", "这个好！收藏了", "有用，谢谢分享"])
def test_a_method_that_others_find_useful_is_kept(reply: str) -> None:
    assert kept([("09:00", "阿水", TIP), ("09:02", "小麦", reply)], "老师") == ["m1"]


def test_what_staff_approve_is_kept_and_says_so() -> None:
    rows: list[Row] = [("09:00", "阿水", TIP), ("09:05", "老师", "@阿水 这个方法可以，推荐大家")]
    (one,) = read_highlights(scene_of(rows, "老师"))
    assert (one.by, one.message) == ("阿水", "m1")
    assert "工作人员" in one.why


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        (TIP, "中午吃什么"),
        ("明天九点东门集合，记得带水", "好的"),
        ("发烧先用酒精擦身子再捂一捂，我家都这么弄", "学到了"),
        ("我试过先加热再放冰箱，谁要的话打我电话13912345678", "有用，谢谢分享"),
        ("哈哈哈我是先睡再说", "太真实了"),
        ("请问先放糖还是先放蛋，我一般先放糖", "同问"),
    ],
)
def test_chatter_notices_medical_advice_and_private_matters_are_not(text: str, reply: str) -> None:
    assert kept([("09:00", "阿水", text), ("09:02", "小麦", reply)], "老师") == []


def test_only_the_best_few_are_kept() -> None:
    rows: list[Row] = []
    for number in range(20):
        rows += [(f"{number}:00", "阿水", f"{TIP}，第{number}炉"), (f"{number}:02", "小麦", "有用，收藏了")]
    assert len(kept(rows, "老师")) == 3
