"""The announcement: brief in, draft out, and beside it why it can be trusted."""

from collections.abc import Sequence
from datetime import datetime, time
from html import escape

import streamlit as st

from copilot import Conflict, CopilotError, Draft, DraftOptions, Finding
from copilot.facts.intake import decode
from copilot.settings import KNOWLEDGE
from copilot.ui import briefs, components, markup, state
from copilot.ui.locales import t, words

SAMPLE = KNOWLEDGE.parent / "examples" / "brief.txt"


def page() -> None:
    """Centre: the brief and what will be sent. Right: why it can be trusted. On a phone, one under the other."""
    if state.ERROR.get():
        state.BRIEF_OPEN.set(True)
    st.html(f'<header class="page"><h1>{t("announcement.page")}</h1><p>{t("announcement.lead")}</p></header>')
    centre, right = st.columns([1.7, 1], gap="large")
    with centre:
        _brief()
        _error()
        if state.WANTED.get():
            _write()
        _draft()
    with right, st.container(key="trust"):
        _trust()


# Centre: the brief -----------------------------------------------------------------------------------------------


def _brief() -> None:
    for key in (state.BRIEF, state.BRIEF_OPEN):
        key.declare()
    draft = state.DRAFT.get()
    with st.expander(t("brief.title"), key=state.BRIEF_OPEN.name, on_change="rerun"):
        st.text_area(
            t("brief.label"),
            key=state.BRIEF.name,
            height="content",
            placeholder=t("brief.placeholder"),
            label_visibility="collapsed",
            persist_state="session",
        )
        if state.BRIEF.get().partition("\n")[0] == _sample().partition("\n")[0]:
            st.html(markup.paragraph(t("brief.is_sample"), "quiet"))
        with st.container(horizontal=True, key="brief-actions"):
            label = t("brief.rewrite") if draft else t("brief.write")
            st.button(label, key="write", type="primary", on_click=_ask)
            if not state.BRIEF.get().strip():
                st.button(t("brief.sample"), key="sample", on_click=_show_sample)
            with st.popover(t("brief.options"), type="tertiary"):
                _options()
            with st.popover(t("brief.file"), type="tertiary"):
                st.file_uploader(
                    t("brief.file_help"),
                    type=["txt", "md", "yaml", "yml", "json"],
                    key="upload",
                    on_change=_read_upload,
                )
    if draft and state.BRIEF.get() != draft.request.brief:
        st.html(markup.paragraph(t("brief.stale"), "quiet"))


def _options() -> None:
    for key in (state.TONE, state.PLATFORM, state.LENGTH, state.WRITER, state.TODAY):
        key.declare()
    if not state.PLATFORM.get():
        usual = state.copilot().settings.platform
        state.PLATFORM.set(usual if usual in _choices("platform") else _choices("platform")[0])
    st.selectbox(
        t("option.platform"),
        _choices("platform"),
        format_func=lambda name: t(f"platform.{name}"),
        key=state.PLATFORM.name,
        persist_state="session",
    )
    st.selectbox(
        t("option.tone"),
        _choices("tone"),
        format_func=lambda name: t(f"tone.{name or 'auto'}"),
        key=state.TONE.name,
        persist_state="session",
    )
    st.number_input(
        t("option.length"),
        min_value=50,
        max_value=5000,
        step=50,
        placeholder=t("option.length_none"),
        key=state.LENGTH.name,
        persist_state="session",
    )
    st.selectbox(
        t("option.writer"),
        _choices("writer"),
        format_func=lambda name: t(f"writer.{name}"),
        key=state.WRITER.name,
        persist_state="session",
    )
    st.date_input(
        t("option.today"), value=None, help=t("option.today_help"), key=state.TODAY.name, persist_state="session"
    )


def _choices(name: str) -> list[str]:
    """What the pages offer for one option: its keys in the locale; "auto" of the tone is no tone."""
    found = [key.partition(".")[2] for key in words("zh") if key.startswith(f"{name}.")]
    return ["" if name == "tone" and choice == "auto" else choice for choice in found]


def _sample() -> str:
    return SAMPLE.read_text(encoding="utf-8").strip()


def _show_sample() -> None:
    state.BRIEF.set(_sample())
    state.FORMAT.set(SAMPLE.suffix)


def _read_upload() -> None:
    upload = st.session_state["upload"]
    if upload is None:
        return
    try:
        state.BRIEF.set(decode(upload.getvalue(), state.copilot().settings.max_input_bytes))
        state.FORMAT.set("." + upload.name.rpartition(".")[2].lower())
        state.ERROR.set(None)
    except CopilotError as error:
        state.ERROR.set(error)


# Centre: the draft -----------------------------------------------------------------------------------------------


def _ask() -> None:
    state.WANTED.set(True)
    state.ERROR.set(None)
    state.BRIEF_OPEN.set(False)


def _write() -> None:
    """Run the flow and start the page over with its result. What was asked for stays asked for if the run is cut short."""
    place = st.empty()
    grow = components.growing_bubble(place, _platform_name(state.PLATFORM.get()))
    today, zone = state.TODAY.get(), state.copilot().settings.zone
    options: DraftOptions = {
        "writer": state.WRITER.get(),
        "platform": state.PLATFORM.get() or None,
        "tone": state.TONE.get() or None,
        "length": state.LENGTH.get(),
        "now": datetime.combine(today, time(9), zone) if today else None,
        "suffix": state.FORMAT.get(),
        "on_text": grow,
    }
    try:
        draft = state.copilot().draft_announcement(state.BRIEF.get(), **options)
    except CopilotError as error:
        state.ERROR.set(error)
    else:
        state.EARLIER.set(state.DRAFT.get())
        _replace(draft)
    state.WANTED.set(False)
    st.rerun()


