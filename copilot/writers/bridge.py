"""From an async iterator to the thread that waits for it.

All requests of the process share one event loop, in a thread of its own: whoever waits can give up at any moment, also
while nothing comes, and what was asked for is then broken off at once.
"""

import asyncio
import atexit
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from functools import cache
from typing import TypeVar

ItemT = TypeVar("ItemT")
LOOK = 0.1  # seconds between two looks at whether to give up


def drained(items: AsyncIterator[ItemT], still_wanted: Callable[[], None]) -> Iterator[ItemT]:
    """What the iterator brings, in this thread; its errors are raised here.

    `still_wanted` is called between items, and every tenth of a second while none comes: what it raises ends the wait.
    An iterator that is given up is cancelled and has ended, its connection closed, before this returns.
    """
    came: queue.SimpleQueue[ItemT | _Done] = queue.SimpleQueue()

    async def drain() -> None:
        try:
            async for item in items:
                came.put(item)
        finally:
            came.put(_Done())

    task = asyncio.run_coroutine_threadsafe(drain(), _loop())
    try:
        while not isinstance(item := _next(came, still_wanted), _Done):
            yield item
        task.result()
    finally:
        if task.cancel():  # not done yet: given up
            with suppress(queue.Empty):  # one that has not even begun says nothing
                while not isinstance(came.get(timeout=1), _Done):
                    pass


def at_end(close: Callable[[], Coroutine[None, None, None]]) -> None:
    """Has something that lives in the event loop closed there when the process ends: later, nothing could close it."""
    loop = _loop()  # before: what is registered last is done first

    async def closed() -> None:
        with suppress(OSError, TimeoutError):
            await asyncio.wait_for(close(), timeout=1)

    atexit.register(lambda: asyncio.run_coroutine_threadsafe(closed(), loop).result())


class _Done:
    """Nothing more will come."""


def _next(came: "queue.SimpleQueue[ItemT]", still_wanted: Callable[[], None]) -> ItemT:
    while True:
        still_wanted()
        try:
            return came.get(timeout=LOOK)
        except queue.Empty:
            continue


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
