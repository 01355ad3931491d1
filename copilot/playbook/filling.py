"""Make the vectors that an index still lacks: now, with progress, or in the background while it is already searched."""

import atexit
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from copilot.errors import CopilotError, IndexUnavailableError
from copilot.playbook.embedding import Embedder
from copilot.playbook.passages import Passage
from copilot.playbook.vectors import VectorStore, Writer

Progress = Callable[[int, int], None]

_LOOK = 0.5  # seconds between looks while another process embeds
_PATIENCE = 600.0  # seconds without a new vector after which the other process is given up
_TRY_AGAIN = 30.0  # seconds before the background tries again after a failure
_AT_EXIT = 20.0  # seconds that an exit waits for the batch at hand


def fill(
    wanted: Callable[[], Sequence[Passage]],
    store: VectorStore,
    embedder: Embedder,
    *,
    stop: threading.Event,
    first: Callable[[], Sequence[str]] = tuple,
    progress: Progress | None = None,
    wait: bool = True,
) -> None:
    """Embed what is wanted and not there, until nothing is missing or `stop` is set; asks again what is wanted at the end.

    What `first` names (hashes) goes before all else. Where another process is at it, wait and go on from there; without
    `wait` leave it to that one. Raises `StorageError`, `IndexUnavailableError` and what the embedder raises.
    """
    last, total, since = -1, 0, time.monotonic()
    while not stop.is_set():
        hashes = {passage.sha256 for passage in wanted()}
        with store.writing(hashes, embedder.dimension, _LOOK if wait else 0.0) as writer:
            if writer is not None:
                _embed(wanted, writer, embedder, stop, first, progress)
                return
        if not wait:
            return
        missing = len(hashes - store.read().keys())
        total = max(total, missing)
        if progress:
            progress(total - missing, total)
        if missing != last:
            last, since = missing, time.monotonic()
        elif time.monotonic() - since > _PATIENCE:
            raise IndexUnavailableError(
                f"另一个程序占着索引 {store.place}，{_PATIENCE:.0f} 秒没有进展", hint="结束那个程序，再试一次"
            )


def _embed(
    wanted: Callable[[], Sequence[Passage]],
    writer: Writer,
    embedder: Embedder,
    stop: threading.Event,
    first: Callable[[], Sequence[str]],
    progress: Progress | None,
) -> None:
    while missing := _missing(wanted(), writer.known):
        total = len(missing)
        while missing:
            urgent = [key for key in first() if key in missing]
            batch = [missing.pop(key) for key in (urgent or list(missing))[: embedder.batch]]
            vectors = embedder.embed_passages([passage.text for passage in batch])
            writer.add(dict(zip((passage.sha256 for passage in batch), vectors, strict=True)))
            if progress:
                progress(total - len(missing), total)
            if stop.is_set():
                return


def _missing(wanted: Sequence[Passage], known: set[str]) -> dict[str, Passage]:
    """By hash: equal texts once."""
    return {passage.sha256: passage for passage in wanted if passage.sha256 not in known}


class Background:
    """The threads of this process that fill indexes, one an index. An exit waits for the batch at hand."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: dict[Path, threading.Thread] = {}
        self._troubles: dict[Path, tuple[CopilotError, float]] = {}
        self._registered = False

    def start(self, place: Path, work: Callable[[threading.Event], None]) -> None:
        """Have `work(stop)` done for this index, unless it is being done or has just failed."""
        with self._lock:
            running, failed = self._threads.get(place), self._troubles.get(place)
            if (running and running.is_alive()) or (failed and time.monotonic() - failed[1] < _TRY_AGAIN):
                return
            if not self._registered:
                atexit.register(self.stop)
                self._registered = True
            thread = threading.Thread(target=self._run, args=(place, work), name=f"embed-{place.name}", daemon=True)
            self._threads[place] = thread
            thread.start()

    def is_at_work(self, place: Path) -> bool:
        """Whether this process is filling this index."""
        running = self._threads.get(place)
        return running is not None and running.is_alive()

    def trouble(self, place: Path) -> str:
        """Why the last work for this index failed, and what to do; empty when it did not."""
        failed = self._troubles.get(place)
        return str(failed[0]) if failed else ""

    def stop(self) -> None:
        """End all work after the batches at hand, which are kept."""
        self._stop.set()
        for thread in list(self._threads.values()):
            thread.join(_AT_EXIT)
        self._stop.clear()

    def _run(self, place: Path, work: Callable[[threading.Event], None]) -> None:
        try:
            work(self._stop)
        except CopilotError as error:
            self._troubles[place] = (error, time.monotonic())
        else:
            self._troubles.pop(place, None)


background = Background()
