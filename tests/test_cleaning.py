import json
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.lore import load_yaml
from copilot.playbook.cleaning import find_articles, find_blemishes
from copilot.playbook.spans import Blemish
from copilot.settings import KNOWLEDGE

PAGES = sorted((Path(__file__).parent / "data" / "pages").glob("*.txt"))
SHARED = Path(__file__).parents[2] / "shared"
SEEDS = SHARED / "seeds"
TOKEN = re.compile(r"⟪([-?#])|⟫")
COVERED = 0.8


class Page(NamedTuple):
    """An invented page: its text, the stretches to be dropped and marked, and where its articles start."""

    text: str
    spans: list[tuple[int, int, str]]
    articles: list[int]


def load_page(path: Path) -> Page:
    raw, text, place = path.read_text(encoding="utf-8"), "", 0
    opened: list[tuple[int, str] | None] = []
    spans: list[tuple[int, int, str]] = []
    articles: list[int] = []
    for found in TOKEN.finditer(raw):
        text += raw[place : found.start()]
        place = found.end()
        if found[1] == "#":
            articles.append(len(text))
            opened.append(None)
        elif found[1]:
            opened.append((len(text), "drop" if found[1] == "-" else "mark"))
        elif span := opened.pop():
            spans.append((span[0], len(text), span[1]))
    return Page(text + raw[place:], spans, articles)


def is_covered(blemishes: tuple[Blemish, ...], start: int, end: int, action: str) -> bool:
    overlaps = (min(b.end, end) - max(b.start, start) for b in blemishes if b.action == action)
    return sum(max(0, overlap) for overlap in overlaps) >= COVERED * (end - start)


def recall(found: list[tuple[str, bool]], action: str) -> float:
    right = [ok for kind, ok in found if kind == action]
    return sum(right) / len(right)


def without_drops(text: str) -> str:
    kept, place = "", 0
    for blemish in find_blemishes(text):
        if blemish.action == "drop":
            kept, place = kept + text[place : blemish.start], blemish.end
    return kept + text[place:]


def kinds(text: str) -> list[str]:
    return [blemish.kind for blemish in find_blemishes(text)]


def test_most_junk_and_damage_of_the_invented_pages_is_found() -> None:
    found = []
    for path in PAGES:
        page = load_page(path)
        blemishes = find_blemishes(page.text)
        found += [(action, is_covered(blemishes, start, end, action)) for start, end, action in page.spans]
    assert recall(found, "drop") >= 0.95
    assert recall(found, "mark") >= 0.9


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_nothing_else_of_a_page_is_dropped(path: Path) -> None:
    page = load_page(path)
    junk = {at for start, end, action in page.spans if action == "drop" for at in range(start, end)}
    for blemish in find_blemishes(page.text):
        if blemish.action == "drop":
            lost = [page.text[at] for at in range(blemish.start, blemish.end) if at not in junk]
            assert not "".join(lost).strip(), blemish


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_articles_of_one_file_start_where_they_do(path: Path) -> None:
    page = load_page(path)
    articles = find_articles(page.text, find_blemishes(page.text))
    assert [article.start for article in articles[1:]] == page.articles[1:]
    assert not articles or (articles[0].start, articles[-1].end) == (0, len(page.text))
    assert all(one.end == other.start for one, other in pairwise(articles))


@pytest.mark.parametrize("path", sorted((KNOWLEDGE / "playbooks").glob("*.md")), ids=lambda path: path.stem)
def test_the_handbook_loses_nothing_and_is_one_article_a_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blemishes = find_blemishes(text)
    assert [blemish for blemish in blemishes if blemish.action == "drop"] == []
    assert sum(blemish.end - blemish.start for blemish in blemishes) < 0.02 * len(text)
    assert find_articles(text, blemishes) == ()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the raw articles are not here")
