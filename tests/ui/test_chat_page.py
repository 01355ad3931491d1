"""The page of conversations, driven without a browser."""

from collections.abc import Iterator
from html import unescape

import pytest
from driving import labels, press, shown
from fakes import ChatEndpoint, failed
from streamlit.testing.v1 import AppTest

from copilot.errors import StorageError
from copilot.store import Store
from copilot.ui import state

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement, chat, crisis_reply, digest, weekly_plan
frame.draw({"chat": chat.page, "announcement": announcement.page, "weekly_plan": weekly_plan.page,
            "crisis_reply": crisis_reply.page, "digest": digest.page})
"""
BRIEF = "帮我写个通知：周六晚上8点线上分享会，王老师讲育儿，免费，在群里接龙报名"


@pytest.fixture
def app(store: Store) -> AppTest:
    return AppTest.from_string(PAGE, default_timeout=60).run()


def say(app: AppTest, text: str) -> AppTest:
    """Say something as if the field had been sent."""
    app.session_state[state.CHAT_WANTED.name] = state.Said(text)
    return app.run()


def said(app: AppTest) -> str:
    return unescape(shown(app))


def test_an_empty_page_shows_what_can_be_said_and_what_a_model_would_add(app: AppTest) -> None:
    assert "直接说就行" in said(app)
    assert "现在没有接模型" in said(app)
    assert "说过的对话会留在这里" in said(app)


def test_an_example_is_answered_and_its_draft_shown_as_the_group_will_see_it(app: AppTest, store: Store) -> None:
    press(app, "写个通知")
    assert not app.exception
    assert 'class="bubble"' in shown(app)
    assert "公告写好了" in said(app)
    (row,) = store.conversations()
    assert app.query_params["c"] == row.id


def test_tools_are_a_line_that_opens_to_their_sources(app: AppTest) -> None:
    say(app, "群里有人天天发砍一刀，我该怎么管才不伤和气")
    assert '<details class="use"><summary><b>查手册</b>' in shown(app)
    assert "<q>" in shown(app)


def test_what_is_missing_is_filled_in_beside_the_draft(app: AppTest, store: Store) -> None:
    say(app, BRIEF)
    field = next(one for one in app.text_input if "截止" in one.label)
    field.set_value("周五晚上10点")
    press(app, "补上")
    assert "晚上10点" in said(app).rpartition("报名截止时间：周五")[2]
    assert "晚上10点" in store.draft(store.drafts()[0].id).text
    assert store.conversations()[0].turns == 4


def test_what_is_not_clear_is_chosen_by_a_button(app: AppTest) -> None:
    say(app, "有人退款")
    press(app, "这是一场火，写危机回复")
    assert "危机回复写好了" in said(app)
    assert "另外" in "".join(one.label for one in app.expander)


def test_a_conversation_is_opened_by_its_address_and_goes_on(app: AppTest, store: Store) -> None:
    say(app, BRIEF)
    (row,) = store.conversations()
    again = AppTest.from_string(PAGE, default_timeout=60)
    again.query_params["c"] = row.id
    again.run()
    assert "线上分享会" in said(again)
    say(again, "不是8点是7点半")
    assert "“周六晚上8点”改成“周六晚上7点半”" in said(again)
    assert store.conversations()[0].turns == 4


def test_a_conversation_that_is_gone_makes_room_for_a_new_one(store: Store) -> None:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["c"] = "nowhere"
    app.run()
    assert not app.exception
    assert "直接说就行" in said(app)


def test_conversations_are_searched_renamed_and_forgotten(app: AppTest, store: Store) -> None:
    say(app, "你好")
    press(app, "新对话")
    say(app, "谢谢，河畔骑行群的事")
    app.text_input(key=state.CHAT_SEARCH.name).set_value("骑行").run()
    assert [name for name in labels(app) if name in ("你好", "谢谢，河畔骑行群的事")] == ["谢谢，河畔骑行群的事"]
    app.text_input(key=state.CHAT_SEARCH.name).set_value("").run()
    press(app, "你好")
    name = next(one for one in app.text_input if one.label == "名字")
    name.set_value("问候")
    press(app, "改名")
    assert "问候" in labels(app)
    press(app, "删掉这个对话")
    assert [row.title for row in store.conversations()] == ["谢谢，河畔骑行群的事"]


def test_a_message_without_an_answer_is_answered_on_request(app: AppTest, store: Store) -> None:
    say(app, "你好")
    from copilot.conversation.thread import heard

    conversation = store.conversation(store.conversations()[0].id)
    store.keep_conversation(conversation.model_copy(update={"turns": (heard(BRIEF, conversation.updated),)}))
    app.run()
    assert "还没有答完" in said(app)
    press(app, "接着答")
    assert "公告写好了" in said(app)
    assert store.conversations()[0].turns == 4


def test_a_draft_opens_on_its_own_page(app: AppTest) -> None:
    say(app, BRIEF)
    press(app, "在“公告”打开")
    assert app.session_state[state.ANNOUNCEMENT.draft.name].text.startswith("【")
    assert app.session_state[state.ANNOUNCEMENT.brief.name] == BRIEF


def test_hostile_words_are_only_words(app: AppTest) -> None:
    say(app, "<img src=x onerror=alert(1)> 你好")
    assert "<img" not in shown(app)


def test_trouble_is_told_and_the_page_stays(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StorageError("磁盘坏了", hint="换一块")

    monkeypatch.setattr(Store, "conversations", broken)
    app.run()
    assert "磁盘坏了" in said(app)


@pytest.fixture
def endpoint() -> Iterator[ChatEndpoint]:
    with ChatEndpoint(failed(401, "bad key")) as made:
        yield made


def test_a_model_that_fails_is_told_and_code_does_the_turn(
    endpoint: ChatEndpoint, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef")
    monkeypatch.setenv("COPILOT_MODEL", "stub")
    state.copilot.clear()
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    say(app, "你好")
    assert "模型这次没能答成" in said(app)
    assert "只起草" in said(app)
    state.copilot.clear()
