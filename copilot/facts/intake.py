"""From whatever the operator hands over to plain fields of text, each with where it stood.

A brief comes as a file, a pasted text, YAML, JSON or a Python mapping. Here it becomes a tuple of
`Field`s; nothing is interpreted, nothing is lost, and YAML scalars stay the words that were typed
(`20:00` is not 1200, `no` is not false).
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from copilot.errors import EmptyInputError, EncodingError, InputError, InputTooLargeError
from copilot.records import Record

MAX_DEPTH = 20
MAX_FIELDS = 5_000
MAX_YAML = 300_000  # characters; PyYAML reads about 100,000 a second
MAX_TEXT = 200_000  # characters of all fields together: a book's worth, read in minutes


class Field(Record):
    """One piece of the input: its path (`facts[2]`, `group.name`; "" for free text), words and 1-based line."""

    path: str
    text: str
    line: int


def read_file(path: Path, limit: int) -> str:
    """The text of a file of at most `limit` bytes, whatever its encoding."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError:
        raise InputError(f"找不到文件 {path}", hint="检查路径；用 - 从标准输入读") from None
    except IsADirectoryError:
        raise InputError(f"{path} 是文件夹", hint="给一个文件") from None
    except (OSError, ValueError) as error:
        raise InputError(f"读不了 {path}：{getattr(error, 'strerror', error)}", hint="检查路径和文件权限") from None
    return decode(data, limit)


def decode(data: bytes, limit: int) -> str:
    """Text from bytes: UTF-8, UTF-16 with a byte order mark, or a Chinese code page; binary is refused."""
    if len(data) > limit:
        raise InputTooLargeError(
            f"输入超过 {limit / 1_000_000:g} MB", hint="只留和这次任务有关的部分，或调高 COPILOT_MAX_INPUT_BYTES"
        )
    likely = _readable
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data:
        encodings, likely = ("utf-16-le", "utf-16-be"), _usual
    else:
        encodings = ("utf-8-sig", "gb18030", "big5")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if likely(text):
            return _clean(text)
    raise EncodingError("输入不是文本，或编码无法识别", hint="另存为 UTF-8 文本再试（GBK、UTF-16 也可以）")


_USUAL = re.compile(r"[\t\n\r -~\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\U00010000-\U0010ffff]")


def _usual(text: str) -> bool:
    """Whether a text is nearly all Latin and Chinese: any two bytes are a UTF-16 character, most of them rare ones."""
    return len(_USUAL.findall(text)) * 10 >= len(text) * 9


def _readable(text: str) -> bool:
    """Control characters and private-use code points are what binary looks like when it decodes by luck."""
    odd = sum(
        1
        for char in text
        if (char < " " and char not in "\t\n\r\f") or "\ue000" <= char <= "\uf8ff" or char == "\ufffd"
    )
    return odd * 50 <= len(text)


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _clean(text: str) -> str:
    return whole(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""))


def whole(text: str) -> str:
    """The text with every half character (left by a cut escape) replaced: it could be neither stored nor sent."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def read_fields(source: str | Mapping[Any, Any], *, suffix: str = "") -> tuple[Field, ...]:
    """The input's fields in order. `suffix` (`.json`, `.yaml`) forces a format; otherwise it is told by looking."""
    if isinstance(source, Mapping):
        fields = tuple(_walk(source, ""))
    else:
        text = _clean(source)
        if not _visible(text):
            raise EmptyInputError("输入是空的", hint="写上要发的事：时间、地点、对象、怎么参加，想到什么写什么")
        fields = _parse(text, suffix.lower())
    if not any(_visible(field.text) for field in fields):
        raise EmptyInputError("输入里没有任何内容", hint="至少写一件要告诉大家的事")
    if (size := sum(len(field.text) for field in fields)) > MAX_TEXT:
        raise InputTooLargeError(f"输入有 {size:,} 字", hint=f"一次最多 {MAX_TEXT:,} 字，请只留和这件事有关的")
    if len(fields) > MAX_FIELDS:
        raise InputTooLargeError(f"输入有 {len(fields)} 个字段", hint=f"一次最多 {MAX_FIELDS} 个，请拆开")
    return fields


def plain(source: Mapping[Any, Any]) -> dict[str, Any]:
    """A mapping as data that JSON can hold: keys, and values of no JSON type, as they are spelled. Raises `InputError`."""
    return {whole(str(key)): _plain(item, 1) for key, item in source.items()}


def _plain(value: Any, depth: int) -> Any:
    _guard_depth(depth)
    if isinstance(value, Mapping):
        return {whole(str(key)): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item, depth + 1) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    return whole(value if isinstance(value, str) else _spell(value))


