"""A real small chat model on this machine, where `../shared/local-llm/serve.py` is there to serve it."""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"
SERVER = SHARED / "local-llm" / "serve.py"
SCENARIOS = SHARED / "eval" / "playbook" / "scenarios_dev.jsonl"
MODEL = "small"
CONTEXT = 8192  # tokens
READY = 1800  # seconds: the first time, a gigabyte of weights is fetched


class NotServed(Exception):
    """The server did not come up; the message is the last it said."""


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of the model while it is served. Raises `NotServed`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(SERVER), str(port), "--context", str(CONTEXT)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True
    )
    try:
        yield _ready(server)
    finally:
        with contextlib.suppress(ProcessLookupError):  # the model runs in a child of the server's: end both
            os.killpg(server.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _ready(server: "subprocess.Popen[str]") -> str:
    """The address that the server prints once it listens; what it prints after that is read and dropped."""
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_drain, args=(server, lines), daemon=True).start()
    until, last = time.monotonic() + READY, ""
    while (left := until - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except queue.Empty:
            break
        if line is None:
            raise NotServed(f"the local model did not start: {last}")
        if line.startswith("ready "):
            return line.split()[1]
        last = line.strip() or last
    raise NotServed(f"the local model was not ready within {READY} s: {last}")


def _drain(server: "subprocess.Popen[str]", lines: "queue.Queue[str | None]") -> None:
    ready = False
    assert server.stdout
    with server.stdout as stream:
        for line in stream:
            if not ready:
                lines.put(line)
            ready = ready or line.startswith("ready ")
    lines.put(None)
