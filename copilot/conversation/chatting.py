"""One message of a conversation: answered by the model where there is one, else by code, and kept."""

import uuid
from datetime import datetime
from typing import NamedTuple, Unpack

from copilot.conversation.deeds import Deeds
from copilot.conversation.jobs import Jobs
from copilot.conversation.offline import respond
from copilot.conversation.records import ChatOptions, ChatReply, OnUse
from copilot.conversation.thread import Thread, heard, own_words
from copilot.conversation.turning import turn_of
from copilot.conversation.wording import say, told
from copilot.endpoints import endpoints
from copilot.errors import EmptyInputError, StorageError, UsageError, WriterError
from copilot.facts.intake import whole
from copilot.records import Draft, Finding, Usage
from copilot.store import Attachment, Conversation, Turn
from copilot.writers.base import never

TITLE = 24


def chat(jobs: Jobs, message: str, **options: Unpack[ChatOptions]) -> ChatReply:
    """The copilot's answer to a message. Nothing is ever sent to a group.

    Raises `EmptyInputError`, `NotKeptError` for a conversation that is not kept, `UsageError`; what goes wrong inside a
    job is said in the answer, and the operator's message is kept.
    """
    files = tuple(options.get("files") or ())
    if not message.strip() and not any(file.text.strip() for file in files):
        raise EmptyInputError("没有说话", hint="说要做什么，或粘贴一段聊天")
    writer = options.get("writer")
    if writer not in (None, "auto", "offline", "model"):
        raise UsageError(f"没有叫 {writer} 的写手", hint="可选 auto、offline、model")
    now = (options.get("now") or datetime.now(jobs.settings.zone)).astimezone(jobs.settings.zone)
    name = options.get("conversation") or ""
    earlier = jobs.store.conversation(name) if name else None
    said = _said(earlier, whole(message), now, files)
    before = tuple(turn for turn in earlier.turns if turn.id != said.id) if earlier else ()
    talk = Conversation(
        id=earlier.id if earlier else uuid.uuid4().hex[:12],
        title=earlier.title if earlier else _title(said),
        created=earlier.created if earlier else now,
        updated=now,
        turns=(said,),
    )
    trouble = _keep(jobs, talk)  # before it is answered: an answer that never comes costs no word
    if not trouble and (begun := options.get("on_begun")):
        begun(talk.id)
    answered = _answered(jobs, Thread(before), said, now, options)
    turn = answered.turn
    trouble = _keep(jobs, talk.model_copy(update={"turns": (said, turn)}))
    if trouble:
        turn = turn.model_copy(update={"findings": (*turn.findings, trouble)})
    return ChatReply(conversation=talk.id, title=talk.title, turn=turn, drafts=answered.drafts)


def _said(earlier: Conversation | None, message: str, now: datetime, files: tuple[Attachment, ...]) -> Turn:
    """The message as a turn; one that was said and never answered is not said twice."""
    last = earlier.turns[-1] if earlier and earlier.turns else None
    if last and last.role == "operator" and (last.text, last.files) == (message, files):
        return last
    return heard(message, now, files)


def _keep(jobs: Jobs, talk: Conversation) -> Finding | None:
    """Keep what is new of a conversation; where that fails, it goes on, and the operator is told."""
    try:
        jobs.store.keep_conversation(talk)
    except StorageError as error:
        return Finding.notice("conversation-not-kept", f"这轮对话没能存下来：{error.message}", error.hint)
    return None


class _Answered(NamedTuple):
    """A turn of the copilot with its drafts."""

    turn: Turn
    drafts: tuple[Draft, ...]


def _answered(jobs: Jobs, thread: Thread, said: Turn, now: datetime, options: ChatOptions) -> _Answered:
    wanted = options.get("writer") or jobs.settings.writer
    deeds = Deeds(jobs, now, "offline" if wanted == "offline" else None)
    deeds.on_text, deeds.cancelled = options.get("on_text"), options.get("cancelled") or never
    notices: tuple[Finding, ...] = ()
    if wanted != "offline" and endpoints(jobs.settings):
        from copilot.conversation.agent import converse

        try:
            answer = converse(thread, said, deeds, options)
        except WriterError as error:
            text = say("model_failed", message=error.message)
            notices = (Finding.notice("model-unavailable", text, error.hint),)
            deeds = Deeds(jobs, now, "offline", spent=error.spent or Usage())
        else:
            return _Answered(answer, tuple(deeds.found(name) for name in answer.drafts if name in deeds.made))
    elif wanted == "model":
        hint = "设置 OPENAI_API_KEY（或 OPENAI_BASE_URL）和 COPILOT_MODEL"
        notices = (Finding.notice("model-not-configured", "没有配置模型，由程序来做", hint),)
    return _by_code(thread, said, deeds, notices, options.get("on_use"))


def _by_code(thread: Thread, said: Turn, deeds: Deeds, notices: tuple[Finding, ...], on_use: OnUse | None) -> _Answered:
    done, choices = respond(thread, said, deeds)
    if done.use and on_use:
        on_use(done.use)
    turn = turn_of(thread, done.text, [done], at=deeds.now, writer="offline")
    turn = turn.model_copy(update={"choices": choices, "findings": (*notices, *turn.findings), "usage": deeds.spent})
    return _Answered(turn, (done.draft,) if done.draft else ())


def _title(said: Turn) -> str:
    """What a conversation is called: the first words of it that are the operator's own."""
    words = next((line for text in own_words(said) for line in text.split("\n") if line.strip()), "")
    return told(words, TITLE) if words else say("digest_title", day=f"{said.at:%m-%d}")
