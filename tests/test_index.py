"""The index follows its documents, survives being killed or damaged, and serves many at once."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy
import pytest
from numpy.typing import NDArray
from playbook_fakes import FakeEmbedder

from copilot.errors import StorageError
from copilot.playbook.index import PlaybookIndex, open_playbook
from copilot.playbook.passages import Snapshot, passages
from copilot.playbook.shipped import write_bundled_vectors
from copilot.settings import Settings

TESTS = Path(__file__).parent
BUILD = """
import sys
from pathlib import Path
from playbook_fakes import FakeEmbedder
from copilot.playbook.index import PlaybookIndex
from copilot.settings import Settings
embedder = FakeEmbedder(seconds=float(sys.argv[3]))
print("ready", flush=True)
snapshot = PlaybookIndex(Path(sys.argv[1]), Settings(home=sys.argv[2]), embedder).open()
print(len(snapshot.chunks), len(embedder.embedded), flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "docs"
    place.mkdir()
    for number in range(6):
        write(place, number, f"第{number}篇讲的是第{number}件事")
    return place


def write(folder: Path, number: int, text: str) -> None:
    sections = "\n\n".join(f"## 第{part}节\n\n{text}，这里是第{part}段。" for part in range(5))
    (folder / f"{number}.md").write_text(f"# 文档{number}\n\n{sections}\n", encoding="utf-8")


def is_whole(snapshot: Snapshot) -> bool:
    """Every chunk has the vectors of exactly its own passages."""
    wanted = FakeEmbedder().embed_passages([passage.text for passage in passages(snapshot.chunks)])
    return bool(numpy.array_equal(snapshot.vectors, wanted))


def start_build(folder: Path, settings: Settings, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(folder), str(settings.home), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])},
    )


def test_unchanged_documents_cost_no_embedding(folder: Path, settings: Settings) -> None:
    first = PlaybookIndex(folder, settings, FakeEmbedder()).open()
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
    write(folder, 0, "改过的内容")
    write(folder, 9, "新来的内容")
    (folder / "3.md").unlink()
    assert index.status().state == "stale"
    embedder = FakeEmbedder()
    snapshot = PlaybookIndex(folder, settings, embedder).open()
    assert {piece.source for piece in snapshot.chunks} == {"0.md", "1.md", "2.md", "4.md", "5.md", "9.md"}
    assert all("改过" in text or "新来" in text for text in embedder.embedded)
    assert is_whole(snapshot)
    assert len(list(index.place.glob("gen-*"))) == 1


def test_an_index_by_another_embedder_is_rebuilt(folder: Path, settings: Settings) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder("fake-1")).open()
    other = FakeEmbedder("fake-2")
    index = PlaybookIndex(folder, settings, other)
    assert index.status().state == "unusable"
    snapshot = index.open()
    assert len(other.embedded) == len(snapshot.vectors)
    assert index.status().embedder == "fake-2"


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite(path: Path) -> None:
    path.write_bytes(b"not what it was " * 500)


def damage_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 6000] = b"\xff" * 6000
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["manifest.json", "chroma.sqlite3", "data_level0.bin"])
@pytest.mark.parametrize("harm", [truncate, overwrite, damage_middle, Path.unlink])
def test_a_damaged_file_is_noticed_and_the_index_rebuilt(
    folder: Path, settings: Settings, name: str, harm: Callable[[Path], None]
) -> None:
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    harm(next(path for path in index.place.rglob(name)))
    assert is_whole(PlaybookIndex(folder, settings, FakeEmbedder()).open())
    again = FakeEmbedder()
    assert is_whole(PlaybookIndex(folder, settings, again).open())
    assert again.embedded == []


def test_a_generation_that_does_not_hold_what_the_manifest_says_is_not_used(folder: Path, settings: Settings) -> None:
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    manifest = index.place / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["passages"].popitem()
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert is_whole(PlaybookIndex(folder, settings, FakeEmbedder()).open())


def test_a_build_killed_at_any_moment_leaves_an_index_that_works(folder: Path, settings: Settings) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder()).open()
    moments = random.Random(7)
    for attempt in range(5):
        for number in range(4):
            write(folder, number, f"第{attempt}次改第{number}篇")
        process = start_build(folder, settings, seconds=0.03)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moments.uniform(0.2, 2.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    snapshot = index.open()
    assert is_whole(snapshot)
    assert sum("第4次改" in piece.text for piece in snapshot.chunks) == 20
    assert len(list(index.place.glob("gen-*"))) == 1


def test_what_a_killed_build_embedded_is_not_embedded_again(folder: Path, settings: Settings) -> None:
    class Interrupted(FakeEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
            if len(self.embedded) >= 16:
                raise KeyboardInterrupt
            return super().embed_passages(texts)

    with pytest.raises(KeyboardInterrupt):
        PlaybookIndex(folder, settings, Interrupted()).open()
    embedder = FakeEmbedder()
    snapshot = PlaybookIndex(folder, settings, embedder).open()
    assert len(embedder.embedded) == len(snapshot.vectors) - 16
    assert is_whole(snapshot)


def test_two_processes_may_build_at_once(folder: Path, settings: Settings) -> None:
    both = [start_build(folder, settings, seconds=0.02) for _ in range(2)]
    told = [process.communicate(timeout=120)[0].split() for process in both]
    assert [line[1] for line in told] == ["30", "30"]
    assert sorted(int(line[2]) for line in told) == [0, 30]


def test_readers_get_the_old_state_while_another_process_builds(folder: Path, settings: Settings) -> None:
    old = PlaybookIndex(folder, settings, FakeEmbedder()).open()
    write(folder, 0, "改过的内容")
    process = start_build(folder, settings, seconds=0.4)
    assert process.stdout is not None
    process.stdout.readline()
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    while len(list(index.place.glob("gen-*"))) < 2:
        time.sleep(0.02)
    during = index.open()
    process.communicate(timeout=120)
    assert during.chunks == old.chunks
    assert not during.is_current
    assert any("改过" in piece.text for piece in index.open().chunks)


def test_threads_may_open_one_index_together(folder: Path, settings: Settings) -> None:
    found: list[bool] = []
    threads = [
        threading.Thread(target=lambda: found.append(is_whole(PlaybookIndex(folder, settings, FakeEmbedder()).open())))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4


def test_progress_counts_what_is_embedded(folder: Path, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    PlaybookIndex(folder, settings, FakeEmbedder()).open(lambda done, total: told.append((done, total)))
    assert told == [(16, 30), (30, 30)]


def test_a_home_that_can_not_be_written_names_the_fix(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="COPILOT_HOME"):
        PlaybookIndex(folder, Settings(home=tmp_path / "file"), FakeEmbedder()).open()


def test_a_full_disk_leaves_the_old_index(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    before = (index.open(), (index.place / "manifest.json").read_bytes())[1]
    write(folder, 0, "改过的内容")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        index.open()
    assert (index.place / "manifest.json").read_bytes() == before
    assert not list(index.place.glob(".manifest*"))


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
