"""The cyclic garbage collector, held back while very many records are made: they have no cycles, and looking for some
takes a fifth of the time.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MADE = 50_000  # records between two looks; Python's own count is 700
_lock = threading.Lock()
_held: list[tuple[int, int, int]] = []  # what was in force before each that lasts


@contextmanager
def seldom() -> Iterator[None]:
    """Look for cycles seldom for as long as this lasts, in all threads; also a decorator."""
    with _lock:
        _held.append(_held[0] if _held else gc.get_threshold())
        gc.set_threshold(max(MADE, _held[0][0]), *_held[0][1:])
    try:
        yield
    finally:
        with _lock:
            before = _held.pop()
            if not _held:
                gc.set_threshold(*before)
