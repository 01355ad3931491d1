"""The settings page, driven without a browser: what is chosen is in force, and a key is nowhere to be seen."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from driving import shown
from fakes import ChatEndpoint, failed, streamed
from streamlit.testing.v1 import AppTest

from copilot.errors import SettingsError
from copilot.settings import KNOWLEDGE, Settings, settings_path
from copilot.settings_file import save
from copilot.ui import rules_form, state

PAGE = """
from copilot.ui import frame
from copilot.ui.pages import announcement, knowledge, settings
frame.draw({"settings": settings.page, "announcement": announcement.page, "knowledge": knowledge.page})
"""
KEY = "invented-0123456789-secret"
COUNTED = '{"words": "一，二，三，四，五，六，七，八，九，十"}'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test's own."""
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    yield tmp_path / "home"
    state.copilot().store.close()
    st.cache_resource.clear()


def opened() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def whole(app: AppTest) -> str:
    """All there is of a page and its session."""
    return repr(app) + shown(app) + repr(app.session_state._state.filtered_state)


def of_deepseek(app: AppTest) -> AppTest:
    app.selectbox(key=state.SETTINGS_PROVIDER.name).set_value("deepseek").run()
    return app


def test_a_provider_and_its_key_are_saved_and_in_force_for_every_session(home: Path) -> None:
    other = opened()
    page = of_deepseek(opened())
    assert "还没保存" in shown(page)
    page.text_input(key="settings.key.DEEPSEEK_API_KEY").set_value(KEY)
    press(page, "save-model")
    assert "还没保存" not in shown(page)
    assert "deepseek-flash" in shown(page)
    assert 'class="model on"' in shown(other.run())
    assert KEY in (home / "settings.toml").read_text(encoding="utf-8")


