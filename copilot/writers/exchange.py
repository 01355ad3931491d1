"""Requests to one model: streamed, counted, within one time limit, given up when nobody wants them any more.

What goes wrong is told in our own errors. This module is slow to import and is imported when a model is first used.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING, Any

import openai
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, convert_to_messages
from langchain_core.utils.json import parse_partial_json

from copilot.endpoints import Endpoint, Mode, priced
from copilot.errors import Cancelled
from copilot.records import Record, Usage
from copilot.settings import Settings
from copilot.tokens import count_tokens
from copilot.writers import failures
from copilot.writers.base import Cancel, Message, never
from copilot.writers.bridge import waited
from copilot.writers.line import line, retry_after, was_taken
from copilot.writers.replies import json_of, strict_schema
from copilot.writers.spending import Spending
from copilot.writers.streaming import Ticker

if TYPE_CHECKING:
    from langchain_core.messages.ai import UsageMetadata

PATIENCE = 2  # one piece of work waits at most so many times what one request may take
PAUSE = 1.0  # seconds before a second try, when the endpoint names none
LONGEST_WAIT = 20.0  # seconds; a longer Retry-After is told to the operator instead
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)  # what LangChain raises on a web page


def partly(reply: BaseMessage) -> Any:
    """A reply in JSON that is still growing, parsed as far as it goes."""
    try:
        return parse_partial_json(json_of(_words(reply)))
    except json.JSONDecodeError:
        return None


class Exchange:
    """The requests to one endpoint for one piece of work.

    `ticker` tells the operator what comes, `read` makes of the reply so far what it shows. The work waits for replies
    at most `patience` times as long as one request may take. `coming` is the reply of the last request, as far as it came.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        settings: Settings,
        ticker: Ticker,
        cancelled: Cancel = never,
        *,
        read: Callable[[BaseMessage], Any] = partly,
        patience: int = PATIENCE,
    ) -> None:
        self.line = line(endpoint)
        self.endpoint = endpoint
        self.ticker = ticker
        self._seconds = settings.request_timeout
        self._patience = self._left = patience * self._seconds
        self._spending = Spending(settings)
        self._cancelled = cancelled
        self._read = read
        self.coming = Coming(0)
        self._shown: BaseMessage | None = None
        self._usage = Usage(model=endpoint.model)

    def usage(self) -> Usage:
        """What it has cost so far, and how long it waited for it."""
        return self._usage.model_copy(update={"milliseconds": round((self._patience - self._left) * 1000)})

    def ask(self, structure: type[Record], messages: Sequence[Message]) -> str:
        """The model's reply, in the strictest form that the endpoint takes. Raises `WriterError` or `Cancelled`."""
        message = waited(lambda: self.reply(convert_to_messages(messages), structure), self.look)
        text = _words(message)
        if not text.strip():
            raise failures.blank()
        self.ticker.show(self._read(message), finished=True)
        return text

    def look(self) -> None:
        """Tell what has come. Raises `Cancelled` when nobody wants it any more."""
        if self._cancelled():
            raise Cancelled("已取消，没有再问模型", hint="需要时再做一次")
        came = self.coming.whole
        if self.ticker.wanted and came and came is not self._shown:  # each time the whole reply is parsed again
            self._shown = came
            self.ticker.show(self._read(came))

    async def reply(
        self,
        messages: Sequence[BaseMessage],
        structure: type[Record] | None = None,
        tools: Sequence[dict[str, Any]] = (),
    ) -> AIMessage:
        """The model's whole message, asked for once more where that can help. Raises `WriterError`.

        `structure` is what the reply is to be, `tools` (as the API describes them) is what the model may call.
        """
        tried_again = False
        while self._left > 0:
            began, mode = perf_counter(), self.line.modes[0]
            body = request_body(self.endpoint, structure, mode) | ({"tools": list(tools)} if tools else {})
            try:
                return await self._paid(messages, body, stream_usage=self.endpoint.stream_usage and mode != "text")
            except TimeoutError:
                break
            except openai.OpenAIError as error:
                if structure and self.line.refused_form(error, mode):
                    continue
                meaning, wait = self.line.meaning(error), retry_after(error)
                wait = PAUSE if wait is None else wait
                if tried_again or not meaning.retryable or wait >= min(LONGEST_WAIT, self._left):
                    raise meaning from None
                tried_again = True
                await asyncio.sleep(wait)
            finally:
                self._left -= perf_counter() - began
        raise failures.timed_out(self._seconds)

    async def _paid(self, messages: Sequence[BaseMessage], body: dict[str, Any], *, stream_usage: bool) -> AIMessage:
        """One request within its time and the day's limit, entered into the day's account."""
        said = [_words(one) for one in messages]
        said += [json.dumps(body["tools"], ensure_ascii=False)] if "tools" in body else []
        sending = sum(count_tokens(words, self.endpoint.encoding) for words in said)
        self.coming = coming = Coming(sending)
        with ExitStack() as until_back:
            room = self._spending.room(self.endpoint, sending)
            await asyncio.to_thread(until_back.enter_context, room)  # another process may be looking at the account
            try:
                async with asyncio.timeout(min(self._seconds, self._left)):
                    await self._request(messages, body, coming, stream_usage=stream_usage)
            except openai.OpenAIError as error:
                coming.was_taken = bool(coming.whole) or was_taken(error)
                raise
            finally:
                usage = priced(coming.usage(self.endpoint), self.endpoint)
                self._usage += usage
                self._spending.add(self.endpoint, usage)
        return coming.message()

    async def _request(
        self, messages: Sequence[BaseMessage], body: dict[str, Any], coming: "Coming", *, stream_usage: bool
    ) -> None:
        """One request, streamed. An endpoint that can't stream sends nothing that way, and is asked for it whole."""
        # All goes in the body and not as parameters: with these, the client would parse replies by its own rules.
        chat = self.line.chat
        coming.requests += 1
        try:
            async for chunk in chat.astream(messages, stream_usage=stream_usage, extra_body=body):
                coming.take(chunk)
        except MALFORMED:
            if coming.whole:
                raise failures.unreadable() from None
        if not coming.whole:
            coming.requests += 1
            try:
                coming.take(await chat.ainvoke(messages, extra_body=body))
            except MALFORMED:
                raise failures.unreadable() from None


