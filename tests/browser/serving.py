"""The pages on a free port of this machine, for the browser tests and `scripts/screenshots.py`."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from copilot.settings import KNOWLEDGE

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
UNSEEN = "WebUIOmniboxPopup,WebUIOmniboxAimPopup"
"""Pages behind the address bar, which cost every window that is opened a second."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--disable-features={UNSEEN}"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server that knows no key or setting of this machine and keeps everything in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.upper().startswith(("COPILOT_", "OPENAI_"))}
    command = [sys.executable, "-m", "streamlit", "run", str(KNOWLEDGE.parent / "app.py"), f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    command += ["--runner.postScriptGC=false"]  # a full collection after each of thousands of reruns
    log = folder / "server.log"
    with log.open("wb") as stream:
        env["COPILOT_HOME"] = str(folder / "home")
        server = subprocess.Popen(command, cwd=folder, env=env, stdout=stream, stderr=stream)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_until_up(url: str, log: Path) -> None:
    for _ in range(300):
        try:
            with urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def settle(page: Any) -> None:
    """Wait until the page is drawn to its end: what is done before that may be overtaken."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)


def exported(page: Any, label: str, folder: Path) -> Path:
    """The file behind a button, in `folder` under its own name."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    path = folder / str(waiting.value.suggested_filename)
    waiting.value.save_as(path)
    return path


def open_sidebar(page: Any) -> None:
    """On a phone the jobs and the language are behind a button."""
    button = page.get_by_test_id("stExpandSidebarButton")
    if button.is_visible():
        button.click()


def open_page(page: Any, name: str) -> None:
    """Go to a job's page by its link in the sidebar; on a phone the sidebar is put away again."""
    page.get_by_role("heading", level=1).wait_for()
    open_sidebar(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", level=1, name=name, exact=True).wait_for()
    if page.viewport_size["width"] < 500:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
