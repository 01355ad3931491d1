"""The tools of a model in a conversation: typed arguments in, one of the deeds done, its result as data.

The arguments come with their pseudonyms already put back. A call that carries what the operator never said is refused,
whoever talked the model into it; a chat is named by its id and never retyped; no tool sends anything.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any, Literal

from pydantic import Field

from copilot.conversation.changes import Known, brief_of
from copilot.conversation.deeds import TOOL, Deeds, Done
from copilot.conversation.following import answers, corrections
from copilot.conversation.guarding import Guard
from copilot.conversation.packing import chats_of
from copilot.conversation.thread import Thread, chat_of, new_work
from copilot.conversation.turning import stacked
from copilot.conversation.wording import say, told
from copilot.errors import CopilotError, WriterError
from copilot.lore import load_yaml
from copilot.records import Record
from copilot.store import Change, Turn, Use, Work

Tone = Literal["", "warm", "formal", "plain", "ceremony"]
Platform = Literal["", "wechat", "wecom", "qq", "feishu", "discord", "telegram", "slack", "whatsapp"]


def words() -> dict[str, Any]:
    """`tools.yaml`."""
    found: dict[str, Any] = load_yaml("conversation", "tools.yaml")
    return found


def about(name: str) -> str:
    """What an argument means."""
    text: str = words()["arguments"][name]
    return text


class Drafting(Record):
    """Arguments of the tools that write."""

    brief: str = Field(default="", description=about("brief"))
    groups: tuple[str, ...] = Field(default=(), description=about("groups"))
    from_digest: bool = Field(default=False, description=about("from_digest"))


class Redrafting(Record):
    """Arguments of `redraft`."""

    change: str = Field(default="", description=about("change"))
    tone: Tone = Field(default="", description=about("tone"))
    platform: Platform = Field(default="", description=about("platform"))
    length: int = Field(default=0, ge=0, le=5000, description=about("length"))
    groups: tuple[str, ...] = Field(default=(), description=about("groups"))


class Digesting(Record):
    """Arguments of `summarise_digest`."""

    chat_id: str = Field(description=about("chat_id"))


class Asking(Record):
    """Arguments of `ask`."""

    question: str = Field(description=about("question"))


class Searching(Record):
    """Arguments of `search`."""

    words: str = Field(description=about("words"))


class Checking(Record):
    """Arguments of `check`."""

    text: str = Field(description=about("text"))


class Nothing(Record):
    """No arguments."""


ARGUMENTS: dict[str, type[Record]] = {
    "draft_announcement": Drafting,
    "draft_weekly_plan": Drafting,
    "draft_crisis_reply": Drafting,
    "redraft": Redrafting,
    "summarise_digest": Digesting,
    "ask": Asking,
    "search": Searching,
    "check": Checking,
    "promises": Nothing,
    "why": Nothing,
    "undo": Nothing,
}
JOBS = {tool: job for job, tool in TOOL.items()}


class Toolbox:
    """The tools of one turn, one call at a time. `done` are the deeds so far."""

    def __init__(self, thread: Thread, message: Turn, deeds: Deeds, guard: Guard) -> None:
        self.done: list[Done] = []
        self._thread = thread
        self._message = message
        self._deeds = deeds
        self._guard = guard
        self._works: tuple[Work, ...] = thread.works
        self._chats = chats_of((*thread.turns, message))
        self._lock = Lock()

    def call(self, tool: str, given: Record) -> Done:
        """A tool's result. What went wrong in it, or why it was refused, is a result like another."""
        with self._lock:
            try:
                done = self._refused(tool, given) or self._run(tool, given)
            except WriterError:
                raise
            except CopilotError as error:
                done = Done(f"{error.message}（{error.hint}）", Use(tool=tool, returned=error.message, refused=True))
            self.done.append(done)
            self._works = stacked(self._works, done.work)
            if done.draft:
                self._guard.shown(done.draft.text)
            if not (done.use and done.use.refused):  # why it was refused repeats what nobody said
                self._guard.heard("\n".join([done.text, *(one.quote for one in done.citations)]))
            return done

    def _refused(self, tool: str, given: Record) -> Done | None:
        """Why a call is not done: it carries what the operator never said."""
        strict = isinstance(given, Drafting | Redrafting)
        text = "\n".join(str(value) for _, value in given if isinstance(value, str) and value)
        unsaid = self._guard.untold(text) if strict else self._guard.unknown(text)
        kept = {group.name for group in self._deeds.jobs.store.groups()} if getattr(given, "groups", ()) else set()
        unsaid += tuple(name for name in getattr(given, "groups", ()) if name not in kept)
        if not unsaid:
            return None
        return _no(tool, words()["refused"].format(words="、".join(f"“{one}”" for one in unsaid)), told(text))

    def _run(self, tool: str, given: Record) -> Done:
        match given:
            case Drafting():
                return self._draft(tool, given)
            case Redrafting():
                return self._redraft(given)
            case Digesting():
                return self._digest(given.chat_id)
            case Asking():
                return self._deeds.ask(given.question)
            case Searching():
                return self._deeds.search(given.words)
            case Checking():
                return self._deeds.check(given.text)
        if tool == "promises":
            return self._deeds.promises(self._digests())
        work = self._at_hand()
        if work is None:
            return _no(tool, words()["no_draft"])
        return self._deeds.why(work) if tool == "why" else self._undone()

    def _draft(self, tool: str, given: Drafting) -> Done:
        if given.from_digest:
            if not self._digests():
                return _no(tool, words()["no_digest"])
            return self._deeds.handed_on(JOBS[tool], self._digests())
        own = "\n".join((self._message.text, *(file.text for file in self._message.files)))
        brief = given.brief if chat_of(self._message) or self._guard.covers(given.brief, own) else own
        return self._deeds.draft(new_work(JOBS[tool], brief=brief or own, groups=given.groups))

    def _redraft(self, given: Redrafting) -> Done:
        work = self._at_hand()
        if work is None or not work.draft:
            return _no("redraft", words()["no_draft"])
        if work.job == "digest":
            return _no("redraft", say("digest_fixed"))
        options: dict[str, Any] = {
            name: value for name, value in given if name != "change" and value not in ("", 0, ())
        }
        changes: tuple[Change, ...] = ()
        if given.change:
            changes = corrections(given.change, Known(brief_of(work), self._deeds.now, work.suffix))
            missing = self._deeds.found(work.draft).missing
            changes = changes or answers(given.change, self._thread.asked, self._deeds.now, missing)
        if given.groups:
            work = new_work(work.job, **work.model_dump(exclude={"id", "job", "draft"}))
        return self._deeds.redraft(work, changes, **options)

    def _digest(self, name: str) -> Done:
        turn = self._chats.get(name)
        if turn is None:
            told_so = words()["no_chat"].format(chat=name, chats="、".join(self._chats) or "没有")
            return _no("summarise_digest", told_so, name)
        return self._deeds.digest(chat_of(turn), turn.id)

    def _undone(self) -> Done:
        before = self._thread.before()
        if not before:
            return _no("undo", say("nothing_to_undo"))
        work = before[-1]
        draft = self._deeds.found(work.draft)
        use = Use(tool="undo", given="改之前的一版", returned=f"{len(draft.text)} 字", draft=draft.id)
        return Done(say("undone"), use, draft, work)

    def _at_hand(self) -> Work | None:
        return self._works[-1] if self._works else None

    def _digests(self) -> Sequence[str]:
        return tuple(dict.fromkeys(work.draft for work in self._works if work.job == "digest" and work.draft))


def _no(tool: str, why: str, given: str = "") -> Done:
    return Done(why, Use(tool=tool, given=given, returned=why, refused=True))
