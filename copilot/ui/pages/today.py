"""The home page: what needs the operator now, and what comes today. Each line leads to where it is dealt with."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from copilot import CopilotError
from copilot.agenda.records import Agenda, Happened, Matter, PlannedSlot, Waiting
from copilot.endpoints import endpoints
from copilot.playbook.library import read_library
from copilot.ui import archive, desk, kept, markup, markup_today, state, today_ways, today_words, welcome
from copilot.ui.knowledge_shelf import keeper
from copilot.ui.locales import t

STYLES = Path(desk.__file__).parent / "today.css"
BEGIN = ("digest", "weekly-plan", "announcement")


def page() -> None:
    """Left: what is open. Right: today's slots, how the planned ones went, drafts that wait. On a phone in that order."""
    st.html(STYLES)
    group = state.TODAY_GROUP.get()
    try:
        found = state.copilot().agenda(group=group or None)
        is_new = welcome.wanted()
    except CopilotError as error:
        kept.header(t("today.page"), t("today.lead"))
        kept.notice(error)
        return
    _head(found)
    kept.notice(state.TODAY_ERROR.get())
    if is_new:
        welcome.draw()
    if not found.has_material and not group:
        if not is_new:
            _begin()
        return
    left, right = st.columns([1.7, 1], gap="large")
    with left:
        _open(found)
    with right, st.container(key="today-aside"):
        _aside(found)


def _head(found: Agenda) -> None:
    with st.container(horizontal=True, key="today-head", vertical_alignment="bottom"):
        kept.header(t("today.page"), f"{today_words.day_name(found.now.date())} · {t('today.lead')}")
        _filter(found.groups)
    with st.container(key="today-standing"):
        st.html(markup.paragraph(" · ".join(_standing(found)), "quiet"))
        if found.unreadable:
            st.html(markup.paragraph(t("today.unreadable", ids="、".join(found.unreadable)), "quiet"))


def _filter(groups: Sequence[str]) -> None:
    key = state.TODAY_GROUP
    if key.get() and key.get() not in groups:
        groups = (*groups, key.get())
    if len(groups) > 1:
        key.declare()
        st.selectbox(
            t("slot.group"),
            ["", *groups],
            format_func=lambda name: name or t("every.group"),
            key=key.name,
            label_visibility="collapsed",
            width=220,
            persist_state="session",
        )


def _standing(found: Agenda) -> list[str]:
    """The model, the playbook, and until when the digests tell, in a line."""
    try:
        models = " → ".join(one.name for one in endpoints(state.copilot().settings))
    except CopilotError:
        models = ""  # what is wrong is told in the sidebar
    told = [t("app.model_on", model=models) if models else t("app.model_off"), _playbook()]
    late = sorted(found.digests, key=lambda one: one.last or one.made, reverse=True)
    until = [f"{one.group} {today_words.moment(one.last or one.made)}".strip() for one in late[:3]]
    return [*told, t("today.until", list="、".join(until))] if until else told


def _playbook() -> str:
    try:
        if not read_library(state.copilot().settings).added:
            return t("today.playbook")
        keeper().look()
        documents = len(keeper().shelf.documents)
        if keeper().is_reading:
            return t("today.playbook_reading")
        waiting = standing.pending if (standing := keeper().standing()) else 0
    except CopilotError as error:
        return error.message
    if waiting:
        return t("today.playbook_pending", count=documents, pending=waiting)
    return t("today.playbook_own", count=documents)


# What is open -----------------------------------------------------------------------------------------------------


def _open(found: Agenda) -> None:
    told_group = len(found.groups) > 1 and not found.group
    asked: set[str] = set()

    def risk(one: Matter, key: str) -> None:
        _row(one, key, told_group, hand_on="crisis-reply" if one.key else "")

    def question(one: Matter, key: str) -> None:
        _row(one, key, told_group, hand_on="" if one.digest in asked else "announcement")
        asked.add(one.digest)  # its first question hands on all of them

    def promise(one: Matter, key: str) -> None:
        _row(one, key, told_group)

    _part("risks", found.risks, risk)
    _part("questions", found.questions, question)
    _part("promises", found.promises, promise)
    if not (found.risks or found.questions or found.promises):
        told = t("today.clear") if found.digests else t("today.no_digest")
        st.html(f'<div class="chat ghost">{markup.paragraph(told)}</div>')
        today_ways.begin("digest", sample=False)


