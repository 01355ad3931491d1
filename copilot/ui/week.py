"""The week of a plan on its page, as a calendar and as a table: both move slots, and the plan says what that breaks."""

from typing import Any

import streamlit as st

from copilot import CopilotError, Draft
from copilot.tasks.weekly_plan.redrafting import revise_draft
from copilot.ui import components, desk, messages, plans, state
from copilot.ui.locales import t
from copilot.ui.structures import Row, section, texts, words

JOB = state.WEEKLY_PLAN
COLUMNS = ("day", "weekday", "start", "group", "action", "form", "owner", "status")  # of the table


def draw(draft: Draft) -> None:
    """The slots that are asked for, in the view that is chosen, and the ways out of the page."""
    for key in (state.PLAN_VIEW, state.PLAN_GROUP, state.PLAN_OWNER):
        key.declare()
    with st.container(horizontal=True, key="week-bar", vertical_alignment="center"):
        st.segmented_control(
            t("plan.view"),
            ["calendar", "table"],
            format_func=lambda name: t(f"view.{name}"),
            key=state.PLAN_VIEW.name,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        _filter(draft, state.PLAN_GROUP, "group")
        _filter(draft, state.PLAN_OWNER, "owner")
        _exports(draft)
    shown = plans.slots(draft, group=state.PLAN_GROUP.get(), owner=state.PLAN_OWNER.get())
    if state.PLAN_VIEW.get() == "table":
        _table(draft, shown)
    else:
        _calendar(draft, shown)


def _filter(draft: Draft, key: state.Key[str], field: str) -> None:
    """Only the slots of one group or person, where there are several."""
    found = plans.names(draft, field)
    if key.get() not in found:
        key.set("")
    if len(found) > 1:
        st.selectbox(
            t(f"plan.{field}"),
            ["", *found],
            format_func=lambda name: name or t(f"every.{field}"),
            key=key.name,
            label_visibility="collapsed",
            width=180,
            persist_state="session",
        )


def _calendar(draft: Draft, shown: list[Row]) -> None:
    several = len(plans.names(draft, "group")) > 1
    notes = section(draft.structure, "days")
    data = {
        "days": [
            {
                "iso": f"{day}",
                "name": t(f"weekday.{day.isoweekday()}"),
                "date": f"{day:%m-%d}",
                "note": words(notes, f"{day}"),
            }
            for day in plans.week(draft)
        ],
        "hours": sorted({at.hour for slot in shown if plans.day_of(slot) and (at := plans.time_of(slot))}),
        "slots": [_card(draft, slot, several) for slot in shown],
        "picked": picked(draft),
        "label": t("plan.week"),
        "unplaced": t("plan.unplaced"),
    }
    components.calendar(data, state.PLAN_SLOT.set, _drop)


def _card(draft: Draft, slot: Row, several: bool) -> dict[str, str]:
    day, part = plans.day_of(slot), plans.part_of(draft, slot)
    found = messages.found_in(messages.worth_showing(draft), part) if part else []
    grave = {one.severity for one in found} | {"warning" for _ in texts(slot, "warnings")}
    return {
        "id": words(slot, "id"),
        "day": f"{day}" if day else "",
        "time": plans.clock_of(slot),
        "title": words(slot, "action"),
        "note": " · ".join(filter(None, (words(slot, "owner"), words(slot, "group") if several else ""))),
        "kind": plans.kind_of(slot),
        "alert": "error" if "error" in grave else "warning" if "warning" in grave else "",
    }


def _drop(moved: dict[str, str]) -> None:
    state.PLAN_SLOT.set(moved["slot"])
    change({moved["slot"]: {"day": moved["day"], "start": moved["time"]}})


def _table(draft: Draft, shown: list[Row]) -> None:
    days = plans.week(draft)
    several = len(plans.names(draft, "group")) > 1
    columns = [name for name in COLUMNS if several or name != "group"]
    editor = st.column_config
    key = f"table-{state.PLAN_EDITION.get()}"
    st.data_editor(
        [_row(slot, columns) for slot in shown],
        hide_index=True,
        column_order=columns,
        disabled=["weekday", "group"],
        column_config={
            "day": editor.DateColumn(
                t("slot.day"), format="MM-DD", min_value=min(days, default=None), max_value=max(days, default=None)
            ),
            "weekday": editor.TextColumn("", width="small"),
            "start": editor.TimeColumn(t("slot.time"), format="HH:mm", step=300),
            "group": editor.TextColumn(t("slot.group")),
            "action": editor.TextColumn(t("slot.action"), width="large"),
            "form": editor.TextColumn(t("slot.form"), width="small"),
            "owner": editor.SelectboxColumn(t("slot.owner"), options=plans.names(draft, "owner")),
            "status": editor.SelectboxColumn(t("slot.status"), options=list(plans.STATUSES), format_func=_status),
        },
        key=key,
        on_change=lambda: change(plans.changes(st.session_state[key]["edited_rows"], shown)),
    )


def _row(slot: Row, columns: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: words(slot, name) for name in columns}
    day = plans.day_of(slot)
    values |= {"day": day, "weekday": t(f"weekday.{day.isoweekday()}") if day else ""}
    return values | {"start": plans.time_of(slot), "status": plans.status_of(slot)}


def _status(name: object) -> str:
    return t(f"status.{plans.STATUSES[str(name)]}")


def change(changes: dict[str, dict[str, str]]) -> None:
    """Move, hand over or reword slots; the plan says at once what that breaks."""
    draft = JOB.draft.get()
    if draft is None or not changes:
        return
    try:
        moved = revise_draft(draft, changes, state.copilot().settings.zone)
        JOB.draft.set(moved)
        before = state.PLAN_MOVED.get().get(draft.id, {})
        merged = {**before, **{slot: {**before.get(slot, {}), **given} for slot, given in changes.items()}}
        state.PLAN_MOVED.set({**state.PLAN_MOVED.get(), draft.id: merged})
        desk.in_history(lambda: state.copilot().store.revise(moved.id, moved.text))
        JOB.error.set(None)
    except CopilotError as error:
        JOB.error.set(error)
    state.PLAN_EDITION.set(state.PLAN_EDITION.get() + 1)


def _exports(draft: Draft) -> None:
    with st.popover(t("plan.export"), key="exports"):
        for name, file in plans.exports(draft, state.copilot().settings.time_zone).items():
            st.download_button(
                t(f"export.{name}"),
                file.data,
                file.name,
                file.mime,
                key=f"export-{name}",
                on_click="ignore",
                width="stretch",
            )


def picked(draft: Draft) -> str:
    """The slot that is looked at: the one chosen, or the first that has a message."""
    found = plans.slots(draft)
    ids = [words(slot, "id") for slot in found]
    if state.PLAN_SLOT.get() in ids:
        return state.PLAN_SLOT.get()
    return next((words(slot, "id") for slot in found if plans.part_of(draft, slot)), ids[0] if ids else "")
