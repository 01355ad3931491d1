"""How long things take, in time of the processor: other work on the machine fails no test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What stands within takes less."""
    started = process_time()
    yield
    taken = process_time() - started
    assert taken < seconds, f"{taken:.2f} s"


def grows_with_length(work: Callable[[str], object], unit: str) -> bool:
    """Whether a text four times as long, of nothing but this unit, takes `work` at most about four times as long."""

    def seconds(length: int) -> float:
        started = process_time()
        work((unit * length)[:length])
        return process_time() - started

    seconds(500)
    return seconds(8_000) < 1.0 + 12 * seconds(2_000)
