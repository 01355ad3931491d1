"""The announcement page, driven without a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from copilot import Copilot, Draft
from copilot.settings import KNOWLEDGE
from copilot.ui import messages, state

BRIEF = "目的：周末办一次阳台种菜分享\n时间：2026年11月28日（周六）晚上8点\n地点：群里直播\n报名：在群里接龙，11月27日中午截止"
EDITED = state.ANNOUNCEMENT.edited("announcement")


def only_this_page() -> None:
    from copilot.ui import frame
    from copilot.ui.pages import announcement

    frame.draw({"announcement": announcement.page})


@pytest.fixture
def page() -> Iterator[AppTest]:
    """The page as a new session sees it."""
    st.cache_resource.clear()
    app = AppTest.from_function(only_this_page, default_timeout=60)
    yield app.run()
    assert not app.exception


def button(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def write(app: AppTest, brief: str) -> AppTest:
    app.text_area(key=state.ANNOUNCEMENT.brief.name).set_value(brief)
    return button(app, "写公告")


def drafted(app: AppTest) -> Draft:
    draft = app.session_state[state.ANNOUNCEMENT.draft.name]
    assert isinstance(draft, Draft)
    return draft


def shown(app: AppTest) -> str:
    return "\n".join(piece.body for piece in app.get("html"))


def test_an_empty_page_says_what_to_do_and_offers_a_sample(page: AppTest) -> None:
    assert "写好的公告会出现在这里" in shown(page)
    assert "看一个样例" in [one.label for one in page.button]


def test_the_sample_is_marked_as_invented_and_becomes_a_draft(page: AppTest) -> None:
    button(page, "看一个样例")
    assert "这是样例" in shown(page)
    button(page, "写公告")
    draft = drafted(page)
    assert draft.missing
    assert draft.conflicts
    assert "还缺什么" in shown(page)
    assert "说法冲突" in shown(page)
    assert "600" not in draft.text


def test_an_empty_brief_shows_the_error_with_its_fix(page: AppTest) -> None:
    button(page, "写公告")
    assert "输入是空的" in shown(page)
    assert page.session_state[state.ANNOUNCEMENT.brief_open.name]


def test_answers_to_what_is_missing_go_into_the_brief_and_the_draft(page: AppTest) -> None:
    write(page, "目的：周末办一次阳台种菜分享\n地点：群里直播\n报名：在群里接龙")
    asked = [gap for gap in drafted(page).missing if "报名" in gap.question and "截止" in gap.question]
    page.text_input(key=state.ANNOUNCEMENT.answer(asked[0].key).name).set_value("11月27日中午12点")
    button(page, "补上")
    assert "：11月27日中午12点" in page.session_state[state.ANNOUNCEMENT.brief.name]
    assert "11月27日" in drafted(page).text
    assert all(gap.key != asked[0].key for gap in drafted(page).missing)


def test_the_chosen_statement_of_a_conflict_stays_and_the_other_goes(page: AppTest) -> None:
    write(page, f"{BRIEF}\n名额：30人\n名额：25人")
    assert drafted(page).conflicts
    page.button(key="keep-0-1").click().run()
    assert "30人" not in page.session_state[state.ANNOUNCEMENT.brief.name]
    assert not drafted(page).conflicts
    assert "25人" in drafted(page).text


def test_a_wrong_weekday_is_put_right_in_the_brief(page: AppTest) -> None:
    write(page, BRIEF.replace("（周六）", "（周五）"))
    number = next(index for index, one in enumerate(drafted(page).conflicts) if one.code == "weekday-mismatch")
    field = next(one for one in page.text_input if one.key.endswith(f"{drafted(page).id}.{number}.0"))
    field.set_value(field.value.replace("周五", "周六"))
    page.button(key=f"correct-{number}-0").click().run()
    assert "周六" in page.session_state[state.ANNOUNCEMENT.brief.name]
    assert not drafted(page).conflicts


def test_a_price_edited_into_the_draft_is_found(page: AppTest) -> None:
    write(page, BRIEF)
    button(page, "修改")
    editor = page.text_area(key=EDITED.name)
    editor.set_value(f"{editor.value}\n每人 99 元。")
    button(page, "重新检查")
    assert any(finding.severity == "error" and "99" in finding.message for finding in drafted(page).findings)
    assert "99" in shown(page)


def test_a_finding_is_mended_with_one_click(page: AppTest) -> None:
    write(page, BRIEF)
    before = drafted(page).text
    button(page, "修改")
    page.text_area(key=EDITED.name).set_value(f"{before}\n每人 99 元。")
    button(page, "重新检查")
    number = next(
        index
        for index, one in enumerate(messages.worth_showing(drafted(page)))
        if one.severity == "error" and one.replacement is not None
    )
    page.button(key=f"fix-{number}").click().run()
    assert not [one for one in drafted(page).findings if one.severity == "error"]


def test_switching_the_language_keeps_the_brief_and_the_draft(page: AppTest) -> None:
    write(page, BRIEF)
    text = drafted(page).text
    page.segmented_control(key=state.LANGUAGE.name).set_value("en").run()
    assert "Edit" in [one.label for one in page.button]
    assert page.text_area(key=state.ANNOUNCEMENT.brief.name).value == BRIEF
    assert drafted(page).text == text


def test_switching_the_language_while_editing_keeps_the_edit(page: AppTest) -> None:
    write(page, BRIEF)
    button(page, "修改")
    page.text_area(key=EDITED.name).set_value("改到一半").run()
    page.segmented_control(key=state.LANGUAGE.name).set_value("en").run()
    assert page.text_area(key=EDITED.name).value == "改到一半"


def test_the_draft_that_was_replaced_can_be_had_back(page: AppTest) -> None:
    write(page, BRIEF)
    first = drafted(page)
    page.text_area(key=state.ANNOUNCEMENT.brief.name).set_value(f"{BRIEF}\n主讲：小禾").run()
    button(page, "重新写")
    assert "小禾" in drafted(page).text
    button(page, "换回上一版")
    assert drafted(page) == first


def test_a_models_words_are_shown_as_they_come_and_then_the_checked_draft(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, grown = Copilot.draft_announcement, []

    def streamed(self: Copilot, brief: str, **options: Any) -> Draft:
        for piece in ("阳台", "<b>种菜"):
            options["on_text"](piece)
            grown.append(piece)
        return whole(self, brief, **options)

    monkeypatch.setattr(Copilot, "draft_announcement", streamed)
    write(page, BRIEF)
    assert grown == ["阳台", "<b>种菜"]
    assert drafted(page).text.startswith("【")


def test_an_emptied_text_is_not_checked_and_the_editor_stays_open(page: AppTest) -> None:
    write(page, BRIEF)
    text = drafted(page).text
    button(page, "修改")
    page.text_area(key=EDITED.name).set_value(" ")
    button(page, "重新检查")
    assert page.session_state[state.ANNOUNCEMENT.editing("announcement").name]
    assert drafted(page).text == text


def test_an_uploaded_file_becomes_the_brief(page: AppTest) -> None:
    page.file_uploader(key="upload").upload(
        "brief.yaml", "时间: 周六\n地点: 公园\n".encode("gb18030"), "text/yaml"
    ).run()
    assert "地点: 公园" in page.text_area(key=state.ANNOUNCEMENT.brief.name).value
    assert page.session_state[state.ANNOUNCEMENT.format.name] == ".yaml"


def test_a_binary_upload_is_refused_and_what_was_typed_stays(page: AppTest) -> None:
    page.text_area(key=state.ANNOUNCEMENT.brief.name).set_value(BRIEF).run()
    page.file_uploader(key="upload").upload("brief.txt", bytes(range(256)) * 4, "text/plain").run()
    assert page.text_area(key=state.ANNOUNCEMENT.brief.name).value == BRIEF
    assert "不是文本" in shown(page)


def test_markup_in_a_brief_is_shown_and_never_run(page: AppTest) -> None:
    write(page, f"{BRIEF}\n注意：<img src=x onerror=alert(1)> 请带水")
    assert "<img" not in shown(page)


def test_a_broken_setting_is_named_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_TIME_ZONE", "Moon/Base")
    st.cache_resource.clear()
    app = AppTest.from_file(str(KNOWLEDGE.parent / "app.py"), default_timeout=60).run()
    assert "COPILOT_TIME_ZONE" in shown(app)
    assert not app.exception
    st.cache_resource.clear()