def _part(name: str, rows: Sequence[Any], draw: Callable[[Any, str], None]) -> None:
    """A heading with its rows, the first ones at once."""
    if not rows:
        return
    shown = state.today_list(name)
    with st.container(key=f"part-{name}", gap=None):
        st.html(markup.heading(t(f"today_part.{name}"), len(rows)))
        for number, one in enumerate(rows[: shown.get()]):
            draw(one, f"{name}-{number}")
        if (rest := len(rows) - shown.get()) > 0:
            label = t("today.more", count=rest)
            st.button(label, key=f"today-all-{name}", type="tertiary", on_click=shown.set, args=(len(rows),))


def _row(one: Matter, key: str, told_group: bool, *, hand_on: str = "") -> None:
    with st.container(key=f"need-{key}", gap=None):
        with st.container(horizontal=True, key=f"line-{key}", vertical_alignment="top"):
            today_ways.to_messages(one, one.text, key=key)
            if hand_on:
                today_ways.hand_on(hand_on, one, key=f"do-{key}")
        st.html(markup_today.small(*today_words.matter(one, told_group=told_group)))


# What is planned, and what waits ----------------------------------------------------------------------------------


def _aside(found: Agenda) -> None:
    told_group = len(found.groups) > 1 and not found.group

    def slot(one: PlannedSlot, key: str) -> None:
        _slot(one, key, told_group, told_day=one.day != found.now.date())

    def happened(one: Happened, key: str) -> None:
        _happened(one, key, told_group)

    if not found.today:
        st.html(markup.heading(t("today_part.slots")))
        st.html(markup.paragraph(t("today.no_slots"), "quiet"))
    _part("slots", found.today, slot)
    _part("week", found.week, slot)
    _part("happened", found.happened, happened)
    if any(one.outcome == "not_seen" for one in found.happened):
        st.html(markup.paragraph(t("today.planned_note"), "quiet"))
    _part("waiting", found.waiting, _waiting)


def _slot(one: PlannedSlot, key: str, told_group: bool, *, told_day: bool) -> None:
    with st.container(key=f"need-{key}", gap=None):
        with st.container(horizontal=True, key=f"line-{key}", vertical_alignment="top"):
            today_ways.to_plan(one, key=key)
            if one.brief:
                today_ways.announce(one, key=f"do-{key}")
        st.html(markup_today.small((), today_words.slot(one, told_group=told_group, told_day=told_day)))


def _happened(one: Happened, key: str, told_group: bool) -> None:
    with st.container(key=f"need-{key}", gap=None):
        if one.message:
            today_ways.to_messages(one, one.slot.action, key=key)
        else:
            today_ways.to_plan(one.slot, key=key)
        st.html(markup_today.small(*today_words.outcome(one, told_group=told_group)))


def _waiting(one: Waiting, key: str) -> None:
    with st.container(key=f"need-{key}", gap=None):
        today_ways.to_draft(one.id, one.title, key=key)
        tags = [(t("today.gaps", count=one.gaps), "warning")] if one.gaps else []
        made = today_words.moment(one.created)
        st.html(markup_today.small(tags, [archive.job_name(one.kind), one.group, made]))


def _begin() -> None:
    """Nothing is kept yet: what to do first, or a sample to look at."""
    st.html(markup.paragraph(t("today.empty"), "what"))
    for job, column in zip(BEGIN, st.columns(len(BEGIN)), strict=True):
        with column, st.container(key=f"way-{job}"):
            st.html(markup_today.way(archive.job_name(job), t(f"today_way.{archive.DESKS[job].keys.name}")))
            with st.container(horizontal=True):
                today_ways.begin(job, sample=False)
                today_ways.begin(job, sample=True)
    st.html(markup.paragraph(t("today.sample_note"), "quiet"))
