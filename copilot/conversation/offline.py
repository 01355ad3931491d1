"""The copilot without a model: tells which job a message is for, does it, and asks back for what is missing."""

import re
from collections.abc import Callable, Sequence

from copilot.conversation.changes import Known, brief_of
from copilot.conversation.deeds import Deeds, Done, asks_for, with_words
from copilot.conversation.following import (
    answers,
    corrections,
    groups_of,
    job_named,
    length_of,
    pattern,
    platform_of,
    tone_of,
)
from copilot.conversation.pasting import Pasted, take_apart
from copilot.conversation.routing import route
from copilot.conversation.thread import Thread, chat_of, new_work
from copilot.conversation.wording import book, say
from copilot.errors import Cancelled, CopilotError, InputError
from copilot.facts.brief import read_brief
from copilot.facts.values import read_values
from copilot.records import Draft, Finding, Part
from copilot.store import Attachment, Choice, Turn, Use, Work

DRAFTS = ("announcement", "weekly-plan", "crisis-reply")
LONGEST = 20_000  # characters of a message that is no chat
_NUMBER = re.compile(r"^\s*[（(]?([1-9])[)）、.。]?\s*$")


def respond(thread: Thread, message: Turn, deeds: Deeds) -> tuple[Done, tuple[Choice, ...]]:
    """What is done for a message, and the jobs to choose from where it is not clear. What goes wrong is said.

    Raises `Cancelled`.
    """
    try:
        return _responded(thread, message, deeds)
    except Cancelled:
        raise
    except CopilotError as error:
        told_so = Finding(severity="error", code="not-done", message=error.message, fix=error.hint)
        return Done(f"{error.message}\n{error.hint}", findings=(told_so,)), ()


def _responded(thread: Thread, message: Turn, deeds: Deeds) -> tuple[Done, tuple[Choice, ...]]:
    chosen = _chosen(thread, message.text)
    if chosen and thread.pending:
        return _Turn(thread, thread.pending, deeds).do(chosen), ()
    turn = _Turn(thread, message, deeds)
    if not turn.pasted.chat and len(message.text) > LONGEST:
        raise InputError(say("too_long"), hint="拆成几条说")
    found = route(message.text, turn.pasted, thread.standing())
    if not found.sure and thread.pending:  # more about what could not be told a moment ago
        both = message.model_copy(update={"text": f"{thread.pending.text}\n{message.text}"})
        again = _Turn(thread, both, deeds)
        told = route(both.text, again.pasted, thread.standing())
        if told.sure:
            return again.do(told.job), ()
    begun = thread.at_hand()
    if begun and not begun.draft and (not found.sure or found.job in (begun.job, "answer", "correction")):
        return turn.do(begun.job), ()  # it was asked what it is about, and this is the answer
    if found.sure:
        return turn.do(found.job), ()
    labels = book()["choices"]
    choices = tuple(Choice(job=job, label=labels[job]) for job in found.choices if job in labels)
    rows = [f"{number} {choice.label}" for number, choice in enumerate(choices, 1)]
    return Done("\n".join((say("unsure"), *rows)), work=None), choices


def _chosen(thread: Thread, text: str) -> str:
    """The job that a message chooses of those offered, by number or by its words; "" if it says something else."""
    if match := _NUMBER.match(text):
        place = int(match[1]) - 1
        return thread.choices[place].job if place < len(thread.choices) else ""
    return next((choice.job for choice in thread.choices if text.strip() == choice.label), "")


