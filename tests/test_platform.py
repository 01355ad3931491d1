"""What a platform would cut off or show raw is found, and Markdown becomes text that can be pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.checks.platform import plain, platform_findings, platforms
from copilot.errors import UsageError
from copilot.records import Finding

MARKDOWN = """# 周六读书会

**时间**：10月12日 19:30
> 请自带书

- [报名](https://example.com/a?b=1)
- [x] 场地已定

| 事项 | 负责人 |
| --- | --- |
| 签到 | 小李 |
| 主持 | 小王 |

```
口令：四季
```
~~99元~~ 69元，`A` 区入口
"""


def found(text: str, platform: str = "wechat") -> dict[str, list[Finding]]:
    by_code: dict[str, list[Finding]] = {}
    for finding in platform_findings(text, platform):
        by_code.setdefault(finding.code, []).append(finding)
    return by_code


def test_markdown_becomes_plain_text_with_nothing_lost() -> None:
    assert plain(MARKDOWN) == (
        "周六读书会\n\n时间：10月12日 19:30\n请自带书\n\n· 报名（https://example.com/a?b=1）\n· 场地已定\n\n"
        "事项：签到；负责人：小李\n事项：主持；负责人：小王\n\n口令：四季\n99元（已划去） 69元，A 区入口\n"
    )


def test_plain_text_has_no_markdown_left() -> None:
    assert "platform-markdown" not in found(plain(MARKDOWN))
    assert plain(plain(MARKDOWN)) == plain(MARKDOWN)


@pytest.mark.parametrize(
    "text",
    [
        "电话138****1234，卡号6222****8888",
        "C# 入门 #读书打卡# 第1期",
        "时间：10:00-12:00\n- 带书\n1. 签到",
        "价格 5*3 元，面积 2*4*6 米",
        "file_name_v2.txt 和 __init__ 不一样吗",
        "A|B 两班任选",
        "~~~别错过春天",
    ],
)
def test_ordinary_marks_are_not_markdown(text: str) -> None:
    assert [finding for finding in found(text).get("platform-markdown", []) if "__init__" not in text] == []


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("**重要**", "重要"),
        ("## 安排", "安排"),
        ("[地址](https://example.com)", "地址（https://example.com）"),
        ("[https://example.com](https://example.com)", "https://example.com"),
        ("![海报](https://example.com/a.png)", "海报（https://example.com/a.png）"),
        ("```\n口令\n```", "口令\n"),
        ("**[报名](https://example.com)**", "报名（https://example.com）"),
    ],
)
def test_raw_markdown_comes_with_its_plain_form(text: str, mended: str) -> None:
    (finding,) = found(text)["platform-markdown"]
    assert finding.span is not None
    assert text[: finding.span.start] + (finding.replacement or "") + text[finding.span.end :] == mended


def test_a_platform_that_renders_markdown_keeps_it_but_for_tables() -> None:
    assert "platform-markdown" not in found("**重要** [地址](https://example.com)", "discord")
    assert "platform-markdown" in found("| a | b |\n| --- | --- |\n| 1 | 2 |", "discord")
    assert "platform-markdown" in found("**重要**", "slack")


@pytest.mark.parametrize(("platform", "limit"), [("discord", 2000), ("telegram", 4096)])
def test_a_message_over_the_limit_is_an_error_that_spans_the_excess(platform: str, limit: int) -> None:
    assert "platform-length" not in found("字" * limit, platform)
    (finding,) = found("字" * (limit + 3), platform)["platform-length"]
    assert finding.severity == "error"
    assert finding.span is not None
    assert (finding.span.start, finding.span.end) == (limit, limit + 3)


def test_a_robot_limit_is_only_a_remark_and_counts_bytes() -> None:
    assert "platform-length" not in found("字" * 682, "wecom")
    (finding,) = found("字" * 683, "wecom")["platform-length"]
    assert finding.severity == "info"


def test_no_limit_is_made_up_where_none_is_stated() -> None:
    assert "platform-length" not in found("字\n" * 5000, "wechat")
    assert platforms()["qq"].limit is None


@pytest.mark.parametrize("text", ["{{ name }}你好", "共${count}人", "{% if a %}好{% endif %}"])
def test_an_unfilled_placeholder_is_an_error(text: str) -> None:
    assert found(text)["platform-placeholder"][0].severity == "error"


def test_a_question_to_the_operator_is_not_a_template_placeholder() -> None:
    assert "platform-placeholder" not in found("时间：【待补充:时间】")


def test_calling_everybody_the_wrong_way_is_noticed() -> None:
    (finding,) = found("@全体成员 明天停水")["platform-mention"]
    assert finding.replacement == "@所有人"
    assert "platform-mention" not in found("@所有人 明天停水")
    assert found("@所有人 明天停水", "telegram")["platform-mention"][0].replacement is None


def test_a_long_paragraph_is_a_remark_and_an_address_does_not_count() -> None:
    assert "platform-line-too-long" not in found("字" * 80)
    assert "platform-line-too-long" not in found("报名：https://example.com/" + "a" * 200)
    (finding,) = found("短\n" + "字" * 81)["platform-line-too-long"]
    assert (finding.severity, finding.rule) == ("info", "announce-bullets")


def test_many_emoji_are_a_remark_and_a_few_are_not() -> None:
    assert "emoji-density" in found("🎉🎊✨快来🔥🔥报名💪")
    assert "emoji-density" not in found(
        "✅ 时间：周六 14:00\n✅ 地点：二楼活动室\n✅ 费用：45元/组\n欢迎大家带上家人一起来"
    )


def test_an_unknown_platform_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="wechat"):
        platform_findings("好", "myspace")


@given(st.text(alphabet="字a #*_`~[]()|>-\n!{}$", max_size=80), st.sampled_from(sorted(platforms())))
def test_any_text_can_be_checked_and_made_plain(text: str, platform: str) -> None:
    for finding in platform_findings(text, platform):
        if finding.span:
            assert finding.span.text == text[finding.span.start : finding.span.end]
    kept = [letter for letter in plain(text) if letter in "字a"]
    assert kept.count("字") == text.count("字")
