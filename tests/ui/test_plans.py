"""The week as the page shows it, from whatever a draft's structure holds."""

from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copilot import Draft
from copilot.records import Part, Request
from copilot.tasks.base import assemble
from copilot.ui import plans


def plan(*slots: dict[str, Any], parts: tuple[Part, ...] = (), **structure: Any) -> Draft:
    text, placed = assemble(parts) if parts else ("", ())
    return Draft(
        id="1",
        kind="weekly-plan",
        writer="offline",
        text=text,
        parts=placed,
        structure={"week": ["2026-11-23", "2026-11-29"], "slots": list(slots), **structure},
        request=Request(brief=""),
        created=datetime.now(UTC),
    )


def slot(name: str, day: str | None = "2026-11-24", start: str | None = "12:30", **fields: Any) -> dict[str, Any]:
    return {"id": name, "day": day, "start": start, "group": "一群", "owner": "阿苔", "action": name, **fields}


def test_a_week_has_all_its_days_and_those_of_its_slots() -> None:
    days = plans.week(plan(slot("a", "2026-12-01")))
    assert days[0] == date(2026, 11, 23)
    assert days[-1] == date(2026, 12, 1)
    assert len(days) == 8


def test_slots_stand_in_the_order_of_the_week_and_those_without_a_place_last() -> None:
    draft = plan(slot("later", start="20:00"), slot("homeless", None, None), slot("first", "2026-11-23"), slot("noon"))
    assert [one["id"] for one in plans.slots(draft)] == ["first", "noon", "later", "homeless"]


def test_slots_of_one_group_or_person_can_be_had_alone() -> None:
    draft = plan(slot("a"), slot("b", group="二群"), slot("c", owner="小杉"))
    assert [one["id"] for one in plans.slots(draft, group="二群")] == ["b"]
    assert [one["id"] for one in plans.slots(draft, owner="小杉")] == ["c"]
    assert plans.names(draft, "group") == ["一群", "二群"]


def test_groups_that_get_the_same_words_share_one_message() -> None:
    parts = (Part(name="plan", text="表"), Part(name="a", text="大家好"))
    draft = plan(slot("a", text="大家好"), slot("b", text="大家好", action="a", group="二群"), slot("c"), parts=parts)
    found = {one["id"]: plans.part_of(draft, one) for one in plans.slots(draft)}
    assert {name: part.name if part else "" for name, part in found.items()} == {"a": "a", "b": "a", "c": ""}


def test_a_table_edit_names_the_slot_by_its_row_and_plain_values() -> None:
    shown = [slot("a"), slot("b")]
    edited = {1: {"day": "2026-11-25T00:00:00.000Z", "start": "09:05:00.000", "owner": None}, 0: {}}
    assert plans.changes(edited, shown) == {"b": {"day": "2026-11-25", "start": "09:05", "owner": ""}}


def test_what_a_plan_does_not_say_is_empty() -> None:
    bare = plan().model_copy(update={"structure": {}})
    assert plans.week(bare) == []
    assert plans.slots(bare) == []
    assert plans.time_of({"start": "下午"}) is None
    assert plans.day_of({"day": "周二"}) is None
    assert plans.status_of({"status": "忘了"}) == "未开始"
    assert plans.kind_of({"kind": "?"}) == "content"


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_is_shown_as_it_is_kept(at: time) -> None:
    assert plans.clock_of({"start": f"{at:%H:%M}"}) == f"{at:%H:%M}"


def test_every_export_is_made_when_it_is_asked_for() -> None:
    draft = plan(slot("a"), choices=[], refused=[])
    files = plans.exports(draft, "Asia/Shanghai")
    assert list(files) == ["xlsx", "csv", "ics", "markdown", "by_day", "by_owner"]
    assert all(file.data() for file in files.values())
    assert {file.name.rpartition(".")[2] for file in files.values()} == {"xlsx", "csv", "ics", "md", "txt"}
