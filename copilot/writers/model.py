"""The writer that asks a chat model: any endpoint that speaks OpenAI's API, through LangChain.

The prompt holds only what may be said, with personal data behind pseudonyms; the reply is parsed into the job's
structure and the pseudonyms are put back. What it may claim is not settled here: the checks follow.
This module is slow to import and is imported when a model is first used.
"""

import json
import re
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from time import perf_counter, sleep
from typing import Any, Literal, NamedTuple

import openai
from langchain_core.messages import AIMessage
from langchain_core.utils.json import parse_partial_json
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from copilot.errors import ModelNotConfigured, WriterError
from copilot.records import Finding, Hit, Record, Usage
from copilot.settings import Settings
from copilot.tasks.base import AssignmentT, StructureT, Task
from copilot.tokens import count_tokens
from copilot.writers import budget, failures, portioned, prompts
from copilot.writers.base import OnEstimate, OnText, Written
from copilot.writers.briefing import (
    Hide,
    advice_of,
    briefing,
    hidden,
    objections_of,
    pseudonyms_for,
    sections_of,
)
from copilot.writers.replies import json_of, read_reply, strict_schema, what_is_wrong
from copilot.writers.streaming import Ticker

Mode = Literal["json_schema", "json_object", "text"]
Message = tuple[Literal["system", "user", "assistant"], str]

MODES: tuple[Mode, ...] = ("json_schema", "json_object", "text")
OPENAI = "https://api.openai.com/v1"
PATIENCE = 2  # one call of `write` or `repair` takes at most so many `request_timeout`s
PAUSE = 1.0  # seconds before a second try, when the endpoint names none
LONGEST_WAIT = 20.0  # seconds; a longer Retry-After is told to the operator instead
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)  # what LangChain raises on a web page


class _Opening(NamedTuple):
    """How a conversation begins: its messages, the files they come from, and what had no room."""

    messages: list[Message]
    files: list[str]
    notices: tuple[Finding, ...]


