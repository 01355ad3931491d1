"""From async work to the thread that waits for it.

All requests of the process share one event loop, in a thread of its own: whoever waits can give up at any moment, also
while nothing comes, and what was asked for is then broken off at once.
"""

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import wait
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
LOOK = 0.1  # seconds between two looks at how the work stands


def waited(work: Callable[[], Coroutine[Any, Any, T]], look: Callable[[], None]) -> T:
    """What the work comes to; its errors are raised here.

    `look` is called in this thread before the work begins, and then every tenth of a second: it may tell what has come,
    and what it raises ends the wait. Work that is given up is cancelled and has ended, its connection closed, before
    this returns.
    """
    ended = threading.Event()

    async def done() -> T:
        try:
            return await work()
        finally:
            ended.set()

    look()
    task = asyncio.run_coroutine_threadsafe(done(), _loop())
    try:
        while not wait((task,), timeout=LOOK).done:
            look()
        return task.result()
    finally:
        if task.cancel():  # not done yet: given up
            ended.wait(timeout=1)


def at_end(close: Callable[[], Coroutine[None, None, None]]) -> None:
    """Has something that lives in the event loop closed there when the process ends: later, nothing could close it."""
    loop = _loop()  # before: what is registered last is done first

    async def closed() -> None:
        with suppress(OSError, TimeoutError):
            await asyncio.wait_for(close(), timeout=1)

    atexit.register(lambda: asyncio.run_coroutine_threadsafe(closed(), loop).result())


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="copilot-requests", daemon=True)
    thread.start()

    def end() -> None:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    atexit.register(end)
    return loop
