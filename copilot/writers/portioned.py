"""A job whose assignment a model reads piece by piece: estimated, asked side by side, remembered, joined.

A piece that fails costs that piece; what code found of it stands, and the operator is told. A piece that was asked before
is not paid for again.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

from copilot.endpoints import endpoints
from copilot.errors import WriterError
from copilot.records import Finding, Record, Usage
from copilot.settings import Settings
from copilot.tasks.base import AssignmentT, Portion, Portioning, Portions, StructureT, Task
from copilot.tokens import count_tokens
from copilot.writers import prompts
from copilot.writers.base import Estimate, OnEstimate, OnText, Written, window
from copilot.writers.cache import Kept, ReplyCache
from copilot.writers.replies import read_reply

AT_ONCE = 4
HOPELESS = 3
"""So many failures before any success, and the rest is not asked: the key, the address or the quota is at fault."""
SHARE = 6
"""A piece has at most so many times the tokens that a reply may have."""
MARGIN = 200  # tokens for tags and for what is counted otherwise elsewhere
TOLD = 4


@dataclass(frozen=True)
class Answer:
    """What came of one request: the raw reply and its structure, or the failure; and what it cost."""

    usage: Usage = field(default_factory=Usage)
    reply: str = ""
    structure: Record | None = None
    error: WriterError | None = None
    files: tuple[str, ...] = ()
    passed_over: tuple[Finding, ...] = ()


class Ask(Protocol):
    """Sends one piece's messages. Failures come back in the answer."""

    def __call__(self, structure: type[Record], messages: list[Any], restore: Callable[[str], str]) -> Answer: ...


@dataclass(frozen=True)
class _Asking:
    """One piece, ready to be sent."""

    portion: Portion
    messages: list[Any]
    key: str
    kept: Kept | None

    @property
    def tokens(self) -> int:
        return sum(count_tokens(text) for _, text in self.messages)


class PortionedWriting:
    """The pieces of one assignment on their way through a model."""

    def __init__(
        self, settings: Settings, task: Task[StructureT, AssignmentT], portioning: Portioning[StructureT, AssignmentT]
    ) -> None:
        self.settings = settings
        self.reply = portioning.reply
        self._schema = self.reply.model_json_schema()
        self._endpoint = next(iter(endpoints(settings)), None)
        self._asked = (self._endpoint.base_url, self._endpoint.model) if self._endpoint else ("", "")
        self._window = window(settings)
        self.files = [prompts.newest(f"{task.name}.{role}", settings.prompts) for role in ("system", "user")]
        self.fingerprints = prompts.fingerprints(*self.files, folder=settings.prompts)
        self.cache = ReplyCache(settings.home / "replies")
        self.system = prompts.render(self.files[0], folder=settings.prompts)

    @property
    def room(self) -> int:
        """The tokens that the messages of one piece may take."""
        free = self._window.context - self._window.output - count_tokens(self.system) - MARGIN
        return max(min(free, SHARE * self._window.output), MARGIN)

    def prepared(self, portions: Portions) -> list[_Asking]:
        """Each piece as it would be sent, and the reply to it where one is known."""
        return [self._asking(portion) for portion in portions.pieces]

    def _asking(self, portion: Portion) -> _Asking:
        user = prompts.render(self.files[1], folder=self.settings.prompts, **portion.context, **portion.content)
        key = self.cache.key(self._asked, self.fingerprints, self._schema, portion.content)
        return _Asking(portion, [("system", self.system), ("user", user)], key, self.cache.get(key))

    def estimate(self, portions: Portions, asking: Sequence[_Asking]) -> Estimate:
        """What sending these pieces takes, before anything is sent."""
        new = [one for one in asking if not one.kept]
        tokens, most = sum(one.tokens for one in new), len(new) * self._window.output
        return Estimate(
            model=self._asked[1],
            portions=len(asking),
            cached=len(asking) - len(new),
            messages=portions.size,
            input_tokens=tokens,
            most_output_tokens=most,
            raw_tokens=portions.raw_tokens,
            cost=self._endpoint.cost(tokens, most) if self._endpoint else None,
            currency=self._endpoint.currency if self._endpoint else "",
        )


def estimate(
    settings: Settings,
    task: Task[StructureT, AssignmentT],
    portioning: Portioning[StructureT, AssignmentT],
    assignment: AssignmentT,
) -> Estimate:
    """What a model run would send. Nothing is sent."""
    writing = PortionedWriting(settings, task, portioning)
    portions = portioning.cut(assignment, writing.room, count_tokens)
    return writing.estimate(portions, writing.prepared(portions))


