"""How a digest grows: seconds and memory from 1,000 to 100,000 messages, each size in a process of its own.

Run by `make benchmark-digest`. The chats are invented (`scripts/invented_chat.py`); no network, nothing outside a
temporary folder. The last columns are what a model would be sent, in tokens, beside the tokens of the whole export.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from invented_chat import chat_text

SIZES = (100, 1_000, 3_000, 10_000, 30_000, 100_000)
BOUNDS = {1_000: 2.0, 100_000: 60.0}
"""The most seconds a size may take, on two cores."""
TOKENS = ("all_tokens", "sent_tokens")
ESTIMATED = 3_000
"""Up to this size the tokens are counted: names and numbers are hidden first, which takes time."""


def measure(messages: int) -> dict[str, float]:
    """One digest in this process: seconds, peak memory in megabytes, what it found."""
    from copilot import Copilot
    from copilot.settings import Settings

    text = chat_text(messages)
    copilot = Copilot(Settings.load(writer="offline"))
    copilot.summarise_digest(chat_text(20))  # everything is loaded: what is measured grows with the messages
    started, computed = perf_counter(), process_time()
    draft = copilot.summarise_digest(text)
    seconds, computing = perf_counter() - started, process_time() - computed
    counted = draft.structure["totals"]["messages"]
    assert counted == messages, f"{counted} of {messages} messages"
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {"messages": messages, "seconds": seconds, "computing": computing, "megabytes": megabytes}
    if messages <= ESTIMATED:
        estimate = copilot.estimate_digest(text)
        row |= {"all_tokens": estimate.raw_tokens, "sent_tokens": estimate.input_tokens}
    return row


def main() -> None:
    """Print the table, one line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", type=int, help="measure one size in this process and print JSON")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest size")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one)))
        return
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(
        f"{'messages':>10}{'seconds':>10}{'computing':>11}{'ms each':>9}{'MB':>6}{'bound':>7}{'tokens: all':>13}{'sent':>9}"
    )
    with tempfile.TemporaryDirectory() as home:
        for size in (size for size in SIZES if size <= arguments.most):
            command = [sys.executable, str(Path(__file__)), "--one", str(size)]
            environment = {**os.environ, "COPILOT_HOME": home}
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            row = json.loads(done.stdout.splitlines()[-1])
            bound = f"{BOUNDS[size]:.0f} s" if size in BOUNDS else ""
            each, tokens = row["computing"] * 1000 / size, "".join(f"{row[key]:>11,}" for key in TOKENS if key in row)
            print(
                f"{size:>10,}{row['seconds']:>10.2f}{row['computing']:>11.2f}{each:>9.2f}{row['megabytes']:>6.0f}{bound:>7}{tokens}"
            )


if __name__ == "__main__":
    main()
