"""How a text will look on the platform it is pasted into: length, Markdown shown raw, and readability."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from copilot.checks.rulebook import finding
from copilot.errors import UsageError
from copilot.lore import load_yaml
from copilot.records import Finding, Record, Span


class Platform(Record):
    """What one platform does with a message; `None` where it does not say."""

    name: str
    renders: tuple[str, ...] = ()
    limit: int | None = None
    robot_limits: dict[str, int] = {}
    mention_all: str | None = None


class _Reading(Record):
    """From where a text is hard to read in a chat window."""

    paragraph_characters: int
    emoji_least: int
    emoji_share: float


@cache
def _knowledge() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("platforms.yaml")
    return data


@cache
def platforms() -> dict[str, Platform]:
    """The known platforms by key: wechat, wecom, qq …"""
    return {key: Platform.model_validate(value) for key, value in _knowledge()["platforms"].items()}


@cache
def _reading() -> _Reading:
    return _Reading.model_validate(_knowledge()["reading"])


def _table(match: re.Match[str]) -> str:
    """A table as one line a row, each cell after its column's heading."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in match[0].strip().split("\n")]
    heading, body = rows[0], rows[2:]
    pairs = (zip(heading, row, strict=False) for row in body)
    lines = ["；".join(f"{name}：{cell}" if name else cell for name, cell in row if cell) for row in pairs]
    return "\n".join(lines or ["；".join(heading)]) + ("\n" if match[0].endswith("\n") else "")


def _link(match: re.Match[str]) -> str:
    """A link as words and address; the address alone where the words say nothing more."""
    words, address = match["words"].strip(), match["address"]
    return address if words in ("", address) else f"{words}（{address}）"


