"""The records that travel between the parts: frozen, typed, and JSON by `.model_dump()`."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["error", "warning", "info"]
Audience = Literal["group", "private", "team"]


class Record(BaseModel):
    """A frozen value; unknown fields are an error.

    A record whose texts go to readers of its own says so in `speaks_to`; others speak to whoever reads the record around
    them (the group, when there is none).
    """

    speaks_to: ClassVar[Audience | None] = None
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Record):
    """A stretch of a text, in Unicode code points, end exclusive."""

    start: int
    end: int
    text: str


class Citation(Record):
    """Where a claim comes from: `quote` is a substring of the section `chunk_id` of the file `source`; `rules` are ids."""

    source: str
    section: str
    quote: str
    chunk_id: str
    rules: tuple[str, ...] = ()


class Finding(Record):
    """What a check found. An `error` must be mended before the text goes out, a `warning` should be, an `info` is told.

    `span` is where, in the text of the draft or the text checked (None: in no one place). `code` names the check's rule, `rule` the handbook rule behind it (or None), `quote` that rule's
    words in the handbook, `fix` what to do in words, `replacement` the text to put in the span's place
    ("" deletes it; None: only a person can mend it).
    """

    severity: Severity
    code: str
    message: str
    span: Span | None = None
    rule: str | None = None
    quote: str | None = None
    fix: str = ""
    replacement: str | None = None

    @classmethod
    def notice(cls, code: str, message: str, fix: str) -> "Finding":
        """A warning about the run itself, worded where it happens."""
        return cls(severity="warning", code=code, message=message, fix=fix)

    def moved(self, by: int) -> "Finding":
        """The same finding in a text that has `by` more code points before it."""
        if not self.span or not by:
            return self
        span = self.span.model_copy(update={"start": self.span.start + by, "end": self.span.end + by})
        return self.model_copy(update={"span": span})


class Origin(Record):
    """Where a fact was said: the brief's field (`facts[2]`, `text`), its 1-based line, and the words."""

    field: str
    line: int
    quote: str


FactKind = Literal[
    "moment",
    "duration",
    "money",
    "quantity",
    "percent",
    "phone",
    "email",
    "link",
    "account",
    "name",
    "title",
    "version",
]


class Fact(Record):
    """One value the operator gave, in its normal form.

    `label` is what it is about in the brief's words ("报名截止"), `value` the canonical form that two ways of
    writing the same thing share, `text` the exact words. `public` is false for what must not leave the desk.
    """

    id: str
    kind: FactKind
    label: str
    value: str
    text: str
    origin: Origin
    public: bool = True


class Missing(Record):
    """Something this kind of text needs and the brief does not say; `placeholder` stands in the draft."""

    key: str
    question: str
    placeholder: str
    rule: str | None = None


class Conflict(Record):
    """Two or more statements of the brief that can't all be true; `placeholder` stands in the draft or is empty."""

    code: str
    message: str
    origins: tuple[Origin, ...]
    placeholder: str = ""


class Usage(Record):
    """What a draft cost: model name, tokens (0 offline), requests, and wall time in milliseconds.

    `cached_tokens` were not paid for: what they would have bought is known from an earlier run. `cost` is what the
    tokens cost at most, in `currency`; None where a price is not known, or two currencies would have to be added.
    """

    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    requests: int = 0
    milliseconds: int = 0
    cached_tokens: int = Field(default=0, exclude_if=lambda tokens: not tokens)
    cost: float | None = Field(default=None, exclude_if=lambda cost: cost is None)
    currency: str = Field(default="", exclude_if=lambda currency: not currency)

    def __add__(self, other: "Usage") -> "Usage":
        """What both cost; the model is the later one's."""
        return Usage(
            model=other.model or self.model,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            requests=self.requests + other.requests,
            milliseconds=self.milliseconds + other.milliseconds,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            **_added(self, other),
        )


def _added(one: Usage, other: Usage) -> dict[str, Any]:
    """The costs of two usages, as one where they can be added: those that took no tokens or no money don't count."""
    paid = [part for part in (one, other) if part.cost != 0 and (part.input_tokens or part.output_tokens)]
    if not paid:
        free = one.cost == 0 or other.cost == 0
        return {"cost": 0.0} if free else {}
    currencies = {part.currency for part in paid}
    costs = [part.cost for part in paid if part.cost is not None]
    if len(currencies) > 1 or len(costs) < len(paid):
        return {}
    return {"cost": sum(costs), "currency": currencies.pop()}


