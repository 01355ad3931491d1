"""Foreign formats are read in a process apart: one that hangs, swells or crashes costs its file and nothing else.

The process stays for the next file; heavy packages are loaded there and never here. A message to it is a line of
JSON and the file's bytes, its answer a line of JSON: an extract, the reason why there is none, or its last words.
"""

import atexit
import json
import subprocess
import sys
from contextlib import suppress
from functools import cache
from threading import Lock, Timer
from typing import Any

from copilot.errors import PlaybookError
from copilot.playbook.readers.extract import Extract

SECONDS = 120.0
"""The most that reading one file may take."""


class _Reader:
    """The one process that reads, started when first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """End the process; the next file starts another."""
        if self._process is not None:
            self._process.kill()
            with suppress(OSError), self._process:  # what it never took is not written any more
                pass
            self._process = None

    def ask(self, request: bytes, seconds: float) -> dict[str, Any] | None:
        """The answer to a request, or None when it took too long; a process that died of it has at most last words."""
        with self._lock:
            process = self._running()
            late = Timer(seconds, process.kill)
            late.daemon = True
            late.start()
            told: dict[str, Any] = {"crashed": ""}
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                with suppress(OSError):  # it died before it had taken the file
                    process.stdin.write(request)
                    process.stdin.flush()
                    answer = process.stdout.readline()
                    told = json.loads(answer) if answer.endswith(b"\n") else told
            finally:
                in_time = late.is_alive()
                late.cancel()
                if "crashed" in told or not in_time:  # it may be dying: not one for the next file
                    self.stop()
            return told if in_time or "crashed" not in told else None

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "copilot.playbook.readers.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process


@cache
def _reader() -> _Reader:
    reader = _Reader()
    atexit.register(reader.stop)
    return reader


def read_apart(data: bytes, suffix: str, *, seconds: float = SECONDS) -> Extract:
    """The extract of a file of this suffix; raises `PlaybookError` with the reason it can't be read."""
    head = json.dumps({"suffix": suffix, "size": len(data), "seconds": seconds})
    told = _reader().ask(f"{head}\n".encode() + data, seconds)
    if told is None:
        raise PlaybookError(f"读了 {seconds:g} 秒还没有读完，停下了", hint="把文件拆成几份，或另存为 txt、md")
    if told.get("crashed", "").startswith("MemoryError"):
        raise PlaybookError("读它要的内存太多，停下了", hint="把文件拆成几份，或另存为 txt、md")
    if "message" in told:
        raise PlaybookError(told["message"], hint=told["hint"])
    if "crashed" in told:
        last = f"（{told['crashed']}）" if told["crashed"] else ""
        raise PlaybookError(f"文件是坏的，读不出来{last}", hint="用原来的软件打开，另存一份，或另存为 txt、md")
    return Extract.model_validate(told)
