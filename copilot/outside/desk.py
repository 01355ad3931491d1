"""What the tools do: each is one call of the copilot. What comes of it leaves with its people behind pseudonyms.

What an assistant has sent itself may come back as it was. Digests and the replies to a crisis are about members: in them
nobody is named, whoever has sent what.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from copilot.client import Copilot
from copilot.errors import CopilotError, InputTooLargeError, StorageError, UsageError
from copilot.options import AskOptions, ChatSource, DigestOptions, DraftOptions, WriterName
from copilot.outside.names import Find, NameBook, View, finder, finder_of
from copilot.outside.shapes import (
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
    words,
)
from copilot.outside.telling import told_of
from copilot.playbook.shipped import bundled_folder
from copilot.records import Answer, Citation, Draft, Finding, Hit, Record, Redaction, SearchResult
from copilot.tasks.digest.asked import Asked
from copilot.tasks.digest.brief import transcript_of
from copilot.tasks.digest.intake import request_of
from copilot.tasks.digest.known_chats import knowing
from copilot.writers.base import Cancel, OnText, never

SHOWN = 20
STRICT = frozenset({"digest", "crisis-reply"})
Result = Draft | Answer | SearchResult | Redaction | tuple[Finding, ...] | bool
Given = TypeVar("Given", bound=Record)
Shaped = TypeVar("Shaped", bound=Record)
Cited = TypeVar("Cited", Citation, Hit)


class Call(NamedTuple):
    """What goes with a call: the words in it that may come back (`sent`), what hears a model's words (`on_text`), and what
    says that nobody waits any more (`cancelled`).
    """

    sent: str = ""
    on_text: OnText | None = None
    cancelled: Cancel = never


class Called(NamedTuple):
    """What came of a call: the copilot's own result, which stays on this machine, and what the assistant is told."""

    result: Result
    told: Record


