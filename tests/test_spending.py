"""The day's account: what was spent, whether the limit has room, and that trouble with it costs no draft."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from copilot.endpoints import Endpoint, Price
from copilot.errors import ModelRefused, ModelUnavailable
from copilot.files import locked
from copilot.records import Usage
from copilot.settings import Settings
from copilot.writers import spending
from copilot.writers.spending import Spending

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # 12:00 in Shanghai
PRICE = Price(currency="CNY", input=2, output=8)


def endpoint(price: Price | None = PRICE, **fields: Any) -> Endpoint:
    fixed = {"name": "m", "provider": "house", "model": "m", "base_url": "http://127.0.0.1:9/v1"}
    return Endpoint(**{**fixed, "context_tokens": 8192, "output_tokens": 1000, "price": price, **fields})


def account(home: Path, at: datetime = NOON, **values: Any) -> Spending:
    return Spending(Settings.load(home=home, **values), now=lambda: at)


def used(sent: int, received: int = 0) -> Usage:
    return Usage(model="m", input_tokens=sent, output_tokens=received, requests=1)


def test_a_day_adds_up_by_currency_and_tells_what_has_no_price(tmp_path: Path) -> None:
    account(tmp_path).add(endpoint(), used(1_000_000, 500_000))
    account(tmp_path).add(endpoint(Price(currency="USD", input=1, output=1)), used(1_000_000))
    account(tmp_path).add(endpoint(None), used(70, 7))
    spent = account(tmp_path).today()
    assert spent.costs == {"CNY": 6.0, "USD": 1.0}
    assert (spent.requests, spent.tokens, spent.unpriced_tokens) == (3, 2_500_077, 77)


def test_nothing_is_spent_before_the_first_request_and_looking_writes_nothing(tmp_path: Path) -> None:
    assert account(tmp_path / "home").today().tokens == 0
    account(tmp_path / "home").add(endpoint(), Usage())
    assert not (tmp_path / "home").exists()


def test_the_day_is_the_operators(tmp_path: Path) -> None:
    evening = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    account(tmp_path, evening).add(endpoint(), used(5))
    assert account(tmp_path, evening).today().tokens == 5
    assert account(tmp_path, evening + timedelta(minutes=2)).today().tokens == 0
    assert account(tmp_path, evening + timedelta(minutes=2), time_zone="UTC").today().tokens == 5


def test_a_request_that_could_pass_the_days_tokens_is_refused_with_the_fix(tmp_path: Path) -> None:
    limited = account(tmp_path, daily_tokens=5000)
    with limited.room(endpoint(), 3000):
        limited.add(endpoint(), used(3000, 500))
    with pytest.raises(ModelRefused, match="COPILOT_DAILY_TOKENS"), limited.room(endpoint(), 600):
        pytest.fail("there was no room")
    with limited.room(endpoint(), 500):
        pass
    with limited.room(endpoint(), 1300, 200):
        pass


def test_a_request_that_could_pass_the_days_cost_is_refused_and_each_currency_counts_by_itself(tmp_path: Path) -> None:
    limited = account(tmp_path, daily_cost=1.0)
    limited.add(endpoint(), used(490_000))
    with pytest.raises(ModelRefused, match=r"¥0\.98.*COPILOT_DAILY_COST"), limited.room(endpoint(), 8000):
        pytest.fail("there was no room")
    with limited.room(endpoint(Price(currency="USD", input=2, output=8)), 8000):
        pass
    with limited.room(endpoint(Price(currency="", input=0, output=0)), 8_000_000):
        pass


def test_a_model_without_a_price_is_not_asked_under_a_limit_of_cost(tmp_path: Path) -> None:
    with (
        pytest.raises(ModelRefused, match=r"价格.*providers\.yaml"),
        account(tmp_path, daily_cost=9).room(endpoint(None), 1),
    ):
        pytest.fail("its cost can't be counted")


@pytest.mark.parametrize("values", [{}, {"daily_tokens": 0, "daily_cost": 0}])
def test_without_a_limit_there_is_always_room_and_nothing_is_read(values: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "spending").write_text("a file where the folder should be")
    free = account(tmp_path, **values)
    assert not free.limited
    with free.room(endpoint(None), 10**9):
        free.add(endpoint(), used(10))


def test_tomorrow_there_is_room_again(tmp_path: Path) -> None:
    account(tmp_path).add(endpoint(), used(5000))
    with account(tmp_path, NOON + timedelta(days=1), daily_tokens=5000).room(endpoint(), 3000):
        pass


def test_requests_side_by_side_cant_pass_the_limit_together(tmp_path: Path) -> None:
    limited = account(tmp_path, daily_tokens=4500)
    inside, refused = [], []
    gate = threading.Barrier(8)

    def ask(number: int) -> None:
        gate.wait()
        try:
            with limited.room(endpoint(), 500):
                inside.append(number)
                limited.add(endpoint(), used(500, 1000))
        except ModelRefused:
            refused.append(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert limited.today().tokens <= 4500
    assert inside
    assert len(inside) + len(refused) == 8


def test_a_request_that_came_back_or_broke_gives_its_room_back(tmp_path: Path) -> None:
    limited = account(tmp_path, daily_tokens=2000)
    with pytest.raises(RuntimeError), limited.room(endpoint(), 1000):
        raise RuntimeError
    with limited.room(endpoint(), 1000), pytest.raises(ModelRefused), limited.room(endpoint(), 1000):
        pytest.fail("the first one is still under way")


def test_a_request_whose_process_died_holds_its_room_for_a_while_only(tmp_path: Path) -> None:
    under_way = account(tmp_path, daily_tokens=2000, request_timeout=60).room(endpoint(), 1000)
    under_way.__enter__()
    with pytest.raises(ModelRefused), account(tmp_path, daily_tokens=2000).room(endpoint(), 1000):
        pytest.fail("it may still be under way")
    with account(tmp_path, NOON + timedelta(minutes=4), daily_tokens=2000).room(endpoint(), 1000):
        pass
    under_way.__exit__(None, None, None)


def test_two_processes_lose_no_entry(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from copilot.endpoints import Endpoint\n"
        "from copilot.records import Usage\n"
        "from copilot.settings import Settings\n"
        "from copilot.writers.spending import Spending\n"
        "one = Endpoint(name='m', provider='p', model='m', base_url='u', context_tokens=1, output_tokens=1)\n"
        "kept = Spending(Settings.load(home=sys.argv[1], daily_tokens=10**9))\n"
        "for _ in range(50):\n"
        "    with kept.room(one, 1):\n"
        "        kept.add(one, Usage(input_tokens=3, requests=1))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    spent = Spending(Settings.load(home=tmp_path)).today()
    assert (spent.requests, spent.tokens) == (100, 300)


@pytest.mark.parametrize(
    "broken", [b"{", b'{"kind":"spent","input_tokens":-5}\n', b"\xff\xfe", b"[]\n", b'{"kind":"x"}']
)
def test_under_a_limit_an_account_that_cant_be_read_is_told_and_nothing_is_asked(broken: bytes, tmp_path: Path) -> None:
    limited = account(tmp_path, daily_tokens=5000)
    limited.add(endpoint(), used(1))
    (path,) = (tmp_path / "spending").glob("*.jsonl")
    path.write_bytes(path.read_bytes() + broken)
    with pytest.raises(ModelRefused, match=r"2026-11-22\.jsonl.*移走"), limited.room(endpoint(), 1):
        pytest.fail("what was spent is not known")
    account(tmp_path).add(endpoint(), used(1))


def test_under_a_limit_a_folder_that_cant_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "spending").write_text("a file where the folder should be")
    with pytest.raises(ModelRefused, match="每日上限"), account(tmp_path, daily_tokens=5000).room(endpoint(), 1):
        pytest.fail("what will be spent can't be kept")


def test_an_entry_that_was_cut_off_spoils_none_after_it(tmp_path: Path) -> None:
    account(tmp_path).add(endpoint(), used(1))
    (path,) = (tmp_path / "spending").glob("*.jsonl")
    path.write_bytes(path.read_bytes().rstrip()[:-4])
    account(tmp_path).add(endpoint(), used(2))
    last = [line for line in path.read_text(encoding="utf-8").splitlines() if line][-1]
    assert json.loads(last)["input_tokens"] == 2


def test_an_account_held_by_another_program_is_worth_another_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spending, "WAIT", 0.05)
    with (
        locked(tmp_path / "spending" / "2026-11-22.lock", 1) as mine,
        pytest.raises(ModelUnavailable) as caught,
        account(tmp_path, daily_tokens=5000).room(endpoint(), 1),
    ):
        pytest.fail("another program was looking at it")
    assert mine
    assert caught.value.retryable


def test_old_days_are_dropped(tmp_path: Path) -> None:
    for day in range(40):
        account(tmp_path, NOON + timedelta(days=day)).add(endpoint(), used(1))
    assert len(list((tmp_path / "spending").glob("*.jsonl"))) <= spending.KEPT + 1


def test_the_account_holds_no_key_and_no_word_that_was_sent(tmp_path: Path) -> None:
    account(tmp_path).add(endpoint(api_key="sk-hidden-key", base_url="https://user:pass@llm.example.org/v1"), used(3))
    (path,) = (tmp_path / "spending").glob("*.jsonl")
    kept = path.read_text(encoding="utf-8")
    assert "sk-hidden" not in kept
    assert "pass" not in kept