class SentenceTrace(Record):
    """Why one sentence of the draft may stand: the ids of its facts and the chunk ids of its sources."""

    start: int
    end: int
    facts: tuple[str, ...] = ()
    chunks: tuple[str, ...] = ()


class Part(Record):
    """One message of a draft, or one sheet for the desk, and who reads it: the group, one person, or the team.

    `text` stands in the draft's text from `start` on (code points). `to` says whom a private message is for.
    """

    name: str
    title: str = ""
    readers: Audience = "group"
    to: str = ""
    text: str
    start: int = 0


class Request(Record):
    """What a draft was asked for: the brief as given, and how it should come out. The same request can be run again.

    `now` is the moment relative dates are counted from (None: the clock when it runs), `length` a limit in characters,
    `suffix` (".yaml", ".json") the format the brief is forced to be read in, `earlier` what was published on the
    matter before, oldest first, `groups` the kept profiles (plain data) that it was about.
    """

    brief: str | dict[str, Any]
    suffix: str = ""
    now: datetime | None = None
    platform: str = "wechat"
    tone: str = ""
    length: int | None = None
    earlier: tuple[str, ...] = ()
    groups: tuple[dict[str, Any], ...] = ()


class Draft(Record):
    """A checked draft. `text` is paste-ready; everything else says why it can be trusted.

    A draft of several messages has each in `parts`; `text` is then all of them under their titles. `id` names it in the
    history, `kind` is its job (`announcement`, `weekly-plan`, `crisis-reply`, `digest`), `writer` who wrote it (`offline`,
    `model`). `structure` is the job's own data. `missing` and `conflicts` are for the operator to settle: nothing is made
    up for them. `trace` says of each sentence what it rests on, `prompts` maps the prompt files behind it to their sha256,
    `request` can be run again, `created` is in the operator's time zone.
    """

    id: str
    kind: str
    writer: str
    text: str
    parts: tuple[Part, ...] = ()
    structure: dict[str, Any] = Field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    trace: tuple[SentenceTrace, ...] = ()
    usage: Usage = Usage()
    prompts: dict[str, str] = Field(default_factory=dict)
    request: Request
    created: datetime


class Mark(Record):
    """A stretch of a passage's text that is real but damaged or doubtful: shown as such, never quoted as whole.

    `reason` says why, in Chinese.
    """

    start: int
    end: int
    kind: str
    reason: str


class Hit(Record):
    """One section found by a search; `score` falls with rank and is comparable within one search only.

    `source` is the file it stands in, `section` the headings that lead to it, `rules` the ids of what it teaches. `marks` are stretches of `text` that are damaged or doubtful; most sections have none.
    """

    chunk_id: str
    source: str
    title: str
    section: str
    text: str
    rules: tuple[str, ...] = ()
    score: float
    marks: tuple[Mark, ...] = Field(default=(), exclude_if=lambda marks: not marks)


class SearchResult(Record):
    """What a search found, best first. `answerable` is false when the playbook does not cover the question.

    `pending` passages were searched by words only: their vectors are still to come.
    """

    hits: tuple[Hit, ...]
    answerable: bool
    pending: int = Field(default=0, exclude_if=lambda passages: not passages)


class Dispute(Record):
    """One matter on which the sources disagree: the words of each side, and our own view where the handbook has one."""

    topic: str
    sides: tuple[Citation, ...]
    view: Citation | None = None


class Answer(Record):
    """An answer from the playbook. `[1]` in `answer` is the first of `citations`, each an exact quote of its section.

    When the playbook does not cover the question, `answerable` is false, there are no citations, and `nearest` are the
    sections closest to it. `conflicts` are the matters on which the sources disagree.
    """

    question: str
    answer: str
    answerable: bool
    citations: tuple[Citation, ...] = ()
    conflicts: tuple[Dispute, ...] = ()
    nearest: tuple[Hit, ...] = ()
    findings: tuple[Finding, ...] = ()
    writer: str = "offline"
    usage: Usage = Usage()
    prompts: dict[str, str] = Field(default_factory=dict)


class Entity(Record):
    """One piece of personal data in a text, in code points, and the pseudonym that stands for it."""

    type: str
    start: int
    end: int
    pseudonym: str


class Redaction(Record):
    """A text with its personal data replaced, and what was replaced (offsets are in the original)."""

    text: str
    entities: tuple[Entity, ...]
