"""One model can't, the next one writes; and the day's limit holds whoever writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import KEY, ChatEndpoint, Reply, failed, streamed

from copilot.client import Copilot
from copilot.records import Draft
from copilot.settings import Settings
from copilot.writers.spending import Spending

OTHER_KEY = "sk-other-9876543210fedcba"
BRIEF = {"目的": "周末一起打扫河道", "事实": ["时间：11月28日（周六）9:00", "地点：清水河北岸码头", "联系人：林晓棠"]}
BODY = {
    "title": "河道清洁",
    "opening": "一起把河边收拾干净。",
    "lead_intro": "",
    "benefits": [],
    "points": [
        {"label": "时间", "text": "11月28日（周六）9:00"},
        {"label": "地点", "text": "清水河北岸码头"},
        {"label": "联系人", "text": "成员01"},
    ],
    "action": "",
    "closing": "",
}
GOOD = json.dumps(BODY, ensure_ascii=False)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second try comes at once."""
    monkeypatch.setattr("copilot.writers.exchange.PAUSE", 0.01)


def settings(first: ChatEndpoint, second: ChatEndpoint, home: Path, **values: Any) -> Settings:
    fixed = {"home": home, "fallback": f"{second.url} other-model", "fallback_api_key": OTHER_KEY}
    return first.settings(**{**fixed, **values})


def keys_sent_to(endpoint: ChatEndpoint) -> set[str]:
    sent = [{name.lower(): value for name, value in request.headers.items()} for request in endpoint.requests]
    return {headers["authorization"] for headers in sent}


def notices(draft: Draft) -> list[str]:
    return [finding.code for finding in draft.findings if finding.code.startswith("model-")]


def test_the_second_writes_when_the_first_can_not_and_the_operator_is_told(tmp_path: Path) -> None:
    heard: list[str] = []
    with ChatEndpoint(failed(401, f"bad key {KEY}")) as first, ChatEndpoint(streamed(GOOD)) as second:
        copilot = Copilot(settings(first, second, tmp_path))
        draft = copilot.draft_announcement(BRIEF, writer="model", on_text=heard.append)
    assert (draft.writer, draft.usage.model) == ("model", "other-model")
    (notice,) = [finding for finding in draft.findings if finding.code == "model-passed-over"]
    assert "stub" in notice.message
    assert "other-model" in notice.message
    assert "林晓棠" in "".join(heard)
    assert KEY not in draft.model_dump_json()


def test_each_key_goes_to_its_own_address_only(tmp_path: Path) -> None:
    with ChatEndpoint(failed(500), failed(500)) as first, ChatEndpoint(streamed(GOOD)) as second:
        Copilot(settings(first, second, tmp_path)).draft_announcement(BRIEF, writer="model")
    assert keys_sent_to(first) == {f"Bearer {KEY}"}
    assert keys_sent_to(second) == {f"Bearer {OTHER_KEY}"}


def test_names_are_hidden_from_the_second_as_from_the_first(tmp_path: Path) -> None:
    with ChatEndpoint(failed(403)) as first, ChatEndpoint(streamed(GOOD)) as second:
        draft = Copilot(settings(first, second, tmp_path)).draft_announcement(BRIEF, writer="model")
    assert "林晓棠" not in first.sent + second.sent
    assert "林晓棠" in draft.text


def test_words_that_were_shown_before_the_first_broke_off_are_told_to_be_void(tmp_path: Path) -> None:
    heard: list[str] = []
    half = streamed(GOOD[: GOOD.index("points")], finish="length", pause=0.1, size=30)
    with ChatEndpoint(half) as first, ChatEndpoint(streamed(GOOD)) as second:
        copilot = Copilot(settings(first, second, tmp_path))
        copilot.draft_announcement(BRIEF, writer="model", on_text=heard.append)
    told = "".join(heard)
    assert told.count("一起把河边收拾干净。") == 2
    assert told.index("改由 other-model 来写") > told.index("一起把河边收拾干净。")


def test_when_none_can_the_offline_draft_says_why_and_what_trying_took(tmp_path: Path) -> None:
    cut = streamed("{", finish="length")
    with ChatEndpoint(cut) as first, ChatEndpoint(failed(401)) as second:
        draft = Copilot(settings(first, second, tmp_path)).draft_announcement(BRIEF, writer="model")
    assert draft.writer == "offline"
    assert "清水河北岸码头" in draft.text
    assert notices(draft) == ["model-unavailable"]
    assert (draft.usage.requests, draft.usage.input_tokens) == (2, 100)


def test_one_that_failed_twice_is_not_asked_again_for_the_same_draft(tmp_path: Path) -> None:
    promising = json.dumps({**BODY, "closing": "先到先得，送 88 元红包！"}, ensure_ascii=False)
    broken = [failed(401)] * 4
    with ChatEndpoint(*broken) as first, ChatEndpoint(*[streamed(promising)] * 3) as second:
        draft = Copilot(settings(first, second, tmp_path)).draft_announcement(BRIEF, writer="model")
    assert len(first.requests) == 2  # to write and for the first repair, not for the second
    assert len(second.requests) == 3
    assert "88" not in draft.text


def test_the_day_s_limit_holds_over_drafts_and_then_the_offline_writer_has_it(tmp_path: Path) -> None:
    with ChatEndpoint(streamed(GOOD), streamed(GOOD)) as endpoint:
        limited = endpoint.settings(home=tmp_path, daily_tokens=8000, output_tokens=500)
        by_model = Copilot(limited).draft_announcement(BRIEF, writer="model")
        assert by_model.writer == "model"
        assert Spending(limited).today().tokens == 120 * len(endpoint.requests)
        tighter = limited.model_copy(update={"daily_tokens": 600})
        offline = Copilot(tighter).draft_announcement(BRIEF, writer="model")
    assert offline.writer == "offline"
    (told,) = [finding for finding in offline.findings if finding.code == "model-unavailable"]
    assert "600" in told.message
    assert "COPILOT_DAILY_TOKENS" in told.fix
    assert len(endpoint.requests) == 1


def test_the_estimate_comes_before_the_request(tmp_path: Path) -> None:
    order: list[str] = []

    def answer(_: Any) -> Reply:
        order.append("request")
        return streamed(GOOD)

    with ChatEndpoint(answer=answer) as endpoint:
        copilot = Copilot(endpoint.settings(home=tmp_path))
        copilot.draft_announcement(
            BRIEF, writer="model", on_estimate=lambda told: order.append(str(told.input_tokens > 500))
        )
    assert order == ["True", "request"]
