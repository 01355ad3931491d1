"""The jobs as tools of an agent, and the playbook as a retriever. Nothing is ever sent.

    from langchain.agents import create_agent
    from copilot.integrations.langchain import PlaybookRetriever, tools, with_names

    agent = create_agent("openai:…", tools())
    said = agent.invoke({"messages": [("user", "…")]})["messages"][-1]
    print(with_names(said.text))
    sections = PlaybookRetriever(k=3).invoke("新人进群没人理")

Needs nothing beyond what the copilot installs.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import Field

from copilot.client import Copilot
from copilot.conversation.toolbox import words
from copilot.errors import CopilotError
from copilot.integrations.outside import TOOLS, Result, in_short
from copilot.mcp_server.names import NameBook, View, finder, finder_of
from copilot.options import ChatSource
from copilot.records import Draft, Redaction, SearchResult
from copilot.settings import Settings
from copilot.writers import prompts
from copilot.writers.replies import each_text, what_is_wrong


def tools(
    copilot: Copilot | None = None, *, chats: Mapping[str, ChatSource] | None = None, names: bool = False
) -> list[BaseTool]:
    """The five jobs, `search`, `check` and `redact` as tools, each sync and async; threads may share them.

    A tool's content is the result in short, for the model; its artifact is the record itself (`Draft`, `Answer`,
    `SearchResult`, a tuple of `Finding`, `Redaction`), for your program.

    The model may be anywhere, so that content holds pseudonyms (成员01, 电话01), the same ones from day to day, and what a
    call holds of them becomes the names again; `with_names` does that for the model's last words. `names=True` hides
    nothing, for a model on this machine. `chats` are exports by name: the model asks for the digest of one by its name,
    and never reads it whole.

    What goes wrong is a `ToolException` with the fix, told to the model (set `handle_tool_error` otherwise).
    """
    desk = copilot or Copilot()
    curtain = _Curtain(desk.settings, names=names)
    return [_tool(name, desk, curtain, chats or {}) for name in TOOLS]


def with_names(text: str, copilot: Copilot | None = None) -> str:
    """A model's words with the names put back that its tools have hidden. Raises `SettingsError`."""
    restored: str = _book(copilot.settings if copilot else Settings.load()).restored(text)
    return restored


def _book(settings: Settings) -> NameBook:
    return NameBook(settings.home / "langchain" / "names.jsonl")


class _Curtain:
    """Between the copilot and the agent's model: that reads results as data, without the names unless it is trusted."""

    def __init__(self, settings: Settings, *, names: bool) -> None:
        self._settings, self._names = settings, names
        self._book = _book(settings)

    def asked(self, tool: str, given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """What a call works on, and its options: the first argument and the others, empty ones left out."""
        arguments = TOOLS[tool].model_validate(self._book.restored(each_text(given, prompts.unescape)))
        (_, source), *options = arguments
        return source, {name: value for name, value in options if value not in ("", 0, ())}

    def told(self, tool: str, result: Result) -> str:
        """A result in short, fenced."""
        text = in_short(result)
        if isinstance(result, Draft) and not self._names:
            text = View(self._book, finder_of(result, self._book, self._settings)).hide(text)
        elif not isinstance(result, Redaction):
            text = self.hidden(text)
        return prompts.render(
            prompts.newest("chat.result", self._settings.prompts),
            folder=self._settings.prompts,
            tool=tool,
            id=result.id if isinstance(result, Draft) else "",
            text=text,
            left_out=0,
            refused=False,
        )

    def hidden(self, text: str) -> str:
        return text if self._names else self.redacted(text).text

    def redacted(self, text: str) -> Redaction:
        """As `redact` gives it, by the pseudonyms that the model knows."""
        return View(self._book, finder(self._book.known())).redaction(text)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What goes wrong, as the model may read it."""
        try:
            yield
        except CopilotError as error:
            raise ToolException(self.hidden(str(error))) from error


def _tool(name: str, copilot: Copilot, curtain: _Curtain, chats: Mapping[str, ChatSource]) -> BaseTool:
    def asked(given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        source, options = curtain.asked(name, given)
        return (chats.get(source, source) if name == "summarise_digest" else source), options

    def run(**given: Any) -> tuple[str, Result]:
        with curtain.errors():
            source, options = asked(given)
            result = curtain.redacted(source) if name == "redact" else getattr(copilot, name)(source, **options)
            return curtain.told(name, result), result

    async def run_async(**given: Any) -> tuple[str, Result]:
        if name == "redact":
            return await asyncio.to_thread(run, **given)
        with curtain.errors():
            source, options = asked(given)
            result = await getattr(copilot, f"a{name}")(source, **options)
            return await asyncio.to_thread(curtain.told, name, result), result

    at_hand = f"交来的群聊：{curtain.hidden('、'.join(chats))}。" if chats and name == "summarise_digest" else ""
    return StructuredTool.from_function(
        run,
        run_async,
        name=name,
        description=f"{words()['tools'][name]}{at_hand}{words()['outside']}",
        args_schema=TOOLS[name],
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=what_is_wrong,
    )


class PlaybookRetriever(BaseRetriever):
    """Sections of the handbook and the own documents, or of the folder `playbook`, best first, at most `k`.

    A document's id is its chunk's; its metadata holds `chunk_id`, `source`, `title`, `section`, `rules` (ids), `score`
    (falls with rank, comparable within one search only) and, where some of the text is damaged, `marks`. Texts are as they
    stand in the playbook. A question that it does not cover finds nothing, unless `nearest` asks for what comes closest.
    `invoke(…, k=3)` sets `k` for one call. Raises `EmptyInputError`, `PlaybookError`, `StorageError`, `UsageError`.
    """

    copilot: Copilot = Field(default_factory=Copilot)
    k: int = Field(default=5, ge=1)
    playbook: Path | str | None = None
    nearest: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        return self._documents(self.copilot.search(query, self.k if k is None else k, self.playbook))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        return self._documents(await self.copilot.asearch(query, self.k if k is None else k, self.playbook))

    def _documents(self, found: SearchResult) -> list[Document]:
        return [
            Document(hit.text, id=hit.chunk_id, metadata=hit.model_dump(mode="json", exclude={"text"}))
            for hit in (found.hits if found.answerable or self.nearest else ())
        ]
