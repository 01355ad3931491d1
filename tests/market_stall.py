"""One scenario, a market stall, with what a model replies to it."""

import json
import shutil
from pathlib import Path
from typing import Any

from fakes import Reply, Request, streamed

from copilot.evaluation.scenarios import Scenario
from copilot.settings import PROMPTS

STALL: dict[str, Any] = {
    "id": "stall",
    "job": "announcement",
    "brief": {
        "群名": "槐荫巷旧物市集·摊主群",
        "时间": "2026-11-29（周日）9:00–16:00",
        "地点": "槐荫巷小广场",
        "报名": "群里接龙，11月27日（周五）18:00 截止",
    },
    "options": {"now": "2026-11-23T10:00", "length": 300},
    "must": ["槐荫巷小广场", ["九点", "9:00"]],
    "must_not": ["名额有限"],
}

WHEN = {"label": "时间", "text": "2026-11-29（周日）9:00–16:00"}

HOW = {"label": "报名", "text": "群里接龙，11月27日（周五）18:00 截止"}

REPLY = {
    "title": "周日出摊",
    "opening": "周日的市集照常，欢迎各位摊主来。",
    "lead_intro": "",
    "benefits": [],
    "points": [WHEN, {"label": "地点", "text": "槐荫巷小广场"}, HOW],
    "action": "想来的摊主在群里接龙。",
    "closing": "",
}


def scenario(**changes: Any) -> Scenario:
    return Scenario.model_validate({**STALL, **changes})


def reply(**changes: Any) -> Reply:
    return streamed(json.dumps({**REPLY, **changes}, ensure_ascii=False))


def rhyming(request: Request) -> Reply:
    return (
        reply(opening="周日小广场，等你来出摊。")
        if "句句押韵" in json.dumps(request.json, ensure_ascii=False)
        else reply()
    )


def rhyming_prompts(place: Path) -> Path:
    """A copy of the prompts in which an announcement is asked for in rhyme."""
    folder = place / "prompts"
    shutil.copytree(PROMPTS, folder)
    first = folder / "announcement.system.v1.jinja"
    (folder / "announcement.system.v99.jinja").write_text(
        f"{first.read_text(encoding='utf-8')}\n句句押韵。\n", encoding="utf-8"
    )
    return folder
