"""A conversation led by a small model: whatever it calls or says, the operator gets something true and of use.

The jobs write offline: what a model writes in them is held elsewhere.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rereading import unbacked

from copilot import Copilot, Settings
from copilot.conversation.records import ChatReply

pytestmark = pytest.mark.llm
NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CHAT = """陆小舟 2026/11/21 10:02:11
明天几点集合？

领队阿蒙 2026/11/21 10:05:20
八点半北门，押金我周五前退给大家

陆小舟 2026/11/21 10:06:02
雨衣要自己带吗
"""
TALKS = {
    "a brief": ("帮我写个通知：周六晚上8点线上分享会，王老师讲育儿，免费，在群里接龙报名", "短一点", "不是8点是7点半"),
    "a question": ("群里有人天天发广告，怎么办？", "谢谢"),
    "a chat": (f"帮我整理一下：\n{CHAT}", "我们答应过他们什么？"),
    "something unclear": ("嗯，那个老陈的事",),
}


class OfflineJobs(Copilot):
    def draft(self, job: str, brief: Any, **options: Any) -> Any:
        return super().draft(job, brief, **{**options, "writer": "offline"})

    def summarise_digest(self, source: Any, **options: Any) -> Any:
        return super().summarise_digest(source, **{**options, "writer": "offline"})

    def ask(self, question: str, **options: Any) -> Any:
        return super().ask(question, **{**options, "writer": "offline"})


def vouched(reply: ChatReply) -> list[str]:
    """What code says in a turn, and what it shows for it."""
    turn = reply.turn
    return [
        *(draft.text for draft in reply.drafts),
        *(cited.quote for cited in turn.citations),
        *(use.returned for use in turn.uses),
        *(f"{finding.message}{finding.fix}" for finding in turn.findings),
        *(f"{number} {choice.label}" for number, choice in enumerate(turn.choices, 1)),
    ]


@pytest.mark.parametrize("name", TALKS)
def test_a_small_model_s_conversation_holds_nothing_untrue(
    name: str, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    copilot = OfflineJobs(settings(database_url=f"sqlite:///{tmp_path / 'drafts.db'}", output_tokens=500))
    conversation, known = "", [f"{NOW:%Y-%m-%d}"]
    for message in TALKS[name]:
        reply = copilot.chat(message, conversation=conversation, now=NOW)
        conversation = reply.conversation
        known += [message, *vouched(reply)]
        assert reply.turn.text
        assert unbacked(reply.turn.text, *known) == []
    copilot.store.close()
