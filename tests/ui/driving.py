"""Driving a page without a browser: one page of the frame as a new session sees it, and what it shows."""

from streamlit.testing.v1 import AppTest

from copilot import Draft
from copilot.ui import state


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
