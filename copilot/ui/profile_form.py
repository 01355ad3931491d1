"""A group's form on the page: its fields, its staff as a table, and another's profile to be weighed against it."""

from typing import Any

import streamlit as st

from copilot.ui import hours_told, kept, markup, markup_kept, profiles, state
from copilot.ui.locales import t, words
from copilot.ui.state import GroupForm

_SHARES = [1.1, 1.7, 2.2, 0.9, 0.6]  # of the staff table's width
_LONG = ("purpose", "audience", *profiles.LINES, "notes")


def fields(form: GroupForm, groups: list[str]) -> None:
    """Every field of a profile. `groups` are the names of the others."""
    first, second = st.columns(2, gap="medium")
    with first:
        _text(form, "name")
        _platform(form)
        _text(form, "group_type")
    with second:
        _number(form.field("members"), t("profile.members"), 1_000_000)
        _text(form, "stage")
        _text(form, "quiet")
        _understood(hours_told.told_quiet(form.field("quiet").get()))
    first, second = st.columns(2, gap="medium")
    with first:
        _text(form, "purpose")
    with second:
        _text(form, "audience")
    _staff(form)
    first, second = st.columns(2, gap="medium")
    for place, name in zip((first, second), profiles.LINES, strict=True):
        with place:
            _text(form, name)
    _same_people(form, groups)
    _text(form, "notes")


def _text(form: GroupForm, name: str) -> None:
    key = form.field(name)
    key.declare()
    if name in _LONG:
        st.text_area(
            t(f"profile.{name}"),
            key=key.name,
            placeholder=t(f"placeholder.{name}"),
            height=110 if name in profiles.LINES else 80,
            persist_state="session",
        )
    else:
        st.text_input(t(f"profile.{name}"), key=key.name, placeholder=t(f"placeholder.{name}"), persist_state="session")


def _number(key: state.Key[Any], label: str, most: int, *, collapsed: bool = False) -> None:
    key.declare()
    st.number_input(
        label,
        min_value=0,
        max_value=most,
        step=1,
        key=key.name,
        placeholder=label if collapsed else None,
        label_visibility="collapsed" if collapsed else "visible",
        persist_state="session",
    )


def _platform(form: GroupForm) -> None:
    key = form.field("platform")
    key.declare()
    known = {name.partition(".")[2]: t(name) for name in words("zh") if name.startswith("platform.")}
    if key.get() not in known:  # from a file: kept as it was written
        known[key.get()] = key.get()
    st.selectbox(
        t("profile.platform"), list(known), format_func=known.__getitem__, key=key.name, persist_state="session"
    )


def _same_people(form: GroupForm, groups: list[str]) -> None:
    key = form.field("same_people_as")
    key.declare()
    st.multiselect(
        t("profile.same_people_as"),
        list(dict.fromkeys([*groups, *key.get()])),
        key=key.name,
        placeholder=t("placeholder.same_people_as"),
        accept_new_options=True,
        persist_state="session",
    )


# The staff ------------------------------------------------------------------------------------------------------------


def _staff(form: GroupForm) -> None:
    """A row for each, and below it how the hours were understood."""
    with st.container(key="staff", gap="small"):
        st.html(markup.heading(t("profile.staff"), len(form.people.get())))
        if form.people.get():
            with st.container(key="staff-head"):
                for place, name in zip(st.columns(_SHARES, gap="small"), profiles.PERSON, strict=False):
                    place.html(markup.paragraph(t(f"staff.{name}"), "quiet"))
        for row in form.people.get():
            _person(form, row)
        st.button(t("staff.add"), key="add-person", on_click=profiles.add_person, args=(form,))


def _person(form: GroupForm, row: int) -> None:
    with st.container(key=f"person-{row}", gap=None):
        places = st.columns(_SHARES, gap="small", vertical_alignment="center")
        for place, name in zip(places, profiles.PERSON, strict=False):
            key = form.person(row, name)
            key.declare()
            with place:
                if name == "minutes_a_day":
                    _number(key, t(f"staff.{name}"), 24 * 60, collapsed=True)
                    continue
                st.text_input(
                    t(f"staff.{name}"),
                    key=key.name,
                    placeholder=t(f"placeholder.staff_{name}"),
                    label_visibility="collapsed",
                    persist_state="session",
                )
        places[-1].button(
            t("staff.remove"),
            key=f"remove-{row}",
            type="tertiary",
            on_click=profiles.remove_person,
            args=(form, row),
        )
        _understood(hours_told.told_hours(form.person(row, "hours").get()))


def _understood(told: str) -> None:
    if told:
        st.html(markup.paragraph(told, "quiet understood"))


# Another's profile ----------------------------------------------------------------------------------------------------


def weigh(form: GroupForm) -> None:
    """What is typed and the other's profile side by side, where they differ: either can be taken, neither is lost."""
    if merged := form.merged.get():
        names = t("hours.comma").join(t(f"profile.{name}") for name in merged)
        kept.say(t("groups.merged", fields=names), t("groups.merged_note"))
    rival, differing = form.rival.get(), profiles.disputed(form)
    if rival is None:
        return
    if not differing:
        profiles.settle(form)
        return
    mine, other = profiles.typed(form), profiles.tidy(rival.profile)
    theirs = t("groups.theirs", number=rival.version) if rival.version else t("groups.from_file")
    with st.container(key="rival"):
        kept.say(t("groups.met") if rival.version else t("groups.met_file"), t("groups.met_note"))
        for name in differing:
            with st.container(key=f"rival-{name}", gap="small"):
                st.html(markup.heading(t(f"profile.{name}")))
                sides = profiles.said(mine, name), profiles.said(other, name)
                st.html(markup_kept.side_by_side(*sides, (t("groups.mine"), theirs), t("groups.nothing")))
                st.button(
                    t("groups.take"), key=f"take-{name}", on_click=profiles.take, args=(form, rival.profile, name)
                )
        with st.container(horizontal=True):
            st.button(t("groups.keep_mine"), key="keep-mine", on_click=profiles.settle, args=(form,))
            st.button(t("groups.take_all"), key="take-all", on_click=_take_all, args=(form, differing))


def _take_all(form: GroupForm, differing: list[str]) -> None:
    if rival := form.rival.get():
        for name in differing:
            profiles.take(form, rival.profile, name)
        profiles.settle(form)
