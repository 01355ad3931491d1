"""Ads: what sells and lures, what only sounds like it, how an ad goes on, and how it was dealt with."""

import pytest
from staged import Row, staged

from copilot.chat.ads import read_ads

SELLING = [
    ("糖糖妈的小店", "家人们～手工牛轧糖开卖啦，一斤58两斤100，要的私我报地址"),
    ("阿龙", "本地高价上门回收旧电动车、旧电瓶，现金结算，电话同微信"),
    ("成长顾问-文文", "一对一学习规划体验课，原价399现价9.9，限额30名，扫码报名"),
    ("路人甲", "急用钱不求人，身份证即可办理，当天放款，不看征信"),
    ("小可爱", "帮我点一下呗，还差两个人就能提现了 [链接] 天天领现金"),
    ("影音库", "4K电影剧集全网资源打包，网盘秒发，9.9永久更新，要的滴"),
    ("Lily", "诚招线上推广员，日结100-300，一部手机就能做，感兴趣加我"),
    ("护肤达人", "7天瘦8斤的纤体茶，不反弹无副作用，前10名半价"),
    ("快通道", "稳定专线节点，月付12，支持流媒体，需要的私聊"),
    ("学长", "期末代写论文，查重不过退全款，加qq 66778899"),
    ("老马", "家里车位出租，月租400，有意联系我"),
    ("装饰公司小孙", "本小区旧房翻新团购价，免费量房出图，有意业主扫码"),
]
TALKING = [
    ("阿豆", "有没有人收旧电瓶车啊"),
    ("阿豆", "58一斤的牛轧糖也太贵了吧"),
    ("阿豆", "上次在群里买的网课资源打不开，被骗了9.9"),
    ("阿豆", "求租一个车位，月租400以内"),
    ("阿豆", "大家别信日结兼职，都是骗人的"),
    ("阿豆", "周六聚餐AA，每人80，来的接龙"),
    ("阿豆", "加我微信，我把路线图发你"),
    ("阿豆", "京东今天洗衣液半价，我刚买了两桶"),
    ("阿豆", "论文查重哪个网站便宜"),
    ("阿豆", "我家装修找的是小区门口那家，量房免费的"),
    ("阿豆", "体验课上完了，老师讲得不错"),
    ("阿豆", "班费每人50，转给生活委员就行"),
]


def ads(rows: list[Row], *staff: str, group: str = "") -> list[str]:
    return [ad.message for ad in read_ads(*staged(rows, *staff, group=group))]


@pytest.mark.parametrize(("sender", "text"), SELLING)
def test_selling_is_an_ad(sender: str, text: str) -> None:
    assert ads([("09:00", "阿水", "早"), ("10:00", sender, text), ("12:00", "阿木", "吃饭去")]) == ["m2"]


@pytest.mark.parametrize(("sender", "text"), TALKING)
def test_talk_about_things_for_sale_is_none(sender: str, text: str) -> None:
    assert ads([("09:00", "阿水", "早"), ("10:00", sender, text), ("12:00", "阿木", "吃饭去")]) == []


@pytest.mark.parametrize("text", [text for _, text in SELLING])
def test_the_groups_own_offers_are_none(text: str) -> None:
    assert ads([("10:00", "团长", text)], "团长") == []


def test_what_the_group_is_for_is_none() -> None:
    rows: list[Row] = [("10:00", "阿豆", "出一台九成新电饭煲，80自提，要的私")]
    assert ads(rows, group="阳光花园二手闲置群") == []
    assert ads(rows, group="阳光花园羽毛球群") == ["m1"]


def test_an_ad_goes_on_with_a_picture_and_pressing_words_until_it_is_taken_back() -> None:
    rows: list[Row] = [
        ("10:00", "小可爱", "帮我砍一刀，就差0.5元就能免费拿了 [链接] 快来助力"),
        ("10:01", "小可爱", "[图片]"),
        ("10:02", "小可爱", "点一下就行，不要钱"),
        ("10:04", "群主", "@小可爱 群里不发这种链接，撤一下"),
        ("10:05", "小可爱", "抱歉，撤不回了"),
        ("10:06", "小可爱", "周末的活动几点来着"),
    ]
    assert ads(rows, "群主") == ["m1", "m2", "m3"]


def test_who_advertised_before_and_asks_again_for_contact_advertises_again() -> None:
    rows: list[Row] = [
        ("10:00", "理财小高", "稳健理财年化6%，保本，额度有限，想了解的加我微信"),
        ("15:00", "理财小高", "方便加个微信吗大家，不打扰"),
        ("15:30", "理财小高", "今天好大的雨"),
    ]
    assert ads(rows, "群主") == ["m1", "m2"]


def test_an_offer_that_members_sign_up_for_is_the_groups_own_matter() -> None:
    rows: list[Row] = [
        ("10:00", "阿北", "帐篷开团啦，厂家拿货价299一顶，满10顶包邮，要的接龙"),
        ("10:02", "阿东", "#接龙\n1. 阿东 一顶"),
        ("10:03", "阿西", "颜色有几种？"),
        ("10:04", "阿北", "军绿和沙色"),
        ("10:06", "阿西", "#接龙\n1. 阿东 一顶\n2. 阿西 沙色"),
        ("11:00", "阿北", "还差三顶，满了我就下单"),
    ]
    assert ads(rows, "群主") == []


def test_how_an_ad_was_dealt_with_is_told() -> None:
    rows: list[Row] = [
        ("10:00", "A-旧家电回收", "高价回收旧家电，上门现金"),
        ("10:02", "群主", "@A-旧家电回收 群规不让发广告哦"),
        ("10:03", "", "群主将A-旧家电回收移出了群聊"),
        ("10:10", "群主", "明天活动照常"),
    ]
    (ad,) = read_ads(*staged(rows, "群主"))
    assert ad.handled == ("m2", "m3")
    assert "回收" in ad.why


def test_a_doubtful_offer_is_an_ad_where_staff_reproach_it() -> None:
    offer: Row = ("10:00", "阿豆", "我有整套的电子版教材，网盘发你")
    assert ads([offer, ("10:02", "班主任", "@阿豆 盗版资料群里不传，撤一下")], "班主任") == ["m1"]
