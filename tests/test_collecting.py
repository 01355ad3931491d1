import gc
import threading

import pytest

from copilot.collecting import MADE, seldom


def test_the_collector_looks_seldom_inside_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with seldom():
        assert gc.get_threshold()[0] == MADE
    assert gc.get_threshold() == before


def test_a_failure_inside_leaves_the_collector_as_it_was() -> None:
    before = gc.get_threshold()

    @seldom()
    def fail() -> None:
        raise ValueError("as asked")

    with pytest.raises(ValueError, match="as asked"):
        fail()
    assert gc.get_threshold() == before


def test_two_at_once_end_as_it_was() -> None:
    before = gc.get_threshold()
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with seldom():
            inside.set()
            leave.wait(5)

    thread = threading.Thread(target=work)
    with seldom():
        thread.start()
        inside.wait(5)
    leave.set()
    thread.join()
    assert gc.get_threshold() == before
