"""Open placeholders of a draft in several parts, on a plan we made up."""

from test_model_writer import NOW

from copilot import Copilot, Settings

PLAN = {
    "群名": "阳台种菜群",
    "群类型": "兴趣群",
    "目标": "新群第一周，让大家认识、晒出第一盆",
    "周": "2026-11-23 至 2026-11-29",
    "活动": ["周六换苗会"],
}


def test_many_open_points_of_one_sheet_are_one_line_and_each_is_still_asked_for() -> None:
    draft = Copilot(Settings.load()).draft_weekly_plan(PLAN, writer="offline", now=NOW)
    open_ = [one for one in draft.findings if one.code == "placeholder-open"]
    sheet = draft.parts[0]
    inside = [one for one in open_ if one.span and sheet.start <= one.span.start < sheet.start + len(sheet.text)]
    asked = {gap.placeholder for gap in draft.missing if gap.placeholder and gap.placeholder in sheet.text}
    assert len(asked) >= 3
    (line,) = (one for one in inside if one.span and one.span.text in asked)
    assert line.message.startswith(f"“{sheet.title}”里还有 {len(asked)} 处没有填")
    assert all(placeholder in line.message for placeholder in asked)