class ModelWriter:
    """Writes with a chat model. Raises `WriterError` when it can't; the caller then has the offline writer."""

    name = "model"
    rounds = 2

    def __init__(self, settings: Settings, on_estimate: OnEstimate | None = None) -> None:
        self.settings = settings
        self._on_estimate = on_estimate
        self._modes = MODES if settings.structured_output == "auto" else (settings.structured_output,)

    def write(
        self, task: Task[StructureT, AssignmentT], assignment: AssignmentT, on_text: OnText | None = None
    ) -> Written[StructureT]:
        """Fill the structure; `on_text` receives the words of its fields as they come, or how many pieces are done."""
        if (portioning := task.portioning()) is not None:
            return portioned.write(self.settings, task, portioning, assignment, self.ask, on_text, self._on_estimate)
        disguise = pseudonyms_for(assignment)
        opening = self._opening(task, assignment, disguise.hide)
        written = self._converse(task, opening.messages, opening.files, on_text, disguise.restore)
        return written.model_copy(update={"notices": opening.notices})

    def repair(
        self,
        task: Task[StructureT, AssignmentT],
        assignment: AssignmentT,
        written: Written[StructureT],
        findings: Sequence[Finding],
    ) -> Written[StructureT]:
        """Fill it again: the same conversation, the last reply and what the checks object to."""
        disguise = pseudonyms_for(assignment)
        opening = self._opening(task, assignment, disguise.hide)
        last = disguise.hide(json.dumps(written.structure.model_dump(mode="json"), ensure_ascii=False))
        objections = objections_of(findings, disguise.hide)
        name, text = self._prompt(f"{task.name}.repair", findings=objections, length=assignment.options.length)
        messages = [*opening.messages, ("assistant", prompts.escape(last)), ("user", text)]
        again = self._converse(task, messages, [*opening.files, name], None, disguise.restore)
        return again.model_copy(
            update={
                "usage": _sum(written.usage, again.usage),
                "prompts": {**written.prompts, **again.prompts},
                "notices": opening.notices,
            }
        )

    def _opening(self, task: Task[StructureT, AssignmentT], assignment: AssignmentT, hide: Hide) -> _Opening:
        """The system and user messages, with as much evidence as fits."""
        known = {**briefing(assignment, hide), **hidden(task.details(assignment), hide)}
        system_name, system = self._prompt(f"{assignment.job}.system")
        user_name, bare = self._prompt(f"{assignment.job}.user", **known, sections=[])
        room = self.settings.context_tokens - self.settings.output_tokens - count_tokens(system) - count_tokens(bare)
        if room < 0:
            raise failures.too_long()
        evidence = [advice_of(hit) for hit in assignment.evidence]
        kept, left_out = budget.pack(evidence, room - self.settings.output_tokens)  # a repair repeats the last reply
        _, user = self._prompt(f"{assignment.job}.user", **known, sections=sections_of(kept, hide))
        return _Opening(
            messages=[("system", system), ("user", user)],
            files=[system_name, user_name],
            notices=(_no_room(left_out),) if left_out else (),
        )

    def _prompt(self, stem: str, **variables: Any) -> tuple[str, str]:
        name = prompts.newest(stem, self.settings.prompts)
        return name, prompts.render(name, folder=self.settings.prompts, **variables)

    def _converse(
        self,
        task: Task[StructureT, AssignmentT],
        messages: list[Message],
        files: list[str],
        on_text: OnText | None,
        restore: Callable[[str], str],
    ) -> Written[StructureT]:
        """Ask; ask once more when the reply can't be read."""

        def translate(text: str) -> str:
            return restore(prompts.unescape(text))

        exchange = _Exchange(self.settings, self._modes, Ticker(on_text, translate))
        _, structure, asked = self._understood(exchange, task.structure, messages, translate)
        found = prompts.fingerprints(*files, *asked, folder=self.settings.prompts)
        return Written(structure=structure, usage=exchange.usage(), prompts=found)

    def ask(
        self,
        structure: type[Record],
        messages: list[Message],
        restore: Callable[[str], str],
        on_text: OnText | None = None,
        unread: frozenset[str] = frozenset(),
    ) -> portioned.Answer:
        """One reply to these messages; `on_text` receives its words as they come, but for the fields `unread`."""

        def translate(text: str) -> str:
            return restore(prompts.unescape(text))

        exchange = _Exchange(self.settings, self._modes, Ticker(on_text, translate, unread))
        try:
            reply, heard, asked = self._understood(exchange, structure, messages, translate)
        except WriterError as error:
            return portioned.Answer(usage=exchange.usage(), error=error)
        return portioned.Answer(usage=exchange.usage(), reply=reply, structure=heard, files=tuple(asked))

    def _understood(
        self,
        exchange: "_Exchange",
        structure: type[StructureT],
        messages: list[Message],
        translate: Callable[[str], str],
    ) -> tuple[str, StructureT, list[str]]:
        """A reply, the structure in it, and further prompts that it took. Asks once more when it can't be read."""
        files: list[str] = []
        for attempt in (1, 2):
            reply = exchange.ask(structure, messages)
            self._modes = exchange.modes
            try:
                return reply, read_reply(reply, structure, translate), files
            except ValueError as error:
                problem = what_is_wrong(error)
            if attempt == 1:
                name, text = self._prompt("any.retry", problem=problem)
                files = [*files, name]
                messages = [*messages, ("assistant", reply[:2000]), ("user", text)]
        raise failures.off_form(problem)