class Desk:
    """What the tools work with. `writer` writes where a call names none; `chats` may be named: a folder's files, or others.

    With `names`, people are called by their names: for an assistant whose model runs on this machine.
    """

    def __init__(
        self,
        copilot: Copilot,
        *,
        names: bool = False,
        writer: WriterName | None = None,
        chats: Path | Mapping[str, ChatSource] | None = None,
    ) -> None:
        self.copilot, self.names = copilot, names
        self.book = NameBook(copilot.settings.home)
        self._writer, self._chats = writer, chats

    # The jobs ---------------------------------------------------------------------------------------------------------

    def announcement(self, given: Announcing, call: Call) -> Called:
        """`draft_announcement`."""
        return self._draft("announcement", given, call)

    def weekly_plan(self, given: Drafting, call: Call) -> Called:
        """`draft_weekly_plan`."""
        return self._draft("weekly-plan", given, call)

    def crisis_reply(self, given: Replying, call: Call) -> Called:
        """`draft_crisis_reply`."""
        return self._draft("crisis-reply", given, call, given.matter)

    def digest(self, given: Digesting, call: Call) -> Called:
        """`summarise_digest`. The chat is read once, for the digest and for who is in it."""
        given, settings = self._meant(given, "chat"), self.copilot.settings
        source, options = self._chat(given), self._options(given, call, DigestOptions)
        request, _ = request_of(source, options, settings)
        brief: Any = request.brief
        with knowing((transcript_of(brief, Asked.model_validate(brief["said"]), request, settings),)):
            draft = self.copilot.summarise_digest(source, **options)
            return Called(draft, self.draft_told(draft, given.detail))

    def _draft(self, job: str, given: Drafting, call: Call, matter: str = "") -> Called:
        given = self._meant(given)
        brief = self._brief(job, given, matter)
        draft = self.copilot.draft(job, brief, **self._options(given, call, DraftOptions))
        return Called(draft, self.draft_told(draft, given.detail, call.sent))

    def _brief(self, job: str, given: Drafting, matter: str) -> str | dict[str, Any]:
        """The brief, or what digests hand on."""
        if given.brief and given.from_digests:
            raise UsageError("brief 和 from_digests 只能给一样", hint="日报里没有的内容，等稿子出来再补")
        if given.from_digests:
            digests = [self.copilot.store.draft(name).draft for name in given.from_digests]
            return self.copilot.handoff(job, *digests, matter=matter)
        return given.brief

    def _chat(self, given: Digesting) -> ChatSource:
        if bool(given.chat.strip()) == bool(given.file):
            raise UsageError("chat 和 file 要给一样，也只能给一样", hint="贴聊天用 chat，备好的聊天用 file 点名")
        if not given.file:
            return self._small(given.chat)
        if not self._chats:
            hint = "请运营者备好（copilot mcp --chats 文件夹，或 tools(chats=…)），或把聊天贴进来"
            raise UsageError("没有备好的聊天记录", hint=hint)
        if isinstance(self._chats, Mapping):
            found, there = self._chats.get(given.file), list(self._chats)
        else:
            folder = self._chats.resolve()
            path = (folder / given.file).resolve()
            found = path if path.is_relative_to(folder) and path.exists() else None
            inside = [one for one in folder.iterdir() if one.resolve().is_relative_to(folder)]
            there = sorted(one.name for one in inside if not one.name.startswith("."))
        if found is None:
            raise UsageError(f"没有 {given.file}", hint=f"有：{'、'.join(there[:SHOWN]) or '什么也没有'}")
        return found

    def _small(self, text: str) -> str:
        limit = self.copilot.settings.max_input_bytes
        if len(text.encode("utf-8", "replace")) > limit:
            hint = "备好文件用 file 点名（copilot mcp --chats），或分几天贴"
            raise InputTooLargeError(f"聊天记录超过 {limit / 1_000_000:g} MB", hint=hint)
        return text

    def _options(self, given: Record, call: Call, known: type) -> dict[str, Any]:
        """The options of the copilot among the arguments of a call, and who writes."""
        own = {name: value for name, value in given if name in known.__annotations__}
        writer = own.get("writer") or self._writer
        return {**own, "writer": writer, "on_text": call.on_text, "cancelled": call.cancelled}

    # What is looked up ------------------------------------------------------------------------------------------------

    def ask(self, given: Asking, call: Call) -> Called:
        """`ask`."""
        given = self._meant(given)
        answer = self.copilot.ask(given.question, **self._options(given, call, AskOptions))
        quoted = [*answer.citations, *(side for one in answer.conflicts for side in one.sides)]
        ours = [*(hit.text for hit in self._ours(answer.nearest)), *(one.quote for one in self._ours(quoted))]
        return Called(answer, self._hidden(answer, "\n".join((call.sent, *ours))))

    def search(self, given: Searching, call: Call) -> Called:
        """`search`."""
        given = self._meant(given)
        found = self.copilot.search(given.text, given.k)
        hidden = self._hidden(found, "\n".join((call.sent, *(hit.text for hit in self._ours(found.hits)))))
        moved = [
            one if one.text == hit.text else one.model_copy(update={"marks": ()})  # its places are others now
            for hit, one in zip(found.hits, hidden.hits, strict=True)
        ]
        return Called(found, hidden.model_copy(update={"hits": tuple(moved)}))

    def check(self, given: Checking, call: Call) -> Called:
        """`check`. The text is the assistant's own: places are those in it as it was sent."""
        findings = self.copilot.check(given.text, platform=given.platform)
        return Called(findings, self._hidden(Checked(findings=findings), call.sent))

    def redact(self, given: Reading, _: Call) -> Called:
        """`redact`, by the pseudonyms that all tools use."""
        redaction = View(self.book, finder(self.book.known())).redaction(self._meant(given).text)
        return Called(redaction, redaction)

    def suspicious(self, given: Reading, _: Call) -> Called:
        """`suspicious`."""
        suspicious = self.copilot.suspicious(given.text)
        return Called(suspicious, Suspicion(suspicious=suspicious))

    # Who may be named -------------------------------------------------------------------------------------------------

    def draft_told(self, draft: Draft, detail: Detail, sent: str = "") -> Told:
        """A draft as it may leave: who it knows is hidden, but for what may come back."""
        told = told_of(draft, detail)
        if self.names:
            return told
        find = finder_of(draft, self.book, self.copilot.settings)
        hidden = self._hidden(told, "" if draft.kind in STRICT else sent, find)
        handbook = set(self._ours(told.citations))
        cited = [ours if ours in handbook else one for ours, one in zip(told.citations, hidden.citations, strict=True)]
        return hidden.model_copy(update={"citations": tuple(cited)})

    def said(self, text: str, sent: str = "") -> str:
        """A word of ours as it may leave."""
        return text if self.names else View(self.book, finder(self.book.known()), sent).hide(text)

    def failure(self, error: CopilotError | OSError, sent: str = "") -> str:
        """What went wrong and what to do about it, as it may leave."""
        if isinstance(error, OSError):
            error = StorageError(f"读写失败：{error.strerror}", hint="检查磁盘空间和权限")
        again = words()["says"]["again"] if error.retryable else ""
        try:
            return self.said(f"{error.message}\n→ {error.hint}{again}", sent)
        except StorageError as blind:  # nobody can be hidden, and nobody is named in this one
            return f"{blind.message}\n→ {blind.hint}"

    def _meant(self, given: Given, *but: str) -> Given:
        """A call with the people that it means, `but` for the arguments that are as they were sent."""
        return given.model_copy(update=self.book.restored({name: value for name, value in given if name not in but}))

    def _hidden(self, result: Shaped, sent: str, find: Find | None = None) -> Shaped:
        if self.names:
            return result
        view = View(self.book, find or finder(self.book.known()), sent)
        return type(result).model_validate(view.hidden(result.model_dump(mode="json")))

    def _ours(self, cited: Iterable[Cited]) -> Iterator[Cited]:
        """What of these comes from the bundled handbook: it names nobody real."""
        folder = bundled_folder(self.copilot.settings)
        return (one for one in cited if (folder / one.source).is_file())
