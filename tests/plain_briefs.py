"""Two plain briefs, and what every draft must hold, for tests."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copilot import Copilot, Draft

NOW = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
JOBS = ("weekly-plan", "crisis-reply")
WEEK = {
    "群名": "棠梨自行车修车互助群",
    "群类型": "兴趣社群",
    "人数": 120,
    "本周": "2026-11-23 到 2026-11-29",
    "人手": ["小蓝：答疑，工作日 10:00–18:00"],
    "本周目标": "让新来的人会自己补胎",
}
CRISIS = {
    "群名": "棠梨自行车修车互助群",
    "发生了什么": "周日骑行时有人在堤坝弯道摔倒，群里在问是不是路线没探过",
    "已核实": ["11月22日 9:30 在堤坝弯道摔倒，领队已陪同去医院"],
    "还没核实": ["伤得怎样"],
    "可以承诺": ["今天 18:00 前在群里再说一次"],
    "不能承诺": ["赔多少钱"],
}
BRIEFS: dict[str, dict[str, Any]] = {"weekly-plan": WEEK, "crisis-reply": CRISIS}


def codes(draft: Draft) -> set[str]:
    return {finding.code for finding in draft.findings}


def sound(draft: Draft) -> Draft:
    """Nothing untraced or blocking is left, the parts are the text, and every gap in it is told.

    A template mark that the operator wrote is blocking rightly.
    """
    blocking = [finding.code for finding in draft.findings if finding.severity == "error"]
    assert set(blocking) <= {"platform-placeholder"}
    assert not {code for code in codes(draft) if code.startswith("untraced")}
    assert draft.text.strip()
    assert all(draft.text[part.start : part.start + len(part.text)] == part.text for part in draft.parts)
    assert ("【待补充" in draft.text) <= bool(codes(draft) & {"placeholder-open"})
    return draft


def planned(copilot: Copilot, brief: Any = None, **changes: Any) -> Draft:
    return sound(copilot.draft_weekly_plan({**(brief or WEEK), **changes}, writer="offline", now=NOW))
