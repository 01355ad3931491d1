"""Having chats digested while the page shows how far that is: what is handed in, one run, and what came of it.

A run goes on in a thread of its own: another page or another language does not cut it short, and coming back finds it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Literal

from copilot import Copilot, CopilotError, DigestOptions, Draft
from copilot.chat.reading import read_chats
from copilot.errors import InputError, StorageError
from copilot.writers.base import Estimate

LONGEST_NAME = 120


@dataclass(frozen=True)
class Handed:
    """A chat as it was handed in: a file's name ("" for a pasted text) and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Order:
    """Which chats are to be digested, and what was said with them ("" where nothing was)."""

    sources: tuple[Handed, ...] = ()
    format: str = "auto"
    group: str = ""
    operator: str = ""
    staff: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    focus: str = ""
    dates: str = ""
    writer: Literal["auto", "offline", "model"] = "auto"
    today: date | None = None


@dataclass(frozen=True)
class Digested:
    """What came of one chat: its digest, or why there is none. `name` is the group's, or else the file's."""

    name: str
    draft: Draft | None = None
    error: CopilotError | None = None


@dataclass(frozen=True)
class Step:
    """How far a run is: which chat, how many there are, how many messages it has (0 while it is read), how much is written,
    and what a model is asked (None: none is).
    """

    stage: Literal["reading", "digesting"] = "reading"
    name: str = ""
    number: int = 1
    of: int = 1
    messages: int = 0
    characters: int = 0
    estimate: Estimate | None = None
    share: float = 0.0


@dataclass(frozen=True)
class _Chat:
    """One chat to digest. `group` picks it out of a source that has several."""

    source: str | Path
    name: str
    group: str
    messages: int


class Run:
    """One order being carried out. `replaces` is the id of the digest that its only result takes the place of."""

    def __init__(self, copilot: Copilot, order: Order, replaces: str = "") -> None:
        self.order = order
        self.replaces = replaces
        self.step = Step()
        self._copilot = copilot
        self._started = monotonic()
        pool = ThreadPoolExecutor(max_workers=1)
        self._future = pool.submit(self._work)
        pool.shutdown(wait=False)

    @property
    def seconds(self) -> int:
        """How long it has been going on."""
        return int(monotonic() - self._started)

    def done(self, within: float) -> bool:
        """Whether it is over; waits so many seconds for that."""
        return bool(wait([self._future], within).done)

    def results(self) -> tuple[Digested, ...]:
        """What came of it, once it is over."""
        return self._future.result()

    def _work(self) -> tuple[Digested, ...]:
        with TemporaryDirectory() as folder:
            chats = list(self._chats(Path(folder)))
            total, done, found = sum(chat.messages for chat in chats if isinstance(chat, _Chat)) or 1, 0, []
            for number, chat in enumerate(chats, 1):
                if isinstance(chat, Digested):
                    found.append(chat)
                    continue
                self.step = Step("digesting", chat.name, number, len(chats), chat.messages, share=done / total)
                found.append(self._digested(chat))
                done += chat.messages
            return tuple(found)

    def _chats(self, folder: Path) -> Iterator[_Chat | Digested]:
        """The chats of the sources; a source that can't be used costs only itself."""
        for number, handed in enumerate(self.order.sources, 1):
            name = PurePath(handed.name).stem
            self.step = Step("reading", handed.name, number, len(self.order.sources))
            try:
                source = _placed(handed, folder / str(number))
                counted = self._counted(source)
            except CopilotError as error:
                yield Digested(name, error=error)
                continue
            several = [(group, messages) for group, messages in counted if messages]
            if len(several) < 2 or self.order.group:
                yield _Chat(
                    source,
                    (self.order.group or several[0][0] if several else "") or name,
                    "",
                    sum(n for _, n in several),
                )
                continue
            yield from (_Chat(source, group or name, group, messages) for group, messages in several)

    def _counted(self, source: str | Path) -> list[tuple[str, int]]:
        """The groups in a source with their messages. A source that is no chat by itself may still hold one: none."""
        settings = self._copilot.settings
        limit = settings.max_chat_bytes
        try:
            chats = read_chats(source, format=self.order.format, zone=settings.zone, now=self._now(), max_bytes=limit)
        except InputError:
            return []  # the job says what is wrong with it
        return [(chat.group, len(chat.messages)) for chat in chats]

    def _digested(self, chat: _Chat) -> Digested:
        order = self.order
        options: DigestOptions = {
            "format": order.format,
            "group": chat.group or order.group,
            "operator": order.operator,
            "staff": order.staff,
            "rules": order.rules,
            "focus": order.focus,
            "dates": order.dates,
            "writer": order.writer,
            "now": self._now(),
            "on_text": self._written,
            "on_estimate": self._estimated,
        }
        try:
            draft = self._copilot.summarise_digest(chat.source, **options)
        except CopilotError as error:
            return Digested(chat.name, error=error)
        return Digested(draft.structure.get("group") or chat.name, draft)

    def _written(self, piece: str) -> None:
        self.step = replace(self.step, characters=self.step.characters + len(piece))

    def _estimated(self, estimate: Estimate) -> None:
        self.step = replace(self.step, estimate=estimate)

    def _now(self) -> datetime | None:
        today = self.order.today
        return datetime.combine(today, time(9), self._copilot.settings.zone) if today else None


def _placed(handed: Handed, folder: Path) -> str | Path:
    """A pasted text as it is; a file under its own name, which says something of its format and its group."""
    if not handed.name:
        return handed.data.decode("utf-8", "replace")
    name = PurePath(handed.name.replace("\\", "/")).name[-LONGEST_NAME:]
    path = folder / (name if name.strip(".") else "chat")
    try:
        folder.mkdir()
        path.write_bytes(handed.data)
    except OSError as error:
        raise StorageError(f"临时文件写不进去：{error.strerror}", hint="检查磁盘空间和权限，再试一次") from None
    return path
