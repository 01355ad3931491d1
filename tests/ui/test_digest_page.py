"""The page of the digest, driven without a browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Unpack
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from driving import drafted, labels, press, shown
from streamlit.testing.v1 import AppTest

from copilot import Copilot, DigestOptions, Draft, Settings
from copilot.chat.reading import read_chat
from copilot.chat.records import Message
from copilot.options import ChatSource
from copilot.store import Store
from copilot.ui import digests, state
from copilot.ui.digest_run import Digested, Handed, Order, Run
from copilot.ui.structures import Row, rows, words

JOB = state.DIGEST
CHAT = """微信群"白鹭湾晨泳队"的聊天记录如下:

领队阿满 2026-11-20 07:02
大家早，周日下水改到 6:40 集合，地点还是二号码头

浪花 2026-11-20 07:05
好的

领队阿满 2026-11-20 07:10
新来的朋友先填健康表

海带 2026-11-20 07:30
请问更衣室的储物柜怎么租？

橡皮鸭 2026-11-20 07:31
我上次是找前台的

海带 2026-11-20 12:20
更衣室储物柜到底怎么租，有人知道吗？

潜水镜 2026-11-20 12:44
水温今天 17 度，比昨天低一点
"""
OTHER = """微信群"石榴巷合唱团"的聊天记录如下:

团长小雁 2026-11-21 19:00
周三排练改到 19:30，还在老礼堂

