"""The tools: each is one call of the copilot. What comes of it leaves with its people behind pseudonyms.

What an assistant has sent itself may come back as it was. Digests and the replies to a crisis are about members: in them
nobody is named, whoever has sent what.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from copilot.client import Copilot
from copilot.errors import InputTooLargeError, UsageError
from copilot.mcp_server.names import Find, NameBook, View, finder, finder_of
from copilot.mcp_server.shapes import (
    Announcing,
    Asking,
    Checked,
    Checking,
    Detail,
    Digesting,
    Drafting,
    Reading,
    Replying,
    Searching,
    Suspicion,
    Told,
)
from copilot.mcp_server.telling import strings, told_of
from copilot.options import ChatSource, DigestOptions, DraftOptions, WriterName
from copilot.playbook.shipped import bundled_folder
from copilot.records import Answer, Citation, Draft, Hit, Record, Redaction, SearchResult
from copilot.writers.base import Cancel, OnText, never

SHOWN_FILES = 20
STRICT = frozenset({"digest", "crisis-reply"})
Result = TypeVar("Result", bound=Record)
Cited = TypeVar("Cited", Citation, Hit)


class Watch(NamedTuple):
    """What watches a call: `on_text` hears a model's words, `cancelled` says when nobody waits any more."""

    on_text: OnText | None = None
    cancelled: Cancel = never


