"""Vectors from any endpoint that speaks OpenAI's API. Personal data in a text is replaced before it is sent.

This module is imported when such an endpoint is configured, the client when it is first asked.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from copilot.errors import IndexUnavailableError, PlaybookError
from copilot.facts.names import read_names
from copilot.facts.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    import numpy
    import openai
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[numpy.float32]

OPENAI = "https://api.openai.com/v1"
_RETRIES = 2  # the client waits between them as the endpoint asks for
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError)  # what the client makes of a web page
_WORDS = 120  # characters of the endpoint's own words in an error


class EndpointEmbedder:
    """One model of one endpoint. Safe to use from several threads."""

    batch = 64

    def __init__(self, model: str, base_url: str | None, key: str, timeout: float) -> None:
        self._model, self._base_url, self._key, self._timeout = model, base_url or OPENAI, key, timeout
        self._host = urlsplit(self._base_url).netloc.rpartition("@")[2]
        # The same name may stand for another model elsewhere.
        self.name = f"{model}@{self._host}"
        self._lock = threading.Lock()
        self._client: openai.OpenAI | None = None
        self._dimension = 0
        self._at_once = self.batch

    @property
    def dimension(self) -> int:
        """As the endpoint's first answer shows; asks for one if there was none yet."""
        if not self._dimension:
            self.embed_queries(["维度"])
        return self._dimension

    def embed_queries(self, texts: Sequence[str]) -> "Vectors":
        return self._embed(texts)

    def embed_passages(self, texts: Sequence[str]) -> "Vectors":
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> "Vectors":
        import numpy

        people = _people(texts)
        # Codes begin anew in each text, so that a vector hardly depends on what is sent beside its text.
        hidden = [Pseudonyms(people).hide(text.replace("\0", " ")) for text in texts]
        rows = [row for start in range(0, len(hidden), self.batch) for row in self._rows(hidden[start:][: self.batch])]
        try:
            vectors = numpy.array(rows, dtype=numpy.float32)
        except (ValueError, TypeError):  # of several lengths, or no numbers
            raise self._unusable() from None
        lengths = numpy.linalg.norm(vectors, axis=-1, keepdims=True)
        if vectors.ndim != 2 or not numpy.isfinite(lengths).all() or not lengths.all():
            raise self._unusable()
        if self._dimension not in (0, vectors.shape[1]):
            raise self._unusable()
        self._dimension = vectors.shape[1]
        normal: Vectors = vectors / lengths
        return normal

    def _rows(self, texts: Sequence[str]) -> list[list[float]]:
        """The endpoint's vectors; in smaller parts where it does not take so many texts at once."""
        import openai

        rows: list[list[float]] = []
        while len(rows) < len(texts):
            part = texts[len(rows) : len(rows) + self._at_once]
            try:
                rows += self._ask(part)
            except openai.APIStatusError as error:
                if error.status_code not in (400, 413, 422) or len(part) == 1:
                    raise self._refused(error) from None
                self._at_once = len(part) // 2
            except openai.APITimeoutError:
                raise IndexUnavailableError(
                    f"向量接口 {self._host} 在 {self._timeout:g} 秒内没有回答",
                    hint="稍后再试，或把 COPILOT_REQUEST_TIMEOUT 调大",
                ) from None
            except openai.APIConnectionError:
                raise IndexUnavailableError(
                    f"连不上向量接口 {self._host}",
                    hint="检查网络、代理和 COPILOT_EMBEDDING_BASE_URL；去掉 COPILOT_EMBEDDING_MODEL 就用自带的",
                ) from None
            except (openai.OpenAIError, *_MALFORMED):
                raise self._unusable() from None
        return rows

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        with self._lock:
            if self._client is None:
                import openai

                self._client = openai.OpenAI(
                    api_key=self._key or "none",  # an own address often needs no key, the client always does
                    base_url=self._base_url,
                    timeout=self._timeout,
                    max_retries=_RETRIES,
                )
        answer = self._client.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
        rows = [row.embedding for row in sorted(answer.data, key=lambda row: row.index)]
        if len(rows) != len(texts):
            raise ValueError("another number of vectors than of texts")
        return rows

    def _refused(self, error: "openai.APIStatusError") -> PlaybookError:
        status = error.status_code
        if status in (401, 403):
            return PlaybookError(
                f"向量接口 {self._host} 不认这个密钥，或它没有权限（{status}）",
                hint="检查 COPILOT_EMBEDDING_API_KEY（没设时用 OPENAI_API_KEY），以及它和地址是不是同一家的",
            )
        if status in (404, 405):
            return PlaybookError(
                f"向量接口 {self._host} 没有这个地址或模型（{status}）",
                hint="检查 COPILOT_EMBEDDING_BASE_URL（一般以 /v1 结尾）和 COPILOT_EMBEDDING_MODEL",
            )
        if status == 429:
            return IndexUnavailableError(
                f"向量接口 {self._host} 请求太频繁，或额度用完了（429）", hint="过一会儿再试，或到平台看看额度"
            )
        if status >= 500:
            return IndexUnavailableError(f"向量接口 {self._host} 出错（{status}）", hint="稍后再试")
        body = error.body.get("message") if isinstance(error.body, dict) else None
        said = " ".join(str(body or "").replace(self._key or "\0", "***").split())[:_WORDS]
        return PlaybookError(
            f"向量接口 {self._host} 不接受这个请求（{status}：{said}）",
            hint="检查 COPILOT_EMBEDDING_MODEL 是不是向量模型，它能收的长度够不够",
        )

    def _unusable(self) -> PlaybookError:
        return PlaybookError(
            f"{self._host} 回的不是向量",
            hint="检查 COPILOT_EMBEDDING_BASE_URL 指向接口而不是网页，COPILOT_EMBEDDING_MODEL 是向量模型",
        )


def _people(texts: Iterable[str]) -> set[str]:
    """Everybody whom one of the texts names for sure, so that a bare "阿川" in another is hidden too."""
    return {name.text.lstrip("@") for text in texts for name in read_names(text) if name.certain}
