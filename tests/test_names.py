"""People's names, and the everyday words that only look like them."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.facts.names import read_names


def names(text: str) -> set[str]:
    return {name.text for name in read_names(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请联系陈晓东，电话 139 1234 5678", {"陈晓东"}),
        ("收件人：欧阳修文 18812345678", {"欧阳修文"}),
        ("今天由林志远老师主讲", {"林志远"}),
        ("周子涵妈妈已交表", {"周子涵"}),
        ("恭喜吴倩倩、郑浩然、冯雨桐获奖", {"吴倩倩", "郑浩然", "冯雨桐"}),
        ("名单：何静、罗敏、梁健", {"何静", "罗敏", "梁健"}),
        ("1. 王建 2份\n2. 石磊 1份\n3. 马琳 3份", {"王建", "石磊", "马琳"}),
        ("段誉，身份证11010119900307123X", {"段誉"}),
        ("户名：田雨欣 开户行工行", {"田雨欣"}),
        ("访客：司徒雪 沪A12345", {"司徒雪"}),
        ("曾国强的车挡路了", {"曾国强"}),
        ("朱建国欠费两个月", {"朱建国"}),
        ("姓名：古丽·阿依夏", {"古丽·阿依夏"}),
    ],
)
def test_whole_names_are_found_with_and_without_a_label(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小王、老李和阿梅都在", {"小王", "老李", "阿梅"}),
        ("王姐问林工，刘总和高老师下午到", {"王姐", "林工", "刘总", "高老师"}),
        ("@教练大勇 在吗", {"大勇"}),
        ("有问题@阿梅即可", {"阿梅"}),
        ("@风一样的男子 你好", {"风一样的男子"}),
        ("助教 Mia 和 @Leo 会在群里，找Mia报名", {"Mia", "Leo"}),
        ("豆豆妈咪和乐乐妈都来了", {"豆豆妈咪", "乐乐妈"}),
        ("由助教小鹤答疑", {"小鹤"}),
        ("谢谢孙阿姨的鸡蛋", {"孙阿姨"}),
    ],
)
def test_familiar_forms_titles_and_mentions_are_found(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "今天高兴，周日马上开会，方案和程序都好了",
        "金额万元，安全第一，温馨提示：白天全部开放",
        "常见问题见黄金会员手册，江苏云南包邮，于是从小就爱",
        "黄豆酱、白菜、石榴、金桔各一份",
        "高中生家长会，高一高二都参加",
        "请老师们注意，各位家长好，同学们加油",
        "小区门口，小时工，小程序下单，老板娘在吗",
        "何时开始？何必着急，应该没问题，单号稍后发",
        "项目总结、工作计划、电工证、施工图",
        "向老师请假要提前，经理在吗？客服在线",
        "运营成本高，产品方案里写了，内容路径要解决",
        "@所有人 @群助手 @她即可",
        "小满节气，小龙虾，老小区，阿里云，大家好",
        "关注公众号，严禁外传，时令水果，强烈推荐",
    ],
)
def test_everyday_words_are_not_taken_for_names(text: str) -> None:
    assert names(text) == set()


def test_a_name_that_was_certain_once_is_found_wherever_it_returns() -> None:
    found = read_names("联系人：Kelly\n有事请找Kelly，别打物业电话")
    assert [name.start for name in found] == [4, 14]


def test_the_shape_alone_is_not_certain_and_a_label_is() -> None:
    assert [name.certain for name in read_names("这事张伟昨天说过")] == [False]
    assert [name.certain for name in read_names("收件人：张伟")] == [True]


def test_kinds_say_how_the_person_is_named() -> None:
    kinds = {name.text: name.kind for name in read_names("收件人：王秀英；李老师、小赵都在，@晚风吹过海 看到请回")}
    assert kinds == {"王秀英": "full", "李老师": "title", "小赵": "nick", "晚风吹过海": "mention"}


@given(st.text(alphabet="王李张小老阿伟芳姐师老师总@、，：1 a姓名联系人妈的好\n", max_size=60))
def test_spans_are_in_order_apart_and_exact(text: str) -> None:
    found = read_names(text)
    assert all(text[name.start : name.end] == name.text for name in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_ten_thousand_characters_are_read_quickly() -> None:
    text = ("明天下午三点物业大厅开会，请王秀英和小李带上钥匙，联系人：陈晓东 13912345678\n" * 300)[:10_000]
    read_names(text)
    start = time.process_time()
    read_names(text)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("text", ["我们会查清楚", "查明白再说", "先解明白题意", "段清楚地写上"])
def test_what_an_act_comes_to_is_no_given_name(text: str) -> None:
    assert names(text) == set()


@pytest.mark.parametrize("group", ["果果妈咪绘本交流群", "童童爸爸亲子读书会", "苗苗妈妈烘焙工作室"])
def test_a_group_that_is_called_after_a_family_is_nobody(group: str) -> None:
    assert names(f"群：{group}") == set()


@pytest.mark.parametrize(
    "text", ["果果妈咪在群里说", "果果妈咪退群了", "欢迎果果妈咪加入绘本交流群", "联系果果妈咪进群"]
)
def test_a_family_that_does_something_in_a_group_is_somebody(text: str) -> None:
    assert names(text) == {"果果妈咪"}
