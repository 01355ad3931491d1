"""Processes that write drafts until they are killed, or until they are done. Run as a program by the store's tests.

    crashing.py kill HOME ROUNDS SEED   write and be killed ROUNDS times, each time once the first draft is kept;
                                        prints what `keep` had returned for
    crashing.py make HOME ROUNDS SEED   the same at any moment from the start on, each time in a new home (HOME/0, HOME/1 …)
    crashing.py open HOME ROUNDS COUNT  COUNT processes at once open the store that is to be made in HOME/0, HOME/1 …
    crashing.py write HOME COUNT NAME   write COUNT drafts called NAME-0, NAME-1 …

`COPILOT_DATABASE_URL` names the database; it is SQLite's file in HOME where that is not set.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import alembic.command  # noqa: F401 - loaded before the clock runs, so that a kill can hit a migration
from databases import make_draft

from copilot.errors import CopilotError
from copilot.settings import Settings
from copilot.store.store import Store


def main(action: str, home: str, number: str, rest: str) -> int:
    homes = [Path(home) / str(turn) if action in ("make", "open") else Path(home) for turn in range(int(number))]
    stores = [Settings.load(home=folder) for folder in homes]
    if action == "open":
        return max(_opened_at_once(settings, int(rest)) for settings in stores)
    if action == "write":
        store = Store(stores[0])
        for turn in range(int(number)):
            store.keep(make_draft(f"{rest}-{turn}"))
            store.revise(f"{rest}-{turn}", "改")
        return 0
    dice = random.Random(rest)
    begun = action == "kill"  # only then is a kill sure to hit a store that is in use, however slow the machine
    told = [_killed(settings, f"r{turn}", dice.uniform(0, 0.15), begun) for turn, settings in enumerate(stores)]
    sys.stdout.write(json.dumps(told))
    return 0


def _opened_at_once(settings: Settings, processes: int) -> int:
    children = [_forked(lambda: Store(settings).drafts()) for _ in range(processes)]
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


def _forked(work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except CopilotError as error:
            sys.stderr.write(f"{error}\n")
        finally:
            sys.stderr.flush()
            os._exit(code)
    return child


def _killed(settings: Settings, name: str, seconds: float, begun: bool) -> list[str]:
    """The ids that a process had been told are kept when it was killed, `seconds` after its start or its first id."""
    reading, writing = os.pipe()

    def write() -> None:
        store = Store(settings)
        for turn in count():
            store.keep(make_draft(f"{name}-{turn}", text="字" * 3000))
            os.write(writing, f"{name}-{turn}\n".encode())

    child = _forked(write)
    os.close(writing)
    with os.fdopen(reading) as told:
        first = told.readline() if begun else ""
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        kept = (first + told.read()).split()
    os.waitpid(child, 0)
    return kept


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