def _visible(text: str) -> bool:
    """Whether there is anything to see in a text: spaces, control characters and joiners of no width are nothing."""
    return any(unicodedata.category(char)[0] not in "ZC" for char in text)


def _parse(text: str, suffix: str) -> tuple[Field, ...]:
    if suffix == ".json" or (not suffix and text.lstrip().startswith(("{", "["))):
        try:
            value = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_Pairs)
            return tuple(_numbered(_walk(value, ""), text))
        except json.JSONDecodeError as error:
            if suffix:
                raise InputError(
                    f"JSON 第 {error.lineno} 行有误：{error.msg}", hint="改正这一行，或把内容当普通文字贴进来"
                ) from None
        except RecursionError:
            raise InputError("JSON 嵌套太深", hint=f"最多 {MAX_DEPTH} 层") from None
    if suffix in (".yaml", ".yml") or (not suffix and _is_yaml_mapping(text)):
        try:
            return tuple(_walk_yaml(_compose(text), "", 0))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"第 {mark.line + 1} 行" if mark else ""
            raise InputError(f"YAML {where}有误", hint="检查缩进和冒号，或把内容当普通文字贴进来") from None
    return (Field(path="", text=text, line=1),)


_KEY_LINE = re.compile(r"(?:[\w\u4e00-\u9fff ]{1,30}:(?: .*)?|\s+.*|- .*)$")


def _is_yaml_mapping(text: str) -> bool:
    """Whether a text without a suffix was meant as YAML: every line has its form, and it has a nested part or two keys."""
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith(("#", "---"))]
    if not lines or not all(_KEY_LINE.match(line) for line in lines) or not re.match(r"[\w\u4e00-\u9fff]", lines[0]):
        return False
    try:
        node = _compose(text)
    except (yaml.YAMLError, InputError):
        return False
    return isinstance(node, yaml.MappingNode) and len(node.value) > 1


class _NoAliasLoader(yaml.SafeLoader):
    """YAML without anchors and aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise InputError("YAML 里用了 & 和 * 引用", hint="把内容直接写出来")
        return super().compose_node(parent, index)


def _compose(text: str) -> yaml.Node | None:
    if len(text) > MAX_YAML:
        raise InputTooLargeError(f"YAML 超过 {MAX_YAML // 10_000} 万字", hint="拆开，或存为 .txt 当普通文字读")
    try:
        node: yaml.Node | None = _NoAliasLoader(text).get_single_node()
    except RecursionError:
        raise InputError("YAML 嵌套太深", hint=f"最多 {MAX_DEPTH} 层") from None
    return node


def _walk_yaml(node: yaml.Node | None, path: str, depth: int) -> Iterator[Field]:
    _guard_depth(depth)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise InputError(f"YAML 第 {key.start_mark.line + 1} 行的键不是文字", hint="冒号前只写字段名")
            yield from _walk_yaml(value, _join(path, key.value), depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk_yaml(value, f"{path}[{index}]", depth + 1)
    elif isinstance(node, yaml.ScalarNode) and node.tag != _NULL:
        yield Field(path=path, text=_clean(node.value), line=node.start_mark.line + 1)


class _Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object with every pair as written: a key that stands twice has two values, and they may conflict."""

    __slots__ = ()


_NULL = "tag:yaml.org,2002:null"


def _walk(value: Any, path: str, depth: int = 0) -> Iterator[Field]:
    _guard_depth(depth)
    if isinstance(value, (Mapping, _Pairs)):
        for key, item in value.items() if isinstance(value, Mapping) else value:
            yield from _walk(item, _join(path, str(key)), depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for index, item in enumerate(value):
            yield from _walk(item, f"{path}[{index}]", depth + 1)
    elif value is not None:
        text = _clean(value if isinstance(value, str) else _spell(value))
        yield Field(path=path, text=text, line=1)


def _spell(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat(sep=" ", timespec="minutes") if hasattr(value, "hour") else str(value)


def _numbered(fields: Iterable[Field], raw: str) -> Iterator[Field]:
    """JSON's fields with their lines: the values stand in the text in the order they are read."""
    at, line = 0, 1
    for field in fields:
        forms = (field.text, json.dumps(field.text, ensure_ascii=False)[1:-1], json.dumps(field.text)[1:-1])
        found = [place for form in forms if form and (place := raw.find(form, at)) >= 0]
        if found:
            line += raw.count("\n", at, min(found) + 1)
            at = min(found) + 1
        yield field.model_copy(update={"line": line})


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _guard_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InputError("输入嵌套太深", hint=f"最多 {MAX_DEPTH} 层")
