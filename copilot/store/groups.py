"""Group profiles: each saving is a new version, nothing is ever overwritten."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import Connection, Row, Select, func, insert, select

from copilot.errors import EditConflictError, InputError, NotKeptError
from copilot.facts.profiles import GroupProfile
from copilot.store.keeping import Keeper, now, storable
from copilot.store.records import GroupVersion, SavedGroup
from copilot.store.schema import RECORD_VERSION, group_versions
from copilot.store.troubles import storage_error

NAME_LENGTH = 200


class GroupKeeper(Keeper):
    """The groups by name. All methods raise `StorageError`, `NotKeptError` for a group that is not there."""

    def save_group(self, profile: GroupProfile, *, based_on: int | None = None) -> SavedGroup:
        """Keep a profile under its name; one that did not change makes no new version.

        With `based_on`, the version it was edited from (0: there was none), nothing is saved when somebody else saved
        in between: `EditConflictError`.
        """
        name = storable(profile.name).strip()
        if not name or len(name) > NAME_LENGTH or "\n" in name:
            raise InputError(f"群名要有 1–{NAME_LENGTH} 个字，写在一行里", hint="改一改群名")
        profile = profile.model_copy(update={"name": name})
        try:
            record = storable(profile.model_dump_json())
        except PydanticSerializationError:
            raise InputError("群资料里有半个字符，存不下来", hint="检查是否有截断的表情符号") from None
        with self.database.writing() as connection:
            history = self._history(connection, name)
            last = history[-1] if history else None
            if last and last.profile == profile:
                return SavedGroup(profile=profile, version=last.version, saved=last.saved)
            number = last.version if last else 0
            if based_on is not None and based_on != number and (based_on or (last and last.state != "removed")):
                raise EditConflictError(
                    f"{name} 的资料在你编辑时被别人改过（你从第 {based_on} 版改起，现在是第 {number} 版）",
                    hint="打开最新的一版，把你的改动并进去再存",
                )
            saved = self._add(connection, name, number + 1, record)
        return SavedGroup(profile=profile, version=number + 1, saved=saved)

    def group(self, name: str) -> SavedGroup:
        """The profile in force."""
        last = self.group_versions(name)[-1]
        if last.state == "removed":
            raise NotKeptError(f"{last.name} 的资料已删除", hint=f"要找回来：copilot group restore {last.name} 版本号")
        return _readable(last)

    def groups(self) -> tuple[GroupVersion, ...]:
        """Every group that is not removed, by name, as it is in force; one that can't be read is there without profile."""
        with self.database.reading() as connection:
            rows = [self._version(row) for row in connection.execute(in_force())]
        return tuple(sorted(rows, key=lambda row: row.name))  # the two databases sort Chinese differently

    def group_versions(self, name: str) -> tuple[GroupVersion, ...]:
        """A group's history, oldest first, removals and all."""
        name = storable(name).strip()
        with self.database.reading() as connection:
            history = self._history(connection, name)
        if not history:
            raise NotKeptError(f"没有存过 {name} 的资料", hint="用 copilot group list 看有哪些群")
        return history

    def restore_group(self, name: str, version: int) -> SavedGroup:
        """Put an earlier version in force again, as a new version."""
        history = self.group_versions(name)
        chosen = next((row for row in history if row.version == version and row.state != "removed"), None)
        if chosen is None:
            there = "、".join(str(row.version) for row in history if row.state != "removed")
            raise NotKeptError(f"{history[0].name} 没有可恢复的第 {version} 版", hint=f"可以恢复：{there}")
        return self.save_group(_readable(chosen).profile)

    def remove_group(self, name: str) -> None:
        """Take a group off the list; its history stays, and `restore_group` brings it back."""
        name = storable(name).strip()
        with self.database.writing() as connection:
            history = self._history(connection, name)
            if not history or history[-1].state == "removed":
                raise NotKeptError(f"没有 {name} 的资料", hint="用 copilot group list 看有哪些群")
            self._add(connection, name, history[-1].version + 1, None)

    def _history(self, connection: Connection, name: str) -> tuple[GroupVersion, ...]:
        rows = connection.execute(
            select(group_versions).where(group_versions.c.name == name).order_by(group_versions.c.number)
        )
        return tuple(self._version(row) for row in rows)

    def _version(self, row: Row[Any]) -> GroupVersion:
        profile = None
        if row.profile is not None:
            with suppress(ValidationError):  # the state says so
                profile = GroupProfile.model_validate_json(row.profile)
        return GroupVersion(
            name=row.name,
            version=row.number,
            saved=self._here(row.saved),
            state="kept" if profile else "removed" if row.profile is None else "unreadable",
            profile=profile,
        )

    def _add(self, connection: Connection, name: str, number: int, profile: str | None) -> datetime:
        saved = now()
        connection.execute(
            insert(group_versions).values(
                name=name, number=number, saved=saved, record_version=RECORD_VERSION, profile=profile
            )
        )
        return self._here(saved)


def in_force() -> Select[Any]:
    """The latest row of every group that is not removed."""
    latest = (
        select(group_versions.c.name, func.max(group_versions.c.number).label("number"))
        .group_by(group_versions.c.name)
        .subquery()
    )
    is_latest = (latest.c.name == group_versions.c.name) & (latest.c.number == group_versions.c.number)
    return select(group_versions).join(latest, is_latest).where(group_versions.c.profile.is_not(None))


def _readable(version: GroupVersion) -> SavedGroup:
    if version.profile is None:
        raise storage_error(
            f"{version.name} 第 {version.version} 版的资料读不出来",
            hint=f"看看以前的版本：copilot group versions {version.name}；或升级 copilot",
        )
    return SavedGroup(profile=version.profile, version=version.version, saved=version.saved)
