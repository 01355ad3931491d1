"""What is typed outlives a page that is loaded afresh: it is kept in that tab of the browser."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from copilot.ui.state import Key


@cache
def _component() -> Callable[..., Any]:
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return st.components.v2.component("copilot_remember", js=script, isolate_styles=False)


def remember(
    name: str,
    keys: Sequence[Key[Any]],
    *,
    family: str = "",
    reopen: Callable[[], None] | None = None,
    held: str = "",
) -> None:
    """Keep the values of these keys, and take back what this tab kept when the session is new. Not for secrets.

    Keys that begin with `family` are taken back too: those of a draft that is not open again yet; then `reopen` is called.
    `held` is the key of a field whose words the server learns only when they are said.
    """
    values = {key.name: _told(key.get()) for key in keys if key.get() != key.default}
    known = Key[bool](f"{name}.remembered", False)
    defaults = {key.name: key.default for key in keys}

    def restore() -> None:
        for one, value in (st.session_state[name]["restored"] or {}).items():
            if one in defaults or (family and one.startswith(family)):
                key = Key[Any](one, defaults.get(one, ""))
                if key.get() == key.default:
                    key.set(_read(value, key.default))
        if reopen:
            reopen()

    data = {
        "name": name,
        "fresh": not known.get() and not values,
        "values": values,
        "fields": [key.name for key in keys if isinstance(key.default, str)],
        "held": held,
    }
    _component()(key=name, data=data, on_restored_change=restore)
    known.set(True)


def _told(value: Any) -> Any:
    """A value as JSON has it; a day is told apart from a text."""
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any, default: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"day"}:
        return date.fromisoformat(value["day"])
    return tuple(value) if isinstance(default, tuple) else value
