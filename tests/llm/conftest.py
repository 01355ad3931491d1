"""One small model for all tests of a run, and what they draft with it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small_model import CONTEXT, MODEL, SERVER, NotServed, served

from copilot import Settings


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    if not SERVER.is_file():
        pytest.skip(f"skipped: there is no {SERVER.parent.name}/{SERVER.name} beside the checkout")
    try:
        with served() as found:
            yield found
    except NotServed as error:
        pytest.fail(str(error))


@pytest.fixture
def settings(address: str, shared_home: Path) -> Callable[..., Settings]:
    """Settings that reach the small model; a reply is waited for as long as may be."""

    def made(**changes: Any) -> Settings:
        fixed = {
            "openai_base_url": address,
            "model": MODEL,
            "home": shared_home,
            "request_timeout": 1800,
            "context_tokens": CONTEXT,
            "output_tokens": 1500,
        }
        return Settings.load(**{**fixed, **changes})

    return made
