"""Which chat models can be asked: the one that is set up, then those to fall back on. Facts of providers are data.

`knowledge/providers.yaml` has what differs between them; an address that no provider has is taken as one that speaks
OpenAI's API and nothing more.
"""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from copilot.records import Record
from copilot.settings import Settings

Mode = Literal["json_schema", "json_object", "tool", "text"]
"""In which form a reply is asked for, strictest first."""
MODES: tuple[Mode, ...] = ("json_schema", "json_object", "tool", "text")
OPENAI = "https://api.openai.com/v1"


class Endpoint(Record):
    """One model at one address, with all that a request to it needs. Equal endpoints share their connections.

    `modes` are tried in turn. `limit` is the request's name for the most tokens of a reply, `stream_usage` whether
    usage may be asked for in a stream. `context_tokens` and `output_tokens` are what the model reads and may write.
    """

    name: str
    provider: str
    model: str
    base_url: str
    api_key: SecretStr | None = None
    modes: tuple[Mode, ...] = MODES
    limit: str = "max_tokens"
    stream_usage: bool = True
    context_tokens: int
    output_tokens: int


def endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    """The model that is set up, then those to fall back on; none without a model."""
    if not (settings.model and (settings.openai_api_key or settings.openai_base_url)):
        return ()
    address = settings.openai_base_url or OPENAI
    return (
        Endpoint(
            name=settings.model,
            provider=urlsplit(address).hostname or "",
            model=settings.model,
            base_url=address,
            api_key=settings.openai_api_key,
            modes=MODES if settings.structured_output == "auto" else (settings.structured_output,),
            limit="max_tokens" if settings.openai_base_url else "max_completion_tokens",
            context_tokens=settings.context_tokens,
            output_tokens=settings.output_tokens,
        ),
    )
