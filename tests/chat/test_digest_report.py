"""The operator's own daily report as prose: sorted, not counted anew, and held against itself."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from digest_chats import transcript

from copilot.chat.records import Transcript
from copilot.records import Request
from copilot.settings import Settings
from copilot.tasks.base import Options
from copilot.tasks.digest.brief import ChatBrief
from copilot.tasks.digest.report import contradictions_in, read_report
from copilot.tasks.digest.task import DigestTask

NOW = datetime(2026, 3, 6, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
REPORT = (
    "3月6日 群日报",
    "今日发言126条，新进群3人。",
    "周六的外拍改到湿地北门，时间不变。",
    "老陈问样片押金什么时候退，还没有人回复。",
    "两位成员抱怨器材柜总是满的，已处理。",
    "阿蔓明天跟进加一个器材柜。",
    "一个卖镜头的广告，已移出。",
    "雨霏分享了夜拍的经验。",
)


def report(*sentences: str) -> Transcript:
    rows = tuple(("00:00", "", text) for text in sentences)
    chat = transcript(rows, format="report")
    bare = {"time": None, "precision": "none", "kind": "other"}
    return chat.model_copy(update={"messages": tuple(one.model_copy(update=bare) for one in chat.messages)})


def page(chat: Transcript) -> tuple[dict[str, str], dict[str, Any]]:
    brief = ChatBrief(meta={"group": "山风摄影群"}, statements=(), now=NOW, now_given=False, transcript=chat)
    task = DigestTask()
    given = task.prepare(brief, Options())
    words = task.complete(task.compose(given), given)
    return {part.name: part.text for part in task.parts(words, given)}, task.describe(given, words)


def test_its_sentences_are_sorted_each_with_its_line() -> None:
    read = read_report(report(*REPORT))
    assert [one.text for one in read.decisions] == [REPORT[2]]
    assert [one.question for one in read.questions] == [REPORT[3]]
    assert [(one.summary, one.status) for one in read.complaints] == [(REPORT[4], "resolved")]
    assert [(one.owner, one.task) for one in read.actions] == [("阿蔓", REPORT[5])]
    assert [(one.why, one.handled) for one in read.ads] == [(REPORT[6], ("m7",))]
    assert [one.text for one in read.highlights] == [REPORT[7]]
    text = page(report(*REPORT))[0]["desk"]
    assert "周六的外拍改到湿地北门，时间不变。【第 5 行】" in text


def test_numbers_are_the_reports_and_none_are_counted() -> None:
    texts, data = page(report(*REPORT))
    assert "日报所写：今日发言126条，新进群3人。【第 3 行】" in texts["desk"]
    assert "数字照日报所写，没有另行清点" in texts["desk"]
    assert data["totals"]["messages"] == 0
    assert data["member_stats"] == []


def test_headings_say_what_stands_under_them() -> None:
    read = read_report(report("一、投诉", "器材柜的锁坏了两周", "二、待办", "无", "三、明天的事", "下午四点验收"))
    assert [one.summary for one in read.complaints] == ["器材柜的锁坏了两周"]
    assert [one.task for one in read.actions] == ["下午四点验收"]


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        (("新进群3人", "今天新进群5人"), "新进群3人"),
        (("3月7日（周六）外拍", "3月7日周日外拍取消"), "3月7日"),
        (("2026年3月7日（周日）外拍",), "2026年3月7日"),
    ],
)
def test_what_cannot_both_be_true_is_shown(sentences: tuple[str, ...], told: str) -> None:
    assert told in contradictions_in(report(*sentences), NOW)[0].message
    assert "前后对不上" in page(report(*sentences))[0]["desk"]


@pytest.mark.parametrize(
    "sentences",
    [
        ("新进群3人", "退群2人"),
        ("3月7日（周六）外拍", "3月8日（周日）复盘"),
        ("5月9日（周六）聚餐",),
        ("发言3条", "又发言3条"),
    ],
)
def test_what_can_both_be_true_is_left_alone(sentences: tuple[str, ...]) -> None:
    assert contradictions_in(report(*sentences), NOW) == ()


def test_the_group_reads_what_holds_and_no_complaint() -> None:
    text = page(report(*REPORT))[0]["group"]
    assert "湿地北门" in text
    assert "抱怨" not in text
    assert "老陈" not in text


def test_a_report_is_read_from_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings.load(home=tmp_path_factory.mktemp("home"))
    brief = DigestTask().read(Request(brief={"chat": "\n".join(REPORT), "name": ""}), NOW, settings)
    assert brief.transcript.format == "report"
