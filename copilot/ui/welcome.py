"""The first steps on an empty desk: the group, the tone, the playbook, a model or none; and samples to look at first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from copilot import CopilotError
from copilot.facts.profiles import read_profile
from copilot.ui import choices, desk, kept, markup, model_form, playbook_folder, preferences, samples, state
from copilot.ui.locales import t, words
from copilot.ui.remember import remember

STEPS = ("group", "tone", "playbook", "model")
ERROR = state.settings_error("guide")
TYPED: tuple[state.Key[Any], ...] = (
    state.GUIDE_STEP,
    state.GUIDE_NAME,
    state.GUIDE_PLATFORM,
    state.GUIDE_MEMBERS,
    state.GUIDE_STAFF,
    state.SETTINGS_FOLDER,
)
LATEST = 50  # drafts looked at for one that is no sample's


def wanted() -> bool:
    """Whether to begin with the first steps: nothing but samples is kept yet, or they are under way; not when dismissed.

    Raises `StorageError`.
    """
    if not state.copilot().settings.guide:
        return False
    store = state.copilot().store
    return state.GUIDE_OPEN.get() or all(
        samples.is_sample(name)
        for name in (
            *(group.name for group in store.groups()),
            *(draft.group for draft in store.drafts(limit=LATEST)),
        )
    )


def draw() -> None:
    """The step that is open, the way on, and the samples."""
    st.html(Path(__file__).with_name("settings.css"))
    remember("guide-typed", TYPED)
    state.GUIDE_OPEN.set(True)
    state.GUIDE_STEP.declare()
    with st.container(key="card-guide"):
        st.html(markup.heading(t("guide.title")) + markup.paragraph(t("guide.lead"), "quiet"))
        st.segmented_control(
            t("guide.step"),
            STEPS,
            format_func=lambda name: f"{STEPS.index(name) + 1} " + t(f"guide_step.{name}"),
            key=state.GUIDE_STEP.name,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        step = state.GUIDE_STEP.get()
        st.html(markup.paragraph(t(f"guide_why.{step}"), "what"))
        try:
            _DRAWN[step]()
        except CopilotError as error:
            kept.notice(error)
        kept.notice(ERROR.get())
        _on(step)
    samples.draw()


def _on(step: str) -> None:
    """To the next step, or out of here."""
    with st.container(horizontal=True, key="guide-on", vertical_alignment="center"):
        if step == STEPS[-1]:
            st.button(t("guide.done"), key="guide-done", type="primary", on_click=_finish)
            return
        st.button(t("guide.next"), key="guide-next", type="primary", on_click=_next, args=(step,))
        st.button(t("guide.dismiss"), key="guide-dismiss", type="tertiary", on_click=_finish)


def _next(step: str) -> None:
    if step == "playbook":
        playbook_folder.add()
        if playbook_folder.ERROR.get():
            return
    ERROR.set(None)
    state.GUIDE_STEP.set(STEPS[STEPS.index(step) + 1])


def _finish() -> None:
    """Keep the group that was typed, and begin; where it can't be kept, go back to it."""
    with kept.told(ERROR):
        if state.GUIDE_NAME.get().strip():
            _keep_group()
        preferences.keep({"guide": False})
        state.GUIDE_OPEN.set(False)
        for key in TYPED:
            key.set(key.default)
        return
    state.GUIDE_STEP.set(STEPS[0])


def _keep_group() -> None:
    members = state.GUIDE_MEMBERS.get()
    said = {
        "群名": state.GUIDE_NAME.get().strip(),
        "平台": state.GUIDE_PLATFORM.get(),
        "人数": "" if members is None else str(members),
        "人手": [line.strip() for line in state.GUIDE_STAFF.get().splitlines() if line.strip()],
    }
    state.copilot().store.save_group(read_profile(said), based_on=0)


# The steps --------------------------------------------------------------------------------------------------------


def _group() -> None:
    for key in TYPED:
        key.declare()
    left, right = st.columns(2, gap="medium")
    with left:
        st.text_input(
            t("profile.name"), key=state.GUIDE_NAME.name, placeholder=t("placeholder.name"), persist_state="session"
        )
    with right:
        platform, members = st.columns(2, gap="small")
        platform.selectbox(
            t("profile.platform"),
            [name.partition(".")[2] for name in words("zh") if name.startswith("platform.")],
            format_func=desk.platform_name,
            key=state.GUIDE_PLATFORM.name,
            persist_state="session",
        )
        members.number_input(
            t("profile.members"),
            min_value=0,
            max_value=1_000_000,
            value=None,
            step=1,
            key=state.GUIDE_MEMBERS.name,
            persist_state="session",
        )
    st.text_area(
        t("guide.staff"),
        key=state.GUIDE_STAFF.name,
        placeholder=t("guide.staff_example"),
        height=96,
        persist_state="session",
    )


def _tone() -> None:
    choices.tone()
    kept.notice(choices.ERROR.get())


def _playbook() -> None:
    playbook_folder.draw(has_button=False)


def _model() -> None:
    model_form.draw(is_short=True)


_DRAWN: dict[str, Callable[[], None]] = {"group": _group, "tone": _tone, "playbook": _playbook, "model": _model}
