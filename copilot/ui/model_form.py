"""Which model writes: its provider, name and key, saved and tried. A key is never shown, nor kept in the session."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from copilot import Settings
from copilot.doctor_models import probe_checks
from copilot.endpoints import left_out
from copilot.providers import Provider, providers
from copilot.settings_file import KEYS, overruling
from copilot.ui import kept, markup, markup_settings, preferences, state
from copilot.ui.locales import t
from copilot.ui.preferences import OWN, Model

ERROR = state.settings_error("model")


def draw(*, is_short: bool = False) -> None:
    """The form, what is still missing, and what trying the model has shown. `is_short` leaves fallbacks and limits out."""
    settings, decided = state.copilot().settings, overruling()
    _fill(settings)
    known = providers(settings.home).providers
    names = {"": t("model.none"), **{name: one.name for name, one in known.items()}, OWN: t("model.own")}
    state.SETTINGS_PROVIDER.set(state.SETTINGS_PROVIDER.get())  # shown in the language of this run
    st.selectbox(
        t("model.provider"),
        list(names),
        format_func=lambda name: names.get(name, name),
        key=state.SETTINGS_PROVIDER.name,
        disabled="provider" in decided,
        persist_state="session",
    )
    provider = state.SETTINGS_PROVIDER.get()
    told(decided, "provider")
    if provider:
        facts = known.get(provider, Provider(name=""))
        left, right = st.columns(2, gap="medium")
        with left:
            _model(provider, facts, is_fixed="model" in decided)
            told(decided, "model")
        with right:
            _address(provider, facts, is_fixed="openai_base_url" in decided)
            told(decided, "openai_base_url")
        if facts.note:
            st.html(markup.paragraph(facts.note, "quiet"))
        if not is_short:
            now = preferences.model_of(settings)
            with st.expander(t("model.beside"), expanded=bool(now.fallback or now.daily_tokens or now.daily_cost)):
                _beside(decided)
    if provider or typed() != preferences.model_of(settings):
        _keys(settings, decided, "secondary" if is_short else "primary")
    kept.notice(ERROR.get())
    if typed() != preferences.model_of(settings):
        st.html(markup.paragraph(t("model.unsaved"), "quiet"))
    else:
        for line in left_out(settings):
            what, _, fix = line.partition(" → ")
            kept.say(what, fix)
    _try(settings)


def told(decided: Mapping[str, str], field: str) -> None:
    """That a field can't be changed here, and by what it is decided."""
    if field in decided:
        st.html(markup.paragraph(t("settings.decided", variable=decided[field]), "quiet"))


def typed() -> Model:
    """The model as it is chosen now, saved or not."""
    provider = state.SETTINGS_PROVIDER.get()
    said = {field: (state.settings_model(provider, field).get() or "").strip() for field in ("model", "address")}
    return Model(
        provider=provider,
        **(said if provider else {}),
        fallback=state.SETTINGS_FALLBACK.get().strip(),
        daily_tokens=state.SETTINGS_TOKENS.get(),
        daily_cost=state.SETTINGS_COST.get(),
    )


def _fill(settings: Settings) -> None:
    """Show what is in force, unless something else is being chosen."""
    now, filled = preferences.model_of(settings), state.SETTINGS_FILLED.get()
    if filled == now or (filled is not None and typed() != filled):
        return
    state.SETTINGS_PROVIDER.set(now.provider)
    state.settings_model(now.provider, "model").set(now.model or None)
    state.settings_model(now.provider, "address").set(now.address or None)
    state.SETTINGS_FALLBACK.set(now.fallback)
    state.SETTINGS_TOKENS.set(now.daily_tokens)
    state.SETTINGS_COST.set(now.daily_cost)
    state.SETTINGS_FILLED.set(now)


# The fields -------------------------------------------------------------------------------------------------------


def _model(provider: str, facts: Provider, *, is_fixed: bool) -> None:
    """A known model, the provider's usual one, or any other by its name."""
    key = state.settings_model(provider, "model")
    key.declare()
    if not facts.models:
        label = t("model.by_name")
        st.text_input(
            t("model.model"), value=None, key=key.name, placeholder=label, disabled=is_fixed, persist_state="session"
        )
        return
    st.selectbox(
        t("model.model"),
        list(dict.fromkeys([*facts.models, *filter(None, [key.get()])])),
        key=key.name,
        placeholder=t("model.usual", name=facts.default_model),
        accept_new_options=True,
        disabled=is_fixed,
        persist_state="session",
    )


