"""Vectors on a Chroma server: a real one, on this machine."""

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playbook_fakes import FakeEmbedder, is_whole, write_document, write_documents

from copilot.errors import IndexUnavailableError, SettingsError
from copilot.playbook.chroma import ServerSets
from copilot.playbook.index import PlaybookIndex
from copilot.settings import Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("chroma", path=str(Path(sys.executable).parent)) or shutil.which("chroma")
    if program is None:
        pytest.skip("there is no `chroma` program here")
    port = free_port()
    place = tmp_path_factory.mktemp("server")
    command = [program, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(place / "data")]
    process = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "docs")


def test_an_index_on_a_server_is_as_one_on_this_machine(folder: Path, tmp_path: Path, server: str) -> None:
    settings = Settings(home=tmp_path / "home", chroma_url=server)
    assert is_whole(PlaybookIndex(folder, settings, FakeEmbedder()).open())
    again = FakeEmbedder()
    index = PlaybookIndex(folder, settings, again)
    assert is_whole(index.open())
    assert again.embedded == []
    write_document(folder, 0, "改过的内容")
    assert is_whole(index.build())
    assert len(again.embedded) == 5
    assert not list(index.place.rglob("*.sqlite3"))


def test_an_index_removes_its_own_sets_only(folder: Path, tmp_path: Path, server: str) -> None:
    one, other = (Settings(home=tmp_path / name, chroma_url=server) for name in ("one", "other"))
    PlaybookIndex(folder, one, FakeEmbedder()).open()
    PlaybookIndex(folder, other, FakeEmbedder()).open()
    for number in range(6):
        write_document(folder, number, "改过的内容")
        PlaybookIndex(folder, one, FakeEmbedder()).build()
    again = FakeEmbedder()
    for number in range(6):
        write_document(folder, number, f"第{number}篇讲的是第{number}件事")
    assert is_whole(PlaybookIndex(folder, other, again).open())
    assert again.embedded == []


def test_sets_that_a_server_has_lost_are_made_anew(folder: Path, tmp_path: Path, server: str) -> None:
    settings = Settings(home=tmp_path / "home", chroma_url=server)
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    everything = ServerSets(server, "copilot-")
    for name in everything.names():
        everything.remove(name)
    embedder = FakeEmbedder()
    assert is_whole(PlaybookIndex(folder, settings, embedder).build())
    assert len(embedder.embedded) == 30


def test_a_server_that_is_away_names_the_fix_and_costs_nothing(folder: Path, tmp_path: Path, server: str) -> None:
    settings = Settings(home=tmp_path / "home", chroma_url=server)
    index = PlaybookIndex(folder, settings, FakeEmbedder())
    index.open()
    manifest = next(index.place.glob("vectors-*/manifest.json"))
    away = settings.model_copy(update={"chroma_url": f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(IndexUnavailableError, match="COPILOT_CHROMA_URL"):
        PlaybookIndex(folder, away, FakeEmbedder()).open()
    assert manifest.exists()
    again = FakeEmbedder()
    assert is_whole(PlaybookIndex(folder, settings, again).open())
    assert again.embedded == []


class Failing(BaseHTTPRequestHandler):
    """Says it is there, and then answers nothing as Chroma would: a gateway that wants a login, say."""

    status = 500

    def do_GET(self) -> None:
        is_beat = self.path.endswith("heartbeat")
        body = b'{"nanosecond heartbeat": 1}' if is_beat else b"<html>no</html>"
        self.send_response(200 if is_beat else self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Nothing: tests are silent."""


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_server_that_fails_is_not_taken_for_one_that_lost_all(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Failing, "status", status)
    with ThreadingHTTPServer(("127.0.0.1", 0), Failing) as failing:
        threading.Thread(target=failing.serve_forever).start()
        sets = ServerSets(f"http://127.0.0.1:{failing.server_port}", "copilot-")
        with pytest.raises(IndexUnavailableError, match="COPILOT_CHROMA_URL"):
            sets.read("set-1")
        failing.shutdown()


def test_an_error_of_a_server_at_work_is_named(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sets = ServerSets(server, "copilot-")
    assert sets.names() is not None

    def overloaded(self: httpx.Client, request: httpx.Request) -> httpx.Response:
        return httpx.Response(503, text="later", request=request)

    monkeypatch.setattr(httpx.Client, "_send_single_request", overloaded)
    with pytest.raises(IndexUnavailableError, match="没有照办"):
        sets.read("set-1")


@pytest.mark.parametrize("url", ["here", "http://127.0.0.1:port", "http://127.0.0.1:99999", "http://"])
def test_what_is_no_address_is_refused(url: str, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="COPILOT_CHROMA_URL"):
        PlaybookIndex(folder, Settings(home=tmp_path, chroma_url=url), FakeEmbedder())
