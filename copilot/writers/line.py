"""The connection to one endpoint, and what its errors mean."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import openai
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from copilot.endpoints import Endpoint, Mode
from copilot.errors import WriterError
from copilot.writers import failures
from copilot.writers.bridge import at_end


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
        if isinstance(error, openai.APIConnectionError):
            *_, cause = _causes(error)  # "Connection error." says nothing, the socket's own words do
            return failures.unreachable(failures.scrub(str(cause) or type(cause).__name__, self._key))
        return failures.from_status(*_told(error, self._key), retry_after(error))

    def refused_form(self, error: openai.OpenAIError, mode: Mode) -> bool:
        """Whether only the form of reply was refused, and there is a plainer one, which is asked for from now on."""
        if not failures.about_form(*_told(error, self._key)) or mode == self.endpoint.modes[-1]:
            return False
        if mode == self.modes[0]:  # else another request has found it out meanwhile
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


def retry_after(error: openai.OpenAIError) -> float | None:
    """How many seconds the endpoint asks to wait, None where it doesn't say."""
    stated = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
    return float(stated) if re.fullmatch(r"\d+(?:\.\d+)?", stated) else None


def was_taken(error: openai.OpenAIError) -> bool:
    """Whether the endpoint took what it was sent: not where it was never reached, or refused with a status."""
    never_reached = any(type(one).__name__ in ("ConnectError", "ConnectTimeout") for one in _causes(error))
    return not never_reached and not isinstance(error, openai.APIStatusError)


def _told(error: openai.OpenAIError, key: str) -> tuple[int | None, str, str]:
    """What a failure says: HTTP status if any, the provider's code, its words without the key."""
    status = error.status_code if isinstance(error, openai.APIStatusError) else None
    code = str(error.code or "") if isinstance(error, openai.APIError) else ""
    body = error.body if isinstance(error, openai.APIError) else None
    words = body.get("message") if isinstance(body, dict) else None
    return status, code, failures.scrub(str(words or error), key)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what lies below it, down to the bottom."""
    below: BaseException | None = error
    while below is not None:
        yield below
        below = below.__cause__ or below.__context__
