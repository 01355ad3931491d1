"""The pages' frame: title, theme, jobs, language and the state of the model. Run with `copilot ui`."""

import streamlit as st

from copilot.ui import frame
from copilot.ui.pages import (
    announcement,
    chat,
    crisis_reply,
    digest,
    groups,
    history,
    knowledge,
    settings,
    today,
    weekly_plan,
)

st.set_page_config(page_title="运营副驾", page_icon=str(frame.ICON), layout="wide")
frame.draw(
    {
        "today": today.page,
        "announcement": announcement.page,
        "weekly_plan": weekly_plan.page,
        "crisis_reply": crisis_reply.page,
        "digest": digest.page,
        "chat": chat.page,
        "knowledge": knowledge.page,
        "groups": groups.page,
        "history": history.page,
        "settings": settings.page,
    }
)
