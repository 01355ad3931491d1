"""Headings of documents with and without markup, and what they say about what stands under them."""

import pytest

from copilot.playbook.chunking import Chunk, chunk
from copilot.playbook.documents import Document
from copilot.playbook.headings import labelled
from copilot.playbook.spans import Article

BODY = "这里写清楚要做的事，写到新来的同事照着就能做。"
LONG = BODY * 20  # most of a chunk's budget: two of them are never one chunk


def cut(text: str, title: str = "手册", articles: tuple[Article, ...] = ()) -> tuple[Chunk, ...]:
    return chunk(Document(source="a.txt", title=title, text=text, sha256="", articles=articles))


def paths(text: str, title: str = "手册") -> list[tuple[str, ...]]:
    return [piece.path for piece in cut(text, title)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("一、建群", "二、拉人"),
        ("（一）建群", "（二）拉人"),
        ("1. 建群", "2. 拉人"),
        ("1.1 建群", "1.2 拉人"),
        ("1)建群", "2)拉人"),
        ("①建群", "②拉人"),
        ("第一步 建群", "第二步 拉人"),
        ("第一章：建群", "第二章：拉人"),
        ("阶段一：建群", "阶段二：拉人"),
        ("Day 1 建群", "Day 2 拉人"),
        ("■ 建群", "■ 拉人"),
        ("**建群**", "**拉人**"),
        ("建群前的准备", "拉人前的准备"),
    ],
)
def test_a_short_line_set_off_or_numbered_is_a_heading(first: str, second: str) -> None:
    assert paths(f"{first}\n\n{LONG}\n\n{second}\n\n{LONG}") == [(first.strip("*"),), (second.strip("*"),)]


@pytest.mark.parametrize(("line", "name"), [("【入群欢迎】", "入群欢迎"), ("活动流程：", "活动流程")])
def test_brackets_and_colons_are_not_part_of_a_headings_name(line: str, name: str) -> None:
    assert paths(f"开场白。{LONG}\n\n{line}\n\n{LONG}") == [(), (name,)]


def test_a_heading_with_the_sign_that_parts_steps_is_one_step() -> None:
    chunks = cut(f"# 会员 › 退款 ›\n\n{LONG}\n\n## ›\n\n{LONG}")
    assert [piece.section for piece in chunks] == ["会员 > 退款", "会员 > 退款 › #"]


def test_text_without_empty_lines_has_headings_between_whole_sentences() -> None:
    text = f"活动手册\n{LONG}\n报名怎么排\n{LONG}\n签到怎么排\n{LONG}"
    assert paths(text) == [("活动手册",), ("报名怎么排",), ("签到怎么排",)]


def test_a_numbered_heading_may_be_a_sentence_or_end_in_a_colon() -> None:
    text = f"一、先想清楚这两件事：\n\n1、为谁办\n\n{LONG}\n\n2、谁来管：能交给机器的就交给机器。\n\n{LONG}"
    assert paths(text) == [
        ("一、先想清楚这两件事", "1、为谁办"),
        ("一、先想清楚这两件事", "2、谁来管：能交给机器的就交给机器。"),
    ]


def test_a_kind_of_number_stands_under_the_kind_before_it_and_goes_back_up() -> None:
    text = "\n\n".join(
        f"{name}\n\n{LONG}"
        for name in ("一、筹备", "1、找场地", "第一步 列清单", "第二步 打电话", "2、定时间", "二、当天", "1、签到")
    )
    assert paths(text) == [
        ("一、筹备",),
        ("一、筹备", "1、找场地"),
        ("一、筹备", "1、找场地", "第一步 列清单"),
        ("一、筹备", "1、找场地", "第二步 打电话"),
        ("一、筹备", "2、定时间"),
        ("二、当天",),
        ("二、当天", "1、签到"),
    ]