# Each kind of Markdown mark: how it is written, and what stands for it in plain text. Blocks come first, then
# what stands inside a line. Runs of more marks than Markdown knows (138****1234) are not marks.
_MARKS: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = {
    "fence": (re.compile(r"^[ \t]*```[^\n`]*\n(?P<body>.*?)^[ \t]*```[ \t]*$\n?", re.MULTILINE | re.DOTALL), lambda m: m["body"]),
    "table": (
        re.compile(r"^[ \t]*\|?[^\n|]+(?:\|[^\n|]*)+\|?[ \t]*\n[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*(?:\n[ \t]*\|?[^\n|]*(?:\|[^\n|]*)+)*\n?", re.MULTILINE),
        _table,
    ),
    "heading": (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(?P<body>[^\n]+?)[ \t]*#*[ \t]*$", re.MULTILINE), lambda m: m["body"]),
    "rule": (re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*(?:\n|\Z)", re.MULTILINE), lambda _: ""),
    "quote": (re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+(?P<body>[^\n]*)$", re.MULTILINE), lambda m: m["body"]),
    "link": (re.compile(r"!?\[(?P<words>[^\]\n]*)\]\((?P<address>[^()\s]+)(?:[ \t]+\"[^\"\n]*\")?\)"), _link),
    "bold": (re.compile(r"(?<![*\\])\*\*(?![\s*])(?P<body>[^*\n]+?)(?<!\s)\*\*(?!\*)|(?<![\w_\\])__(?![\s_])(?P<low>[^_\n]+?)(?<!\s)__(?![\w_])"), lambda m: m["body"] or m["low"]),
    "italic": (re.compile(r"(?<![\w*\\])\*(?![\s*])(?P<body>[^*\n]+?)(?<!\s)\*(?![\w*])"), lambda m: m["body"]),
    "strike": (re.compile(r"(?<!~)~~(?![\s~])(?P<body>[^~\n]+?)(?<!\s)~~(?!~)"), lambda m: f"{m['body']}（已划去）"),
    "code": (re.compile(r"(?<!`)`(?P<body>[^`\n]+)`(?!`)"), lambda m: m["body"]),
}  # fmt: skip
_BULLET = re.compile(r"^([ \t]*)[-*+][ \t]+(?:\[[ xX]\][ \t]+)?", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")
_PLACEHOLDER = re.compile(r"\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}|\{%[^\n]*?%\}|<%[^\n]*?%>")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]")
_ADDRESS = re.compile(r"https?://[^\s\u3000-\u9fff（）]+")


def plain(text: str) -> str:
    """Markdown as plain text ready to paste: marks go, words, addresses and line breaks stay."""
    text = text.replace("\r\n", "\n")
    for pattern, replace in _MARKS.values():
        text = pattern.sub(replace, text)
    text = _ESCAPE.sub(r"\1", _BULLET.sub(r"\1· ", text))
    return re.sub(r"\n{3,}", "\n\n", text)


def platform_findings(text: str, platform: str) -> tuple[Finding, ...]:
    """What will look wrong or be cut off when `text` is pasted into `platform`, in reading order.

    Spans are code points. Raises `UsageError` for a platform that is not in knowledge/platforms.yaml.
    """
    if platform not in platforms():
        raise UsageError(f"unknown platform {platform!r}", hint="choose one of " + ", ".join(platforms()))
    target = platforms()[platform]
    findings = [
        *_length(text, target),
        *_raw_marks(text, target),
        *_placeholders(text),
        *_mentions(text, target),
        *_long_paragraphs(text),
        *_emoji(text),
    ]
    return tuple(sorted(findings, key=lambda one: one.span.start if one.span else -1))


def _stretch(match: re.Match[str]) -> Span:
    return Span(start=match.start(), end=match.end(), text=match[0])


def _length(text: str, target: Platform) -> Iterator[Finding]:
    if target.limit is not None and len(text) > target.limit:
        rest = Span(start=target.limit, end=len(text), text=text[target.limit :])
        yield finding("platform-length", rest, size=len(text), platform=target.name, limit=target.limit)
    size = len(text.encode("utf-8", errors="replace"))
    robot = target.robot_limits.get("text")
    if robot is not None and size > robot:
        yield finding("platform-length", variant="robot", size=size, platform=target.name, limit=robot)


def _raw_marks(text: str, target: Platform) -> Iterator[Finding]:
    """Markdown marks that the platform shows as typed; of nested marks the outermost, made plain all through."""
    marks = [(match, kind) for kind, (pattern, _) in _MARKS.items() for match in pattern.finditer(text)]
    reached = 0
    for match, kind in sorted(marks, key=lambda mark: (mark[0].start(), -mark[0].end())):
        if match.start() < reached:
            continue
        reached = match.end()
        if kind not in target.renders:
            shown = match[0].strip().splitlines()[0][:20]
            span = _stretch(match)
            yield finding("platform-markdown", span, replacement=plain(match[0]), platform=target.name, words=shown)


def _placeholders(text: str) -> Iterator[Finding]:
    for match in _PLACEHOLDER.finditer(text):
        yield finding("platform-placeholder", _stretch(match), words=match[0])


def _mentions(text: str, target: Platform) -> Iterator[Finding]:
    """Another platform's way of calling everybody calls nobody here."""
    foreign = {other.mention_all for other in platforms().values() if other.mention_all} - {target.mention_all}
    for match in re.finditer("|".join(map(re.escape, sorted(foreign))) + r"(?!\w)", text):
        yield finding(
            "platform-mention",
            _stretch(match),
            variant="" if target.mention_all else "none",
            replacement=target.mention_all,
            platform=target.name,
            words=match[0],
            mention=target.mention_all,
        )


def _long_paragraphs(text: str) -> Iterator[Finding]:
    most = _reading().paragraph_characters
    for match in re.finditer(r"[^\n]+", text):
        length = len(_ADDRESS.sub("", match[0]).strip())
        if length > most:
            yield finding("platform-line-too-long", _stretch(match), length=length, most=most)


def _emoji(text: str) -> Iterator[Finding]:
    count = len(_EMOJI.findall(text))
    letters = len(re.sub(r"\s", "", text))
    if count >= _reading().emoji_least and count > letters * _reading().emoji_share:
        yield finding("emoji-density", letters=letters, count=count)
