"""The job `summarise_digest`: a chat read, its claims held against their messages, and told to the group and the desk."""

from copilot.tasks.digest.task import DigestTask

__all__ = ["DigestTask"]
