"""Driving a page without a browser: one page of the frame as a new session sees it, and what it shows."""

from streamlit.testing.v1 import AppTest

from copilot import Draft
from copilot.facts.profiles import GroupProfile, StaffMember
from copilot.ui import state

FULL = GroupProfile(
    name="青榕里读书群",
    platform="wecom",
    group_type="小区读书会",
    members=86,
    stage="第二年，平稳",
    purpose="每月一起读完一本",
    staff=(
        StaffMember(name="小满", duty="领读", hours="工作日 19:00–21:00", minutes_a_day=30),
        StaffMember(name="阿舟"),
    ),
    quiet="22:00–7:00",
    assets=("读书笔记 12 篇", "合影；去年的"),
    constraints=("不发红包",),
    audience="住在附近的上班族",
    same_people_as=("青榕里晨跑群",),
    notes="十二月要搬到新场地",
)


def press(app: AppTest, label: str) -> AppTest:
    """Click the first button with this label."""
    return next(one for one in app.button if one.label == label).click().run()


def write(app: AppTest, job: state.Job, brief: str, label: str) -> AppTest:
    """Type a brief and have it drafted."""
    app.text_area(key=job.brief.name).set_value(brief)
    return press(app, label)


def drafted(app: AppTest, job: state.Job) -> Draft:
    """The draft on the desk."""
    draft = app.session_state[job.draft.name]
    assert isinstance(draft, Draft)
    return draft


def shown(app: AppTest) -> str:
    """All of the page's own HTML."""
    return "\n".join(piece.body for piece in app.get("html"))


def labels(app: AppTest) -> list[str]:
    """The labels of all buttons."""
    return [one.label for one in app.button]
