"""The settings: the model and its key, how drafts are written, the operator's own rules and playbook, and what leaves here."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from copilot import CopilotError, Settings
from copilot.endpoints import Endpoint, endpoints
from copilot.facts.pseudonyms import redact
from copilot.settings import settings_path
from copilot.ui import choices, kept, markup, model_form, playbook_folder, preferences, rules_form, state
from copilot.ui.locales import t
from copilot.ui.pages import knowledge

STYLES = Path(preferences.__file__).parent / "settings.css"


def page() -> None:
    """Centre: what can be chosen. Right: what leaves this machine, and where the choices are kept."""
    kept.header(t("settings.page"), t("settings.lead"))
    st.html(STYLES)
    centre, right = st.columns([1.7, 1], gap="large")
    with centre:
        _card("model", model_form.draw)
        _card("drafts", _drafts)
        _card("rules", rules_form.draw)
        _card("playbook", _playbook)
    with right, st.container(key="trust"):
        settings = state.copilot().settings
        _privacy(settings)
        _place(settings)


def _card(name: str, draw: Callable[[], None]) -> None:
    """One part of the page; what is wrong in it leaves the others to work with."""
    with st.container(key=f"card-{name}"):
        st.html(markup.heading(t(f"settings_part.{name}")))
        try:
            draw()
        except CopilotError as error:
            kept.notice(error)


def _drafts() -> None:
    st.html(markup.paragraph(t("settings.at_once"), "quiet"))
    left, right = st.columns(2, gap="medium")
    with left:
        choices.writer()
        choices.tone()
        choices.platform()
    with right:
        choices.language()
        choices.time_zone()
    kept.notice(choices.ERROR.get())


def _playbook() -> None:
    playbook_folder.draw()
    if st.button(t("settings.to_knowledge"), key="to-knowledge", type="tertiary"):
        st.switch_page(st.Page(knowledge.page, url_path="knowledge"))


# What leaves this machine -----------------------------------------------------------------------------------------


def _privacy(settings: Settings) -> None:
    st.html(markup.heading(t("privacy.title")) + markup.notes(_told(settings)))
    with st.expander(t("privacy.look")):
        state.SETTINGS_SAMPLE.declare()
        st.text_area(t("privacy.text"), key=state.SETTINGS_SAMPLE.name, persist_state="session", height=110)
        if text := state.SETTINGS_SAMPLE.get().strip():
            st.html(markup.paragraph(t("privacy.sent"), "quiet"))
            st.code(redact(text).text, language=None, wrap_lines=True)


def _told(settings: Settings) -> list[str]:
    """Who gets what, in plain words."""
    try:
        places = dict.fromkeys(_place_of(one) for one in endpoints(settings))
    except CopilotError:  # told beside the model
        places = {}
    told = [t("privacy.goes_to", places="、".join(places))] if places else [t("privacy.nothing")]
    if settings.embedding_model:
        at = _host(settings.embedding_base_url or settings.openai_base_url or "") or "api.openai.com"
        told.append(t("privacy.embedding", place=at))
    return [*told, t("privacy.pseudonyms"), t("privacy.keys"), t("privacy.kept", home=settings.home)]


def _place_of(one: Endpoint) -> str:
    host = _host(one.base_url)
    return host if one.provider_name == host else f"{one.provider_name}（{host}）"


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def _place(settings: Settings) -> None:
    """Where the choices are kept."""
    st.html(markup.heading(t("settings.place")) + markup.paragraph(str(settings_path(settings.home)), "quiet"))
    st.html(markup.paragraph(t("settings.place_note"), "quiet"))
