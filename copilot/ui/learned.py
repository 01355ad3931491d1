"""What the operator's edits show: proposed where a text was just kept as sent and on the group's page, with its receipts."""

from collections.abc import Callable, Sequence

import streamlit as st

from copilot import CopilotError
from copilot.learning.keeping import accept, refuse
from copilot.learning.proposing import Proposal, Receipt, proposals
from copilot.settings import Settings
from copilot.store import DecidedHabit, Store, compare
from copilot.ui import kept, markup, markup_kept, state
from copilot.ui.locales import t

SHOWN = 2  # proposals under a message that was just copied
Decide = Callable[[str, Store, Settings], DecidedHabit]


def remember_sent(draft: str, part: str) -> None:
    """A message was kept as sent just now: what its edits show belongs below it."""
    state.LEARNED_FROM.set((draft, part))


def below(draft: str, part: str) -> None:
    """What the edits of the message that was kept as sent last show, below it; nothing below others."""
    if state.LEARNED_FROM.get() != (draft, part):
        return
    kept.notice(state.LEARNED_ERROR.get())
    try:
        found = [one for one in proposals(state.copilot().store) if any(row.draft == draft for row in one.receipts)]
    except CopilotError as error:
        kept.notice(error)
    else:
        _proposals(found[:SHOWN])


def of_group(group: str) -> None:
    """A group's habits: what is proposed, what is followed and can be taken back, what was refused. Raises `StorageError`."""
    kept.notice(state.LEARNED_ERROR.get())
    store = state.copilot().store
    found, decided = proposals(store, group), store.habits(group)
    if not found and not decided:
        st.html(markup.paragraph(t("learned.nothing"), "quiet"))
    _proposals(found)
    for followed, title, button, decide in (
        (True, t("learned.followed"), t("learned.take_back"), refuse),
        (False, t("learned.refused"), t("learned.accept"), accept),
    ):
        rows = [one for one in decided if one.kept == followed]
        if rows:
            st.html(markup.heading(title, len(rows)))
        for one in rows:
            with st.container(horizontal=True, key=f"habit-{one.habit.id}", vertical_alignment="center"):
                tags = [] if one.habit.group else [t("learned.everywhere")]
                st.html(markup_kept.entry([one.habit.does, kept.moment(one.decided)], tags))
                _button(button, decide, one.habit.id, quiet=True)


def _proposals(found: Sequence[Proposal]) -> None:
    if not found:
        return
    st.html(kept.STYLES)
    st.html(markup.heading(t("learned.title"), len(found)))
    for one in found:
        with st.container(key=f"learned-{one.habit.id}", border=True, gap="small"):
            count = t("learned.count", times=one.times, chances=one.chances)
            st.html(markup.paragraph(f"{one.seen}（{count}）", "what") + markup.paragraph(one.keeps, "quiet"))
            with st.expander(t("learned.receipts")):
                _receipts(one.receipts)
                if one.against:
                    st.html(markup.paragraph(t("learned.against"), "quiet"))
                    _receipts(one.against)
            with st.container(horizontal=True):
                _button(t("learned.accept"), accept, one.habit.id)
                _button(t("learned.refuse"), refuse, one.habit.id, quiet=True)


def _receipts(receipts: Sequence[Receipt]) -> None:
    """Each line as written and as sent, with the drafts that it stands in."""
    drafts: dict[tuple[str, str], list[str]] = {}
    for row in receipts:
        drafts.setdefault((row.before, row.after), []).append(f"{kept.moment(row.at)} {row.draft}")
    for (before, after), known in drafts.items():
        st.html(markup_kept.entry(known))
        if before == after:
            st.html(markup.paragraph(after))
        else:
            kept.comparison(compare(before, after), t("learned.draft"), t("learned.sent"))


def _button(label: str, decide: Decide, habit_id: str, *, quiet: bool = False) -> None:
    name = f"{decide.__name__}-{habit_id}"
    st.button(label, key=name, type="tertiary" if quiet else "secondary", on_click=_decide, args=(decide, habit_id))


def _decide(decide: Decide, habit_id: str) -> None:
    copilot = state.copilot()
    with kept.told(state.LEARNED_ERROR):
        told = decide(habit_id, copilot.store, copilot.settings)
        st.toast(t("learned.now_followed") if told.kept else t("learned.now_refused"))