class Desk:
    """What the tools work with. `writer` writes where a call names none, `chats` is the folder whose files may be named.

    With `names`, people are called by their names: for an assistant whose model runs on this machine.
    """

    def __init__(
        self, copilot: Copilot, *, names: bool = False, writer: WriterName | None = None, chats: Path | None = None
    ) -> None:
        self.copilot, self.names = copilot, names
        self._writer, self._chats = writer, chats
        self._book = NameBook(copilot.settings.home / "mcp" / "names.jsonl")

    # The jobs ---------------------------------------------------------------------------------------------------------

    def announcement(self, given: Announcing, watch: Watch) -> Told:
        """`draft_announcement`."""
        options: DraftOptions = {"tone": given.tone, "length": given.length}
        return self._draft("announcement", given, options, watch)

    def weekly_plan(self, given: Drafting, watch: Watch) -> Told:
        """`draft_weekly_plan`."""
        return self._draft("weekly-plan", given, {}, watch)

    def crisis_reply(self, given: Replying, watch: Watch) -> Told:
        """`draft_crisis_reply`."""
        return self._draft("crisis-reply", given, {"earlier": self._book.restored(given.earlier)}, watch, given.matter)

    def digest(self, given: Digesting, watch: Watch) -> Told:
        """`summarise_digest`."""
        options: DigestOptions = {
            "writer": given.writer or self._writer,
            "now": given.now,
            "on_text": watch.on_text,
            "cancelled": watch.cancelled,
            "format": given.format,
            "group": given.group,
            "operator": self._book.restored(given.operator),
            "staff": self._book.restored(given.staff),
            "rules": given.rules,
            "focus": self._book.restored(given.focus),
            "dates": given.dates,
            "carry": given.carry,
        }
        return self.draft_told(self.copilot.summarise_digest(self._chat(given), **options), given.detail)

    def _draft(self, job: str, given: Drafting, more: DraftOptions, watch: Watch, matter: str = "") -> Told:
        options: DraftOptions = {
            **more,
            "writer": given.writer or self._writer,
            "now": given.now,
            "on_text": watch.on_text,
            "cancelled": watch.cancelled,
            "groups": given.groups,
            "platform": given.platform,
        }
        draft = self.copilot.draft(job, self._brief(job, given, matter), **options)
        return self.draft_told(draft, given.detail, "" if job in STRICT else _sent(given))

    def _brief(self, job: str, given: Drafting, matter: str) -> str | dict[str, Any]:
        """The brief with its people as they are called, or what digests hand on."""
        if given.brief and given.from_digests:
            raise UsageError("brief 和 from_digests 只能给一样", hint="日报里没有的内容，等稿子出来再补")
        if given.from_digests:
            digests = [self.copilot.store.draft(name).draft for name in given.from_digests]
            return self.copilot.handoff(job, *digests, matter=matter)
        brief: str | dict[str, Any] = self._book.restored(given.brief)
        return brief

    def _chat(self, given: Digesting) -> ChatSource:
        if bool(given.chat.strip()) == bool(given.file):
            raise UsageError("chat 和 file 要给一样，也只能给一样", hint="贴聊天用 chat，这台机器上的导出文件用 file")
        if not given.file:
            return self._small(given.chat)
        if self._chats is None:
            raise UsageError(
                "没有开放放聊天记录的文件夹", hint="请运营者用 copilot mcp --chats 文件夹 启动，或把聊天贴进来"
            )
        folder = self._chats.resolve()
        path = (folder / str(self._book.restored(given.file))).resolve()
        if not path.is_relative_to(folder) or not path.exists():
            there = sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))
            raise UsageError(f"文件夹里没有 {given.file}", hint=f"有：{'、'.join(there[:SHOWN_FILES]) or '什么也没有'}")
        return path

    def _small(self, text: str) -> str:
        limit = self.copilot.settings.max_input_bytes
        if len(text.encode("utf-8", "replace")) > limit:
            hint = "放进文件夹用 file 给（copilot mcp --chats），或分几天贴"
            raise InputTooLargeError(f"聊天记录超过 {limit / 1_000_000:g} MB", hint=hint)
        return text

    # What is looked up ------------------------------------------------------------------------------------------------

    def ask(self, given: Asking, watch: Watch) -> Answer:
        """`ask`."""
        answer = self.copilot.ask(
            given.question,
            writer=given.writer or self._writer,
            on_text=watch.on_text,
            cancelled=watch.cancelled,
        )
        quoted = [*answer.citations, *(side for one in answer.conflicts for side in one.sides)]
        texts = [hit.text for hit in self._ours(answer.nearest)] + [one.quote for one in self._ours(quoted)]
        return self._hidden(answer, told="\n".join((given.question, *texts)))

    def search(self, given: Searching, _: Watch) -> SearchResult:
        """`search`."""
        found = self.copilot.search(given.text, given.k)
        hidden = self._hidden(found, told="\n".join((given.text, *(hit.text for hit in self._ours(found.hits)))))
        moved = [
            one if one.text == hit.text else one.model_copy(update={"marks": ()})  # its places are others now
            for hit, one in zip(found.hits, hidden.hits, strict=True)
        ]
        return hidden.model_copy(update={"hits": tuple(moved)})

    def check(self, given: Checking, _: Watch) -> Checked:
        """`check`. The text is the assistant's own, and its places in it are kept: nothing is hidden."""
        return Checked(findings=self.copilot.check(given.text, platform=given.platform))

    def redact(self, given: Reading, _: Watch) -> Redaction:
        """`redact`, by the pseudonyms that all tools use."""
        return View(self._book, finder(self._book.known())).redaction(given.text)

    def suspicious(self, given: Reading, _: Watch) -> Suspicion:
        """`suspicious`."""
        return Suspicion(suspicious=self.copilot.suspicious(given.text))

    # Who may be named -------------------------------------------------------------------------------------------------

    def draft_told(self, draft: Draft, detail: Detail, told: str = "") -> Told:
        """A draft as it may leave: who it knows is hidden, but for what stands in `told`."""
        result = told_of(draft, detail)
        if self.names:
            return result
        hidden = self._hidden(result, finder_of(draft, self._book, self.copilot.settings), told)
        handbook = set(self._ours(result.citations))
        cited = [
            ours if ours in handbook else one for ours, one in zip(result.citations, hidden.citations, strict=True)
        ]
        return hidden.model_copy(update={"citations": tuple(cited)})

    def said(self, text: str, told: str = "") -> str:
        """A word of ours, such as an error, as it may leave."""
        return text if self.names else View(self._book, finder(self._book.known()), told).hide(text)

    def restored(self, text: str) -> str:
        """A text of an assistant, with the people that it means."""
        restored: str = self._book.restored(text)
        return restored

    def _hidden(self, result: Result, find: Find | None = None, told: str = "") -> Result:
        if self.names:
            return result
        view = View(self._book, find or finder(self._book.known()), told)
        return type(result).model_validate(view.hidden(result.model_dump(mode="json")))

    def _ours(self, cited: Iterable[Cited]) -> Iterator[Cited]:
        """What of these comes from the bundled handbook: it names nobody real."""
        folder = bundled_folder(self.copilot.settings)
        return (one for one in cited if (folder / one.source).is_file())


def _sent(given: Record) -> str:
    """Every word of a call."""
    return "\n".join(strings(given.model_dump(mode="json")))
