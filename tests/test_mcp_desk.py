"""The server in this process: what goes wrong where nobody foresaw it, own documents, what long chats come to."""

import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import MCPError, types
from mcp_servers import Assistant, connected

from copilot import Copilot, Settings
from copilot.errors import IndexUnavailableError
from copilot.mcp_server.server import build
from copilot.outside.desk import Desk
from copilot.outside.tools import TOOLS
from copilot.playbook.library import add_upload

NOTE = "# 值班表\n\n## 谁在值班\n\n周六值班找林晓梅，电话 13700002222，她会带大家开门。\n"
CHAT = "小安 2026-03-02 09:00:00\n明天十点开门\n\n小北 2026-03-02 09:01:00\n请问周日开吗"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Copilot(Settings.load(home=tmp_path)), writer="offline")


@pytest.fixture
def assistant(desk: Desk) -> Iterator[Assistant]:
    with connected(build(desk)) as one:
        yield one


def fails_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any) -> Any:
        raise error

    monkeypatch.setitem(TOOLS, "check", replace(TOOLS["check"], run=run))


def test_of_a_crash_only_that_it_happened_leaves(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fails_with(ValueError("林晓梅 13700002222 /home/secret"), monkeypatch)
    with pytest.raises(MCPError) as caught:
        assistant.call("check", text="x")
    assert "13700002222" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "13700002222" in caplog.text  # it is for whoever runs it to read


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IndexUnavailableError("检索索引坏了", hint="重建"), ("检索索引坏了", "→ 重建", "再试一次")),
        (IndexUnavailableError("林晓梅 13700002222 的索引坏了", hint="重建"), ("成员", "电话")),
        (OSError(28, "No space left on device"), ("No space left", "→")),
    ],
)
def test_a_failure_is_told_with_what_to_do_and_nobody_named(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, error: Exception, told: tuple[str, ...]
) -> None:
    fails_with(error, monkeypatch)
    refusal = assistant.refused("check", text="x")
    assert [part for part in told if part not in refusal] == []
    assert "林晓梅" not in refusal


def test_who_is_named_in_own_documents_stays_here_and_the_handbook_is_quoted_as_it_is(
    assistant: Assistant, desk: Desk
) -> None:
    settings = desk.copilot.settings
    add_upload("值班.md", NOTE.encode(), settings)
    found = assistant.done("search", text="周六值班找谁开门")
    asked = assistant.done("ask", question="周六值班找谁开门")
    uris = [one.uri for one in _all(assistant) if "%E5%80%BC%E7%8F%AD" in one.uri]
    read = [str(assistant.portal.call(assistant.client.read_resource, uri)) for uri in uris]
    everything = json.dumps([found, asked, read], ensure_ascii=False)
    assert any("开门" in hit["text"] for hit in found["hits"])
    assert any("开门" in text for text in read)
    assert "林晓梅" not in everything
    assert "13700002222" not in everything
    handbook = {hit.chunk_id: hit.text for hit in Copilot(settings).search("新人进群没人说话").hits}
    told = {hit["chunk_id"]: hit["text"] for hit in assistant.done("search", text="新人进群没人说话")["hits"]}
    assert told == handbook


def _all(assistant: Assistant) -> list[types.Resource]:
    found: list[types.Resource] = []
    cursor = None
    while True:
        page = assistant.portal.call(lambda at=cursor: assistant.client.list_resources(cursor=at))
        found += page.resources
        if not (cursor := page.next_cursor):
            return found


def test_a_long_digest_is_cut_and_says_where_the_rest_is(assistant: Assistant) -> None:
    chat = "\n\n".join(
        f"邻居{number} 2026-03-02 {9 + number // 60:02}:{number % 60:02}:00\n请问第 {number} 号信箱的钥匙在哪里领？等了很久没人回"
        for number in range(150)
    )
    result = assistant.call("summarise_digest", chat=chat)
    told = result.structured_content
    assert len(result.model_dump_json()) < 60_000
    assert told["cut"] == ["desk"]
    assert told["left_out"]["unanswered"] > 50
    assert f"draft://{told['id']}" in str(result.content)
    whole = str(assistant.portal.call(assistant.client.read_resource, told["resource"]))
    assert "149 号信箱" in whole
    assert "邻居149" not in whole


def test_names_are_given_to_an_assistant_that_is_trusted_with_them(
    call_copilot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    monkeypatch.setattr("copilot.mcp_server.serving.over_stdio", started.append)
    call_copilot("mcp", "--names")
    with connected(started[0]) as assistant:
        told = assistant.call("summarise_digest", chat=CHAT).model_dump_json()
    assert "小北" in told
    assert "成员01" not in told


def test_lists_may_come_as_json_in_a_string(assistant: Assistant) -> None:
    told = assistant.done("summarise_digest", chat=CHAT, staff='["小安"]', detail="full")
    assert [row["staff"] for row in told["structure"]["figures"]["member_figures"]] == [True, False]


def test_names_that_are_told_by_a_pseudonym_are_understood_and_hidden_again(assistant: Assistant) -> None:
    hidden = assistant.done("redact", text="林晓梅")["text"]
    assert hidden != "林晓梅"
    assert assistant.done("redact", text=f"找{hidden}")["text"] == f"找{hidden}"


@pytest.mark.parametrize(
    ("tool", "arguments", "work"),
    [
        ("summarise_digest", {"chat": CHAT}, "copilot.chat.reading.read_chat"),
        ("draft_weekly_plan", {"brief": "人手：林晓梅"}, "copilot.tasks.weekly_plan.task.build_plan"),
    ],
)
def test_nothing_is_read_or_planned_a_second_time_to_hide_who_is_in_it(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tool: str, arguments: dict[str, str], work: str
) -> None:
    done, real = [], pkgutil.resolve_name(work)
    monkeypatch.setattr(work, lambda *args, **options: done.append(1) or real(*args, **options))
    told = assistant.done(tool, **arguments)
    assert "成员" in told["text"] or tool == "draft_weekly_plan"
    assert done == [1]


def test_links_do_not_lead_out_of_the_open_folder(tmp_path: Path) -> None:
    folder = tmp_path / "chats"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("小安 2026-03-02 09:00:00\n密", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with connected(build(Desk(Copilot(Settings.load(home=tmp_path)), writer="offline", chats=folder))) as assistant:
        refusal = assistant.refused("summarise_digest", file="link.txt")
        assert "没有 link.txt\n→ 有：什么也没有" in refusal


def test_without_an_open_folder_no_file_is_read(assistant: Assistant) -> None:
    assert "--chats" in assistant.refused("summarise_digest", file="chat.txt")


def test_an_input_over_the_limit_is_refused(tmp_path: Path) -> None:
    settings = Settings.load(home=tmp_path, max_input_bytes=1000)
    with connected(build(Desk(Copilot(settings), writer="offline"))) as assistant:
        assert "--chats" in assistant.refused("summarise_digest", chat="好" * 400)
        assert "MB" in assistant.refused("draft_announcement", brief="好" * 700)