低音老白 2026-11-21 19:05
收到
"""


def all_pages() -> None:
    from copilot.ui import frame
    from copilot.ui.pages import announcement, crisis_reply, digest, weekly_plan

    frame.draw(
        {
            "digest": digest.page,
            "announcement": announcement.page,
            "crisis_reply": crisis_reply.page,
            "weekly_plan": weekly_plan.page,
        }
    )


@pytest.fixture
def page(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
    st.cache_resource.clear()
    app = AppTest.from_function(all_pages, default_timeout=60)
    yield app.run()
    assert not app.exception


def paste(app: AppTest, chat: str) -> AppTest:
    app.text_area(key=JOB.brief.name).set_value(chat)
    return press(app, "整理")


def drop(app: AppTest, *files: tuple[str, str]) -> AppTest:
    """Lay files on the desk."""
    app.file_uploader[0].set_value([(name, text.encode(), "text/plain") for name, text in files]).run()
    return app


@pytest.fixture
def made(page: AppTest) -> AppTest:
    """The digest of one pasted chat."""
    return paste(page, CHAT)


@pytest.fixture
def both(page: AppTest) -> AppTest:
    """The digests of two files."""
    drop(page, ("晨泳.txt", CHAT), ("合唱.txt", OTHER))
    return press(page, "整理")


def said() -> dict[str, Message]:
    return {one.id: one for one in read_chat(CHAT, zone=ZoneInfo("Asia/Shanghai")).messages}


def claims_of(app: AppTest) -> list[Row]:
    structure = drafted(app, JOB).structure
    return [*rows(structure, "unanswered"), *rows(structure, "decisions"), *rows(structure, "topics")]


def edited(app: AppTest) -> str:
    """The key of the editor of the report for the group."""
    return f"digest.edited.{drafted(app, JOB).id}.group"


def excerpts(app: AppTest) -> str:
    return "\n".join(re.findall(r"<details.*?</details>", shown(app), re.DOTALL))


# From a chat to a digest ------------------------------------------------------------------------------------------


def test_an_empty_page_says_what_will_be_there_and_offers_a_sample(page: AppTest) -> None:
    assert "整理好的日报会出现在这里" in shown(page)
    assert {"整理", "看一个样例"} <= set(labels(page))


def test_the_sample_is_marked_as_invented_and_becomes_a_digest(page: AppTest) -> None:
    press(page, "看一个样例")
    assert "这是样例" in shown(page)
    press(page, "整理")
    draft = drafted(page, JOB)
    assert draft.structure["group"] == "竹溪共享菜园"
    assert digests.told(draft, "first")
    assert [tab.label.partition(" · ")[0] for tab in page.tabs][:3] == ["群里发", "待答", "待办"]


def test_the_report_for_the_group_stands_in_a_bubble_with_its_length(made: AppTest) -> None:
    text = next(part.text for part in drafted(made, JOB).parts if part.name == "group")
    assert 'class="bubble"' in shown(made)
    assert f"{len(text)} 字" in shown(made)


def test_every_claim_opens_its_messages_with_sender_time_and_a_neighbour(made: AppTest) -> None:
    by_id, opened = said(), excerpts(made)
    claims = claims_of(made)
    assert claims
    for claim in claims:
        for name in claim.get("messages") or [claim["message"]]:
            assert by_id[name].text in opened
            assert f"{by_id[name].time:%H:%M}" in opened
    question = next(one for one in rows(drafted(made, JOB).structure, "unanswered"))
    place = list(by_id).index(words(question, "message"))
    assert by_id[list(by_id)[place - 1]].text in opened


def test_what_to_deal_with_first_opens_its_messages_too(made: AppTest) -> None:
    first = re.search(r'<ol class="claims">.*?</ol>', shown(made), re.DOTALL)
    assert first
    assert "储物柜" in first[0]
    assert 'class="line cited"' in first[0]


def test_the_figures_are_those_that_were_counted(made: AppTest) -> None:
    assert "7 条消息" in shown(made)
    assert "5 人发言" in shown(made)
    assert len(made.get("vega_lite_chart") or made.get("arrow_vega_lite_chart")) >= 1


def test_lines_that_are_no_messages_are_listed_with_their_number(page: AppTest) -> None:
    paste(page, f"随手写的一行\n{CHAT}")
    assert "没读成消息的" in shown(page)
    assert "第 1 行" in shown(page)
    assert "随手写的一行" in shown(page)


def test_naming_who_speaks_for_the_group_makes_the_digest_again(made: AppTest) -> None:
    before = drafted(made, JOB)
    made.multiselect[0].set_value(["橡皮鸭"])
    press(made, "按这些人重新整理")
    after = drafted(made, JOB)
    assert after.id != before.id
    assert after.structure["coverage"]["staff_named"]
    assert "橡皮鸭" in after.structure["coverage"]["staff"]
    assert "你写明的" in shown(made)


def test_days_and_wishes_typed_as_options_reach_the_digest(page: AppTest) -> None:
    page.text_input(key=state.DIGEST_DATES.name).set_value("2026-11-19")
    page.text_input(key=state.DIGEST_FOCUS.name).set_value("谁的问题没回")
    paste(page, CHAT)
    asked = drafted(page, JOB).request.brief["said"]
    assert (asked["dates"], asked["focus"]) == ("2026-11-19", "谁的问题没回")
    assert drafted(page, JOB).structure["totals"]["messages"] == 0


def test_a_price_edited_into_the_report_is_found_there(made: AppTest) -> None:
    made.button(key="edit-group").click().run()
    typed = edited(made)
    made.text_area(key=typed).set_value(f"{made.text_area(key=typed).value}\n每人交 68 元。")
    made.button(key="recheck-group").click().run()
    assert any(one.severity == "error" and "68" in one.message for one in drafted(made, JOB).findings)
    assert made.session_state[state.DIGEST_DONE.name][0].draft == drafted(made, JOB)


# On to the next job -----------------------------------------------------------------------------------------------


def test_open_questions_are_laid_on_the_announcements_desk_without_who_asked(made: AppTest) -> None:
    press(made, "写成答疑公告")
    brief = made.session_state[state.ANNOUNCEMENT.brief.name]
    assert "储物柜" in brief
    assert "海带" not in brief
    assert made.session_state[state.ANNOUNCEMENT.format.name] == ".yaml"


def test_a_grievance_is_laid_on_the_crisis_desk_with_its_words(page: AppTest) -> None:
    press(page, "看一个样例")
    press(page, "整理")
    press(page, "写危机回复")
    brief = page.session_state[state.CRISIS_REPLY.brief.name]
    assert "轮值表" in brief
    assert "秋葵妈妈" in brief


def test_the_digests_on_the_desk_are_laid_on_the_plans_desk(both: AppTest) -> None:
    press(both, "带进下周计划")
    brief = both.session_state[state.WEEKLY_PLAN.brief.name]
    assert "白鹭湾晨泳队" in brief
    assert "石榴巷合唱团" in brief


def test_a_brief_that_waits_on_the_other_desk_is_asked_about_first(made: AppTest) -> None:
    made.session_state[state.ANNOUNCEMENT.brief.name] = "写到一半的公告"
    made.run()
    assert "写到一半的公告" in "".join(one.value for one in made.code)
    press(made, "换掉它")
    assert "储物柜" in made.session_state[state.ANNOUNCEMENT.brief.name]


# Several chats ----------------------------------------------------------------------------------------------------


def test_each_file_is_a_chat_and_the_overview_has_a_row_for_each(both: AppTest) -> None:
    assert both.session_state[JOB.draft.name] is None
    assert {"白鹭湾晨泳队", "石榴巷合唱团"} <= set(labels(both))
    assert shown(both).index("7 条消息") < shown(both).index("2 条消息")  # an open question comes before none


def test_a_group_is_opened_from_the_overview_and_left_again(both: AppTest) -> None:
    press(both, "石榴巷合唱团")
    assert drafted(both, JOB).structure["group"] == "石榴巷合唱团"
    both.selectbox(key=state.DIGEST_SHOWN.name).set_value("").run()
    assert both.session_state[JOB.draft.name] is None


def test_a_half_done_edit_of_one_group_outlives_a_look_at_another(both: AppTest) -> None:
    press(both, "白鹭湾晨泳队")
    both.button(key="edit-group").click().run()
    both.text_area(key=edited(both)).set_value("改到一半").run()
    mine = drafted(both, JOB).id
    other = next(one.draft.id for one in both.session_state[state.DIGEST_DONE.name] if one.draft.id != mine)
    both.selectbox(key=state.DIGEST_SHOWN.name).set_value(other).run()
    assert not any("改到一半" in (area.value or "") for area in both.text_area)
    both.selectbox(key=state.DIGEST_SHOWN.name).set_value(mine).run()
    assert both.text_area(key=edited(both)).value == "改到一半"


def test_a_file_that_cannot_be_read_costs_only_itself(page: AppTest) -> None:
    drop(page, ("晨泳.txt", CHAT), ("坏的.bin", "\x00\x01\x02\x03"))
    press(page, "整理")
    assert "“坏的”没整理成" in shown(page)
    assert "白鹭湾晨泳队" in labels(page)


def test_the_same_file_lies_on_the_desk_once_and_can_be_put_back(page: AppTest) -> None:
    drop(page, ("晨泳.txt", CHAT))
    drop(page, ("晨泳.txt", CHAT))
    assert [one.name for one in page.session_state[state.DIGEST_FILES.name]] == ["晨泳.txt"]
    press(page, "拿走")
    assert page.session_state[state.DIGEST_FILES.name] == ()


# What can go wrong ------------------------------------------------------------------------------------------------


def test_without_a_chat_the_page_says_what_to_do(page: AppTest) -> None:
    press(page, "整理")
    assert 'role="alert"' in shown(page)
    assert "没有聊天记录" in shown(page)
    assert page.session_state[JOB.brief_open.name]


def test_markup_in_names_and_messages_is_shown_and_never_run(page: AppTest) -> None:
    paste(page, f"{CHAT}\n<img src=x onerror=alert(1)> 2026-11-20 13:00\n<script>alert(2)</script>有人能看看吗？")
    assert "<img" not in shown(page)
    assert "<script" not in shown(page)
    assert "&lt;script&gt;" in shown(page)


def test_a_digest_whose_chat_is_gone_still_shows_its_claims(made: AppTest, tmp_path: Path) -> None:
    for path in (tmp_path / "home" / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    st.cache_resource.clear()
    made.run()
    assert "找不到这份日报的原始聊天记录" in shown(made)
    assert "储物柜" in shown(made)


def test_what_was_pasted_and_made_outlives_another_page_and_language(made: AppTest) -> None:
    text = drafted(made, JOB).text
    made.segmented_control(key=state.LANGUAGE.name).set_value("en").run()
    assert "Who speaks for the group" in shown(made)
    assert drafted(made, JOB).text == text
    assert made.session_state[JOB.brief.name] == CHAT


def test_a_changed_chat_says_that_the_digest_is_of_the_old_one(made: AppTest) -> None:
    made.text_area(key=JOB.brief.name).set_value(OTHER).run()
    assert "重新整理一次才会反映出来" in shown(made)


# A run ------------------------------------------------------------------------------------------------------------


class Slow(Copilot):
    """A copilot that waits for a sign before each digest."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.go_on = Event()

    def summarise_digest(self, source: ChatSource, **options: Unpack[DigestOptions]) -> Draft:
        assert self.go_on.wait(20)
        return super().summarise_digest(source, **options)


