"""Personal data: found in its disguises, hidden reversibly, reported; and the numbers that are nobody's."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import at_most

from copilot.checks.privacy import privacy_findings
from copilot.facts.pseudonyms import Pseudonyms, redact

PHONE = "13800138000"


def types(text: str) -> list[str]:
    return [entity.type for entity in redact(text).entities if entity.type != "NAME"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我电话一三八零零一三八零零零", "PHONE"),
        ("打1３８ 0013 8000 就行", "PHONE"),
        ("手机：138\u200b0013\u200b8000", "PHONE"),
        ("1 3 8 0 0 1 3 8 0 0 0", "PHONE"),
        ("1️⃣3️⃣8️⃣00138000", "PHONE"),
        ("tel:+86-138-0013-8000", "PHONE"),
        ("加v13800138000", "PHONE"),
        ("座机 0755-26001234", "PHONE"),
        ("身份证号：440106199003071234", "ID_CARD"),
        ("身份证是110101900307123", "ID_CARD"),
        ("登记一下 11010519491231002X", "ID_CARD"),
        ("卡号 6222 0210 0011 2233 445", "BANK_CARD"),
        ("4111 1111 1111 1111 转这个", "BANK_CARD"),
        ("邮箱lily_88＠163.com", "EMAIL"),
        ("微信号 lily_2020", "WECHAT"),
        ("加vx：abc-778899", "WECHAT"),
        ("wxid_ab12cd34ef56 是我", "WECHAT"),
        ("扣扣号是：998877665", "QQ"),
        ("粤B12345违停", "PLATE"),
        ("沪AD12345 充电超时", "PLATE"),
        ("京A·8B8C8 请挪车", "PLATE"),
        ("我的护照号是EA1234567", "PASSPORT"),
        ("税号：91440300MA5FABCD1X", "CREDIT_CODE"),
        ("收货地址：广东省深圳市南山区科技南路18号2栋3单元501室", "ADDRESS"),
        ("我家12号楼1单元1502没热水", "ADDRESS"),
        ("我住3-2-501", "ADDRESS"),
        ("8栋402漏水了", "ADDRESS"),
    ],
)
def test_personal_data_is_found_however_it_is_written(text: str, kind: str) -> None:
    assert types(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "订单号13812345678901",
        "订单编号：13800138000",
        "单号SF1381234567890",
        "流水 202405201314520001",
        "价格1380.00元，共13800元",
        "2024-05-20 13:14:15",
        "版本v2.13.8001",
        "优惠码 SAVE20240520",
        "腾讯会议：138-4567-8901",
        "ISBN 978-7-111-54742-6",
        "5号门驿站自提",
        "2号门物业大厅领取",
        "群号 123456789，QQ群：123456789",
        "取件码 3-2-5011",
        "2号楼停水通知",
        "A座3层会议室",
        "客服热线400-800-1234，拨打95588",
        "微信版本8.0.48，微信群满500人了",
        "活动地点：人民路88号图书馆3楼",
        "请到3栋101物业办公室登记",
        "https://shop.example/item/13800138000?id=1",
        "坐标 31.230416,121.473701",
        "批次20240520001，学号2024013800",
        "比分13:8，第138期",
    ],
)
def test_numbers_and_places_that_are_nobodys_stay(text: str) -> None:
    redaction = redact(text)
    assert redaction.text == text
    assert redaction.entities == ()


def test_offsets_are_code_points_of_the_original() -> None:
    text = "🎉名单👇 手机：1３８-0013\u200b-8000"
    (entity,) = redact(text).entities
    assert text[entity.start : entity.end] == "1３８-0013\u200b-8000"


def test_the_same_person_and_number_keep_their_pseudonym() -> None:
    pseudonyms = Pseudonyms()
    first = pseudonyms.hide(f"联系人：陈晓东 {PHONE}")
    second = pseudonyms.hide(f"找陈晓东，打{PHONE}")
    assert first == "联系人：成员01 电话01"
    assert second == "找成员01，打电话01"


def test_another_spelling_shares_the_number_and_comes_back_as_written() -> None:
    pseudonyms = Pseudonyms()
    text = f"手机{PHONE}，也就是138 0013 8000"
    hidden = pseudonyms.hide(text)
    assert hidden == "手机电话01，也就是电话b01"
    assert pseudonyms.restore(hidden) == text


def test_known_people_are_hidden_wherever_they_stand() -> None:
    assert Pseudonyms(["晚风"]).hide("昨天晚风说的") == "昨天成员01说的"


def test_digits_right_after_a_pseudonym_do_not_confuse_it() -> None:
    pseudonyms = Pseudonyms([f"网友{chr(0x4E00 + at)}{chr(0x5000 + at)}" for at in range(120)])
    text = "、".join(f"{name}3人" for name in sorted(pseudonyms.people))
    hidden = pseudonyms.hide(text)
    assert "网友" not in hidden
    assert pseudonyms.restore(hidden) == text


FRAGMENTS = st.sampled_from(
    [
        "陈晓东",
        "收件人：",
        "成员01",
        "成员",
        "电话",
        "电话01",
        "电话b01",
        "0",
        "1",
        "2",
        "A",
        "b",
        "，",
        "一三八零零一三八零零零",
        "a@b.cn",
        "我住3栋502",
        "粤B12345",
        "证件02",
        "扣扣1",
        "李老师",
        " ",
        "\n",
        "\u200b",
        PHONE,
        "138 0013 8000",
        "微信号 lily_2020",
    ]
)


@given(st.lists(st.lists(FRAGMENTS, max_size=12).map("".join), max_size=4))
def test_what_was_hidden_comes_back_exactly_whatever_it_looks_like(texts: list[str]) -> None:
    pseudonyms = Pseudonyms()
    for text in texts:
        assert pseudonyms.restore(pseudonyms.hide(text)) == text


@given(st.text(max_size=200))
def test_any_text_comes_back_exactly(text: str) -> None:
    pseudonyms = Pseudonyms()
    pseudonyms.hide(f"张伟 {PHONE}")
    redaction = redact(text, pseudonyms=pseudonyms)
    assert pseudonyms.restore(redaction.text) == text
    assert all(before.end <= after.start for before, after in pairwise(redaction.entities))


def test_findings_have_a_severity_a_span_and_a_mended_text() -> None:
    phone, plate = privacy_findings(f"阿梅电话{PHONE}，车粤B12345")
    assert (phone.severity, phone.code, phone.replacement) == ("error", "privacy-phone", "138****8000")
    assert phone.span is not None
    assert phone.span.text == PHONE
    assert phone.fix
    assert (plate.severity, plate.code) == ("warning", "privacy-plate")


def test_a_name_alone_is_no_finding() -> None:
    assert privacy_findings("收件人：陈晓东") == ()


def test_what_the_operator_made_public_is_no_finding() -> None:
    assert privacy_findings("报名电话138-0013-8000", allow=[PHONE]) == ()


def test_ten_thousand_characters_are_read_quickly() -> None:
    text = ("明天下午三点物业大厅开会，联系人：陈晓东 13912345678，订单号13812345678901，我住翠湖花园6栋1203\n" * 300)[
        :10_000
    ]
    redact(text)
    with at_most(1):  # a tenth of that on a quiet machine; this catches anything not linear
        redact(text)


@pytest.mark.parametrize("unit", ["王", "1 ", "省市区路", "住", "a.", "姓名：", "8栋402，", "138"])
def test_a_text_made_to_be_slow_is_not(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    with at_most(2):
        redact(text)


def test_a_latin_name_and_the_one_handle_that_begins_with_it_are_one_person() -> None:
    pseudonyms = Pseudonyms(["Nina在备考", "Nina", "Owen_厦门", "Owen 泉州", "Owen"])
    hidden = pseudonyms.hide("Nina在备考 问了，Nina 又问；Owen_厦门 和 Owen 泉州 答了")
    assert hidden == "成员01 问了，成员b01 又问；成员02 和 成员03 答了"
    assert pseudonyms.restore(hidden) == "Nina在备考 问了，Nina 又问；Owen_厦门 和 Owen 泉州 答了"


def test_only_what_has_a_pseudonym_is_hidden_in_words_that_hold_nobody_else() -> None:
    pseudonyms = Pseudonyms()
    pseudonyms.hide("联系罗小北，电话 13800138000")
    text = "请罗小北打13800138000，让王志强查清楚"
    assert pseudonyms.hide_known(text) == "请成员01打电话01，让王志强查清楚"
    assert Pseudonyms().hide_known(text) == text
