"""Many groups in one go: each file's chats one after another, what is done kept, a bad file costing only itself."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Unpack

from pydantic import ValidationError

from copilot.chat.reading import read_chats
from copilot.chat.records import Transcript
from copilot.client import Copilot
from copilot.errors import CopilotError, EmptyInputError, InputError, StorageError, UsageError
from copilot.exports import save_digest
from copilot.files import write_whole
from copilot.options import DigestOptions
from copilot.records import Draft, Record
from copilot.tasks.digest.known_chats import knowing
from copilot.tasks.digest.overview import Overview, overview_of
from copilot.tasks.digest.summary import Summary, summary_of

VERSION = 1
"""Of what is kept of a run: another one makes everything anew."""
BLOCK = 1 << 20
LONGEST_NAME = 60
_OWN = frozenset({"users.json", "channels.json", "manifest.json"})
"""A folder with one of these is one export."""
_BARRED = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')

Progress = Callable[[int, int], None]


class Failed(Record):
    """A source, or one chat of it, that could not be digested, with what to do about it."""

    source: str
    group: str = ""
    message: str
    hint: str


class ManyDigests(Record):
    """What became of many chats. `resumed` is how many of the groups an earlier run had done, `notes` what else to know."""

    groups: tuple[Summary, ...]
    overview: Overview
    failed: tuple[Failed, ...] = ()
    resumed: int = 0
    notes: tuple[str, ...] = ()


def digest_many(
    copilot: Copilot,
    sources: Sequence[Path],
    *,
    save: Path | None = None,
    overwrite: bool = False,
    on_progress: Progress | None = None,
    **options: Unpack[DigestOptions],
) -> ManyDigests:
    """The digests of all chats in these files and folders, each kept in the history, and the overview of them.

    A folder stands for what is directly in it; a folder in it, or one that is a program's own export, is one source. What
    an earlier run has done with the same content and options is not done again. With `save`, each digest becomes a folder
    in it, and the overview `overview.txt` and `overview.json`; other digests in it stay unless `overwrite`. `on_progress` is
    told how many sources are done, and of how many. A source that can't be digested is among `failed` and costs only
    itself. Raises `UsageError`, `EmptyInputError`; `StorageError` where `save` can't be written (what is done stays done).
    """
    if options.get("group"):
        raise UsageError("几个群一起做时不能指定群名", hint="去掉 group，或只给那一个群的文件")
    run = _Run(copilot, options, save, overwrite)
    found = sources_in(sources)
    if not found:
        raise EmptyInputError("没有可读的文件", hint="给导出的聊天文件，或放着它们的文件夹")
    groups: list[Summary] = []
    failed: list[Failed] = []
    for place, source in enumerate(found):
        if on_progress:
            on_progress(place, len(found))
        for one, draft in run.of(source):
            if isinstance(one, Failed):
                failed.append(one)
            else:
                groups.append(run.saved(one, draft, [each.path for each in groups]))
    overview = overview_of(groups, len(failed))
    resumed = sum(one.resumed for one in groups)
    done = ManyDigests(
        groups=tuple(groups),
        overview=overview,
        failed=tuple(failed),
        resumed=resumed,
        notes=tuple(dict.fromkeys(run.notes)),
    )
    if save:
        _write(save / "overview.txt", f"{overview.text}\n".encode())
        _write(save / "overview.json", done.model_dump_json().encode())
    if on_progress:
        on_progress(len(found), len(found))
    return done


def sources_in(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The sources that these paths stand for, each once, hidden files left out."""
    found: dict[Path, None] = {}
    for path in paths:
        try:
            inside = sorted(one for one in path.iterdir() if not one.name.startswith("."))
        except OSError:  # a file; or it is told of when it is read
            inside = [path]
        if path not in inside and not any(one.name in _OWN for one in inside):
            found.update(dict.fromkeys(inside))
        else:
            found[path] = None
    return tuple(found)


