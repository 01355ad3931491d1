"""Group profiles outside the form: as a file, in a brief, and how their hours are told back."""

import pytest
import yaml
from driving import FULL

from copilot.facts.profiles import GroupProfile, read_profile
from copilot.ui import hours_told, profiles, reuse


def test_what_is_exported_reads_back_as_the_same_profile() -> None:
    assert read_profile(profiles.as_yaml(FULL), suffix=".yaml") == FULL
    assert profiles.file_name("一/二\\三 群") == "一_二_三_群"


@pytest.mark.parametrize("brief", ["", "目标: 多来些人\n本周: 2026-11-23 到 2026-11-29", '{"目标": "多来些人"}'])
def test_profiles_join_a_structured_brief_as_one_list(brief: str) -> None:
    other = GroupProfile(name="青榕里晨跑群")
    text, suffix = reuse.with_group(brief, "", FULL.as_brief())
    text, _ = reuse.with_group(text, suffix, other.as_brief())
    data = yaml.safe_load(text)
    assert {group["群名"] for group in data["群档案"]} == {FULL.name, other.name}
    assert data.get("目标", "多来些人") == "多来些人"


def test_a_profile_joins_a_note_as_lines() -> None:
    text, suffix = reuse.with_group("这周想办一次共读，目标：30 人", "", FULL.as_brief())
    assert text.startswith("这周想办一次共读，目标：30 人\n\n群名：青榕里读书群\n")
    assert "\n- 小满：领读，工作日 19:00–21:00，每天 30 分钟\n" in text
    assert suffix == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("工作日 9:00–18:00", "读作：工作日 09:00–18:00"),
        ("除周三外每天 20:00-22:00", "读作：周一、周二、周四至周日 20:00–22:00"),
        ("每天 30 分钟", "读作：每天 30 分钟"),
        ("周末上午", "（没写几点，按常见的算）"),
        ("看情况", "没读出是什么时候"),
        (" ", ""),
    ],
)
def test_it_is_told_how_hours_were_understood(words: str, told: str) -> None:
    assert told in hours_told.told_hours(words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("22:00–7:00", "读作：每天 22:00–次日 07:00"),
        ("周日不发", "读作：周日全天"),
        ("节假日不打扰", "读作：节假日"),
        ("别太吵", "没读出是什么时候"),
        ("", ""),
    ],
)
def test_it_is_told_how_quiet_hours_were_understood(words: str, told: str) -> None:
    assert told in hours_told.told_quiet(words)
