"""The digest with a model: what happens when it fails, and what it costs."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import ChatEndpoint, Reply, Request, failed, streamed
from model_chats import SMALL, chat, claim, codes, heard, lines_of, long, message_of, silent

from copilot import Copilot
from copilot.cli import main
from copilot.records import Draft


class TestWhenItFails:
    def test_a_piece_that_is_blocked_costs_that_piece_only(self, digest: Callable[..., Draft]) -> None:
        def answer(request: Request) -> Reply:
            if any("第7次" in text for text in lines_of(request)):
                return failed(400, "content management policy", "content_filter")
            return heard()

        with ChatEndpoint(answer=answer) as endpoint:
            draft = digest(endpoint, chat(tuple(long(120))), **SMALL)
        told = message_of(draft, "portions-failed")
        assert draft.writer == "model"
        assert re.match(rf"{len(endpoint.requests)} 段里有 1 段模型没读成", told)
        assert "安全审核" in told
        assert draft.structure["totals"]["messages"] == 120

    def test_a_piece_that_failed_is_asked_again_next_time(self, digest: Callable[..., Draft]) -> None:
        with ChatEndpoint(streamed("不是 JSON"), streamed("还不是"), heard()) as endpoint:
            first, second = digest(endpoint), digest(endpoint)
        assert (first.writer, second.writer) == ("offline", "model")
        assert "model-unavailable" in codes(first)
        assert first.text == second.text

    def test_a_key_that_is_refused_is_not_tried_for_every_piece(self, digest: Callable[..., Draft]) -> None:
        with ChatEndpoint(answer=lambda _: failed(401, "no")) as endpoint:
            draft = digest(endpoint, chat(tuple(long(400))), **SMALL)
        assert draft.writer == "offline"
        assert "密钥" in message_of(draft, "model-unavailable")
        assert len(endpoint.requests) <= 8

    def test_no_more_than_four_are_asked_at_once(self, digest: Callable[..., Draft]) -> None:
        lock, now, most = threading.Lock(), [0], [0]

        def slow() -> Iterator[str]:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            threading.Event().wait(0.05)
            with lock:
                now[0] -= 1
            yield from heard().lines

        with ChatEndpoint(answer=lambda _: Reply(content_type="text/event-stream", lines=list(slow()))) as endpoint:
            digest(endpoint, chat(tuple(long(400))), **SMALL)
        assert len(endpoint.requests) > 6
        assert 1 < most[0] <= 4


class TestWhatItCosts:
    def test_the_estimate_comes_before_anything_is_sent(self, digest: Callable[..., Draft]) -> None:
        seen: list[Any] = []
        with ChatEndpoint(answer=silent) as endpoint:
            digest(endpoint, on_estimate=lambda one: seen.append((one, len(endpoint.requests))))
            ((estimate, requests),) = seen
        assert requests == 0
        assert (estimate.portions, estimate.cached, estimate.messages) == (1, 0, 8)
        assert estimate.input_tokens > estimate.raw_tokens > 100

    def test_an_estimate_sends_nothing(self, replies: Path) -> None:
        with ChatEndpoint() as endpoint:
            estimate = Copilot(endpoint.settings()).estimate_digest(chat())
        assert estimate.portions == 1
        assert not endpoint.requests

    @pytest.mark.usefixtures("replies")
    def test_the_command_line_tells_it_without_a_model(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "群.txt"
        path.write_text(chat(), encoding="utf-8")
        assert main(["digest", str(path), "--estimate"]) == 0
        assert "条消息里要发 1 段" in capsys.readouterr().out
        assert main(["digest", str(path), "--estimate", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["portions"] == 1

    def test_the_same_chat_is_paid_for_once(self, digest: Callable[..., Draft]) -> None:
        with ChatEndpoint(answer=silent) as endpoint:
            first, second = digest(endpoint), digest(endpoint)
        assert len(endpoint.requests) == 1
        assert (first.usage.input_tokens, first.usage.cached_tokens) == (100, 0)
        assert (second.usage.input_tokens, second.usage.cached_tokens, second.usage.requests) == (0, 120, 0)
        assert second.text == first.text

    def test_what_is_appended_makes_no_closed_piece_new(self, digest: Callable[..., Draft]) -> None:
        with ChatEndpoint(answer=silent) as endpoint:
            digest(endpoint, chat(tuple(long(300))), **SMALL)
            first = len(endpoint.requests)
            later = digest(endpoint, chat(tuple(long(303))), **SMALL)
        assert first > 4
        assert len(endpoint.requests) - first <= 2
        assert later.usage.cached_tokens >= 120 * (first - 2)

    def test_another_model_is_asked_anew(self, replies: Path) -> None:
        with ChatEndpoint(answer=silent) as endpoint:
            for model in ("one", "other"):
                Copilot(endpoint.settings(model=model)).summarise_digest(chat(), writer="model")
        assert len(endpoint.requests) == 2

    def test_what_is_remembered_names_nobody(self, digest: Callable[..., Draft], replies: Path) -> None:
        with ChatEndpoint(answer=lambda one: heard(claims=[claim(one, "车库的钥匙", kind="action")])) as endpoint:
            draft = digest(endpoint)
        (kept,) = replies.glob("*.json")
        assert "雨霏" in draft.text
        assert "雨霏" not in kept.read_text(encoding="utf-8")
        assert "成员" in json.loads(kept.read_text(encoding="utf-8"))["reply"]

    @pytest.mark.parametrize("broken", [b"", b"{}", b"\xff\xfe", b'{"reply":"no","input_tokens":1,"output_tokens":1}'])
    def test_a_broken_memory_costs_a_request_and_nothing_else(
        self, digest: Callable[..., Draft], replies: Path, broken: bytes
    ) -> None:
        with ChatEndpoint(answer=silent) as endpoint:
            digest(endpoint)
            (kept,) = replies.glob("*.json")
            kept.write_bytes(broken)
            assert digest(endpoint).writer == "model"
        assert len(endpoint.requests) == 2
