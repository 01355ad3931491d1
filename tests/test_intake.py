"""Intake: any file or mapping becomes fields of text; nothing typed is lost, nothing is interpreted."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import CopilotError, EmptyInputError, EncodingError, InputError, InputTooLargeError
from copilot.facts.brief import clauses, read_brief, sentences, split_label
from copilot.facts.intake import MAX_FIELDS, decode, read_fields, read_file

LIMIT = 1_000_000
NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
TEXT = "周六早上七点半，清水河边慢跑。\n报名写“大人+孩子人数”——免费！"

words = st.text(
    st.characters(whitelist_categories=["Lo", "Lu", "Ll", "Nd"], max_codepoint=0x9FFF), min_size=1, max_size=12
)
plain_values = st.recursive(
    words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=8
)


def pairs(source: Any, suffix: str = "") -> dict[str, str]:
    return {field.path: field.text for field in read_fields(source, suffix=suffix)}


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
    def test_chinese_text_is_read_in_the_encodings_that_windows_writes(self, encoding: str) -> None:
        assert decode(TEXT.encode(encoding), LIMIT) == TEXT

    @given(st.text(st.characters(whitelist_categories=["Lo", "Lu", "Nd", "Po"], max_codepoint=0xFFFF), max_size=50))
    def test_utf8_comes_back_unchanged(self, text: str) -> None:
        assert decode(text.encode(), LIMIT) == text.removeprefix("\ufeff")

    @pytest.mark.parametrize(
        "data",
        [
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
            b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00" + bytes(range(256)),
            bytes(range(256)) * 8,
            b"\x00" * 100,
        ],
    )
    def test_binary_is_refused_with_the_fix(self, data: bytes) -> None:
        with pytest.raises(EncodingError, match="UTF-8"):
            decode(data, LIMIT)

    def test_windows_line_ends_become_plain_ones(self) -> None:
        assert decode(b"a\r\nb\rc", LIMIT) == "a\nb\nc"

    @given(st.binary(max_size=200))
    def test_any_bytes_are_text_or_a_named_error(self, data: bytes) -> None:
        try:
            text = decode(data, LIMIT)
        except EncodingError:
            return
        assert "\0" not in text
        text.encode()


class TestFiles:
    def test_a_file_at_the_limit_is_read_and_one_over_it_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "brief.txt"
        path.write_bytes(b"a" * 100)
        assert len(read_file(path, 100)) == 100
        with pytest.raises(InputTooLargeError, match="COPILOT_MAX_INPUT_BYTES"):
            read_file(path, 99)

    @pytest.mark.parametrize("name", ["absent.txt", "", "nul\0byte", "long" * 200])
    def test_what_is_no_file_is_refused(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(InputError):
            read_file(tmp_path / name, LIMIT)


class TestFormats:
    def test_yaml_json_and_free_text_are_told_apart(self) -> None:
        assert pairs("群名: 晨跑群\n时间: 20:00") == {"群名": "晨跑群", "时间": "20:00"}
        assert pairs('{"群名": "晨跑群", "人数": 160}') == {"群名": "晨跑群", "人数": "160"}
        assert pairs("周六晨跑：七点半集合") == {"": "周六晨跑：七点半集合"}
        assert pairs("[通知] 周六晨跑") == {"": "[通知] 周六晨跑"}
        assert pairs("注意: 明天停水") == {"": "注意: 明天停水"}

    def test_comments_of_a_yaml_brief_are_not_read_and_a_heading_is_no_comment(self) -> None:
        assert pairs("# 示例\n---\n群名: 晨跑群\n# 下面是时间\n时间: 20:00") == {"群名": "晨跑群", "时间": "20:00"}
        assert pairs("# 周六晨跑\n时间：七点半") == {"": "# 周六晨跑\n时间：七点半"}
        assert pairs("# 周六晨跑") == {"": "# 周六晨跑"}

    def test_scalars_stay_the_words_that_were_typed(self) -> None:
        source = "a: 20:00\nb: no\nc: 2026-03-02\nd: 010\ne: 1_000\nf: 3.10\ng: 1e3"
        assert list(pairs(source, ".yaml").values()) == ["20:00", "no", "2026-03-02", "010", "1_000", "3.10", "1e3"]
        assert pairs('{"price": 3.10, "big": 12345678901234567890}') == {"price": "3.10", "big": "12345678901234567890"}

    def test_a_key_that_stands_twice_keeps_both_values(self) -> None:
        for text, suffix in (('{"时间": "周六", "时间": "周日"}', ".json"), ("时间: 周六\n时间: 周日", ".yaml")):
            assert [field.text for field in read_fields(text, suffix=suffix)] == ["周六", "周日"]

    def test_paths_name_lists_and_nested_keys(self) -> None:
        assert pairs({"a": {"b": ["x", "y"]}}) == {"a.b[0]": "x", "a.b[1]": "y"}

    def test_python_values_are_spelled_for_people(self) -> None:
        value = {"a": True, "b": date(2026, 3, 2), "c": datetime(2026, 3, 2, 9, 0), "d": None, 5: 3.5}  # noqa: DTZ001
        assert pairs(value) == {"a": "是", "b": "2026-03-02", "c": "2026-03-02 09:00", "5": "3.5"}

    def test_lines_are_counted_from_one(self) -> None:
        assert [field.line for field in read_fields("a: x\nb:\n  - y\n  - z")] == [1, 3, 4]
        assert [field.line for field in read_fields('{\n"a": "x",\n"b": "y"}')] == [2, 3]
        assert [field.line for field in read_fields('{\n"a": "一样",\n"b": ["一样",\n"一样"]}')] == [2, 3, 4]

    def test_a_broken_file_with_a_suffix_names_its_line(self) -> None:
        with pytest.raises(InputError, match="第 2 行"):
            read_fields('{"a": 1,\n"b" 2}', suffix=".json")
        with pytest.raises(InputError, match="第 2 行"):
            read_fields("a: [1\nb: 2", suffix=".yaml")

    def test_half_a_character_is_replaced(self) -> None:
        assert pairs('{"a": "x\\ud800y"}') == {"a": "x\ufffdy"}
        assert pairs({"a": "x\ud800y"}) == {"a": "x\ufffdy"}

    @given(st.dictionaries(words, plain_values, min_size=1, max_size=4))
    def test_no_word_of_a_structured_brief_is_lost(self, value: dict[str, Any]) -> None:
        said = leaves(value)
        for source, suffix in (
            (value, ""),
            (json.dumps(value), ".json"),
            (yaml.safe_dump(value, allow_unicode=True, default_style='"', sort_keys=False), ".yaml"),
        ):
            if said:
                assert [field.text for field in read_fields(source, suffix=suffix)] == said


class TestHostileInput:
    @pytest.mark.parametrize("suffix", ["", ".json", ".yaml"])
    @pytest.mark.parametrize("text", ["", "  \n\t", "\ufeff ", "\0"])
    def test_nothing_is_refused(self, text: str, suffix: str) -> None:
        with pytest.raises(EmptyInputError):
            read_fields(text.replace("\ufeff", ""), suffix=suffix)

    @pytest.mark.parametrize("value", [{}, {"a": None}, {"a": []}, {"a": "  "}])
    def test_a_mapping_with_nothing_in_it_is_refused(self, value: dict[str, Any]) -> None:
        with pytest.raises(EmptyInputError):
            read_fields(value)

    def test_a_yaml_bomb_is_refused_at_once(self) -> None:
        bomb = "a: &a [x, x]\n" + "".join(
            f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )
        with pytest.raises(InputError, match="引用"):
            read_fields(bomb, suffix=".yaml")

    @pytest.mark.parametrize(
        ("text", "suffix"),
        [
            ("[" * 100_000, ""),
            ("[" * 100_000, ".json"),
            ("[" * 50_000, ".yaml"),
            ('{"a":' * 2000 + "1" + "}" * 2000, ""),
            ("- " * 20_000 + "a", ".yaml"),
            ("? [a, b]\n: c", ".yaml"),
        ],
    )
    def test_deep_or_odd_nesting_is_a_named_error(self, text: str, suffix: str) -> None:
        with pytest.raises(InputError):
            read_fields(text, suffix=suffix)

    def test_deep_mappings_and_too_many_fields_are_refused(self) -> None:
        deep: dict[str, Any] = {"a": "x"}
        for _ in range(30):
            deep = {"a": deep}
        with pytest.raises(InputError, match="嵌套"):
            read_fields(deep)
        with pytest.raises(InputTooLargeError):
            read_fields({"a": ["x"] * (MAX_FIELDS + 1)})

    def test_yaml_tags_are_words_and_run_nothing(self) -> None:
        assert pairs("a: !!python/object/apply:os.system [ls]\nb: 1", ".yaml") == {"a[0]": "ls", "b": "1"}

    @given(st.text(max_size=200), st.sampled_from(["", ".json", ".yaml", ".txt"]))
    def test_any_text_is_fields_or_a_named_error(self, text: str, suffix: str) -> None:
        try:
            fields = read_fields(text, suffix=suffix)
        except CopilotError:
            return
        assert any(field.text.strip() for field in fields)


class TestBrief:
    def test_each_sentence_gets_the_role_its_key_or_its_words_give(self) -> None:
        brief = read_brief(
            {
                "事实": ["周六7:30慢跑", "赞助600元，先别往外说"],
                "草稿": "全员必须来！",
                "内部备注": "预算不多",
                "要求": "提醒大家带水",
            },
            now=NOW,
        )
        assert [(statement.role, statement.text) for statement in brief.statements] == [
            ("fact", "周六7:30慢跑"),
            ("internal", "赞助600元，先别往外说"),
            ("draft", "全员必须来！"),
            ("internal", "预算不多"),
            ("wish", "提醒大家带水"),
        ]

    def test_what_steers_the_text_is_not_announced(self) -> None:
        brief = read_brief("群名: 晨跑群\n语气: 温暖\n事实: 周六慢跑", now=NOW)
        assert brief.meta == {"group": "晨跑群", "tone": "温暖"}
        assert [statement.text for statement in brief.statements] == ["周六慢跑"]

    def test_the_brief_may_say_what_day_it_is_and_the_caller_may_overrule(self) -> None:
        source = "现在: 2026-11-23 上午10点\n事实: 周六慢跑"
        assert read_brief(source, now=NOW).now.isoformat() == "2026-11-23T10:00:00+08:00"
        assert read_brief(source, now=NOW, now_given=True).now == NOW

    def test_an_unknown_key_is_a_fact_under_its_own_name(self) -> None:
        (statement,) = read_brief({"集合地点": "河边凉亭"}, now=NOW).statements
        assert (statement.role, statement.label, statement.text) == ("fact", "集合地点", "河边凉亭")
        assert statement.origin.field == "集合地点"

    def test_a_clock_time_or_a_link_is_no_label(self) -> None:
        assert split_label("7:30 集合") == ("", "7:30 集合")
        assert split_label("https://example.com/a") == ("", "https://example.com/a")
        assert split_label("- 报名截止：周五") == ("报名截止", "周五")

    @given(st.text(st.sampled_from("周六七点半报名免费，。！？；（）“”\n 123"), max_size=80))
    def test_splitting_loses_no_word(self, text: str) -> None:
        def kept(parts: list[str], dropped: str) -> str:
            return "".join(char for char in "".join(parts) if char not in dropped)

        assert kept(sentences(text), " \n。！？；") == kept([text], " \n。！？；")
        assert kept(clauses(text), " \n，。！？；") == kept([text], " \n，。！？；")

    @given(st.lists(words, min_size=1, max_size=6))
    def test_no_statement_is_lost(self, facts: list[str]) -> None:
        brief = read_brief({"facts": facts}, now=NOW)
        said = "".join([statement.text for statement in brief.statements] + list(brief.meta.values()))
        assert all(fact in said for fact in facts)
        assert len({statement.id for statement in brief.statements}) == len(brief.statements)
