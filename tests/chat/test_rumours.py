"""Hearsay: what counts, who asks back, and what answers it."""

import pytest
from staged import Row, scene_of

from copilot.chat.claims import Rumour
from copilot.chat.rumours import read_rumours


def rumours(rows: list[Row], *staff: str) -> tuple[Rumour, ...]:
    return read_rumours(scene_of(rows, *staff))


CLAIM: Row = ("09:00", "阿水", "听说咱们校区下个月要停课搬家？我邻居说的")


def test_hearsay_that_alarms_is_open_until_somebody_answers_it() -> None:
    (one,) = rumours([CLAIM, ("09:02", "小麦", "真的假的"), ("09:03", "豆豆", "晚上吃啥")], "校长")
    assert (one.messages, one.replies, one.status) == (("m1",), ("m2",), "open")


@pytest.mark.parametrize(
    ("answer", "status", "settles"),
    [
        ("没有停课搬家的计划，校区合同签到后年，大家别传", "refuted", True),
        ("是的，刚接到通知，消防改造要停课两周", "confirmed", True),
        ("我先问下教务，核实了再说", "answered", False),
    ],
)
def test_what_the_groups_people_say_decides(answer: str, status: str, settles: bool) -> None:
    (one,) = rumours([CLAIM, ("09:30", "校长", f"@阿水 {answer}")], "校长")
    assert one.status == status
    assert (one.refuted == ("m2",)) is settles
    assert ("m2" in one.replies) is not settles


def test_a_report_that_was_promised_answers_without_a_verdict() -> None:
    rows: list[Row] = [
        ("09:00", "阿水", "刷到视频说这批樱桃打了甜蜜素，能吃吗"),
        ("09:05", "团长", "我找供应商要检测报告，没看到之前我不乱讲"),
        ("14:00", "团长", "检测报告来了，日期批号都有，大家自己看"),
    ]
    (one,) = rumours(rows, "团长")
    assert (one.status, one.replies, one.refuted) == ("answered", ("m2",), ("m3",))


def test_a_picture_and_a_second_line_belong_to_the_claim() -> None:
    rows: list[Row] = [CLAIM, ("09:01", "阿水", "[图片]"), ("09:02", "阿水", "别的群转的，说连押金都不退")]
    (one,) = rumours(rows, "校长")
    assert one.messages == ("m1", "m2", "m3")


@pytest.mark.parametrize(
    "text",
    [
        "听说新开的那家面馆挺好吃",
        "听说你生了，恭喜恭喜",
        "医生说要多喝水",
        "公告说周五停水",
        "我怎么没听说过要交这个",
        "听我说，先别急",
    ],
)
def test_small_talk_and_named_sources_are_no_rumours(text: str) -> None:
    assert rumours([("09:00", "阿水", text), ("09:01", "小麦", "嗯嗯")], "校长") == ()


def test_staff_spread_no_rumours() -> None:
    assert rumours([("09:00", "校长", "听说网上有人传停课，我们核实过，没有这回事")], "校长") == ()
