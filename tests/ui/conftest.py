"""What the pages' tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from copilot import Copilot
from copilot.store import Store


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """A database of this test's own."""
    monkeypatch.setenv("COPILOT_DATABASE_URL", f"sqlite:///{tmp_path / 'drafts.db'}")
    st.cache_resource.clear()
    kept = Copilot().store
    yield kept
    kept.close()
    st.cache_resource.clear()
