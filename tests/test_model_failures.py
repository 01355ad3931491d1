"""Whatever an endpoint does, every job ends with something to use, says what happened, and keeps the key to itself."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from failing import FAILURES
from fakes import KEY, ChatEndpoint, failed, streamed

from copilot.client import Copilot
from copilot.records import Answer, Draft

BRIEF = {"目的": "周末一起打扫河道", "事实": ["时间：11月28日（周六）9:00", "地点：清水河北岸码头", "联系人：林晓棠"]}
CRISIS = {
    "发生了什么": "有人在群里说上周订的柿子坏了三箱，要求退款",
    "已确认": ["11月20日发货 40 箱"],
    "我能答应": ["核实后答复"],
}
CHAT = (
    "2026-03-02 09:00:01 林晓棠\n周六去河边吗？\n\n2026-03-02 09:00:40 周建国\n去，九点码头见\n\n"
    "2026-03-02 09:02:10 沈南星\n手套谁带？\n\n2026-03-02 09:03:00 林晓棠\n我带十副\n"
)
PLAN = {
    "周期": "2026-03-09~2026-03-15",
    "群": "河边清洁队",
    "目标": "这周 20 人报名",
    "人手": [{"姓名": "林晓棠", "时间": "晚上有空"}],
}
JOBS: dict[str, Callable[[Copilot], Draft | Answer]] = {
    "announcement": lambda copilot: copilot.draft_announcement(BRIEF, writer="model"),
    "weekly-plan": lambda copilot: copilot.draft_weekly_plan(PLAN, writer="model"),
    "crisis-reply": lambda copilot: copilot.draft_crisis_reply(CRISIS, writer="model"),
    "digest": lambda copilot: copilot.summarise_digest(CHAT, writer="model"),
    "ask": lambda copilot: copilot.ask("群里没人说话怎么办", writer="model"),
}
MANY = ("bad key", "server error", "no JSON", "filtered")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second try comes at once."""
    monkeypatch.setattr("copilot.writers.exchange.PAUSE", 0.01)


def outcome(job: str, failure: str, home: Path, **settings: Any) -> tuple[Draft | Answer, ChatEndpoint, float]:
    with ChatEndpoint(answer=lambda _: FAILURES[failure].reply()) as endpoint:
        copilot = Copilot(FAILURES[failure].settings(endpoint, home=home, request_timeout=1.2, **settings))
        started = time.perf_counter()
        made = JOBS[job](copilot)
        return made, endpoint, time.perf_counter() - started


def whole_record(made: Draft | Answer) -> str:
    return made.model_dump_json()


@pytest.mark.parametrize("failure", FAILURES)
def test_whatever_the_endpoint_does_the_announcement_is_written_and_says_why_not_by_the_model(
    failure: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made, endpoint, seconds = outcome("announcement", failure, tmp_path)
    assert isinstance(made, Draft)
    assert made.writer == "offline"
    assert "清水河北岸码头" in made.text
    (told,) = [finding for finding in made.findings if finding.code == "model-unavailable"]
    assert FAILURES[failure].told in told.message
    assert told.fix
    assert made.request.brief == BRIEF
    assert len(endpoint.requests) <= 8
    assert seconds < 20
    assert KEY not in whole_record(made)
    assert KEY not in caplog.text


@pytest.mark.parametrize("failure", MANY)
@pytest.mark.parametrize("job", [job for job in JOBS if job != "announcement"])
def test_every_job_has_the_offline_result_to_fall_back_on(job: str, failure: str, tmp_path: Path) -> None:
    made, endpoint, _ = outcome(job, failure, tmp_path)
    assert made.writer == "offline"
    codes = {finding.code for finding in made.findings}
    assert codes & {"model-unavailable", "portions-failed"}
    assert (made.answer if isinstance(made, Answer) else made.text).strip()
    assert endpoint.requests
    assert KEY not in whole_record(made)


def test_a_model_that_refuses_to_repair_leaves_what_it_wrote_mended_by_code(tmp_path: Path) -> None:
    body = {"title": "河道清洁", "opening": "来的人都送 88 元红包！", "lead_intro": "", "benefits": []}
    body |= {"points": [{"label": "时间", "text": "11月28日（周六）9:00"}], "action": "", "closing": ""}
    replies = [streamed(json.dumps(body, ensure_ascii=False)), failed(400, "filtered", "content_filter")]
    with ChatEndpoint(*replies) as endpoint:
        draft = Copilot(endpoint.settings(home=tmp_path)).draft_announcement(BRIEF, writer="model")
    assert draft.writer == "model"
    assert "88" not in draft.text.replace("【待核实:88", "")
    assert any("没能改完" in finding.message for finding in draft.findings)
