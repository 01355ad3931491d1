"""The home page, driven without a browser: what is told, and where each line leads."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import streamlit as st
from driving import labels, shown
from kept_days import GROUP, LESSON, STORAGE, ZONE, digest, keep_real_digest, plan, slot
from streamlit.testing.v1 import AppTest

from copilot import Draft
from copilot.records import Request
from copilot.settings import KNOWLEDGE
from copilot.store import Store
from copilot.ui import state

TODAY = datetime.now(ZONE)
YESTERDAY = f"{TODAY - timedelta(days=1):%Y-%m-%d}"
WEEK = (f"{TODAY - timedelta(days=3):%Y-%m-%d}", f"{TODAY + timedelta(days=3):%Y-%m-%d}")
ROWS = (
    ("07:30", "海带", "请问更衣室的储物柜怎么租"),
    ("12:31", "领队阿满", STORAGE),
    ("18:00", "浪花", "上周交的押金说好三天退，到现在都没退"),
    ("21:40", "领队阿满", "新的泳帽款式明天发到群里"),
)
CLAIMS: dict[str, Any] = {
    "unanswered": [{"asker": "海带", "question": "请问更衣室的储物柜怎么租", "message": "m1"}],
    "complaints": [
        {
            "id": "c1",
            "summary": "押金说好三天退，到现在都没退<b>",
            "members": ["浪花"],
            "messages": ["m3"],
            "status": "open",
            "level": "high",
        }
    ],
    "action_items": [
        {
            "id": "a1",
            "owner": "领队阿满",
            "task": "新的泳帽款式发到群里",
            "due": f"{TODAY.replace(hour=23, minute=59, second=0, microsecond=0).isoformat()}",
            "status": "open",
            "messages": ["m4"],
        }
    ],
}


def all_pages() -> None:
    from copilot.ui import frame
    from copilot.ui.pages import announcement, crisis_reply, history, today, weekly_plan
    from copilot.ui.pages import digest as digests

    frame.draw(
        {
            "today": today.page,
            "announcement": announcement.page,
            "weekly_plan": weekly_plan.page,
            "crisis_reply": crisis_reply.page,
            "digest": digests.page,
            "history": history.page,
        }
    )


@pytest.fixture
def app(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The home page, once it is run."""
    monkeypatch.setenv("COPILOT_TIME_ZONE", "Asia/Shanghai")
    st.cache_resource.clear()
    app = AppTest.from_function(all_pages, default_timeout=60)
    yield app
    assert not app.exception


@pytest.fixture
def full(app: AppTest, store: Store) -> AppTest:
    """With yesterday's digest made by the job itself, its claims set, and a plan of this week."""
    keep_real_digest(store, "d1", YESTERDAY, *ROWS, **CLAIMS)
    brief = {"主题": "换气小课", "时间": "今晚 20:00"}
    slots = (
        slot("登记", YESTERDAY, "12:30", STORAGE),
        slot("讲换气", YESTERDAY, "19:00", LESSON),
        slot("换气小课", f"{TODAY:%Y-%m-%d}", "23:59", LESSON, brief=brief),
    )
    store.keep(plan("p1", *slots, week=WEEK).model_copy(update={"created": TODAY}))
    store.keep(
        Draft(
            id="n1",
            kind="announcement",
            writer="offline",
            text="【停水】周六停水到【待补充:几点】",
            request=Request(brief="x"),
            created=TODAY,
        )
    )
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_it_tells_what_is_open_what_is_planned_and_what_waits(full: AppTest) -> None:
    told = shown(full)
    for words in ("风险和投诉", "没人答的问题", "答应的事", "今天的安排", "计划和实际", "没发的草稿"):
        assert words in told, words
    for words in ("要紧", "浪花", "今天到期", "23:59", "待补充 1 处", f"日报到：{GROUP} {YESTERDAY[5:]} 21:40"):
        assert words in told, words
    assert "<b>" not in "".join(piece.body for piece in full.get("html") if "need" in piece.body).replace("<b>11", "")
    assert {"请问更衣室的储物柜怎么租", "换气小课", "写危机回复", "写答疑公告", "写成公告"} <= set(labels(full))


def test_what_was_planned_is_held_against_the_chat(full: AppTest) -> None:
    told = [piece.body for piece in full.get("html") if 'class="need"' in piece.body]
    assert any("发了" in one and "12:31" in one and "领队阿满" in one for one in told)
    assert any("没看到" in one and "19:00" in one for one in told)


