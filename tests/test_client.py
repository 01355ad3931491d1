"""The one flow, with writers of our own."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copilot import Copilot, Settings
from copilot.errors import EmptyInputError, ModelUnavailable, UsageError
from copilot.records import Draft, Finding
from copilot.tasks.announcement import Announcement, Point
from copilot.tasks.base import Assignment, Task
from copilot.writers.base import OnText, Written
from copilot.writers.choosing import chosen

BRIEF = {
    "purpose": "发布晨跑活动公告",
    "时间": "2026-11-28（周六）7:00",
    "集合": "东湖公园北门",
    "报名": "群里接龙，11月26日截止",
    "费用": "15 元",
}
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class ScriptedWriter:
    """Replies from a queue; keeps the findings it was sent back."""

    name = "model"
    rounds = 2

    def __init__(self, *replies: Announcement) -> None:
        self.replies = list(replies)
        self.returned: list[Sequence[Finding]] = []

    def write(self, task: Task[Any, Any], assignment: Assignment, on_text: OnText | None = None) -> Written[Any]:
        return Written(structure=self.replies.pop(0))

    def repair(
        self, task: Task[Any, Any], assignment: Assignment, written: Written[Any], findings: Sequence[Finding]
    ) -> Written[Any]:
        self.returned.append(findings)
        return Written(structure=self.replies.pop(0))


class DeadWriter(ScriptedWriter):
    """A model that does not answer."""

    def write(self, task: Task[Any, Any], assignment: Assignment, on_text: OnText | None = None) -> Written[Any]:
        raise ModelUnavailable("连不上模型", hint="检查网络")


def reply(*points: str, action: str = "想来的接龙。") -> Announcement:
    return Announcement(
        title="晨跑", opening="早起的朋友一起跑步。", points=tuple(Point(text=text) for text in points), action=action
    )


TRUE = ("11月28日（周六）7:00 东湖公园北门集合", "15 元", "群里接龙，11月26日截止")


@pytest.fixture(scope="module")
def copilot(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    return Copilot(Settings(home=tmp_path_factory.mktemp("home")))


def errors(draft: Draft) -> list[str]:
    return [finding.code for finding in draft.findings if finding.severity == "error"]


def test_a_true_reply_is_kept_as_it_is(copilot: Copilot) -> None:
    writer = ScriptedWriter(reply(*TRUE))
    draft = copilot.draft_announcement(BRIEF, writer=writer, now=NOW)
    assert draft.writer == "model"
    assert errors(draft) == []
    assert writer.returned == []
    assert "东湖公园北门集合" in draft.text


def test_an_invented_price_goes_back_to_the_writer_with_its_span(copilot: Copilot) -> None:
    writer = ScriptedWriter(reply(*TRUE, "早鸟只要 9 元"), reply(*TRUE))
    draft = copilot.draft_announcement(BRIEF, writer=writer, now=NOW)
    assert "9 元" not in draft.text
    (sent,) = writer.returned
    assert "9 元" in {finding.span.text for finding in sent if finding.span}


def test_a_writer_that_will_not_mend_is_mended_by_code(copilot: Copilot) -> None:
    bad = reply("11月28日（周六）7:00 东湖公园北门集合", "早鸟只要 9 元，保证不淋雨", "联系 13912345678")
    draft = copilot.draft_announcement(BRIEF, writer=ScriptedWriter(bad, bad, bad), now=NOW)
    assert errors(draft) == []
    assert "13912345678" not in draft.text.replace("【待核实:13912345678】", "")
    assert "保证" not in draft.text
    assert "15 元" in draft.text, "a fact the writer dropped comes back"
    assert "11月26日截止" in draft.text


def test_a_dead_model_leaves_the_offline_draft_and_a_word_about_it(copilot: Copilot) -> None:
    draft = copilot.draft_announcement(BRIEF, writer=DeadWriter(), now=NOW)
    assert draft.writer == "offline"
    assert "model-unavailable" in {finding.code for finding in draft.findings}
    assert "15 元" in draft.text


def test_asking_for_a_model_that_is_not_set_up_is_told(copilot: Copilot) -> None:
    draft = copilot.draft_announcement(BRIEF, writer="model", now=NOW)
    assert (draft.writer, "model-not-configured" in {finding.code for finding in draft.findings}) == ("offline", True)


def test_an_unknown_writer_is_a_usage_error(copilot: Copilot) -> None:
    unknown: Any = "poet"
    with pytest.raises(UsageError, match="offline"):
        copilot.draft_announcement(BRIEF, writer=unknown, now=NOW)


def test_an_empty_brief_is_refused(copilot: Copilot) -> None:
    briefs: tuple[str | dict[str, Any], ...] = ("", " \n ", {}, {"facts": []})
    for brief in briefs:
        with pytest.raises(EmptyInputError):
            copilot.draft_announcement(brief)


def test_the_record_is_json_with_the_promised_keys(copilot: Copilot) -> None:
    data = json.loads(copilot.draft_announcement(BRIEF, writer="offline", now=NOW).model_dump_json())
    assert {"kind", "writer", "text", "structure", "missing", "conflicts", "findings", "citations", "usage"} <= set(
        data
    )
    for citation in data["citations"]:
        assert {"source", "section", "quote", "chunk_id"} <= set(citation)


def test_every_citation_quotes_the_handbook_word_for_word(copilot: Copilot) -> None:
    draft = copilot.draft_announcement(BRIEF, writer="offline", now=NOW)
    assert draft.citations
    for citation in draft.citations:
        assert citation.quote in (copilot.settings.knowledge / "playbooks" / citation.source).read_text(
            encoding="utf-8"
        )


def test_the_draft_of_a_brief_can_be_asked_for_again(copilot: Copilot) -> None:
    draft = copilot.draft_announcement(BRIEF, writer="offline", now=NOW)
    again = copilot.draft_announcement(draft.request.brief, writer="offline", now=draft.request.now)
    assert again.text == draft.text


@pytest.mark.parametrize("call", ["adraft_announcement"])
def test_the_async_twin_gives_the_same_text(copilot: Copilot, call: str) -> None:
    import asyncio

    draft = asyncio.run(getattr(copilot, call)(BRIEF, writer="offline", now=NOW))
    assert draft.text == copilot.draft_announcement(BRIEF, writer="offline", now=NOW).text


@pytest.mark.parametrize(
    ("brief", "options", "greeting"),
    [(BRIEF, {}, "formal"), ({**BRIEF, "tone": "亲切"}, {}, "warm"), (BRIEF, {"tone": "plain"}, "plain")],
)
def test_the_usual_tone_is_that_of_briefs_and_calls_that_ask_for_none(
    brief: dict[str, str], options: dict[str, Any], greeting: str
) -> None:
    wanted = Copilot().draft_announcement(brief, tone=greeting, now=NOW, writer="offline").text
    usual = Copilot(Settings.load(tone="formal")).draft_announcement(brief, now=NOW, writer="offline", **options)
    assert usual.text == wanted


@pytest.mark.parametrize("wanted", [None, "auto"])
def test_where_nobody_is_asked_for_the_settings_say_who_writes(wanted: Any) -> None:
    settings = Settings.load(writer="offline", provider="ollama", model="m")
    assert chosen(settings, wanted)[0].name == "offline"
    assert chosen(settings, "model")[0].name == "model"
