"""A digest with its chat, as the hand-offs read it: who said what and when, in words that may be repeated."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from copilot.chat.claims import Action
from copilot.chat.masking import mask
from copilot.errors import InputError, UsageError
from copilot.records import Draft
from copilot.settings import Settings
from copilot.tasks.digest.book import book
from copilot.tasks.digest.brief import read_chat_brief
from copilot.tasks.digest.structure import Digest
from copilot.tasks.digest.telling import Telling, shown, telling_of

OWED = frozenset({"open", "overdue", "partly_done"})


@dataclass(frozen=True)
class Source:
    """A digest and, where its chat is still kept, the messages themselves."""

    digest: Digest
    telling: Telling | None

    @cached_property
    def staff(self) -> frozenset[str]:
        """Who speaks for the group."""
        return frozenset(one.member for one in self.digest.figures.member_figures if one.staff)

    def official(self, name: str) -> bool:
        """Whether a message was sent by somebody who speaks for the group."""
        return self.sender(name) in self.staff

    def sender(self, name: str) -> str:
        """Who sent a message."""
        return str(self._rows.get(name, {}).get("sender", ""))

    def at(self, name: str) -> str:
        """When a message was sent: 11月20日 10:02, its line where it has no time."""
        row = self._rows.get(name, {})
        stamp = str(row.get("time") or "")
        return when_told(stamp) or (f"第 {row['line']} 行" if row else "")

    def line(self, name: str) -> str:
        """A message as evidence: who, when, and the words; "" where they are not to be repeated."""
        if self.telling is None or name not in self.telling.by_id:
            return ""
        words = self.telling.words(name, 160)
        if words == book().desk.says["not_told"]:
            return ""
        return f"{self.telling.name(self.sender(name))}（{self.at(name)}）：{words}"

    def name(self, member: str) -> str:
        """A member's name as it may be shown."""
        return self.telling.name(member) if self.telling else mask(member)

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Ids in the order of the chat, each once."""
        return sorted(dict.fromkeys(names), key=lambda name: self._places.get(name, len(self._places)))

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        return {str(row["id"]): row for row in self.digest.messages}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._rows)}

    @property
    def end(self) -> str:
        """The last moment that the digest knows of."""
        return self.digest.totals.last


def source_of(draft: Draft, settings: Settings) -> Source:
    """A digest with its chat, so far as it is kept. Raises `UsageError` for a draft of another kind, `InputError`."""
    if draft.kind != "digest":
        raise UsageError(
            f"这份草稿是 {draft.kind}，不是群日报", hint="给一份群日报（copilot history list --kind digest）"
        )
    try:
        digest = Digest.model_validate(draft.structure)
    except ValidationError:
        raise InputError("这份群日报的内容不全，接不下去", hint="用原来的聊天记录重新做一份") from None
    source = Source(digest, None)
    try:
        transcript = read_chat_brief(draft.request, draft.created, settings).transcript
    except InputError:
        return source
    return replace(source, telling=telling_of(transcript, digest.injections, digest.risks, source.staff.__contains__))


def task_words(one: Action, source: Source) -> str:
    """Who owes what: “…”，管理员阿芷."""
    task = source.telling.told(one.task, one.messages, 60) if source.telling else shown(one.task, 60)
    owner = source.name(one.owner) if one.owner else book().desk.says["no_owner"]
    return f"“{task.rstrip('。')}”，{owner}"


def promise_words(one: Action, source: Source) -> str:
    """A promise as the desk notes it: who, what, by when, said when."""
    due = f"，期限 {_moment(one.due, source)}" if one.due else f"，期限“{one.due_text}”" if one.due_text else ""
    said = source.at(one.messages[0]) if one.messages else one.origin
    return f"{book().statuses['action'][one.status]}：{task_words(one, source)}（{said} 说的{due}）"


def frame_of(source: Source) -> dict[str, Any]:
    """The group, and the moment the chat ends."""
    return {"群名": source.digest.group, "现在": source.end} if source.digest.group else {"现在": source.end}


def clock_of(source: Source, name: str) -> datetime | None:
    message = source.telling.by_id.get(name) if source.telling else None
    return source.telling.local(message) if source.telling and message and message.time else None


def _moment(moment: datetime, source: Source) -> str:
    if source.telling:
        return source.telling.at(moment)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def when_told(stamp: str) -> str:
    """11月20日 10:02, from a time as the digest's JSON has it."""
    if not stamp:
        return ""
    clock = f" {stamp[11:16]}" if len(stamp) > len("2026-11-20") else ""
    return f"{int(stamp[5:7])}月{int(stamp[8:10])}日{clock}"
