"""A real small chat model on this machine, where `../shared/local-llm/serve.py` is there to serve it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import deque
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
        yield _ready(server, f"http://127.0.0.1:{port}")
    finally:
        with contextlib.suppress(ProcessLookupError):  # the model runs in a child of the server's: end both
            os.killpg(server.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _ready(server: "subprocess.Popen[str]", address: str) -> str:
    """The address of the API once it answers; of what the server prints only the last line is kept."""
    said: deque[str] = deque([""], maxlen=1)
    reader = threading.Thread(target=_read, args=(server, said), daemon=True)
    reader.start()
    until = time.monotonic() + READY
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=5):
            return f"{address}/v1"
        if server.poll() is not None:
            reader.join()
            raise NotServed(f"the local model did not start: {said[0]}")
        time.sleep(0.2)
    raise NotServed(f"the local model was not ready within {READY} s: {said[0]}")


def _read(server: "subprocess.Popen[str]", said: deque[str]) -> None:
    assert server.stdout
    with server.stdout as stream:
        said.extend(line.strip() for line in stream if line.strip())