class _Exchange:
    """The requests of one `write` or `repair`: within one time limit, counted, their errors turned into ours."""

    def __init__(self, settings: Settings, modes: tuple[Mode, ...], ticker: Ticker) -> None:
        if not settings.has_model:
            raise ModelNotConfigured("没有配置模型", hint="设置 OPENAI_API_KEY（或 OPENAI_BASE_URL）和 COPILOT_MODEL")
        self.modes = modes
        self._settings = settings
        self._ticker = ticker
        self._started = perf_counter()
        self._requests = self._input_tokens = self._output_tokens = 0
        self._key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
        self._chat = ChatOpenAI(
            model=settings.model or "",
            base_url=settings.openai_base_url or OPENAI,
            api_key=SecretStr(self._key or "none"),  # an own address often needs no key, the client always does
            max_retries=0,  # retried here, where the time limit is known
            use_responses_api=False,
        )

    def usage(self) -> Usage:
        """What it has cost so far."""
        return Usage(
            model=self._settings.model or "",
            input_tokens=self._input_tokens,
            output_tokens=self._output_tokens,
            requests=self._requests,
            milliseconds=round((perf_counter() - self._started) * 1000),
        )

    def ask(self, structure: type[Record], messages: list[Message]) -> str:
        """The model's reply, in the strictest form that the endpoint takes."""
        waited = False
        while True:
            try:
                return self._request(messages, self._options(structure))
            except openai.APITimeoutError:
                raise failures.timed_out(self._settings.request_timeout) from None
            except openai.OpenAIError as error:
                status, code, said, wait = _told(error, self._key)
                lost = isinstance(error, openai.APIConnectionError)
                meaning = failures.unreachable(said) if lost else failures.from_status(status, code, said, wait)
                if failures.about_form(status, code, said) and len(self.modes) > 1:
                    self.modes = self.modes[1:]
                elif meaning.retryable and not waited and (wait or PAUSE) < min(LONGEST_WAIT, self._left()):
                    waited = True
                    sleep(PAUSE if wait is None else wait)
                else:
                    raise meaning from None

    def _left(self) -> float:
        return self._started + PATIENCE * self._settings.request_timeout - perf_counter()

    def _options(self, structure: type[Record]) -> dict[str, Any]:
        """The request's parameters. The last form is the plainest request there is: any endpoint takes it."""
        mode = self.modes[0]
        body: dict[str, Any] = {}
        if mode == "json_schema":
            schema = {
                "name": structure.__name__,
                "strict": True,
                "schema": strict_schema(structure.model_json_schema()),
            }
            body["response_format"] = {"type": mode, "json_schema": schema}
        elif mode == "json_object":
            body["response_format"] = {"type": mode}
        limit = "max_tokens" if self._settings.openai_base_url else "max_completion_tokens"
        body[limit] = self._settings.output_tokens
        # In the body and not as parameters: with these, the client would parse replies by its own rules.
        return {"extra_body": body}

    def _request(self, messages: list[Message], options: dict[str, Any]) -> str:
        """One request, streamed. Raises `openai.OpenAIError` or a `WriterError`."""
        limit = min(self._settings.request_timeout, max(self._left(), 0.1))
        until, shown = perf_counter() + limit, 0.0
        text, finish, usage = "", "", None
        with closing(self._chunks(messages, {**options, "timeout": limit})) as chunks:
            for chunk in chunks:
                text += chunk.text
                finish = chunk.response_metadata.get("finish_reason") or finish
                usage = chunk.usage_metadata or usage  # some endpoints send a running total with every chunk
                if perf_counter() > until:
                    raise failures.timed_out(self._settings.request_timeout)
                if self._ticker.wanted and perf_counter() - shown > 0.05:  # each look parses the whole reply again
                    self._ticker.show(_partly(text))
                    shown = perf_counter()
        self._input_tokens += usage["input_tokens"] if usage else sum(count_tokens(words) for _, words in messages)
        self._output_tokens += usage["output_tokens"] if usage else count_tokens(text)
        if finish == "content_filter":
            raise failures.filtered()
        if finish == "length":
            raise failures.cut_short()
        if not text.strip():
            raise failures.blank() if finish else failures.unreadable()
        self._ticker.show(_partly(text), finished=True)
        return text

    def _chunks(self, messages: list[Message], options: dict[str, Any]) -> Generator[AIMessage, None, None]:
        """The reply as it comes. An endpoint that can't stream sends nothing that way, and is asked for it whole."""
        came = False
        self._requests += 1
        try:
            for chunk in self._chat.stream(messages, stream_usage=self.modes[0] != "text", **options):
                came = True
                yield chunk
        except MALFORMED:
            if came:
                raise failures.unreadable() from None
        if came:
            return
        self._requests += 1
        try:
            whole = self._chat.invoke(messages, **options)
        except MALFORMED:
            raise failures.unreadable() from None
        yield whole


def _no_room(sections: Sequence[Hit]) -> Finding:
    names = "、".join(hit.section for hit in sections)
    return Finding(
        severity="info",
        code="evidence-left-out",
        message=f"模型的上下文放不下手册的 {len(sections)} 节：{names}",
        fix="上下文更大的模型，可把 COPILOT_CONTEXT_TOKENS 调高",
    )


def _partly(reply: str) -> Any:
    """A reply that is still growing, parsed as far as it goes."""
    try:
        return parse_partial_json(json_of(reply))
    except json.JSONDecodeError:
        return None


def _told(error: openai.OpenAIError, key: str) -> tuple[int | None, str, str, float | None]:
    """What a failure says: HTTP status if any, the provider's code, its words without the key, seconds to wait."""
    status = error.status_code if isinstance(error, openai.APIStatusError) else None
    code = str(error.code or "") if isinstance(error, openai.APIError) else ""
    wait = None
    if isinstance(error, openai.APIStatusError):
        stated = error.response.headers.get("retry-after", "")
        wait = float(stated) if re.fullmatch(r"\d+(?:\.\d+)?", stated) else None
    body = error.body if isinstance(error, openai.APIError) else None
    words = body.get("message") if isinstance(body, dict) else None
    return status, code, failures.scrub(str(words or error), key), wait


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        model=other.model,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        requests=one.requests + other.requests,
        milliseconds=one.milliseconds + other.milliseconds,
    )
