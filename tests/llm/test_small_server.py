"""The server of the small model comes up and goes away with all its children. A stand-in plays it here."""

import time
from pathlib import Path

import pytest
import small_model

STAND_IN = """
import http.server, subprocess, sys, time
print("loading", flush=True)
{before}
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open({pids!r}, "w").write(str(child.pid))
print("x" * 200000, flush=True)


class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Healthy).serve_forever()
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "serve.py"
    monkeypatch.setattr(small_model, "SERVER", path)
    return path


def test_a_server_is_up_inside_and_gone_with_its_children_outside(stand_in: Path, tmp_path: Path) -> None:
    pids = tmp_path / "child"
    stand_in.write_text(STAND_IN.format(before="", pids=str(pids)), encoding="utf-8")
    with small_model.served() as address:
        assert address.startswith("http://127.0.0.1:")
        child = Path("/proc", pids.read_text(encoding="utf-8"))
    for _ in range(50):
        state = (child / "stat").read_text().split()[2] if child.exists() else "gone"
        if state in ("Z", "gone"):  # where nobody reaps the orphans of a test, a dead one stays listed
            return
        time.sleep(0.1)
    pytest.fail("the child lives on")


def test_a_server_that_dies_is_told_with_its_last_words(stand_in: Path) -> None:
    stand_in.write_text(STAND_IN.format(before="sys.exit('no such weights')", pids=""), encoding="utf-8")
    with pytest.raises(small_model.NotServed, match="no such weights"), small_model.served():
        pass


def test_a_server_that_never_comes_up_is_not_waited_for_for_ever(
    stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_model, "READY", 1)
    stand_in.write_text(STAND_IN.format(before="time.sleep(600)", pids=""), encoding="utf-8")
    with pytest.raises(small_model.NotServed, match="not ready within 1 s: loading"), small_model.served():
        pass
