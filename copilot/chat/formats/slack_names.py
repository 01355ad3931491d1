"""Who is who in a Slack export, and texts with its tags (`<@U1>`, `<!here>`, `<url|label>`) read."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from copilot.chat.formats.base import Source
from copilot.chat.formats.fields import first_text, mapping_of, records_of
from copilot.chat.formats.json_walk import BROKEN
from copilot.chat.formats.scalars import words_of

_TAG = re.compile(r"<(?P<mark>[@#!]?)(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
_EVERYONE = {"here", "channel", "everyone"}
COMPANIONS = (
    "users.json",
    "org_users.json",
    "channels.json",
    "groups.json",
    "dms.json",
    "mpims.json",
    "canvases.json",
    "lists.json",
    "integration_logs.json",
)
"""The files of an export that hold no messages."""


class Said(NamedTuple):
    """A text without tags, and whom it calls."""

    text: str
    mentions: tuple[str, ...]
    everyone: bool


class Names:
    """The people and the channel of a day's file, from the lists beside its folder; without them, what it says itself."""

    def __init__(self, source: Source) -> None:
        path = PurePosixPath(source.name.replace("\\", "/"))
        lists = path.parent.parent
        self._people: Mapping[str, str] = {}
        self.channel = path.parent.name if len(path.parts) > 1 else ""
        found = {name: data for name in COMPANIONS if (data := source.files.get(str(lists / name))) is not None}
        for name in ("org_users.json", "users.json"):
            self._people = {**self._people, **_people(found.get(name, b""))}
        for name in ("dms.json", "mpims.json"):
            if members := _rooms(found.get(name, b"")).get(self.channel):
                self.channel = "、".join(map(self.person, members))

    def person(self, member: str, fallback: str = "") -> str:
        """A member's name; without the list of names, what else is known."""
        return self._people.get(member) or fallback or member

    def sender(self, item: Mapping[str, Any]) -> str:
        """Who sent a message: a member, or a bot under the name it shows."""
        if member := words_of(item.get("user")):
            return self.person(member, _called(mapping_of(item.get("user_profile"))))
        profile = mapping_of(item.get("bot_profile"))
        return first_text(item, "username") or first_text(profile, "name") or first_text(item, "bot_id")

    def read(self, text: str) -> Said:
        """A text with its tags read, then its escapes: in this order, for an escaped tag is none."""
        mentions: dict[str, None] = {}
        everyone = False

        def shown(match: re.Match[str]) -> str:
            nonlocal everyone
            mark, target, label = match["mark"], match["target"], match["label"] or ""
            if mark == "@":
                name = self.person(target, label)
                mentions[name] = None
                return f"@{name}"
            if mark == "#":
                return f"#{label or target}"
            if mark == "!":
                everyone = everyone or target in _EVERYONE
                return f"@{target}" if target in _EVERYONE else label or target.partition("^")[2] or target
            address = target.removeprefix("mailto:")
            return f"{label} {address}" if label and label != address and label not in address else address

        read = unescape(_TAG.sub(shown, text) if "<" in text else text)
        return Said(read.strip(), tuple(mentions), everyone)


def _called(profile: Mapping[str, Any]) -> str:
    return first_text(profile, "display_name", "real_name", "name")


@lru_cache(maxsize=4)
def _people(data: bytes) -> dict[str, str]:
    """Names by id. The display name may be blank, the real name may be missing."""
    return {
        words_of(user.get("id")): _called(mapping_of(user.get("profile"))) or first_text(user, "real_name", "name")
        for user in _records(data)
    }


@lru_cache(maxsize=8)
def _rooms(data: bytes) -> dict[str, list[str]]:
    """The members of rooms without a name of their own."""
    rooms = [(first_text(room, "name", "id"), room.get("members")) for room in _records(data)]
    return {name: [words_of(member) for member in members] for name, members in rooms if isinstance(members, list)}


def _records(data: bytes) -> list[Mapping[str, Any]]:
    try:
        return records_of(json.loads(data))
    except BROKEN:
        return []
