"""Who is who for assistants: personal data leaves as pseudonyms, and comes back as itself.

    <home>/outside/names.jsonl    what pseudonyms were given for, a line each; only its owner can read it

An assistant may name 成员03 days later, and several assistants may be at work, each in a process of its own: all of them
read and extend the one list. It is only ever appended to, and read in its order, so that all agree on every pseudonym.
"""

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from copilot.errors import InputError, StorageError
from copilot.facts.names import read_names
from copilot.facts.personal_identifiers import Found
from copilot.facts.pseudonyms import Pseudonyms, find_personal, redact
from copilot.files import locked
from copilot.records import Draft, Redaction
from copilot.settings import Settings
from copilot.tasks.registry import TASKS

Find = Callable[[str], list[Found]]
AS_IT_IS = frozenset(
    {"id", "kind", "writer", "severity", "code", "readers", "rule", "chunk_id", "resource", "prompts", "model"}
)
"""Fields that hold words of ours, never of a chat or a brief."""
ROWS = "messages"
"""A field that holds ids of messages, or the messages themselves."""
_SECONDS = 10.0


class NameBook(Pseudonyms):
    """The pseudonyms of this machine. Threads may share one, processes the file. Raises `StorageError`."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._path = home / "outside" / "names.jsonl"
        self._read = 0
        self._lock = threading.RLock()

    def stand_in(self, found: Found, original: str) -> str:
        """The pseudonym for one piece of personal data; a new one is written down before it is used."""
        with self._lock:
            if (found.type, original) not in self._given:
                self._write([found.type, found.key, original])
            return self._given[found.type, original]

    def keep(self, literal: str) -> str:
        """What stands for a text's own words that look like a pseudonym."""
        with self._lock:
            if literal not in self._reserved and literal not in self._originals:
                self._write(["", "", literal])
            return literal if literal in self._reserved else super().keep(literal)

    def known(self) -> tuple[str, ...]:
        """Every name that has a pseudonym, of two characters or more."""
        with self._lock:
            self._catch_up()
            return tuple(name for kind, name in self._given if kind == "NAME" and len(name) > 1)

    def restored(self, value: Any) -> Any:
        """Some data with what stands behind its pseudonyms."""
        with self._lock:
            self._catch_up()
        return _each(value, self.restore)

    def _write(self, entry: list[str]) -> None:
        line = json.dumps(entry).encode()  # as escapes, half characters come back as they were
        try:
            with locked(self._path.with_suffix(".lock"), _SECONDS) as mine:
                if not mine:
                    raise StorageError(f"另一个程序正在写 {self._path}", hint="稍后再试")
                with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as stream:
                    stream.write(b"\n" + line + b"\n")  # the first ends a line that a crash has torn
                self._catch_up()
        except OSError as error:
            raise self._unusable("写", error) from error

    def _catch_up(self) -> None:
        """Take in what was written since, in its order."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._read)
                new = stream.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unusable("读", error) from error
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            try:
                kind, key, original = json.loads(line)
            except ValueError:  # empty, or torn
                continue
            if kind:
                super().stand_in(Found(kind, 0, len(original), key), original)
            elif original not in self._originals:
                self._reserved.add(original)

    def _unusable(self, doing: str, error: OSError) -> StorageError:
        why = error.strerror or error
        return StorageError(f"代号表 {self._path} {doing}不了：{why}", hint="检查 COPILOT_HOME 的权限和磁盘空间")


class View(Pseudonyms):
    """What hides one result: `find` says what is personal, `told` are words that whoever asked has sent themselves."""

    def __init__(self, book: NameBook, find: Find, told: str = "") -> None:
        super().__init__()
        self._book, self._find, self._told = book, find, told

    def find(self, text: str) -> list[Found]:
        return [one for one in self._find(text) if text[one.start : one.end] not in self._told]

    def stand_in(self, found: Found, original: str) -> str:
        return self._book.stand_in(found, original)

    def keep(self, literal: str) -> str:
        return literal if literal in self._told else self._book.keep(literal)

    def hidden(self, value: Any) -> Any:
        """A value of a result, with its personal data behind pseudonyms."""
        done: dict[str, str] = {}

        def hide(text: str) -> str:
            if text not in done:
                done[text] = self.hide(text)
            return done[text]

        return _each(value, hide, AS_IT_IS)

    def redaction(self, text: str) -> Redaction:
        """The text with its personal data replaced, as `redact` gives it."""
        return redact(text, pseudonyms=self)


def _each(value: Any, change: Callable[[str], str], leave: frozenset[str] = frozenset()) -> Any:
    """The same data with every string changed, keys too, but for the fields to leave."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {
            change(key): item if key in leave or (leave and _is_ids(key, item)) else _each(item, change, leave)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return type(value)(_each(item, change, leave) for item in value)
    return value


def _is_ids(key: str, item: Any) -> bool:
    return key == ROWS and isinstance(item, list) and all(isinstance(one, str) for one in item)


def finder(people: Iterable[str]) -> Find:
    """Finds these people, and everything that is private by its form."""
    known = frozenset(name for name in people if len(name.strip()) > 1)
    return lambda text: find_personal(text, known)


def finder_of(draft: Draft, book: NameBook, settings: Settings) -> Find:
    """Finds whoever a draft knows: the people of its brief, or everybody in its chat, however they are called."""
    if draft.kind != "digest":
        return finder((*book.known(), *_people_of(draft, settings)))
    from copilot.chat.scene import Roles
    from copilot.tasks.digest.brief import read_chat_brief
    from copilot.tasks.digest.disguise import Disguise

    members = [row["member"] for row in draft.structure.get("member_stats", ())]
    carried = [name for row in draft.structure.get("carried", ()) for name in row.get("people", ())]
    try:
        brief = read_chat_brief(draft.request, draft.created, settings)
    except (InputError, OSError):  # the chat is kept no longer: the names that its digest tells are left
        return finder((*book.known(), *members, *carried))
    disguise = Disguise(brief.transcript, Roles(operator=brief.asked.operator, staff=brief.asked.staff))
    others = finder({*book.known(), *carried}.difference(members))

    def find(text: str) -> list[Found]:
        own = disguise.find(text)
        taken = {place for one in own for place in range(one.start, one.end)}
        rest = [one for one in others(text) if taken.isdisjoint(range(one.start, one.end))]
        return sorted([*own, *rest], key=lambda one: one.start)

    return find


def _people_of(draft: Draft, settings: Settings) -> tuple[str, ...]:
    """Everybody that a brief names."""
    from copilot.tasks.base import Options
    from copilot.tasks.weekly_plan.reading import read_situation
    from copilot.writers.briefing import pseudonyms_for

    task, request = TASKS[draft.kind], draft.request
    brief = task.read(request, (request.now or draft.created).astimezone(settings.zone), settings)
    if draft.kind == "weekly-plan":  # they are known from its brief: to plan that week again takes longest
        steering = [name.text.lstrip("@") for text in brief.meta.values() for name in read_names(text) if name.certain]
        return (*steering, *(person.name for person in read_situation(brief).people))
    return pseudonyms_for(task.prepare(brief, Options(platform=request.platform))).people
