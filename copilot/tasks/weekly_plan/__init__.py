"""The job `draft_weekly_plan`."""

from copilot.tasks.weekly_plan.task import WeeklyPlanTask

__all__ = ["WeeklyPlanTask"]
