"""Members' words made fit to be shown, and which messages carry personal data."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staged import scene_of

from copilot.chat.masking import LONGEST_EXCERPT, excerpt, find_private, mask
from copilot.chat.private_data import read_private

HIDDEN = [
    ("有事打我 139 1234 5678", "139 1234 5678", "手机号"),
    ("证件号别发了，我的是11010519491231002X", "11010519491231002X", "身份证号"),
    ("退到这张卡 6222021234567890128 就行", "6222021234567890128", "银行卡号"),
    ("登记的微信改成 lan_mao88 了", "lan_mao88", "账号"),
    ("要的加 tangtang_shop9", "tangtang_shop9", "账号"),
    ("邮箱 shuishui@example.com", "shuishui@example.com", "邮箱地址"),
    ("我的学号是 TEST-2026-0007，帮改一下", "TEST-2026-0007", "证件号"),
    ("报错 401\nAuthorization: Bearer demo-9f2a-not-real-77", "demo-9f2a-not-real-77", "密钥"),
    ("key 我贴一下 sk-demo-1234567890abcd", "sk-demo-1234567890abcd", "密钥"),
    ("车牌苏A·8K6L2 停一下", "苏A·8K6L2", "车牌号"),
    ("收件人李小棠 13912345678 柳树路12号3栋402", "柳树路12号3栋402", "个人住址"),
    ("转到 6217-0000-1234 名下", "6217-0000-1234", "银行卡号"),
    ("我家宝宝叫糖糖，2024年3月5日生的", "糖糖", "孩子姓名"),
    ("我家宝宝叫糖糖，2024年3月5日生的", "2024年3月5日", "出生日期"),
]
SHOWN = [
    "v3.8.2 今晚上线，工单 WO-2291 一起修",
    "周六 9:00-11:30 在东门集合，每人108元",
    "全长 120 公里，海拔 3500 米",
    "X5 的脚垫 328/套，满 20 套",
    "第3号题选 B，1-4 题不用写",
    "5/15（周三）22:00 发布",
    "12345 和 12123 都问过了",
    "一二三四五，上山打老虎",
]


@pytest.mark.parametrize(("text", "secret", "kind"), HIDDEN)
def test_what_points_at_a_person_is_hidden(text: str, secret: str, kind: str) -> None:
    shown = mask(text)
    assert secret not in shown
    assert f"【已隐去:{kind}】" in shown


@pytest.mark.parametrize("text", SHOWN)
def test_everything_else_stays_as_it_was_said(text: str) -> None:
    assert mask(text) == text


def test_names_are_hidden_only_beside_a_number() -> None:
    assert "王晓棠" not in mask("王晓棠 13912345678")
    assert mask("王晓棠老师讲得真好") == "王晓棠老师讲得真好"


def test_links_are_hidden_where_they_are_an_ads() -> None:
    assert mask("点 https://x.example/a?b=1 领") == "点 https://x.example/a?b=1 领"
    assert mask("点 https://x.example/a?b=1 领", links=True) == "点 【已隐去:链接】 领"


@given(st.text(alphabet="我的号码是139123456780 -@.a_X公司\n，", max_size=60))
def test_masking_twice_changes_nothing_and_offsets_hold(text: str) -> None:
    found = find_private(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert mask(mask(text)) == mask(text)


def test_an_excerpt_is_short_and_never_cuts_through_what_was_hidden() -> None:
    text = "@店长 " + "这个问题我说过很多次了" * 4 + "，电话13912345678，" + "后面还有好多话" * 9
    shown = excerpt(text)
    assert not shown.startswith("@")
    assert len(shown) <= LONGEST_EXCERPT + 12
    assert shown.count("【") == shown.count("】")


def test_personal_data_is_told_by_kind_and_never_by_value() -> None:
    rows = [
        ("09:00", "阿水", "我电话 13912345678，卡 6222021234567890128"),
        ("09:01", "小麦", "昨晚发烧到39度，今天请假"),
        ("09:02", "豆豆", "周六几点集合"),
    ]
    found = read_private(scene_of(rows, "店长"))
    assert [(one.message, one.kinds) for one in found] == [("m1", ("手机号", "银行卡号")), ("m2", ("健康状况",))]
    assert "139" not in str(found)
