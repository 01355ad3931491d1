"""The writer that asks a chat model: any endpoint that speaks OpenAI's API, and when one can't, the next of the chain.

The prompt holds only what may be said, with personal data behind pseudonyms; the reply is parsed into the job's
structure and the pseudonyms are put back. What it may claim is not settled here: the checks follow.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

from copilot.endpoints import Endpoint, endpoints
from copilot.errors import ModelNotConfigured, WriterError
from copilot.records import Finding, Hit, Record, Usage
from copilot.settings import Settings
from copilot.tasks.base import AssignmentT, StructureT, Task
from copilot.tokens import count_tokens
from copilot.writers import budget, failures, portioned, prompts
from copilot.writers.base import Cancel, Estimate, Message, OnEstimate, OnText, Written, never
from copilot.writers.briefing import (
    Hide,
    advice_of,
    briefing,
    objections_of,
    pseudonyms_for,
    sections_of,
)
from copilot.writers.exchange import Exchange
from copilot.writers.replies import each_text, read_reply, what_is_wrong
from copilot.writers.streaming import Ticker

TIMES = 2  # an endpoint that has failed so often in a row is not asked again for the same piece of work
ReplyT = TypeVar("ReplyT")
Restore = Callable[[str], str]
"""Puts back what stands behind pseudonyms."""


class _Opening(NamedTuple):
    """How a conversation begins: its messages, the files they come from, and what had no room."""

    messages: list[Message]
    files: list[str]
    notices: tuple[Finding, ...]


class _Made(NamedTuple, Generic[ReplyT]):
    """What an endpoint made of a piece of work, what all that were asked cost, and what kept those before it."""

    value: ReplyT
    usage: Usage
    passed_over: tuple[Finding, ...]


class ModelWriter:
    """Writes with a chat model. Raises `WriterError` when none can; the caller then has the offline writer."""

    name = "model"
    rounds = 2

    def __init__(self, settings: Settings, on_estimate: OnEstimate | None = None, cancelled: Cancel = never) -> None:
        self.settings = settings
        self._on_estimate = on_estimate
        self._cancelled = cancelled
        self._chain = endpoints(settings)
        self._in_a_row: Counter[Endpoint] = Counter()  # failures since the last success
        self._lock = threading.Lock()

    def write(
        self, task: Task[StructureT, AssignmentT], assignment: AssignmentT, on_text: OnText | None = None
    ) -> Written[StructureT]:
        """Fill the structure; `on_text` receives the words of its fields as they come, or how many pieces are done."""
        if (portioning := task.portioning()) is not None:
            return portioned.write(self.settings, task, portioning, assignment, self.ask, on_text, self._on_estimate)
        disguise = pseudonyms_for(assignment)

        def write(exchange: Exchange) -> Written[StructureT]:
            opening = self._opening(task, assignment, disguise.hide, exchange.endpoint)
            if self._on_estimate:
                self._on_estimate(_estimate(exchange.endpoint, opening))
            return self._converse(exchange, task, opening.messages, opening.files, opening.notices)

        made = self._by_the_first(write, disguise.restore, on_text)
        return made.value.model_copy(update={"usage": made.usage, "notices": (*made.value.notices, *made.passed_over)})

    def repair(
        self,
        task: Task[StructureT, AssignmentT],
        assignment: AssignmentT,
        written: Written[StructureT],
        findings: Sequence[Finding],
    ) -> Written[StructureT]:
        """Fill it again: the same conversation, the last reply and what the checks object to."""
        disguise = pseudonyms_for(assignment)
        reply = json.dumps(written.structure.model_dump(mode="json"), ensure_ascii=False)

        def repair(exchange: Exchange) -> Written[StructureT]:
            # The opening first: everybody gets the code that the first round gave them.
            opening = self._opening(task, assignment, disguise.hide, exchange.endpoint)
            last = disguise.hide_known(reply)
            objections = objections_of(findings, disguise.hide, disguise.hide_known)
            name, text = self._prompt(f"{task.name}.repair", findings=objections, length=assignment.options.length)
            messages: list[Message] = [*opening.messages, ("assistant", prompts.escape(last)), ("user", text)]
            return self._converse(exchange, task, messages, [*opening.files, name])

        made = self._by_the_first(repair, disguise.restore)
        return made.value.model_copy(
            update={
                "usage": written.usage + made.usage,
                "prompts": {**written.prompts, **made.value.prompts},
                "notices": (*written.notices, *made.passed_over),
            }
        )

    def ask(
        self,
        structure: type[Record],
        messages: list[Message],
        restore: Restore,
        on_text: OnText | None = None,
        unread: frozenset[str] = frozenset(),
    ) -> portioned.Answer:
        """One reply to these messages; `on_text` receives its words as they come, but for the fields `unread`."""

        def ask(exchange: Exchange) -> portioned.Answer:
            reply, heard, files = self._understood(exchange, structure, messages)
            return portioned.Answer(reply=reply, structure=heard, files=tuple(files))

        try:
            made = self._by_the_first(ask, restore, on_text, unread)
        except WriterError as error:
            return portioned.Answer(usage=error.spent or Usage(), error=error)
        return replace(made.value, usage=made.usage, passed_over=made.passed_over)

    def _by_the_first(
        self,
        work: Callable[[Exchange], ReplyT],
        restore: Restore,
        on_text: OnText | None = None,
        unread: frozenset[str] = frozenset(),
    ) -> _Made[ReplyT]:
        """A piece of work, done by the first endpoint of the chain that can. Raises the last one's `WriterError`."""
        if not self._chain:
            raise ModelNotConfigured("没有配置模型", hint="设置 OPENAI_API_KEY（或 OPENAI_BASE_URL）和 COPILOT_MODEL")
        ticker = Ticker(on_text, lambda text: restore(prompts.unescape(text)), unread)
        asking = [one for one in self._chain if self._in_a_row[one] < TIMES] or self._chain[-1:]
        usage, passed_over = Usage(), list[Finding]()
        for number, endpoint in enumerate(asking, 1):
            exchange = Exchange(endpoint, self.settings, ticker, self._cancelled)
            try:
                value = work(exchange)
            except WriterError as error:
                usage += exchange.usage()
                with self._lock:
                    self._in_a_row[endpoint] += 1
                if number == len(asking):
                    error.spent = usage
                    raise
                passed_over.append(_passed_over(endpoint, asking[number], error))
                ticker.begin_again(f"（{endpoint.name} 没能写成，改由 {asking[number].name} 来写）")
            else:
                with self._lock:
                    self._in_a_row[endpoint] = 0
                return _Made(value, usage + exchange.usage(), tuple(passed_over))
        raise AssertionError("the last endpoint has either written or raised")

    def _opening(
        self, task: Task[StructureT, AssignmentT], assignment: AssignmentT, hide: Hide, endpoint: Endpoint
    ) -> _Opening:
        """The system and user messages, with as much evidence as fits."""
        known = {**briefing(assignment, hide), **each_text(task.details(assignment), hide)}
        system_name, system = self._prompt(f"{assignment.job}.system")
        user_name, bare = self._prompt(f"{assignment.job}.user", **known, sections=[])
        room = endpoint.context_tokens - endpoint.output_tokens - count_tokens(system) - count_tokens(bare)
        if room < 0:
            raise failures.too_long()
        evidence = [advice_of(hit) for hit in assignment.evidence]
        kept, left_out = budget.pack(evidence, room - endpoint.output_tokens)  # a repair repeats the last reply
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
        exchange: Exchange,
        task: Task[StructureT, AssignmentT],
        messages: list[Message],
        files: list[str],
        notices: tuple[Finding, ...] = (),
    ) -> Written[StructureT]:
        _, structure, asked = self._understood(exchange, task.structure, messages)
        found = prompts.fingerprints(*files, *asked, folder=self.settings.prompts)
        return Written(structure=structure, prompts=found, notices=notices)

    def _understood(
        self, exchange: Exchange, structure: type[StructureT], messages: list[Message]
    ) -> tuple[str, StructureT, list[str]]:
        """A reply, the structure in it, and further prompts that it took. Asks once more when it can't be read."""
        files: list[str] = []
        for attempt in (1, 2):
            reply = exchange.ask(structure, messages)
            try:
                return reply, read_reply(reply, structure, exchange.ticker.translate), files
            except ValueError as error:
                problem = what_is_wrong(error)
            if attempt == 1:
                name, text = self._prompt("any.retry", problem=problem)
                files = [*files, name]
                messages = [*messages, ("assistant", reply[:2000]), ("user", text)]
        raise failures.off_form(problem)


def _estimate(endpoint: Endpoint, opening: _Opening) -> Estimate:
    """What the first request takes; a repair, where one is needed, sends it again with what came back."""
    tokens = sum(count_tokens(words, endpoint.encoding) for _, words in opening.messages)
    return Estimate(
        model=endpoint.model,
        portions=1,
        input_tokens=tokens,
        most_output_tokens=endpoint.output_tokens,
        cost=endpoint.cost(tokens, endpoint.output_tokens),
        currency=endpoint.currency,
    )


def _passed_over(endpoint: Endpoint, after: Endpoint, error: WriterError) -> Finding:
    return Finding(
        severity="info",
        code="model-passed-over",
        message=f"{endpoint.name} 没能写成，改由 {after.name} 来写：{error.message}",
        fix=error.hint,
    )


def _no_room(sections: Sequence[Hit]) -> Finding:
    names = "、".join(hit.section for hit in sections)
    return Finding(
        severity="info",
        code="evidence-left-out",
        message=f"模型的上下文放不下手册的 {len(sections)} 节：{names}",
        fix="上下文更大的模型，可把 COPILOT_CONTEXT_TOKENS 调高",
    )
