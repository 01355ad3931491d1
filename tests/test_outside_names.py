"""The pseudonyms of assistants: one list for all processes, in which nobody ever becomes somebody else."""

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import StorageError
from copilot.facts.pseudonyms import find_personal
from copilot.outside.names import NameBook, View, finder


def list_in(home: Path) -> Path:
    return home / "outside" / "names.jsonl"


def hide(book: NameBook, text: str, *people: str, told: str = "") -> str:
    hidden: str = View(book, finder(people), told).hidden(text)
    return hidden


def test_a_person_has_the_same_pseudonym_in_every_process_and_after_a_restart(tmp_path: Path) -> None:
    one, other = NameBook(tmp_path), NameBook(tmp_path)
    assert hide(one, "阿岚来了", "阿岚") == "成员01来了"
    assert hide(other, "木鱼和阿岚", "木鱼", "阿岚") == "成员02和成员01"
    assert hide(NameBook(tmp_path), "木鱼", "木鱼") == "成员02"
    assert one.restored({"brief": ["找成员02"]}) == {"brief": ["找木鱼"]}


def test_processes_that_write_at_once_agree(tmp_path: Path) -> None:
    names = [f"团子{number}号" for number in range(40)]
    books = [NameBook(tmp_path) for _ in range(4)]

    def work(number: int) -> None:
        for name in names[number * 7 :] + names[: number * 7]:
            hide(books[number], name, name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {tuple(hide(book, name, name) for book in books) for name in names}
    assert len(found) == 40
    assert all(len(set(row)) == 1 for row in found)


def test_only_its_owner_can_read_the_list(tmp_path: Path) -> None:
    hide(NameBook(tmp_path), "阿岚", "阿岚")
    assert stat.S_IMODE(list_in(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE(list_in(tmp_path).parent.stat().st_mode) == 0o700


def test_a_line_that_a_crash_has_torn_costs_nothing_else(tmp_path: Path) -> None:
    hide(NameBook(tmp_path), "阿岚", "阿岚")
    with list_in(tmp_path).open("ab") as stream:
        stream.write(b'\n["NAME", "\\u6728')
    assert hide(NameBook(tmp_path), "木鱼和阿岚", "木鱼", "阿岚") == "成员02和成员01"
    assert NameBook(tmp_path).restored("成员01、成员02") == "阿岚、木鱼"


def test_without_a_place_to_write_nothing_leaves(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="代号表"):
        hide(NameBook(tmp_path), "阿岚", "阿岚")


@pytest.mark.parametrize(
    "use", [NameBook.known, lambda book: book.restored("成员01"), lambda book: hide(book, "1391111222", "1391111222")]
)
def test_a_list_that_can_not_be_read_is_told_with_what_to_do(tmp_path: Path, use: Callable[[NameBook], object]) -> None:
    list_in(tmp_path).mkdir(parents=True)
    with pytest.raises(StorageError, match=r"代号表.*→ 检查"):
        use(NameBook(tmp_path))


def test_a_members_own_words_that_look_like_a_pseudonym_are_nobody_elses(tmp_path: Path) -> None:
    book = NameBook(tmp_path)
    assert hide(book, "阿岚：我是成员01", "阿岚") == "成员02：我是成员01"
    other = hide(book, "有人叫成员02")
    assert "成员02" not in other
    assert book.restored(other) == "有人叫成员02"


def test_what_was_sent_may_come_back_and_nothing_else(tmp_path: Path) -> None:
    book = NameBook(tmp_path)
    told = "请找林晓梅，电话 13900001111"
    assert hide(book, told, told=told) == told
    assert "13900002222" not in hide(book, f"{told} 或 13900002222", told=told)


def test_words_of_ours_are_left_alone(tmp_path: Path) -> None:
    row = {"id": "阿岚", "kind": "digest", "text": "阿岚", "to": ["阿岚"], "阿岚": 3}
    hidden = View(NameBook(tmp_path), finder(["阿岚"])).hidden(row)
    assert hidden == {"id": "阿岚", "kind": "digest", "text": "成员01", "to": ["成员01"], "成员01": 3}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=5))
def test_whatever_is_hidden_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    book = NameBook(tmp_path_factory.mktemp("names"))
    people = ("阿岚", "木鱼", "Nina")
    texts = [f"阿岚{text}木鱼 13912345678 {text}" for text in texts]
    hidden = [hide(book, text, *people) for text in texts]
    assert [book.restored(text) for text in hidden] == texts
    assert not [text for text in hidden if find_personal(text, ("阿岚", "木鱼")) and "13912345678" in text]
