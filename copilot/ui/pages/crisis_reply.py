"""The crisis reply: what happened in, and out comes what is known, what goes to whom when, and who acts by when."""

import streamlit as st

from copilot import Draft
from copilot.records import Part
from copilot.ui import briefs, components, crises, desk, markup, markup_crisis, messages, posts, state, trust
from copilot.ui.locales import t
from copilot.ui.structures import rows, section, texts, words

DESK = desk.Desk(
    state.CRISIS_REPLY, lambda copilot: copilot.draft_crisis_reply, desk.EXAMPLES / "crisis.yaml", outline=True
)


def page() -> None:
    """Centre: what happened, how grave it is, what is known, and the replies. Right: why they can be trusted."""
    desk.header(DESK)
    centre, right = st.columns([1.7, 1], gap="large")
    draft = DESK.keys.draft.get()
    with centre:
        desk.brief(DESK)
        if draft:
            _board(draft)
        else:
            posts.nothing_yet(DESK)
    with right, st.container(key="trust"):
        found = messages.found_outside(messages.worth_showing(draft), messages.messages(draft)) if draft else None
        trust.column(DESK, found)


def _board(draft: Draft) -> None:
    structure = draft.structure
    grave, known = section(structure, "severity"), section(structure, "ledger")
    st.html(
        markup_crisis.alarm(
            crises.level(structure), words(grave, "title"), crises.types(structure), texts(grave, "reasons")
        )
    )
    columns = (("confirmed", "authorised"), ("unconfirmed",), ("must_not_say",))
    lists = [[(t(f"ledger.{name}"), rows(known, name)) for name in column] for column in columns]
    st.html(markup_crisis.ledger(lists, t("crisis.ledger_empty"), t("crisis.ledger_more")))
    components.lines(t("crisis.changed"), texts(structure, "changed"))
    sorted_out = crises.replies(draft)
    titles = [t("crisis.now"), t("crisis.private"), t("crisis.later"), t("crisis.inside")]
    found = (sorted_out.now, sorted_out.private, sorted_out.later)
    labels = [f"{title} · {len(parts)}" for title, parts in zip(titles, found, strict=False)] + titles[3:]
    tabs = st.tabs(labels, key="replies")
    for tab, parts in zip(tabs, found, strict=False):
        with tab:
            _cards(draft, parts)
    with tabs[-1]:
        _inside(draft, sorted_out.team)
    posts.written_by(DESK, draft)
    _news()


def _cards(draft: Draft, parts: tuple[Part, ...]) -> None:
    if not parts:
        st.html(markup.paragraph(t("crisis.no_such_reply"), "quiet"))
    for part in parts:
        private = part.readers == "private"
        if not private:  # whom a private message is for stands over its window
            st.html(markup.heading(part.title))
        posts.post(DESK, draft, part, title=part.title if private else "", told=True)


def _inside(draft: Draft, team: tuple[Part, ...]) -> None:
    """What stays within the team: who acts by when, what to watch, when it is over, and why the operator's draft was not used."""
    structure = draft.structure
    if turned_down := rows(structure, "rejected_draft"):
        st.html(markup.heading(t("crisis.rejected")) + markup_crisis.turned_down(turned_down, t("crisis.instead")))
    if steps := rows(structure, "escalation"):
        st.html(markup.heading(t("crisis.escalation")) + markup_crisis.steps(steps))
    for key in ("to_confirm", "watch", "close_when", "review"):
        components.lines(t(f"inside.{key}"), texts(structure, key))
    for part in team:
        with st.expander(t("crisis.sheet")):
            posts.post(DESK, draft, part, title=t("crisis.team_window"))


# What happens next ------------------------------------------------------------------------------------------------


def _news() -> None:
    """New facts, and the next statement from them and from the one that stands."""
    state.CRISIS_NEWS.declare()
    with st.container(key="news"):
        st.html(markup.heading(t("crisis.news")) + markup.paragraph(t("crisis.news_note"), "quiet"))
        st.text_area(
            t("crisis.news"),
            key=state.CRISIS_NEWS.name,
            placeholder=t("crisis.news_placeholder"),
            height=110,
            label_visibility="collapsed",
            persist_state="session",
        )
        with st.container(horizontal=True):
            st.button(t("crisis.next"), key="next", on_click=_next)
            if count := len(DESK.keys.published.get()):
                st.button(t("crisis.afresh", count=count), key="afresh", type="tertiary", on_click=_afresh)


def _next() -> None:
    draft, news = DESK.keys.draft.get(), state.CRISIS_NEWS.get()
    if draft and news.strip():
        DESK.keys.published.set((*DESK.keys.published.get(), crises.published(draft)))
        desk.rewrite(DESK, briefs.with_news(DESK.keys.brief.get(), news, suffix=DESK.keys.format.get()))
        state.CRISIS_NEWS.set("")


def _afresh() -> None:
    DESK.keys.published.set(())
    desk.ask(DESK)