def test_the_listed_spans_of_the_raw_articles_are_found_and_no_quote_is_touched() -> None:
    appendix = (SHARED / "playbook" / "junk.md").read_text(encoding="utf-8").split("```jsonl")[1].split("```")[0]
    texts = {path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")}
    blemishes = {name: find_blemishes(text) for name, text in texts.items()}
    found = []
    for row in map(json.loads, appendix.strip().splitlines()):
        lines = texts[row["source"]].split("\n")
        offset = sum(len(line) + 1 for line in lines[: row["line"] - 1])
        for hit in list(re.finditer(re.escape(row["string"]), lines[row["line"] - 1]))[: row["n_in_line"]]:
            span = offset + hit.start(), offset + hit.end()
            found.append((row["action"], is_covered(blemishes[row["source"]], *span, row["action"])))
    assert recall(found, "drop") >= 0.9
    assert recall(found, "mark") >= 0.7
    kept = {name: without_drops(text) for name, text in texts.items()}
    for rule in map(json.loads, (SHARED / "playbook" / "rules.jsonl").read_text(encoding="utf-8").splitlines()):
        assert rule["source"] not in kept or rule["quote"] in kept[rule["source"]], rule["id"]
    articles = [len(find_articles(texts[name], blemishes[name])) for name in sorted(texts)]
    assert articles == [2, 0, 0, 0, 4]


def test_a_phrase_stuffed_into_a_sentence_goes_and_the_sentence_joins_again() -> None:
    page = load_page(next(path for path in PAGES if path.stem == "bakery"))
    assert "让老客帮忙试新品" in without_drops(page.text)


def test_words_a_filter_took_are_marked_and_stay_in_the_text() -> None:
    text = "店长每周和会员沟通需求和，再决定下周的活动安排，这样大家都满意。"
    assert kinds(text) == ["missing_word"]
    assert without_drops(text) == text


def test_an_invitation_in_a_collection_of_scripts_is_content() -> None:
    text = "开业话术\n\n一、邀请话术\n欢迎扫描下方二维码加入交流群，记得关注公众号领券！\n"
    assert without_drops(text) == text


def test_rules_on_copying_and_impostors_inside_an_article_are_content() -> None:
    text = (
        "群规怎么写才有人看，关键是短。先写最常被违反的三条，其余的放进群文件里。\n"
        "1、转载文章请注明出处，未经本人同意不得转发照片。\n"
        "2、有人冒充本店客服要求转账时，请截图发给管理员并报警。\n"
        "群规每个季度看一遍，没有人违反的条目可以删掉，免得越写越长没有人看。\n"
    )
    assert without_drops(text) == text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "花田书屋常见问题\n\n问：月卡能停吗？\n答：能，提前一天说。\n\n问：书能带走吗？\n答：不能。",
            "花田书屋常见问题",
        ),
        ("问：书屋的月卡能停卡吗？\n答：能，提前一天说。\n\n问：书能带走吗？\n答：不能。", ""),
        ("书屋的月卡可以停卡吗？\n可以，提前一天说。\n书可以带走吗？\n不可以。", ""),
        ("| 值班的人 | 时段 | 联系的办法 |\n| --- | --- | --- |\n| 小鹿老师 | 白天 | 前台 |", ""),
        ("- 先给新人改备注\n- 再发一遍群规\n- 最后请人自我介绍", ""),
        ("书屋每周一闭馆一天", ""),
        ("体验课名额二十个先到先得\n# 招新的流程\n先发通知再收名单。", ""),
        ("群里发言先看群规。\n不发广告和外链", ""),
    ],
)
def test_only_a_line_that_could_be_one_is_marked_as_the_title(text: str, title: str) -> None:
    marked = [text[one.start : one.end] for one in find_blemishes(text) if one.kind == "title"]
    assert marked == ([title] if title else [])


@pytest.mark.parametrize("heading", ["值班分工", "# 值班分工"])
def test_a_short_list_under_its_heading_is_no_menu(heading: str) -> None:
    assert not find_blemishes(f"{heading}\n\n- 小陶\n- 大瓷管前台\n- 阿窑\n- 老周\n")
    page = f"- 首页\n- 课程\n\n{heading}\n\n- 小陶\n- 大瓷管前台\n- 阿窑\n\n相关推荐\n- 书屋的账\n- 读书会\n版权所有 花田网 ICP备 1234"
    assert without_drops(page).split() == [*heading.split(), "-", "小陶", "-", "大瓷管前台", "-", "阿窑"]


def test_what_a_page_says_of_itself_under_its_title_is_dropped() -> None:
    body = "值班的管理员先打招呼，说清群里能做什么、不能做什么，再把常用的链接一次给齐。"
    assert without_drops(
        f"# 怎样接待新人\n\n点击上方蓝字关注我们\n\n{body}\n\n- END -\n\n微信扫一扫\n\n关注该公众号"
    ).split() == [
        "#",
        "怎样接待新人",
        body,
    ]


def test_tags_of_any_name_are_markup_where_they_have_attributes() -> None:
    assert without_drops('先打招呼，<callout emoji="bulb">再改备注</callout>，价格 <5 元的免单。') == (
        "先打招呼，再改备注，价格 <5 元的免单。"
    )


