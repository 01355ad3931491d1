"""An index that was killed, damaged or asked by many at once still serves, whole."""

import hashlib
import os
import random
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
from playbook_fakes import Away, FakeEmbedder, is_whole, until, write_document, write_documents

from copilot.errors import StorageError
from copilot.playbook.index import PlaybookIndex
from copilot.playbook.locking import locked
from copilot.playbook.passages import passages
from copilot.settings import Settings

TESTS = Path(__file__).parent
BUILD = """
import sys
from pathlib import Path
from playbook_fakes import FakeEmbedder
from copilot.playbook.index import PlaybookIndex
from copilot.settings import Settings
import chromadb, numpy  # before the clock runs, so that a kill hits the work
embedder = FakeEmbedder(seconds=float(sys.argv[3]))
print("ready", flush=True)
snapshot = PlaybookIndex(Path(sys.argv[1]), Settings(home=sys.argv[2]), embedder).build()
print(len(snapshot.chunks), len(embedder.embedded), flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "docs")


class Interrupted(FakeEmbedder):
    """Gives up after the first batch."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        if self.embedded:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


def is_held(path: Path) -> bool:
    with locked(path, 0) as mine:
        return not mine


def start_build(folder: Path, settings: Settings, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(folder), str(settings.home), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])},
    )


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite(path: Path) -> None:
    path.write_bytes(b"not what it was " * 500)


def damage_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 6000] = b"\xff" * 6000
    path.write_bytes(data)


@pytest.mark.parametrize(
    "name", ["catalogue.json", "documents/*", "vectors-*/manifest.json", "**/chroma.sqlite3", "**/data_level0.bin"]
)
@pytest.mark.parametrize("harm", [truncate, overwrite, damage_middle, Path.unlink])
def test_a_damaged_index_is_mended(name: str, harm: Callable[[Path], None], folder: Path, settings: Settings) -> None:
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    harm(next(index.place.glob(name)))
    assert is_whole(PlaybookIndex(folder, settings, FakeEmbedder()).build())
    again = FakeEmbedder()
    assert is_whole(PlaybookIndex(folder, settings, again).open())
    assert again.embedded == []


def test_a_torn_document_is_read_and_written_anew(folder: Path, settings: Settings) -> None:
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    torn = next((index.place / "documents").iterdir())
    truncate(torn)
    again = PlaybookIndex(folder, settings, FakeEmbedder())
    assert again.status().documents == 5
    assert len(again.open().documents) == 6
    assert hashlib.sha256(torn.read_bytes()).hexdigest() == torn.name


def test_a_build_killed_at_any_moment_leaves_an_index_that_works(folder: Path, settings: Settings) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder()).open()
    moments = random.Random(7)
    for attempt in range(8):
        for number in range(4):
            write_document(folder, number, f"第{attempt}次改第{number}篇")
        process = start_build(folder, settings, seconds=0.03)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moments.uniform(0, 1.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        seen = PlaybookIndex(folder, settings.model_copy(update={"index_wait": 0}), Away()).open()
        assert sum(f"第{attempt}次改" in piece.text for piece in seen.chunks) == 20
        there = seen.vectors.any(axis=1)
        wanted = FakeEmbedder().embed_passages([passage.text for passage in passages(seen.chunks)])
        assert numpy.array_equal(seen.vectors[there], wanted[there])
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    assert is_whole(index.build())
    assert len(list((index.place / "documents").iterdir())) == 6


def test_what_a_stopped_build_embedded_is_not_embedded_again(folder: Path, settings: Settings) -> None:
    with pytest.raises(KeyboardInterrupt):
        PlaybookIndex(folder, settings, Interrupted()).open()
    embedder = FakeEmbedder()
    snapshot = PlaybookIndex(folder, settings, embedder).build()
    assert len(embedder.embedded) == len(snapshot.vectors) - 16
    assert is_whole(snapshot)


def test_two_processes_may_build_at_once(folder: Path, settings: Settings) -> None:
    both = [start_build(folder, settings, seconds=0.02) for _ in range(2)]
    told = [process.communicate(timeout=120)[0].split() for process in both]
    assert [line[1] for line in told] == ["30", "30"]
    assert sorted(int(line[2]) for line in told) == [0, 30]


def test_readers_do_not_wait_for_another_process_that_builds(folder: Path, settings: Settings) -> None:
    PlaybookIndex(folder, settings, FakeEmbedder()).open()
    write_document(folder, 0, "改过的内容")
    process = start_build(folder, settings, seconds=0.6)
    assert process.stdout is not None
    process.stdout.readline()
    index = PlaybookIndex(folder, settings, Away())
    lock = next(index.place.glob("vectors-*/lock"))
    assert index.open().pending == 5
    until(lambda: is_held(lock))
    write_document(folder, 1, "又改了一篇")
    began = time.monotonic()
    during = index.open()
    assert time.monotonic() - began < 2
    assert any("又改了" in piece.text for piece in during.chunks)
    process.communicate(timeout=120)
    assert index.open().pending == 0, "the one that builds takes in what came meanwhile"


def test_threads_may_open_one_index_together(folder: Path, settings: Settings) -> None:
    found: list[bool] = []
    index = PlaybookIndex(folder, settings, FakeEmbedder())

    def open_both() -> None:
        found.append(is_whole(PlaybookIndex(folder, settings, FakeEmbedder()).build()))
        found.append(is_whole(index.build()))

    threads = [threading.Thread(target=open_both) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8


def test_a_home_that_can_not_be_written_names_the_fix(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="COPILOT_HOME"):
        PlaybookIndex(folder, Settings(home=tmp_path / "file"), FakeEmbedder()).open()


def test_a_full_disk_leaves_the_old_index(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    names = ("catalogue.json", "vectors-*/manifest.json")
    before = [next(index.place.glob(name)).read_bytes() for name in names]
    write_document(folder, 0, "改过的内容")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="No space left"):
            index.open()
    assert [next(index.place.glob(name)).read_bytes() for name in names] == before
    assert not list(index.place.rglob(".*.json*"))
    assert is_whole(index.build())
