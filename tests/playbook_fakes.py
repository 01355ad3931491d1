"""Embedders that need no model, a folder of documents, and what is to be seen of its index."""

import hashlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy
from numpy.typing import NDArray

from copilot.errors import IndexUnavailableError
from copilot.playbook.passages import Snapshot, passages


class FakeEmbedder:
    """Texts that share character pairs are near each other.

    `seconds` is how long a text takes; `embedded` keeps every passage it was asked for.
    """

    dimension = 64
    batch = 16

    def __init__(self, name: str = "fake-1", seconds: float = 0.0) -> None:
        self.name = name
        self.seconds = seconds
        self.embedded: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        return numpy.array([self._vector(text) for text in texts], dtype=numpy.float32).reshape(-1, self.dimension)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        self.embedded += texts
        time.sleep(self.seconds * len(texts))
        return self.embed_queries(texts)

    def _vector(self, text: str) -> NDArray[numpy.float32]:
        vector = numpy.full(self.dimension, 0.01, dtype=numpy.float32)
        for at in range(len(text) - 1):
            vector[hashlib.md5(text[at : at + 2].encode()).digest()[0] % self.dimension] += 1
        return vector / numpy.linalg.norm(vector)


class Away(FakeEmbedder):
    """Can't be reached."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        raise IndexUnavailableError("连不上", hint="检查网络")


def write_document(folder: Path, number: int, text: str) -> None:
    """`number`.md, which becomes five chunks."""
    sections = "\n\n".join(f"## 第{part}节\n\n{text}，这里是第{part}段。" for part in range(5))
    (folder / f"{number}.md").write_text(f"# 文档{number}\n\n{sections}\n", encoding="utf-8")


def write_documents(folder: Path) -> Path:
    """Six documents in a new folder, which become thirty chunks."""
    folder.mkdir()
    for number in range(6):
        write_document(folder, number, f"第{number}篇讲的是第{number}件事")
    return folder


def is_whole(snapshot: Snapshot) -> bool:
    """Every chunk has the vectors of exactly its own passages."""
    wanted = FakeEmbedder().embed_passages([passage.text for passage in passages(snapshot.chunks)])
    return snapshot.pending == 0 and bool(numpy.array_equal(snapshot.vectors, wanted))


def until(condition: Callable[[], bool]) -> None:
    """Waits for it, up to a minute."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
