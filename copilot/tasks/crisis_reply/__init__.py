"""The job `draft_crisis_reply`."""
