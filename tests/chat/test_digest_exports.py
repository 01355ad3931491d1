"""A digest as a report for the exports and as a card: what the texts say, no more and no less."""

from datetime import UTC, datetime

from copilot import Draft
from copilot.records import Part, Request
from copilot.tasks.digest.exporting import digest_card, digest_report, entries_of, sections_of

GROUP = """【雨燕跑团日报｜11月20日】
大家好，没空爬楼的朋友看这里：

▪ 定了的事
· 周日改到 6:40 集合

▪ 还在等答复的
· 储物柜怎么租？"""
DESK = """一句话：最要紧的是储物柜怎么租【11/20 07:30 海带】；共 1 个问题没有答复。
依据：12 条消息、5 位成员。
有 1 条说法与原消息对不上，已经删去。

■ 先处理
1. 没有答复：储物柜怎么租？【11/20 07:30 海带】【11/20 12:20 海带】

■ 承诺与待办
阿满：
· [未完成] 发健康表（期限：今晚）【11/20 08:10 阿满】；后来：“发了”【11/20 20:01 阿满】
运营：
· 答复“储物柜怎么租？”【11/20 07:30 海带】

■ 投诉与不满
· 码头太滑（未结）
  提出：浪花
  经过：“太滑了”【11/20 09:00 浪花】 → “明天铺垫子”【11/20 09:30 阿满】

■ 广告与违规
· 好运来：【兼职】招人【11/20 11:20 好运来】，没有看到处理"""


def digest(group: str = GROUP, desk: str = DESK) -> Draft:
    parts = [Part(name="group", title="群日报", text=group)] if group else []
    return Draft(
        id="1",
        kind="digest",
        writer="offline",
        text=f"{group}\n\n{desk}",
        parts=(*parts, Part(name="desk", title="运营台账", readers="team", text=desk)),
        structure={
            "group": "雨燕跑团",
            "totals": {"messages": 12, "members": 5, "first": "2026-11-20 07:02", "last": "2026-11-20 20:01"},
            "unanswered": [{}],
            "action_items": [{"status": "overdue"}, {"status": "open"}],
            "complaints": [{"status": "resolved"}],
        },
        request=Request(brief={}),
        created=datetime.now(UTC),
    )


def entries(title: str) -> list[tuple[str, tuple[str, ...]]]:
    found = next(one for one in sections_of(DESK) if one.title == title)
    return [(one.text, one.receipts) for one in entries_of(found)]


def test_a_report_has_every_section_with_its_figures_and_what_stands_behind_it() -> None:
    report = digest_report(digest())
    assert report.title == "雨燕跑团群日报"
    assert report.lead.startswith("一句话：最要紧的是储物柜怎么租")
    assert dict(report.figures) == {"消息": "12", "成员": "5", "没有答复": "1", "逾期": "1", "投诉未结": "0"}
    titles = [section.title for section in report.sections]
    assert titles == ["先处理", "承诺与待办", "投诉与不满", "广告与违规", "群日报"]
    assert report.footer == "依据：12 条消息、5 位成员。有 1 条说法与原消息对不上，已经删去。"


def test_the_receipts_at_the_end_of_an_entry_stand_beside_it_and_those_within_stay() -> None:
    assert entries("先处理") == [("没有答复：储物柜怎么租？", ("11/20 07:30 海带", "11/20 12:20 海带"))]
    first, second = entries("承诺与待办")
    assert first == ("阿满：[未完成] 发健康表（期限：今晚）【11/20 08:10 阿满】；后来：“发了”", ("11/20 20:01 阿满",))
    assert second == ("运营：答复“储物柜怎么租？”", ("11/20 07:30 海带",))


def test_lines_that_go_on_belong_to_the_entry_above() -> None:
    ((text, receipts),) = entries("投诉与不满")
    assert text.startswith("码头太滑（未结）；提出：浪花；经过：“太滑了”【11/20 09:00 浪花】")
    assert receipts == ("11/20 09:30 阿满",)


def test_brackets_of_a_members_own_are_no_receipts() -> None:
    ((text, receipts),) = entries("广告与违规")
    assert "【兼职】招人" in text
    assert receipts == ()


def test_a_card_holds_the_lines_for_the_group_and_nothing_of_the_operators_page() -> None:
    card = digest_card(digest())
    assert card is not None
    assert (card.title, card.subtitle, card.lead) == ("雨燕跑团日报", "11月20日", "大家好，没空爬楼的朋友看这里：")
    assert [(one.title, [entry.text for entry in one.entries]) for one in card.sections] == [
        ("定了的事", ["周日改到 6:40 集合"]),
        ("还在等答复的", ["储物柜怎么租？"]),
    ]
    assert (card.figures, card.footer) == ((), "")


def test_a_text_that_the_operator_wrote_anew_becomes_a_card_all_the_same() -> None:
    card = digest_card(digest(group="今天没什么大事。\n周日见！"))
    assert card is not None
    assert card.lead == "今天没什么大事。 周日见！"
    assert card.title == "群日报"


def test_without_a_text_for_the_group_there_is_no_card() -> None:
    assert digest_card(digest(group="")) is None
