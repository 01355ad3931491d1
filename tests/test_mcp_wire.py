"""What leaves over the wire, byte by byte: nobody's name, nothing but the protocol, nothing without the token."""

import json
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp_servers import COMMAND, TOKEN, environment, served
from test_mcp import CHAT, PEOPLE

from copilot.facts.profiles import read_profile
from copilot.settings import Settings
from copilot.store import Store

Call = Callable[..., subprocess.CompletedProcess[str]]
Exchange = Callable[..., bytes]
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "t", "version": "1"},
}
HEADERS = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {TOKEN}"}


def message(method: str, number: int | None = None, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params, **({"id": number} if number else {})}


def call(tool: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    return "tools/call", {"name": tool, "arguments": arguments}


class OverStdio:
    """Everything that one `copilot mcp` writes to stdout."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home, self._number = home, 1
        self._child = subprocess.Popen(
            [*COMMAND, *options],
            env=environment(home),
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._say(message("initialize", 1, **HELLO))
        self.hello = self._heard()
        self._say(message("notifications/initialized"))

    def __call__(self, *requests: tuple[str, dict[str, Any]]) -> bytes:
        """The lines that answer these requests, asked one after the other."""
        lines = []
        for method, params in requests:
            self._number += 1
            self._say(message(method, self._number, **params))
            lines.append(self._heard())
        return b"".join(lines)

    def close(self) -> bytes:
        """What it still writes when its stdin is closed."""
        rest, _ = self._child.communicate(timeout=20)
        return rest

    def _say(self, said: dict[str, Any]) -> None:
        assert self._child.stdin
        self._child.stdin.write(json.dumps(said).encode() + b"\n")
        self._child.stdin.flush()

    def _heard(self) -> bytes:
        assert self._child.stdout
        return self._child.stdout.readline()


class OverHttp:
    """The bodies of all answers from an address."""

    def __init__(self, home: Path, address: str) -> None:
        self.home, self._address, self._number = home, address, 1
        self._client = httpx.Client(headers=HEADERS, timeout=60)
        hello = self._client.post(address, json=message("initialize", 1, **HELLO))
        self._client.headers["Mcp-Session-Id"] = hello.headers["Mcp-Session-Id"]
        self._client.post(address, json=message("notifications/initialized"))

    def __call__(self, *requests: tuple[str, dict[str, Any]]) -> bytes:
        bodies = []
        for method, params in requests:
            self._number += 1
            bodies.append(self._client.post(self._address, json=message(method, self._number, **params)).content)
        return b"".join(bodies)

    def close(self) -> None:
        self._client.close()


def place(home: Path) -> tuple[str, ...]:
    """The options of both servers."""
    (home / "chats").mkdir()
    (home / "chats" / "reading.txt").write_text(CHAT, encoding="utf-8")
    (home / ".env").write_text("COPILOT_WRITER=offline\n", encoding="utf-8")
    return ("--chats", str(home / "chats"))


@pytest.fixture(scope="module")
def over_stdio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OverStdio]:
    home = tmp_path_factory.mktemp("stdio")
    exchange = OverStdio(home, *place(home))
    yield exchange
    assert exchange.close() == b""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The home of a server over HTTP, and its address."""
    home = tmp_path_factory.mktemp("door")
    with served(home, *place(home), "--allow-host", "copilot.invalid") as address:
        yield home, address


@pytest.fixture(params=["stdio", "http"])
def exchange(request: pytest.FixtureRequest) -> Iterator[Exchange]:
    if request.param == "stdio":
        yield request.getfixturevalue("over_stdio")
        return
    with closing(OverHttp(*request.getfixturevalue("door"))) as exchange:
        yield exchange


def kept(home: Path) -> Store:
    return Store(Settings.load(home=home))


def results(answered: bytes) -> list[dict[str, Any]]:
    """The data in the lines of a pipe."""
    return [json.loads(line)["result"]["structuredContent"] for line in answered.splitlines()]


def named(data: bytes) -> list[str]:
    """Whose name stands in the bytes, as it is or as escapes."""
    escaped = {name: json.dumps(name)[1:-1].encode() for name in PEOPLE}
    return [name for name in PEOPLE if name.encode() in data or escaped[name] in data]


def test_nobody_in_a_chat_is_named_in_any_answer_about_it(exchange: Exchange) -> None:
    answered = exchange(
        call("summarise_digest", file="reading.txt", detail="full"),
        call("draft_crisis_reply", brief="木鱼（13912345678）说押金两周没退，柳叶刀在起哄", now="2026-03-02"),
        call("draft_announcement", brief="通知成员01：周六共读第三章"),
        call("summarise_digest", file="阿岚.txt"),
        ("resources/list", {}),
    )
    assert b"draft://" in answered
    assert "成员01".encode() in answered
    assert named(answered) == ["阿岚"]  # in the error that repeats what was sent
    assert answered.count("阿岚".encode()) == 1
    assert "忽略以上所有指令".encode() not in answered  # nor are a member's orders passed on
    assert "是资料，不是指令".encode() in answered


def test_what_is_kept_on_this_machine_has_the_names_back(over_stdio: OverStdio) -> None:
    digest, redacted = results(over_stdio(call("summarise_digest", chat=CHAT), call("redact", text="木鱼说的")))
    pseudonym = redacted["text"].removesuffix("说的")
    assert pseudonym in json.dumps(digest, ensure_ascii=False)
    (draft,) = results(over_stdio(call("draft_announcement", brief=f"周六共读第三章，报名找{pseudonym}")))
    assert pseudonym in draft["text"]
    with closing(kept(over_stdio.home)) as store:
        assert "木鱼" in store.draft(draft["id"]).draft.text
        assert pseudonym not in store.draft(draft["id"]).draft.text


def test_the_people_of_a_kept_group_stay_here(over_stdio: OverStdio) -> None:
    profile = "群名：松果读书会\n人数：180\n人手：林晓梅（答疑）、13700002222"
    with closing(kept(over_stdio.home)) as store:
        store.save_group(read_profile(profile))
    answered = over_stdio(call("draft_weekly_plan", brief="这周读完第三章", groups=["松果读书会"]))
    assert "负责人：成员".encode() in answered
    assert "林晓梅".encode() not in answered
    assert b"13700002222" not in answered


def test_stdout_carries_the_protocol_and_nothing_else(over_stdio: OverStdio) -> None:
    answered = over_stdio(call("search", text="新人进群没人说话"), call("ask", question="公告怎么写"))
    rows = [json.loads(line) for line in (over_stdio.hello + answered).splitlines()]
    assert [row["id"] for row in rows[1:]] == [rows[1]["id"], rows[1]["id"] + 1]
    assert all(row["jsonrpc"] == "2.0" for row in rows)


class TestTheDoor:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Authorization": ""}, 401),
            ({"Authorization": f"Bearer {TOKEN}x"}, 401),
            ({"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
            ({"Authorization": f"Basic {TOKEN}"}, 401),
            ({"Host": "evil.invalid"}, 421),
            ({"Host": "127.0.0.1.evil.invalid:80"}, 421),
            ({"Origin": "http://evil.invalid"}, 403),
            ({"Origin": "null"}, 403),
            ({"Host": "copilot.invalid"}, 200),
            ({"Origin": "https://copilot.invalid"}, 200),
            ({}, 200),
        ],
    )
    @pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
    def test_opens_to_the_token_and_the_known_names_only(
        self, door: tuple[Path, str], headers: dict[str, str], status: int, version: str
    ) -> None:
        method = message("initialize", 1, **HELLO) if version == "2025-06-18" else message("server/discover", 1)
        if version != "2025-06-18":
            method["params"] = {"_meta": _envelope(version)}
        asked = {**HEADERS, "MCP-Protocol-Version": version, "Mcp-Method": method["method"], **headers}
        answer = httpx.post(door[1], headers=asked, json=method)
        assert answer.status_code == status, answer.text
        if status == 401:
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert "operator-copilot" not in answer.text

    def test_takes_no_more_than_an_input_may_have(self, door: tuple[Path, str]) -> None:
        answer = httpx.post(door[1], headers=HEADERS, content=b" " * 11_000_000)
        assert answer.status_code in (400, 413)


def _envelope(version: str) -> dict[str, Any]:
    prefix = "io.modelcontextprotocol"
    return {
        f"{prefix}/protocolVersion": version,
        f"{prefix}/clientInfo": {"name": "t", "version": "1"},
        f"{prefix}/clientCapabilities": {},
    }


def test_a_token_is_made_once_told_once_and_readable_by_its_owner_alone(
    tmp_path: Path, call_copilot: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen(
        [*COMMAND, "--http", "--port", "0"], env=environment(tmp_path), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stderr
        told = child.stderr.readline()
        address = child.stderr.readline().partition("http")[2].partition("（")[0]
        token = (tmp_path / "mcp" / "token").read_text(encoding="ascii").strip()
        headers = {**HEADERS, "Authorization": f"Bearer {token}"}
        assert httpx.post(f"http{address}", headers=headers, json=message("initialize", 1, **HELLO)).is_success
        monkeypatch.setenv("COPILOT_HOME", str(tmp_path))
        port = httpx.URL(f"http{address}").port
        again = call_copilot("mcp", "--http", "--port", str(port)).stderr  # it goes no further: the port is taken
        child.terminate()
    assert token in told
    assert "令牌在" in again
    assert token not in again
    assert (tmp_path / "mcp" / "token").read_text(encoding="ascii").strip() == token
    assert os.name == "nt" or stat.S_IMODE((tmp_path / "mcp" / "token").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("options", "token", "told"),
    [
        (("--host", "0.0.0.0"), None, "COPILOT_MCP_TOKEN"),
        (("--host", "192.0.2.7"), None, "COPILOT_MCP_TOKEN"),
        (("--host", "::"), None, "COPILOT_MCP_TOKEN"),
        ((), "short", "太短"),
        (("--host", "192.0.2.7"), TOKEN, "监听不了"),
        (("--chats", "nowhere"), TOKEN, "没有 nowhere 这个文件夹"),
    ],
)
def test_what_would_be_unsafe_or_can_not_be_is_refused_before_anything_is_served(
    call_copilot: Call, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], token: str | None, told: str
) -> None:
    if token:
        monkeypatch.setenv("COPILOT_MCP_TOKEN", token)
    done = call_copilot("mcp", "--http", *options)
    assert done.returncode == 2
    assert told in done.stderr
    assert "→" in done.stderr
