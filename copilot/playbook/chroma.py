"""Named sets of vectors in Chroma: each a small database in a folder of this machine, or a collection on a server.

A set is written once, by one writer, and never changed. Only this file knows Chroma; its own embedder is never used.
"""

import shutil
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast
from urllib.parse import urlsplit

from copilot.errors import IndexUnavailableError, SettingsError

if TYPE_CHECKING:
    import httpx
    import numpy
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    Vectors: TypeAlias = dict[str, NDArray[numpy.float32]]

_AT_ONCE = 1000  # rows a request that writes
_READ_AT_ONCE = 10_000  # rows a request that reads; asking for their number first would take twice as long
_CONNECT, _ANSWER = 5.0, 60.0  # seconds that a server may take
_WORDS = 120  # characters of the server's own words in an error
_lock = Lock()  # Chroma keeps one system a path within a process: opening and closing are taken in turn


# A file that is no database ends in an AttributeError: Chroma 1.5 stumbles while it cleans up.
_STUMBLES = (sqlite3.Error, OSError, AttributeError, KeyError, TypeError, ValueError)


class ChromaFailed(Exception):
    """A set on this machine can't be written, or one is gone or damaged."""


class VectorSets(Protocol):
    """Where the sets are kept; names are letters, digits and hyphens."""

    def names(self) -> set[str]:
        """All sets that are there, whole or not."""
        ...

    def write(self, name: str, vectors: "Vectors") -> None:
        """Make a set. Raises `ChromaFailed`, and `IndexUnavailableError` when a server does not do it."""
        ...

    def read(self, name: str) -> "Vectors":
        """All that is in a set. Raises `ChromaFailed`, and `IndexUnavailableError` when a server does not give it."""
        ...

    def remove(self, name: str) -> None:
        """Remove a set, if it is there."""
        ...


class _Closable(Protocol):
    def close(self) -> None: ...


