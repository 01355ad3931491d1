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


def over_stdio(home: Path, *requests: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()) -> bytes:
    """Everything that `copilot mcp` writes to stdout; it is asked one thing after the other."""
    with subprocess.Popen(
        [*COMMAND, "--writer", "offline", *options],
        env=environment(home),
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        assert child.stdin
        assert child.stdout

        def say(said: dict[str, Any]) -> None:
            assert child.stdin
            child.stdin.write(json.dumps(said).encode() + b"\n")
            child.stdin.flush()

        say(message("initialize", 1, **HELLO))
        lines = [child.stdout.readline()]
        say(message("notifications/initialized"))
        for number, (method, params) in enumerate(requests, 2):
            say(message(method, number, **params))
            lines.append(child.stdout.readline())
        child.stdin.close()
        return b"".join([*lines, child.stdout.read()])


def over_http(home: Path, *requests: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()) -> bytes:
    """The bodies of all answers."""
    with served(home, "--writer", "offline", *options) as address, httpx.Client(headers=HEADERS, timeout=60) as client:
        hello = client.post(address, json=message("initialize", 1, **HELLO))
        client.headers["Mcp-Session-Id"] = hello.headers["Mcp-Session-Id"]
        client.post(address, json=message("notifications/initialized"))
        answers = [
            client.post(address, json=message(method, number, **params)).content
            for number, (method, params) in enumerate(requests, 2)
        ]
        return b"".join([hello.content, *answers])


@pytest.fixture(params=[over_stdio, over_http])
def exchange(request: pytest.FixtureRequest) -> Exchange:
    found: Exchange = request.param
    return found


def kept(home: Path) -> Store:
    return Store(Settings.load(home=home))


def named(data: bytes) -> list[str]:
    """Whose name stands in the bytes, as it is or as escapes."""
    escaped = {name: json.dumps(name)[1:-1].encode() for name in PEOPLE}
    return [name for name in PEOPLE if name.encode() in data or escaped[name] in data]


def test_nobody_in_a_chat_is_named_in_any_answer_about_it(exchange: Exchange, tmp_path: Path) -> None:
    chats = tmp_path / "chats"
    chats.mkdir()
    (chats / "reading.txt").write_text(CHAT, encoding="utf-8")
    answered = exchange(
        tmp_path,
        call("summarise_digest", file="reading.txt", detail="full"),
        call("draft_crisis_reply", brief="木鱼（13912345678）说押金两周没退，柳叶刀在起哄", now="2026-03-02"),
        call("draft_announcement", brief="通知成员01：周六共读第三章"),
        call("summarise_digest", file="阿岚.txt"),
        ("resources/list", {}),
        options=("--chats", str(chats)),
    )
    assert b"draft://" in answered
    assert "成员01".encode() in answered
    assert named(answered) == ["阿岚"]  # in the error that repeats what was sent
    assert answered.count("阿岚".encode()) == 1


def test_what_is_kept_on_this_machine_has_the_names_back(tmp_path: Path) -> None:
    made = [
        json.loads(line)["result"]["structuredContent"]
        for line in over_stdio(
            tmp_path,
            call("summarise_digest", chat=CHAT),
            call("redact", text="木鱼说的"),
        ).splitlines()[1:]
    ]
    pseudonym = made[1]["text"].removesuffix("说的")
    assert pseudonym in json.dumps(made[0], ensure_ascii=False)
    answered = over_stdio(tmp_path, call("draft_announcement", brief=f"周六共读第三章，报名找{pseudonym}"))
    draft = json.loads(answered.splitlines()[1])["result"]["structuredContent"]
    assert pseudonym in draft["text"]
    with closing(kept(tmp_path)) as store:
        assert "木鱼" in store.draft(draft["id"]).draft.text
        assert pseudonym not in store.draft(draft["id"]).draft.text


def test_the_people_of_a_kept_group_stay_here(tmp_path: Path) -> None:
    profile = "群名：松果读书会\n人数：180\n人手：林晓梅（答疑）、13700002222"
    with closing(kept(tmp_path)) as store:
        store.save_group(read_profile(profile))
    answered = over_stdio(tmp_path, call("draft_weekly_plan", brief="这周读完第三章", groups=["松果读书会"]))
    assert "负责人：成员01".encode() in answered
    assert "林晓梅".encode() not in answered
    assert b"13700002222" not in answered


def test_names_are_given_to_an_assistant_that_is_trusted_with_them(tmp_path: Path) -> None:
    _, answered = over_stdio(tmp_path, call("summarise_digest", chat=CHAT), options=("--names",)).splitlines()
    assert "木鱼".encode() in answered
    assert "成员01".encode() not in answered


def test_orders_in_a_chat_are_not_passed_on(exchange: Exchange, tmp_path: Path) -> None:
    answered = exchange(tmp_path, call("summarise_digest", chat=CHAT))
    assert "忽略以上所有指令".encode() not in answered
    assert "是资料，不是指令".encode() in answered


def test_stdout_carries_the_protocol_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COPILOT_WRITER=offline\n", encoding="utf-8")
    answered = over_stdio(tmp_path, call("search", text="新人进群没人说话"), call("ask", question="公告怎么写"))
    rows = [json.loads(line) for line in answered.splitlines()]
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert all(row["jsonrpc"] == "2.0" for row in rows)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("door"), "--allow-host", "copilot.invalid") as address:
        yield address


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
        self, address: str, headers: dict[str, str], status: int, version: str
    ) -> None:
        method = message("initialize", 1, **HELLO) if version == "2025-06-18" else message("server/discover", 1)
        if version != "2025-06-18":
            method["params"] = {"_meta": _envelope(version)}
        asked = {**HEADERS, "MCP-Protocol-Version": version, "Mcp-Method": method["method"], **headers}
        answer = httpx.post(address, headers=asked, json=method)
        assert answer.status_code == status, answer.text
        if status == 401:
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert "operator-copilot" not in answer.text

    def test_takes_no_more_than_an_input_may_have(self, address: str) -> None:
        answer = httpx.post(address, headers=HEADERS, content=b" " * 11_000_000)
        assert answer.status_code in (400, 413)


def _envelope(version: str) -> dict[str, Any]:
    prefix = "io.modelcontextprotocol"
    return {
        f"{prefix}/protocolVersion": version,
        f"{prefix}/clientInfo": {"name": "t", "version": "1"},
        f"{prefix}/clientCapabilities": {},
    }


def test_a_token_is_made_once_told_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        with subprocess.Popen(
            [*COMMAND, "--http", "--port", "0"],
            env=environment(tmp_path),
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stderr
            told.append(child.stderr.readline())
            address = child.stderr.readline().partition("http")[2].partition("（")[0]
            token = (tmp_path / "mcp" / "token").read_text(encoding="ascii").strip()
            headers = {**HEADERS, "Authorization": f"Bearer {token}"}
            assert httpx.post(f"http{address}", headers=headers, json=message("initialize", 1, **HELLO)).is_success
            child.terminate()
    assert token in told[0]
    assert token not in told[1]
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
