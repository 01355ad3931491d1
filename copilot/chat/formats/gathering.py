"""Entries of a source that may hold several chats, gathered into chats as they are read."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.chat.formats.base import Chat, Entry
from copilot.chat.formats.fields import zones_known
from copilot.chat.formats.finishing import finish
from copilot.chat.records import Unread
from copilot.errors import InputError

_EXCERPT = 200
_NO_MESSAGE = "这里没有发送人、时间或内容，不像一条消息"


class Gathering:
    """The chats of a source by their keys, in the order they are met."""

    def __init__(self) -> None:
        self._chats: dict[str, Chat] = {}
        self._own: dict[str, list[Entry]] = {}

    def chat(self, key: str, group: str = "") -> Chat:
        """The chat of this key; the first name given to it stays."""
        chat = self._chats.get(key)
        if chat is None:
            chat = self._chats[key] = Chat(entries=[])
        chat.group = chat.group or group
        return chat

    def add(self, key: str, entry: Entry, *, own: bool = False) -> None:
        """Put an entry into its chat; `own`: the exporting account sent it."""
        self.chat(key).entries.append(entry)
        if own:
            self._own.setdefault(key, []).append(entry)

    def lose(self, key: str, item: Mapping[str, Any], line: int, end_line: int, why: str = _NO_MESSAGE) -> None:
        """List an object that stands where a message should, and is none."""
        text = json.dumps(item, ensure_ascii=False, default=str)[:_EXCERPT]
        self.chat(key).unread.append(Unread(line=line, lines=max(1, end_line - line + 1), text=text, why=why))

    def chats(self, unread: Sequence[Unread] = ()) -> list[Chat]:
        """The finished chats; what is unread besides goes to the first.

        Chats of one name are told apart by their keys. Raises `InputError` when nothing of what is there could be read.
        """
        first = next(iter(unread), None) or next((each for chat in self._chats.values() for each in chat.unread), None)
        if first and not any(chat.entries for chat in self._chats.values()):
            raise InputError(
                f"里面没有一条读得出的消息（第 {first.line} 行：{first.why}）", hint="检查文件是否完整，或重新导出一次"
            )
        for key, chat in self._chats.items():
            chat.group = chat.group or (key if len(self._chats) > 1 else "")
        names = Counter(chat.group for chat in self._chats.values())
        for key, chat in self._chats.items():
            if names[chat.group] > 1:
                chat.group = f"{chat.group}（{key}）"
            own = Counter(entry.name for entry in self._own.get(key, ()) if entry.name)
            chat.me = chat.me or max(own, key=own.__getitem__, default="")
            chat.zone_known = zones_known(chat.entries)
            finish(chat)
        found = [chat for chat in self._chats.values() if chat.entries or chat.unread] or [Chat(entries=[])]
        found[0].unread.extend(unread)
        return found
