"""How grave a thing is and which still wait: the same for the page, for many groups at a glance and for the hand-offs."""

LEVELS = ("critical", "high", "medium", "low", "none")
GRAVE = ("high", "critical")
OPEN = ("open", "answered", "reopened")
"""A grievance with this status is not settled."""
UNPROVEN = ("open", "answered")
"""For a rumour with this status nobody has shown any ground."""