def test_a_sign_whose_bytes_were_broken_is_marked_with_its_clause() -> None:
    text = "退款当天办，押金\ufffd天内退。其余不变。"
    (mark,) = find_blemishes(text)
    assert (mark.kind, mark.action, text[mark.start : mark.end]) == ("broken", "mark", "押金\ufffd天内退")


def test_half_a_word_that_stands_alone_is_marked() -> None:
    text = "会员盼着看到创玩法，店里每个季度换一次活动主题，老会员才愿意一直来。"
    assert kinds(text) == ["missing_word"]


def test_contacts_and_dates_at_the_end_of_a_document_stay() -> None:
    text = "场地借用办法\n\n借场地要提前三天登记，活动结束后把桌椅放回原处，并请值班人员检查。\n\n电话：13800000000\n2024年3月5日\n"
    assert without_drops(text) == text


def test_fenced_code_is_the_writers_own() -> None:
    text = "# 查询\n\n每周用下面的语句统计一次会员人数，结果贴进周报里，方便对比变化。\n\n```sql\nSELECT id FROM members;\n```\n"
    assert find_blemishes(text) == ()


def test_every_kind_says_why_in_chinese() -> None:
    for kind in load_yaml("junk.yaml")["kinds"].values():
        assert kind["action"] in {"drop", "mark"}
        assert re.search(r"[\u4e00-\u9fff]", kind["reason"])


@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(
                [
                    "首页",
                    "登录",
                    "相关文章",
                    "以上就是全部内容，我们下期见。",
                    "一、准备",
                    "1. 第一件事是选人，选对了后面就省力，选错了天天返工。",
                    "转载请注明出处，本站保留权利。",
                    "【作业】",
                    "---",
                    "```",
                    "交流和，从而提升。",
                ]
            ),
        ),
        max_size=25,
    ).map("\n".join)
)
def test_blemishes_are_in_order_inside_the_text_and_never_overlap(text: str) -> None:
    blemishes = find_blemishes(text)
    assert all(0 <= blemish.start < blemish.end <= len(text) for blemish in blemishes)
    assert all(one.end <= other.start for one, other in pairwise(blemishes))
    articles = find_articles(text, blemishes)
    assert not articles or "".join(text[article.start : article.end] for article in articles) == text


@pytest.mark.parametrize("head", ["---\n", "<!-- 没有结尾\n"])
def test_what_is_never_closed_keeps_no_page_from_being_cleaned(head: str) -> None:
    page = "首页\n登录\n注册\n\n新人进群先打招呼，值班的管理员半小时内回应，再说清群里能做什么。\n\n京ICP备12345678号\n"
    assert {"login", "legal"} <= {blemish.kind for blemish in find_blemishes(head + page)}


def test_code_under_a_list_of_links_is_the_writers_own() -> None:
    text = "新人进群先打招呼，值班的管理员半小时内回应，再说清群里能做什么。\n\n相关文章\n怎么拉新\n怎么留人\n```\nSELECT id\n```\n"
    assert [text[one.start : one.end] for one in find_blemishes(text)] == ["相关文章\n怎么拉新\n怎么留人"]


@pytest.mark.parametrize(
    "unit",
    [
        *("最", "和，", "<a ", "{{ a.", "SELECT a ", "/a-", "首页\n", "。，", "相关文章\n", "[打卡]\n", "【打卡】\n"),
        "希望大家共同进步，不断优化，用心经营才能双赢，大家一起加油努力。\n",
    ],
)
def test_a_hostile_text_takes_time_in_proportion(unit: str) -> None:
    took = []
    for size in (20_000, 80_000):
        text = unit * (size // len(unit)) + "最后这一句是正文，长得足够算作一句完整的话，说明前面都不是结尾。"
        begun = time.process_time()
        find_blemishes(text)
        took.append(time.process_time() - begun)
    assert took[1] < 10 * took[0] + 0.5


def test_a_text_in_another_language_is_no_menu() -> None:
    text = "House rules\n\nPlease reply to new members on the day they join.\n\nDo not post adverts here.\n"
    assert not [one for one in find_blemishes(text) if one.action == "drop"]
    mixed = "馆内守则\n\n新人当天有人打招呼。\n\nPlease reply to all new members on the day they join us.\n"
    assert not [one for one in find_blemishes(mixed) if one.action == "drop"]