def test_a_question_opens_the_digest_at_its_message(full: AppTest) -> None:
    press(full, "go-questions-0")
    assert full.session_state[state.DIGEST.draft.name].id == "d1"
    assert "digest-head" in shown(full)
    assert any("line cited" in piece.body and "储物柜怎么租" in piece.body for piece in full.get("html"))


def test_a_complaint_becomes_a_crisis_reply_with_its_evidence(full: AppTest) -> None:
    press(full, "do-risks-0")
    brief = full.session_state[state.CRISIS_REPLY.brief.name]
    assert "押金说好三天退" in brief
    assert "浪花" in brief


def test_open_questions_become_an_announcement(full: AppTest) -> None:
    press(full, "do-questions-0")
    assert "储物柜怎么租" in full.session_state[state.ANNOUNCEMENT.brief.name]


def test_a_slot_becomes_an_announcement(full: AppTest) -> None:
    press(full, "do-slots-0")
    assert full.session_state[state.ANNOUNCEMENT.brief.name] == "主题：换气小课\n时间：今晚 20:00"


def test_what_is_typed_and_not_drafted_is_asked_for_before_it_goes(full: AppTest) -> None:
    full.session_state[state.ANNOUNCEMENT.brief.name] = "正在写的一条"
    full.run()
    assert "正在写的一条" in [one.value for one in full.code]


def test_a_slot_opens_the_plan_where_it_stands(full: AppTest) -> None:
    press(full, "go-slots-0")
    assert full.session_state[state.WEEKLY_PLAN.draft.name].id == "p1"
    assert full.session_state[state.PLAN_SLOT.name] == "换气小课"
    assert full.session_state[state.WEEKLY_PLAN.brief.name].startswith(f"群名：{GROUP}")


def test_notes_for_a_plan_that_are_not_drafted_stay(full: AppTest) -> None:
    full.session_state[state.WEEKLY_PLAN.brief.name] = "下周的想法"
    press(full.run(), "go-slots-0")
    assert full.session_state[state.WEEKLY_PLAN.brief.name] == "下周的想法"


def test_a_draft_that_waits_opens_in_the_history(full: AppTest) -> None:
    press(full, "go-waiting-0")
    assert full.session_state[state.HISTORY_OPEN.name] == "n1"


def test_what_is_gone_meanwhile_is_told_on_the_page(full: AppTest, store: Store) -> None:
    store.delete("d1")
    press(full, "go-questions-0")
    assert "没有编号以 d1 开头的草稿" in shown(full)


def test_one_group_can_be_looked_at_alone(full: AppTest, store: Store) -> None:
    store.keep(digest("d2", YESTERDAY, *ROWS, group="石榴巷合唱团", **CLAIMS))
    full.run()
    assert "石榴巷合唱团" in shown(full)
    full.selectbox(key=state.TODAY_GROUP.name).set_value("石榴巷合唱团").run()
    assert "换气小课" not in labels(full)
    assert [one.label for one in full.button if str(one.key).startswith("go-")].count("新的泳帽款式发到群里") == 1


def test_more_lines_come_on_request(app: AppTest, store: Store) -> None:
    found = ("储物柜", "押金", "泳帽", "集合时间", "救生圈", "教练", "停车", "早餐")
    asked = [{"asker": "海带", "question": f"请问{one}怎么安排", "message": "m1"} for one in found]
    store.keep(digest("d1", YESTERDAY, *ROWS, unanswered=asked))
    app.run()
    assert "还有 2 条" in labels(app)
    press(app, "today-all-questions")
    assert "还有 2 条" not in labels(app)
    assert f"请问{found[-1]}怎么安排" in labels(app)


def test_the_digests_page_holds_the_plan_against_its_chat(full: AppTest) -> None:
    press(full, "go-questions-0")
    told = shown(full)
    assert "计划和实际" in told
    assert "“没看到”不等于没发" in told


def test_it_is_the_page_that_opens_first(app: AppTest) -> None:
    first = AppTest.from_file(str(KNOWLEDGE.parent / "app.py"), default_timeout=60).run()
    assert "<h1>今天</h1>" in shown(first)
    assert not first.exception
    app.run()


def test_before_anything_is_kept_it_says_what_to_do_first(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.ui.welcome.wanted", lambda: False)
    app.run()
    assert "从哪一件开始都行" in shown(app)
    press(app, "begin-digest-True")
    assert "样例" in shown(app)
    assert app.session_state[state.DIGEST.brief.name]
