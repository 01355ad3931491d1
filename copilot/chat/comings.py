"""Who came and who went, from the notices of a chat."""

import re
from collections.abc import Collection

from copilot.chat.member_names import match_member
from copilot.chat.records import Transcript

_NAME = r"[\"“「']?(?P<name>[^\"”」'\n]{1,80}?)[\"”」']?"
_JOINED = (
    re.compile(rf"(?:邀请|邀請|invited|added)(?:了)?\s?{_NAME}\s?(?:加入|进入|進入|入群|to (?:the|this) group|$)"),
    re.compile(rf"^{_NAME}\s?(?:通过|通過|扫描|已?(?:加入|进入|進入)|(?:has )?(?:joined|was added))"),
)
_LEFT = (
    re.compile(rf"(?:将|將|把|removed|移除了)\s?{_NAME}\s?(?:移出|移除|踢出|请出|from (?:the|this) group|$)"),
    re.compile(
        rf"^{_NAME}\s?(?:(?:已)?被.{{0,30}}(?:移出|移除|踢出|请出)|(?:已)?(?:退出|离开|離開)|(?:has )?left|was removed)"
    ),
)
_SEVERAL = re.compile(r"[\"”」]?[、,，][\"“「]?")
_LONGEST = 400


def comings(transcript: Transcript) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of those who joined, and of those who left or were removed, each once, in the order of time."""
    members = frozenset(message.sender for message in transcript.said)
    joined: dict[str, None] = {}
    left: dict[str, None] = {}
    for message in transcript.messages:
        if message.kind != "system":
            continue
        if message.notice == "join":
            joined.update(dict.fromkeys(_names(message.text, _JOINED, members)))
        elif message.notice == "leave":
            left.update(dict.fromkeys(_names(message.text, _LEFT, members)))
    return tuple(joined), tuple(left)


def _names(text: str, patterns: Collection[re.Pattern[str]], members: Collection[str]) -> list[str]:
    """The names a notice tells, as the members' own where one is meant."""
    for pattern in patterns:
        if (match := pattern.search(text[:_LONGEST])) is not None:
            return [_member(name.strip(), members) for name in _SEVERAL.split(match["name"]) if name.strip()]
    return []


def _member(name: str, members: Collection[str]) -> str:
    """The member of this very name, else the one whose name it can only mean, else the name."""
    if name in members:
        return name
    found = [member for member in match_member(name, tuple(members)) if len(member) >= len(name)]
    return found[0] if len(found) == 1 and name in found[0] and len(name) > len(found[0]) / 2 else name
