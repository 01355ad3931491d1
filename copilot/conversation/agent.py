"""A conversation led by a chat model: a LangChain agent that has the jobs as tools.

What it may say and do is settled by code (`guarding`, `toolbox`): drafts and answers are shown from their records, its own
words are held against what was said, and everything leaves behind pseudonyms. When no model of the chain can answer, a
`WriterError` leaves the turn to the offline path. This module is slow to import and is imported when a model is used.
"""

import json
import re
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import ModelRequest, wrap_model_call
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage
from langchain_core.tools import BaseTool, StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import TypeAdapter

from copilot.conversation.deeds import Deeds, Done
from copilot.conversation.guarding import Guard
from copilot.conversation.offline import respond
from copilot.conversation.packing import DID, Desk, disguise_of, packed, people_of, summary
from copilot.conversation.records import ChatOptions
from copilot.conversation.thread import Thread, own_words
from copilot.conversation.toolbox import ARGUMENTS, Toolbox, words
from copilot.conversation.turning import turn_of
from copilot.endpoints import Endpoint, endpoints
from copilot.errors import StorageError, WriterError
from copilot.facts.pseudonyms import Pseudonyms
from copilot.records import Finding, Record, Usage
from copilot.store import Choice, Turn
from copilot.tokens import count_tokens
from copilot.writers import failures, prompts
from copilot.writers.base import Message, never
from copilot.writers.bridge import waited
from copilot.writers.exchange import Exchange
from copilot.writers.replies import each_text, without_thoughts
from copilot.writers.streaming import Ticker

CALLS = 6  # of tools in a turn
PATIENCE = 6  # a turn waits for its model so many times what one request may take; its jobs have limits of their own
SHORT = 8  # characters; a shorter line may well be said again
SHARE = 4  # a result takes at most so much of what the model reads (a quarter)
_CITED = re.compile(r"\[(\d+)\]")
_UNPROVEN = re.compile(r"【待核实[:：][^】]*】")