def _replace(draft: Draft) -> None:
    state.DRAFT.set(draft)
    state.EDITING.set(False)


def _error() -> None:
    if error := state.ERROR.get():
        body = markup.paragraph(f"{t('error.title')}：{error.message}", "what") + markup.paragraph(error.hint, "fix")
        st.html(f'<div class="notice" role="alert">{body}</div>')


def _draft() -> None:
    draft = state.DRAFT.get()
    if draft is None:
        st.html(f'<div class="chat ghost">{markup.paragraph(t("draft.empty"))}</div>')
    elif state.EDITING.get():
        _editor()
    else:
        _bar(draft)
        components.bubble(draft, _platform_name(draft.request.platform))
        _origin(draft)


def _bar(draft: Draft) -> None:
    with st.container(horizontal=True, key="draft-bar", vertical_alignment="center"):
        told, severity = components.verdict(draft)
        st.html(f'<div class="verdict {severity}">{escape(told)}</div>')
        st.button(t("draft.edit"), key="edit", on_click=_edit)
        components.copy_button(draft.text, _remember_copy)


def _origin(draft: Draft) -> None:
    with st.container(horizontal=True, key="draft-origin", vertical_alignment="center"):
        author = t("draft.by_model", model=draft.usage.model) if draft.writer == "model" else t("draft.by_offline")
        st.html(markup.paragraph(f"{author} · {draft.created:%H:%M}", "quiet"))
        if state.EARLIER.get():
            st.button(t("draft.earlier"), key="earlier", type="tertiary", on_click=_swap)


def _editor() -> None:
    state.EDITED.declare()
    with st.container(key="editor"):
        st.text_area(t("draft.edit_label"), key=state.EDITED.name, height=460, persist_state="session")
    with st.container(horizontal=True):
        st.button(t("draft.recheck"), key="recheck", type="primary", on_click=_recheck)
        st.button(t("draft.cancel"), key="cancel", on_click=state.EDITING.set, args=(False,))


def _edit() -> None:
    if draft := state.DRAFT.get():
        state.EDITED.set(draft.text)
        state.EDITING.set(True)


def _recheck() -> None:
    draft, text = state.DRAFT.get(), state.EDITED.get()
    if draft and text.strip():  # an emptied text is not posted: the editor stays open
        _recheck_as(draft, text)


def _recheck_as(draft: Draft, text: str) -> None:
    try:
        _replace(state.copilot().recheck(draft, text))
        state.ERROR.set(None)
    except CopilotError as error:
        state.ERROR.set(error)


def _swap() -> None:
    earlier, draft = state.EARLIER.get(), state.DRAFT.get()
    if earlier:
        _replace(earlier)
        state.EARLIER.set(draft)


def _remember_copy() -> None:
    if draft := state.DRAFT.get():
        now = datetime.now(state.copilot().settings.zone)
        state.COPIED.set((state.Copied(now, draft.text), *state.COPIED.get())[:20])
        if gaps := len(set(markup.PLACEHOLDER.findall(draft.text))):
            st.toast(t("draft.copied_open", count=gaps))


def _platform_name(platform: str) -> str:
    return t(f"platform.{platform}")


# Right: why it can be trusted ------------------------------------------------------------------------------------


def _trust() -> None:
    draft = state.DRAFT.get()
    if draft is None:
        promises = [t(f"empty.{name}") for name in ("missing", "conflicts", "facts", "findings")]
        st.html(markup.heading(t("empty.title")) + markup.notes(promises))
        return
    components.missing_form(draft.missing, _fill)
    components.conflicts(draft, _keep, _correct)
    found = _worth_showing(draft)
    components.findings(found, _fix)
    components.facts(draft.facts)
    components.citations(draft.citations)
    shown = [
        *(gap.question for gap in draft.missing),
        *(one.message for one in draft.conflicts),
        *(one.message for one in draft.findings),
    ]
    components.notes(briefs.unsaid_notes(draft.structure.get("notes", ()), shown))


def _worth_showing(draft: Draft) -> Sequence[Finding]:
    """The findings, without those that the missing facts and conflicts above say already."""
    asked = {gap.placeholder for gap in draft.missing} | {conflict.placeholder for conflict in draft.conflicts}
    return [
        finding
        for finding in draft.findings
        if finding.code != "placeholder-open" or not finding.span or finding.span.text not in asked
    ]


def _fill() -> None:
    if draft := state.DRAFT.get():
        answers = {briefs.label_of(gap): state.answer_key(gap.key).get() for gap in draft.missing}
        _rewrite(briefs.with_answers(state.BRIEF.get(), answers, suffix=state.FORMAT.get()))
        for gap in draft.missing:
            state.answer_key(gap.key).set("")


def _keep(conflict: Conflict, index: int) -> None:
    _rewrite(briefs.keep(state.BRIEF.get(), conflict, index))


def _correct(conflict: Conflict, index: int, key: str) -> None:
    _rewrite(briefs.correct(state.BRIEF.get(), conflict.origins[index], st.session_state[key]))


def _rewrite(brief: str) -> None:
    """Draft again if the brief really changed."""
    if brief != state.BRIEF.get():
        state.BRIEF.set(brief)
        _ask()


def _fix(finding: Finding) -> None:
    draft = state.DRAFT.get()
    if draft and finding.span and finding.replacement is not None:
        text = draft.text[: finding.span.start] + finding.replacement + draft.text[finding.span.end :]
        _recheck_as(draft, text)
