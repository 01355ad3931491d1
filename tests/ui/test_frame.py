"""What stands around every page: which models write, or why none does."""

from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from driving import shown
from streamlit.testing.v1 import AppTest

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement
frame.draw({"announcement": announcement.page})
"""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """All that a page shows of itself when these variables are set."""

    def with_variables(**values: str) -> str:
        for name, value in values.items():
            monkeypatch.setenv(f"COPILOT_{name.upper()}", value)
        st.cache_resource.clear()
        app = AppTest.from_string(PAGE, default_timeout=60).run()
        assert not app.exception
        assert app.text_area
        return str(shown(app))

    yield with_variables
    st.cache_resource.clear()


def test_without_a_model_it_says_that_drafts_are_made_offline(told: Callable[..., str]) -> None:
    assert "离线起草" in told()


def test_every_model_of_the_chain_is_named_in_its_order(told: Callable[..., str]) -> None:
    page = told(provider="ollama", model="small", fallback="https://llm.example.org/v1 house")
    assert "small → house" in page
    assert 'class="model on"' in page


@pytest.mark.parametrize("values", [{"provider": "nobody"}, {"fallback": "nobody<b>/m"}])
def test_settings_that_stop_the_model_are_told_there_and_the_page_goes_on(
    values: dict[str, str], told: Callable[..., str]
) -> None:
    page = told(**values)
    assert 'class="model off"' in page
    assert "nobody" in page
    assert "nobody<b>" not in page
