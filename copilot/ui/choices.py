"""Settings that hold as soon as they are chosen: who writes, in which tone, where to, in which language and time."""

from collections.abc import Callable, Sequence
from functools import cache
from zoneinfo import available_timezones

import streamlit as st

from copilot.settings_file import overruling
from copilot.ui import desk, kept, model_form, preferences, state
from copilot.ui.locales import LANGUAGES, t, words

ERROR = state.settings_error("drafts")


def writer() -> None:
    """Who writes where nothing else is said."""
    _choice("writer", _family("writer"), lambda name: t(f"writer.{name}"))


def tone() -> None:
    """In which tone, where the brief asks for none."""
    _choice("tone", ["", *(name for name in _family("tone") if name != "auto")], _tone)


def platform() -> None:
    """Where drafts mostly go."""
    _choice("platform", _family("platform"), desk.platform_name)


def language() -> None:
    """The language of the pages."""
    _choice("language", list(LANGUAGES), LANGUAGES.__getitem__)


def time_zone() -> None:
    """Where "today" is counted."""
    _choice("time_zone", _zones(), lambda name: name)


def _tone(name: str) -> str:
    return t(f"tone.{name}") if name else t("setting.tone_open")


def _family(name: str) -> list[str]:
    return [key.partition(".")[2] for key in words("zh") if key.startswith(f"{name}.")]


@cache
def _zones() -> list[str]:
    return sorted(available_timezones())


def _choice(field: str, known: Sequence[str], name: Callable[[str], str]) -> None:
    """One setting; what is in force stands in it, whatever another session has changed."""
    now = getattr(state.copilot().settings, field)
    key = state.setting(field)
    key.set(now)
    decided = overruling()
    st.selectbox(
        t(f"setting.{field}"),
        known if now in known else [now, *known],
        format_func=lambda one: name(one) if one in known else one,
        key=key.name,
        on_change=_keep,
        args=(field,),
        disabled=field in decided,
    )
    model_form.told(decided, field)


def _keep(field: str) -> None:
    with kept.told(ERROR):
        chosen = state.setting(field).get()
        preferences.keep({field: chosen or None})
        if field == "language":
            state.LANGUAGE.set(chosen)
        st.toast(t("settings.saved"))
