"""What every job's page does: take a brief, have it drafted, and put an edited draft in place of the present one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

import streamlit as st

from copilot import Copilot, CopilotError, Draft, DraftOptions, Finding
from copilot.facts.intake import decode
from copilot.settings import KNOWLEDGE
from copilot.ui import briefs, components, markup, messages, state
from copilot.ui.locales import t, words

EXAMPLES = KNOWLEDGE.parent / "examples"


@dataclass(frozen=True)
class Desk:
    """One job's page: its keys, the call of the client that drafts it, its sample, and whether it offers an outline.

    The page's words stand in the locales under the name of its keys: `<name>.page`, `.lead`, `.label`, `.placeholder`,
    `.write`, `.stale`, `.is_sample`, `.empty`, and `.outline` where it has one.
    """

    keys: state.Job
    draft: Callable[[Copilot], Callable[..., Draft]]
    sample: Path
    outline: bool = False

    def says(self, key: str) -> str:
        """One of the page's own words."""
        return t(f"{self.keys.name}.{key}")


def header(desk: Desk) -> None:
    """The page's name and what it is for. After an error the brief is open again."""
    if desk.keys.error.get():
        desk.keys.brief_open.set(True)
    st.html(f'<header class="page"><h1>{desk.says("page")}</h1><p>{desk.says("lead")}</p></header>')


# The brief -------------------------------------------------------------------------------------------------------


def brief(desk: Desk) -> None:
    """The brief with its options, and below it what went wrong, or the run that was asked for."""
    keys = desk.keys
    for key in (keys.brief, keys.brief_open):
        key.declare()
    draft = keys.draft.get()
    with st.expander(t("brief.title"), keys.brief_open.get(), key=keys.brief_open.name, on_change="rerun"):
        with st.container(key="typed"):
            brief_field(desk)
        if keys.brief.get().partition("\n")[0] == _sample(desk).partition("\n")[0]:
            st.html(markup.paragraph(desk.says("is_sample"), "quiet"))
        with st.container(horizontal=True, key="brief-actions"):
            label = t("brief.rewrite") if draft else desk.says("write")
            st.button(label, key="write", type="primary", on_click=ask, args=(desk,))
            if not keys.brief.get().strip():
                st.button(t("brief.sample"), key="sample", on_click=show_sample, args=(desk,))
                if desk.outline:
                    st.button(t("brief.outline"), key="outline", on_click=keys.brief.set, args=(desk.says("outline"),))
            with st.popover(t("brief.options"), type="tertiary"):
                _options(keys)
            with st.popover(t("brief.file"), type="tertiary"):
                st.file_uploader(
                    t("brief.file_help"),
                    type=["txt", "md", "yaml", "yml", "json"],
                    key="upload",
                    on_change=_read_upload,
                    args=(desk,),
                )
    if draft and keys.brief.get() != draft.request.brief:
        st.html(markup.paragraph(desk.says("stale"), "quiet"))
    _error(keys.error.get())
    if keys.wanted.get():
        _write(desk)


def brief_field(desk: Desk) -> None:
    """Where the brief is typed or pasted."""
    st.text_area(
        desk.says("label"),
        key=desk.keys.brief.name,
        height="content",
        placeholder=desk.says("placeholder"),
        label_visibility="collapsed",
        persist_state="session",
    )


def _options(keys: state.Job) -> None:
    for key in (keys.tone, keys.platform, keys.length, keys.writer, keys.today):
        key.declare()
    if not keys.platform.get():
        usual = state.copilot().settings.platform
        keys.platform.set(usual if usual in _choices("platform") else _choices("platform")[0])
    st.selectbox(
        t("option.platform"),
        _choices("platform"),
        format_func=platform_name,
        key=keys.platform.name,
        persist_state="session",
    )
    st.selectbox(
        t("option.tone"),
        _choices("tone"),
        format_func=lambda name: t(f"tone.{name or 'auto'}"),
        key=keys.tone.name,
        persist_state="session",
    )
    st.number_input(
        t("option.length"),
        min_value=50,
        max_value=5000,
        step=50,
        placeholder=t("option.length_none"),
        key=keys.length.name,
        persist_state="session",
    )
    writer_option(keys)
    st.date_input(
        t("option.today"), value=None, help=t("option.today_help"), key=keys.today.name, persist_state="session"
    )


def writer_option(keys: state.Job) -> None:
    """Who is to write: chosen by itself, the templates, or the model."""
    st.selectbox(
        t("option.writer"),
        _choices("writer"),
        format_func=lambda name: t(f"writer.{name}"),
        key=keys.writer.name,
        persist_state="session",
    )


