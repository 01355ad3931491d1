"""Cutting documents: within the budget, with nothing lost, and back to the exact characters."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.playbook.chunking import Chunk, chunk, find_quote, locate
from copilot.playbook.documents import Document
from copilot.playbook.spans import Article, Blemish
from copilot.tokens import count_tokens


def document(text: str, *blemishes: Blemish, articles: tuple[Article, ...] = ()) -> Document:
    return Document(source="a.md", title="标题", text=text, sha256="", blemishes=blemishes, articles=articles)


def cut(text: str, budget: int = 400) -> tuple[Chunk, ...]:
    return chunk(document(text), budget)


def blemish(text: str, words: str, action: str = "drop") -> Blemish:
    start = text.index(words)
    return Blemish(start=start, end=start + len(words), action=action, kind="missing_word", reason="缺字")


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "# 总则",
            "## 欢迎新人",
            "### 常见误区",
            "1. 缺少互动",
            "2、群越多越好",
            "（1）先找人",
            "一、准备",
            "第一步 列清单",
            "【入群欢迎】",
            "解决方案:",
            "活动规则：",
            "怎么办",
            "Q：几点开始？",
            "A：晚上8点。",
            "- 有人刷屏",
            "| 时间 | 谁 |",
            "| --- | --- |",
            "| 8点 | 小林 |",
            "<!-- rules: a-b, c -->",
            "<!-- Slide number: 2 -->",
            "<!-- 两行\n的注释 -->",
            "```",
            "    ",
        ]
    ),
    st.text(st.sampled_from("群规活动，。！？ a1:：\t"), max_size=80),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with front matter or none, stretches dropped and marked, and up to three articles."""
    head = draw(st.sampled_from(["", "---\ntitle: 手册\n---\n"]))
    text = head + "\n".join(draw(st.lists(LINES, max_size=25)))
    places = st.lists(st.integers(0, len(text)), max_size=8, unique=True).map(sorted)
    edges = draw(places)
    blemishes = tuple(
        Blemish(start=start, end=end, action=draw(st.sampled_from(["drop", "mark"])), kind="junk", reason="杂")
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    )
    borders = draw(places)[:6]
    articles = tuple(
        Article(start=start, end=end, title=f"文章{start}")
        for start, end in zip(borders[::2], borders[1::2], strict=False)
    )
    return document(text, *blemishes, articles=articles)


def hidden(read: Document) -> set[int]:
    """The places of front matter, comments and dropped stretches."""
    places = {at for found in re.finditer(r"<!--.*?-->", read.text, re.DOTALL) for at in range(*found.span())}
    if found := re.match(r"---[ \t]*\n.*?^---[ \t]*(?:\n|\Z)", read.text, re.DOTALL | re.MULTILINE):
        places |= set(range(found.end()))
    for dropped in read.blemishes:
        if dropped.action == "drop":
            places |= set(range(dropped.start, dropped.end))
    return places


@given(read=documents(), budget=st.integers(1, 60))
def test_every_character_lies_in_exactly_one_chunk_and_is_found_again(read: Document, budget: int) -> None:
    chunks = chunk(read, budget)
    covered = [at for made in chunks for piece in made.pieces for at in range(piece.start, piece.start + piece.length)]
    left_out = hidden(read)
    wanted = {at for at, character in enumerate(read.text) if not character.isspace()} - left_out
    assert covered == sorted(set(covered))
    assert wanted <= set(covered)
    assert not left_out & set(covered)
    assert len({made.chunk_id for made in chunks}) == len(chunks)
    for made in chunks:
        stretches = [read.text[start:end] for start, end in locate(made, 0, len(made.text))]
        assert "".join(stretches).replace("\n", "") == made.text.replace("\n", "")
        assert all(
            made.text[piece.offset :].startswith(read.text[piece.start :][: piece.length]) for piece in made.pieces
        )
        assert made.text == made.text.strip() != ""


