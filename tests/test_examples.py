"""The examples do what they say, each in a process and folder of its own."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from copilot.chat.formats.registry import GROUP

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`python ARGUMENTS` where there is a copy of the examples and an empty data folder."""
    shutil.copytree(EXAMPLES, tmp_path / "examples")

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "COPILOT_HOME": str(tmp_path / "home"), "PYTHONIOENCODING": "utf-8", **variables}
        command = [sys.executable, "-W", "error", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)

    return run


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_spreadsheet_of_events_becomes_announcements_with_what_is_to_settle_beside_them(
    run: Run, tmp_path: Path
) -> None:
    done = run("examples/draft_from_spreadsheet.py", "examples/events.csv", "announcements.csv")
    assert (done.returncode, done.stderr) == (0, "")
    cinema, books, dumplings = rows(tmp_path / "announcements.csv")
    assert "桂花院小操场" in cinema["公告"]
    assert not cinema["还要补"] + cinema["对不上"] + cinema["必须改"]
    assert "地点" in books["还要补"]
    assert "【待补充" in books["公告"]
    assert "周日" in dumplings["对不上"]
    assert done.stdout == "3 drafted, 2 of them with something to settle\n"


def test_the_same_from_excel_with_cells_that_are_dates_and_numbers(run: Run, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["活动", "时间", "地点", "名额", "报名", "备注"])
    sheet.append(["示例·赏桂", datetime(2026, 12, 5, 14, 30), "桂花院", 40, "群里接龙，12月4日截止", None])  # noqa: DTZ001
    book.save(tmp_path / "events.xlsx")
    done = run("examples/draft_from_spreadsheet.py", "events.xlsx", "announcements.csv")
    assert done.returncode == 0, done.stderr
    (row,) = rows(tmp_path / "announcements.csv")
    assert "14:30" in row["公告"]
    assert "40" in row["公告"]


def test_wrong_usage_of_a_script_is_told_by_its_exit_code(run: Run) -> None:
    assert run("examples/draft_from_spreadsheet.py").returncode == 2


def test_the_nightly_run_digests_each_group_and_carries_what_is_open_into_the_next_day(
    run: Run, tmp_path: Path
) -> None:
    nightly = ("examples/nightly_digest.py", "examples/exports", "digests", "--day")
    first = run(*nightly, "2026-11-20")
    assert (first.returncode, first.stderr) == (0, "")
    assert "2 个群" in first.stdout
    second = run(*nightly, "2026-11-21")
    assert "1 项承诺逾期" in second.stdout
    saved = tmp_path / "digests" / "2026-11-21" / "桂花院邻里"
    (promise,) = [
        one
        for one in json.loads((saved / "digest.json").read_text(encoding="utf-8"))["structure"]["action_items"]
        if one["status"] == "overdue"
    ]
    assert "找师傅来看" in promise["task"]
    assert "逾期" in (saved / "desk.txt").read_text(encoding="utf-8")


def test_the_nightly_run_can_be_repeated_and_a_bad_file_costs_only_itself(run: Run, tmp_path: Path) -> None:
    nightly = ("examples/nightly_digest.py", "examples/exports", "digests", "--day", "2026-11-20")
    first = run(*nightly)
    (tmp_path / "examples" / "exports" / "broken.zip").write_bytes(b"PK\x03\x04 no archive")
    again = run(*nightly)
    assert again.returncode == 1
    assert "broken.zip" in again.stderr
    assert "→" in again.stderr
    assert "桂花院邻里" in again.stdout
    kept = [json.loads((tmp_path / "digests" / "2026-11-20" / "overview.json").read_bytes())]
    assert kept[0]["resumed"] == 2
    assert first.returncode == 0


def test_the_nightly_run_of_an_empty_folder_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = run("examples/nightly_digest.py", "none", "digests")
    assert done.returncode == 1
    assert "→" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_own_rule_is_in_force_where_it_is_named(run: Run) -> None:
    done = run("examples/custom_rule.py")
    assert (done.returncode, done.stderr) == (0, "")
    without, with_own = done.stdout.split("with the own rules:")
    assert "own:nickname" in with_own
    assert "own:nickname" not in without
    assert "shouting" in without
    assert "shouting" not in with_own


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder that holds the example format as an installer leaves it."""
    source = EXAMPLES / "custom_chat_format"
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))
    site = tmp_path / "site"
    info = site / "copilot_lane_format-0.1.0.dist-info"
    info.mkdir(parents=True)
    for module in project["tool"]["setuptools"]["py-modules"]:
        shutil.copy(source / f"{module}.py", site)
    name, version = project["project"]["name"], project["project"]["version"]
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    points = project["project"]["entry-points"][GROUP]
    lines = [f"[{GROUP}]", *(f"{one} = {target}" for one, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return site


def test_an_installed_format_is_recognised_and_read_like_any_other(run: Run, installed: Path) -> None:
    digest = ("-m", "copilot.cli", "digest", "examples/custom_chat_format/sample.txt", "--json")
    done = run(*digest, PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stderr
    structure = json.loads(done.stdout)["structure"]
    assert (structure["format"], structure["group"]) == ("lane", "桂花院邻里（虚构的示例）")
    assert structure["totals"]["messages"] == 5
    assert structure["totals"]["unparsed_lines"] == 0
    assert [one["line"] for one in structure["messages"]] == [3, 5, 6, 7, 8]
    without = json.loads(run(*digest).stdout)
    assert without.get("structure", {}).get("format") != "lane"
