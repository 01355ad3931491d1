"""An embedder that needs no model: texts that share character pairs are near each other."""

import hashlib
import time
from collections.abc import Sequence

import numpy
from numpy.typing import NDArray


class FakeEmbedder:
    """`seconds` is how long a text takes; `embedded` keeps every passage it was asked for."""

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