def test_a_saved_key_is_nowhere_to_be_seen(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    page = of_deepseek(opened())
    page.text_input(key="settings.key.DEEPSEEK_API_KEY").set_value(KEY)
    press(page, "save-model")
    for seen in (page, opened(), press(page, "save-model")):
        assert KEY not in whole(seen)
        assert seen.text_input(key="settings.key.DEEPSEEK_API_KEY").placeholder == "已设置；要换就填新的"
    out = capfd.readouterr()
    assert KEY not in caplog.text + out.out + out.err


def test_a_key_typed_with_something_that_cannot_be_saved_is_nowhere_to_be_seen_either() -> None:
    page = of_deepseek(opened())
    page.text_input(key=state.settings_model("deepseek", "address").name).set_value("llm.example.org").run()
    page.text_input(key="settings.key.OPENAI_API_KEY").set_value(KEY)
    press(page, "save-model")
    assert "http://" in shown(page)
    assert KEY not in whole(page)
    assert not settings_path().exists()


def test_a_key_is_deleted_after_being_asked(home: Path) -> None:
    save({"provider": "deepseek", "provider_keys": {"DEEPSEEK_API_KEY": KEY}})
    page = press(opened(), "forget-DEEPSEEK_API_KEY")
    assert KEY not in (home / "settings.toml").read_text(encoding="utf-8")
    assert "没有密钥" in shown(page)


def test_what_one_chooses_without_saving_stays_when_another_session_saves() -> None:
    page, other = of_deepseek(opened()), opened()
    other.selectbox(key=state.SETTINGS_PROVIDER.name).set_value("ollama").run()
    other.text_input(key=state.settings_model("ollama", "model").name).set_value("small").run()
    press(other, "save-model")
    assert page.run().selectbox(key=state.SETTINGS_PROVIDER.name).value == "deepseek"
    assert opened().selectbox(key=state.SETTINGS_PROVIDER.name).value == "ollama"


def test_saving_leaves_what_other_sessions_have_on_their_desks() -> None:
    other = opened()
    other.session_state[state.ANNOUNCEMENT.brief.name] = "周六一起慢跑"
    press(of_deepseek(opened()), "save-model")
    assert other.run().session_state[state.ANNOUNCEMENT.brief.name] == "周六一起慢跑"


def test_what_the_environment_decides_is_told_and_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_WRITER", "offline")
    monkeypatch.setenv("COPILOT_PROVIDER", "deepseek")
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    page = opened()
    for variable in ("COPILOT_WRITER", "COPILOT_PROVIDER", "DEEPSEEK_API_KEY"):
        assert f"由环境变量或 .env 里的 {variable} 定" in shown(page)
    assert page.selectbox(key=state.setting("writer").name).disabled
    assert page.text_input(key="settings.key.DEEPSEEK_API_KEY").disabled
    assert KEY not in whole(page)


@pytest.mark.parametrize(
    ("field", "value"), [("writer", "offline"), ("tone", "formal"), ("platform", "qq"), ("time_zone", "Asia/Tokyo")]
)
def test_what_is_chosen_holds_at_once(field: str, value: str) -> None:
    page = opened()
    page.selectbox(key=state.setting(field).name).set_value(value).run()
    assert not page.exception
    assert getattr(Settings.load(), field) == value
    assert getattr(state.copilot().settings, field) == value


def test_the_tone_can_be_left_open_again() -> None:
    save({"tone": "warm"})
    opened().selectbox(key=state.setting("tone").name).set_value("").run()
    assert Settings.load().tone == ""


def test_the_language_changes_the_page_and_that_of_later_sessions() -> None:
    page = opened()
    page.selectbox(key=state.setting("language").name).set_value("en").run()
    assert "What leaves this machine" in shown(page)
    assert "What leaves this machine" in shown(opened())


@pytest.mark.parametrize("works", [True, False])
def test_trying_says_what_works_and_shows_no_key(works: bool) -> None:
    def answer(request: Any) -> Any:
        return streamed(COUNTED) if works else failed(401, f"Incorrect API key provided: {KEY}")

    with ChatEndpoint(answer=answer) as endpoint:
        page = opened()
        page.selectbox(key=state.SETTINGS_PROVIDER.name).set_value("own").run()
        page.text_input(key=state.settings_model("own", "address").name).set_value(endpoint.url).run()
        page.text_input(key=state.settings_model("own", "model").name).set_value("house").run()
        page.text_input(key="settings.key.OPENAI_API_KEY").set_value(KEY)
        press(page, "try-model")
        assert {request.headers["authorization"] for request in endpoint.requests} == {f"Bearer {KEY}"}
    told = shown(page)
    assert ("连得上，密钥和模型都对" in told) is works
    assert ("不认这个密钥" in told) is not works
    assert KEY not in whole(page)
    assert state.copilot().store.drafts() == ()


def test_what_leaves_this_machine_is_told() -> None:
    page = opened()
    assert "什么都不发出去" in shown(page)
    page.text_area(key=state.SETTINGS_SAMPLE.name).set_value("我叫周小雨，电话 13900001111").run()
    assert "13900001111" not in page.code[0].value
    save({"provider": "deepseek", "provider_keys": {"DEEPSEEK_API_KEY": KEY}, "fallback": "ollama/small"})
    state.copilot.clear()
    assert "DeepSeek（api.deepseek.com）、Ollama（127.0.0.1）" in shown(opened())


def test_own_rules_are_listed_and_a_broken_file_leaves_the_rest_of_the_page(home: Path) -> None:
    home.mkdir()
    (home / "rules.yaml").write_bytes((KNOWLEDGE.parent / "examples" / "rules.yaml").read_bytes())
    told = shown(opened())
    for words in ("店名要写全", "不再提醒的", "改了轻重的"):
        assert words in told
    (home / "rules.yaml").write_text("silence:\n  - nobody\n", encoding="utf-8")
    page = opened()
    assert "第 2 行" in shown(page)
    assert page.selectbox(key=state.setting("writer").name)


def test_rules_that_cannot_be_read_do_not_take_the_place_of_good_ones(home: Path) -> None:
    good = b"silence: [shouting]\n"
    rules_form.install("mine.yaml", good, Settings.load())
    with pytest.raises(SettingsError) as caught:
        rules_form.install("theirs.yaml", b"silence:\n  - nobody\n", Settings.load())
    assert "规则文件 theirs.yaml 第 2 行" in str(caught.value)
    assert (home / "rules.yaml").read_bytes() == good


def test_rules_kept_elsewhere_are_named_by_their_path(tmp_path: Path) -> None:
    path = tmp_path / "team.yaml"
    path.write_text("silence: [shouting]\n", encoding="utf-8")
    page = opened()
    page.text_input(key=state.setting("rules").name).set_value(str(path)).run()
    assert Settings.load().rules == path
    assert "不再提醒的" in shown(page)
    page.text_input(key=state.setting("rules").name).set_value(str(tmp_path / "gone.yaml")).run()
    assert "gone.yaml" in shown(page)
    assert Settings.load().rules == path


def test_a_folder_is_added_to_the_playbook(tmp_path: Path) -> None:
    (tmp_path / "群资料").mkdir()
    (tmp_path / "群资料" / "规章.md").write_text("# 值班\n\n周六由青禾值班。\n", encoding="utf-8")
    page = opened()
    page.text_input(key=state.SETTINGS_FOLDER.name).set_value(str(tmp_path / "群资料")).run()
    press(page, "add-folder")
    assert "群资料" in shown(page)
    page.text_input(key=state.SETTINGS_FOLDER.name).set_value(str(tmp_path / "gone")).run()
    press(page, "add-folder")
    assert page.text_input(key=state.SETTINGS_FOLDER.name).value == str(tmp_path / "gone")