def _address(provider: str, facts: Provider, *, is_fixed: bool) -> None:
    key = state.settings_model(provider, "address")
    key.declare()
    st.text_input(
        t("model.address"),
        value=None,
        key=key.name,
        placeholder=facts.base_url or "https://……/v1",
        disabled=is_fixed,
        persist_state="session",
    )


def _beside(decided: Mapping[str, str]) -> None:
    """What is asked when the model can't, and how much a day may take."""
    st.text_input(
        t("model.fallback"),
        key=state.SETTINGS_FALLBACK.name,
        placeholder=t("model.fallback_example"),
        help=t("model.fallback_help"),
        disabled="fallback" in decided,
        persist_state="session",
    )
    told(decided, "fallback")
    left, right = st.columns(2, gap="medium")
    limits = ((left, state.SETTINGS_TOKENS, 10_000), (right, state.SETTINGS_COST, 1.0))
    for place, key, step in limits:
        field = key.name.partition(".")[2]
        with place:
            st.number_input(
                t(f"model.{field}"),
                min_value=type(step)(0),
                value=None,
                step=step,
                key=key.name,
                placeholder=t("model.no_limit"),
                disabled=field in decided,
                persist_state="session",
            )
            told(decided, field)


def _keys(settings: Settings, decided: Mapping[str, str], kind: Literal["primary", "secondary"]) -> None:
    """The keys that the choice takes, in a form of their own: they are handed in with it, and nowhere else."""
    wanted = preferences.key_names(typed(), settings)
    with st.form("model-form", border=False):
        for name, whose in wanted.items():
            is_set = preferences.has_key(name, settings)
            st.text_input(
                t("model.key", name=whose),
                type="password",
                key=_field(name),
                placeholder=t("model.key_set") if is_set else t("model.key_unset"),
                autocomplete="new-password",
                disabled=name in decided,
            )
            told(decided, name)
        with st.container(horizontal=True, key="model-actions"):
            st.form_submit_button(t("model.save"), type=kind, on_click=_save, key="save-model")
            if wanted:
                st.form_submit_button(t("model.save_and_try"), on_click=_save_and_try, key="try-model")
    for name, whose in wanted.items():
        if name not in decided and preferences.has_key(name, settings):
            with st.popover(t("model.forget", name=whose), type="tertiary", key=f"forget-ask-{name}"):
                st.html(markup.paragraph(t("model.forget_note"), "what"))
                st.button(t("model.forget_sure"), key=f"forget-{name}", on_click=_forget, args=(name,))


def _field(name: str) -> str:
    return f"settings.key.{name}"


def _save() -> None:
    settings = state.copilot().settings
    keys = {}
    for name in preferences.key_names(typed(), settings):
        keys[name] = st.session_state.get(_field(name)) or ""
        st.session_state[_field(name)] = ""
    state.SETTINGS_TRIED.set(())
    with kept.told(ERROR):
        preferences.keep(preferences.changes(typed(), keys, settings, overruling()))
        state.SETTINGS_FILLED.set(None)
        st.toast(t("settings.saved"))


def _save_and_try() -> None:
    _save()
    state.SETTINGS_TRYING.set(ERROR.get() is None)


def _forget(name: str) -> None:
    fields = {preferences.OWN_KEY: "openai_api_key", preferences.FALLBACK_KEY: "fallback_api_key"}
    with kept.told(ERROR):
        preferences.keep({fields[name]: None} if name in fields else {KEYS: {name: None}})
        st.toast(t("settings.saved"))


# Tried ------------------------------------------------------------------------------------------------------------


def _try(settings: Settings) -> None:
    """Try every model of the chain once, and show what works."""
    if state.SETTINGS_TRYING.get():
        state.SETTINGS_TRYING.set(False)
        with st.spinner(t("model.trying")), kept.told(ERROR):
            state.SETTINGS_TRIED.set(tuple(probe_checks(settings)))
        st.rerun()
    if found := state.SETTINGS_TRIED.get():
        names = {status: t(f"tried.{status}") for status in ("ok", "warn", "fail")}
        st.html(markup.heading(t("model.tried")) + markup_settings.checks(found, names))
