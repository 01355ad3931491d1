"""Conversations are kept turn by turn, the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import settings_for
from sqlalchemy import update

from copilot.errors import EmptyInputError, NotKeptError, UsageError
from copilot.settings import Settings
from copilot.store import Attachment, Conversation, Store, Turn, Use
from copilot.store.schema import turns

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return settings_for(request.param, tmp_path)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    made = Store(settings)
    yield made
    made.close()


def said(name: str, text: str, **values: object) -> Turn:
    return Turn.model_validate({"id": name, "role": "operator", "text": text, "at": AT, **values})


def talk(name: str, *spoken: Turn, title: str = "河畔骑行", later: int = 0) -> Conversation:
    return Conversation(id=name, title=title, created=AT, updated=AT + timedelta(minutes=later), turns=spoken)


def test_a_conversation_comes_back_as_it_was_said(store: Store) -> None:
    first = said("t1", "写个公告🏃\0", files=(Attachment(name="要点.txt", text="周六"),))
    second = Turn(
        id="t2", role="copilot", text="写好了", at=AT, uses=(Use(tool="check", returned="没有问题"),), writer="offline"
    )
    store.keep_conversation(talk("c1", first, second))
    kept = store.conversation("c1")
    assert kept.turns == (first, second)
    assert kept.updated.utcoffset() == timedelta(hours=8)


def test_turns_are_added_and_none_is_kept_twice(store: Store) -> None:
    one, two, three = (said(name, name) for name in ("t1", "t2", "t3"))
    store.keep_conversation(talk("c1", one, two))
    store.keep_conversation(talk("c1", two, three, later=5))
    assert [turn.id for turn in store.conversation("c1").turns] == ["t1", "t2", "t3"]
    (row,) = store.conversations()
    assert (row.turns, row.updated) == (3, AT + timedelta(minutes=5))


def test_two_who_go_on_with_one_conversation_lose_nothing(settings: Settings, store: Store) -> None:
    store.keep_conversation(talk("c1", said("t0", "开始")))

    def go_on(who: int) -> None:
        other = Store(settings)
        for number in range(5):
            other.keep_conversation(talk("c1", said(f"{who}-{number}", "再说")))
        other.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(go_on, range(4)))
    ids = [turn.id for turn in store.conversation("c1").turns]
    assert len(ids) == len(set(ids)) == 21


def test_it_is_found_by_any_word_that_was_said_whatever_its_case_and_width(store: Store) -> None:
    store.keep_conversation(talk("c1", said("t1", "ＡＡ 制，每人 30%"), title="晨跑"))
    store.keep_conversation(talk("c2", said("t2", "别的", files=(Attachment(name="名单.csv", text="石榴"),)), later=1))
    assert [row.id for row in store.conversations()] == ["c2", "c1"]
    assert [row.id for row in store.conversations("aa")] == ["c1"]
    assert [row.id for row in store.conversations("30%")] == ["c1"]
    assert [row.id for row in store.conversations("石榴")] == ["c2"]
    assert [row.id for row in store.conversations("晨跑")] == ["c1"]
    assert store.conversations("没说过") == ()
    assert [row.id for row in store.conversations(limit=1, offset=1)] == ["c1"]


def test_it_is_renamed_and_forgotten(store: Store) -> None:
    store.keep_conversation(talk("c1abc", said("t1", "你好")))
    store.rename_conversation("c1", " 周末\n活动 ")
    assert store.conversation("c1a").title == "周末 活动"
    assert [row.id for row in store.conversations("周末 活动")] == ["c1abc"]
    store.forget_conversation("c1")
    assert store.conversations() == ()
    with pytest.raises(NotKeptError):
        store.conversation("c1abc")


def test_what_is_asked_wrongly_is_refused(store: Store) -> None:
    store.keep_conversation(talk("c1a", said("t1", "一")))
    store.keep_conversation(talk("c1b", said("t2", "二")))
    with pytest.raises(NotKeptError, match="c1"):
        store.conversation("c1")
    with pytest.raises(EmptyInputError):
        store.rename_conversation("c1a", " \n")
    with pytest.raises(UsageError):
        store.conversations(limit=0)
    with pytest.raises(UsageError):
        store.conversations("字" * 1001)


def test_a_turn_that_cannot_be_read_costs_only_itself(store: Store) -> None:
    store.keep_conversation(talk("c1", said("t1", "一"), said("t2", "二")))
    with store.database.writing() as connection:
        connection.execute(update(turns).where(turns.c.id == "t1").values(record="{}"))
    kept = store.conversation("c1")
    assert ["读不出来" in turn.text for turn in kept.turns] == [True, False]