def test_a_run_goes_on_by_itself_and_says_how_far_it_is(tmp_path: Path, store: Store) -> None:
    slow = Slow(Settings(home=tmp_path / "home", database_url=None))
    run = Run(slow, Order(sources=(Handed("晨泳.txt", CHAT.encode()), Handed("", OTHER.encode()))))
    while run.step.stage == "reading":
        assert not run.done(0.05)
    assert (run.step.name, run.step.messages, run.step.number, run.step.of) == ("白鹭湾晨泳队", 7, 1, 2)
    slow.go_on.set()
    assert run.done(30)
    assert [one.name for one in run.results()] == ["白鹭湾晨泳队", "石榴巷合唱团"]
    assert run.step.share == pytest.approx(7 / 9)


def test_files_of_one_export_with_several_groups_give_a_digest_each(tmp_path: Path, store: Store) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("一.txt", CHAT)
        archive.writestr("二.txt", OTHER)
    copilot = Copilot(Settings(home=tmp_path / "home", database_url=None))
    found = Run(copilot, Order(sources=(Handed("两个群.zip", packed.getvalue()),))).results()
    assert sorted(one.name for one in found) == ["白鹭湾晨泳队", "石榴巷合唱团"]
    assert all(isinstance(one, Digested) and one.draft for one in found)


def test_a_files_name_never_leads_out_of_its_folder(tmp_path: Path, store: Store) -> None:
    copilot = Copilot(Settings(home=tmp_path / "home", database_url=None))
    for name in ("../../etc/passwd", "..\\..\\x.txt", "/abs/路径.txt", "..", "a" * 300 + ".txt"):
        (found,) = Run(copilot, Order(sources=(Handed(name, CHAT.encode()),))).results()
        assert found.draft, (name, found.error)
