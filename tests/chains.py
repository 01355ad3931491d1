"""The chain of endpoints that some settings make."""

from typing import Any

from copilot.endpoints import Endpoint, endpoints
from copilot.settings import Settings


def chain(**values: Any) -> tuple[Endpoint, ...]:
    return endpoints(Settings.load(**values))


def keys(**values: Any) -> list[tuple[str, str | None]]:
    """Who is sent which key."""
    return [(one.provider, one.api_key.get_secret_value() if one.api_key else None) for one in chain(**values)]
