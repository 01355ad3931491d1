"""A short answer from a chat model: the passages and the question as data, each sentence held against its quotes.

What is wrong, the operator's own rules included, goes back to the model at most twice; a sentence that still does not
stand is left out, and the operator is told. When the model can't write or nothing of it stands, a `WriterError` leaves
the caller to the offline answer; when it can't repair, what stands is the answer.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from copilot.checks.own_rules import own_rules
from copilot.errors import ModelReplyUnusable, WriterError
from copilot.facts.pseudonyms import Pseudonyms
from copilot.records import Answer, Finding, Hit, Usage
from copilot.settings import Settings
from copilot.tasks.ask.composing import Evidence, written
from copilot.tasks.ask.verifying import Judge, Reply
from copilot.tokens import count_tokens
from copilot.writers import budget, failures, prompts
from copilot.writers.base import Cancel, Message, OnText, never, window
from copilot.writers.briefing import Hide, advice_of, objections_of
from copilot.writers.model import ModelWriter


class _Conversation:
    """The messages so far, the prompt files behind them, and what they cost."""

    def __init__(self, settings: Settings, question: str, passages: Sequence[Hit]) -> None:
        self._settings = settings
        self._files: list[str] = []
        self._usage: list[Usage] = []
        self.disguise = Pseudonyms()
        system = self._prompt("ask.system")
        bare = self._prompt("ask.user", question=self.disguise.hide(question), sections=[])
        # The reply is repeated once in each round of repair.
        context, output = window(settings)
        room = context - 3 * output - count_tokens(system) - count_tokens(bare)
        kept, _ = budget.pack([advice_of(hit) for hit in passages], max(room, context // 4))
        if not kept:
            raise failures.too_long()
        self.passages = {f"e{number}": hit for number, hit in enumerate(kept, 1)}
        self._messages: list[Message] = [
            ("system", system),
            ("user", self._prompt("ask.user", question=self.disguise.hide(question), sections=self._sections())),
        ]

    def _sections(self) -> list[dict[str, Any]]:
        hide: Hide = self.disguise.hide
        return [
            {
                "id": name,
                "source": hide(f"{hit.title} › {hit.section}"),
                "text": hide(hit.text),
                "damaged": [hide(hit.text[mark.start : mark.end]) for mark in hit.marks],
            }
            for name, hit in self.passages.items()
        ]

    def ask(self, writer: ModelWriter, on_text: OnText | None = None) -> Reply:
        """The model's next reply."""
        told = writer.ask(Reply, self._messages, self.disguise.restore, on_text, unread=frozenset({"quotes"}))
        self._usage.append(told.usage)
        self._files += told.files
        if told.error:
            raise told.error
        return told.structure if isinstance(told.structure, Reply) else Reply(sentences=())

    def repair(self, writer: ModelWriter, reply: Reply, findings: Sequence[Finding]) -> Reply:
        """The model's next reply, after it was told what is wrong with this one."""
        last = self.disguise.hide(json.dumps(reply.model_dump(mode="json"), ensure_ascii=False))
        objections = objections_of(findings, self.disguise.hide)
        self._messages += [
            ("assistant", prompts.escape(last)),
            ("user", self._prompt("ask.repair", findings=objections)),
        ]
        return self.ask(writer)

    def usage(self) -> Usage:
        """What all requests took."""
        return sum(self._usage, Usage())

    def fingerprints(self) -> dict[str, str]:
        """The prompts that were used."""
        return prompts.fingerprints(*dict.fromkeys(self._files), folder=self._settings.prompts)

    def _prompt(self, stem: str, **variables: Any) -> str:
        name = prompts.newest(stem, self._settings.prompts)
        self._files.append(name)
        return prompts.render(name, folder=self._settings.prompts, **variables)


def answer_by_model(
    settings: Settings, evidence: Evidence, on_text: OnText | None = None, cancelled: Cancel = never
) -> Answer:
    """The model's answer to a question that the playbook covers.

    Raises `WriterError`, and `SettingsError` when the operator's own rules can't be read.
    """
    own = own_rules(settings)
    writer = ModelWriter(settings, cancelled=cancelled)
    conversation = _Conversation(settings, evidence.question, evidence.found)
    judge = Judge(evidence.question, conversation.passages, datetime.now(settings.zone), own)
    reply = conversation.ask(writer, on_text)
    stands, left_out = found, wrong = judge.judge(reply)
    for _ in range(writer.rounds):
        if not wrong:
            break
        try:
            reply = conversation.repair(writer, reply, wrong)
        except WriterError as error:
            if not stands:
                raise
            left_out = (*left_out, _unrepaired(error))
            break
        found, wrong = judge.judge(reply)
        if len(found) >= len(stands):  # a repair must not cost a sentence that stood
            stands, left_out = found, wrong
    if not stands:
        raise ModelReplyUnusable(
            "模型的回答没有一句在手册里有依据", hint="这是离线答案；换个问法或换能力更强的模型再试"
        )
    answer = written(evidence, stands)
    return answer.model_copy(
        update={
            "writer": writer.name,
            "findings": (*left_out, *answer.findings),
            "usage": conversation.usage(),
            "prompts": conversation.fingerprints(),
        }
    )


def _unrepaired(error: WriterError) -> Finding:
    return Finding(
        severity="warning",
        code="model-unavailable",
        message=f"模型没能改完，没有通过核对的句子去掉了：{error.message}",
        fix=error.hint,
    )
