"""Whatever an endpoint does to a conversation, its turn is done by code and says why, and what was said is kept."""

import json
import logging
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from failing import FAILURES
from fakes import KEY, ChatEndpoint

from copilot import Copilot
from copilot.conversation.records import ChatReply
from copilot.store import Conversation

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
BRIEF = "帮我写个通知：周六上午9点清水河北岸码头集合，一起打扫河道，联系人林晓棠"
SAID_NOTHING = [name for name, failure in FAILURES.items() if not failure.is_talk]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second try comes at once."""
    monkeypatch.setattr("copilot.writers.exchange.PAUSE", 0.01)


class Talked(NamedTuple):
    """What came of a message."""

    reply: ChatReply
    kept: Conversation
    endpoint: ChatEndpoint
    seconds: float


Talk = Callable[[str], Talked]


@pytest.fixture
def talked(shared_home: Path, tmp_path: Path) -> Talk:
    """Says the brief to an endpoint that fails."""

    def said(failure: str) -> Talked:
        with ChatEndpoint(answer=lambda _: FAILURES[failure].reply()) as endpoint:
            database = f"sqlite:///{tmp_path / 'drafts.db'}"
            settings = FAILURES[failure].settings(
                endpoint, home=shared_home, database_url=database, request_timeout=1.2
            )
            copilot = Copilot(settings)
            began = time.perf_counter()
            reply = copilot.chat(BRIEF, now=NOW)
            seconds = time.perf_counter() - began
        kept = copilot.store.conversation(reply.conversation)
        copilot.store.close()
        return Talked(reply, kept, endpoint, seconds)

    return said


@pytest.mark.parametrize("failure", SAID_NOTHING)
def test_a_failure_leaves_the_turn_to_code_and_is_told_with_its_fix(
    failure: str, talked: Talk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    reply, kept, endpoint, seconds = talked(failure)
    assert seconds < 20
    assert len(endpoint.requests) <= 4
    assert reply.turn.writer == "offline"
    assert "清水河北岸码头" in reply.drafts[0].text
    (told,) = [one for one in reply.turn.findings if one.code == "model-unavailable"]
    assert FAILURES[failure].told in told.message
    assert told.fix
    assert [turn.role for turn in kept.turns] == ["operator", "copilot"]
    assert kept.turns[0].text == BRIEF
    shown = "".join((reply.model_dump_json(), kept.model_dump_json(), caplog.text, *capfd.readouterr()))
    assert KEY not in shown


@pytest.mark.parametrize("failure", [name for name in FAILURES if name not in SAID_NOTHING])
def test_words_instead_of_a_tool_leave_the_draft_to_code(failure: str, talked: Talk) -> None:
    reply, _, endpoint, _ = talked(failure)
    assert "清水河北岸码头" in reply.drafts[0].text
    assert "42" not in reply.turn.text
    assert len(endpoint.requests) <= 8


def test_what_was_sent_counts_where_nothing_came_back(talked: Talk) -> None:
    usage = talked("too slow").reply.turn.usage
    assert usage.input_tokens > 1000  # the prompt and the tools
    assert usage.requests == 1


@pytest.mark.parametrize("failure", ["bad key", "nobody there"])
def test_what_the_endpoint_did_not_take_does_not_count(failure: str, talked: Talk) -> None:
    usage = talked(failure).reply.turn.usage
    assert usage.requests
    assert not usage.input_tokens


def test_the_command_tells_it_and_ends_well(
    run_copilot: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    with ChatEndpoint(answer=lambda _: FAILURES["bad key"].reply()) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.url, "OPENAI_API_KEY": KEY, "COPILOT_MODEL": "stub"}
        env |= {"COPILOT_DATABASE_URL": f"sqlite:///{tmp_path / 'drafts.db'}"}
        done = run_copilot("chat", BRIEF, "--now", "2026-11-23T09:00", "--json", env=env)
    assert done.returncode == 0, done.stderr.decode()
    reply = json.loads(done.stdout)
    assert "清水河北岸码头" in reply["drafts"][0]["text"]
    assert any(FAILURES["bad key"].told in one["message"] for one in reply["turn"]["findings"])
    assert KEY.encode() not in done.stdout + done.stderr