class Coming:
    """One reply as it comes: `whole` so far, and when each piece came (`times`, of `perf_counter`).

    What it takes is as the endpoint tells it (`told`), else counted.
    """

    def __init__(self, sending: int) -> None:
        self.requests = 0
        self.whole: AIMessage | None = None
        self.times: list[float] = []
        self.told: UsageMetadata | None = None
        self.was_taken = True
        self._sending = sending
        self._finish = ""

    def take(self, chunk: AIMessage) -> None:
        """What a chunk brings."""
        self.times.append(perf_counter())
        self.told = chunk.usage_metadata or self.told  # some endpoints send a running total with every chunk
        self._finish = chunk.response_metadata.get("finish_reason") or self._finish
        if isinstance(chunk, AIMessageChunk):  # its words and calls alone: nothing else of two chunks need go together
            chunk = AIMessageChunk(content=chunk.text, tool_call_chunks=chunk.tool_call_chunks)
            chunk = self.whole + chunk if isinstance(self.whole, AIMessageChunk) else chunk
        self.whole = chunk

    def usage(self, endpoint: Endpoint) -> Usage:
        """What it has taken so far: what was sent counts also where nothing came back, unless it was refused."""
        sent = self._sending if self.requests and self.was_taken else 0
        received = count_tokens(_words(self.whole), endpoint.encoding) if self.whole else 0
        if self.told:
            sent, received = self.told["input_tokens"], self.told["output_tokens"]
        return Usage(model=endpoint.model, input_tokens=sent, output_tokens=received, requests=self.requests)

    def message(self) -> AIMessage:
        """All of it. Raises `WriterError` where it was broken off, or is none."""
        if self._finish == "content_filter":
            raise failures.filtered()
        if self._finish == "length":
            raise failures.cut_short()
        if not self.whole or not (self._finish or _words(self.whole).strip()):
            raise failures.unreadable()
        return self.whole


def request_body(endpoint: Endpoint, structure: type[Record] | None, mode: Mode) -> dict[str, Any]:
    """The request's parameters. The last form is the plainest request there is: any endpoint takes it."""
    body: dict[str, Any] = {**endpoint.extra_body, endpoint.limit: endpoint.output_tokens}
    if structure is None or mode == "text":
        return body
    if mode == "json_object":
        return body | {"response_format": {"type": mode}}
    name, schema = structure.__name__, strict_schema(structure.model_json_schema())
    if mode == "json_schema":
        return body | {"response_format": {"type": mode, mode: {"name": name, "strict": True, "schema": schema}}}
    function = {"name": name, "parameters": schema}
    choice = {"type": "function", "function": {"name": name}}
    return body | {"tools": [{"type": "function", "function": function}], "tool_choice": choice}


def _words(message: BaseMessage) -> str:
    """What a message, or a piece of one, brings: words, and the arguments that tools are called with."""
    if isinstance(message, AIMessageChunk):
        return message.text + "".join(call["args"] or "" for call in message.tool_call_chunks)
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    return message.text + "".join(json.dumps(call["args"], ensure_ascii=False) for call in calls)
