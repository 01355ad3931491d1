"""The weekly plan: the notes of a week in, and out comes who does what when, each message ready to paste."""

from datetime import date, time

import streamlit as st

from copilot import Draft
from copilot.ui import briefs, desk, markup, markup_crisis, markup_plan, messages, plans, posts, state, trust, week
from copilot.ui.locales import t
from copilot.ui.pages import announcement
from copilot.ui.structures import Row, rows, section, texts, words

DESK = desk.Desk(
    state.WEEKLY_PLAN, lambda copilot: copilot.draft_weekly_plan, desk.EXAMPLES / "weekly_plan.yaml", outline=True
)


def page() -> None:
    """Above: the notes and the week. Below: the slot that is looked at, and beside it why the plan can be trusted."""
    desk.header(DESK)
    draft = DESK.keys.draft.get()
    if draft is None:
        centre, right = st.columns([1.7, 1], gap="large")
        with centre:
            desk.brief(DESK)
            posts.nothing_yet(DESK)
    else:
        desk.brief(DESK)
        _aims(draft)
        week.draw(draft)
        left, right = st.columns([1.7, 1], gap="large")
        with left:
            _below(draft)
            posts.written_by(DESK, draft)
    with right, st.container(key="trust"):
        _trust(draft)


def _aims(draft: Draft) -> None:
    structure = draft.structure
    st.html(
        markup_plan.aims(
            words(structure, "objective"),
            texts(structure, "focus"),
            rows(structure, "measures"),
            (t("plan.objective"), t("plan.measures")),
        )
    )


# Below the week ---------------------------------------------------------------------------------------------------


def _below(draft: Draft) -> None:
    structure = draft.structure
    refused, choices = messages.quoted(draft, rows(structure, "refused")), rows(structure, "choices")
    team = [part for part in messages.messages(draft) if part.readers == "team"]
    titles = [t("plan.slot"), t("plan.refused"), t("plan.choices"), t("plan.review"), t("plan.sheet")]
    counts = [0, len(refused), len(choices), 0, 0]
    labels = [f"{title} · {count}" if count else title for title, count in zip(titles, counts, strict=True)]
    slot, wishes, decisions, review, sheet = st.tabs(labels, key="below")
    with slot:
        _slot(draft)
    with wishes:
        _wishes(structure, refused)
    with decisions:
        _choices(draft, choices)
    with review:
        _review(structure)
    with sheet:
        for part in team:
            posts.post(DESK, draft, part, title=t("crisis.team_window"))


def _when(slot: Row) -> str:
    day = plans.day_of(slot)
    return " ".join(filter(None, (_day_name(day) if day else t("plan.no_day"), plans.clock_of(slot))))


def _day_name(day: date) -> str:
    return t("plan.date", month=day.month, day=day.day, weekday=t(f"weekday.{day.isoweekday()}"))


def _slot(draft: Draft) -> None:
    found = plans.slots(draft)
    if not found:
        st.html(markup.paragraph(t("plan.no_slots"), "quiet"))
        return
    names = {words(slot, "id"): f"{_when(slot)} · {words(slot, 'action')}" for slot in found}
    state.PLAN_SLOT.set(week.picked(draft))
    st.selectbox(
        t("plan.slot"),
        list(names),
        format_func=names.__getitem__,
        key=state.PLAN_SLOT.name,
        label_visibility="collapsed",
        persist_state="session",
    )
    slot = plans.slot(draft, state.PLAN_SLOT.get())
    if slot is None:
        return
    for warning in texts(slot, "warnings"):
        st.html(f'<div class="notice">{markup.paragraph(warning, "what")}</div>')
    rule = messages.quoted(draft, [slot])[0]
    fields = [
        (t(f"slot.{name}"), words(slot, name)) for name in ("group", "form", "owner", "purpose", "check", "material")
    ]
    fields += [(t("slot.answers"), "；".join(texts(slot, "answers"))), (t("slot.rule"), words(rule, "quote"))]
    st.html(markup_plan.details(fields))
    with st.container(horizontal=True, key="slot-actions"):
        _mover(draft, slot)
        brief = section(slot, "brief")
        if brief and st.button(t("plan.announce"), key="announce"):
            desk.open_with(state.ANNOUNCEMENT, briefs.as_text({key: str(value) for key, value in brief.items()}))
            st.switch_page(st.Page(announcement.page, url_path=state.ANNOUNCEMENT.name))
    if part := plans.part_of(draft, slot):
        posts.post(DESK, draft, part, title=words(slot, "group"), told=True)
    else:
        st.html(markup.paragraph(t("plan.team_only"), "quiet"))


