"""From a transcript to everything that can be claimed about it without a model, read top to bottom."""

from collections.abc import Sequence
from datetime import datetime

from copilot.chat.actions import read_actions
from copilot.chat.ads import read_ads
from copilot.chat.claims import Understanding
from copilot.chat.complaints import read_complaints
from copilot.chat.decisions import read_decisions
from copilot.chat.figures import count
from copilot.chat.highlights import read_highlights
from copilot.chat.injections import read_injections
from copilot.chat.links import read_answers
from copilot.chat.private_data import read_private
from copilot.chat.questions import read_questions
from copilot.chat.records import Transcript
from copilot.chat.risks import read_risks
from copilot.chat.roles import read_roles
from copilot.chat.rumours import read_rumours
from copilot.chat.scene import Scene
from copilot.chat.topics import read_topics


def understand(
    transcript: Transcript, *, operator: str = "", staff: Sequence[str] = (), now: datetime | None = None
) -> tuple[Scene, Understanding]:
    """The chat set out for reading, and what was read. What is due is judged against `now`, or the chat's last message."""
    roles = read_roles(transcript, operator=operator, staff=tuple(staff))
    injections = read_injections(transcript, roles)
    ads = read_ads(transcript, roles)
    noise = {ad.message: ad.why for ad in ads}
    noise |= {one.message: one.why for one in injections if one.where == "body"}
    scene = Scene(transcript, roles, answers=read_answers(transcript, roles), noise=noise)
    questions = read_questions(scene)
    decisions = read_decisions(scene, now)
    actions = read_actions(scene, now)
    complaints = read_complaints(scene)
    rumours = read_rumours(scene)
    private = read_private(scene)
    return scene, Understanding(
        figures=count(scene, questions),
        topics=read_topics(scene),
        questions=questions,
        decisions=decisions,
        actions=actions,
        complaints=complaints,
        ads=ads,
        injections=injections,
        rumours=rumours,
        highlights=read_highlights(scene),
        risks=read_risks(scene, complaints, rumours, actions),
        private=private,
    )
