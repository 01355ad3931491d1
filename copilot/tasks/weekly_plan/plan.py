"""The weekly plan itself: what a writer fills, and what the judgement and the scheduler have settled before."""

from datetime import date
from typing import ClassVar

from copilot.records import Audience, Origin, Record


class SlotText(Record):
    """The message of one slot, ready to paste. `id` is the slot's."""

    speaks_to: ClassVar[Audience | None] = "group"
    id: str
    text: str


class PlanWords(Record):
    """What a writer fills of a weekly plan: the week's main points for the team, and the messages to the groups."""

    speaks_to: ClassVar[Audience | None] = "team"
    focus: tuple[str, ...]
    messages: tuple[SlotText, ...]


class Slot(Record):
    """One line of the plan.

    `start` is in minutes since midnight of `day`; `minutes` the owner's work. `day` and `start` are None for what has
    no place yet. `form` is the kind of message (图文, 接龙, 语音, 投票, 表格 …), `purpose` why, `check` how one sees that
    it worked, `material` what must be at hand. `message` is the offline text for the group, "" for the team's own work.
    `brief` is what an announcement draft would be opened with. `answers` are the voices it takes up, `fixed` whether the
    operator had set it. `status` tells a slot that is planned from a suggestion to be confirmed.
    """

    id: str
    group: str
    day: date | None = None
    start: int | None = None
    minutes: int = 30
    owner: str = ""
    kind: str
    action: str
    form: str = ""
    purpose: str = ""
    check: str = ""
    material: str = ""
    message: str = ""
    brief: dict[str, str] = {}
    rule: str | None = None
    answers: tuple[str, ...] = ()
    fixed: bool = False
    origin: Origin | None = None


class Refusal(Record):
    """A wish that is not followed: its words, why, the handbook rule or the constraint behind it, and what is done instead."""

    words: str
    reason: str
    rule: str | None = None
    instead: str = ""
    slots: tuple[str, ...] = ()
    origin: Origin | None = None


class Side(Record):
    """One source's view in a matter where sources disagree; `quote` is the handbook's words."""

    view: str
    rule: str
    quote: str = ""


class Choice(Record):
    """A matter that the operator has to decide: both sides, and what we would try."""

    topic: str
    sides: tuple[Side, ...]
    advice: str
    words: str = ""


class Measure(Record):
    """What is looked at: its name, where it stands by the brief's own figures ("" if not given), and how it is counted."""

    name: str
    now: str = ""
    count: str = ""


class Review(Record):
    """The review sheet: three questions, the figures to fill in, and what to carry over."""

    done: tuple[str, ...]
    not_done: tuple[str, ...]
    learned: tuple[str, ...]
    figures: tuple[Measure, ...] = ()
    next_week: tuple[str, ...] = ()


class WeeklyPlan(Record):
    """Everything that code has settled: judgement, schedule, refusals, choices, review. `closing` names the groups that
    get a closing plan instead of filler, with the reason.
    """

    week: tuple[date, date]
    days: dict[str, str] = {}
    objective: str = ""
    focus: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    diagnosis: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    unplaced: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    choices: tuple[Choice, ...] = ()
    closing: dict[str, str] = {}
    staffing: tuple[str, ...] = ()
    open_points: tuple[str, ...] = ()
    review: Review
    notes: tuple[str, ...] = ()
