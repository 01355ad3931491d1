"""One kept draft: what the group saw, how it was edited, when it went out, and what was known when it was made."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from copilot import CopilotError, Draft
from copilot.records import Part
from copilot.store import DraftSummary, StoredDraft, Version
from copilot.ui import components, desk, kept, learned, markup, markup_kept, messages, posts, reuse, state
from copilot.ui.locales import t, words
from copilot.ui.pages import announcement, crisis_reply, digest, weekly_plan

_PAGES = {"announcement": announcement, "weekly-plan": weekly_plan, "crisis-reply": crisis_reply, "digest": digest}
DESKS = {kind: page.DESK for kind, page in _PAGES.items()}
Others = Callable[[], tuple[DraftSummary, ...]]


def job_name(kind: str) -> str:
    """What a job is called; one that has no page goes by its own name."""
    return DESKS[kind].says("page") if kind in DESKS else kind


def go_to(kind: str) -> None:
    """Go to the page of a job."""
    st.switch_page(st.Page(_PAGES[kind].page, url_path=DESKS[kind].keys.name))


def open_draft(draft_id: str) -> None:
    """Look at one draft; "" goes back to the list."""
    state.HISTORY_OPEN.set(draft_id)
    state.HISTORY_ERROR.set(None)


def draw(draft_id: str, others: Others) -> None:
    """Centre: the draft as it was, its wordings, its sendings. Right: what was known then. Raises `StorageError`."""
    st.button(
        t("history.back"), key="back", type="tertiary", icon=":material/arrow_back:", on_click=open_draft, args=("",)
    )
    store = state.copilot().store
    versions = store.versions(draft_id)
    try:
        stored = store.draft(draft_id)
    except CopilotError as error:  # the record can't be read; its texts can
        kept.notice(error)
        for version in reversed(versions):
            st.html(markup.heading(_version_name(version, versions)))
            st.code(version.text, language=None, wrap_lines=True)
        return
    centre, right = st.columns([1.7, 1], gap="large")
    with centre:
        _head(stored)
        titles = [t("archive.seen"), t("archive.changes"), t("archive.sent"), t("archive.brief")]
        counts = [0, len(versions) - 1, len(stored.sendings), 0]
        labels = [f"{title} · {count}" if count else title for title, count in zip(titles, counts, strict=True)]
        seen, changes, sent, brief = st.tabs(labels)
        with seen:
            _seen(stored)
        with changes:
            _changes(stored, others)
        with sent:
            _sent(stored)
        with brief:
            _brief(stored)
    with right, st.container(key="trust"):
        _known_then(stored.draft)


def _head(stored: StoredDraft) -> None:
    draft = stored.draft
    author = t("draft.by_model", model=draft.usage.model) if draft.writer == "model" else t("draft.by_offline")
    first = next((line.strip() for line in stored.text.splitlines() if line.strip()), draft.id)
    made = kept.moment(stored.versions[0].created)
    facts = [job_name(draft.kind), stored.group, _platform(draft), made, author]
    st.html(markup_kept.title(first) + markup_kept.entry(facts))
    with st.container(horizontal=True, key="kept-actions"):
        if draft.kind in _PAGES:
            _again(draft)
        with st.popover(t("kept.delete"), type="tertiary", key="delete-ask"):
            st.html(markup.paragraph(t("archive.delete_note"), "what"))
            st.button(t("kept.delete_sure"), key="delete", on_click=_delete, args=(draft.id,))


def _again(draft: Draft) -> None:
    at = DESKS[draft.kind]
    if draft.kind == "digest":  # its chat is kept: the digest itself is laid out again
        if st.button(t("archive.open_digest"), key="again", type="primary", on_click=digest.lay, args=(draft,)):
            go_to(draft.kind)
        return
    text, _ = reuse.brief_of(draft.request)
    lay = partial(reuse.start_again, at, draft.request)
    if reuse.button(t("archive.use_again"), at.keys, lay, key="again", text=text, job=job_name(draft.kind)):
        go_to(draft.kind)


def _delete(draft_id: str) -> None:
    with kept.told(state.HISTORY_ERROR):
        state.copilot().store.delete(draft_id)
        open_draft("")
        st.toast(t("archive.deleted"))


# What the group saw ---------------------------------------------------------------------------------------------------


def _seen(stored: StoredDraft) -> None:
    """The wording that is chosen, message by message where the record has them, else as one."""
    draft, versions = stored.draft, stored.versions
    key = state.Compared(draft.id, len(versions)).shown
    numbers = [version.number for version in reversed(versions)]
    if key.get() not in numbers:
        key.set(numbers[0])
    if len(numbers) > 1:
        names = {version.number: _version_name(version, versions) for version in versions}
        st.selectbox(
            t("archive.version"),
            numbers,
            format_func=names.__getitem__,
            key=key.name,
            label_visibility="collapsed",
            persist_state="session",
        )
    text = next(version.text for version in versions if version.number == key.get())
    if text != draft.text:
        draft = draft.model_copy(update={"text": text, "parts": (), "trace": (), "findings": ()})
    several = len(messages.messages(draft)) > 1
    for part in messages.messages(draft):
        with st.container(horizontal=True, vertical_alignment="center"):
            if several:
                st.html(markup.heading(part.title))
            components.copy_button(part.text, partial(_copied, draft, part), key=f"kept-{part.name}")
        components.bubble(draft, part, _window(stored, part))
        learned.below(draft.id, part.name)


def _window(stored: StoredDraft, part: Part) -> str:
    """Whose window a message stood in."""
    if part.readers == "team":
        return t("crisis.team_window")
    if part.readers == "private" and part.to:
        return t("crisis.to", name=part.to)
    return stored.group or _platform(stored.draft)


def _platform(draft: Draft) -> str:
    platform = draft.request.platform
    return desk.platform_name(platform) if f"platform.{platform}" in words("zh") else platform


def _copied(draft: Draft, part: Part) -> None:
    posts.remember_copy(part.text)
    with kept.told(state.HISTORY_ERROR):
        state.copilot().store.mark_sent(draft.id, part.text, part=part.name or None)
        learned.remember_sent(draft.id, part.name)


# How it changed -------------------------------------------------------------------------------------------------------


def _version_name(version: Version, versions: tuple[Version, ...]) -> str:
    """`第 2 版 · 修改 · 2026-11-22 09:00（最新）`"""
    author = t("archive.produced") if version.number == 1 else t("archive.edited")
    latest = t("archive.latest") if version is versions[-1] and len(versions) > 1 else ""
    return f"{t('archive.number', number=version.number)} · {author} · {kept.moment(version.created)}{latest}"


def _changes(stored: StoredDraft, others: Others) -> None:
    """Two wordings of the draft, or one of it and another draft, line by line."""
    draft_id = stored.draft.id
    keys = state.Compared(draft_id, len(stored.versions))
    old = {version.number: _version_name(version, stored.versions) for version in stored.versions}
    new: dict[int | str, str] = dict(old.items())
    for row in others():
        if row.id != draft_id:
            new[row.id] = t("archive.other", title=row.title, at=kept.moment(row.created))
    if keys.old.get() not in old:
        keys.old.set(1)
    if keys.new.get() not in new:
        keys.new.set(len(old) if len(old) > 1 else None)
    left, right = st.columns(2)
    left.selectbox(t("compare.old"), list(old), format_func=old.__getitem__, key=keys.old.name, persist_state="session")
    right.selectbox(
        t("compare.new"),
        list(new),
        format_func=new.__getitem__,
        key=keys.new.name,
        placeholder=t("archive.choose"),
        persist_state="session",
    )
    one, other = keys.old.get(), keys.new.get()
    if one is None or other is None:
        st.html(markup.paragraph(t("archive.never_edited"), "quiet"))
        return
    store = state.copilot().store
    compared = (
        store.compare(draft_id, one, other)
        if isinstance(other, int)
        else store.compare(draft_id, one, None, other=other)
    )
    kept.comparison(compared, old[one], new[other])


def _sent(stored: StoredDraft) -> None:
    if not stored.sendings:
        st.html(markup.paragraph(t("archive.never_sent"), "quiet"))
    titles = {part.name: part.title for part in stored.draft.parts}
    for sending in reversed(stored.sendings):
        title = titles.get(sending.part or "") or sending.part or ""
        st.html(markup_kept.entry([kept.moment(sending.at), title, t("draft.count", count=len(sending.text))]))
        st.code(sending.text, language=None, wrap_lines=True)


def _brief(stored: StoredDraft) -> None:
    request = stored.draft.request
    text = digest.said(request) if stored.draft.kind == "digest" else reuse.brief_of(request)[0]
    st.code(text, language=None, wrap_lines=True)


# What was known then --------------------------------------------------------------------------------------------------


def _known_then(draft: Draft) -> None:
    """The right column as it was: nothing here can be answered any more, only looked at."""
    st.html(markup.paragraph(t("archive.then"), "quiet"))
    components.lines(t("missing.title"), [gap.question for gap in draft.missing])
    said = [
        f"{one.message}：{t('archive.against').join(f'“{origin.quote}”' for origin in one.origins)}"
        for one in draft.conflicts
    ]
    components.lines(t("conflict.title"), said)
    if shown := {one.message: one for one in messages.worth_showing(draft)}.values():
        st.html(markup.heading(t("finding.title"), len(shown)))
        st.html("".join(markup.finding(one, t(f"finding.{one.severity}")) for one in shown))
    components.facts(draft.facts)
    components.citations(draft.citations)
