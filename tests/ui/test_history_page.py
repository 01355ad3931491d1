"""The history page, driven without a browser."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from copilot import Draft
from copilot.records import Conflict, Fact, Missing, Origin, Part, Request
from copilot.store import Store
from copilot.ui import state

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement, crisis_reply, groups, history, weekly_plan
frame.draw({"history": history.page, "announcement": announcement.page, "weekly_plan": weekly_plan.page,
            "crisis_reply": crisis_reply.page, "groups": groups.page})
"""
TEXT = "【旧书交换】\n周六下午三点，社区小屋见。\n想来的接龙。"


def draft(number: int, **changed: Any) -> Draft:
    """A kept draft; the higher its number the younger it is."""
    fields: dict[str, Any] = {
        "id": f"{number:012x}",
        "kind": "announcement",
        "writer": "offline",
        "text": TEXT,
        "request": Request(brief="周六旧书交换", platform="qq", tone="warm"),
        "created": datetime(2026, 11, 1, 4, number % 60, tzinfo=UTC),
        **changed,
    }
    return Draft(**fields)


def opened() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join([*(piece.body for piece in app.get("html")), *(piece.value for piece in app.code)])


def titles(app: AppTest) -> list[str]:
    return [str(one.key).removeprefix("open-") for one in app.button if str(one.key).startswith("open-")]


def test_an_empty_history_says_what_will_be_here(store: Store) -> None:
    page = opened()
    assert "还没有写过东西" in shown(page)
    assert "再写一份" in shown(page)
    assert not page.text_input


def test_drafts_are_listed_newest_first_a_page_at_a_time(store: Store) -> None:
    for number in range(1, 24):
        store.keep(draft(number))
    page = opened()
    assert titles(page) == [f"{number:012x}" for number in range(23, 3, -1)]
    press(page, "older")
    assert titles(page) == [f"{number:012x}" for number in (3, 2, 1)]
    assert page.button(key="older").disabled
    press(page, "newer")
    assert len(titles(page)) == 20


def test_the_list_is_narrowed_by_words_job_group_days_and_whether_it_went_out(store: Store) -> None:
    store.keep(draft(1), group="青榕里读书群")
    store.keep(draft(2, kind="crisis-reply", text="大家先别急，我们在核实。"))
    store.keep(draft(3, created=datetime(2026, 11, 9, 4, tzinfo=UTC)))
    store.mark_sent(draft(3).id, TEXT)
    page = opened()
    for key, value, kept in (
        (state.HISTORY_JOB, "crisis-reply", [2]),
        (state.HISTORY_GROUP, "青榕里读书群", [1]),
        (state.HISTORY_SENT, "sent", [3]),
        (state.HISTORY_SENT, "unsent", [2, 1]),
    ):
        page.selectbox(key=key.name).set_value(value).run()
        assert titles(page) == [f"{number:012x}" for number in kept], value
        press(page, "clear")
    page.text_input(key=state.HISTORY_TEXT.name).set_value("核实").run()
    assert titles(page) == [f"{2:012x}"]
    press(page, "clear")
    page.date_input(key=state.HISTORY_SINCE.name).set_value(date(2026, 11, 2)).run()
    assert titles(page) == [f"{3:012x}"]
    press(page, "clear")
    page.date_input(key=state.HISTORY_UNTIL.name).set_value(date(2026, 11, 1)).run()
    assert titles(page) == [f"{number:012x}" for number in (2, 1)]


def test_nothing_found_is_said_and_the_filters_can_be_cleared(store: Store) -> None:
    store.keep(draft(1))
    page = opened()
    page.text_input(key=state.HISTORY_TEXT.name).set_value("没有这句话").run()
    assert "没有符合这些条件的" in shown(page)
    press(page, "clear")
    assert len(titles(page)) == 1


def test_a_draft_shows_each_message_in_its_window_and_what_was_known_then(store: Store) -> None:
    origin = Origin(field="text", line=1, quote="周六旧书交换")
    parts = (
        Part(name="statement", title="群声明", text="大家好，正在核实。", start=0),
        Part(name="private", title="私聊", readers="private", to="阿岚", text="给您添麻烦了。", start=12),
    )
    store.keep(
        draft(
            1,
            kind="crisis-reply",
            text="大家好，正在核实。\n\n\n给您添麻烦了。",
            parts=parts,
            facts=(Fact(id="f1", kind="title", label="事情", value="旧书交换", text="旧书交换", origin=origin),),
            missing=(Missing(key="place", question="在哪里？", placeholder="【待补充:地点】"),),
            conflicts=(Conflict(code="two-values", message="时间有两个说法", origins=(origin, origin)),),
        ),
        group="青榕里读书群",
    )
    page = press(opened(), f"open-{1:012x}")
    told = shown(page)
    for words in ("群声明", "私聊 · 阿岚", "给您添麻烦了。", "在哪里？", "时间有两个说法", "旧书交换", "青榕里读书群"):
        assert words in told, words
    press(page, "back")
    assert titles(page) == [f"{1:012x}"]


