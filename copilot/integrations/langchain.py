"""The jobs as tools of an agent, and the playbook as a retriever. Nothing is ever sent.

    from langchain.agents import create_agent
    from copilot.integrations.langchain import PlaybookRetriever, tools, with_names

    agent = create_agent("openai:…", tools())
    said = agent.invoke({"messages": [("user", "…")]})["messages"][-1]
    print(with_names(said.text))
    sections = PlaybookRetriever(k=3).invoke("新人进群没人理")

Needs nothing beyond what the copilot installs.
"""

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
from copilot.errors import CopilotError
from copilot.options import ChatSource
from copilot.outside.desk import Call, Called, Desk, Result
from copilot.outside.names import NameBook
from copilot.outside.shapes import words
from copilot.outside.telling import in_words
from copilot.outside.tools import TOOLS, refused, run_apart
from copilot.records import Draft, Record, SearchResult
from copilot.settings import Settings
from copilot.writers import prompts
from copilot.writers.replies import each_text


def tools(
    copilot: Copilot | None = None, *, chats: Mapping[str, ChatSource] | None = None, names: bool = False
) -> list[BaseTool]:
    """The five jobs, `search`, `check`, `redact` and `suspicious` as tools, each sync and async; threads may share them.

    A tool's content is the result in short, for the model; its artifact is the result itself (`Draft`, `Answer`,
    `SearchResult`, a tuple of `Finding`, `Redaction`, a bool), for your program.

    The model may be anywhere, so that content holds pseudonyms (成员01, 电话01), the same ones from day to day, and what a
    call holds of them becomes the names again; `with_names` does that for the model's last words. `names=True` hides
    nothing, for a model on this machine. `chats` are exports by name: the model asks for the digest of one by its name,
    and never reads it whole.

    What goes wrong is a `ToolException` with the fix, told to the model (set `handle_tool_error` otherwise).
    """
    desk = Desk(copilot or Copilot(), names=names, chats=chats)
    at_hand = words()["at_hand"].format(chats=desk.said("、".join(chats))) if chats else ""
    more = {"summarise_digest": at_hand}
    return [
        _tool(name, desk, told["description"] + more.get(name, "") + words()["fenced"])
        for name, told in words()["tools"].items()
    ]


def with_names(text: str, copilot: Copilot | None = None) -> str:
    """A model's words with the names put back that its tools have hidden. Raises `SettingsError`, `StorageError`."""
    restored: str = NameBook((copilot.settings if copilot else Settings.load()).home).restored(text)
    return restored


def _tool(name: str, desk: Desk, description: str) -> BaseTool:
    tool = TOOLS[name]

    def read(given: dict[str, Any]) -> Record:
        """What a model has read escaped, it may have written so."""
        arguments: Record = tool.arguments.model_validate(each_text(given, prompts.unescape))
        return arguments

    def told(called: Called) -> tuple[str, Result]:
        """The result in words, fenced: it is data."""
        folder, result = desk.copilot.settings.prompts, called.result
        content = prompts.render(
            prompts.newest("chat.result", folder),
            folder=folder,
            tool=name,
            id=result.id if isinstance(result, Draft) else "",
            text=in_words(called.told, hidden=not desk.names),
            left_out=0,
            refused=False,
        )
        return content, result

    def run(**given: Any) -> tuple[str, Result]:
        with _errors_told(desk):
            return told(tool.run(desk, read(given), Call()))

    async def run_async(**given: Any) -> tuple[str, Result]:
        with _errors_told(desk):
            return told(await run_apart(tool, desk, read(given)))

    return StructuredTool.from_function(
        run,
        run_async,
        name=name,
        description=description,
        args_schema=tool.arguments,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=lambda error: refused(error, name),
    )


@contextmanager
def _errors_told(desk: Desk) -> Iterator[None]:
    """What goes wrong, as the model may read it."""
    try:
        yield
    except (CopilotError, OSError) as error:
        raise ToolException(desk.failure(error)) from error


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