@given(read=documents(), data=st.data())
def test_a_stretch_of_a_chunk_is_located_to_the_character(read: Document, data: st.DataObject) -> None:
    for made in chunk(read, 30):
        start = data.draw(st.integers(0, len(made.text)))
        end = data.draw(st.integers(start, len(made.text)))
        found = "".join(read.text[first:last] for first, last in locate(made, start, end))
        assert found.replace("\n", "") == made.text[start:end].replace("\n", "")
        assert len(made.text[start:end]) - len(found) <= made.text[start:end].count("\n")


@given(read=documents())
def test_a_marked_stretch_is_marked_in_the_chunk_it_stands_in(read: Document) -> None:
    chunks = chunk(read, 30)
    marked = [
        read.text[first:last]
        for made in chunks
        for mark in made.marks
        for first, last in locate(made, mark.start, mark.end)
    ]
    left_out = hidden(read)
    wanted = "".join(
        read.text[at]
        for found in read.blemishes
        for at in range(found.start, found.end)
        if found.action == "mark" and at not in left_out
    )
    assert "".join("".join(marked).split()) == "".join(wanted.split())


@given(text=st.text(st.sampled_from("群规活动，。！？\n 一"), max_size=600), budget=st.integers(8, 80))
def test_no_chunk_is_over_the_budget(text: str, budget: int) -> None:
    assert all(count_tokens(made.text) <= budget for made in cut(text, budget))


def test_a_dropped_caption_joins_a_heading_and_its_body_and_nothing_dropped_is_shown() -> None:
    text = "一、签到\n图1 签到现场\n先到先签，节省群运营秘籍时间。"
    (made,) = chunk(document(text, blemish(text, "图1 签到现场"), blemish(text, "群运营秘籍")))
    assert made.text == "一、签到\n先到先签，节省时间。"
    start, end = find_quote(made, "节省时间") or (0, 0)
    assert [text[first:last] for first, last in locate(made, start, end)] == ["节省", "时间"]


def test_a_marked_stretch_stays_and_says_why() -> None:
    text = "活动要和,一起办。"
    (made,) = chunk(document(text, blemish(text, "和,一起", "mark")))
    assert made.text == text
    assert [(made.text[mark.start : mark.end], mark.kind, mark.reason) for mark in made.marks] == [
        ("和,一起", "missing_word", "缺字")
    ]


@pytest.mark.parametrize("quote", ["先签到,再领 ＡＢＣ券。", "先签到，再领abc券", "再领\nABC"])
def test_a_quote_is_found_whatever_its_widths_capitals_and_blanks(quote: str) -> None:
    (made,) = cut("当天：先签到，\n\n再领ABC券。")
    start, end = find_quote(made, quote) or (0, 0)
    assert made.text[start:end].replace("\n", "") in "先签到，再领ABC券。"
    assert end > start


@pytest.mark.parametrize("quote", ["", "  ", "没写的话"])
def test_a_quote_that_is_not_there_is_not_found(quote: str) -> None:
    (made,) = cut("当天先签到。")
    assert find_quote(made, quote) is None


def test_a_chunk_is_the_same_after_json() -> None:
    text = "活动要和,一起办。"
    (made,) = chunk(document(text, blemish(text, "和,", "mark")))
    assert Chunk.model_validate_json(made.model_dump_json()) == made


def test_a_section_names_its_headings_rules_and_sides() -> None:
    text = (
        "# 公告\n开头。\n\n## 只讲一件事\n<!-- rules: one-thing, short -->\n\n写短。\n\n"
        "## 两种说法：几点发？\n<!-- disagreement: when | a: at-noon, at-night | b:  -->\n\n看人。\n"
    )
    intro, advice, sides = cut(text)
    assert (intro.path, intro.rules) == (("公告",), ())
    assert (advice.section, advice.rules) == ("公告 › 只讲一件事", ("one-thing", "short"))
    assert "<!--" not in advice.text
    assert sides.disagreement is not None
    assert (sides.disagreement.id, sides.disagreement.a, sides.disagreement.b) == ("when", ("at-noon", "at-night"), ())
    assert sides.rules == ("at-noon", "at-night")


