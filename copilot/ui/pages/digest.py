"""The digest: chats in, and out comes what to deal with first, a report for the group, and every claim with its messages."""

from pathlib import Path

import streamlit as st

from copilot import Draft
from copilot.records import Request
from copilot.ui import (
    desk,
    digest_board,
    digest_form,
    digest_handoffs,
    digest_trust,
    digests,
    kept,
    markup,
    markup_digest,
    markup_kept,
    posts,
    state,
)
from copilot.ui.digest_form import show
from copilot.ui.digest_run import Digested
from copilot.ui.locales import t
from copilot.ui.structures import section, words

DESK = desk.Desk(state.DIGEST, lambda copilot: copilot.summarise_digest, desk.EXAMPLES / "chat.txt")
STYLES = Path(desk.__file__).parent / "digest.css"


def page() -> None:
    """Above: the chats, what is urgent. Below: the digest, and beside it what it stands on."""
    st.html(STYLES)
    desk.header(DESK)
    _keep_edits()
    draft = DESK.keys.draft.get()
    if not state.DIGEST_DONE.get():
        centre, right = st.columns([1.7, 1], gap="large")
        with centre:
            digest_form.draw(DESK)
            posts.nothing_yet(DESK)
        with right, st.container(key="trust"):
            promises = [t(f"digest_promise.{name}") for name in ("first", "group", "messages", "unread", "private")]
            st.html(markup.heading(t("empty.title")) + markup.notes(promises))
        return
    digest_form.draw(DESK)
    _choose()
    if draft is None:
        _overview()
        return
    chat = digest_board.behind(draft)
    digest_board.head(draft, chat)
    centre, right = st.columns([1.7, 1], gap="large")
    with centre:
        digest_board.centre(DESK, draft, chat)
    with right, st.container(key="trust"):
        digest_trust.column(DESK, draft)


def _keep_edits() -> None:
    """What was edited and checked on the desk is the digest of that chat from now on."""
    draft = DESK.keys.draft.get()
    if draft is not None and all(one.draft is not draft for one in state.DIGEST_DONE.get()):
        done = (
            Digested(one.name, draft) if one.draft and one.draft.id == draft.id else one
            for one in state.DIGEST_DONE.get()
        )
        state.DIGEST_DONE.set(tuple(done))


# From the history --------------------------------------------------------------------------------------------------


def lay(draft: Draft) -> None:
    """Lay a kept digest on the desk in place of what lies there."""
    state.DIGEST_DONE.set((Digested(digests.group_of(draft), draft),))
    state.DIGEST_ORDER.set(None)
    DESK.keys.brief_open.set(False)
    show(DESK, draft)


def said(request: Request) -> str:
    """What was said with a chat, in plain words: a line for each thing."""
    brief = request.brief if isinstance(request.brief, dict) else {}
    told = section(brief, "said")
    names = ("group", "operator", "staff", "dates", "focus", "rules")
    lines = [f"{t('digest.files')}：{words(brief, 'name')}"] if words(brief, "name") else []
    for name in names:
        value = told.get(name)
        text = "、".join(map(str, value)) if isinstance(value, list | tuple) else words(told, name)
        lines += [f"{t(f'digest_option.{name}')}：{text}"] if text else []
    return "\n".join(lines) or t("digest.pasted")


# Several chats ----------------------------------------------------------------------------------------------------


def _drafts() -> dict[str, Draft]:
    return {one.draft.id: one.draft for one in state.DIGEST_DONE.get() if one.draft}


def _choose() -> None:
    """Which of several digests is looked at."""
    drafts = _drafts()
    if len(state.DIGEST_DONE.get()) < 2:
        return
    if state.DIGEST_SHOWN.get() not in drafts:
        state.DIGEST_SHOWN.set("")
    names = {"": t("digest.overview", count=len(drafts)), **{key: digests.group_of(one) for key, one in drafts.items()}}
    st.selectbox(
        t("digest.choose"),
        list(names),
        format_func=names.__getitem__,
        key=state.DIGEST_SHOWN.name,
        on_change=lambda: show(DESK, _drafts().get(state.DIGEST_SHOWN.get())),
        label_visibility="collapsed",
        width=360,
        persist_state="session",
    )


def _overview() -> None:
    """Every group with what is open in it, those first that need looking after; then what could not be digested."""
    found = sorted(_drafts().values(), key=digests.need, reverse=True)
    totals = [section(one.structure, "totals") for one in found]
    pairs = [
        (t("digest.groups"), f"{len(found)}"),
        (t("digest.message_count"), f"{sum(int(one.get('messages') or 0) for one in totals):,}"),
    ]
    open_now: dict[str, int] = {}
    for one in found:
        for name, count, _ in digests.counts(one):
            open_now[name] = open_now.get(name, 0) + count
    pairs += [(t(f"open_name.{name}"), f"{count}") for name, count in open_now.items()]
    st.html(markup_digest.figures(pairs))
    digest_handoffs.plan(found)
    with st.container(key="groups-list", gap=None):
        for one in found:
            _row(one)
    for failed in state.DIGEST_DONE.get():
        if failed.error:
            kept.say(
                t("digest.failed", name=failed.name or t("digest.pasted"), what=failed.error.message), failed.error.hint
            )


def _row(draft: Draft) -> None:
    facts = [*digests.size(draft), words(section(draft.structure, "totals"), "last")]
    with st.container(key=f"group-{draft.id}", gap=None):
        label = markup_kept.plain_label(digests.group_of(draft))
        st.button(label, key=f"open-{draft.id}", type="tertiary", on_click=show, args=(DESK, draft))
        st.html(markup_digest.group(digests.open_tags(draft), facts))
