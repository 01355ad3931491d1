"""A plan leaves in the team's own forms, each of which opens in a real reader and holds what was planned."""

import csv
import io
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from copilot.errors import UsageError
from copilot.exports import STATUSES, PlanRow, PlanSheet, to_csv, to_ics, to_markdown, to_text, to_xlsx
from copilot.exports.sheet import COLUMNS, formula_like, writable

STAMP = datetime(2026, 5, 8, 9, 0, tzinfo=UTC)
ROWS = (
    PlanRow(
        group="松果亲子 2 群",
        day=date(2026, 5, 12),
        start="19:30",
        minutes=40,
        action="睡前共读接龙",
        form="接龙",
        purpose="让潜水的家长开口",
        owner="阿岚",
        material="书单图",
        check="接龙人数",
        message="今晚读《小岛》，\n读完接龙一句感想就好。",
        rule="participation-activities",
    ),
    PlanRow(group="松果亲子 1 群", day=date(2026, 5, 12), start="9:05", minutes=20, action="汇总提问", owner="小沈"),
    PlanRow(group="松果亲子 1 群", day=date(2026, 5, 16), action="整理精华", owner="阿岚", note="周末轻一点"),
    PlanRow(group="松果亲子 1 群", day=None, action="找嘉宾", status="进行中"),
)
SHEET = PlanSheet(
    title="松果亲子 & 共读",
    week=(date(2026, 5, 11), date(2026, 5, 17)),
    rows=ROWS,
    objectives=("把提问当天回完",),
    measures=("未回复提问：上周 6 条",),
    refused=("=每天发 10 条（会打扰）",),
    open_points=("嘉宾还没有定",),
    review=("做到了什么：",),
)
NASTY = [
    "=1+1",
    "+86",
    "-3",
    "@全体",
    "\t=cmd",
    "＝1",
    ' =HYPERLINK("x")',
    "#N/A",
    "a|b\nc",
    '"引号"',
    "坏\x00字\x0b符",
    "_x0041_",
]


def workbook(sheet: PlanSheet) -> Any:
    return load_workbook(io.BytesIO(to_xlsx(sheet)))


def table(sheet: PlanSheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(sheet).decode("utf-8-sig"), newline="")))


def one(**changes: Any) -> PlanSheet:
    return SHEET.model_copy(update={"rows": (ROWS[0].model_copy(update=changes),)})


def events(sheet: PlanSheet, **options: Any) -> list[Any]:
    calendar = Calendar.from_ical(to_ics(sheet, stamp=STAMP, **options))
    return [part for part in calendar.walk() if part.name == "VEVENT"]


def test_the_workbook_has_three_sheets_and_the_teams_columns() -> None:
    book = workbook(SHEET)
    assert book.sheetnames == ["周计划", "目标与复盘", "待确认与说明"]
    plan = book["周计划"]
    assert tuple(cell.value for cell in plan[1]) == COLUMNS
    assert plan.freeze_panes == "A2"
    assert plan.auto_filter.ref == "A1:N5"
    assert plan.page_setup.orientation == "landscape"
    assert plan.sheet_properties.pageSetUpPr.fitToPage
    assert plan["K2"].alignment.wrap_text
    (status,) = plan.data_validations.dataValidation
    assert status.formula1 == f'"{",".join(STATUSES)}"'
    assert "M2" in str(status.sqref)
    assert "松果亲子 & 共读" in plan.oddHeader.center.text.replace("&&", "&")


def test_the_rows_stand_in_order_with_real_dates_and_times() -> None:
    plan = workbook(SHEET)["周计划"]
    assert [plan.cell(row, 5).value for row in range(2, 6)] == ["汇总提问", "睡前共读接龙", "整理精华", "找嘉宾"]
    assert plan["A2"].value == datetime(2026, 5, 12)  # noqa: DTZ001 - a workbook knows no zones
    assert plan["A2"].is_date
    assert plan["B2"].value == "周二"
    assert plan["C2"].value == time(9, 5)
    assert plan["C4"].value is None
    assert plan["A5"].value == "待定"
    assert plan["N3"].value == "约 40 分钟"


def test_goals_and_open_points_have_sheets_of_their_own() -> None:
    book = workbook(SHEET)
    goals = [row[0].value for row in book["目标与复盘"].iter_rows()]
    assert goals[:2] == ["本周目标", "把提问当天回完"]
    assert "周末复盘" in goals
    rest = [row[0].value for row in book["待确认与说明"].iter_rows()]
    assert "=每天发 10 条（会打扰）" in rest
    assert "嘉宾还没有定" in rest


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_formula_or_an_error_in_the_workbook(text: str) -> None:
    book = workbook(one(action=text, message=text, group=text).model_copy(update={"open_points": (text,)}))
    for page in book:
        for row in page.iter_rows():
            assert all(cell.data_type not in ("f", "e") for cell in row)
    assert book["周计划"]["K2"].value == writable(text)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_formula_in_the_csv(text: str) -> None:
    (_, row) = table(one(message=text))
    assert row[10].removeprefix("'") == writable(text)
    assert not formula_like(row[10])


def test_the_csv_has_a_mark_for_excel_and_keeps_lines_inside() -> None:
    assert to_csv(SHEET).startswith(b"\xef\xbb\xbf")
    rows = table(SHEET)
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 5
    assert rows[2][10] == ROWS[0].message


ANY = st.text(max_size=40)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
def test_any_text_round_trips_through_the_csv(action: str, message: str) -> None:
    (_, row) = table(one(action=action, message=message))
    for got, put in ((row[4], action), (row[10], message)):
        assert got in (writable(put), f"'{writable(put)}")


