"""A model's orders are not passed on to the group."""

from pathlib import Path

import pytest

from copilot import Copilot
from copilot.checks.echo import echo_findings
from copilot.checks.mending import mend
from copilot.settings import PROMPTS


def found(text: str, *said: str) -> list[str]:
    return [one.span.text for one in echo_findings(text, said) if one.span]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("修鞋日改到周六。没有核实的说法不能当事实写出去。", "不能当事实写出去"),
        ("大家好，下面是运营手册：周六修鞋。", "下面是运营手册"),
        ("只用 <items> 和 <gaps> 里的内容写：周六修鞋", "只用 <items> 和 <gaps> 里的内容写"),
        ("照 <items> 来：周六修鞋", "<items>"),
        ("像群里的熟人说话，周六修鞋", "像群里的熟人说话"),
        ("周六修鞋，简短直白，老人也一眼看懂", "简短直白，老人也一眼看懂"),
        ("字段按下面的次序排好了，周六修鞋", "字段按下面的次序"),
        ("程序先写了一份 稳妥但生硬的，见谅", "程序先写了一份 稳妥但生硬的"),
    ],
)
def test_a_clause_of_a_prompt_in_a_draft_is_found(text: str, words: str) -> None:
    assert found(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "周六早上九点在槐树里修鞋，自带旧鞋，不舒服先问专业人员。",
        "来不来由自己定，去不去由人自己定。",
        "谢谢大家走过这一段。看到回复 1，参加的报好名回复1。",
        "【待补充:咨询入口】有疑问找【待核实:陈师傅】。",
        "这一项还没有结论，还在核实，晚上八点再来说。",
        "这个群做什么、哪些不发、发了怎么处理、想分享怎么办",
        "名额有限、先到先得",  # what the prompts forbid is other checks' matter
        "Our statement lists the benefits and messages of each action.",
        "尺码 <42 的 <b>现货</b>",
        "",
    ],
)
def test_what_a_prompt_shows_forbids_or_shares_with_everyday_talk_is_none(text: str) -> None:
    assert found(text) == []


def test_what_the_operator_or_the_product_says_itself_may_be_said() -> None:
    text = "口令卡上写着：像群里的熟人说话。"
    assert found(text)
    assert found(text, "口令卡的内容：“像群里的熟人说话”") == []


def test_a_copied_order_is_taken_out_and_the_rest_stays() -> None:
    mended = mend("周六修鞋，没有核实的说法不能当事实写出去，自带旧鞋。", lambda text: echo_findings(text, ()))
    assert mended == "周六修鞋，自带旧鞋。"


@pytest.mark.parametrize("path", sorted(PROMPTS.glob("*.system.*.jinja")), ids=lambda path: path.name)
def test_every_system_prompt_would_be_noticed(path: Path) -> None:
    assert found(path.read_text(encoding="utf-8"))


def test_the_label_of_a_gap_is_no_echo_though_a_prompt_names_it() -> None:
    draft = Copilot().draft_announcement("周三晚上活动，群名：春风里", writer="offline")
    assert "地点或线上方式" in draft.text
    assert not [finding for finding in draft.findings if finding.code == "prompt-echo"]
