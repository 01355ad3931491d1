"""The history: every draft that was kept, found again, looked at as it was, compared, and started again from."""

from datetime import datetime, time, timedelta
from typing import Any

import streamlit as st

from copilot import CopilotError
from copilot.store import DraftSummary
from copilot.ui import archive, kept, markup, markup_kept, state
from copilot.ui.locales import t

LEAF = 20  # drafts on one page of the list
KNOWN = 300  # the newest drafts, whose groups the filter offers
FILTERS: tuple[state.Key[Any], ...] = (
    state.HISTORY_TEXT,
    state.HISTORY_JOB,
    state.HISTORY_GROUP,
    state.HISTORY_SENT,
    state.HISTORY_SINCE,
    state.HISTORY_UNTIL,
)


def page() -> None:
    """The list with its filters, or the one draft that was opened."""
    kept.header(t("history.page"), t("history.lead"))
    kept.notice(state.HISTORY_ERROR.get())
    try:
        if state.HISTORY_OPEN.get():
            archive.draw(state.HISTORY_OPEN.get(), lambda: found(limit=KNOWN))
        else:
            _list()
    except CopilotError as error:
        kept.notice(error)


def found(*, limit: int = LEAF + 1, offset: int = 0) -> tuple[DraftSummary, ...]:
    """The drafts under the filters, newest first."""
    zone = state.copilot().settings.zone
    since, until, sent = state.HISTORY_SINCE.get(), state.HISTORY_UNTIL.get(), state.HISTORY_SENT.get()
    return state.copilot().store.drafts(
        kind=state.HISTORY_JOB.get() or None,
        group=state.HISTORY_GROUP.get() or None,
        text=state.HISTORY_TEXT.get().strip() or None,
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        sent=None if sent == "any" else sent == "sent",
        limit=limit,
        offset=offset,
    )


def _list() -> None:
    filtered = any(key.get() != key.default for key in FILTERS)
    leaf = state.HISTORY_LEAF.get()
    rows = found(offset=leaf * LEAF)
    if not rows and not filtered and not leaf:
        promises = [t(f"promise.{name}") for name in ("texts", "versions", "sendings", "again")]
        st.html(f'<div class="chat ghost">{markup.paragraph(t("history.empty"))}{markup.notes(promises)}</div>')
        return
    _filters(filtered)
    if not rows:
        st.html(markup.paragraph(t("history.none"), "quiet"))
    with st.container(key="kept-list", gap=None):
        for row in rows[:LEAF]:
            _row(row)
    _leaves(leaf, more=len(rows) > LEAF)


def _row(row: DraftSummary) -> None:
    facts = [archive.job_name(row.kind), row.group, kept.moment(row.created), t("draft.count", count=row.length)]
    facts += [t("history.edited", count=row.versions - 1)] if row.versions > 1 else []
    tags = [t("history.sent_at", at=kept.moment(row.last_sent))] if row.last_sent else []
    with st.container(key=f"kept-{row.id}", gap=None):
        title = markup_kept.plain_label(row.title or row.id)
        st.button(title, key=f"open-{row.id}", type="tertiary", on_click=archive.open_draft, args=(row.id,))
        st.html(markup_kept.entry(facts, tags))


def _filters(filtered: bool) -> None:
    for key in FILTERS:
        key.declare()
    with st.container(horizontal=True, key="kept-filters", vertical_alignment="bottom"):
        st.text_input(
            t("history.find"),
            key=state.HISTORY_TEXT.name,
            placeholder=t("history.find_note"),
            max_chars=200,
            on_change=_first_leaf,
            persist_state="session",
        )
        jobs = {"": t("every.job"), **{kind: archive.job_name(kind) for kind in archive.DESKS}}
        groups = {"": t("every.group"), **{name: name for name in _groups()}}
        _choice(t("history.job"), state.HISTORY_JOB, jobs)
        _choice(t("history.group"), state.HISTORY_GROUP, groups)
        _choice(t("history.sent"), state.HISTORY_SENT, {name: t(f"sent.{name}") for name in ("any", "sent", "unsent")})
        for key, label in ((state.HISTORY_SINCE, t("history.since")), (state.HISTORY_UNTIL, t("history.until"))):
            st.date_input(label, key=key.name, width=150, on_change=_first_leaf, persist_state="session")
        if filtered:
            st.button(t("history.clear"), key="clear", type="tertiary", on_click=_clear)


def _choice(label: str, key: state.Key[Any], told: dict[str, str]) -> None:
    told.setdefault(key.get(), key.get())
    st.selectbox(
        label,
        list(told),
        format_func=told.__getitem__,
        key=key.name,
        width=150,
        on_change=_first_leaf,
        persist_state="session",
    )


def _groups() -> list[str]:
    """The groups that have a profile or are named by a late draft."""
    store = state.copilot().store
    names = [group.name for group in store.groups()] + [row.group for row in store.drafts(limit=KNOWN)]
    return list(dict.fromkeys(filter(None, names)))


def _leaves(leaf: int, *, more: bool) -> None:
    if not leaf and not more:
        return
    with st.container(horizontal=True, key="leaves", vertical_alignment="center"):
        st.button(t("history.newer"), key="newer", disabled=not leaf, on_click=state.HISTORY_LEAF.set, args=(leaf - 1,))
        st.html(markup.paragraph(t("history.leaf", number=leaf + 1), "quiet"))
        st.button(t("history.older"), key="older", disabled=not more, on_click=state.HISTORY_LEAF.set, args=(leaf + 1,))


def _first_leaf() -> None:
    state.HISTORY_LEAF.set(0)


def _clear() -> None:
    for key in FILTERS:
        key.set(key.default)
    _first_leaf()
