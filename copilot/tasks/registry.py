"""The jobs by name. Each is loaded when it is first asked for: one job does not wait for the words of the others."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from copilot.tasks.base import Task

_HOMES = {
    "announcement": ("announcement", "AnnouncementTask"),
    "weekly-plan": ("weekly_plan", "WeeklyPlanTask"),
    "crisis-reply": ("crisis_reply", "CrisisReplyTask"),
    "digest": ("digest", "DigestTask"),
}


class _Tasks(Mapping[str, Task[Any, Any]]):
    def __getitem__(self, job: str) -> Task[Any, Any]:
        return _load(job)

    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    def __len__(self) -> int:
        return len(_HOMES)

    def __contains__(self, job: object) -> bool:
        return job in _HOMES


@cache
def _load(job: str) -> Task[Any, Any]:
    module, name = _HOMES[job]
    task: Task[Any, Any] = getattr(import_module(f"copilot.tasks.{module}"), name)()
    return task


TASKS: Mapping[str, Task[Any, Any]] = _Tasks()
