"""The sections of the operator's page that are made of claims, in the order of the page."""

from collections.abc import Callable, Mapping

from copilot.tasks.digest.grievances import complaint_lines, follow_up_lines, rumour_lines
from copilot.tasks.digest.hazards import ad_lines, injection_lines, private_lines, recall_lines, risk_lines
from copilot.tasks.digest.keepsakes import highlight_lines, topic_lines
from copilot.tasks.digest.open_matters import action_lines, answered_lines, decision_lines, unanswered_lines
from copilot.tasks.digest.view import View

SECTIONS: Mapping[str, Callable[[View], list[str]]] = {
    "decisions": decision_lines,
    "unanswered": unanswered_lines,
    "actions": action_lines,
    "complaints": complaint_lines,
    "rumours": rumour_lines,
    "risks": risk_lines,
    "ads": ad_lines,
    "injections": injection_lines,
    "private": private_lines,
    "recalls": recall_lines,
    "follow_up": follow_up_lines,
    "highlights": highlight_lines,
    "answered": answered_lines,
    "topics": topic_lines,
}
