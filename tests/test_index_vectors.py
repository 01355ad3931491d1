"""Vectors on disk: in few sets that never change, without those nobody wants."""

from pathlib import Path

import numpy
import pytest

from copilot.playbook import vectors as module
from copilot.playbook.vectors import Manifest, VectorStore
from copilot.settings import Settings


def some(first: int, last: int) -> dict[str, numpy.ndarray]:
    return {f"{number:04}": numpy.array([1.0, number], dtype=numpy.float32) for number in range(first, last)}


def same(one: dict[str, numpy.ndarray], other: dict[str, numpy.ndarray]) -> bool:
    return one.keys() == other.keys() and all(numpy.array_equal(vector, other[key]) for key, vector in one.items())


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path, "fake", Settings(home=tmp_path))


def sizes(store: VectorStore) -> list[int]:
    assert store.manifest
    return [one.count for one in store.manifest.sets]


def test_small_sets_are_merged_so_that_there_are_few(store: VectorStore) -> None:
    for turn in range(12):
        with store.writing((), 2) as writer:
            assert writer
            writer.add(some(10 * turn, 10 * turn + 10))
    assert sizes(store) == [80, 40]
    assert same(store.read(), some(0, 120))
    assert len(list(store.place.glob("set-*"))) == 2
    assert same(VectorStore(store.place.parent, "fake", Settings()).read(), some(0, 120))


def test_one_writes_at_a_time_and_others_see_what_is_committed(store: VectorStore, tmp_path: Path) -> None:
    other = VectorStore(tmp_path, "fake", Settings(home=tmp_path))
    with store.writing((), 2) as writer:
        assert writer
        writer.add(some(0, 10))
        with other.writing((), 2) as second:
            assert second is None
        assert same(store.read(), some(0, 10)), "this process has them at once"
        assert other.read() == {}
        writer.commit()
        assert same(other.read(), some(0, 10))
    assert same(store.read(), some(0, 10))


def test_what_was_added_comes_into_force_while_it_is_written(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SOONEST", 0.0)
    with store.writing((), 2) as writer:
        assert writer
        writer.add(some(0, 10))
        assert same(store.read(), some(0, 10))


def test_vectors_that_nobody_wants_are_dropped_once_they_are_many(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SPARE", 20)
    with store.writing((), 2) as writer:
        assert writer
        writer.add(some(0, 60))
    with store.writing(some(0, 20), 2):
        assert sizes(store) == [60]
    with store.writing(some(0, 19), 2):
        assert same(store.read(), some(0, 19))
    with store.writing((), 2):
        assert sizes(store) == [19]


def test_what_a_killed_writer_left_is_removed_by_the_next(store: VectorStore) -> None:
    (store.place / "set-left").mkdir(parents=True)
    with store.writing((), 2) as writer:
        assert writer
        writer.add(some(0, 10))
    assert [path.name for path in store.place.glob("set-*")] == [one.name for one in store.manifest.sets]


def test_what_is_committed_while_it_is_read_is_not_missed(store: VectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    told = VectorStore.manifest.fget
    assert told
    with store.writing((), 2) as writer:
        assert writer
        writer.add(some(0, 10))

        def committing(self: VectorStore) -> Manifest | None:
            before: Manifest | None = told(self)
            writer.commit()
            return before

        with monkeypatch.context() as patch:
            patch.setattr(VectorStore, "manifest", property(committing))
            assert same(store.read(), some(0, 10))