def write(
    settings: Settings,
    task: Task[StructureT, AssignmentT],
    portioning: Portioning[StructureT, AssignmentT],
    assignment: AssignmentT,
    ask: Ask,
    on_text: OnText | None = None,
    on_estimate: OnEstimate | None = None,
) -> Written[StructureT]:
    """Ask for every piece and join the replies. Raises the first `WriterError` when no piece at all could be read."""
    started = perf_counter()
    writing = PortionedWriting(settings, task, portioning)
    portions = portioning.cut(assignment, writing.room, count_tokens)
    asking = writing.prepared(portions)
    if on_estimate:
        on_estimate(writing.estimate(portions, asking))
    answers = _answers(writing, portions, asking, ask, on_text)
    failed = [(one, answer.error) for one, answer in zip(asking, answers, strict=True) if answer.error]
    if failed and len(failed) == len(asking):
        raise failed[0][1]
    passed_over = dict.fromkeys(notice for answer in answers for notice in answer.passed_over)
    structure, notices = portioning.join(assignment, portions, [answer.structure for answer in answers])
    writing.cache.prune()
    extra = sorted({name for answer in answers for name in answer.files} - writing.fingerprints.keys())
    return Written(
        structure=structure,
        usage=sum((answer.usage for answer in answers), Usage()).model_copy(
            update={"milliseconds": round((perf_counter() - started) * 1000)}
        ),
        prompts={**writing.fingerprints, **(prompts.fingerprints(*extra, folder=settings.prompts) if extra else {})},
        notices=(*portions.notices, *_failures(failed, len(asking)), *passed_over, *notices),
    )


def _answers(
    writing: PortionedWriting, portions: Portions, asking: Sequence[_Asking], ask: Ask, on_text: OnText | None
) -> list[Answer]:
    """The answer to each piece, in order: from the cache, else asked for, a few at once."""
    tally = _Tally()

    def one(piece: _Asking) -> Answer:
        if piece.kept and (known := _known(writing, portions, piece.kept)):
            return known
        if error := tally.hopeless():
            return Answer(usage=Usage(), error=error)
        answer = ask(writing.reply, piece.messages, portions.restore)
        tally.add(answer.error)
        if answer.structure is not None:
            cost = {"input_tokens": answer.usage.input_tokens, "output_tokens": answer.usage.output_tokens}
            writing.cache.put(piece.key, Kept(reply=answer.reply, **cost))
        return answer

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        futures = [pool.submit(one, piece) for piece in asking]
        try:
            for number, _ in enumerate(as_completed(futures), 1):
                if on_text:
                    on_text(f"读完 {number}/{len(futures)} 段\n")
        finally:  # the listener's own trouble, or the operator's Ctrl-C: what is not yet sent stays here
            pool.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in futures]


def _known(writing: PortionedWriting, portions: Portions, kept: Kept) -> Answer | None:
    """A reply from the cache, if it can still be read."""
    try:
        structure = read_reply(kept.reply, writing.reply, lambda text: portions.restore(prompts.unescape(text)))
    except ValueError:
        return None
    return Answer(
        usage=Usage(cached_tokens=kept.input_tokens + kept.output_tokens), reply=kept.reply, structure=structure
    )


class _Tally:
    """How it goes, over all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._errors: list[WriterError] = []
        self._succeeded = False

    def add(self, error: WriterError | None) -> None:
        with self._lock:
            self._succeeded |= error is None
            self._errors += [error] if error else []

    def hopeless(self) -> WriterError | None:
        with self._lock:
            return self._errors[-1] if len(self._errors) >= HOPELESS and not self._succeeded else None


def _failures(failed: Sequence[tuple[_Asking, WriterError]], total: int) -> tuple[Finding, ...]:
    """Which pieces the model did not read, and why."""
    if not failed:
        return ()
    told = "；".join(f"{one.portion.title}：{error.message}" for one, error in failed[:TOLD])
    more = f"；等 {len(failed)} 段" if len(failed) > TOLD else ""
    message = f"{total} 段里有 {len(failed)} 段模型没读成，这几段是程序读出来的（{told}{more}）"
    return (Finding(severity="warning", code="portions-failed", message=message, fix=failed[0][1].hint),)
