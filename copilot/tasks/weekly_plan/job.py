"""One action of the week before it has a place."""

from datetime import date

from copilot.records import Origin, Record
from copilot.tasks.weekly_plan.catalogue import ActionRow, catalogue
from copilot.tasks.weekly_plan.week import say_clock


class Job(Record):
    """One action to be placed. `days` and `minute` are set where the brief sets them; `event` is what it is about, at
    `clock` (minutes since midnight); `aim` the goal it serves, with its `target` and the day it is `due`; `after` names jobs and the least minutes from their start; `required` jobs come before all others.
    """

    id: str
    key: str
    group: str
    row: ActionRow
    topic: str = ""
    event: str = ""
    event_when: str = ""
    clock: int | None = None
    series: bool = False
    aim: str = ""
    target: str = ""
    due: date | None = None
    answers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    minute: int | None = None
    minutes: int
    owner: str = ""
    fixed: bool = False
    required: bool = False
    after: tuple[tuple[str, int], ...] = ()
    origin: Origin | None = None

    @property
    def title(self) -> str:
        """What the team reads: the action's name with its topic or event."""
        clock = say_clock(self.clock) if self.clock is not None else ""
        return self.row.name.format(topic=self.topic or "这件事", event=self.event, clock=clock)


def job_for(key: str, group: str, number: int, **changes: object) -> Job:
    """A job of an action for a group, with what is set of it."""
    row = catalogue().actions[key]
    base = {"id": f"g{number}-{key}", "key": key, "group": group, "row": row, "minutes": row.minutes}
    return Job.model_validate({**base, **changes})
