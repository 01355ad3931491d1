"""What is typed outlives a page that is loaded afresh: it is kept in that tab of the browser."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from copilot.ui.state import Key


@cache
def _component() -> Callable[..., Any]:
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return st.components.v2.component("copilot_remember", js=script, isolate_styles=False)


def remember(name: str, keys: Sequence[Key[Any]]) -> None:
    """Keep the values of these keys, and take back what this tab kept when the session is new. Not for secrets."""
    values = {key.name: key.get() for key in keys if key.get() != key.default}
    known = Key[bool](f"{name}.remembered", False)

    def restore() -> None:
        found = st.session_state[name]["restored"] or {}
        for key in keys:
            if key.name in found and key.get() == key.default:
                key.set(found[key.name])

    fresh = not known.get() and not values
    _component()(key=name, data={"name": name, "fresh": fresh, "values": values}, on_restored_change=restore)
    known.set(True)
