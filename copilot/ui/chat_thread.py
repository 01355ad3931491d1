"""The turns of a conversation, in the order they were said: words, tools, drafts as the group will see them, what is asked."""

from functools import partial
from html import escape

import streamlit as st

from copilot import CopilotError, Draft
from copilot.conversation.following import label_of
from copilot.records import Part
from copilot.store import Conversation, Turn
from copilot.ui import archive, briefs, chat_run, components, desk, markup, markup_chat, messages, posts, reuse, state
from copilot.ui.desk import platform_name
from copilot.ui.locales import t
from copilot.ui.pages import digest

FIRST = 30
"""So many turns are shown at once; the ones before can be fetched."""


def draw(conversation: Conversation) -> None:
    """The conversation's turns, the last of them with what can be answered by a click or in a field."""
    shown = conversation.turns[-state.CHAT_SHOWN.get() :]
    if len(shown) < len(conversation.turns):
        more = state.CHAT_SHOWN.set
        count = len(conversation.turns) - len(shown)
        st.button(
            t("chat.earlier", count=count), type="tertiary", key="earlier", on_click=more, args=(len(shown) + FIRST,)
        )
    for turn in shown:
        with st.container(key=f"turn-{turn.id}"):
            _turn(turn)
    last = conversation.turns[-1] if conversation.turns else None
    if last is None or state.CHAT_WANTED.get():
        return
    if last.role == "operator":
        st.html(markup.paragraph(t("chat.unanswered"), "quiet"))
        st.button(t("chat.answer_again"), key="again", on_click=chat_run.say, args=(last.text, last.files))
        return
    _choices(last)
    components.missing_form(last.missing, partial(state.chat_answer, last.id), lambda: _fill(last))


def _turn(turn: Turn) -> None:
    who = t("chat.you") if turn.role == "operator" else t("chat.copilot")
    st.html(markup_chat.said(turn, who=who, unfold=t("chat.unfold")))
    for name in turn.drafts:
        draft = _draft(name)
        if draft:
            _show(draft, turn)
        else:
            st.html(markup.paragraph(t("chat.draft_gone"), "quiet"))
    if turn.findings:
        st.html("".join(markup.finding(one, t(f"finding.{one.severity}")) for one in turn.findings))


def _draft(name: str) -> Draft | None:
    """A draft by its id: kept in the session, else in the history."""
    found = state.CHAT_DRAFTS.get()
    if name not in found:
        try:
            found = {**found, name: state.copilot().store.draft(name).draft}
        except CopilotError:
            return None
        state.CHAT_DRAFTS.set(found)
    return found[name]


def _show(draft: Draft, turn: Turn) -> None:
    """The first message for the group as its bubble; the others are folded below it."""
    parts = messages.messages(draft)
    first = next((part for part in parts if part.readers == "group"), parts[0])
    _post(draft, first, turn, main=True)
    others = [part for part in parts if part is not first]
    if others:
        with st.expander(t("chat.other_parts", count=len(others))):
            for part in others:
                _post(draft, part, turn)


def _post(draft: Draft, part: Part, turn: Turn, *, main: bool = False) -> None:
    key = f"{turn.id}-{draft.id}-{part.name}"
    with st.container(key=f"post-{key}"):
        with st.container(horizontal=True, key=f"bar-{key}", vertical_alignment="center"):
            told, severity = components.verdict(part.text, messages.findings_of(draft, part))
            st.html(f'<div class="verdict {severity}">{escape(told)}</div>')
            if main:
                _open(draft, key)
            components.copy_button(part.text, lambda: _copied(draft, part), key=key)
        components.bubble(draft, part, part.title or platform_name(draft.request.platform))


def _open(draft: Draft, key: str) -> None:
    """The way to the draft's own page, where it can be edited and every fact traced."""
    job = archive.job_name(draft.kind)
    if draft.kind == "digest":
        pressed = st.button(t("chat.open", job=job), key=f"open-{key}", on_click=digest.lay, args=(draft,))
    else:
        at = archive.DESKS[draft.kind]
        text, _ = reuse.brief_of(draft.request)
        pressed = reuse.button(
            t("chat.open", job=job),
            at.keys,
            lambda: _lay(draft),
            key=f"open-{key}",
            text=text,
            job=job,
            kind="secondary",
        )
    if pressed:
        archive.go_to(draft.kind)


def _lay(draft: Draft) -> None:
    """Lay a draft on its desk with its brief, as it would stand after it was written there."""
    at = archive.DESKS[draft.kind]
    reuse.start_again(at, draft.request)
    at.keys.earlier.set(at.keys.draft.get())
    desk.show(at, draft)
    at.keys.brief_open.set(False)


def _copied(draft: Draft, part: Part) -> None:
    posts.remember_copy(part.text)
    name = part.name if len(draft.parts) > 1 else None
    desk.in_history(lambda: state.copilot().store.mark_sent(draft.id, part.text, part=name))


# What the last turn asks ----------------------------------------------------------------------------------------------


def _choices(turn: Turn) -> None:
    if turn.choices:
        with st.container(horizontal=True, key="choices"):
            for choice in turn.choices:
                st.button(choice.label, key=f"choice-{choice.job}", on_click=chat_run.say, args=(choice.label,))


def _fill(turn: Turn) -> None:
    """What was typed into the fields, said as one message."""
    text = briefs.as_text({label_of(gap): state.chat_answer(turn.id, gap.key).get() for gap in turn.missing})
    if text:
        chat_run.say(text)
