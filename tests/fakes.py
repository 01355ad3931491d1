"""A chat endpoint of our own on 127.0.0.1: it gives the replies in its queue and keeps every request it got."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from copilot.settings import Settings

KEY = "sk-test-0123456789abcdef"


@dataclass
class Reply:
    """What the endpoint answers to one request: `lines` one by one, `pause` seconds apart, after `wait` seconds.

    `cut` ends the connection before all that was announced has been sent.
    """

    status: int = 200
    content_type: str = "application/json"
    lines: Iterable[str] = ()
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    pause: float = 0.0
    cut: bool = False


@dataclass
class Request:
    """What came in: the bytes, and the same as JSON."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def mode(self) -> str:
        """The form of reply asked for."""
        plain = "tool" if "tools" in self.json else "text"
        return str(self.json.get("response_format", {}).get("type", plain))


def streamed(text: str, *, size: int = 7, usage: bool = True, finish: str = "stop", **sending: Any) -> Reply:
    """`text` as server-sent events, `size` characters each; `sending` are fields of `Reply`."""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    lines = [_event({"role": "assistant", "content": ""}), *(_event({"content": piece}) for piece in pieces)]
    if not sending.get("cut"):
        lines += [_event({}, finish), *([_data({"choices": [], "usage": _USAGE})] if usage else []), "data: [DONE]\n\n"]
    return Reply(content_type="text/event-stream", lines=lines, **sending)


def streamed_call(name: str, arguments: str, *, size: int = 7, **sending: Any) -> Reply:
    """A call of the tool `name` as server-sent events, its arguments `size` characters each."""

    def call(piece: str, **more: str) -> dict[str, Any]:
        return {
            "tool_calls": [{"index": 0, "function": {"arguments": piece, **more}, **({"id": "c1"} if more else {})}]
        }

    pieces = [arguments[at : at + size] for at in range(0, len(arguments), size)]
    lines = [_event(call("", name=name)), *(_event(call(piece)) for piece in pieces), _event({}, "tool_calls")]
    lines += [_data({"choices": [], "usage": _USAGE}), "data: [DONE]\n\n"]
    return Reply(content_type="text/event-stream", lines=lines, **sending)


def whole(text: str | None, **message: Any) -> Reply:
    """`text` as one JSON body, from an endpoint that does not stream."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text, **message}}
    return Reply(lines=[json.dumps({**_BASE, "object": "chat.completion", "choices": [choice], "usage": _USAGE})])


def refused() -> Reply:
    """A stream in which the model declines."""
    delta = {"role": "assistant", "refusal": "I can't help with that."}
    return Reply(content_type="text/event-stream", lines=[_event(delta), _event({}, "stop"), "data: [DONE]\n\n"])


def no_choices() -> Reply:
    """A stream that brings a usage and nothing else."""
    return Reply(content_type="text/event-stream", lines=[_data({"choices": [], "usage": _USAGE}), "data: [DONE]\n\n"])


def failed(status: int, message: str = "", code: str | None = None, **headers: str) -> Reply:
    """An error in OpenAI's form."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": code}})
    return Reply(
        status=status, lines=[body], headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def page(status: int = 200) -> Reply:
    """A web page, from a gateway or a wrong address."""
    return Reply(status=status, content_type="text/html", lines=["<!DOCTYPE html><html><body>Welcome</body></html>"])


_BASE = {"id": "chatcmpl-1", "created": 1, "model": "stub"}
_USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def _data(row: dict[str, Any]) -> str:
    return f"data: {json.dumps({**_BASE, 'object': 'chat.completion.chunk', **row})}\n\n"


def _event(delta: dict[str, Any], finish: str | None = None) -> str:
    return _data({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


class ChatEndpoint:
    """The server, as a context manager. An empty queue answers 404, so that no test asks more than it meant to.

    With `answer` each request gets what that makes of it, whatever order they come in.
    """

    def __init__(self, *replies: Reply, answer: Callable[[Request], Reply] | None = None) -> None:
        self.replies = deque(replies)
        self.requests: list[Request] = []
        self.broken_off = 0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = Request(self.path, dict(self.headers), body)
                endpoint.requests.append(request)
                if answer:
                    reply = answer(request)
                else:
                    reply = endpoint.replies.popleft() if endpoint.replies else failed(404, "the queue is empty")
                try:
                    self._send(reply)
                except (BrokenPipeError, ConnectionResetError):  # the client has given up waiting
                    endpoint.broken_off += 1

            def _send(self, reply: Reply) -> None:
                time.sleep(reply.wait)
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                lines = [line.encode() for line in reply.lines]
                self.send_header("Content-Length", str(sum(map(len, lines)) + (1000 if reply.cut else 0)))
                self.end_headers()
                for line in lines:
                    self.wfile.write(line)
                    self.wfile.flush()
                    time.sleep(reply.pause)
                self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Keep the test's output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def sent(self) -> str:
        """Everything that was sent, as text."""
        return "\n".join(json.dumps(request.json, ensure_ascii=False) for request in self.requests)

    def settings(self, **values: Any) -> Settings:
        """Settings that reach this endpoint and nothing else."""
        fixed = {"openai_base_url": self.url, "openai_api_key": KEY, "model": "stub", "request_timeout": 5}
        return Settings.load(**{**fixed, **values})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
