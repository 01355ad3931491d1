"""The index follows its documents, and what is new is there at once."""

import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
import pytest
from numpy.typing import NDArray
from playbook_fakes import Away, FakeEmbedder, is_whole, until, write_document, write_documents

from copilot.playbook.documents import Document, read_document
from copilot.playbook.filling import background
from copilot.playbook.index import PlaybookIndex, Status, open_playbook
from copilot.playbook.overruling import overrule
from copilot.playbook.shipped import write_bundled_vectors
from copilot.settings import Settings


class Held(FakeEmbedder):
    """Embeds when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        assert self.let.wait(30)
        return super().embed_passages(texts)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "docs")


def test_unchanged_documents_cost_no_reading_and_no_embedding(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = PlaybookIndex(folder, settings, FakeEmbedder()).open()
    monkeypatch.setattr("copilot.playbook.catalogue.read_document", None)
    monkeypatch.setattr("copilot.playbook.catalogue.chunk", None)
    again = FakeEmbedder()
    second = PlaybookIndex(folder, settings, again).open()
    assert again.embedded == []
    assert second.chunks == first.chunks
    assert numpy.array_equal(second.vectors, first.vectors)
    assert is_whole(second)


def test_added_edited_and_deleted_documents_are_followed(folder: Path, settings: Settings) -> None:
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    assert index.status().state == "ready"
    write_document(folder, 0, "改过的内容")
    write_document(folder, 9, "新来的内容")
    (folder / "3.md").unlink()
    assert index.status().state == "stale"
    embedder = FakeEmbedder()
    snapshot = PlaybookIndex(folder, settings, embedder).build()
    assert {piece.source for piece in snapshot.chunks} == {"0.md", "1.md", "2.md", "4.md", "5.md", "9.md"}
    assert all("改过" in text or "新来" in text for text in embedder.embedded)
    assert is_whole(snapshot)
    assert len(list((index.place / "documents").iterdir())) == 6


def test_a_moved_document_costs_no_embedding(folder: Path, settings: Settings) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder()).open()
    (folder / "旧").mkdir()
    (folder / "3.md").rename(folder / "旧" / "三.md")
    embedder = FakeEmbedder()
    snapshot = PlaybookIndex(folder, settings, embedder).open()
    assert "旧/三.md" in snapshot.documents
    assert is_whole(snapshot)
    assert embedder.embedded == []


def test_what_is_new_in_an_indexed_folder_is_there_at_once_and_gets_its_vector_behind(
    folder: Path, settings: Settings
) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder()).open()
    write_document(folder, 0, "改过的内容")
    embedder = Held()
    index = PlaybookIndex(folder, settings, embedder)
    snapshot = index.open()
    changed = [number for number, piece in enumerate(snapshot.chunks) if "改过" in piece.text]
    assert len(changed) == snapshot.pending == index.status().pending == 5
    zero = ~snapshot.vectors.any(axis=1)
    assert sorted(snapshot.owners[zero]) == changed
    embedder.let.set()
    until(lambda: index.status().pending == 0)
    assert is_whole(index.open())
    assert len(embedder.embedded) == 5


def test_a_large_new_folder_is_there_at_once(folder: Path, settings: Settings) -> None:
    embedder = Held()
    index = PlaybookIndex(folder, settings.model_copy(update={"index_wait": 29}), embedder)
    snapshot = index.open()
    assert (len(snapshot.chunks), snapshot.pending) == (30, 30)
    embedder.let.set()
    until(lambda: not index.open().pending)
    assert is_whole(index.open())


def test_an_end_of_the_program_keeps_the_batch_at_hand(folder: Path, settings: Settings) -> None:
    embedder = Held()
    index = PlaybookIndex(folder, settings.model_copy(update={"index_wait": 0}), embedder)
    index.open()
    threading.Timer(0.2, embedder.let.set).start()
    background.stop()
    assert len(embedder.embedded) == 16
    assert index.status().pending == 14


def test_a_failure_in_the_background_is_told_and_words_still_find(folder: Path, settings: Settings) -> None:
    index = PlaybookIndex(folder, settings.model_copy(update={"index_wait": 0}), Away())
    assert index.open().pending == 30
    until(lambda: bool(index.status().trouble))
    assert "检查网络" in index.status().trouble
    assert index.open().pending == 30


def test_an_index_by_another_embedder_is_another(folder: Path, settings: Settings) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder("fake-1")).open()
    other = FakeEmbedder("fake-2")
    index = PlaybookIndex(folder, settings, other)
    assert index.status().pending == 30
    snapshot = index.open()
    assert len(other.embedded) == len(snapshot.vectors)
    assert (index.status().embedder, index.status().dimension) == ("fake-2", 64)
    back = FakeEmbedder("fake-1")
    assert is_whole(PlaybookIndex(folder, settings, back).open())
    assert back.embedded == []


def test_vectors_of_another_dimension_are_made_anew(folder: Path, settings: Settings) -> None:
    class Wider(FakeEmbedder):
        dimension = 96

    PlaybookIndex(folder, settings, FakeEmbedder()).open()
    index = PlaybookIndex(folder, settings, Wider())
    snapshot = index.build()
    assert snapshot.vectors.shape == (30, 96)
    assert snapshot.pending == 0
    assert index.status().dimension == 96


def test_chunks_of_another_format_are_cut_again_and_keep_their_vectors(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder()).open()
    monkeypatch.setattr("copilot.playbook.catalogue.FORMAT", 1000)
    embedder = FakeEmbedder()
    index = PlaybookIndex(folder, settings, embedder)
    assert index.status().state == "unusable"
    assert is_whole(index.open())
    assert embedder.embedded == []


def test_what_can_not_go_in_is_told_and_the_rest_goes_in(folder: Path, settings: Settings) -> None:
    (folder / "空.md").write_text(" \n", encoding="utf-8")
    (folder / "乱.md").write_bytes(bytes(range(256)) * 20)
    (folder / "图.png").write_bytes(b"\x89PNG")
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    assert len(index.open().documents) == 6
    status = index.status()
    assert {one.source for one in status.skipped} == {"空.md", "乱.md", "图.png"}
    assert all("→" in one.reason for one in status.skipped)
    assert status.state == "ready"
    write_document(folder, 7, "又来一篇")
    assert len(index.build().documents) == 7
    (folder / "空.md").write_text("# 有了\n\n这里现在有字了。\n", encoding="utf-8")
    assert index.status().state == "stale"
    assert "空.md" in index.build().documents


def test_a_decision_of_the_operator_changes_what_is_searched_without_a_new_reading(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "own"
    place.mkdir()
    (place / "页.md").write_text(
        "# 怎么开读书会\n\n首页 > 干货 > 正文\n\n每周五晚上八点开场，先自我介绍。\n\n扫码关注我们的公众号，领取资料。\n",
        encoding="utf-8",
    )
    index = PlaybookIndex(place, settings, FakeEmbedder())
    index.open()
    document = next(iter(index.documents()))
    dropped = [number for number, one in enumerate(document.blemishes, start=1) if one.action == "drop"]
    assert dropped, "the page's junk is found"
    number = dropped[0]
    words = document.text[document.blemishes[number - 1].start : document.blemishes[number - 1].end].strip()
    assert not any(words in piece.text for piece in index.open().chunks)
    monkeypatch.setattr("copilot.playbook.catalogue.read_document", None)
    overrule(settings, document, number, "keep")
    assert any(words in piece.text for piece in index.build().chunks)
    assert next(iter(index.documents())).blemishes[number - 1].action == "keep"


def test_a_decision_reads_nothing_anew_even_where_cutting_takes_long(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "空.md").write_text("\n", encoding="utf-8")
    (folder / "页.md").write_text(
        "# 怎么开读书会\n\n首页 > 干货 > 正文\n\n每周五晚上八点开场，先自我介绍。\n\n扫码关注我们的公众号，领取资料。\n",
        encoding="utf-8",
    )
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    document = next(one for one in index.documents() if one.blemishes)
    overrule(settings, document, 1, "keep")
    monkeypatch.setattr("copilot.playbook.catalogue._SAVE_EVERY", -1.0)
    monkeypatch.setattr("copilot.playbook.catalogue.read_document", None)
    assert len(index.build().documents) == 7


def test_the_state_is_told_while_a_first_reading_goes_on(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, let = threading.Event(), threading.Event()

    def slowly(*arguments: Any, **options: Any) -> Document:
        reading.set()
        assert let.wait(30)
        return read_document(*arguments, **options)

    monkeypatch.setattr("copilot.playbook.catalogue.read_document", slowly)
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    thread = threading.Thread(target=index.refresh)
    thread.start()
    assert reading.wait(30)
    told: list[Status] = []
    asking = threading.Thread(target=lambda: told.append(index.status()))
    asking.start()
    asking.join(5)
    let.set()
    thread.join()
    assert told[0].documents == 0
    assert index.status().documents == 6


def test_a_file_named_in_another_encoding_goes_in(folder: Path, settings: Settings) -> None:
    """A ZIP packed under Windows holds names in GBK."""
    name = os.fsencode(folder) + b"/" + "群规.md".encode("gbk")
    try:
        Path(os.fsdecode(name)).write_text("# 群规\n\n不发广告。\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    assert "群规.md" in index.open().documents
    assert index.status().state == "ready"


def test_progress_counts_what_is_embedded(folder: Path, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    PlaybookIndex(folder, settings, FakeEmbedder()).open(lambda done, total: told.append((done, total)))
    assert told == [(16, 30), (30, 30)]


def test_an_empty_folder_is_an_empty_playbook(tmp_path: Path, settings: Settings) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    snapshot = PlaybookIndex(empty, settings, FakeEmbedder()).open()
    assert snapshot.chunks == ()
    assert PlaybookIndex(empty, settings, FakeEmbedder()).open().chunks == ()


def test_the_bundled_handbook_needs_no_index_and_an_edited_chapter_only_its_own_vectors(tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    book = knowledge / "playbooks"
    book.mkdir(parents=True)
    for name in ("一", "二"):
        (book / f"{name}.md").write_text(
            f"# {name}\n\n开头。\n\n## 做{name}\n<!-- rules: rule-{name} -->\n\n先想清楚再做{name}。\n\n- 有人问{name}\n",
            encoding="utf-8",
        )
    settings = Settings(home=tmp_path / "home", knowledge=knowledge)
    first = write_bundled_vectors(settings, FakeEmbedder()).read_bytes()
    assert write_bundled_vectors(settings, FakeEmbedder()).read_bytes() == first
    embedder = FakeEmbedder()
    snapshot = open_playbook(book, settings, embedder)
    assert (len(snapshot.chunks), len(snapshot.vectors)) == (2, 4)
    assert embedder.embedded == []
    assert not settings.home.exists()
    shutil.copy(book / "一.md", book / "三.md")
    (book / "二.md").write_text("# 二\n\n## 做二\n<!-- rules: rule-二 -->\n\n换了一种说法。\n", encoding="utf-8")
    snapshot = open_playbook(book, settings, embedder)
    assert [piece.source for piece in snapshot.chunks] == ["一.md", "三.md", "二.md"]
    assert embedder.embedded == ["二\n二 › 做二\n# 二\n## 做二\n换了一种说法。"]
