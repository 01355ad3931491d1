"""The crisis reply page, driven without a browser."""

from collections.abc import Iterator

import pytest
import streamlit as st
from driving import drafted, labels, press, shown, write
from streamlit.testing.v1 import AppTest

from copilot.ui import crises, state

JOB = state.CRISIS_REPLY
BRIEF = """群名：栖木露营俱乐部
发生了什么：11月22日晚上营地停电，群里有人说“老板不管了”，3 位会员要求退营位费
已核实：
- 营地 19:40 停电，备用发电机 20:05 启动，公共区域已经有电
- 供电所说是线路检修，通知在 11月20日 就收到了，店里没有转到群里
还没核实：
- 今晚几点全部恢复供电
可以承诺：
- 今晚想走的可以退营位费
- 每小时在群里更新一次
不能承诺：
- 赔偿金额
我想发的：谁再说老板不管就请出群"""


def only_this_page() -> None:
    from copilot.ui import frame
    from copilot.ui.pages import crisis_reply

    frame.draw({"crisis_reply": crisis_reply.page})


@pytest.fixture
def page() -> Iterator[AppTest]:
    st.cache_resource.clear()
    app = AppTest.from_function(only_this_page, default_timeout=60)
    yield app.run()
    assert not app.exception


@pytest.fixture
def written(page: AppTest) -> AppTest:
    return write(page, JOB, BRIEF, "写回复")


def test_an_empty_page_offers_a_sample_and_an_outline(page: AppTest) -> None:
    assert {"看一个样例", "照提纲写"} <= set(labels(page))
    assert "写好的回复会出现在这里" in shown(page)


def test_the_sample_is_marked_as_invented_and_becomes_replies(page: AppTest) -> None:
    press(page, "看一个样例")
    assert "这是样例" in shown(page)
    press(page, "写回复")
    assert crises.replies(drafted(page, JOB)).private


def test_headings_of_the_outline_left_empty_are_not_read_as_facts(page: AppTest) -> None:
    press(page, "照提纲写")
    outline = page.session_state[JOB.brief.name]
    assert "可以承诺：" in outline
    page.text_area(key=JOB.brief.name).set_value(outline.replace("已核实：\n", "已核实：\n营地 19:40 停电\n", 1))
    press(page, "写回复")
    assert page.session_state[JOB.brief.name].strip() == "已核实：\n营地 19:40 停电"


def test_the_ledger_tells_apart_what_is_verified_checked_and_not_to_be_said(written: AppTest) -> None:
    text = shown(written)
    assert text.index("已核实</h3>") < text.index("备用发电机") < text.index("核实中</h3>") < text.index("不能说</h3>")
    assert "赔偿金额" in text


def test_what_must_be_sent_now_in_private_and_later_stands_apart(written: AppTest) -> None:
    found = crises.replies(drafted(written, JOB))
    assert [part.name for part in found.now][:2] == ["holding", "statement"]
    assert found.later
    assert len(found.team) == 1
    assert not set(found.now) & set(found.later)
    assert [tab.label.partition(" · ")[0] for tab in written.tabs] == ["群里发", "私聊", "之后更新", "内部"]


def test_the_operators_own_threat_is_shown_with_the_reason_and_not_sent(written: AppTest) -> None:
    assert "为什么没用你的原稿" in shown(written)
    assert "请出群" not in crises.published(drafted(written, JOB))


def test_a_promise_edited_into_one_reply_is_found_in_that_reply_alone(written: AppTest) -> None:
    written.button(key="edit-statement").click().run()
    typed = JOB.edited("statement").name
    written.text_area(key=typed).set_value(f"{written.text_area(key=typed).value}\n每人赔 300 元。")
    written.button(key="recheck-statement").click().run()
    draft = drafted(written, JOB)
    assert any(one.severity == "error" and "300" in one.message for one in draft.findings)
    assert "300" in crises.published(draft)
    assert not any("300" in part.text for part in draft.parts if part.name == "holding")
    assert "300" in shown(written)


def test_two_editors_can_be_open_and_checking_one_keeps_the_other(written: AppTest) -> None:
    written.button(key="edit-holding").click().run()
    written.button(key="edit-statement").click().run()
    written.text_area(key=JOB.edited("holding").name).set_value("改到一半").run()
    written.button(key="recheck-statement").click().run()
    assert written.text_area(key=JOB.edited("holding").name).value == "改到一半"
    assert not written.session_state[JOB.editing("statement").name]


def test_the_next_statement_takes_up_the_one_that_stands_and_says_what_is_new(written: AppTest) -> None:
    before = crises.published(drafted(written, JOB))
    written.text_area(key=state.CRISIS_NEWS.name).set_value("21:30 全部恢复供电")
    press(written, "写下一条进展")
    draft = drafted(written, JOB)
    assert draft.request.earlier == (before,)
    assert "21:30" in crises.published(draft)
    assert "和上一条相比" in shown(written)
    assert written.session_state[state.CRISIS_NEWS.name] == ""
    assert "不接前面 1 条，从头写" in labels(written)


def test_starting_afresh_forgets_what_was_published_before(written: AppTest) -> None:
    written.text_area(key=state.CRISIS_NEWS.name).set_value("21:30 全部恢复供电")
    press(written, "写下一条进展")
    press(written, "不接前面 1 条，从头写")
    assert drafted(written, JOB).request.earlier == ()


def test_without_news_no_next_statement_is_written(written: AppTest) -> None:
    before = drafted(written, JOB)
    press(written, "写下一条进展")
    assert drafted(written, JOB) == before


def test_an_empty_brief_shows_the_error_with_its_fix(page: AppTest) -> None:
    press(page, "写回复")
    assert "输入是空的" in shown(page)


def test_markup_in_a_brief_is_shown_and_never_run(page: AppTest) -> None:
    write(page, JOB, f"{BRIEF}\n- <img src=x onerror=alert(1)>", "写回复")
    assert "<img" not in shown(page)


def test_the_page_speaks_english_and_keeps_the_replies(written: AppTest) -> None:
    text = drafted(written, JOB).text
    written.segmented_control(key=state.LANGUAGE.name).set_value("en").run()
    assert "Verified" in shown(written)
    assert drafted(written, JOB).text == text
