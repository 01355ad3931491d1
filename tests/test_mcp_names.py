"""The pseudonyms of assistants: one list for all processes, in which nobody ever becomes somebody else."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import StorageError
from copilot.facts.pseudonyms import find_personal
from copilot.mcp_server.names import NameBook, View, finder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mcp" / "names.jsonl"


def hide(book: NameBook, text: str, *people: str, told: str = "") -> str:
    hidden: str = View(book, finder(people), told).hidden(text)
    return hidden


def test_a_person_has_the_same_pseudonym_in_every_process_and_after_a_restart(path: Path) -> None:
    one, other = NameBook(path), NameBook(path)
    assert hide(one, "阿岚来了", "阿岚") == "成员01来了"
    assert hide(other, "木鱼和阿岚", "木鱼", "阿岚") == "成员02和成员01"
    assert hide(NameBook(path), "木鱼", "木鱼") == "成员02"
    assert one.restored({"brief": ["找成员02"]}) == {"brief": ["找木鱼"]}


def test_processes_that_write_at_once_agree(path: Path) -> None:
    names = [f"团子{number}号" for number in range(40)]
    books = [NameBook(path) for _ in range(4)]

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


def test_only_its_owner_can_read_the_list(path: Path) -> None:
    hide(NameBook(path), "阿岚", "阿岚")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_line_that_a_crash_has_torn_costs_nothing_else(path: Path) -> None:
    hide(NameBook(path), "阿岚", "阿岚")
    with path.open("ab") as stream:
        stream.write(b'\n["NAME", "\\u6728')
    assert hide(NameBook(path), "木鱼和阿岚", "木鱼", "阿岚") == "成员02和成员01"
    assert NameBook(path).restored("成员01、成员02") == "阿岚、木鱼"


def test_without_a_place_to_write_nothing_leaves(tmp_path: Path) -> None:
    (tmp_path / "mcp").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="代号表"):
        hide(NameBook(tmp_path / "mcp" / "names.jsonl"), "阿岚", "阿岚")


def test_a_members_own_words_that_look_like_a_pseudonym_are_nobody_elses(path: Path) -> None:
    book = NameBook(path)
    assert hide(book, "阿岚：我是成员01", "阿岚") == "成员02：我是成员01"
    other = hide(book, "有人叫成员02")
    assert "成员02" not in other
    assert book.restored(other) == "有人叫成员02"


def test_what_was_sent_may_come_back_and_nothing_else(path: Path) -> None:
    book = NameBook(path)
    told = "请找林晓梅，电话 13900001111"
    assert hide(book, told, told=told) == told
    assert "13900002222" not in hide(book, f"{told} 或 13900002222", told=told)


def test_words_of_ours_are_left_alone(path: Path) -> None:
    row = {"id": "阿岚", "kind": "digest", "text": "阿岚", "to": ["阿岚"], "阿岚": 3}
    hidden = View(NameBook(path), finder(["阿岚"])).hidden(row)
    assert hidden == {"id": "阿岚", "kind": "digest", "text": "成员01", "to": ["成员01"], "成员01": 3}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=5))
def test_whatever_is_hidden_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    book = NameBook(tmp_path_factory.mktemp("names") / "names.jsonl")
    people = ("阿岚", "木鱼", "Nina")
    texts = [f"阿岚{text}木鱼 13912345678 {text}" for text in texts]
    hidden = [hide(book, text, *people) for text in texts]
    assert [book.restored(text) for text in hidden] == texts
    assert not [text for text in hidden if find_personal(text, ("阿岚", "木鱼")) and "13912345678" in text]
