"""The job `draft_announcement`: its kinds, its structure, its offline composition and its rendering."""

from copilot.tasks.announcement.kinds import Announcement, Point, book
from copilot.tasks.announcement.task import AnnouncementTask

__all__ = ["Announcement", "AnnouncementTask", "Point", "book"]