def _choices(name: str) -> list[str]:
    """What the pages offer for one option: its keys in the locale; "auto" of the tone is no tone."""
    found = [key.partition(".")[2] for key in words("zh") if key.startswith(f"{name}.")]
    return ["" if name == "tone" and choice == "auto" else choice for choice in found]


def platform_name(platform: str) -> str:
    """What a group on this platform is called."""
    return t(f"platform.{platform}")


def _sample(desk: Desk) -> str:
    return desk.sample.read_text(encoding="utf-8").strip()


def show_sample(desk: Desk) -> None:
    """Lay the sample on the desk."""
    open_with(desk.keys, _sample(desk), suffix=desk.sample.suffix)


def _read_upload(desk: Desk) -> None:
    upload = st.session_state["upload"]
    if upload is None:
        return
    try:
        text = decode(upload.getvalue(), state.copilot().settings.max_input_bytes)
        open_with(desk.keys, text, suffix="." + upload.name.rpartition(".")[2].lower())
        desk.keys.error.set(None)
    except CopilotError as error:
        desk.keys.error.set(error)


def open_with(keys: state.Job, text: str, *, suffix: str = "") -> None:
    """Lay a brief on a job's desk, unfolded and not yet drafted; `suffix` is the format it is written in."""
    keys.brief.set(text)
    keys.format.set(suffix)
    keys.published.set(())
    keys.brief_open.set(True)


def _error(error: CopilotError | None) -> None:
    if error:
        body = markup.paragraph(f"{t('error.title')}：{error.message}", "what") + markup.paragraph(error.hint, "fix")
        st.html(f'<div class="notice" role="alert">{body}</div>')


# The draft -------------------------------------------------------------------------------------------------------


def ask(desk: Desk) -> None:
    """Have the brief drafted when the page is drawn next; headings of the outline that were left empty go."""
    if desk.outline:
        desk.keys.brief.set(briefs.without_blanks(desk.keys.brief.get(), desk.says("outline")))
    desk.keys.wanted.set(True)
    desk.keys.error.set(None)
    desk.keys.brief_open.set(False)


def rewrite(desk: Desk, text: str) -> None:
    """Draft again if the brief really changed."""
    if text != desk.keys.brief.get():
        desk.keys.brief.set(text)
        ask(desk)


def _write(desk: Desk) -> None:
    """Run the flow and start the page over with its result. What was asked for stays asked for if the run is cut short."""
    keys, settings = desk.keys, state.copilot().settings
    grow = components.growing_bubble(st.empty(), platform_name(keys.platform.get() or settings.platform))
    today = keys.today.get()
    options: DraftOptions = {
        "writer": keys.writer.get(),
        "platform": keys.platform.get() or None,
        "tone": keys.tone.get() or None,
        "length": keys.length.get(),
        "now": datetime.combine(today, time(9), settings.zone) if today else None,
        "suffix": keys.format.get(),
        "earlier": keys.published.get(),
        "on_text": grow,
    }
    try:
        draft = desk.draft(state.copilot())(keys.brief.get(), **options)
    except CopilotError as error:
        keys.error.set(error)
    else:
        keys.earlier.set(keys.draft.get())
        show(desk, draft)
    keys.wanted.set(False)
    st.rerun()


def show(desk: Desk, draft: Draft) -> None:
    """Put a draft in the place of the present one; open editors close."""
    for part in messages.messages(draft):
        desk.keys.editing(part.name).set(False)
    desk.keys.draft.set(draft)


def swap(desk: Desk) -> None:
    """Take back the draft that the present one replaced."""
    earlier, draft = desk.keys.earlier.get(), desk.keys.draft.get()
    if earlier:
        show(desk, earlier)
        desk.keys.earlier.set(draft)


def recheck(desk: Desk, part: str, text: str) -> None:
    """The draft with one message's edited text, checked again. The editors of its other messages stay open."""
    draft = desk.keys.draft.get()
    if draft is None:
        return
    try:
        checked = state.copilot().recheck(draft, text, part or None)
        desk.keys.draft.set(checked)
        edits = desk.keys.edits.get()
        desk.keys.edits.set({**edits, draft.id: {**edits.get(draft.id, {}), part: text}})
        desk.keys.editing(part).set(False)
        desk.keys.error.set(None)
    except CopilotError as error:
        desk.keys.error.set(error)
        return
    in_history(lambda: state.copilot().store.revise(checked.id, checked.text))


def in_history(keep: Callable[[], object]) -> None:
    """Keep something in the history. Where that fails, the work at hand goes on and the operator is told."""
    try:
        keep()
    except CopilotError as error:
        st.toast(str(error))


def fix(desk: Desk, finding: Finding) -> None:
    """Mend one finding where code can."""
    draft = desk.keys.draft.get()
    if draft and (mended := messages.replaced(draft, finding)):
        part, text = mended
        recheck(desk, part.name, text)
