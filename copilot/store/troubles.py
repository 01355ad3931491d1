"""What went wrong in the database, in an operator's words: what it is, what to do, whether trying again can help."""

import sqlite3
from typing import NamedTuple

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from copilot.errors import StorageError


class _Trouble(NamedTuple):
    message: str
    hint: str
    retryable: bool = True


ELSEWHERE = "用 COPILOT_HOME 换一个可写的文件夹"
_SPACE = _Trouble("{place} 所在的磁盘满了，这次没有存下，以前的都在", f"腾出空间再试，或{ELSEWHERE}")
_LOCKED = _Trouble("{place} 正被别的程序占用，等了 {seconds:.0f} 秒", "关掉占用它的程序，或稍后再试")
_READ_ONLY = _Trouble("{place} 不能写", f"检查文件和文件夹的权限，或{ELSEWHERE}")
_DAMAGED = _Trouble(
    "{place} 已损坏，或不是草稿库；没有动它",
    "把它移到别处（以后可设法修复），再运行会新建一个；有备份就放回原处",
    False,
)
_UNREADABLE = _Trouble("{place} 打不开", f"检查路径和权限，或{ELSEWHERE}")

# By SQLite's primary result codes: https://www.sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_FULL: _SPACE,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: _UNREADABLE,
    sqlite3.SQLITE_IOERR: _Trouble("读写 {place} 出错（{words}）", f"检查磁盘，或{ELSEWHERE}"),
}

# By PostgreSQL's error codes, the longest prefix first: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "53100": _SPACE._replace(hint="请数据库管理员腾出空间"),
    "55P03": _LOCKED,
    "25006": _Trouble("数据库 {place} 是只读的", "换成可写的主库地址（COPILOT_DATABASE_URL）"),
    "42501": _Trouble("在数据库 {place} 里没有权限（{words}）", "请数据库管理员给这个用户建表和读写的权限", False),
    "42P07": _Trouble("数据库 {place} 里已有别的程序的同名表（{words}）", "给 copilot 单独建一个数据库", False),
    "53": _Trouble("数据库 {place} 资源不足（{words}）", "稍后再试"),
    "57": _Trouble("数据库 {place} 正在停机或中断了操作", "稍后再试"),
}
_CONNECTING = _Trouble(
    "连不上数据库 {place}（{words}）", "检查数据库是否在运行，以及 COPILOT_DATABASE_URL 里的地址、库名、用户和密码"
)
_OTHER = _Trouble("草稿库 {place} 出错（{words}）", "运行 copilot doctor 看看", False)


def storage_error(message: str, *, hint: str, retryable: bool = False) -> StorageError:
    """A `StorageError` that says whether trying again can help."""
    error = StorageError(message, hint=hint)
    error.retryable = retryable
    return error


def too_new(place: str, found: str, known: str) -> StorageError:
    """A newer version wrote this database; an older one must not touch it."""
    return storage_error(
        f"{place} 是更新版本的 copilot 写的（结构 {found}，这里只认得到 {known}），没有动它",
        hint="升级 copilot；或用 COPILOT_HOME、COPILOT_DATABASE_URL 换一个库",
    )


def explained(error: DBAPIError, place: str, url: URL, seconds: float) -> StorageError:
    """The database's error in our words. What it says itself is shown in one line and without a secret of the URL."""
    trouble = _trouble(error.orig)
    words = without_secrets(str(error.orig).strip().partition("\n")[0], url)
    return storage_error(
        trouble.message.format(place=place, words=words, seconds=seconds),
        hint=trouble.hint,
        retryable=trouble.retryable,
    )


def _trouble(original: BaseException | None) -> _Trouble:
    if isinstance(original, sqlite3.Error):
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF, _OTHER)
    state = getattr(original, "sqlstate", None)
    if state is None:  # psycopg knows no code for what goes wrong before or while a connection breaks
        return _CONNECTING
    return next((trouble for prefix, trouble in _POSTGRESQL.items() if state.startswith(prefix)), _OTHER)


def without_secrets(text: str, url: URL) -> str:
    """A text without the password of the URL, nor what its query calls one."""
    secrets = [str(url.password or "")]
    secrets += [str(value) for key, value in url.query.items() if "pass" in key.lower()]
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text
