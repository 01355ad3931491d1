"""What asking models has taken today, over all processes that share a data folder, and whether the day's limit has room.

One file a day (the operator's day), a line for each request that was paid for. With a limit set, a request is entered
before it leaves and struck out when it is back, so that requests side by side can't pass the limit together. Trouble
with the file costs no draft while no limit is set; with one, nothing is asked that could not be counted.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from copilot.endpoints import Endpoint, cost_of
from copilot.errors import ModelRefused, ModelUnavailable, WriterError
from copilot.files import locked
from copilot.providers import money
from copilot.records import Record, Usage
from copilot.settings import Settings

WAIT = 5.0  # seconds for another process that is looking at the same file
KEPT = 31  # days


class Spent(Record):
    """What a day has taken: requests, tokens, costs by currency, and the tokens of models whose price is not known."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    costs: dict[str, float] = {}
    unpriced_tokens: int = 0

    @property
    def tokens(self) -> int:
        """All tokens, sent and received."""
        return self.input_tokens + self.output_tokens


class _Line(Record):
    """One line: what was spent, what a request under way may take (`until`, epoch seconds), or that it is back."""

    kind: Literal["spent", "under-way", "back"]
    at: str = ""
    id: str = ""
    until: float = 0
    provider: str = ""
    model: str = ""
    requests: int = 0
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    cost: float | None = None
    currency: str = ""


class Spending:
    """The day's account of one data folder. `now` is the time, for tests."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] | None = None) -> None:
        self._settings = settings
        self._now = now or (lambda: datetime.now(UTC))
        self._folder = settings.home / "spending"

    @property
    def limited(self) -> bool:
        """Whether a limit is set."""
        return bool(self._settings.daily_tokens or self._settings.daily_cost)

    def add(self, endpoint: Endpoint, usage: Usage) -> None:
        """Enter what asking an endpoint has taken. Never raises: the words are there and paid for."""
        if not usage.requests and not usage.input_tokens and not usage.output_tokens:
            return
        path = self._path()
        if not path.exists():
            self._prune()
        line = _Line(
            kind="spent",
            at=self._local().isoformat(timespec="seconds"),
            provider=endpoint.provider,
            model=endpoint.model,
            requests=usage.requests,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost=cost_of(usage, endpoint),
            currency=endpoint.currency,
        )
        with suppress(OSError):
            _append(path, line)

    def today(self) -> Spent:
        """What today has taken. Raises `ModelRefused` when the account can't be read."""
        return _sum([line for line in self._lines(self._path()) if line.kind == "spent"])

    @contextmanager
    def room(self, endpoint: Endpoint, input_tokens: int, output_tokens: int | None = None) -> Iterator[None]:
        """Around a request of so many tokens: raises `ModelRefused` when it could pass the day's limit.

        `output_tokens` is the most that may come back, the endpoint's most unless said otherwise. Call `add` inside,
        when what it took is known.
        """
        if not self.limited:
            yield
            return
        most = endpoint.output_tokens if output_tokens is None else output_tokens
        path, number = self._path(), uuid.uuid4().hex
        wanted = _Line(
            kind="under-way",
            id=number,
            until=self._now().timestamp() + 3 * self._settings.request_timeout,
            input_tokens=input_tokens,
            output_tokens=most,
            cost=endpoint.cost(input_tokens, most),
            currency=endpoint.currency,
        )
        try:
            with locked(path.with_suffix(".lock"), WAIT) as mine:
                if not mine:
                    raise ModelUnavailable("今天的用量正被另一个程序记录", hint="过几秒再试")
                self._check(endpoint, wanted, self._in_force(path))
                _append(path, wanted)
        except OSError as error:
            raise _unreadable(path, error.strerror or str(error)) from error
        try:
            yield
        finally:
            with suppress(OSError):  # left standing it counts for a while: too much is refused rather than too little
                _append(path, _Line(kind="back", id=number))

    def _check(self, endpoint: Endpoint, wanted: _Line, before: Spent) -> None:
        tokens, cost = self._settings.daily_tokens, self._settings.daily_cost
        asked = wanted.input_tokens + wanted.output_tokens
        if tokens and before.tokens + asked > tokens:
            raise ModelRefused(
                f"今天已用 {before.tokens:,} 个词元，这一次最多还要 {asked:,}，会超过每天 {tokens:,} 的上限",
                hint="明天再用模型，或把 COPILOT_DAILY_TOKENS 调大",
            )
        if not cost:
            return
        if wanted.cost is None:
            raise ModelRefused(
                f"不知道 {endpoint.name} 的价格，按金额的每日上限管不住它",
                hint=f"在 {self._settings.home / 'providers.yaml'} 写上价格，或改设 COPILOT_DAILY_TOKENS",
            )
        spent = before.costs.get(wanted.currency, 0.0)
        if wanted.cost and spent + wanted.cost > cost:
            told = [money(one, wanted.currency) for one in (spent, wanted.cost, cost)]
            raise ModelRefused(
                f"今天已花 {told[0]}，这一次最多还要 {told[1]}，会超过每天 {told[2]} 的上限",
                hint="明天再用模型，或把 COPILOT_DAILY_COST 调大",
            )

    def _in_force(self, path: Path) -> Spent:
        """What was spent, and what requests under way may still take."""
        lines, now = self._lines(path), self._now().timestamp()
        back = {line.id for line in lines if line.kind == "back"}
        counted = [
            line
            for line in lines
            if line.kind == "spent" or (line.kind == "under-way" and line.id not in back and line.until > now)
        ]
        return _sum(counted)

    def _lines(self, path: Path) -> list[_Line]:
        try:
            return [_Line.model_validate_json(line) for line in path.read_bytes().splitlines() if line.strip()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(path, error.strerror or str(error)) from error
        except ValidationError:
            raise _unreadable(path, "里面有读不懂的行") from None

    def _local(self) -> datetime:
        return self._now().astimezone(self._settings.zone)

    def _path(self) -> Path:
        return self._folder / f"{self._local():%Y-%m-%d}.jsonl"

    def _prune(self) -> None:
        with suppress(OSError):
            for path in sorted(self._folder.glob("*.jsonl"))[:-KEPT]:
                path.unlink(missing_ok=True)
                path.with_suffix(".lock").unlink(missing_ok=True)


def _sum(lines: list[_Line]) -> Spent:
    costs: dict[str, float] = {}
    for line in lines:
        if line.cost:
            costs[line.currency] = costs.get(line.currency, 0.0) + line.cost
    return Spent(
        requests=sum(line.requests for line in lines),
        input_tokens=sum(line.input_tokens for line in lines),
        output_tokens=sum(line.output_tokens for line in lines),
        costs=costs,
        unpriced_tokens=sum(line.input_tokens + line.output_tokens for line in lines if line.cost is None),
    )


def _append(path: Path, line: _Line) -> None:
    """One write at the file's end, on a line of its own even after one that was cut off. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"\n{line.model_dump_json(exclude_defaults=True)}\n".encode())
    finally:
        os.close(handle)


def _unreadable(path: Path, why: str) -> WriterError:
    return ModelRefused(
        f"今天的用量记在 {path}，读写不了（{why}），每日上限没法算",
        hint="改好它的权限，或移走它从零算起；不设 COPILOT_DAILY_TOKENS 和 COPILOT_DAILY_COST 就不查",
    )