def test_a_section_that_names_its_rules_is_kept_whole() -> None:
    body = "这一条要写清楚。" * 60
    assert len(cut(f"# 一\n\n## 二\n<!-- rules: a -->\n\n{body}\n", budget=400)) == 1
    assert len(cut(f"# 一\n\n## 二\n\n{body}\n", budget=400)) > 1


def test_a_section_too_long_is_cut_into_parts_about_equally_long() -> None:
    first, second = cut("# 一\n\n" + "\n\n".join("这一段写清楚一件事，写到能照着做。" * 3 for _ in range(8)))
    assert abs(len(first.text) - len(second.text)) < 80


def test_a_heading_without_a_body_is_never_served_alone() -> None:
    assert [made.text for made in cut("# 甲\n\n## 乙\n正文。\n\n# 丙\n")] == ["# 甲\n## 乙\n正文。\n# 丙"]


def test_a_heading_with_a_few_leading_words_goes_with_what_stands_under_it() -> None:
    text = "# 办活动\n做好下面两点\n\n## 定目标\n写成一句话。\n\n# 电话\n值班表里有\n\n# 退款\n七天内。\n"
    assert [made.text for made in cut(text)] == [
        "# 办活动\n做好下面两点\n## 定目标\n写成一句话。",
        "# 电话\n值班表里有",
        "# 退款\n七天内。",
    ]


def test_a_label_goes_with_what_it_introduces() -> None:
    text = "一、没人说话\n" + "群里三天没有人开口。" * 20 + "\n解决办法：\n" + "每天抛一个好回答的问题。" * 20
    first, second = cut(text)
    assert not first.text.endswith("：")
    assert second.text.startswith("解决办法：\n")


def test_a_table_is_cut_between_rows_and_each_part_names_its_columns() -> None:
    rows = [f"| 6月{day}日 | 发第{day}条公告，写清楚时间和地点 |" for day in range(1, 29)]
    chunks = cut("# 排期\n\n| 日期 | 做什么 |\n| --- | --- |\n" + "\n".join(rows))
    assert len(chunks) > 1
    assert chunks[0].path == ("排期",)
    assert {made.path for made in chunks[1:]} == {("排期", "表头：日期 做什么")}
    assert [line for made in chunks for line in made.text.split("\n") if line.startswith("| 6月")] == rows


def test_a_question_stays_with_its_answer() -> None:
    pairs = "\n\n".join(
        f"问：第{number}个问题是什么？\n答：这是第{number}个回答，写得稍微长一点点。" for number in range(6)
    )
    for made in cut(pairs, budget=60):
        assert made.text.count("问：") == made.text.count("答：") > 0


def test_ids_stay_when_another_section_changes() -> None:
    before = cut("# 甲\n一。\n\n# 乙\n二。\n")
    after = cut("# 甲\n改了很多字。\n\n# 乙\n二。\n")
    assert before[1].chunk_id == after[1].chunk_id
    assert before[0].chunk_id != after[0].chunk_id


@pytest.mark.parametrize("text", ["", "\n\n", "<!-- 只有注释 -->", "---\ntitle: 空\n---\n"])
def test_nothing_gives_no_chunks(text: str) -> None:
    assert cut(text) == ()


@pytest.mark.parametrize(
    "text", ["群" * 100_000, "<!--" * 25_000, "# " * 50_000, "（一" * 50_000, "| " * 50_000, "|" + "-" * 50_000 + "好"]
)
def test_a_hostile_line_does_not_hang(text: str) -> None:
    began = time.monotonic()
    cut(text)
    assert time.monotonic() - began < 10


def test_tokens_are_counted_without_a_network_and_special_words_are_text() -> None:
    assert count_tokens("<|endoftext|>") > 1
