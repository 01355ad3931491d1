"""What short talk does, and which words tell what a chat is about."""

import pytest

from copilot.chat import talk
from copilot.chat.terms import Weights, terms


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("收到", "receipt"),
        ("收到！谢谢老师", "receipt"),
        ("好嘞~", "receipt"),
        ("OK", "receipt"),
        ("1", "receipt"),
        ("已接龙", "receipt"),
        ("+1", "join"),
        ("同问", "join"),
        ("蹲一个", "join"),
        ("我家也是", "join"),
        ("早呀", "greeting"),
        ("大家晚安🌙", "greeting"),
        ("欢迎新人", "greeting"),
        ("谢谢团长", "thanks"),
        ("辛苦大家了", "thanks"),
        ("哈哈哈哈哈", "reaction"),
        ("太好了！！", "reaction"),
        ("👍👍", "reaction"),
        ("？？？", "reaction"),
        ("", "reaction"),
        ("收到，但是我的快递呢", ""),
        ("早上的课取消了吗", ""),
        ("行李放前台可以吗", ""),
        ("好用吗这个", ""),
        ("谢谢，那退款什么时候到", ""),
        ("到了，但少了一包", ""),
    ],
)
def test_a_short_message_does_one_thing_or_says_something(text: str, act: str) -> None:
    assert talk.act(text) == act


@pytest.mark.parametrize("text", ["钓位还有吗", "房租几号交", "有没有人一起拼车", "求个谱子", "这块地能不能种番茄"])
def test_questions_without_a_mark_are_seen(text: str) -> None:
    assert talk.asks(text)


@pytest.mark.parametrize("text", ["今天的课很好", "我带饭", "明天见"])
def test_plain_talk_asks_nothing(text: str) -> None:
    assert not talk.asks(text)


def test_everyday_words_and_times_tell_nothing() -> None:
    assert terms("大家今天下午可以的话直接说一下") == frozenset()


def test_things_tell_what_it_is_about() -> None:
    assert {"水箱", "热水器"} <= terms("清洗水箱的时候热水器要关吗")
    assert "第7题" in terms("第7题是不是错了")
    assert "v2.3" in terms("升到V2.3以后登录不上")


def test_a_sign_up_list_stands_for_its_matter_and_newest_entry_only() -> None:
    found = terms("#接龙\n枇杷团\n1. 阿一 蓝莓\n2. 阿二 榴莲")
    assert "枇杷" in found
    assert "榴莲" in found
    assert "蓝莓" not in found


def test_a_word_weighs_less_the_more_messages_have_it() -> None:
    weights = Weights([terms("水箱清洗"), terms("水箱停水"), terms("水箱"), terms("电梯")])
    assert weights["电梯"] > weights["水箱"] > 0
    assert weights["没有说过"] == 0
    assert weights.shared(terms("电梯坏了"), terms("电梯通了")) > 0


@pytest.mark.parametrize(
    ("text", "number"), [("5. 阿雪 两份", 5), ("24、老罗", 24), ("3.5折起", 0), ("12点过了", 0), ("5", 0)]
)
def test_an_entry_of_a_list_has_a_number(text: str, number: int) -> None:
    assert talk.entry_number(text) == number
