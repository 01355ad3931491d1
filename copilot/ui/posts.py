"""One message of a draft on a page: whether it can go out, its bubble, its editor, and the way to the clipboard."""

from datetime import datetime
from html import escape

import streamlit as st

from copilot import Draft
from copilot.records import Part
from copilot.ui import components, desk, learned, markup, messages, state
from copilot.ui.desk import Desk, platform_name
from copilot.ui.locales import t


def post(at: Desk, draft: Draft, part: Part, *, title: str = "", told: bool = False) -> None:
    """A message to look at, edit and copy. `title` heads its window (the platform's name unless given); `told` lists its
    findings below it; what is still open stands out in it already.
    """
    name = title or platform_name(draft.request.platform)
    with st.container(key=f"post-{part.name}"):
        if at.keys.editing(part.name).get():
            _editor(at, part, part.title if len(messages.messages(draft)) > 1 else at.says("page"))
            return
        _bar(at, draft, part)
        components.bubble(draft, part, name)
        learned.below(draft.id, part.name)
        if told:
            found = [one for one in messages.found_in(draft.findings, part) if one.code != "placeholder-open"]
            components.findings(found, lambda one: desk.fix(at, one), key=f"-{part.name}")


def written_by(at: Desk, draft: Draft) -> None:
    """Who wrote the draft and when, and the way back to the one before."""
    with st.container(horizontal=True, key="draft-origin", vertical_alignment="center"):
        author = t("draft.by_model", model=draft.usage.model) if draft.writer == "model" else t("draft.by_offline")
        st.html(markup.paragraph(f"{author} · {draft.created:%H:%M}", "quiet"))
        if at.keys.earlier.get():
            st.button(t("draft.earlier"), key="earlier", type="tertiary", on_click=desk.swap, args=(at,))


def nothing_yet(at: Desk) -> None:
    """Where the draft will be, before there is one."""
    st.html(f'<div class="chat ghost">{markup.paragraph(at.says("empty"))}</div>')


def _bar(at: Desk, draft: Draft, part: Part) -> None:
    with st.container(horizontal=True, key=f"bar-{part.name}", vertical_alignment="center"):
        told, severity = components.verdict(part.text, messages.findings_of(draft, part))
        st.html(f'<div class="verdict {severity}">{escape(told)}</div>')
        st.button(t("draft.edit"), key=f"edit-{part.name}", on_click=_edit, args=(at, part))
        components.copy_button(part.text, lambda: _sent(draft, part), key=part.name)


def _editor(at: Desk, part: Part, title: str) -> None:
    typed = at.keys.edited(part.name)
    typed.declare()
    with st.container(key=f"editor-{part.name}"):
        label = t("draft.edit_label", title=title)
        height = min(460, max(180, 28 * (part.text.count("\n") + len(part.text) // 30 + 2)))
        st.text_area(label, key=typed.name, height=height, persist_state="session")
    with st.container(horizontal=True):
        st.button(
            t("draft.recheck"), key=f"recheck-{part.name}", type="primary", on_click=_recheck, args=(at, part.name)
        )
        closed = at.keys.editing(part.name).set
        st.button(t("draft.cancel"), key=f"cancel-{part.name}", on_click=closed, args=(False,))


def _edit(at: Desk, part: Part) -> None:
    at.keys.edited(part.name).set(part.text)
    at.keys.editing(part.name).set(True)


def _recheck(at: Desk, part: str) -> None:
    text = at.keys.edited(part).get()
    if text.strip():  # an emptied text is not posted: the editor stays open
        desk.recheck(at, part, text)


def _sent(draft: Draft, part: Part) -> None:
    """What is copied counts as sent, for the history."""
    remember_copy(part.text)
    name = part.name if len(draft.parts) > 1 else None
    desk.in_history(lambda: state.copilot().store.mark_sent(draft.id, part.text, part=name))
    learned.remember_sent(draft.id, part.name)


def remember_copy(text: str) -> None:
    """Keep what left for the clipboard, and tell of what is still open in it."""
    now = datetime.now(state.copilot().settings.zone)
    state.COPIED.set((state.Copied(now, text), *state.COPIED.get())[:20])
    if gaps := len(set(markup.PLACEHOLDER.findall(text))):
        st.toast(t("draft.copied_open", count=gaps))
