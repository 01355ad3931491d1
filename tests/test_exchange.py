import asyncio
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from failing import FAILURES
from fakes import ChatEndpoint, Reply, Request, failed, streamed, streamed_call

from copilot.client import Copilot
from copilot.endpoints import endpoints
from copilot.errors import Cancelled, WriterError
from copilot.records import Record, Usage
from copilot.tokens import count_tokens
from copilot.writers.base import Cancel, never
from copilot.writers.exchange import Exchange
from copilot.writers.streaming import Ticker

BRIEF = {"目的": "周末一起打扫河道", "事实": ["时间：11月28日（周六）9:00", "地点：清水河北岸码头"]}


class Note(Record):
    """What the model fills here."""

    title: str
    lines: tuple[str, ...]


NOTE = json.dumps({"title": "河道清洁", "lines": ["周六九点", "北岸码头"]}, ensure_ascii=False)


def exchange(endpoint: ChatEndpoint, cancelled: Cancel = never, *, seconds: float = 5, **changes: Any) -> Exchange:
    settings = endpoint.settings(request_timeout=seconds)
    found = endpoints(settings)[0].model_copy(update=changes)
    return Exchange(found, settings, Ticker(None, str), cancelled)


def some_time_after_the_request_came(endpoint: ChatEndpoint, seconds: float = 0.3) -> Cancel:
    came: list[float] = []

    def cancelled() -> bool:
        came.extend([time.perf_counter()] if endpoint.requests else [])
        return bool(came) and time.perf_counter() - came[0] > seconds

    return cancelled


def wait_for(what: Callable[[], bool]) -> None:
    until = time.perf_counter() + 60
    while not what():
        assert time.perf_counter() < until, "it never came"
        time.sleep(0.05)


def ask(asking: Exchange) -> str:
    return asking.ask(Note, [("system", "你写便条"), ("user", "写一张")])


def test_a_tool_s_arguments_are_the_reply() -> None:
    with ChatEndpoint(streamed_call("Note", NOTE)) as endpoint:
        asking = exchange(endpoint, modes=("tool",))
        assert ask(asking) == NOTE
    sent = endpoint.requests[0].json
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "Note"}}
    assert sent["tools"][0]["function"]["parameters"]["required"] == ["title", "lines"]
    assert asking.usage() == Usage(
        model="stub", input_tokens=100, output_tokens=20, requests=1, milliseconds=asking.usage().milliseconds
    )


def test_giving_up_breaks_the_request_off_while_nothing_comes() -> None:
    held = threading.Event()

    def answer(_: Any) -> Reply:
        held.wait(20)
        return streamed(NOTE)

    with ChatEndpoint(answer=answer) as endpoint:
        with pytest.raises(Cancelled):
            ask(exchange(endpoint, some_time_after_the_request_came(endpoint)))
        assert not held.is_set()  # given up while the endpoint was still thinking
        held.set()
    assert len(endpoint.requests) == 1


def test_giving_up_breaks_the_request_off_between_words() -> None:
    with ChatEndpoint(streamed(NOTE, size=1, pause=0.1)) as endpoint:
        with pytest.raises(Cancelled):
            ask(exchange(endpoint, some_time_after_the_request_came(endpoint)))
        wait_for(lambda: endpoint.broken_off == 1)
    assert endpoint.broken_off == 1


def test_what_is_given_up_before_it_begins_is_never_sent() -> None:
    with ChatEndpoint(streamed(NOTE)) as endpoint, pytest.raises(Cancelled):
        ask(exchange(endpoint, lambda: True))
    assert not endpoint.requests


def test_a_pause_before_a_second_try_can_be_given_up() -> None:
    slow_down = Reply(status=429, lines=['{"error": {"message": "slow"}}'], headers={"retry-after": "9"})
    with ChatEndpoint(slow_down, streamed(NOTE)) as endpoint, pytest.raises(Cancelled):
        ask(exchange(endpoint, some_time_after_the_request_came(endpoint)))
    assert len(endpoint.requests) == 1


def test_the_form_that_an_endpoint_takes_is_remembered_for_the_next_piece_of_work() -> None:
    no_form = Reply(status=400, lines=['{"error": {"message": "response_format is not supported"}}'])
    with ChatEndpoint(no_form, streamed(NOTE), streamed(NOTE)) as endpoint:
        ask(exchange(endpoint))
        ask(exchange(endpoint))
    assert [request.mode for request in endpoint.requests] == ["json_schema", "json_object", "json_object"]


