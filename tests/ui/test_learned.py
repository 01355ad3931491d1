"""What the edits show, where a text was kept as sent and on the group's page, driven without a browser."""

from datetime import UTC, datetime

import pytest
from driving import labels, shown
from streamlit.testing.v1 import AppTest

from copilot import Draft
from copilot.facts.profiles import GroupProfile
from copilot.records import Part, Request
from copilot.store import Store
from copilot.ui import state

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement, crisis_reply, groups, history, weekly_plan
frame.draw({"groups": groups.page, "weekly_plan": weekly_plan.page, "announcement": announcement.page,
            "crisis_reply": crisis_reply.page, "history": history.page})
"""
GROUP = "青榕里换书群"
TEXT = "各位书友好，{number}号见。\n想来的接龙。"


@pytest.fixture
def edited(store: Store) -> list[Draft]:
    """Three drafts of a group whose salutation was changed before they were sent."""
    drafts = []
    for number in range(3):
        text = TEXT.format(number=number)
        made = Draft(
            id=f"{number:012x}",
            kind="announcement",
            writer="offline",
            text=text,
            parts=(Part(name="announcement", text=text),),
            request=Request(brief="换书"),
            created=datetime(2026, 11, 1, 4, number, tzinfo=UTC),
        )
        store.keep(made, group=GROUP)
        store.revise(made.id, text.replace("各位书友好，", "大家好，"))
        store.mark_sent(made.id, text.replace("各位书友好，", "大家好，"))
        drafts.append(made)
    store.save_group(GroupProfile(name=GROUP))
    return drafts


def opened(**known: object) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for key, value in known.items():
        app.session_state[getattr(state, key).name] = value
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def test_a_group_page_asks_shows_and_takes_back(store: Store, edited: list[Draft]) -> None:
    page = opened(GROUPS_OPEN=GROUP)
    assert "您总把开头的称呼改成“大家好，”" in shown(page)
    assert "3 份里有 3 份" in shown(page)
    assert "大家好，" in shown(page)
    press(page, "以后都这样写")
    assert [row.kept for row in store.habits(GROUP)] == [True]
    assert "照做的写法" in shown(page)
    assert "您总把" not in shown(page)
    press(page, "撤回")
    assert [row.kept for row in store.habits(GROUP)] == [False]
    assert "不照做的" in shown(page)


def test_a_refusal_is_not_asked_about_again(store: Store, edited: list[Draft]) -> None:
    page = press(opened(GROUPS_OPEN=GROUP), "不要，别再问")
    assert "您总把" not in shown(page)
    assert "您总把" not in shown(opened(GROUPS_OPEN=GROUP))


def test_a_group_without_edits_says_how_one_comes_to_be_asked(store: Store) -> None:
    store.save_group(GroupProfile(name=GROUP))
    assert "还没有看出固定的写法" in shown(opened(GROUPS_OPEN=GROUP))


HISTORY = PAGE.replace('{"groups": groups.page, ', '{"history": history.page, "groups": groups.page, ').replace(
    ', "history": history.page}', "}"
)


def test_the_history_asks_below_the_text_that_was_just_kept_as_sent(store: Store, edited: list[Draft]) -> None:
    app = AppTest.from_string(HISTORY, default_timeout=60)
    app.session_state[state.HISTORY_OPEN.name] = edited[2].id
    app.run()
    assert "以后都这样写" not in labels(app)
    app.session_state[state.LEARNED_FROM.name] = (edited[2].id, "")  # its wording was edited: it is one text
    app.run()
    assert not app.exception
    assert "您总把开头的称呼改成“大家好，”" in shown(app)
    press(app, "不要，别再问")
    assert "以后都这样写" not in labels(app)


def test_a_job_page_asks_below_the_message_that_was_just_copied(store: Store, edited: list[Draft]) -> None:
    page = PAGE.replace('{"groups": groups.page, ', '{"announcement": announcement.page, "groups": groups.page, ')
    app = AppTest.from_string(page.replace('"announcement": announcement.page,\n', ""), default_timeout=60)
    app.session_state[state.ANNOUNCEMENT.draft.name] = edited[2]
    app.session_state[state.LEARNED_FROM.name] = (edited[2].id, "announcement")
    app.run()
    assert not app.exception
    press(app, "以后都这样写")
    assert store.habits(GROUP)[0].kept


def test_what_cannot_be_kept_is_told_with_the_fix(
    store: Store, edited: list[Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(GROUPS_OPEN=GROUP)
    monkeypatch.setattr("copilot.learning.proposing.proposals", lambda *_: ())
    monkeypatch.setattr("copilot.learning.keeping.proposals", lambda *_: ())
    press(page, "以后都这样写")
    assert "没有编号" in shown(page)
