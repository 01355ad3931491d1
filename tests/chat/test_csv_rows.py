import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.chat.formats.base import Source
from copilot.chat.formats.csv_rows import CsvRows, csv_header
from copilot.errors import InputError


def test_rows_come_under_their_names_with_the_lines_they_take() -> None:
    rows = CsvRows('\ufeffa,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n')
    assert [(row, line, rows.end_line) for row, line in rows] == [
        ({"a": "1", "b": "x\r\ny"}, 2, 3),
        ({"a": "2", "b": "z"}, 5, 5),
    ]
    assert not rows.unread


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_spreadsheet_may_have_changed_what_stands_between(delimiter: str) -> None:
    text = delimiter.join("ab") + "\n" + delimiter.join("12")
    assert csv_header(Source("", text)) == ("a", "b")
    assert [row for row, _ in CsvRows(text)] == [{"a": "1", "b": "2"}]


def test_short_rows_are_filled_and_trailing_commas_dropped() -> None:
    rows = CsvRows("a,b,c\n1,2\n1,2,3,,\n1\n1,2,3,4\n", fewest=2)
    assert [row for row, _ in rows] == [{"a": "1", "b": "2", "c": ""}, {"a": "1", "b": "2", "c": "3"}]
    assert [one.line for one in rows.unread] == [4, 5]


def test_an_unclosed_quote_costs_one_line_and_not_its_neighbours() -> None:
    rows = CsvRows('a,b\n1,"un\n2,ok\n3,"good"\n4,"end')
    assert [row["a"] for row, _ in rows] == ["2", "3"]
    assert [one.line for one in rows.unread] == [2, 5]


def test_missing_columns_are_named() -> None:
    with pytest.raises(InputError, match="时间"):
        CsvRows("a,b\n1,2", needs=["a", "时间"])


CELLS = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_what_a_writer_wrote_is_read(table: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b"), *table])
    rows = CsvRows(out.getvalue())
    kept = [row for row in table if any(cell.strip() for cell in row)]
    assert [(row["a"], row["b"]) for row, _ in rows] == kept
    assert not rows.unread


@given(st.text(max_size=200))
def test_every_line_of_any_text_is_a_row_or_unread(text: str) -> None:
    text = "a,b\n" + text.replace("\x00", "")
    rows = CsvRows(text)
    covered: set[int] = {1}
    for _, line in rows:
        covered |= {*range(line, rows.end_line + 1)}
    for one in rows.unread:
        covered |= {*range(one.line, one.line + one.lines)}
    filled = {
        number
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip(', \t;"\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0')
    }
    assert all(not text.split("\n")[number - 1].strip() for number in filled - covered)