@dataclass
class _Run:
    """One run: who digests, how, and where to. `notes` is what else there is to tell, `seen` the sources it has had."""

    copilot: Copilot
    options: DigestOptions
    save: Path | None
    overwrite: bool
    notes: list[str] = field(default_factory=list)
    seen: dict[Path, str] = field(default_factory=dict)

    def of(self, source: Path) -> Iterator[tuple[Summary | Failed, Draft | None]]:
        """The summaries of a source's chats, each with its draft where it was made just now, or why there are none."""
        try:
            kept = self._folder(source)
            if same := self.seen.get(kept):
                self.notes.append(f"{source.name} 与 {same} 的内容一样，只算一次")
                return
            self.seen[kept] = source.name
            count = _count(kept / "chats.json")
            done = [self._done(kept / f"{number}.json", source) for number in range(count)]
            if done and None not in done:
                yield from ((one, None) for one in done if one)
                return
            chats = self._chats(source)
        except CopilotError as error:
            yield Failed(source=str(source), message=error.message, hint=error.hint), None
            return
        for number, chat in enumerate(chats or (None,)):
            group = chat.group if chat and len(chats) > 1 else ""
            if summary := self._done(kept / f"{number}.json", source):
                yield summary, None
                continue
            try:
                summary, draft = self._digest(source, chat, group)
            except CopilotError as error:
                yield Failed(source=str(source), group=group, message=error.message, hint=error.hint), None
                continue
            self._remember(kept / f"{number}.json", summary.model_dump_json())
            yield summary, draft
        self._remember(kept / "chats.json", json.dumps(len(chats) or 1))

    def saved(self, summary: Summary, draft: Draft | None, taken: Sequence[str]) -> Summary:
        """The summary with the folder its digest was saved in."""
        if self.save is None:
            return summary
        name = _BARRED.sub("_", summary.group).strip(" .")[:LONGEST_NAME] or "群"
        folder, number = self.save / name, 1
        while str(folder) in taken or not self._may_hold(folder, summary.id):
            number += 1
            folder = self.save / f"{name}-{number}"
        if not _holds(folder / "digest.json", summary.id):
            save_digest(draft or self.copilot.store.draft(summary.id).draft, folder, overwrite=True)
        return summary.model_copy(update={"path": str(folder)})

    def _may_hold(self, folder: Path, draft_id: str) -> bool:
        """Whether a digest may be saved in a folder: another one that is there stays, unless it may be replaced."""
        place = folder / "digest.json"
        return self.overwrite or not place.exists() or _holds(place, draft_id)

    def _done(self, path: Path, source: Path) -> Summary | None:
        """What an earlier run has made of a chat, if its digest is still there."""
        summary = _read(path)
        if summary is None:
            return None
        try:
            self.copilot.store.versions(summary.id)
        except StorageError:
            return None
        return summary.model_copy(update={"source": source.name, "resumed": True})

    def _digest(self, source: Path, chat: Transcript | None, group: str) -> tuple[Summary, Draft]:
        options: DigestOptions = {**self.options, "group": group}
        with knowing((chat,)) if chat else nullcontext():
            draft = self.copilot.summarise_digest(source, **options)
        return summary_of(draft, chat or Transcript(format="", messages=()), source.name), draft

    def _chats(self, source: Path) -> tuple[Transcript, ...]:
        """The chats of a source; none where it is a brief with a chat in it."""
        if source.suffix.lower() in (".yaml", ".yml"):
            return ()
        settings = self.copilot.settings
        return read_chats(
            source,
            format=self.options.get("format") or "auto",
            zone=settings.zone,
            now=self.options.get("now"),
            max_bytes=settings.max_chat_bytes,
        )

    def _folder(self, source: Path) -> Path:
        """Where what is done of this source is kept: by its content and by what was asked."""
        settings = self.copilot.settings
        asked = {name: value for name, value in self.options.items() if name not in ("on_text", "on_estimate")}
        writer = self.options.get("writer") or settings.writer
        asked |= {"writer": writer if isinstance(writer, str) else writer.name, "model": settings.model or ""}
        key = [VERSION, content_hash(source), json.dumps(asked, sort_keys=True, default=_spell)]
        name = hashlib.sha256("\0".join(map(str, key)).encode("utf-8", "replace")).hexdigest()
        return settings.home / "many" / name[:2] / name

    def _remember(self, path: Path, text: str) -> None:
        """Keep what is done, whole or not at all. Where that fails it only costs the next run."""
        try:
            _write(path, text.encode())
        except StorageError as error:
            self.notes.append(f"进度没能记下来，下次要重做：{error.message}")


def content_hash(source: Path) -> str:
    """What a file, or all files of a folder, hold. Raises `InputError`."""
    found = hashlib.sha256()
    files = sorted(one for one in source.rglob("*") if one.is_file()) if source.is_dir() else [source]
    try:
        for path in files:
            found.update(f"{path.relative_to(source) if path != source else path.suffix}\0".encode("utf-8", "replace"))
            with path.open("rb") as stream:
                while block := stream.read(BLOCK):
                    found.update(block)
    except FileNotFoundError:
        raise InputError(f"找不到文件 {source}", hint="检查路径") from None
    except (OSError, ValueError) as error:
        raise InputError(f"读不了 {source}：{getattr(error, 'strerror', error)}", hint="检查路径和文件权限") from None
    return found.hexdigest()


def _count(path: Path) -> int:
    """How many chats a source has that was done to the end; 0 where it was not."""
    try:
        return int(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return 0


def _read(path: Path) -> Summary | None:
    try:
        return Summary.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _holds(path: Path, draft_id: str) -> bool:
    """Whether this very digest is saved there already."""
    try:
        with path.open("rb") as stream:
            return stream.read(64).startswith(f'{{"id":"{draft_id}"'.encode())
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all. Raises `StorageError`."""
    try:
        write_whole(path, data)
    except OSError as error:
        raise StorageError(
            f"{path.parent} 写不进去：{error.strerror}", hint="检查磁盘空间和权限；做完的都留着，再跑一次接着做"
        ) from None


def _spell(value: Any) -> str:
    return value.id if isinstance(value, Draft) else str(value)
