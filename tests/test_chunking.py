"""Cutting documents: along headings, within the budget, and with nothing lost."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.playbook.chunking import Chunk, chunk, clean, count_tokens, sections
from copilot.playbook.documents import Document


def document(text: str, source: str = "a.md") -> Document:
    return Document(source=source, title="标题", text=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def cut(text: str, budget: int = 400) -> tuple[Chunk, ...]:
    return chunk(document(text), budget)


LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "# 总则",
            "## 欢迎新人",
            "### 细则",
            "1. 缺少互动",
            "2、群越多越好",
            "（1）先找人",
            "一、准备",
            "解决方案:",
            "怎么办",
            "Q：几点开始？",
            "A：晚上8点。",
            "- 有人刷屏",
            "<!-- rules: a-b, c -->",
            "<!-- 两行\n的注释 -->",
            "```",
            "    ",
        ]
    ),
    st.text(st.sampled_from("群规活动，。！？ a1:：\t"), max_size=80),
)


@given(lines=st.lists(LINES, max_size=25), budget=st.integers(1, 60), front=st.booleans())
def test_every_character_lies_in_exactly_one_chunk(lines: list[str], budget: int, front: bool) -> None:
    body = "\n".join(lines)
    head = "---\ntitle: 手册\n---\n" if front else ""
    text = head + body
    chunks = cut(text, budget)
    hidden = {at for found in re.finditer(r"<!--.*?-->", text, re.DOTALL) for at in range(*found.span())}
    if found := re.match(r"---[ \t]*\n.*?^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE):
        hidden |= set(range(found.end()))
    wanted = {at for at, character in enumerate(text) if not character.isspace()} - hidden
    covered = [at for piece in chunks for at in range(piece.start, piece.end)]
    assert len(covered) == len(set(covered))
    assert wanted <= set(covered)
    assert all(piece.text == clean(text[piece.start : piece.end]) for piece in chunks)
    assert len({piece.chunk_id for piece in chunks}) == len(chunks)


@given(text=st.text(st.sampled_from("群规活动，。！？\n 一"), max_size=600), budget=st.integers(8, 80))
def test_no_chunk_is_over_the_budget(text: str, budget: int) -> None:
    assert all(count_tokens(piece.text) <= budget for piece in cut(text, budget))


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


def test_a_heading_stays_with_its_body() -> None:
    text = "常见误区\n\n1、微信群越多越好\n群多了没人管，服务跟不上。\n2、天天都要活跃\n宁缺毋滥，不硬凑。\n"
    chunks = chunk(document(text, "a.txt"))
    assert [piece.path[-1] for piece in chunks] == ["1、微信群越多越好", "2、天天都要活跃"]
    assert chunks[0].text.startswith("常见误区\n1、微信群越多越好\n群多了")


def test_a_numbered_list_and_a_menu_are_not_headings() -> None:
    text = "登录\n\n注册\n\n忘记密码\n\n报名要带三样东西。\n1、身份证\n2、学生证\n3、缴费记录。\n"
    assert [section.path for section in sections(document(text, "a.txt"))] == [()]


def test_a_question_stays_with_its_answer() -> None:
    pairs = "\n\n".join(
        f"问：第{number}个问题是什么？\n答：这是第{number}个回答，写得稍微长一点点。" for number in range(6)
    )
    for piece in cut(pairs, budget=60):
        assert piece.text.count("问：") == piece.text.count("答：") > 0


def test_a_hash_in_code_is_no_heading() -> None:
    assert [section.path for section in sections(document("# 甲\n\n```\n# 乙\n```\n"))] == [("甲",)]


def test_ids_stay_when_another_section_changes() -> None:
    before = cut("# 甲\n一。\n\n# 乙\n二。\n")
    after = cut("# 甲\n改了很多字。\n\n# 乙\n二。\n")
    assert before[1].chunk_id == after[1].chunk_id
    assert before[0].chunk_id != after[0].chunk_id


@pytest.mark.parametrize("text", ["", "\n\n", "<!-- 只有注释 -->", "---\ntitle: 空\n---\n"])
def test_nothing_gives_no_chunks(text: str) -> None:
    assert cut(text) == ()


def test_tokens_are_counted_without_a_network_and_special_words_are_text() -> None:
    assert count_tokens("<|endoftext|>") > 1
