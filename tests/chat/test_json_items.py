import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import at_most

from copilot.chat.formats.base import Source
from copilot.chat.formats.json_items import JsonGroups, JsonItems
from copilot.chat.formats.json_lines import JsonLines, json_records
from copilot.chat.formats.json_shape import json_shape

PRETTY = """{
  "title": "读书会",
  "rows": [
    {"id": 1, "text": "早"},
    {
      "id": 2,
      "text": "早呀"
    }
  ],
  "people": [{"id": 9}]
}"""


def test_items_come_with_the_lines_they_begin_and_end_on_and_what_is_around_them() -> None:
    items = JsonItems(PRETTY, "rows")
    found = [(item["id"], line, items.end_line) for item, line in items]
    assert found == [(1, 4, 4), (2, 5, 8)]
    assert items.around == {"title": "读书会", "people": [{"id": 9}]}
    assert items.whole
    assert not items.unread


def test_a_path_leads_through_objects_and_without_one_the_outermost_array_is_read() -> None:
    deep = JsonItems(
        '{"code": 0, "data": {"more": true, "items": [{"a": 1}], "token": "x"}, "msg": "ok"}', "data", "items"
    )
    assert [item for item, _ in deep] == [{"a": 1}]
    assert deep.around == {"code": 0, "more": True, "token": "x", "msg": "ok"}
    assert [item for item, _ in JsonItems('\ufeff [{"a": 1}]')] == [{"a": 1}]


@pytest.mark.parametrize("text", ['{"rows": null}', '{"rows": {"a": 1}}', '{"other": []}', "{}"])
def test_an_array_that_is_not_there_is_not_found(text: str) -> None:
    items = JsonItems(text, "rows")
    assert list(items) == []
    assert not items.found
    assert not items.unread


def test_a_file_that_breaks_off_gives_what_is_whole_and_says_where_it_broke() -> None:
    cut = PRETTY[: PRETTY.index("早呀")]
    items = JsonItems(cut, "rows")
    assert [item["id"] for item, _ in items] == [1]
    assert [(one.line, one.lines) for one in items.unread] == [(5, 3)]
    assert not items.whole


def test_a_file_that_breaks_off_between_items_says_so_too() -> None:
    items = JsonItems('{"rows": [{"id": 1},\n', "rows")
    assert len(list(items)) == 1
    assert [one.why for one in items.unread]


def test_a_broken_item_costs_only_itself() -> None:
    rows = [json.dumps({"id": number, "text": "好", "to": [{"id": 5}]}, ensure_ascii=False) for number in range(1, 5)]
    rows[1] = rows[1].replace('"好"', '"好')
    items = JsonItems('{"rows": [\n' + ",\n".join(rows) + "]}", "rows")
    assert [item["id"] for item, _ in items] == [1, 3, 4]
    assert [(one.line, one.lines) for one in items.unread] == [(3, 1)]
    assert items.whole


def test_what_is_no_object_and_what_stands_behind_the_end_is_unread() -> None:
    items = JsonItems('[{"id": 1}, 7, "x"] [{"id": 2}]')
    assert [item["id"] for item, _ in items] == [1]
    assert [one.text for one in items.unread] == ["7", '"x"', '[{"id": 2}]']


def test_halves_of_surrogate_pairs_never_come_out() -> None:
    ((item, _),) = JsonItems(r'[{"a": "\ud83d\ude00", "b": "\ud83d", "c": [{"\udc00": 1}]}]')
    assert item["a"] == "😀"
    json.dumps(item, ensure_ascii=False).encode()


@pytest.mark.parametrize("text", ["[" * 200_000, '[{"a":' + "[" * 200_000, '[{"n": ' + "9" * 5000 + "}]"])
def test_bombs_are_unread(text: str) -> None:
    items = JsonItems(text)
    assert list(items) == []
    assert len(items.unread) == 1


def test_groups_keep_to_themselves_when_one_of_them_is_broken() -> None:
    text = (
        '{"rooms": [{"name": "甲", "rows": [{"id": 1}], "size": 1},\n'
        '{"name": "乙", "rows": [{"id": 2}, {"id": bad]},\n'
        '{"name": "丙", "rows": [{"id": 3}]}], "v": 1}'
    )
    groups = JsonGroups(text, "rooms", inner="rows")
    found = [([item["id"] for item, _ in group], group.around["name"], group.line) for group in groups.groups()]
    assert found == [([1], "甲", 1), ([2], "乙", 2), ([3], "丙", 3)]
    assert [one.line for one in groups.unread] == [2]
    assert groups.around == {"v": 1}


def test_lines_may_be_blank_comments_or_spread_and_a_bad_one_costs_only_itself() -> None:
    lines = JsonLines('# 说明\n\n{"a": 1}\n{"a":\n 2}\n{"a": bad}\n[3]\n{"a": 4}')
    assert [(item["a"], line) for item, line in lines] == [(1, 3), (2, 4), (4, 8)]
    assert [(one.line, one.lines) for one in lines.unread] == [(6, 2)]


def test_records_are_read_from_an_array_or_from_lines() -> None:
    assert [item for item, _ in json_records(' [{"a": 1}]')] == [item for item, _ in json_records('{"a": 1}\n')]


def test_many_broken_items_do_not_take_long() -> None:
    text = '[{"a":[1,2' + ',{"a":[1,2,3' * 50_000
    with at_most(5):
        items = JsonItems(text)
        assert list(items) == []
        lines = JsonLines('{"a": bad}\n' * 20_000)
        assert list(lines) == []
        assert len(lines.unread) == 20_000


def test_a_shape_is_told_from_the_head_even_where_it_cuts_the_text() -> None:
    rows = [{"id": number, "from": {"name": "x" * 50}} for number in range(3000)]
    shape = json_shape(Source("", json.dumps({"meta": {"v": 1}, "rows": rows})))
    assert shape.kind == "object"
    assert shape.top["meta"] == {"v": 1}
    assert shape.item("rows") == rows[0]
    array = json_shape(Source("", "  " + json.dumps(rows)))
    assert array.kind == "array"
    assert array.items_have("id", "from")
    lines = json_shape(Source("", "# 注\n" + "\n".join(json.dumps(row) for row in rows)))
    assert lines.kind == "lines"
    assert lines.items[0] == rows[0]
    assert json_shape(Source("", "大家好 {")).kind == ""


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
INNER = st.fixed_dictionaries({"inner": PLAIN, "more": PLAIN})
VALUES = PLAIN | INNER | st.lists(PLAIN | INNER, max_size=3)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), max_size=6)


@given(rows=OBJECTS, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_whole_files_come_out_as_they_went_in(
    rows: list[dict[str, object]], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps({"head": 1, "rows": rows, "tail": 2}, indent=indent, ensure_ascii=ascii_only)
    items = JsonItems(text, "rows")
    found = list(items)
    assert [item for item, _ in found] == rows
    assert items.around == {"head": 1, "tail": 2}
    assert not items.unread
    lines = text.split("\n")
    assert all("{" in lines[line - 1] for _, line in found)


@given(rows=OBJECTS, cut=st.integers(min_value=0))
def test_a_cut_file_gives_a_beginning_of_its_items_and_says_that_it_is_cut(
    rows: list[dict[str, object]], cut: int
) -> None:
    text = json.dumps({"rows": rows}, ensure_ascii=False)
    items = JsonItems(text[: cut % len(text)], "rows")
    found = [item for item, _ in items]
    assert found == rows[: len(found)]
    assert items.unread