def converse(thread: Thread, message: Turn, deeds: Deeds, options: ChatOptions) -> Turn:
    """The copilot's turn, by the first model of the chain that answers. Raises `WriterError`, `Cancelled`."""
    failed: list[Finding] = []
    spent = Usage()
    chain = endpoints(deeds.jobs.settings)
    for number, endpoint in enumerate(chain, 1):
        talk = _Talk(thread, message, deeds, options, endpoint)
        try:
            talk.run()
        except WriterError as error:
            failed.append(Finding.notice("model-unavailable", f"{endpoint.name}：{error.message}", error.hint))
            if not talk.box.done:
                spent += talk.exchange.usage()
                error.spent = spent
                if number == len(chain):
                    raise
                continue
        turn = talk.turn()
        return turn.model_copy(update={"usage": spent + turn.usage, "findings": (*failed, *turn.findings)})
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
        self._written: SimpleQueue[str] = SimpleQueue()  # tools work in threads of their own, the listeners in this one
        deeds.on_text = self._written.put if options.get("on_text") else None
        deeds.cancelled = options.get("cancelled") or never
        self._disguise = self._disguised()
        self._tools = [self._tool(name, schema) for name, schema in ARGUMENTS.items()]
        self._described = [convert_to_openai_tool(tool) for tool in self._tools]
        self.exchange = Exchange(endpoint, settings, self._ticker(), deeds.cancelled, read=_readable, patience=PATIENCE)
        self._final = ""
        self._calls = 0
        self._stopped = False

    def run(self) -> None:
        """Ask, do what it calls for, ask again, until it has answered. Raises `WriterError`, `Cancelled`."""
        name = prompts.newest("chat.system", self._settings.prompts)
        system = prompts.render(name, folder=self._settings.prompts)
        asking = wrap_model_call(self._asked)
        agent: Any = create_agent(self.exchange.line.chat, self._tools, system_prompt=system, middleware=[asking])
        sent = {"messages": self._messages(system)}
        try:
            waited(lambda: agent.ainvoke(sent), self._look)
            self._look()
        finally:
            self._deeds.on_text = self._options.get("on_text")
        if not self._final.strip() and not self.box.done:
            raise failures.blank()

    async def _asked(self, request: ModelRequest[Any], _: object) -> AIMessage:
        """One request to the model, and what of its reply is gone on with."""
        self.exchange.ticker = self._ticker()
        system = request.system_message or SystemMessage("")
        reply = await self.exchange.reply([system, *request.messages], tools=self._described)
        calls = reply.tool_calls[: CALLS - self._calls]
        self._calls += len(calls)
        self._stopped = self._stopped or len(calls) < len(reply.tool_calls)
        self._final = "" if self._stopped and not calls else reply.text
        return AIMessage(content=reply.text, tool_calls=calls)

    def _look(self) -> None:
        self.exchange.look()
        self._tell()

    def _tell(self) -> None:
        """Pass on what tools have written and done since."""
        on_text, on_use = self._options.get("on_text"), self._options.get("on_use")
        while on_text and not self._written.empty():
            on_text(self._written.get())
        for done in self.box.done[self._told :]:
            self._told += 1
            if done.use and on_use:
                on_use(done.use)

    def _ticker(self) -> Ticker:
        return Ticker(self._options.get("on_text"), self._restored)

    def turn(self) -> Turn:
        """What the model said and did, as it may be shown."""
        said = self._new(without_thoughts(self._restored(self._final)))
        cited = sum(len(one.citations) for one in self.box.done)
        said = _CITED.sub(lambda match: match[0] if int(match[1]) <= cited else "", said)  # a number that cites nothing
        choices: tuple[Choice, ...] = ()
        if all(one.use and one.use.refused for one in self.box.done) and (by_code := self._by_code(said)):
            said, (done, choices) = "", by_code
            self.box.done.append(done)
        self._tell()
        exhibits = [one for one in self.box.done if not one.use or not (one.use.refused or one.use.tool == "search")]
        for one in exhibits:
            self._guard.shown(one.text)
        spoken, found, was_copied = self._guard.words(said)
        lines = [spoken, *(one.text for one in exhibits), say_stopped() if self._stopped else ""]
        notices = [Finding.notice("tool-refused", one.text, "") for one in self.box.done if one.use and one.use.refused]
        if found:
            message = words()["marked"].format(count=len(found))
            notices.append(Finding.notice("chat-unproven", message, "对照您说过的话看一眼"))
        if was_copied:
            notices.append(
                Finding.notice("draft-repeated", words()["copied"], "").model_copy(update={"severity": "info"})
            )
        text = "\n".join(filter(None, lines)).strip()
        turn = turn_of(self._thread, text, self.box.done, at=self._deeds.now, writer="model")
        findings = (*notices, *found, *turn.findings)
        usage = self.exchange.usage() + self._deeds.spent
        return turn.model_copy(update={"usage": usage, "findings": findings, "choices": choices})

    def _new(self, said: str) -> str:
        """What a model says, without what it repeats or apes of an earlier turn: small ones take these for a form to fill."""
        earlier = [summary(turn, whole=True) for turn in self._thread.turns if turn.role == "copilot"]
        known = {line.strip() for text in earlier for line in text.split("\n")}
        lines = [line for line in said.split("\n") if DID not in line]
        return "\n".join(line for line in lines if len(line) < SHORT or line.strip() not in known).strip()

    def _by_code(self, said: str) -> tuple[Done, tuple[Choice, ...]] | None:
        """What code would do, where a model only talks though the message is clearly for a job, or says nothing of use: no
        word, or what nobody has said.
        """
        if re.search(r"[？?]\s*$", said):
            return None
        done, choices = respond(self._thread, self._message, self._deeds)
        is_sure = not choices and bool(done.use or done.work or done.findings)
        return (done, choices) if is_sure or not said or self._guard.unknown(said) else None

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
        fixed = self._tokens(system) + self._tokens(json.dumps(self._described, ensure_ascii=False))
        free = self._endpoint.context_tokens - self._endpoint.output_tokens - fixed
        room = free - self._endpoint.context_tokens // SHARE  # for what tools return
        found = packed(
            self._thread,
            self._message,
            Desk(draft, groups),
            self._disguise,
            room,
            self._endpoint.encoding,
            self._settings.prompts,
        )
        if found is None:
            raise failures.too_long()
        return found

    def _tokens(self, text: str) -> int:
        return count_tokens(text, self._endpoint.encoding)

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
        kept, left_out = _fitting(self._disguise.hide(whole).split("\n"), room, self._tokens)
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


def _fitting(lines: list[str], room: int, tokens: Callable[[str], int]) -> tuple[list[str], int]:
    """The first lines that fit, and how many were left out."""
    kept: list[str] = []
    for number, text in enumerate(lines):
        room -= tokens(text) + 1
        if room < 0:
            return kept, len(lines) - number
        kept.append(text)
    return kept, 0


def _readable(reply: BaseMessage) -> str:
    """What of a reply is meant to be read."""
    return without_thoughts(reply.text)
