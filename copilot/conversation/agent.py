"""A conversation led by a chat model: a LangChain agent that has the jobs as tools.

What it may say and do is settled by code (`guarding`, `toolbox`): drafts and answers are shown from their records, its own
words are held against what was said, and everything leaves behind pseudonyms. When no model of the chain can answer, a
`WriterError` leaves the turn to the offline path. This module is slow to import and is imported when a model is used.
"""

import re
from collections.abc import AsyncIterator, Sequence
from queue import SimpleQueue
from time import perf_counter
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.errors import GraphRecursionError
from pydantic import TypeAdapter

from copilot.conversation.asking import Asking
from copilot.conversation.deeds import Deeds, Done
from copilot.conversation.guarding import Guard
from copilot.conversation.offline import respond
from copilot.conversation.packing import Desk, disguise_of, packed, people_of
from copilot.conversation.records import ChatOptions
from copilot.conversation.thread import Thread, own_words
from copilot.conversation.toolbox import ARGUMENTS, ROUNDS, Toolbox, words
from copilot.conversation.turning import turn_of
from copilot.endpoints import Endpoint, endpoints
from copilot.errors import Cancelled, CopilotError, StorageError, WriterError
from copilot.facts.pseudonyms import Pseudonyms
from copilot.records import Finding, Record
from copilot.store import Turn
from copilot.tokens import count_tokens
from copilot.writers import failures, prompts
from copilot.writers.base import Message, never
from copilot.writers.bridge import drained
from copilot.writers.exchange import line
from copilot.writers.replies import each_text, without_thoughts
from copilot.writers.streaming import Ticker

PATIENCE = 6  # a turn takes at most so many times what one request may; the jobs have limits of their own
TOOLS = 2500  # tokens of the tools' descriptions
SHARE = 4  # a result takes at most so much of what the model reads (a quarter)
_UNPROVEN = re.compile(r"【待核实[:：][^】]*】")


def converse(thread: Thread, message: Turn, deeds: Deeds, options: ChatOptions) -> Turn:
    """The copilot's turn, by the first model of the chain that answers. Raises `WriterError`, `Cancelled`."""
    failed: list[Finding] = []
    chain = endpoints(deeds.jobs.settings)
    for number, endpoint in enumerate(chain, 1):
        talk = _Talk(thread, message, deeds, options, endpoint)
        try:
            talk.run()
        except WriterError as error:
            if not talk.box.done and number == len(chain):
                raise
            failed.append(Finding.notice("model-unavailable", f"{endpoint.name}：{error.message}", error.hint))
            if not talk.box.done:
                continue
        turn = talk.turn()
        return turn.model_copy(update={"findings": (*failed, *turn.findings)})
    raise failures.blank()


