"""From any weekly-plan brief to a `Situation`."""

from copilot.tasks.weekly_plan.reading.sorting import read_situation

__all__ = ["read_situation"]
