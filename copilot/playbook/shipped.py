"""The vectors that come with the handbook, so that a first search waits for no embedding but the question's."""

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.errors import PlaybookError
from copilot.playbook.chunking import Chunk, chunk
from copilot.playbook.documents import Document, read_folder
from copilot.playbook.embedding import Embedder, default_embedder
from copilot.playbook.locking import write
from copilot.playbook.passages import Passage, Snapshot, make_snapshot, passages
from copilot.playbook.phrasings import phrasings
from copilot.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


def bundled_folder(settings: Settings) -> Path:
    """Where the copilot's own handbook lies."""
    return settings.knowledge / "playbooks"


def shipped_vectors(settings: Settings, embedder: Embedder) -> "dict[str, NDArray[numpy.float32]]":
    """{passage's sha256: unit vector} of this embedder; empty when none came along.

    Raises `PlaybookError` when the file is there but damaged.
    """
    import numpy

    path = _file(settings, embedder)
    if not path.is_file():
        return {}
    try:
        with numpy.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            hashes, vectors = stored["hashes"], stored["vectors"].astype(numpy.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise PlaybookError(f"自带的向量 {path} 读不了（{error}）", hint="从安装包里恢复这个文件") from error
    if vectors.shape != (len(hashes), embedder.dimension):
        raise PlaybookError(f"自带的向量 {path} 大小不对", hint="从安装包里恢复这个文件")
    return {digest.hex(): vector for digest, vector in zip((row.tobytes() for row in hashes), vectors, strict=True)}


def shipped_snapshot(settings: Settings, embedder: Embedder) -> Snapshot | None:
    """The handbook with its shipped vectors, or None when one is missing because a chapter was edited."""
    documents, chunks, wanted = bundled_passages(settings)
    digests = {document.source: document.sha256 for document in documents}
    made = make_snapshot(digests, chunks, wanted, shipped_vectors(settings, embedder), embedder.dimension)
    return None if made.pending else made


def bundled_passages(settings: Settings) -> tuple[tuple[Document, ...], tuple[Chunk, ...], tuple[Passage, ...]]:
    """The handbook's documents, their chunks, and all that is embedded of them."""
    documents = read_folder(bundled_folder(settings)).documents
    chunks = tuple(piece for document in documents for piece in chunk(document))
    return documents, chunks, passages(chunks, phrasings(settings))


def write_bundled_vectors(settings: Settings, embedder: Embedder | None = None) -> Path:
    """Embed what is new in the handbook and write the file of its vectors; run after a chapter or a phrasing was edited.

    Half precision costs under 0.001 of a cosine. The same handbook gives the same bytes.
    """
    import numpy

    embedder = embedder or default_embedder()
    wanted = {passage.sha256: passage.text for passage in bundled_passages(settings)[2]}
    known = {digest: vector for digest, vector in shipped_vectors(settings, embedder).items() if digest in wanted}
    new = [digest for digest in wanted if digest not in known]
    known |= dict(zip(new, embedder.embed_passages([wanted[digest] for digest in new]), strict=True))
    hashes = sorted(known)
    buffer = io.BytesIO()
    numpy.savez(
        buffer,
        hashes=numpy.frombuffer(bytes.fromhex("".join(hashes)), dtype=numpy.uint8).reshape(-1, 32),
        vectors=numpy.array([known[digest] for digest in hashes], dtype=numpy.float16).reshape(-1, embedder.dimension),
    )
    path = _file(settings, embedder)
    write(path, buffer.getvalue())
    path.chmod(0o644)  # it goes into the package
    return path


def _file(settings: Settings, embedder: Embedder) -> Path:
    return settings.knowledge / "vectors" / f"{embedder.name}.npz"