def test_two_versions_are_compared_inside_the_line_that_changed(store: Store) -> None:
    store.keep(draft(1))
    store.revise(draft(1).id, TEXT.replace("三点", "四点") + "\n记得带袋子。")
    page = press(opened(), f"open-{1:012x}")
    told = shown(page)
    assert "<del>三</del>" in told
    assert "<ins>四</ins>" in told
    assert "<ins>记得带袋子。</ins>" in told
    page.selectbox(key=state.Compared(draft(1).id, 2).shown.name).set_value(1).run()
    assert "记得带袋子" not in "".join(piece.body for piece in page.get("html") if "bubble" in piece.body)


def test_a_draft_is_compared_with_another_one(store: Store) -> None:
    store.keep(draft(1))
    store.keep(draft(2, text=TEXT.replace("社区小屋", "河边凉亭")))
    page = press(opened(), f"open-{2:012x}")
    assert "起草以后没有改过" in shown(page)
    page.selectbox(key=state.Compared(draft(2).id, 1).new.name).set_value(draft(1).id).run()
    assert "<ins>社区小屋</ins>" in shown(page)


def test_what_was_sent_is_shown_with_its_moment_and_its_part(store: Store) -> None:
    store.keep(draft(1, parts=(Part(name="statement", title="群声明", text=TEXT),)))
    store.mark_sent(draft(1).id, "先发的一句", part="statement", at=datetime(2026, 11, 3, 1, 5, tzinfo=UTC))
    page = press(opened(), f"open-{1:012x}")
    assert "2026-11-03 09:05 · 群声明" in shown(page)
    assert "先发的一句" in shown(page)


def test_the_brief_is_laid_on_its_desk_again_with_its_options(store: Store) -> None:
    store.keep(draft(1))
    page = press(press(opened(), f"open-{1:012x}"), "again")
    assert page.session_state[state.ANNOUNCEMENT.brief.name] == "周六旧书交换"
    assert page.session_state[state.ANNOUNCEMENT.platform.name] == "qq"
    assert page.session_state[state.ANNOUNCEMENT.tone.name] == "warm"
    assert "<h1>公告</h1>" in shown(page)


def test_a_brief_given_as_data_and_its_profiles_become_yaml_on_the_desk(store: Store) -> None:
    request = Request(brief={"目标": "多来些人"}, groups=({"name": "青榕里读书群", "members": 80},))
    store.keep(draft(1, kind="weekly-plan", request=request))
    page = press(press(opened(), f"open-{1:012x}"), "again")
    assert (
        page.session_state[state.WEEKLY_PLAN.brief.name] == "目标: 多来些人\n群档案:\n- 群名: 青榕里读书群\n  人数: 80"
    )
    assert page.session_state[state.WEEKLY_PLAN.format.name] == ".yaml"


def test_a_half_written_brief_is_not_replaced_unasked(store: Store) -> None:
    store.keep(draft(1))
    page = opened()
    page.session_state[state.ANNOUNCEMENT.brief.name] = "写到一半"
    press(page, f"open-{1:012x}")
    assert "还有一份没写完的简报" in shown(page)
    assert "写到一半" in shown(page)
    assert page.button(key="again").label == "换掉它"


def test_a_draft_is_deleted_after_being_asked(store: Store) -> None:
    store.keep(draft(1))
    page = press(press(opened(), f"open-{1:012x}"), "delete")
    assert "还没有写过东西" in shown(page)
    assert not store.drafts()


def test_a_draft_that_somebody_else_deleted_is_told_and_the_way_back_stays(store: Store) -> None:
    store.keep(draft(1))
    page = press(opened(), f"open-{1:012x}")
    store.delete(draft(1).id)
    page.run()
    assert not page.exception
    assert "没有编号以" in shown(page)
    press(page, "back")


def test_a_record_that_cannot_be_read_still_shows_its_texts(store: Store) -> None:
    from sqlalchemy import update

    from copilot.store.schema import drafts

    store.keep(draft(1))
    store.revise(draft(1).id, f"{TEXT}\n记得带袋子。")
    with store.database.writing() as connection:
        connection.execute(update(drafts).values(record="{}"))
    page = press(opened(), f"open-{1:012x}")
    assert "读不出来" in shown(page)
    assert "记得带袋子" in shown(page)


def test_a_database_that_cannot_be_used_is_told_with_what_to_do(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COPILOT_DATABASE_URL", f"sqlite:///{tmp_path}")  # a folder
    st.cache_resource.clear()
    page = opened()
    assert 'role="alert"' in shown(page)


def test_markup_in_a_draft_is_shown_and_never_run(store: Store) -> None:
    text = "<img src=x onerror=alert(1)> **粗** [链](http://x)"
    store.keep(draft(1, text=text, request=Request(brief=text)))
    store.revise(draft(1).id, f"{text} <script>1</script>")
    page = opened()
    assert page.button(key=f"open-{1:012x}").label.startswith(r"\<img src\=x")
    press(page, f"open-{1:012x}")
    told = "\n".join(piece.body for piece in page.get("html"))
    assert "<img" not in told
    assert "<script" not in told


def test_the_page_speaks_english_too(store: Store) -> None:
    store.keep(draft(1))
    page = opened()
    page.segmented_control(key=state.LANGUAGE.name).set_value("en").run()
    press(page, f"open-{1:012x}")
    assert "Use again" in [one.label for one in page.button]
