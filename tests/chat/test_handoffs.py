"""From a digest to the next job: what is handed over is the chat's own, and what it does not settle stays open."""

from pathlib import Path

import pytest

from copilot import Copilot, Draft, Settings
from copilot.errors import UsageError

CHAT = """微信群"柳岸儿童足球营家长群"的聊天记录如下:

营长大岳 2026-05-13 09:00:00
各位家长好，友谊赛定在 5月20日（周三）16:30，在柳岸二号场，穿蓝色队服

豆包妈 2026-05-13 09:20:00
请问下雨的话友谊赛还踢吗？

牛牛爸 2026-05-13 09:31:00
同问，下雨怎么办

毛豆爸 2026-05-13 10:10:00
上周三交的 320 元保险费到现在没有保单，太不负责了，要求今天给个说法

毛豆爸 2026-05-13 10:12:00
[图片]

教练小谷 2026-05-13 10:20:00
@毛豆爸 抱歉，保单我去问保险公司，今天18:00前发到群里

糖糖妈 2026-05-13 10:25:00
我家的保单也没收到，是不是根本没买

豆包妈 2026-05-13 15:05:00
再问一下，下雨友谊赛还踢吗

毛豆爸 2026-05-13 19:30:00
18点过了，保单还是没有，太让人失望了
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    return Copilot(Settings.load(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def digest(desk: Copilot) -> Draft:
    return desk.summarise_digest(CHAT, writer="offline", operator="营长大岳", staff=["教练小谷"])


class TestACrisisReply:
    def test_it_is_drafted_with_the_evidence_filled_in(self, desk: Copilot, digest: Draft) -> None:
        brief = desk.handoff("crisis-reply", digest)
        assert brief["群名"] == "柳岸儿童足球营家长群"
        assert any("毛豆爸（5月13日 10:10）：上周三" in line and "320 元保险费" in line for line in brief["群里的话"])
        assert any("教练小谷（5月13日 10:20）" in line and "18:00" in line for line in brief["群里已发"])
        assert not any("教练小谷" in line for line in brief["群里的话"])
        reply = desk.draft("crisis-reply", brief, writer="offline")
        assert reply.kind == "crisis-reply"
        assert "保单" in reply.text
        assert any("5月13日 10:20" in fact.origin.quote for fact in reply.facts)

    def test_what_somebody_who_is_not_well_says_is_not_handed_on(self, desk: Copilot) -> None:
        chat = CHAT + (
            "\n糖糖妈 2026-05-13 19:36:00\n我真的不想活了，什么都没意思\n"
            "\n糖糖妈 2026-05-13 19:40:00\n保单到现在没有，孩子的事也没人管，太失望了\n"
        )
        digest = desk.summarise_digest(chat, writer="offline", operator="营长大岳")
        brief = desk.handoff("crisis-reply", digest, matter=digest.structure["complaints"][0]["id"])
        assert any("毛豆爸（5月13日 19:30）" in line for line in brief["群里的话"])
        assert not any("不想活" in str(value) or "孩子的事" in str(value) for value in brief.values())

    def test_nothing_is_confirmed_that_the_chat_does_not_confirm(self, desk: Copilot, digest: Draft) -> None:
        brief = desk.handoff("crisis-reply", digest)
        assert not {"已核实", "可以承诺"} & brief.keys()
        ledger = desk.draft("crisis-reply", brief, writer="offline").structure["ledger"]
        assert ledger["confirmed"] == ledger["authorised"] == []
        assert any("320 元" in row for row in ledger["unconfirmed"])

    def test_the_next_draft_states_nothing_that_is_in_no_message(self, desk: Copilot, digest: Draft) -> None:
        reply = desk.draft("crisis-reply", desk.handoff("crisis-reply", digest), writer="offline")
        assert not [one for one in reply.findings if one.code.startswith("untraced")]

    def test_a_matter_is_chosen_by_its_id_and_the_others_are_named(self, desk: Copilot, digest: Draft) -> None:
        first = digest.structure["complaints"][0]["id"]
        assert desk.handoff("crisis-reply", digest, matter=first)["群里的话"]
        with pytest.raises(UsageError, match="没有 c99") as caught:
            desk.handoff("crisis-reply", digest, matter="c99")
        assert first in caught.value.hint


class TestAnAnnouncementOfAnswers:
    def test_an_open_question_waits_for_its_answer(self, desk: Copilot, digest: Draft) -> None:
        brief = desk.handoff("announcement", digest)
        assert any("下雨" in question and answer == "待补充" for question, answer in brief["要点"].items())
        text = desk.draft("announcement", brief, writer="offline").text
        assert "下雨" in text
        assert "【待补充:" in text

    def test_nobody_who_asked_is_named(self, desk: Copilot, digest: Draft) -> None:
        brief = desk.handoff("announcement", digest)
        text = str(brief) + desk.draft("announcement", brief, writer="offline").text
        assert not [name for name in ("豆包妈", "牛牛爸", "毛豆爸") if name in text]

    def test_without_open_questions_there_is_nothing_to_announce(self, desk: Copilot) -> None:
        quiet = desk.summarise_digest("小周 2026-05-13 09:00\n早\n\n小吴 2026-05-13 09:01\n早上好\n", writer="offline")
        with pytest.raises(UsageError, match="没有还没答复的问题"):
            desk.handoff("announcement", quiet)
        with pytest.raises(UsageError, match="没有投诉"):
            desk.handoff("crisis-reply", quiet)


class TestAWeeklyPlan:
    def test_it_is_planned_from_what_was_counted_and_said(self, desk: Copilot, digest: Draft) -> None:
        brief = desk.handoff("weekly-plan", digest)
        assert brief["本周"] == "2026-05-18 到 2026-05-24"
        assert brief["上周数据"]["消息数"] == "9 条"
        assert brief["上周数据"]["发言的成员"] == "6 位"
        assert set(brief["人手"]) == {"营长大岳", "教练小谷"}
        assert brief["固定活动"][0]["时间"] == "2026-05-20 16:30"
        plan = desk.draft("weekly-plan", brief, writer="offline")
        assert "9 条" in plan.text
        assert "16:30" in plan.text
        assert "下雨" in plan.text

    def test_digests_of_several_groups_are_one_plan(self, desk: Copilot, digest: Draft) -> None:
        other = desk.summarise_digest(CHAT.replace("柳岸", "松林"), writer="offline", staff=["教练小谷"])
        brief = desk.handoff("weekly-plan", digest, other)
        assert [one["群名"] for one in brief["群"]] == ["柳岸儿童足球营家长群", "松林儿童足球营家长群"]
        assert brief["上周数据"]["松林儿童足球营家长群"]["消息数"] == "9 条"
        assert "松林" in desk.draft("weekly-plan", brief, writer="offline").text

    def test_a_quiet_day_between_is_told(self, desk: Copilot) -> None:
        chat = CHAT + "\n牛牛爸 2026-05-15 08:00:00\n队服收到了，谢谢\n"
        brief = desk.handoff("weekly-plan", desk.summarise_digest(chat, writer="offline"))
        assert brief["上周数据"]["没有消息的日子"] == "5月14日"


def test_without_the_original_the_words_of_the_digest_are_handed_on(tmp_path: Path) -> None:
    desk = Copilot(Settings.load(home=tmp_path))
    digest = desk.summarise_digest(CHAT, writer="offline", staff=["教练小谷", "营长大岳"])
    for path in (tmp_path / "originals").rglob("*.*"):
        if path.is_file():
            path.unlink()
    for path in (tmp_path / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    brief = desk.handoff("crisis-reply", digest)
    assert "保" in brief["发生了什么"]
    assert "群里的话" not in brief
    assert desk.handoff("weekly-plan", digest)["上周数据"]["消息数"] == "9 条"


def test_only_digests_are_handed_on_and_only_where_something_follows(desk: Copilot, digest: Draft) -> None:
    note = desk.draft_announcement("周六 9:00 在二号场集合", writer="offline")
    with pytest.raises(UsageError, match="不是群日报"):
        desk.handoff("crisis-reply", note)
    with pytest.raises(UsageError, match="不能接到 poem"):
        desk.handoff("poem", digest)
    with pytest.raises(UsageError, match="没有给日报"):
        desk.handoff("weekly-plan")
    with pytest.raises(UsageError, match="一次只接一份"):
        desk.handoff("announcement", digest, digest)
