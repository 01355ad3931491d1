"""One digest on its page: what is for the group, what the operator does with the rest, and the messages behind each claim."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from copilot import CopilotError, Draft
from copilot.ui import (
    charts,
    digest_files,
    digest_handoffs,
    digests,
    markup,
    markup_digest,
    messages,
    planned,
    posts,
    state,
)
from copilot.ui.desk import Desk
from copilot.ui.digest_chat import MOST, Chat, chat_of
from copilot.ui.digests import Claim, Listed, Sheet
from copilot.ui.locales import t
from copilot.ui.structures import Row, rows, section, words

PEOPLE = 8
MORE = 30
LEAF = 40  # messages on one page of a claim's


def head(draft: Draft, chat: Chat | None) -> None:
    """Whose chat it is, the ways out as files, and what to deal with first."""
    _look(chat)
    totals = section(draft.structure, "totals")
    span = " – ".join(dict.fromkeys(filter(None, (words(totals, "first"), words(totals, "last")))))
    with st.container(horizontal=True, key="digest-bar", vertical_alignment="top"):
        st.html(markup_digest.head(digests.group_of(draft), span, digests.size(draft), digests.open_tags(draft)))
        digest_files.draw(draft)
    with st.container(key="first"):
        st.html(markup.heading(t("digest.first")))
        if first := digests.told(draft, "first"):
            _claims(draft, chat, "first", Listed("", first, lambda claim: claim), numbered=True)
        else:
            st.html(markup.paragraph(digests.headline(draft), "what"))
        if focus := digests.told(draft, "focus"):
            st.html(markup.heading(t("digest.focus")))
            _claims(draft, chat, "focus", Listed("", focus, lambda claim: claim))


def centre(at: Desk, draft: Draft, chat: Chat | None) -> None:
    """What is for the group, then the claims by what is done with them, then the figures."""
    found = digests.sheets(draft)
    labels = [t("digest.group"), *(_label(sheet) for sheet in found), t("digest.activity")]
    group, *tabs, activity = st.tabs(labels, key="sheets")
    with group:
        _for_the_group(at, draft)
    for tab, sheet in zip(tabs, found, strict=True):
        with tab:
            _sheet(draft, chat, sheet)
    with activity:
        _activity(draft.structure)
    if desk_page := messages.message(draft, "desk"):
        with st.expander(t("digest.page_text")):
            posts.post(at, draft, desk_page, title=t("crisis.team_window"), told=True)
    posts.written_by(at, draft)


def _label(sheet: Sheet) -> str:
    name = t(f"sheet.{sheet.name}")
    return f"{name} · {sheet.count}" if sheet.count else name


def _for_the_group(at: Desk, draft: Draft) -> None:
    part = messages.message(draft, "group")
    if part is None:
        st.html(f'<div class="chat ghost">{markup.paragraph(t("digest.nothing_for_group"))}</div>')
        return
    posts.post(at, draft, part, title=words(draft.structure, "group"), told=True)


def _sheet(draft: Draft, chat: Chat | None, sheet: Sheet) -> None:
    if hand_on := {"open": digest_handoffs.answers, "complaints": digest_handoffs.reply}.get(sheet.name):
        hand_on(draft)
    elif sheet.name == "review":
        digest_handoffs.plan((draft,))
    against_plan = planned.planned(draft) if sheet.name == "review" else ()
    lists = [one for one in (*against_plan, *sheet.lists) if one.rows]
    if not lists:
        st.html(markup.paragraph(t(f"nothing.{sheet.name}"), "quiet"))
    for number, listed in enumerate(lists):
        if listed.heading:
            st.html(markup.heading(listed.heading, len(listed.rows)))
        _claims(draft, chat, f"{sheet.name}-{number}", listed)
        if listed in against_plan:
            st.html(markup.paragraph(t("today.planned_note"), "quiet"))


# Claims and their messages ----------------------------------------------------------------------------------------


def _claims(draft: Draft, chat: Chat | None, name: str, listed: Listed, *, numbered: bool = False) -> None:
    """A list of claims, the first ones at once; those with more messages than fit have them all behind a button."""
    shown = state.digest_list(draft.id, name)
    wanted = listed.claims(shown.get())
    batch: list[Any] = []
    for number, claim in enumerate(wanted):
        names = claim.messages or (chat.named_in(claim.receipts) if chat else ())
        batch.append((claim, chat.excerpt(names) if chat else None, chat.receipt(names) if chat else ""))
        if chat and len(names) > MOST:
            st.html(markup_digest.claims(batch, numbered=numbered))
            batch = []
            label = t("digest.all_messages", count=len(names))
            if st.button(label, key=f"all-{draft.id}-{name}-{number}", type="tertiary"):
                _all_messages(claim, names, chat)
    if batch:
        st.html(markup_digest.claims(batch, numbered=numbered))
    if rest := len(listed.rows) - len(wanted):
        label = t("digest.more_claims", count=rest)
        st.button(label, key=f"more-{draft.id}-{name}", type="tertiary", on_click=shown.set, args=(len(wanted) + MORE,))


def _look(chat: Chat | None) -> None:
    """Open the messages that another page sent the operator here for, once."""
    wanted = state.DIGEST_LOOK.get()
    state.DIGEST_LOOK.set(None)
    if chat and wanted and chat.places(wanted[1]):
        _all_messages(Claim(wanted[0]), wanted[1], chat)


def _all_messages(claim: Claim, names: Sequence[str], chat: Chat) -> None:
    @st.dialog(claim.text[:60], width="large")
    def opened() -> None:
        leaves = -(-len(names) // LEAF)
        leaf = st.number_input(t("digest.leaf", of=leaves), 1, leaves, 1) if leaves > 1 else 1
        st.html(markup_digest.excerpt(chat.excerpt(names, start=(leaf - 1) * LEAF, most=LEAF)))

    opened()


# Figures ----------------------------------------------------------------------------------------------------------


def _activity(structure: Row) -> None:
    figures = section(structure, "figures")
    hours = [int(count) for count in figures.get("hours") or ()]
    days = {str(day): int(count) for day, count in section(figures, "by_day").items()}
    if not any(hours) and not days:
        st.html(markup.paragraph(t("digest.no_figures"), "quiet"))
        return
    if any(hours):
        st.html(markup.heading(t("digest.by_hour")))
        chart = charts.by_hour(hours, t("digest.hour"), t("digest.message_count"))
        st.altair_chart(chart, key="by-hour", alt=t("digest.by_hour"))
    if len(days) > 1:
        st.html(markup.heading(t("digest.by_day")))
        chart = charts.by_day(days, t("digest.day"), t("digest.message_count"))
        st.altair_chart(chart, key="by-day", alt=t("digest.by_day"))
    _answers(figures)
    st.html(markup.paragraph(t("digest.caution"), "quiet"))
    with st.expander(t("digest.people", count=len(rows(figures, "member_figures")))):
        _people(figures)


def _answers(figures: Row) -> None:
    """How questions fared, who answered them, and who responds to whom."""
    minutes = figures.get("response_minutes")
    found = {
        "questions": figures.get("questions"),
        "answered": figures.get("questions") and figures.get("answered"),
        "response": t("digest.minutes", count=round(minutes)) if isinstance(minutes, int | float) else None,
        "newcomers": len(figures.get("newcomers") or ()) or None,
        "left": len(figures.get("left") or ()) or None,
    }
    if pairs := [(t(f"figure.{name}"), str(value)) for name, value in found.items() if value is not None]:
        st.html(markup_digest.figures(pairs))
    answers = {words(row, "member"): int(row.get("answers") or 0) for row in rows(figures, "member_figures")}
    most = dict(sorted(((who, count) for who, count in answers.items() if count), key=lambda pair: -pair[1])[:PEOPLE])
    if most:
        st.html(markup.heading(t("digest.who_answered")))
        chart = charts.by_person(most, t("digest.person"), t("digest.answers"))
        st.altair_chart(chart, key="who-answered", alt=t("digest.who_answered"))
    if responses := list(figures.get("answered_by") or ())[:PEOPLE]:
        st.html(markup.heading(t("digest.who_responds")))
        st.html(markup_digest.pairs((f"{who} → {whom}", count) for who, whom, count in responses))


def _people(figures: Row) -> None:
    names = ("member", "messages", "answers", "first_response", "staff")
    editor = st.column_config
    st.dataframe(
        [{name: row.get(name) for name in names} for row in rows(figures, "member_figures")],
        hide_index=True,
        column_config={
            "member": editor.TextColumn(t("digest.person")),
            "messages": editor.NumberColumn(t("digest.message_count")),
            "answers": editor.NumberColumn(t("digest.answers")),
            "first_response": editor.NumberColumn(t("digest.own_response"), format="%.0f"),
            "staff": editor.CheckboxColumn(t("digest.staff")),
        },
        placeholder="–",
        key="people",
    )


def behind(draft: Draft) -> Chat | None:
    """The chat that the claims open; where it is gone, the operator is told once."""
    found = chat_of(draft)
    if isinstance(found, CopilotError):
        st.html(markup.paragraph(f"{found.message}，{found.hint}", "quiet"))
        return None
    return found
