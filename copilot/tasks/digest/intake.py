"""From whatever the operator hands over to a request: the chat kept as it came, and what was said with it."""

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from copilot.chat.decoding import decode
from copilot.errors import EmptyInputError, InputError, InputTooLargeError, StorageError, UsageError
from copilot.facts.intake import whole
from copilot.records import Draft, Finding, Request
from copilot.settings import Settings
from copilot.tasks.digest.asked import Asked, split_mapping, surrounds_chat
from copilot.tasks.digest.carry import slim
from copilot.tasks.digest.originals import Original, keep_original

MOST_FILES = 5000
BRIEF_BYTES = 30_000_000
SMALL = 1000
_CHAT_KEY = re.compile(r"(?m)^(?:chat|chat_log|聊天记录|聊天|群聊记录|消息记录)[ \t]*:[ \t]*[|>]")
_YAML: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SETTINGS = ("format", "group", "operator", "focus", "dates")


def request_of(
    source: str | bytes | Path | Mapping[Any, Any], options: Mapping[str, Any], settings: Settings
) -> tuple[Request, tuple[Finding, ...]]:
    """The request for a digest, and what the operator should know. Raises `InputError`, `UsageError`.

    The chat itself is kept aside and only named in the request; where it can't be kept, the request carries its text. An
    archive or a very long chat can't be carried: that raises the `StorageError`.
    """
    original, asked = _taken(source, settings.max_chat_bytes, str(options.get("suffix") or ""))
    if _is_blank(original.data):
        raise EmptyInputError("没有聊天记录", hint="贴上群聊天记录，或给导出的文件")
    asked = asked.under(_given(options))
    brief: dict[str, Any] = {"name": original.name, "said": asked.model_dump(mode="json")}
    notices: tuple[Finding, ...] = ()
    try:
        brief["original"] = keep_original(original, settings)
    except StorageError as error:
        if len(original.data) > settings.max_input_bytes or original.data.startswith(b"PK\x03\x04"):
            raise
        notices = (Finding(severity="warning", code="original-not-kept", message=error.message, fix=error.hint),)
        brief["chat"], _ = decode(original.data)
    now = options.get("now") or _moment(asked.now)
    if now and now.tzinfo is None:
        now = now.replace(tzinfo=settings.zone)
    platform = options.get("platform") or asked.platform or settings.platform
    return Request(brief=brief, now=now, platform=platform), notices


def _is_blank(data: bytes) -> bool:
    """Whether there is nothing to see: spaces, control characters and joiners of no width are nothing."""
    if len(data) > SMALL:
        return False
    try:
        return all(unicodedata.category(char)[0] in "ZC" for char in data.decode())
    except UnicodeDecodeError:
        return False


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: str(options.get(name) or "").strip() for name in _SETTINGS}
    if given["format"] == "auto":
        given["format"] = ""
    lists = {name: options.get(name) or () for name in ("staff", "rules")}
    for name, value in lists.items():
        if isinstance(value, str):
            raise UsageError(f"{name} 要给一列名字，不是一个字符串", hint=f'写成 {name}=["…", "…"]')
    earlier = tuple(_structure(one) for one in options.get("earlier") or ())
    return {**given, **{name: tuple(map(str, value)) for name, value in lists.items()}, "earlier": earlier}


def _structure(digest: Any) -> dict[str, Any]:
    """The structure of an earlier digest: a draft, its JSON, or the structure itself."""
    if isinstance(digest, Draft):
        return slim(digest.structure)
    if isinstance(digest, Mapping):
        inner = digest.get("structure")
        return slim(inner if isinstance(inner, Mapping) else digest)
    raise UsageError(
        "earlier 要给之前的日报（Draft 或它的 JSON）", hint="例如 earlier=[copilot.store.draft(编号).draft]"
    )


def _taken(source: Any, limit: int, suffix: str) -> tuple[Original, Asked]:
    """The chat as it came and the settings around it."""
    if isinstance(source, Mapping):
        return _from_mapping(source, limit)
    original = _original(source, limit)
    suffix = suffix.lower() or Path(original.name).suffix.lower()
    if (mapping := _mapping_in(original.data, suffix)) is not None:
        return _from_mapping(mapping, limit, name=original.name)
    return original, Asked()


