"""Scenarios run through the jobs, and what code can judge of the drafts: `copilot eval`."""