class _Turn:
    """One message on its way through a job."""

    def __init__(self, thread: Thread, message: Turn, deeds: Deeds) -> None:
        self.thread = thread
        self.message = message
        self.text = message.text.strip()
        self.pasted: Pasted = take_apart(message.text, message.files)
        self.deeds = deeds

    def do(self, job: str) -> Done:
        """The job done. Raises `CopilotError`."""
        if job in DRAFTS:
            return self._begin(job)
        ways: dict[str, Callable[[], Done]] = {
            "ask": lambda: self.deeds.ask(self.text),
            "digest": self._digest,
            "check": self._check,
            "hello": self._hello,
            "promises": lambda: self.deeds.promises(self.thread.digests()),
            "undo": self._undo,
        }
        if job in ways:
            return ways[job]()
        work = self.thread.at_hand(job_named(self.text)) or self.thread.at_hand()
        if work is None or not work.draft:
            return Done(say("nothing_drafted"))
        if work.job == "digest" and job != "why":
            return Done(say("digest_fixed"), work=work)
        follow: dict[str, Callable[[Work], Done]] = {
            "why": self.deeds.why,
            "shorter": self._resize,
            "longer": lambda one: self._resize(one, longer=True),
            "tone": self._tone,
            "platform": self._platform,
            "group": self._group,
            "answer": self._answer,
            "correction": self._correct,
        }
        return follow[job](work)

    # A new piece of work ----------------------------------------------------------------------------------------------

    def _begin(self, job: str) -> Done:
        begun = self.thread.at_hand(job)
        if begun and not begun.draft:  # asked what it is about, and this is the answer
            said = f"{begun.brief}\n{self._brief()[0]}" if isinstance(begun.brief, str) else self._brief()[0]
            return self.deeds.draft(begun.model_copy(update={"brief": said.strip()}))
        if self.thread.digests() and self._is_on_digest():
            return self.deeds.handed_on(job, self.thread.digests())
        brief, suffix = self._brief()
        groups = tuple(name for name in self._kept_groups() if name in self.text)
        work = new_work(job, brief=brief, suffix=suffix, groups=groups)
        if job == "announcement" and self._says_nothing(brief, suffix):
            return asks_for(work, "brief", say("need_brief"))
        return self.deeds.draft(work)

    def _brief(self) -> tuple[str, str]:
        """The brief in a message, with the format it is written in: its files, with what is said about them."""
        errand = pattern("errand").sub("", self.text)
        texts = [errand or self.text, *(file.text for file in self.message.files)]
        suffix = _suffix(self.message.files) if not self.text and len(self.message.files) == 1 else ""
        return "\n".join(filter(None, texts)), suffix

    def _says_nothing(self, brief: str, suffix: str) -> bool:
        """Whether a brief only asks for a text and says nothing of its matter."""
        read = read_brief(brief, now=self.deeds.now, suffix=suffix)
        matter = "".join(one.text for one in read.statements)
        bare = re.sub(r"[帮我给请麻烦写发出拟个条份一下吧呗的了呢]|公告|通知|文案|预告|活动|消息", "", matter)
        return len(bare) < 2 and not read_values(brief, self.deeds.now)

    def _is_on_digest(self) -> bool:
        """Whether a message asks for something to be made of the digest in the thread."""
        facts = [one for one in read_values(self.text, self.deeds.now) if not one.soft]
        return bool(pattern("on_digest").search(self.text)) and len(facts) < 3

    def _digest(self) -> Done:
        if self.pasted.chat:
            return self.deeds.digest(self.pasted.chat, self.message.id)
        last = self.thread.at_hand("digest")
        source = next((turn for turn in reversed(self.thread.turns) if chat_of(turn)), None)
        if source and not last:
            return self.deeds.digest(chat_of(source), source.id)
        body = self.pasted.body
        if len(body) > 30 and "\n" in body:  # a form nobody knows: its importer says what it is short of
            return self.deeds.digest(body, self.message.id)
        return Done(say("need_chat"))

    def _check(self) -> Done:
        if self.pasted.body:
            return self.deeds.check(self.pasted.body)
        work = self.thread.at_hand()
        if work and work.draft:
            return self.deeds.check(self.deeds.found(work.draft).text, work.platform)
        return Done(say("need_text"))

    def _hello(self) -> Done:
        thanks = re.search(r"谢|辛苦|收到|好的|ok|知道|明白|行", self.text, re.IGNORECASE)
        return Done(say("welcome") if thanks and self.thread.turns else say("hello"))

    # What stands in the thread, otherwise -----------------------------------------------------------------------------

    def _resize(self, work: Work, *, longer: bool = False) -> Done:
        before = _main(self.deeds.found(work.draft))
        wanted = length_of(self.text, len(before.text), longer=longer)
        if longer:
            if work.length is None:
                return Done(say("not_longer"), work=work)
            done = self.deeds.redraft(work, words=" ", length=max(wanted, work.length))
        else:
            done = self.deeds.redraft(work, words=" ", length=wanted)
        now = len(_main(done.draft).text) if done.draft else 0
        if now == len(before.text):
            line = say("not_longer") if longer else say("not_shorter", name=_title(before, work), now=now)
        else:
            line = say("shorter", name=_title(before, work), now=now, before=len(before.text))
        return _led(done, line)

    def _tone(self, work: Work) -> Done:
        tone = tone_of(self.text)
        if not tone:
            return Done(say("tone_unknown"), work=work)
        before = self.deeds.found(work.draft).text
        done = self.deeds.redraft(work, words=" ", tone=tone)
        same = done.draft is not None and done.draft.text == before
        return _led(done, say("tone_fixed") if same else say("same_tone", tone=book()["tones"][tone]))

    def _platform(self, work: Work) -> Done:
        platform = platform_of(self.text)
        if not platform:
            return Done(say("platform_unknown"), work=work)
        named = book()["platforms"][platform]
        return self.deeds.redraft(work, words=say("platform", platform=named), platform=platform)

    def _group(self, work: Work) -> Done:
        kept = self._kept_groups()
        used = self.thread.groups()
        mentioned = [*used, *(name for name in kept if name in str(brief_of(work)))]
        wanted = groups_of(self.text, kept, list(dict.fromkeys(mentioned)))
        if not wanted:
            if not kept:
                return Done(say("no_groups"), work=work)
            return Done(say("need_group", groups="、".join(kept)), work=work)
        other = new_work(work.job, **work.model_dump(exclude={"id", "job", "groups", "draft"}), groups=wanted)
        return self.deeds.draft(other, tool="redraft", given="、".join(wanted))

    def _answer(self, work: Work) -> Done:
        if pattern("nothing").match(self.text):
            return Done(say("left_open"), work=work)
        open_ = self.deeds.found(work.draft).missing
        return self.deeds.redraft(work, answers(self.text, self.thread.asked, self.deeds.now, open_))

    def _correct(self, work: Work) -> Done:
        found = corrections(self.text, Known(brief_of(work), self.deeds.now, work.suffix))
        return self.deeds.redraft(work, found) if found else Done(say("need_change"), work=work)

    def _undo(self) -> Done:
        before = self.thread.before()
        if not before:
            return Done(say("nothing_to_undo"), work=self.thread.at_hand())
        work = before[-1]
        draft = self.deeds.found(work.draft) if work.draft else None
        use = Use(
            tool="undo", given="改之前的一版", returned=f"{len(draft.text)} 字" if draft else "", draft=work.draft
        )
        return Done(say("undone"), use, draft, work)

    def _kept_groups(self) -> tuple[str, ...]:
        try:
            return tuple(group.name for group in self.deeds.jobs.store.groups())
        except CopilotError:
            return ()  # a draft without a profile is still a draft; the store's trouble is told when it is kept


def _suffix(files: Sequence[Attachment]) -> str:
    name = files[0].name.lower()
    return next((one for one in (".yaml", ".yml", ".json") if name.endswith(one)), "")


def _main(draft: Draft) -> Part:
    """The message of a draft that is looked at first: the first for the group."""
    parts = draft.parts or (Part(name="", text=draft.text),)
    return next((part for part in parts if part.readers == "group"), parts[0])


def _title(part: Part, work: Work) -> str:
    return part.title or str(book()["jobs"][work.job])


def _led(done: Done, line: str) -> Done:
    """The same, with another first line."""
    return with_words(
        Done(line, done.use, done.draft, done.work, done.citations, done.findings, done.missing), done.text.strip()
    )
