"""The chat at hand, driven without a browser: from a page with something open to a conversation that knows it."""

from html import unescape

import pytest
from driving import FULL, drafted, labels, press, shown, write
from streamlit.testing.v1 import AppTest

from copilot.store import Store
from copilot.ui import state

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement, chat, crisis_reply, digest, groups, history, weekly_plan
frame.draw({{"{first}": {first}.page}} | {{"announcement": announcement.page, "chat": chat.page, "digest": digest.page,
            "weekly_plan": weekly_plan.page, "crisis_reply": crisis_reply.page, "groups": groups.page}})
"""
BRIEF = "周六晚上8点线上分享会，王老师讲育儿，免费，在群里接龙报名。带上孩子最近读的一本书。听完可以留下来提问。"


def opened(first: str, **address: str) -> AppTest:
    """A new session on one page."""
    app = AppTest.from_string(PAGE.format(first=first), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


@pytest.fixture
def app(store: Store) -> AppTest:
    return opened("announcement")


def said(app: AppTest) -> str:
    return unescape(shown(app))


def say(app: AppTest, text: str) -> AppTest:
    app.session_state[state.CHAT_WANTED.name] = state.Said(text)
    return app.run()


def test_the_draft_on_the_desk_is_shortened_by_saying_so(app: AppTest, store: Store) -> None:
    write(app, state.ANNOUNCEMENT, BRIEF, "写公告")
    draft = drafted(app, state.ANNOUNCEMENT)
    press(app, "聊这份")
    assert "手边是这份公告" in said(app)
    assert store.conversations() == ()  # nothing was said yet
    press(app, "短一点")
    assert not app.exception
    (row,) = store.conversations()
    opening, _, answer = store.conversation(row.id).turns
    assert opening.drafts == (draft.id,)
    shorter = store.draft(answer.drafts[0]).draft
    assert len(shorter.text) < len(draft.text)
    assert "王老师" in shorter.text
    say(app, "退回上一版")
    assert store.conversation(row.id).turns[-1].drafts == (draft.id,)


def test_what_it_is_about_stands_in_the_address(app: AppTest, store: Store) -> None:
    write(app, state.ANNOUNCEMENT, BRIEF, "写公告")
    press(app, "聊这份")
    again = opened("chat", about=drafted(app, state.ANNOUNCEMENT).id)
    assert "手边是这份公告" in said(again)
    press(again, "新对话")
    assert "手边是" not in said(again)
    gone = opened("chat", about="nothing")
    assert not gone.exception
    assert "直接说就行" in said(gone)


def test_words_changed_by_hand_are_told_to_stay_behind(app: AppTest, store: Store) -> None:
    write(app, state.ANNOUNCEMENT, BRIEF, "写公告")
    draft = drafted(app, state.ANNOUNCEMENT)
    store.revise(draft.id, f"{draft.text}\n别迟到。")
    press(app, "聊这份")
    assert "手改过的字不在简报里" in said(app)


def test_a_group_that_is_open_is_the_one_that_is_written_for(store: Store) -> None:
    store.save_group(FULL)
    app = opened("groups")
    press(app, FULL.name)
    press(app, "聊这个群")
    assert f"手边是“{FULL.name}”的档案" in said(app)
    say(app, "写个公告：周六晚上8点在活动室换书，免费")
    assert not app.exception
    assert f"给“{FULL.name}”的" in said(app)


def test_a_digest_is_gone_on_with(store: Store) -> None:
    app = opened("digest")
    press(app, "看一个样例")
    press(app, "整理")
    press(app, "聊这份")
    assert "手边是“竹溪共享菜园”的日报" in said(app)
    press(app, "写答疑公告")
    assert not app.exception
    assert "公告写好了" in said(app)
    assert "钥匙" in said(app)


def test_it_stands_on_every_page_but_its_own(app: AppTest) -> None:
    assert "对话" in labels(app)
    press(app, "对话")
    assert "直接说就行" in said(app)
    assert "对话" not in labels(app)
