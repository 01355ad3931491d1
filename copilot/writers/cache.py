"""Replies that were paid for, by what was sent. A reply holds pseudonyms only: what they stand for is never kept.

A cache that can't be read or written costs money and nothing else, so its troubles are not told.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from copilot.files import write_whole
from copilot.records import Record

MOST = 4000
"""Replies kept; the longest unused go first."""


class Kept(Record):
    """A reply and what it cost."""

    reply: str
    input_tokens: int
    output_tokens: int


class ReplyCache:
    """One file a reply, under `folder`."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder = folder
        self._most = most

    @staticmethod
    def key(*parts: Any) -> str:
        """The name of a reply to exactly this (JSON values)."""
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def get(self, key: str) -> Kept | None:
        """The reply of this name, if there is one that can be read."""
        path = self._folder / f"{key}.json"
        try:
            kept = Kept.model_validate_json(path.read_bytes())
            os.utime(path)
        except (OSError, ValueError):
            return None
        return kept

    def put(self, key: str, kept: Kept) -> None:
        """Keep a reply: whole or not at all."""
        with contextlib.suppress(OSError):
            write_whole(self._folder / f"{key}.json", kept.model_dump_json().encode())

    def prune(self) -> None:
        """Drop what has not been used for longest, down to the most that are kept."""
        with contextlib.suppress(OSError):
            paths = list(self._folder.glob("*.json"))
            if len(paths) > self._most:
                for path in sorted(paths, key=lambda one: one.stat().st_mtime)[: len(paths) - self._most]:
                    path.unlink(missing_ok=True)
