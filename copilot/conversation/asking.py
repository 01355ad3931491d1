"""Around every request of an agent: its parameters, its time limit, one more try, and what it took."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import openai
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage

from copilot.endpoints import Endpoint, priced
from copilot.records import Usage
from copilot.settings import Settings
from copilot.tokens import count_tokens
from copilot.writers import failures
from copilot.writers.exchange import MALFORMED, PAUSE, line
from copilot.writers.spending import Spending

Request = ModelRequest[Any]
Response = ModelResponse[Any]
Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class Asking(AgentMiddleware[Any, Any, Any]):
    """The requests of one turn to one endpoint; `usage` adds up. What goes wrong becomes a `WriterError`."""

    settings: Settings
    endpoint: Endpoint
    usage: Usage = field(default_factory=Usage)

    async def awrap_model_call(self, request: Request, handler: Handler) -> Response:
        """One request, counted and held to the day's limit."""
        body = {**self.endpoint.extra_body, self.endpoint.limit: self.endpoint.output_tokens}
        request = request.override(model_settings={"extra_body": body, "stream_usage": self.endpoint.stream_usage})
        spending = Spending(self.settings)
        sent = sum(count_tokens(str(one.content)) for one in request.messages)
        with spending.room(self.endpoint, sent):
            response = await self._twice(request, handler)
            usage = self._counted(response, sent)
            self.usage = self.usage + usage
            spending.add(self.endpoint, usage)
        return response

    async def _twice(self, request: Request, handler: Handler) -> Response:
        """The response; asked once more where that can help."""
        try:
            return await self._once(request, handler)
        except openai.APITimeoutError:
            raise failures.timed_out(self.settings.request_timeout) from None
        except openai.OpenAIError as error:
            meaning = line(self.endpoint).meaning(error)
            if not meaning.retryable:
                raise meaning from None
        await asyncio.sleep(PAUSE)
        try:
            return await self._once(request, handler)
        except openai.OpenAIError as error:
            raise line(self.endpoint).meaning(error) from None

    async def _once(self, request: Request, handler: Handler) -> Response:
        try:
            async with asyncio.timeout(self.settings.request_timeout):
                return await handler(request)
        except TimeoutError:
            raise failures.timed_out(self.settings.request_timeout) from None
        except MALFORMED:
            raise failures.unreadable() from None

    def _counted(self, response: Response, sent: int) -> Usage:
        told = next((one for one in response.result if isinstance(one, AIMessage)), None)
        if told is None:
            raise failures.unreadable()
        if told.response_metadata.get("finish_reason") == "content_filter":
            raise failures.filtered()
        known = told.usage_metadata
        usage = Usage(
            model=self.endpoint.model,
            input_tokens=known["input_tokens"] if known else sent,
            output_tokens=known["output_tokens"] if known else count_tokens(str(told.content)),
            requests=1,
        )
        return priced(usage, self.endpoint)
