"""What a digest hands on: a grievance or a risk to a crisis reply, open questions to an announcement, a week to a plan.

Each is a brief as an operator would write it, of the chat's own words with who said them and when: those lines are the
origins of the next draft's facts. What the chat does not settle is left open: nothing is confirmed here.
"""

from collections.abc import Sequence
from typing import Any

from copilot.chat.claims import Question
from copilot.errors import UsageError
from copilot.facts.keys import role_of
from copilot.tasks.digest.book import book
from copilot.tasks.digest.handoff_crisis import crisis_brief
from copilot.tasks.digest.handoff_plan import plan_brief
from copilot.tasks.digest.handoff_source import Source, frame_of, source_of
from copilot.tasks.digest.telling import shown

__all__ = ["JOBS", "Source", "crisis_brief", "handoff_brief", "plan_brief", "questions_brief", "source_of"]

JOBS = ("crisis-reply", "announcement", "weekly-plan")
MOST_ASKED = 12


def handoff_brief(job: str, sources: Sequence[Source], matter: str = "") -> dict[str, Any]:
    """The brief for another job. Raises `UsageError` where there is nothing to hand on."""
    if job not in JOBS:
        raise UsageError(f"日报不能接到 {job}", hint=f"可选 {'、'.join(JOBS)}")
    if not sources:
        raise UsageError("没有给日报", hint="给至少一份群日报")
    if job == "weekly-plan":
        return plan_brief(sources)
    if len(sources) > 1:
        raise UsageError(f"{job} 一次只接一份日报", hint="挑出那件事所在的一份")
    return crisis_brief(sources[0], matter) if job == "crisis-reply" else questions_brief(sources[0])


def questions_brief(source: Source) -> dict[str, Any]:
    """The open questions with a blank for each answer, and what was asked again and officially answered with the answer.

    Nobody is named. Raises `UsageError` where nothing is open.
    """
    rows: dict[str, str] = {}
    for one in sorted(source.digest.unanswered, key=lambda one: -len(one.repeats) - len(one.also)):
        rows.setdefault(_asked(one, source), book().desk.says["handoff_open"])
    for one in source.digest.answered:
        if (one.repeats or one.also) and source.telling and source.official(one.answer):
            rows.setdefault(_asked(one, source), source.telling.words(one.answer, 160))
    rows.pop("", None)
    if not rows:
        raise UsageError("这份日报里没有还没答复的问题", hint="不用发答疑；要发别的就直接写公告")
    asked = list(rows.items())[:MOST_ASKED]
    named = {(f"第 {number} 问" if role_of(key, value) else key): value for number, (key, value) in enumerate(asked, 1)}
    return {**frame_of(source), "目的": "集中答复群里的提问", "要点": named}


def _asked(one: Question, source: Source) -> str:
    """A question as the heading of its answer; "" where it is not to be repeated."""
    tell = source.telling
    words = tell.told(one.question, (one.message,), 80) if tell else shown(one.question, 80)
    if words == book().desk.says["not_told"]:
        return ""
    return f"{words.translate(_IN_A_KEY).rstrip('。？?，, ')}？"


_IN_A_KEY = str.maketrans({"【": "〔", "】": "〕", ".": "．", "[": "［", "]": "］", ":": "：", "@": ""})
