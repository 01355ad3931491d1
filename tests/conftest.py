"""Every test runs in a home of its own, with no setting of this machine in force and no way to the internet."""

import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from copilot.lore import load_yaml
from copilot.providers import FILE, Providers
from copilot.settings import Settings

LOOPBACK = ("127.", "::1", "localhost")


class NetworkBlocked(AssertionError):
    """A test tried to reach another machine."""


hypothesis.settings.register_profile("project", deadline=None)  # other work may slow this machine down
hypothesis.settings.load_profile("project")


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the whole run, so that the handbook is indexed once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, shared_home: Path) -> None:
    """No key, no `.env`, no settings of whoever runs the tests."""
    for name in list(os.environ):
        if name.upper().startswith(("COPILOT_", "OPENAI_")) or name.upper().endswith("_API_KEY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COPILOT_HOME", str(shared_home))
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real requests are off: only this machine can be reached, here and (through a dead proxy) in child processes."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise NetworkBlocked(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost,::1,.invalid")  # the last is looked up, and is nowhere


@pytest.fixture
def run_copilot(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """`copilot ARGUMENTS` in a process and folder of its own.

    `stdin` is what is piped in, `source` and `stdout` are files to use instead, `env` adds variables.
    """

    def run(
        *arguments: str,
        stdin: bytes | None = None,
        source: Any = subprocess.DEVNULL,
        stdout: Any = subprocess.PIPE,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "copilot.cli", *arguments],
            **({"stdin": source} if stdin is None else {"input": stdin}),
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, **(env or {})},
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def open_store(request: pytest.FixtureRequest) -> Callable[[Settings], Any]:
    """Opens the store that the settings name; it is closed when the test ends."""
    from copilot.store import Store

    def opened(settings: Settings) -> Store:
        store = Store(settings)
        request.addfinalizer(store.close)
        return store

    return opened


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes where this process reads its stdin."""
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.fixture
def call_copilot(
    pipe: Callable[[bytes], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run_copilot` for tests in which the process itself plays no part: the same within this one, in a quarter of the time."""
    from copilot.cli import main

    def call(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(tmp_path)
        pipe(stdin)
        capsys.readouterr()
        code = main(arguments)
        return subprocess.CompletedProcess(arguments, code, *capsys.readouterr())

    return call


@pytest.fixture
def no_provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No provider's key is set, and the data folder is `home` in the test's own folder."""
    for provider in Providers.model_validate(load_yaml(FILE)).providers.values():
        for name in provider.keys:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