def test_requests_side_by_side_find_out_together_that_a_form_is_refused() -> None:
    both = threading.Barrier(2)

    def answer(request: Request) -> Reply:
        if request.mode != "json_schema":
            return streamed(NOTE)
        both.wait(20)  # neither is told before the other has asked
        return failed(400, "response_format is not supported")

    with ChatEndpoint(answer=answer) as endpoint, ThreadPoolExecutor(2) as pool:
        made = list(pool.map(ask, [exchange(endpoint), exchange(endpoint)]))
    assert made == [NOTE, NOTE]
    assert sorted(request.mode for request in endpoint.requests) == ["json_object"] * 2 + ["json_schema"] * 2


@pytest.mark.parametrize("failure", ["too slow", "words that drip", "stream cut off", "body cut off"])
def test_what_was_sent_counts_though_nothing_whole_came_back(failure: str) -> None:
    with ChatEndpoint(answer=lambda _: FAILURES[failure].reply()) as endpoint:
        asking = exchange(endpoint, seconds=0.5)
        with pytest.raises(WriterError):
            ask(asking)
    usage = asking.usage()
    assert usage.input_tokens == usage.requests * sum(count_tokens(words, "most") for words in ("你写便条", "写一张"))
    assert bool(usage.output_tokens) == (failure in ("words that drip", "stream cut off"))
    assert usage.milliseconds


def test_what_is_given_up_half_way_counts_as_well() -> None:
    with ChatEndpoint(streamed(NOTE, wait=20)) as endpoint:
        asking = exchange(endpoint, some_time_after_the_request_came(endpoint))
        with pytest.raises(Cancelled):
            ask(asking)
    assert asking.usage().input_tokens


@pytest.mark.parametrize("failure", ["bad key", "server error", "nobody there", "no such host"])
def test_what_the_endpoint_did_not_take_does_not_count(failure: str) -> None:
    with ChatEndpoint(answer=lambda _: FAILURES[failure].reply()) as endpoint:
        settings = FAILURES[failure].settings(endpoint)
        asking = Exchange(endpoints(settings)[0], settings, Ticker(None, str))
        with pytest.raises(WriterError):
            ask(asking)
    assert asking.usage().requests
    assert not asking.usage().input_tokens


def test_all_requests_of_a_piece_of_work_share_its_time() -> None:
    with ChatEndpoint(answer=lambda _: streamed(NOTE, wait=0.4)) as endpoint:
        asking = exchange(endpoint, seconds=0.5)
        for _ in range(2):
            ask(asking)
        with pytest.raises(WriterError, match="没有写完"):
            ask(asking)
    assert len(endpoint.requests) <= 3


def test_an_address_that_nobody_can_resolve_is_told_apart_from_one_where_nobody_answers() -> None:
    with ChatEndpoint() as endpoint:
        silent = endpoint.settings()
    nowhere = silent.model_copy(update={"openai_base_url": "http://no-such-host.invalid/v1"})
    for settings, words in ((silent, "没有程序应答"), (nowhere, "域名解析不了")):
        asking = Exchange(endpoints(settings)[0], settings, Ticker(None, str))
        with pytest.raises(WriterError, match=words):
            ask(asking)


def test_awaiting_a_draft_can_be_cancelled_and_its_request_with_it(tmp_path: Any) -> None:
    async def give_up(copilot: Copilot) -> None:
        task = asyncio.create_task(copilot.adraft_announcement(BRIEF, writer="model"))
        await asyncio.to_thread(wait_for, lambda: bool(endpoint.requests))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with ChatEndpoint(streamed(NOTE, size=1, pause=0.2)) as endpoint:
        asyncio.run(give_up(Copilot(endpoint.settings(home=tmp_path))))
        wait_for(lambda: endpoint.broken_off == 1)
    assert endpoint.broken_off == 1


def test_several_drafts_at_once_do_not_wait_for_each_other(tmp_path: Any) -> None:
    async def draft_all(copilot: Copilot) -> list[str]:
        drafts = [copilot.adraft_announcement(BRIEF, writer="model") for _ in range(6)]
        return [draft.writer for draft in await asyncio.gather(*drafts)]

    body = {"title": "河道清洁", "opening": "一起来。", "lead_intro": "", "benefits": []}
    body |= {"points": [{"label": "时间", "text": "11月28日（周六）9:00"}], "action": "", "closing": ""}
    most = 0
    asked = threading.Semaphore(0)

    def answer(_: Any) -> Reply:
        nonlocal most
        asked.release()
        time.sleep(1)
        most = max(most, asked._value)
        return streamed(json.dumps(body, ensure_ascii=False))

    with ChatEndpoint(answer=answer) as endpoint:
        assert asyncio.run(draft_all(Copilot(endpoint.settings(home=tmp_path, request_timeout=20)))) == ["model"] * 6
    assert most >= 4
