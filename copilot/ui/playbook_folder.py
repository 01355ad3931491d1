"""The operator's playbook by the path of its folder, for the settings and the first steps."""

from pathlib import Path

import streamlit as st

from copilot.playbook.library import add_paths, read_library
from copilot.playbook.names import shown_name
from copilot.ui import kept, markup, markup_settings, state
from copilot.ui.locales import t

ERROR = state.settings_error("playbook")


def draw(*, has_button: bool = True) -> None:
    """What was added, and a field for one more folder. Raises `PlaybookError`."""
    added = read_library(state.copilot().settings).added
    if added:
        rows = [(one.name, shown_name(str(one.path))) for one in added]
        st.html(markup_settings.listed(t("knowledge.own"), rows))
    state.SETTINGS_FOLDER.declare()
    with st.container(horizontal=True, vertical_alignment="bottom", key="playbook-folder"):
        st.text_input(
            t("knowledge.path_label"),
            key=state.SETTINGS_FOLDER.name,
            placeholder=t("knowledge.path_example"),
            persist_state="session",
        )
        if has_button:
            st.button(t("knowledge.path_add"), key="add-folder", on_click=add)
    st.html(markup.paragraph(t("knowledge.path_help"), "quiet"))
    kept.notice(ERROR.get())


def add() -> None:
    """Add the folder that is typed, if one is; what stands in the way is in `ERROR`."""
    with kept.told(ERROR):
        if typed := state.SETTINGS_FOLDER.get().strip().strip("\"'"):
            add_paths((Path(typed),), state.copilot().settings)
            state.SETTINGS_FOLDER.set("")
