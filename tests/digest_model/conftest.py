"""What the tests of the digest with a model share: where replies are remembered, and a digest by the endpoint at hand."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import ChatEndpoint
from model_chats import LEADER, chat

from copilot import Copilot
from copilot.records import Draft


@pytest.fixture
def replies(shared_home: Path) -> Path:
    """Where replies are remembered: nothing at first. The handbook's index beside it is made once for all tests."""
    folder = shared_home / "replies"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@pytest.fixture
def digest(replies: Path) -> Callable[..., Draft]:
    def run(endpoint: ChatEndpoint, source: str = "", **options: Any) -> Draft:
        settings = {key: options.pop(key) for key in ("context_tokens", "output_tokens") if key in options}
        client = Copilot(endpoint.settings(request_timeout=60, **settings))
        fixed = {"writer": "model", "operator": LEADER, "group": "山风摄影群"}
        return client.summarise_digest(source or chat(), **{**fixed, **options})

    return run
