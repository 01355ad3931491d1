"""What the product adds to a chat model: the time before the first request leaves, and whether memory grows.

Run by `make benchmark-model`. The model is a stub on 127.0.0.1 that answers at once; every draft has a brief of its own.
The bare call is the same request by the client's own library, so that what is compared is what we do before it.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import perf_counter
from typing import Any

MOST_MILLISECONDS = 200
BODY = {
    "title": "河道清洁",
    "opening": "一起把河边收拾干净。",
    "lead_intro": "",
    "benefits": [],
    "points": [],
    "action": "想来的接龙。",
    "closing": "",
}


class Stub(ThreadingHTTPServer):
    """Answers every chat request with the same announcement; `first` is when the first since the last look arrived."""

    def __init__(self) -> None:
        self.first = 0.0
        self.asked: dict[str, Any] = {}
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                stub.first = stub.first or perf_counter()
                stub.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                text = json.dumps(BODY, ensure_ascii=False)
                base = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "stub"}
                usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
                rows: list[dict[str, Any]] = [
                    {**base, "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]},
                    {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
                    {**base, "choices": [], "usage": usage},
                ]
                body = "".join(f"data: {json.dumps(row)}\n\n" for row in rows) + "data: [DONE]\n\n"
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


def brief(number: int) -> dict[str, Any]:
    """An invented brief, another one each time."""
    facts = [f"时间：11月{number % 27 + 1}日 9:{number % 60:02}", f"地点：清水河北岸 {number} 号码头", "联系人：林晓棠"]
    return {"目的": "周末一起打扫河道", "事实": facts}


def megabytes() -> float:
    """What this process holds now."""
    with Path("/proc/self/statm").open() as stream:
        return int(stream.read().split()[1]) * resource.getpagesize() / 1e6


def main() -> None:
    """Print the time before the first request, and the memory over many drafts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=500)
    arguments = parser.parse_args()
    from copilot import Copilot, Settings

    stub = Stub()
    threading.Thread(target=stub.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.load(
            home=Path(home), openai_base_url=stub.url, openai_api_key="none", model="stub", fallback=""
        )
        copilot = Copilot(settings)
        before: list[float] = []
        held: list[float] = []
        for number in range(arguments.drafts):
            stub.first, started = 0.0, perf_counter()
            draft = copilot.draft_announcement(brief(number), writer="model")
            assert draft.writer == "model", [finding.message for finding in draft.findings]
            before.append((stub.first - started) * 1000)
            held.append(megabytes())
        bare = bare_calls(stub)
    warm = sorted(before[10:])
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; {arguments.drafts} drafts")
    print(
        f"before the first request leaves, warm: {statistics.median(warm):.0f} ms"
        f" (95th percentile {warm[int(len(warm) * 0.95)]:.0f} ms; may take {MOST_MILLISECONDS} ms);"
        f" the bare call {bare:.0f} ms"
    )
    half = len(held) // 2
    print(f"memory after {half} drafts {held[half]:.0f} MB, after {len(held)} drafts {held[-1]:.0f} MB")
    stub.shutdown()


def bare_calls(stub: Stub) -> float:
    """The median of the same request by the library alone."""
    import openai

    client, times = openai.OpenAI(base_url=stub.url, api_key="none"), []
    for _ in range(50):
        stub.first, started = 0.0, perf_counter()
        for _ in client.chat.completions.create(model="stub", messages=stub.asked["messages"], stream=True):
            pass
        times.append((stub.first - started) * 1000)
    return statistics.median(times[5:])


if __name__ == "__main__":
    main()
