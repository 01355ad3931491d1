"""An endpoint tried out: does it answer, stream, count, and which forms of reply it takes. Costs a few small requests."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

from copilot.endpoints import MODES, Endpoint, Mode
from copilot.errors import CopilotError
from copilot.records import Record, Usage
from copilot.settings import Settings
from copilot.writers.base import Message
from copilot.writers.exchange import Exchange
from copilot.writers.replies import read_reply
from copilot.writers.streaming import Ticker

MOST = 400  # tokens of a reply: a model that thinks first needs some before its first word
_ASKED: list[Message] = [
    ("system", '只输出一个 JSON 对象，形如 {"words": "……"}。'),
    ("user", "把一到十用中文数字依次写进 words，用逗号隔开。"),
]


class Counted(Record):
    """What the model is asked for."""

    words: str


class Tried(Record):
    """What was seen of one endpoint.

    `error` and `hint`: why it did not answer at all. `modes`: why a form of reply does not work, "" where it does.
    `first_word` is seconds, `speed` tokens a second; None where there was nothing to measure.
    """

    name: str
    provider: str
    error: str = ""
    hint: str = ""
    first_word: float | None = None
    speed: float | None = None
    streams: bool = False
    stream_usage: bool = False
    modes: dict[Mode, str] = {}
    usage: Usage = Usage()


def tried(endpoint: Endpoint, settings: Settings) -> Tried:
    """Ask an endpoint for the same few words in every form, the plainest first. Never raises for what it does.

    Pace is that of the first form whose words could be timed.
    """
    seen = Tried(name=endpoint.name, provider=endpoint.provider_name)
    for mode in reversed(MODES):
        started = perf_counter()
        # A line of its own for each form: refused, it must not be asked for in another one.
        one = endpoint.model_copy(update={"modes": (mode,), "output_tokens": min(MOST, endpoint.output_tokens)})
        asking = Exchange(one, settings, Ticker(None, str))
        why = _why_not(asking)
        usage, came = asking.usage(), asking.coming.times
        seen = seen.model_copy(update={"usage": seen.usage + usage})
        if isinstance(why, CopilotError) and mode == "text" and not came:
            return seen.model_copy(update={"error": why.message, "hint": why.hint})
        found: dict[str, Any] = {"modes": {**seen.modes, mode: why.message if isinstance(why, CopilotError) else why}}
        found["stream_usage"] = seen.stream_usage or bool(asking.coming.told)
        found["streams"] = seen.streams or (usage.requests == 1 and len(came) > 2)
        if seen.speed is None and came:
            found |= {"first_word": came[0] - started, "speed": _speed(usage, came)}
        seen = seen.model_copy(update=found)
    return seen


def _why_not(asking: Exchange) -> "CopilotError | str":
    """Why a form of reply does not work, "" where it does."""
    try:
        read_reply(asking.ask(Counted, _ASKED), Counted, str)
    except CopilotError as error:
        return error
    except ValueError:
        return "回复不是要的格式"
    return ""


def _speed(usage: Usage, came: Sequence[float]) -> float | None:
    seconds = came[-1] - came[0] if came else 0
    return usage.output_tokens / seconds if usage.output_tokens and len(came) > 2 and seconds > 0.05 else None
