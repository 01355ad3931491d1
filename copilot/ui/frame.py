"""What stands around every page: the jobs, the language, the state of the model, and what was copied lately."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import streamlit as st

from copilot import CopilotError
from copilot.endpoints import Endpoint, endpoints
from copilot.settings import Settings
from copilot.ui import at_hand, components, markup, outlast, state
from copilot.ui.locales import LANGUAGES, t

ICON = Path(__file__).parent / "icon.svg"


def draw(pages: Mapping[str, Callable[[], None]]) -> None:
    """The frame, and in it the page that is open. `pages` go by the first part of their locale keys."""
    components.theme()
    try:
        settings = state.copilot().settings
    except CopilotError as error:
        st.html(f'<div class="notice" role="alert">{markup.paragraph(str(error), "what")}</div>')
        return
    if not state.LANGUAGE.get():
        state.LANGUAGE.set(settings.language)
    jobs = [
        st.Page(page, title=t(f"{name}.page"), url_path=name, default=number == 0)
        for number, (name, page) in enumerate(pages.items())
    ]
    current = st.navigation(jobs, position="hidden")
    with st.sidebar:
        st.html(f'<div class="brand">{t("app.name")}</div>')
        for job in jobs:
            st.page_link(job, width="stretch")
        _copied()
        with st.container(key="foot"):
            st.html(_model_state(settings))
            st.segmented_control(
                t("app.language"),
                list(LANGUAGES),
                format_func=LANGUAGES.__getitem__,
                key=state.LANGUAGE.name,
                required=True,
                label_visibility="collapsed",
                persist_state="session",
            )
            components.light(state.LANGUAGE.get())
    name = current.url_path or next(iter(pages))
    outlast.page(name)
    if name != "chat" and "chat" in pages:
        at_hand.button(name, jobs[list(pages).index("chat")])
    current.run()


def _model_state(settings: Settings) -> str:
    """Which models write, in the order they are asked; what is wrong with the settings where that stops them."""
    chain: tuple[Endpoint, ...] = ()
    note = t("app.model_off_note")
    try:
        chain = endpoints(settings)
    except CopilotError as error:
        note = str(error)
    models = " → ".join(one.name for one in chain)
    title = t("app.model_on", model=models) if chain else t("app.model_off")
    note = t("app.model_on_note") if chain else note
    return f'<div class="model {"on" if chain else "off"}">{escape(title)}<small>{escape(note)}</small></div>'


def _copied() -> None:
    if not state.COPIED.get():
        return
    st.html(markup.paragraph(t("app.copied"), "quiet"))
    for number, copied in enumerate(state.COPIED.get()[:5]):
        first = copied.text.strip().split("\n")[0]
        with st.popover(f"{copied.at:%H:%M} {first[:12]}", type="tertiary", width="stretch", key=f"copied-{number}"):
            st.code(copied.text, language=None, wrap_lines=True)
