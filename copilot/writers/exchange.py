"""Requests to one model: streamed, counted, within one time limit, given up when nobody wants them any more.

What goes wrong is told in our own errors. This module is slow to import and is imported when a model is first used.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import closing
from functools import cache, lru_cache
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

import openai
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.utils.json import parse_partial_json
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from copilot.endpoints import Endpoint, Mode, priced
from copilot.errors import Cancelled, WriterError
from copilot.records import Record, Usage
from copilot.settings import Settings
from copilot.tokens import count_tokens
from copilot.writers import failures
from copilot.writers.base import Cancel, Message, never
from copilot.writers.bridge import LOOK, at_end, drained
from copilot.writers.replies import json_of, strict_schema
from copilot.writers.spending import Spending
from copilot.writers.streaming import Ticker

if TYPE_CHECKING:
    from langchain_core.messages.ai import UsageMetadata

PATIENCE = 2  # one exchange takes at most so many times what one request may
PAUSE = 1.0  # seconds before a second try, when the endpoint names none
LONGEST_WAIT = 20.0  # seconds; a longer Retry-After is told to the operator instead
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)  # what LangChain raises on a web page


class Line:
    """The connection to one endpoint, and the form of reply that it is known to take."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.modes = endpoint.modes
        self.chat = ChatOpenAI(
            model=endpoint.model,
            base_url=endpoint.base_url,
            api_key=endpoint.api_key or SecretStr("none"),  # an own address often needs no key, the client always does
            max_retries=0,  # retried here, where the time limit is known
            stream_chunk_timeout=None,  # the same
            use_responses_api=False,
            http_async_client=_web(),
        )

    def meaning(self, error: openai.OpenAIError) -> WriterError:
        """An error of the client's library as one of ours, without the key."""
        status, code, said, wait = _told(error, self._key)
        if isinstance(error, openai.APIConnectionError):
            return failures.unreachable(failures.scrub(_cause(error), self._key))
        return failures.from_status(status, code, said, wait)

    def refused_form(self, error: openai.OpenAIError) -> bool:
        """Whether only the form of reply was refused, and there is a plainer one, which is asked for from now on."""
        status, code, said, _ = _told(error, self._key)
        if not failures.about_form(status, code, said) or len(self.modes) == 1:
            return False
        self.modes = self.modes[1:]
        return True

    @property
    def _key(self) -> str:
        return self.endpoint.api_key.get_secret_value() if self.endpoint.api_key else ""


@cache
def _web() -> openai.DefaultAsyncHttpxClient:
    """One pool of connections for all endpoints: a line that is forgotten leaves none open."""
    client = openai.DefaultAsyncHttpxClient()
    at_end(client.aclose)
    return client


@lru_cache(maxsize=16)
def line(endpoint: Endpoint) -> Line:
    """The connection to an endpoint: all drafts of a process share it."""
    return Line(endpoint)


class Exchange:
    """The requests to one endpoint for one piece of work; `ticker` tells the operator what comes."""

    def __init__(self, endpoint: Endpoint, settings: Settings, ticker: Ticker, cancelled: Cancel = never) -> None:
        self._line = line(endpoint)
        self.endpoint = endpoint
        self._seconds = settings.request_timeout
        self._spending = Spending(settings)
        self.ticker = ticker
        self._cancelled = cancelled
        self._started = perf_counter()
        self._usage = Usage(model=endpoint.model)

    def usage(self) -> Usage:
        """What it has cost so far."""
        return self._usage.model_copy(update={"milliseconds": round((perf_counter() - self._started) * 1000)})

    def ask(self, structure: type[Record], messages: Sequence[Message]) -> str:
        """The model's reply, in the strictest form that the endpoint takes. Raises `WriterError` or `Cancelled`."""
        waited = False
        while True:
            try:
                return self._paid(messages, structure)
            except openai.APITimeoutError:
                raise failures.timed_out(self._seconds) from None
            except openai.OpenAIError as error:
                meaning = self._line.meaning(error)
                wait = _told(error, "")[3]
                if self._line.refused_form(error):
                    continue
                if waited or not meaning.retryable or (wait or PAUSE) >= min(LONGEST_WAIT, self._left()):
                    raise meaning from None
                waited = True
                self._pause(PAUSE if wait is None else wait)

    def _left(self) -> float:
        return self._started + PATIENCE * self._seconds - perf_counter()

    def _pause(self, seconds: float) -> None:
        until = perf_counter() + seconds
        while (left := until - perf_counter()) > 0:
            _go_on(self._cancelled)
            sleep(min(left, LOOK))

    def _paid(self, messages: Sequence[Message], structure: type[Record]) -> str:
        """One request within the day's limit, entered into the day's account. Raises as `_request` does."""
        _go_on(self._cancelled)
        sending = sum(count_tokens(words, self.endpoint.encoding) for _, words in messages)
        with self._spending.room(self.endpoint, sending):
            spent = _Spent(sending)
            try:
                return self._request(messages, structure, spent)
            finally:
                usage = priced(spent.usage(self.endpoint), self.endpoint)
                self._usage += usage
                self._spending.add(self.endpoint, usage)

    def _request(self, messages: Sequence[Message], structure: type[Record], spent: "_Spent") -> str:
        """One request, streamed. Raises `openai.OpenAIError`, a `WriterError` or `Cancelled`."""
        mode = self._line.modes[0]
        until, shown = perf_counter() + min(self._seconds, max(self._left(), 0.1)), 0.0

        def still_wanted() -> None:
            _go_on(self._cancelled)
            if perf_counter() > until:
                raise failures.timed_out(self._seconds)

        finish = ""
        with closing(self._chunks(messages, structure, mode, still_wanted, spent)) as chunks:
            for chunk in chunks:
                text = spent.take(chunk)
                finish = chunk.response_metadata.get("finish_reason") or finish
                if self.ticker.wanted and perf_counter() - shown > 0.05:  # each look parses the whole reply again
                    self.ticker.show(_partly(text))
                    shown = perf_counter()
        text = spent.text
        if finish == "content_filter":
            raise failures.filtered()
        if finish == "length":
            raise failures.cut_short()
        if not text.strip():
            raise failures.blank() if finish else failures.unreadable()
        self.ticker.show(_partly(text), finished=True)
        return text

    def _chunks(
        self,
        messages: Sequence[Message],
        structure: type[Record],
        mode: Mode,
        still_wanted: Callable[[], None],
        spent: "_Spent",
    ) -> Generator[AIMessage]:
        """The reply as it comes. An endpoint that can't stream sends nothing that way, and is asked for it whole."""
        came = False
        chat, options = self._line.chat, request_options(self.endpoint, structure, mode)
        listed = list(messages)
        stream_usage = self.endpoint.stream_usage and mode != "text"
        spent.requests += 1
        try:
            for chunk in drained(chat.astream(listed, stream_usage=stream_usage, **options), still_wanted):
                came = True
                yield chunk
        except MALFORMED:
            if came:
                raise failures.unreadable() from None
        if came:
            return

        async def whole() -> AsyncIterator[AIMessage]:
            yield await chat.ainvoke(listed, **options)

        spent.requests += 1
        try:
            yield from drained(whole(), still_wanted)
        except MALFORMED:
            raise failures.unreadable() from None