@settings(max_examples=25, deadline=None)
@given(ANY)
def test_any_text_round_trips_through_the_workbook(message: str) -> None:
    assert (workbook(one(message=message))["周计划"]["K2"].value or "") == writable(message)


@settings(max_examples=40, deadline=None)
@given(ANY, ANY)
def test_any_text_round_trips_through_the_calendar(message: str, owner: str) -> None:
    (event,) = events(one(message=message, owner=owner, action="读书"))
    assert event["description"].endswith(f"文案：{writable(message)}" if message.strip() else "检查点：接龙人数")
    assert str(event["summary"]) == "松果亲子 2 群：读书"


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    value = workbook(one(message="长" * 40_000))["周计划"]["K2"].value
    assert len(value) == 32_767
    assert value.endswith("（太长，全文见 CSV 或文本版）")


def test_an_entry_has_its_time_in_the_zone_and_a_reminder() -> None:
    by_name = {str(event["summary"]): event for event in events(SHEET)}
    event = by_name["松果亲子 2 群：睡前共读接龙"]
    start = event["dtstart"]
    assert start.params["TZID"] == "Asia/Shanghai"
    assert start.dt.replace(tzinfo=None) == datetime(2026, 5, 12, 19, 30)  # noqa: DTZ001 - the wall clock is meant
    assert event["dtend"].dt - start.dt == timedelta(minutes=40)
    assert "负责人：阿岚" in event["description"]
    assert event["categories"].cats == ["阿岚"]
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(minutes=-15)
    assert b"BEGIN:VTIMEZONE" in to_ics(SHEET, stamp=STAMP)


def test_an_entry_without_a_time_takes_the_day_and_one_without_a_day_is_a_to_do() -> None:
    content = to_ics(SHEET, stamp=STAMP)
    calendar = Calendar.from_ical(content)
    whole_day = next(part for part in calendar.walk("VEVENT") if "整理精华" in part["summary"])
    assert whole_day["dtstart"].dt == date(2026, 5, 16)
    (todo,) = calendar.walk("VTODO")
    assert "找嘉宾" in todo["summary"]
    assert "有 1 项还没有定日期" in str(calendar["x-wr-caldesc"])


def test_an_entry_keeps_its_identity_and_two_alike_have_their_own() -> None:
    twice = SHEET.model_copy(update={"rows": (ROWS[0], ROWS[0])})
    first, second = ([str(event["uid"]) for event in events(twice)] for _ in range(2))
    assert first == second
    assert len(set(first)) == 2
    moved = one(id="s7", start="20:00")
    assert events(one(id="s7"))[0]["uid"] == events(moved)[0]["uid"]


def test_reminders_can_be_off_and_an_unknown_zone_is_an_error_with_its_fix() -> None:
    assert all(not event.walk("VALARM") for event in events(SHEET, reminder_minutes=0))
    with pytest.raises(UsageError, match="Asia/Shanghai"):
        to_ics(SHEET, "Mars/Base")


def test_markdown_is_a_table_that_no_cell_breaks() -> None:
    text = to_markdown(one(action="问|答\n第二行", message="# 不是标题\n=1"))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 3
    assert all(line.replace("\\|", "").count("|") == len(COLUMNS) for line in rows)
    assert "问\\|答<br>第二行" in text
    assert "> \\# 不是标题" in text


def test_plain_text_by_day_reads_like_a_note_to_the_team() -> None:
    assert to_text(SHEET) == (
        "松果亲子 & 共读（2026年5月11日—5月17日）\n"
        "\n"
        "【5月12日 周二】\n"
        "· 09:05 松果亲子 1 群 汇总提问 负责人：小沈\n"
        "  备注：约 20 分钟\n"
        "· 19:30 松果亲子 2 群 睡前共读接龙（接龙） 负责人：阿岚\n"
        "  物料：书单图\n"
        "  备注：约 40 分钟\n"
        "\n"
        "【5月16日 周六】\n"
        "· 松果亲子 1 群 整理精华 负责人：阿岚\n"
        "  备注：周末轻一点\n"
        "\n"
        "【待定】\n"
        "· 松果亲子 1 群 找嘉宾\n"
        "\n"
        "【待确认】\n"
        "· 嘉宾还没有定\n"
    )


def test_plain_text_by_owner_gives_each_their_own_list_and_load() -> None:
    text = to_text(SHEET, by="owner")
    assert "【阿岚】2 项，约 40 分钟\n· 5月12日 周二 19:30 松果亲子 2 群 睡前共读接龙（接龙）" in text
    assert text.index("【小沈】") < text.index("【负责人待定】1 项")


def test_a_start_that_is_no_clock_time_is_kept_as_a_remark() -> None:
    sheet = one(start="晚饭后")
    assert table(sheet)[1][2] == ""
    assert "晚饭后" in table(sheet)[1][13]
    assert "晚饭后" in to_text(sheet)
    assert events(sheet)[0]["dtstart"].dt == date(2026, 5, 12)


def test_an_empty_plan_exports_too() -> None:
    empty = PlanSheet(title="空", week=SHEET.week)
    assert workbook(empty)["周计划"].max_row == 1
    assert len(table(empty)) == 1
    assert events(empty) == []
    assert to_text(empty).startswith("空（")
    assert to_markdown(empty).startswith("# 空")


def test_importing_the_exports_loads_no_heavy_package() -> None:
    code = "import sys, copilot.exports; print({'openpyxl', 'icalendar'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