def _original(source: Any, limit: int) -> Original:
    if isinstance(source, Path):
        return _folder(source, limit) if source.is_dir() else Original(source.name, _bytes_of(source, limit))
    if not isinstance(source, (str, bytes, bytearray)):
        raise UsageError(f"聊天记录不能是 {type(source).__name__}", hint="给文本、文件路径或一个含聊天记录的映射")
    data = whole(source).encode() if isinstance(source, str) else bytes(source)
    _guard(len(data), limit)
    return Original("", data)


def _from_mapping(source: Mapping[Any, Any], limit: int, name: str = "") -> tuple[Original, Asked]:
    chats, asked = split_mapping(source)
    if not chats:
        if not source:
            raise EmptyInputError("输入里没有任何内容", hint="至少给一段群聊天记录")
        known = "、".join(asked.unused[:6])
        raise EmptyInputError(
            "输入里没有找到聊天记录" + (f"（有 {known}）" if known else ""),
            hint="把聊天记录放在 chat（或“聊天记录”）下",
        )
    if len(chats) == 1 and isinstance(chats[0], (Path, bytes)):
        return _original(chats[0], limit), asked
    texts = [chat for chat in chats if isinstance(chat, str)]
    if texts:
        data = "\n\n".join(texts).encode()
        _guard(len(data), limit)
        return Original("", data), asked
    shapes = [chat for chat in chats if isinstance(chat, (list, tuple, Mapping))]
    if not shapes:
        raise InputError("chat 里不是聊天记录", hint="给聊天记录的文本，或导出文件的路径")
    data = json.dumps(shapes[0], ensure_ascii=False, indent=0, default=str).encode()
    _guard(len(data), limit)
    return Original(f"{Path(name).stem or 'chat'}.json", data), asked


def _mapping_in(data: bytes, suffix: str) -> Mapping[Any, Any] | None:
    """The mapping that a file is, when a chat with settings around it is what it holds; None for a chat itself."""
    if len(data) > BRIEF_BYTES or data[:2] == b"PK":
        return None
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return None
    value: Any = None
    if suffix in (".yaml", ".yml") or (not suffix.startswith(".json") and _CHAT_KEY.search(text)):
        value = _read_yaml(text, forced=suffix in (".yaml", ".yml"))
    elif text.startswith("{"):
        try:
            value = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            return None  # the importers say what is wrong with an export
    if not isinstance(value, dict):
        return None
    return value if suffix in (".yaml", ".yml") or surrounds_chat(value) else None


def _read_yaml(text: str, *, forced: bool) -> Any:
    """Every scalar as the words that were typed. Raises `InputError` where it was meant as YAML."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, _YAML)):
            raise InputError("YAML 里用了 & 和 * 引用", hint="把内容直接写出来")
        return yaml.load(text, _YAML)  # noqa: S506 - a loader of strings only
    except (yaml.YAMLError, RecursionError) as error:
        if not forced:
            return None
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else ""
        raise InputError(f"YAML {where}有误", hint="检查缩进和冒号，或把聊天记录单独存成 .txt") from None


def _folder(folder: Path, limit: int) -> Original:
    """A folder as one archive, the same for the same files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if len(files) > MOST_FILES:
        raise InputTooLargeError(f"{folder} 里有 {len(files)} 个文件", hint=f"一次最多 {MOST_FILES} 个，请分开给")
    packed, size = io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            data = _bytes_of(path, limit)
            size += len(data)
            _guard(size, limit)
            archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix()), data, zipfile.ZIP_DEFLATED)
    if not files:
        raise EmptyInputError(f"{folder} 是空文件夹", hint="给放着导出文件的文件夹")
    return Original(f"{folder.resolve().name}.zip", packed.getvalue())


def _bytes_of(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError:
        raise InputError(f"找不到文件 {path}", hint="检查路径；用 - 从标准输入读") from None
    except (OSError, ValueError) as error:
        raise InputError(f"读不了 {path}：{getattr(error, 'strerror', error)}", hint="检查路径和文件权限") from None
    _guard(len(data), limit)
    return data


def _guard(size: int, limit: int) -> None:
    if size > limit:
        raise InputTooLargeError(
            f"聊天记录超过 {limit / 1_000_000:g} MB", hint="按月或按周分开导出，或调高 COPILOT_MAX_CHAT_BYTES"
        )


def _moment(stated: str) -> datetime | None:
    """A moment written with the chat, where it is one."""
    try:
        return datetime.fromisoformat(stated) if stated else None
    except ValueError:
        return None
