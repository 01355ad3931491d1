"""Drafts: each as it was produced, every wording since, and what was sent of it."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, insert, select, update

from copilot.errors import EmptyInputError, InputError, InputTooLargeError, NotKeptError, UsageError
from copilot.records import Draft, Request
from copilot.store.comparing import compare
from copilot.store.keeping import Keeper, now, storable
from copilot.store.records import Comparison, DraftSummary, Sending, StoredDraft, Version
from copilot.store.schema import RECORD_VERSION, drafts, sendings, versions
from copilot.store.troubles import storage_error

TITLE_LENGTH = 60
SHOWN_IDS = 5
MOST = 1000


class DraftKeeper(Keeper):
    """The history. An id may be shortened to what no other draft's begins with. All methods raise `StorageError`,
    `NotKeptError` for an id that is not there.
    """

    def keep(self, draft: Draft, group: str = "") -> None:
        """Keep a draft as produced, with its text as version 1; a draft of an id that is there stays as it is.

        `group` is the group it is for; by default the one its structure names.
        """
        try:
            record = storable(draft.model_dump_json())
        except PydanticSerializationError:
            raise InputError("草稿里有半个字符，存不下来", hint="检查要点里是否有截断的表情符号") from None
        named = draft.structure.get("group", "")
        created = self._here(draft.created)
        text = storable(draft.text)
        with self.database.writing() as connection:
            if connection.execute(select(drafts.c.id).where(drafts.c.id == draft.id)).first():
                return
            connection.execute(
                insert(drafts).values(
                    id=draft.id,
                    kind=draft.kind,
                    writer=draft.writer,
                    platform=draft.request.platform,
                    group_name=storable(group or (named if isinstance(named, str) else "")).strip(),
                    created=created,
                    record_version=RECORD_VERSION,
                    record=record,
                    haystack=_folded("\n".join([*_words(draft.request.brief), text])),
                )
            )
            _add_version(connection, draft.id, Version(number=1, text=text, by=draft.writer, created=created))

    def revise(self, draft_id: str, text: str, by: str = "operator") -> Version:
        """Keep an edit as a new version and return it; the text of the latest version makes no new one."""
        text = self._whole(text)
        with self.database.writing() as connection:
            draft_id = _found(connection, draft_id)
            last = self._versions(connection, draft_id)[-1]
            if last.text == text:
                return last
            version = Version(number=last.number + 1, text=text, by=storable(by), created=self._here(now()))
            _add_version(connection, draft_id, version)
            _add_words(connection, draft_id, text)
            return version

    def mark_sent(self, draft_id: str, text: str, part: str | None = None, at: datetime | None = None) -> Sending:
        """Keep what was finally sent or copied; `part` names the part of a draft of several messages."""
        text = self._whole(text)
        sending = Sending(text=text, part=storable(part) if part else None, at=self._here(at or now()))
        with self.database.writing() as connection:
            draft_id = _found(connection, draft_id)
            connection.execute(
                insert(sendings).values(draft_id=draft_id, part=sending.part, text=text, sent=sending.at)
            )
            _add_words(connection, draft_id, text)
        return sending

    def draft(self, draft_id: str) -> StoredDraft:
        """A draft with all its wordings and sendings. Where its record can't be read, `versions` still gives the texts."""
        with self.database.reading() as connection:
            draft_id = _found(connection, draft_id)
            row = connection.execute(select(drafts).where(drafts.c.id == draft_id)).one()
            return StoredDraft(
                draft=_read_draft(row),
                group=row.group_name,
                versions=self._versions(connection, draft_id),
                sendings=self._sendings(connection, draft_id),
            )

    def versions(self, draft_id: str) -> tuple[Version, ...]:
        """Every wording of a draft, oldest first."""
        with self.database.reading() as connection:
            return self._versions(connection, _found(connection, draft_id))

    def version(self, draft_id: str, number: int | None = None) -> Version:
        """One wording of a draft, the latest by default."""
        return _chosen(self.versions(draft_id), number)

    def drafts(
        self,
        *,
        kind: str | None = None,
        group: str | None = None,
        text: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        sent: bool | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[DraftSummary, ...]:
        """The history, newest first. `text` is looked for, whatever its case and width, in briefs, wordings and sendings;
        a draft was made from `since` on and before `until`. At most `limit` (1000) after leaving out `offset`.
        """
        if text and len(text) > MOST:
            raise UsageError(f"要找的字超过 {MOST} 个", hint="挑里面的一句来找")
        if not 0 < limit <= MOST or not 0 <= offset < 2**31:
            raise UsageError(f"一次列 1–{MOST} 份，offset 从 0 起", hint="换一个数")
        wanted: list[ColumnElement[bool]] = []
        if kind is not None:
            wanted.append(drafts.c.kind == storable(kind))
        if group is not None:
            wanted.append(drafts.c.group_name == storable(group).strip())
        if text:
            wanted.append(drafts.c.haystack.contains(_folded(storable(text)), autoescape=True))
        if since is not None:
            wanted.append(drafts.c.created >= self._here(since))
        if until is not None:
            wanted.append(drafts.c.created < self._here(until))
        if sent is not None:
            was_sent = exists().where(sendings.c.draft_id == drafts.c.id)
            wanted.append(was_sent if sent else ~was_sent)
        query = _summaries().where(*wanted).order_by(drafts.c.created.desc(), drafts.c.id.desc())
        with self.database.reading() as connection:
            return tuple(self._summary(row) for row in connection.execute(query.limit(limit).offset(offset)))

    def compare(
        self, draft_id: str, a: int | None = 1, b: int | None = None, *, other: str | None = None
    ) -> Comparison:
        """How version `a` of a draft became version `b` of it, or of the draft `other`; None is the latest version."""
        old = self.version(draft_id, a)
        new = self.version(other or draft_id, b)
        return compare(
            old.text, new.text, old_name=f"{draft_id}@{old.number}", new_name=f"{other or draft_id}@{new.number}"
        )

    def delete(self, draft_id: str) -> None:
        """Take a draft out of the history with everything that hangs on it; there is no way back."""
        with self.database.writing() as connection:
            connection.execute(delete(drafts).where(drafts.c.id == _found(connection, draft_id)))

    def reuse(self, draft_id: str) -> Request:
        """What the draft was asked for, to start again."""
        return self.draft(draft_id).draft.request

    def _whole(self, text: str) -> str:
        """An operator's text as it can be kept, which is not blank and not over the limit."""
        text = storable(text)
        if not text.strip():
            raise EmptyInputError("没有文字可存", hint="写上内容再存；不要这份草稿就删掉它")
        if len(text) > self.settings.max_input_bytes:
            raise InputTooLargeError(
                f"文字超过 {self.settings.max_input_bytes:,} 字", hint="拆开，或调高 COPILOT_MAX_INPUT_BYTES"
            )
        return text

    def _versions(self, connection: Connection, draft_id: str) -> tuple[Version, ...]:
        rows = connection.execute(select(versions).where(versions.c.draft_id == draft_id).order_by(versions.c.number))
        return tuple(
            Version(number=row.number, text=row.text, by=row.author, created=self._here(row.created)) for row in rows
        )

    def _sendings(self, connection: Connection, draft_id: str) -> tuple[Sending, ...]:
        rows = connection.execute(
            select(sendings).where(sendings.c.draft_id == draft_id).order_by(sendings.c.sent, sendings.c.id)
        )
        return tuple(Sending(text=row.text, part=row.part, at=self._here(row.sent)) for row in rows)

    def _summary(self, row: Row[Any]) -> DraftSummary:
        first = next((line.strip() for line in row.text.splitlines() if line.strip()), "")
        return DraftSummary(
            id=row.id,
            kind=row.kind,
            writer=row.writer,
            platform=row.platform,
            group=row.group_name,
            title=first if len(first) <= TITLE_LENGTH else f"{first[: TITLE_LENGTH - 1]}…",
            length=len(row.text),
            created=self._here(row.created),
            changed=self._here(row.changed),
            versions=row.versions,
            sendings=row.sendings,
            last_sent=self._here(row.last_sent) if row.last_sent else None,
        )


def _summaries() -> Select[Any]:
    """The columns of a history's line; the record itself is left alone, so one that can't be read breaks no listing."""
    other = versions.alias()
    latest = select(func.max(other.c.number)).where(other.c.draft_id == drafts.c.id).scalar_subquery()
    mine = sendings.c.draft_id == drafts.c.id
    return select(
        drafts.c.id,
        drafts.c.kind,
        drafts.c.writer,
        drafts.c.platform,
        drafts.c.group_name,
        drafts.c.created,
        versions.c.text,
        versions.c.created.label("changed"),
        versions.c.number.label("versions"),
        select(func.count()).where(mine).scalar_subquery().label("sendings"),
        select(func.max(sendings.c.sent)).where(mine).scalar_subquery().label("last_sent"),
    ).where(versions.c.draft_id == drafts.c.id, versions.c.number == latest)


def _found(connection: Connection, draft_id: str) -> str:
    """The whole id of the draft that this id, or beginning of one, stands for."""
    wanted = storable(draft_id).strip()
    alike = drafts.c.id == wanted
    if wanted:
        alike |= func.substr(drafts.c.id, 1, len(wanted)) == wanted
    ids = (
        connection.execute(select(drafts.c.id).where(alike).order_by(drafts.c.id).limit(SHOWN_IDS + 1)).scalars().all()
    )
    if wanted in ids:
        return wanted
    if not ids:
        raise NotKeptError(f"没有编号以 {wanted or '空'} 开头的草稿", hint="用 copilot history list 看编号")
    if len(ids) > 1:
        raise NotKeptError(f"不止一份草稿的编号以 {wanted} 开头", hint=f"多写几位：{'、'.join(ids[:SHOWN_IDS])}")
    return str(ids[0])


def _chosen(kept: tuple[Version, ...], number: int | None) -> Version:
    if number is None:
        return kept[-1]
    for version in kept:
        if version.number == number:
            return version
    raise NotKeptError(f"这份草稿没有第 {number} 版", hint=f"有第 1–{kept[-1].number} 版")


def _add_version(connection: Connection, draft_id: str, version: Version) -> None:
    connection.execute(
        insert(versions).values(
            draft_id=draft_id, number=version.number, text=version.text, author=version.by, created=version.created
        )
    )


def _add_words(connection: Connection, draft_id: str, text: str) -> None:
    grown = drafts.c.haystack + f"\n{_folded(text)}"
    connection.execute(update(drafts).where(drafts.c.id == draft_id).values(haystack=grown))


def _read_draft(row: Row[Any]) -> Draft:
    """The record as produced; fields that came later have their defaults."""
    try:
        return Draft.model_validate_json(row.record)
    except ValidationError as error:
        why = "是更新版本的 copilot 写的" if row.record_version > RECORD_VERSION else "读不出来"
        raise storage_error(
            f"草稿 {row.id} 的记录{why}，别的草稿不受影响",
            hint=f"它的文字还在：copilot history show {row.id} --version 1",
        ) from error


def _folded(text: str) -> str:
    """A text as it is searched: without case, and full-width forms as the usual ones."""
    return unicodedata.normalize("NFKC", text).casefold()


def _words(brief: Any) -> Iterator[str]:
    """Every key and value of a brief."""
    if isinstance(brief, dict):
        for key, value in brief.items():
            yield str(key)
            yield from _words(value)
    elif isinstance(brief, list | tuple):
        for value in brief:
            yield from _words(value)
    elif brief is not None:
        yield storable(str(brief))
