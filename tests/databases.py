"""A throwaway PostgreSQL for the tests: its own cluster on a socket and a loopback port, stopped when the tests end."""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from copilot.errors import StorageError
from copilot.records import Draft, Request
from copilot.settings import Settings
from copilot.store import Store

INITDB = ["-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256"]
PASSWORD = "pass@wo:rd/1"
Open = Callable[[Settings], Store]  # what the fixture `open_store` is


class Cluster:
    """A running server; `fresh()` is the URL of an empty database of its own."""

    def __init__(self, programs: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="copilot-pg-", dir="/tmp"))  # a socket's path must be short
        self.port = _free_port()
        who = _server_user()
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if who:
            for path in (self.folder, secret):
                os.chown(path, who["user"], who["group"])
        data = self.folder / "data"
        subprocess.run(
            [str(programs / "initdb"), "-D", str(data), *INITDB, f"--pwfile={secret}"],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **who,
        )
        options = {"fsync": "off", "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder)}
        options |= {"max_connections": "60", "shared_buffers": "16MB"}
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), "-p", str(self.port)]
                + [word for name, value in options.items() for word in ("-c", f"{name}={value}")],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C in the terminal is for the tests; they stop the server
                **who,
            )
        atexit.register(self.stop)
        self._wait()

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql://postgres@/{name}?host={self.folder}&port={self.port}"

    def execute(self, statement: Any, database: str = "postgres") -> None:
        with self._connect(database) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)  # a fast shutdown
            try:
                self._server.wait(20)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), port=self.port, user="postgres", dbname=database, autocommit=True)

    def _wait(self) -> None:
        for _ in range(200):
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError:
                assert self._server.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())


@cache
def cluster() -> Cluster | None:
    """The one cluster of this run, None where PostgreSQL is not installed."""
    found = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    usable = [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return Cluster(usable[0]) if usable else None


def _server_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def settings_for(kind: str, folder: Path, **values: Any) -> Settings:
    """Settings with an empty store of this kind, `sqlite` or `postgresql`."""
    if kind == "postgresql":
        server = cluster()
        if server is None:
            pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        values["database_url"] = server.fresh()
    return Settings.load(home=folder / "home", **values)


def make_draft(draft_id: str = "a1b2c3", **values: Any) -> Draft:
    """A small draft; `brief` goes into its request."""
    filled: dict[str, Any] = {
        "kind": "announcement",
        "writer": "offline",
        "text": "周六一起慢跑\n地点：河边凉亭",
        "created": datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        **values,
    }
    return Draft(id=draft_id, request=Request(brief=filled.pop("brief", "周六慢跑，河边凉亭")), **filled)


def refusal(work: Callable[[], object]) -> StorageError:
    """The one line, with its fix, by which the store turns `work` down."""
    with pytest.raises(StorageError) as caught:
        work()
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value


def file_of(settings: Settings) -> Path:
    """SQLite's file."""
    return settings.home / "drafts.db"


def all_ids(store: Store) -> list[str]:
    """Of up to 20,000 drafts."""
    return [row.id for offset in range(0, 20_000, 1000) for row in store.drafts(limit=1000, offset=offset)]