class EmbeddedSets:
    """Sets as databases in folders below `place`."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def names(self) -> set[str]:
        """All sets that are there, whole or not."""
        return {path.name for path in self._place.glob("set-*")}

    def write(self, name: str, vectors: "Vectors") -> None:
        """Make a set. Raises `ChromaFailed`."""
        with self._opened(name) as client:
            _write(client, name, vectors)

    def read(self, name: str) -> "Vectors":
        """All that is in a set. Raises `ChromaFailed`."""
        if not (self._place / name).is_dir():
            raise ChromaFailed("it is gone")  # Chroma would make an empty one
        with self._opened(name) as client:
            return _read(client, name)

    def remove(self, name: str) -> None:
        """Remove a set, if it is there."""
        shutil.rmtree(self._place / name, ignore_errors=True)

    @contextmanager
    def _opened(self, name: str) -> Iterator["ClientAPI"]:
        import chromadb
        from chromadb.config import Settings as ChromaSettings
        from chromadb.errors import ChromaError

        try:
            with ExitStack() as stack:
                with _lock:
                    client = chromadb.PersistentClient(
                        path=str(self._place / name), settings=ChromaSettings(anonymized_telemetry=False)
                    )
                stack.callback(_close, cast("_Closable", client))  # declared on the class behind the interface
                yield client
        except (ChromaError, *_STUMBLES) as error:
            raise ChromaFailed(str(error)) from error


class ServerSets:
    """Sets as collections on a Chroma server, told from those of others by a prefix.

    Only a collection that the server says is not there is gone: what a server fails to give is not made anew.
    """

    def __init__(self, url: str, prefix: str) -> None:
        try:
            self._parts = urlsplit(url)
            self._port = self._parts.port or (443 if self._parts.scheme == "https" else 80)
        except ValueError:  # a port that is no number, or too great a one
            raise _no_address() from None
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise _no_address()
        self._at = f"{self._parts.hostname}:{self._port}"
        self._prefix = prefix
        self._client: ClientAPI | None = None

    def names(self) -> set[str]:
        """All sets that are there, whole or not."""
        found: list[str] = []
        with self._opened() as client:
            while page := client.list_collections(limit=_AT_ONCE, offset=len(found)):
                found += [collection.name for collection in page]
        return {name.removeprefix(self._prefix) for name in found if name.startswith(self._prefix)}

    def write(self, name: str, vectors: "Vectors") -> None:
        """Make a set. Raises `IndexUnavailableError` when the server does not do it."""
        with self._opened() as client:
            _write(client, self._prefix + name, vectors)

    def read(self, name: str) -> "Vectors":
        """All that is in a set. Raises `ChromaFailed` when it is gone, `IndexUnavailableError` when it is not given."""
        with self._opened() as client:
            return _read(client, self._prefix + name)

    def remove(self, name: str) -> None:
        """Remove a set, if it is there."""
        with suppress(ChromaFailed), self._opened() as client:
            client.delete_collection(self._prefix + name)

    @contextmanager
    def _opened(self) -> Iterator["ClientAPI"]:
        import httpx
        from chromadb.errors import ChromaError, NotFoundError

        try:
            yield self._connected()
        except NotFoundError as error:
            raise ChromaFailed(str(error)) from error
        except httpx.TransportError as error:
            raise self._away() from error
        except (httpx.HTTPError, ChromaError, *_STUMBLES) as error:
            raise IndexUnavailableError(
                f"Chroma 服务器 {self._at} 没有照办（{' '.join(str(error).split())[:_WORDS]}）",
                hint="看看服务器的日志和它要不要登录；去掉 COPILOT_CHROMA_URL 就把向量存在本机",
            ) from error

    def _connected(self) -> "ClientAPI":
        """The client, made at the first call and closed with this object."""
        import chromadb
        import httpx
        from chromadb.config import Settings as ChromaSettings

        with _lock:
            if self._client is None:
                secure, host = self._parts.scheme == "https", self._parts.hostname or ""
                # The client itself would wait for its first answer for ever.
                beat = httpx.get(f"{self._parts.scheme}://{self._parts.netloc}/api/v2/heartbeat", timeout=_CONNECT)
                if beat.status_code != httpx.codes.OK:
                    raise self._away()
                quiet = ChromaSettings(anonymized_telemetry=False)
                self._client = chromadb.HttpClient(host=host, port=self._port, ssl=secure, settings=quiet)
                for one in (self._client, getattr(self._client, "_admin_client", None)):
                    session = getattr(getattr(one, "_server", None), "_session", None)
                    if isinstance(session, httpx.Client):  # Chroma neither limits its time nor closes it
                        session.timeout = httpx.Timeout(_ANSWER)
                        session.event_hooks["response"].append(_refuse_failure)
                        weakref.finalize(self, session.close)
            return self._client

    def _away(self) -> IndexUnavailableError:
        return IndexUnavailableError(
            f"连不上 Chroma 服务器 {self._at}",
            hint="启动它（chroma run），或改正、去掉 COPILOT_CHROMA_URL（去掉后向量存在本机）",
        )


def _no_address() -> SettingsError:
    return SettingsError("COPILOT_CHROMA_URL 不是网址", hint="写成 http://主机:端口，如 http://127.0.0.1:8000")


def _refuse_failure(response: "httpx.Response") -> None:
    """What Chroma's client has no name for leaves as httpx's error: it would raise a bare `Exception`."""
    if response.is_error and b"NotFoundError" not in response.read():
        response.raise_for_status()


def _close(client: _Closable) -> None:
    with _lock:
        client.close()


def _write(client: "ClientAPI", name: str, vectors: "Vectors") -> None:
    import numpy

    collection: Collection = client.create_collection(
        name,
        embedding_function=None,
        configuration={
            "hnsw": {
                "space": "ip",  # keeps the vectors bit for bit
                # All vectors are read, none is searched for in there: the thinnest graph will do, and takes a fifth.
                "ef_construction": 10,
                "max_neighbors": 4,
                # Folded into the graph's files as soon as all is there; what is left in the log is slow to read.
                "sync_threshold": max(2, len(vectors)),
                "batch_size": min(100, max(2, len(vectors))),
            }
        },
    )
    keys = list(vectors)
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        collection.add(ids=part, embeddings=numpy.array([vectors[key] for key in part], dtype=numpy.float32))


def _read(client: "ClientAPI", name: str) -> "Vectors":
    import numpy

    collection = client.get_collection(name, embedding_function=None)
    found: Vectors = {}
    while True:
        rows = collection.get(include=["embeddings"], limit=_READ_AT_ONCE, offset=len(found))
        if rows["ids"]:
            vectors = numpy.asarray(rows["embeddings"], dtype=numpy.float32)
            found |= dict(zip(rows["ids"], vectors, strict=True))
        if len(rows["ids"]) < _READ_AT_ONCE:
            return found
