"""The offline announcement, on briefs we made up."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from copilot import Copilot, Draft, Settings

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday

PICNIC = {
    "group_name": "银杏路亲子群",
    "audience": "群里的家长",
    "purpose": "发布周末亲子野餐活动公告，让更多家长报名",
    "facts": [
        "活动时间：2026-11-28（周六）10:00–14:00",
        "集合地点：银杏公园南门",
        "每家交 20 元材料费，活动当天现场缴",
        "带大家做树叶拓印，志愿者小顾现场教",
        "报名：填群置顶的小表",
        "报名截止：2026-11-26（周四）21:00",
        "名额 24 家",
    ],
    "tone": "亲切",
}


@pytest.fixture
def copilot() -> Copilot:
    return Copilot(Settings.load())


def draft(copilot: Copilot, brief: str | Mapping[str, object], length: int | None = None) -> Draft:
    return copilot.draft_announcement(brief, writer="offline", now=NOW, length=length)


def codes(result: Draft) -> set[str]:
    return {finding.code for finding in result.findings}


def test_every_fact_of_the_brief_is_in_the_text_and_nothing_else(copilot: Copilot) -> None:
    result = draft(copilot, PICNIC)
    for words in (
        "11月28日（周六）10:00–14:00",
        "银杏公园南门",
        "20 元",
        "树叶拓印",
        "小顾",
        "置顶的小表",
        "11月26日（周四）21:00",
        "24 家",
    ):
        assert words in result.text
    assert not [finding for finding in result.findings if finding.severity == "error"]
    assert result.structure["kind"] == "activity"
    assert result.conflicts == ()


def test_the_reader_hears_first_why_it_concerns_them(copilot: Copilot) -> None:
    text = draft(copilot, PICNIC).text
    assert text.index("各位家长") < text.index("树叶拓印") < text.index("集合地点") < text.index("回复“1”")


def test_a_missing_essential_becomes_a_placeholder_and_a_question(copilot: Copilot) -> None:
    brief = PICNIC | {"facts": [fact for fact in PICNIC["facts"] if "截止" not in fact and "集合" not in fact]}
    result = draft(copilot, brief)
    assert "【待补充:报名截止时间】" in result.text
    assert "【待补充:地点或线上方式】" in result.text
    assert {gap.key for gap in result.missing} == {"deadline", "where"}


def test_a_weekday_that_the_date_does_not_have_is_shown_not_settled(copilot: Copilot) -> None:
    brief = PICNIC | {
        "facts": ["活动时间：2026-11-28（周日）10:00", "地点：银杏公园", "报名：接龙", "报名截止：11月26日"]
    }
    result = draft(copilot, brief)
    assert [conflict.code for conflict in result.conflicts] == ["weekday-mismatch"]
    assert "【待核实:" in result.text


def test_two_bosses_with_two_times_are_both_quoted(copilot: Copilot) -> None:
    brief = {
        "purpose": "发布分享会活动",
        "王总说": "分享会周六晚8点开始，地点三楼会议室",
        "李总说": "分享会周日晚8点开始",
        "报名": "群里接龙",
        "报名截止": "周五18:00",
    }
    result = draft(copilot, brief)
    (conflict,) = result.conflicts
    assert conflict.code == "two-values"
    assert {origin.field for origin in conflict.origins} == {"王总说", "李总说"}
    assert "周六晚8点 还是 周日晚8点" in result.text


def test_a_deadline_after_the_start_is_a_conflict(copilot: Copilot) -> None:
    brief = PICNIC | {
        "facts": ["活动时间：2026-11-28 10:00", "地点：银杏公园", "报名：接龙", "报名截止：2026-11-29 18:00"]
    }
    assert "deadline-after-start" in {conflict.code for conflict in draft(copilot, brief).conflicts}


def test_a_count_that_its_list_does_not_have_is_a_conflict(copilot: Copilot) -> None:
    brief = {"purpose": "公布名单", "结果": "三位志愿者：阿敏、小顾"}
    assert "count-mismatch" in {conflict.code for conflict in draft(copilot, brief).conflicts}


def test_an_old_draft_may_not_bring_in_force_scarcity_or_names(copilot: Copilot) -> None:
    brief = PICNIC | {
        "operator_draft": "全员必须报名，不来的以后别想参加！名额有限先到先得！上次王大伟没来，点名批评一次。神秘嘉宾到场"
    }
    result = draft(copilot, brief)
    for words in ("必须", "先到先得", "王大伟", "嘉宾"):
        assert words not in result.text
    assert "必须" in " ".join(result.structure["notes"])


def test_internal_notes_stay_on_the_desk(copilot: Copilot) -> None:
    brief = PICNIC | {"internal_notes": "小顾手机 13912345678，别往外发；下雨怎么办还没定"}
    result = draft(copilot, brief)
    assert "13912345678" not in result.text
    assert "下雨" not in result.text
    assert any("下雨" in note for note in result.structure["notes"])


def test_an_unapproved_offer_is_held_back_with_its_reason(copilot: Copilot) -> None:
    result = draft(copilot, PICNIC | {"operator_note": "顺手推一下会员卡，大概 7 折但还没批"})
    assert "7 折" not in result.text
    assert "会员卡" not in result.text
    assert any(finding.code.startswith("held-") for finding in result.findings)


def test_a_settled_wish_is_heard(copilot: Copilot) -> None:
    assert "带一个小纸袋" in draft(copilot, PICNIC | {"operator_note": "记得提醒大家带一个小纸袋"}).text


def test_free_text_is_enough(copilot: Copilot) -> None:
    result = draft(
        copilot,
        "帮我写个公告：本周六晚8点线上读书分享会，用腾讯会议，主讲人是陈老师，报名群里接龙，报名截止周五晚上6点",
    )
    assert "本周六（11月28日）晚8点" in result.text
    assert "陈老师" in result.text
    assert "接龙" in result.text
    assert "帮我写" not in result.text


def test_a_length_limit_is_kept_or_reported(copilot: Copilot) -> None:
    short = draft(copilot, PICNIC, length=330)
    assert len(short.text) <= 330
    assert "too-long" in codes(draft(copilot, PICNIC, length=60))


def test_a_date_in_the_past_is_pointed_out(copilot: Copilot) -> None:
    assert "date-past" in codes(
        draft(copilot, PICNIC | {"facts": ["活动时间：2025-03-08 10:00", "地点：公园", "报名：接龙，3月7日截止报名"]})
    )


@pytest.mark.parametrize(
    ("kind", "brief"),
    [
        (
            "rules",
            {
                "purpose": "更新群规",
                "群主题": "羽毛球约球",
                "不可发": "广告、砍价链接",
                "违规处理": "第一次提醒，第二次移出群",
                "生效时间": "12月1日",
            },
        ),
        (
            "maintenance",
            {
                "purpose": "系统维护通知",
                "维护时间": "11月28日23:00至11月29日02:00",
                "不可用": "下单",
                "可用": "查询",
                "问题入口": "群置顶工单",
            },
        ),
        (
            "change",
            {
                "purpose": "取货点临时变更",
                "原取货点": "东门",
                "改到": "西门快递柜旁",
                "日期": "11月24日",
                "联系人": "店长阿桂（@她即可）",
            },
        ),
        (
            "product",
            {"purpose": "新品上新", "商品": "手工桂花糕", "价格": "18 元一盒", "下单": "群里接龙", "截单": "周三20:00"},
        ),
        (
            "price_change",
            {
                "purpose": "场地费涨价说明",
                "原价": "30 元",
                "新价格": "35 元",
                "生效时间": "12月1日起",
                "适用": "新报名的场次",
            },
        ),
        (
            "result",
            {
                "purpose": "公布摄影比赛获奖名单",
                "获奖名单": "阿敏、小顾、老谭",
                "奖品": "相册一本",
                "领奖": "到前台领取",
            },
        ),
        (
            "apology",
            {
                "purpose": "为昨天发错货致歉",
                "发生了什么": "昨天有 12 单发成了旧款",
                "处理办法": "今天补寄新款，旧款不用退",
                "联系": "@小顾",
            },
        ),
        (
            "farewell",
            {
                "purpose": "训练营已结束，解散1群和2群，合并到常驻群",
                "解散时间": "11月30日18:00",
                "新去处": "常驻群，入口在群置顶",
            },
        ),
        ("welcome", {"purpose": "写一段新人欢迎语", "群主题": "城市观鸟", "群规": "不发广告", "咨询": "@小顾"}),
    ],
)
def test_each_kind_is_recognised_and_sayable(copilot: Copilot, kind: str, brief: dict[str, str]) -> None:
    result = draft(copilot, brief)
    assert result.structure["kind"] == kind
    assert not [finding for finding in result.findings if finding.severity == "error"], result.text
    assert "{" not in result.text


def test_the_same_brief_gives_the_same_text(copilot: Copilot) -> None:
    assert draft(copilot, PICNIC).text == draft(copilot, PICNIC).text


def test_an_edit_that_brings_in_a_price_is_caught(copilot: Copilot) -> None:
    result = draft(copilot, PICNIC)
    edited = copilot.recheck(result, result.text.replace("20 元", "15 元"))
    assert "untraced-money" in codes(edited)
    assert "omitted-fact" in codes(edited)


def test_a_stated_fact_that_is_held_back_is_a_warning_with_its_words(copilot: Copilot) -> None:
    facts = [*PICNIC["facts"], "顾小满花生过敏"]
    result = draft(copilot, {**PICNIC, "facts": facts, "草稿": "全市最好的野餐"})
    severities = {finding.code: finding.severity for finding in result.findings if finding.code.startswith("held-")}
    assert severities["held-personal-data"] == "warning"
    assert severities["held-adlaw-absolute"] == "info"
    assert any("顾小满花生过敏" in finding.message for finding in result.findings)


def test_what_the_writer_is_to_leave_out_is_neither_title_nor_kind_nor_said(copilot: Copilot) -> None:
    brief = "周六上午九点湖边拍鸟，集合在西门，一位45元，带望远镜，不要提价格"
    result = draft(copilot, brief)
    assert result.structure["kind"] != "price_change"
    assert "价格" not in result.text
    assert "45" not in result.text
    assert "集合在西门" in result.text
    assert "带望远镜" in result.text
    notes = " ".join(result.structure["notes"])
    assert "不要提价格" in notes
    assert "一位45元" in notes


def test_the_purpose_too_may_say_what_to_leave_out(copilot: Copilot) -> None:
    result = draft(copilot, {"目的": "拍鸟活动通知，别提下雨", "时间": "周六上午九点", "地点": "西门"})
    assert "别提" not in result.text
    assert "别提下雨" in " ".join(result.structure["notes"])


@pytest.mark.parametrize("rule", ["不要说脏话", "不要提前到", "不用说谢谢", "别提重物", "不要发广告"])
def test_what_members_are_not_to_do_is_said(copilot: Copilot, rule: str) -> None:
    assert rule in draft(copilot, f"周六上午九点湖边拍鸟，集合在西门，{rule}").text


@pytest.mark.parametrize(
    ("brief", "fact"),
    [
        ("老板娘早上说：周日照常营业", "照常营业"),
        ("店长昨晚跟我说周日照常营业", "照常营业"),
        ("小吴刚才跟我说陶艺课改到周日上午十点", "陶艺课改到周日"),
    ],
)
def test_who_told_the_operator_is_not_posted(copilot: Copilot, brief: str, fact: str) -> None:
    text = draft(copilot, brief).text
    assert fact in text
    assert not [words for words in ("老板娘", "店长", "小吴", "说：", "跟我说") if words in text]


@pytest.mark.parametrize(
    ("brief", "left"),
    [
        ("集合：西门，电话13800001234，九点到", "西门，九点到"),
        ("- 西门集合，小吴13800001234，带水", "西门集合，带水"),
    ],
)
def test_a_number_taken_out_leaves_no_stray_punctuation(copilot: Copilot, brief: str, left: str) -> None:
    assert left in draft(copilot, brief).text