def test_plain_headings_cut_a_markdown_section_that_is_too_long() -> None:
    assert paths(f"# 活动\n\n1、筹备\n\n{LONG}\n\n2、当天\n\n{LONG}\n") == [("活动", "1、筹备"), ("活动", "2、当天")]


def test_numbered_steps_that_fit_stay_one_unit() -> None:
    (piece,) = cut("二、办活动\n\n1、筹备\n\n先找场地。\n\n2、当天\n\n提前签到。\n\n3、收尾\n\n当晚复盘。")
    assert piece.path == ("二、办活动",)
    assert piece.text.endswith("3、收尾\n当晚复盘。")


def test_a_numbered_list_and_a_menu_are_no_headings() -> None:
    text = f"登录\n\n注册\n\n忘记密码\n\n报名要带三样东西。\n1、身份证\n2、学生证\n3、缴费记录\n{LONG}\n\n{LONG}"
    assert set(paths(text)) == {()}


def test_a_hash_in_code_is_no_heading() -> None:
    assert paths("# 甲\n\n```\n# 乙\n```\n") == [("甲",)]


def test_each_slide_is_a_page_with_its_own_headings() -> None:
    text = "<!-- Slide number: 1 -->\n# 群规\n写短。\n\n<!-- Slide number: 2 -->\n没有标题的一页。\n"
    assert paths(text) == [("第 1 页", "群规"), ("第 2 页",)]


def test_an_answers_label_belongs_to_the_section_above() -> None:
    (piece,) = cut("一、没人说话\n群里三天没有人开口。\n解决办法：\n每天抛一个好回答的问题。")
    assert piece.path == ("一、没人说话",)


def test_a_heading_that_states_a_mistake_says_so_and_keeps_its_body() -> None:
    text = "建群的五个误区\n\n1、群越多越好\n\n群多了没人管。\n\n2、不用立规矩\n\n没规矩就会乱。\n\n怎样避开\n\n先想为谁办。"
    first, second, last = cut(text, title="建群的五个误区")
    assert first.path == ("建群的五个误区", "误区：1、群越多越好")
    assert first.text == "建群的五个误区\n1、群越多越好\n群多了没人管。"
    assert second.path[-1] == "误区：2、不用立规矩"
    assert last.path == ("怎样避开",)


@pytest.mark.parametrize(
    ("name", "above", "shown"),
    [
        ("三、天天都要热闹", "新手常见错误", "误区：三、天天都要热闹"),
        ("缺乏解决纠纷的办法", "运营十大禁忌", "误区：缺乏解决纠纷的办法"),
        ("进群没门槛", "千万不要做的六件事", "误区：进群没门槛"),
        ("没人说话", "常见问题与对策", "问题：没人说话"),
        ("误区一：群越多越好", "五个误区", "误区一：群越多越好"),
        ("正确做法", "五个误区", "正确做法"),
        ("总结", "五个误区", "总结"),
        ("2、建立群规", "避开这些坑：新手避坑指南", "2、建立群规"),
        ("怎么退款？", "常见问题", "怎么退款？"),
        ("群越多越好", "建群指南", "群越多越好"),
        ("不要刷屏", "群规", "不要刷屏"),
    ],
)
def test_only_what_states_a_mistake_is_labelled(name: str, above: str, shown: str) -> None:
    assert labelled(name, above) == shown


def test_two_articles_in_a_file_are_told_apart() -> None:
    one, two = (f"{name}\n\n1、定目标\n\n{LONG}\n\n2、找人\n\n{LONG}\n\n" for name in ("拉新指南", "留存指南"))
    articles = (
        Article(start=0, end=len(one), title="拉新指南"),
        Article(start=len(one), end=len(one + two), title="留存指南"),
    )
    pieces = cut(one + two, articles=articles)
    assert [piece.path for piece in pieces] == [
        ("拉新指南", "1、定目标"),
        ("拉新指南", "2、找人"),
        ("留存指南", "1、定目标"),
        ("留存指南", "2、找人"),
    ]
    assert len({piece.chunk_id for piece in pieces}) == len(pieces)
