"""The job `draft_weekly_plan`."""