class _Spent:
    """What one request takes: as the endpoint tells it, else counted, once any of the reply has come."""

    def __init__(self, sending: int) -> None:
        self.requests = 0
        self.text = ""
        self._sending = sending
        self._told: UsageMetadata | None = None

    def take(self, chunk: AIMessage) -> str:
        """The reply so far, with what a chunk brings."""
        self.text += _words(chunk)
        self._told = chunk.usage_metadata or self._told  # some endpoints send a running total with every chunk
        return self.text

    def usage(self, endpoint: Endpoint) -> Usage:
        """What it has taken so far."""
        if self._told:
            sent, received = self._told["input_tokens"], self._told["output_tokens"]
        else:
            sent, received = (self._sending if self.text else 0), count_tokens(self.text, endpoint.encoding)
        return Usage(model=endpoint.model, input_tokens=sent, output_tokens=received, requests=self.requests)


def request_options(endpoint: Endpoint, structure: type[Record], mode: Mode) -> dict[str, Any]:
    """The request's parameters. The last form is the plainest request there is: any endpoint takes it."""
    schema = {"name": structure.__name__, "strict": True}
    body: dict[str, Any] = {**endpoint.extra_body, endpoint.limit: endpoint.output_tokens}
    if mode == "json_schema":
        described = {**schema, "schema": strict_schema(structure.model_json_schema())}
        body["response_format"] = {"type": mode, "json_schema": described}
    elif mode == "json_object":
        body["response_format"] = {"type": mode}
    elif mode == "tool":
        function = {"name": structure.__name__, "parameters": strict_schema(structure.model_json_schema())}
        body["tools"] = [{"type": "function", "function": function}]
        body["tool_choice"] = {"type": "function", "function": {"name": structure.__name__}}
    # In the body and not as parameters: with these, the client would parse replies by its own rules.
    return {"extra_body": body}


def _go_on(cancelled: Cancel) -> None:
    if cancelled():
        raise Cancelled("已取消，没有再问模型", hint="需要时再做一次")


def _words(chunk: AIMessage) -> str:
    """What a chunk brings: words, or a piece of the arguments that a tool is called with."""
    if isinstance(chunk, AIMessageChunk):
        return chunk.text + "".join(call["args"] or "" for call in chunk.tool_call_chunks)
    return chunk.text or "".join(json.dumps(call["args"], ensure_ascii=False) for call in chunk.tool_calls)


def _partly(reply: str) -> Any:
    """A reply that is still growing, parsed as far as it goes."""
    try:
        return parse_partial_json(json_of(reply))
    except json.JSONDecodeError:
        return None


def _told(error: openai.OpenAIError, key: str) -> tuple[int | None, str, str, float | None]:
    """What a failure says: HTTP status if any, the provider's code, its words without the key, seconds to wait."""
    status = error.status_code if isinstance(error, openai.APIStatusError) else None
    code = str(error.code or "") if isinstance(error, openai.APIError) else ""
    wait = None
    if isinstance(error, openai.APIStatusError):
        stated = error.response.headers.get("retry-after", "")
        wait = float(stated) if re.fullmatch(r"\d+(?:\.\d+)?", stated) else None
    body = error.body if isinstance(error, openai.APIError) else None
    words = body.get("message") if isinstance(body, dict) else None
    return status, code, failures.scrub(str(words or error), key), wait


def _cause(error: BaseException) -> str:
    """What lies at the bottom of an error: "Connection error." says nothing, the socket's own words do."""
    while (deeper := error.__cause__ or error.__context__) is not None:
        error = deeper
    return str(error) or type(error).__name__