def _mover(draft: Draft, slot: Row) -> None:
    """Day, time and owner of a slot: the way to move it without dragging."""
    name, days, owners = words(slot, "id"), plans.week(draft), plans.names(draft, "owner")
    with st.popover(t("plan.move"), key="mover"), st.form(f"move-{name}", border=False):
        now = plans.day_of(slot), plans.time_of(slot), words(slot, "owner")
        day = st.selectbox(t("slot.day"), days, days.index(now[0]) if now[0] in days else None, format_func=_day_name)
        at = st.time_input(t("slot.time"), now[1], step=300)
        owner = st.selectbox(t("slot.owner"), owners, owners.index(now[2]) if now[2] in owners else None)
        if st.form_submit_button(t("plan.moved")):
            week.change({name: _moved(day, at, owner)})
            st.rerun()


def _moved(day: date | None, at: time | None, owner: str | None) -> dict[str, str]:
    given = {"day": f"{day}" if day else "", "start": f"{at:%H:%M}" if at else "", "owner": owner or ""}
    return {key: value for key, value in given.items() if value}


def _wishes(structure: Row, refused: list[Row]) -> None:
    if refused:
        st.html(markup_crisis.turned_down(refused, t("plan.instead")))
    closing = section(structure, "closing")
    for group in closing:
        st.html(markup.heading(t("plan.closing", group=group)) + markup.paragraph(words(closing, group), "what"))
    if not refused and not closing:
        st.html(markup.paragraph(t("plan.none_refused"), "quiet"))


def _choices(draft: Draft, choices: list[Row]) -> None:
    if not choices:
        st.html(markup.paragraph(t("plan.no_choices"), "quiet"))
    for number, choice in enumerate(choices):
        with st.container(key=f"choice-{number}"):
            st.html(markup_plan.choice(choice, t("plan.advice")))
            with st.container(horizontal=True):
                for index, side in enumerate(rows(choice, "sides")):
                    view = words(side, "view", "text")
                    label = t("plan.decide", view=view)
                    st.button(
                        label, key=f"decide-{number}-{index}", on_click=_decide, args=(words(choice, "topic"), view)
                    )


def _decide(topic: str, view: str) -> None:
    desk.rewrite(DESK, briefs.with_answers(DESK.keys.brief.get(), {topic: view}, suffix=DESK.keys.format.get()))


def _review(structure: Row) -> None:
    review = section(structure, "review")
    labels = [(key, t(f"review.{key}")) for key in ("done", "not_done", "learned", "next_week")]
    st.html(markup_plan.questions(review, labels))
    if figures := rows(review, "figures"):
        st.html(markup_plan.aims("", (), figures, ("", t("plan.figures"))))


def _trust(draft: Draft | None) -> None:
    if draft is None:
        trust.column(DESK)
        return
    shown = [part for part in messages.messages(draft) if part.readers != "team"]
    found = messages.found_outside(messages.worth_showing(draft), shown)
    remarks = {t(f"remark.{name}"): texts(draft.structure, name) for name in ("unplaced", "staffing", "diagnosis")}
    trust.column(DESK, found, settle=texts(draft.structure, "open_points"), remarks=remarks)
