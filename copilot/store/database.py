"""The database behind the store: opened, migrated and written by one at a time, whichever of the two it is.

SQLite is one file with a write-ahead log, so that readers never wait; a transaction on it is on disk when it ends.
PostgreSQL is named by a URL. On both, writers take turns (`BEGIN IMMEDIATE`, an advisory lock), so that no code above
has to think of two people numbering the same version.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from copilot.settings import Settings
from copilot.store.migrating import migrate, revision_of
from copilot.store.schema import REVISION
from copilot.store.troubles import ELSEWHERE, explained, storage_error

WAIT_SECONDS = 10.0  # how long one waits for another's turn to end
CONNECT_SECONDS = 5
_TURN = 0x636F7069  # the advisory lock that PostgreSQL's writers take in turn
_URL_HINT = (
    "写成 postgresql://用户:密码@主机:5432/库名（密码里的 @ : / 写成 %40 %3A %2F），或 sqlite:////路径/drafts.db"
)
_preparing = Lock()  # alembic keeps the migration under way in module-wide variables


class Database:
    """One database, opened on first use. Safe to share between threads; processes may share the database."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: Engine | None = None
        self._making = Lock()
        self._ready: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that changes nothing. Raises `StorageError`."""
        with self._translated(), self._opened().begin() as connection:
            if self._path:
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction of the only writer there is at the moment; kept as a whole or not at all. Raises `StorageError`."""
        with self._translated(), self._opened().begin() as connection:
            self._take_turn(connection)
            yield connection

    @contextmanager
    def looking(self) -> Iterator[tuple[Connection, str] | None]:
        """A connection to the database as it stands and its schema's revision, or None: nothing is made or migrated."""
        with self._translated():
            if self._path and not self._path.exists():
                yield None
                return
            with self._engine().begin() as connection:
                yield connection, revision_of(connection)

    def close(self) -> None:
        """Let go of its connections; the next use opens it again."""
        with self._making:
            if self._made:
                self._made.dispose()

    @cached_property
    def url(self) -> URL:
        """Where it is, with what opens it: not to be shown. Raises `StorageError` where it is not a URL we can use."""
        return _url(self._settings)

    @cached_property
    def place(self) -> str:
        """Where it is, as it may be shown: a path, or host, port and name."""
        if self._path:
            return str(self._path)
        query = self.url.query  # a socket's folder stands there
        host = self.url.host or query.get("host") or "localhost"
        return f"{host}:{self.url.port or query.get('port') or 5432}/{self.url.database or ''}"

    @cached_property
    def _path(self) -> Path | None:
        """SQLite's file, None for a server."""
        return Path(str(self.url.database)) if self.url.get_backend_name() == "sqlite" else None

    def _opened(self) -> Engine:
        """The engine, with its database made and migrated; a file that was taken away meanwhile is made again."""
        engine = self._engine()
        if self._ready is None or self._ready != self._identity():
            with _preparing:
                self._prepare(engine)
                self._ready = self._identity()
        return engine

    def _identity(self) -> tuple[int, int] | None:
        """Which file it is: another of the same name may take its place. A server stays the same one."""
        if self._path is None:
            return 0, 0
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _engine(self) -> Engine:
        with self._making:
            if self._made is None:
                self._made = self._make_engine()
            return self._made

    def _make_engine(self) -> Engine:
        options: dict[str, Any] = {"hide_parameters": True}  # an error must not carry a draft
        if self._path:
            # One connection a transaction: none outlives its file or a fork. We say BEGIN, not the driver.
            options |= {"poolclass": NullPool, "connect_args": {"timeout": WAIT_SECONDS, "isolation_level": None}}
        else:
            wait = {} if "connect_timeout" in self.url.query else {"connect_timeout": CONNECT_SECONDS}
            options |= {"pool_pre_ping": True, "connect_args": {"application_name": "copilot", **wait}}
        try:
            engine = create_engine(self.url, **options)
        except (ImportError, ArgumentError):
            raise storage_error(
                f"没有安装 {self.url.drivername} 的驱动",
                hint='pip install "psycopg[binary]"，地址以 postgresql:// 开头',
            ) from None
        if self._path:
            event.listen(engine, "connect", _hold_foreign_keys)
        return engine

    def _prepare(self, engine: Engine) -> None:
        """Make what is not there and migrate what is old. Of several processes that start at once, one does it."""
        if self._path and not self._path.exists():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with engine.connect() as connection:
            if revision_of(connection) == REVISION:
                return
        with ExitStack() as stack:
            if self._path:  # a change to a write-ahead log does not wait for its turn by itself
                lock = FileLock(self._path.with_name(f"{self._path.name}.lock"), timeout=WAIT_SECONDS, mode=0o600)
                stack.enter_context(lock)
            connection = stack.enter_context(engine.connect())
            if self._path:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # writing a table anew would cascade
                connection.commit()
            with connection.begin():
                self._take_turn(connection)
                migrate(connection, self.place)

    def _take_turn(self, connection: Connection) -> None:
        """Wait until nobody else writes; the turn ends with the transaction."""
        if self._path:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS:.0f}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise explained(error, self.place, self.url, WAIT_SECONDS) from error
        except PoolTimeout as error:
            raise storage_error(f"{self.place} 的连接都在用", hint="稍后再试", retryable=True) from error
        except Timeout as error:
            raise storage_error(
                f"别的程序升级 {self.place} 超过 {WAIT_SECONDS:.0f} 秒", hint="等它完成再试", retryable=True
            ) from error
        except OSError as error:
            raise storage_error(
                f"打不开 {error.filename or self.place}：{error.strerror}",
                hint=f"检查路径、权限和磁盘空间，或{ELSEWHERE}",
                retryable=True,
            ) from error


def _url(settings: Settings) -> URL:
    if settings.database_url is None:
        return URL.create("sqlite", database=str((settings.home / "drafts.db").absolute()))
    try:
        url = make_url(settings.database_url.get_secret_value())
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):  # they quote the URL, so they are not passed on
        raise storage_error("COPILOT_DATABASE_URL 不是数据库地址", hint=_URL_HINT) from None
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite" and url.database not in (None, "", ":memory:") and not url.query:
        return URL.create("sqlite", database=str(Path(str(url.database)).expanduser().absolute()))
    if kind != "postgresql":
        raise storage_error("COPILOT_DATABASE_URL 只能是 SQLite 文件或 PostgreSQL", hint=_URL_HINT)
    if "@" in f"{url.host}{url.database}":  # a password cut at its own "@": the rest of it would be shown
        raise storage_error("COPILOT_DATABASE_URL 里的密码有没转写的符号", hint=_URL_HINT)
    return url


def _hold_foreign_keys(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
