"""What a chat shows about how its group is run; nothing is said where nothing shows."""

import pytest
from digest_chats import assignment, empty, transcript, understanding

from copilot import Settings
from copilot.chat.claims import Decision, Question, Understanding
from copilot.chat.records import Transcript
from copilot.playbook.rules import rules_in_force
from copilot.tasks.digest.book import book
from copilot.tasks.digest.review import MEASURES
from copilot.tasks.digest.structure import Reviewed


def reviewed(chat: Transcript | None = None, read: Understanding | None = None) -> dict[str, Reviewed]:
    return {row.rule: row for row in assignment(chat, read).review}


def test_every_measure_is_written_and_every_rule_is_in_the_handbook() -> None:
    assert {row.measure for row in book().review} == MEASURES.keys()
    assert set(book().rules) <= set(rules_in_force(Settings.load()))


def test_what_the_chat_shows_is_told_with_its_messages_the_rule_and_what_to_do() -> None:
    found = reviewed()
    assert found["reply-promptly"].finding == "1 个问题到记录结束没有官方答复，其中 1 个追问过"
    assert found["reply-promptly"].messages == ("m10",)
    assert found["reply-promptly"].quote == "手册里的话。"
    assert found["comm-closed-loop"].messages == ("m6", "m14")
    assert found["no-random-ads-rule"].messages == ("m16",)
    assert found["feedback-to-adjust"].messages == ("m4",)
    assert found["sync-ahead"].messages == ("m1",)
    assert found["digest-highlights"].messages == ("m13",)
    assert all(row.advice for row in found.values())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("rules-known-to-all", "不好意思，不知道不能发"),
        ("where-to-ask-unclear", "报名表在哪填来着，爬楼爬不到"),
        ("daily-activity-obsession", "这个排名能不能别挂出来了"),
    ],
)
def test_members_words_show_what_is_missing_but_staffs_do_not(rule: str, said: str) -> None:
    chat = transcript((("10:00", "阿蔓", said),))
    assert reviewed(chat, empty(chat))[rule].messages == ("m1",)
    chat = transcript((("10:00", "领队阿岩", said),))
    assert rule not in reviewed(chat, empty(chat))


def test_an_ordinary_chat_shows_nothing() -> None:
    chat = transcript(
        tuple(
            (f"10:{minute:02}", who, "到了" if minute % 2 else "在北门")
            for minute, who in enumerate(["阿蔓", "雨霏", "老陈"] * 5)
        )
    )
    topics = [{"id": "t", "title": "集合", "messages": tuple(message.id for message in chat.messages)}]
    assert reviewed(chat, empty(chat, topics=topics)) == {}


def test_a_chat_of_announcements_only_is_told_as_one_way() -> None:
    rows = [(f"10:{minute:02}", "领队阿岩", f"通知第{minute}条") for minute in range(10)]
    chat = transcript((*rows, ("11:00", "阿蔓", "收到")))
    row = reviewed(chat, empty(chat))["marketing-only-no-interaction"]
    assert row.finding.startswith("11 条里有 10 条是工作人员发的")


def test_few_messages_are_no_reproach() -> None:
    chat = transcript((("10:00", "阿蔓", "早"),))
    assert reviewed(chat, empty(chat)).keys() == {"value-is-scarce"}


def test_newcomers_whom_nobody_greets() -> None:
    chat = transcript((("10:00", "", "雨霏加入群聊"), ("10:01", "阿蔓", "明天去吗")))
    joined = chat.messages[0].model_copy(update={"kind": "system", "notice": "join"})
    alone = chat.model_copy(update={"messages": (joined, chat.messages[1])})
    assert reviewed(alone, empty(alone))["ritual-onboarding"].messages == ("m1",)
    greeted = chat.model_copy(update={"messages": (joined, chat.messages[1].model_copy(update={"text": "欢迎欢迎"}))})
    assert "ritual-onboarding" not in reviewed(greeted, empty(greeted))


def test_a_change_that_was_only_thought_about_is_no_change() -> None:
    decisions = (
        Decision(id="d1", text="原来说的南门", by="领队阿岩", messages=("m1",)),
        Decision(id="d2", text="封路了", by="领队阿岩", messages=("m1",), status="considering", supersedes="d1"),
    )
    assert "sync-ahead" not in reviewed(read=understanding(decisions=decisions))


@pytest.mark.parametrize("word", ["活跃", "热烈", "火爆", "氛围好"])
def test_numbers_of_messages_are_never_a_merit(word: str) -> None:
    assert not any(word in row.finding for row in assignment().review)


def test_members_who_help_each_other_are_seen() -> None:
    chat = transcript(
        (
            ("10:00", "阿蔓", "快门线哪个好"),
            ("10:01", "雨霏", "我用的无线那款，两年没坏过"),
            ("10:02", "阿蔓", "三脚架呢"),
            ("10:03", "老陈", "碳纤维的，背着爬山不累人"),
        )
    )
    questions = [
        Question(asker="阿蔓", question=chat.messages[at].text, message=f"m{at + 1}", answer=f"m{at + 2}")
        for at in (0, 2)
    ]
    assert reviewed(chat, empty(chat, questions=questions))["members-share-experience"].messages == ("m2", "m4")


def test_the_groups_own_rules_are_quoted_where_messages_break_them() -> None:
    given = assignment(rules=("第2条：不发广告", "每天7点打卡", "号码不发群里"))
    (row,) = [row for row in given.review if "群规" in row.finding and "第2条" in row.finding]

    assert row.finding == "2 条消息不合本群群规：“第2条：不发广告”、“号码不发群里”"
    assert row.messages == ("m7", "m16")