class _Talk:
    """One turn with one model."""

    def __init__(self, thread: Thread, message: Turn, deeds: Deeds, options: ChatOptions, endpoint: Endpoint) -> None:
        settings = deeds.jobs.settings
        self._thread, self._message, self._deeds = thread, message, deeds
        self._endpoint, self._options, self._settings = endpoint, options, settings
        operator = [*thread.said(), *own_words(message)]
        self._guard = Guard(operator, deeds.now)
        for turn in thread.turns:
            if turn.role == "copilot":
                proven = _UNPROVEN.sub("", turn.text)  # what was marked then is no more proven now
                self._guard.heard("\n".join([proven, *(cited.quote for cited in turn.citations)]))
        self.box = Toolbox(thread, message, deeds, self._guard)
        self._told = 0
        self._written: SimpleQueue[str] = (
            SimpleQueue()
        )  # tools work in threads of their own; the listeners live in this one
        deeds.on_text = self._written.put if options.get("on_text") else None
        deeds.cancelled = options.get("cancelled") or never
        self._disguise = self._disguised()
        self._ticker = Ticker(options.get("on_text"), self._restored)
        self._asking = Asking(settings, endpoint)
        self._final = ""
        self._stopped = False

    def run(self) -> None:
        """Ask, do what it calls for, ask again, until it has answered. Raises `WriterError`, `Cancelled`."""
        names = [prompts.newest("chat.system", self._settings.prompts)]
        system = prompts.render(names[0], folder=self._settings.prompts)
        agent: Any = create_agent(
            line(self._endpoint).chat, self._tools(), system_prompt=system, middleware=[self._asking]
        )
        until = perf_counter() + PATIENCE * self._settings.request_timeout

        def still_wanted() -> None:
            self._tell()
            if self._deeds.cancelled():
                raise Cancelled("已取消，没有再问模型", hint="需要时再说一次")
            if perf_counter() > until:
                raise failures.timed_out(PATIENCE * self._settings.request_timeout)

        sent: dict[str, Any] = {"messages": self._messages(system)}
        config = {"recursion_limit": 2 * ROUNDS + 6}
        streamed: AsyncIterator[tuple[str, Any]] = agent.astream(
            sent, config=config, stream_mode=["messages", "updates"]
        )
        text, rounds = "", 0
        try:
            for kind, item in drained(streamed, still_wanted):
                if kind == "messages":
                    text = self._streamed(item, text)
                    continue
                answer = _answer_in(item)
                if answer is None:
                    continue
                text, self._final = "", str(answer.text)
                self._ticker = Ticker(self._options.get("on_text"), self._restored)
                rounds += bool(answer.tool_calls)
                if answer.tool_calls and rounds > ROUNDS:
                    self._final, self._stopped = "", True
                    break
        except GraphRecursionError:
            self._final, self._stopped = "", True
        finally:
            self._deeds.on_text = None
        self._tell()
        if not self._final.strip() and not self.box.done:
            raise failures.blank()

    def _tell(self) -> None:
        """Pass on what tools have written and done since."""
        on_text, on_use = self._options.get("on_text"), self._options.get("on_use")
        while on_text and not self._written.empty():
            on_text(self._written.get())
        for done in self.box.done[self._told :]:
            self._told += 1
            if done.use and on_use:
                on_use(done.use)

    def turn(self) -> Turn:
        """What the model said and did, as it may be shown."""
        done = list(self.box.done)
        said = without_thoughts(self._restored(self._final)).strip()
        if not done and (by_code := self._by_code(said)):
            said, done = "", [by_code]
        exhibits = [one for one in done if one.use and not one.use.refused and one.use.tool != "search"]
        for one in exhibits:
            self._guard.shown(one.text)
        spoken, found, was_copied = self._guard.words(said)
        lines = [spoken, *(one.text for one in exhibits), say_stopped() if self._stopped else ""]
        notices = [Finding.notice("tool-refused", one.text, "") for one in done if one.use and one.use.refused]
        if found:
            message = words()["marked"].format(count=len(found))
            notices.append(Finding.notice("chat-unproven", message, "对照您说过的话看一眼"))
        if was_copied:
            notices.append(
                Finding.notice("draft-repeated", words()["copied"], "").model_copy(update={"severity": "info"})
            )
        turn = turn_of(self._thread, "\n".join(filter(None, lines)).strip(), done, at=self._deeds.now, writer="model")
        return turn.model_copy(
            update={"usage": self._asking.usage + self._deeds.spent, "findings": (*notices, *found, *turn.findings)}
        )

    def _by_code(self, said: str) -> Done | None:
        """What code would do, where a model only talks though the message is clearly for a job."""
        if re.search(r"[？?]\s*$", said):
            return None
        try:
            done, choices = respond(self._thread, self._message, self._deeds)
        except CopilotError:
            return None
        return done if done.use and not choices else None

    def _streamed(self, item: Any, text: str) -> str:
        chunk, meta = item
        if isinstance(chunk, AIMessageChunk) and meta.get("langgraph_node") == "model" and chunk.text:
            text += chunk.text
            if self._ticker.wanted:
                self._ticker.show(without_thoughts(text))
        return text

    # What leaves --------------------------------------------------------------------------------------------------------

    def _disguised(self) -> Pseudonyms:
        people = [name for digest in self._thread.digests() for name in self._people(digest)]
        return disguise_of((*self._thread.turns, self._message), people)

    def _people(self, digest: str) -> Sequence[str]:
        try:
            return people_of(self._deeds.found(digest))
        except StorageError:
            return ()

    def _restored(self, text: str) -> str:
        return self._disguise.restore(prompts.unescape(text))

    def _messages(self, system: str) -> list[Message]:
        work = self._thread.at_hand()
        store = self._deeds.jobs.store
        try:
            draft = self._deeds.found(work.draft) if work and work.draft and work.job != "digest" else None
            groups = tuple(group.name for group in store.groups())
        except StorageError:
            draft, groups = None, ()
        free = self._endpoint.context_tokens - self._endpoint.output_tokens - count_tokens(system) - TOOLS
        room = free - self._endpoint.context_tokens // SHARE  # for what tools return
        found = packed(self._thread, self._message, Desk(draft, groups), self._disguise, room, self._settings.prompts)
        if found is None:
            raise failures.too_long()
        return found

    def _tools(self) -> list[BaseTool]:
        return [self._tool(name, schema) for name, schema in ARGUMENTS.items()]

    def _tool(self, name: str, schema: type[Record]) -> BaseTool:
        def run(**given: Any) -> str:
            plain = TypeAdapter(dict[str, Any]).dump_python(given, mode="json")
            arguments = schema.model_validate(each_text(plain, self._restored))
            return self._result(name, self.box.call(name, arguments))

        return StructuredTool.from_function(run, name=name, description=words()["tools"][name], args_schema=schema)

    def _result(self, tool: str, done: Done) -> str:
        """A result as data, behind pseudonyms, as far as it has room; the operator sees all of it."""
        if done.draft and done.draft.kind == "digest":
            self._disguise.people = tuple(dict.fromkeys([*people_of(done.draft), *self._disguise.people]))
        whole = "\n".join([done.text, *([done.draft.text] if done.draft else [])])
        room = self._endpoint.context_tokens // SHARE // 2
        kept, left_out = _fitting(self._disguise.hide(whole).split("\n"), room)
        name = prompts.newest("chat.result", self._settings.prompts)
        refused = bool(done.use and done.use.refused)
        return prompts.render(
            name,
            folder=self._settings.prompts,
            tool=tool,
            id=f"t{len(self.box.done)}",
            text="\n".join(kept),
            left_out=left_out,
            refused=refused,
        )


def say_stopped() -> str:
    """That a turn was ended by its limits."""
    text: str = words()["stopped"]
    return text


def _fitting(lines: list[str], room: int) -> tuple[list[str], int]:
    """The first lines that fit, and how many were left out."""
    kept: list[str] = []
    for number, text in enumerate(lines):
        room -= count_tokens(text) + 1
        if room < 0:
            return kept, len(lines) - number
        kept.append(text)
    return kept, 0


def _answer_in(update: dict[str, Any]) -> AIMessage | None:
    """The model's message in one step of the agent, None for a step of its tools."""
    messages: list[AnyMessage] = [
        one for step in update.values() if isinstance(step, dict) for one in step.get("messages", ())
    ]
    return next((one for one in messages if isinstance(one, AIMessage) and not isinstance(one, ToolMessage)), None)
