"""Words that chat apps put into chats: placeholders, notices, mentions, quotes. The lists are knowledge/chat_formats.yaml."""

import re
from collections.abc import Collection
from functools import cache
from typing import Any, get_args

from copilot.chat.records import Kind, Notice
from copilot.lore import load_yaml

_HIDDEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_SPACES = "\u2005\u00a0\u202f\u3000\u2002\u2003\u2009"
_ODD = re.compile(f"[{_HIDDEN}{_SPACES}]")
_SHOWN = {**dict.fromkeys(map(ord, _HIDDEN), ""), **dict.fromkeys(map(ord, _SPACES), " ")}
_QUOTED = r'(?:"[^"\n]{1,60}"|“[^”\n]{1,60}”|「[^」\n]{1,60}」|\'[^\'\n]{1,60}\')'
_PLAIN = r"[^\s\"“”「」，,。.！!？?：:\n](?:[^\"“”「」，,。！!？?：:\n]{0,30}?[^\s\"“”「」，,。！!？?：:\n])?"
_DASHES = re.compile(r"[ \t]*(?:[-—–─][ \t]?){5,}[ \t]*")
_QUOTED_TAIL = re.compile(r"\s*\[引用 ?(?P<name>[^：:\n]{1,60})[：:] ?(?P<text>[^\n]*)\]\s*\Z")
_NAME_END = re.compile(r"[\s\u2005@＠,，。!！?？:：;；、()（）\[\]【】「」“”\"'<>《》/\\|~～+=#]")
_MAIL_TAIL = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_LONGEST_NAME = 40
_LONGEST_NOTICE = 200


def visible(text: str) -> str:
    """The text for comparing: without marks that can't be seen, every kind of space a plain one."""
    if _ODD.search(text) is None:
        return text
    return text.translate(_SHOWN)


def plain(text: str) -> str:
    """The text for telling whether two are the same: as it can be seen, on one line, with single spaces."""
    return " ".join(visible(text).split())


def placeholder_kind(text: str) -> Kind | None:
    """What a body stands for that is nothing but an app's placeholder (`[图片]`, `[语音] 48"`); None when it is text."""
    body = text.strip().strip(_HIDDEN)
    if not body or len(body) > 2000:
        return None
    if body[0] not in "[!":
        return _bare_kind(visible(body)) if "附件" in body or "attachment" in body or ":" in body[-9:] else None
    body = visible(body)
    kinds: set[Kind] = set()
    while body:
        if (match := _brackets().match(body)) is None:
            return None
        word, details = match["word"].strip().casefold(), match["details"]
        rest = body[match.end() :].strip()
        kind = _placeholder_words().get(word)
        if kind is None and not details and not rest and not kinds:
            kind = "sticker" if word in _folded("lone_sticker") else None
        if kind is None:
            return None
        kinds.add(kind)
        if rest and not rest.startswith(("[", "![")) and not _may_follow(kind, word, rest):
            return None
        body = rest if rest.startswith(("[", "![")) else ""
    return next(iter(kinds)) if len(kinds) == 1 else "other"


def notice_kind(text: str, names: Collection[str] | None = None) -> Notice | None:
    """What kind of notice a whole text is (`"小北"撤回了一条消息`); None when somebody may have said it.

    With `names`, a name without quotes around it must be one of them: for lines that stand between messages.
    """
    if len(text) > _LONGEST_NOTICE or not _notice_trigger().search(text):
        return None
    line = visible(text).strip().rstrip("。.")
    for kind, pattern in _notice_patterns():
        if match := pattern.fullmatch(line):
            who = next((said for said in match.groups() if said), "")
            if not who or _may_be_name(who, names):
                return kind
    return None


def read_mentions(text: str, names: Collection[str] = ()) -> tuple[tuple[str, ...], bool]:
    """The names after each `@`, in order and once each, and whether everyone was called.

    A name ends at U+2005 (where WeChat puts it), else it is the longest of `names` that stands there, else it ends at
    a space or mark. Pass a set or a mapping of names when there are many texts.
    """
    if "@" not in text and "＠" not in text:
        return (), False
    known = names if isinstance(names, (set, frozenset, dict)) else frozenset(names)
    found: dict[str, None] = {}
    everyone = False
    for match in re.finditer("[@＠]", text):
        start = match.end()
        if text[match.start() - 1 : match.start()].isascii() and _is_mail(text, match.start()):
            continue
        name = _name_at(text[start : start + _LONGEST_NAME + 1], known)
        if name in words("everyone") or (not name and text.startswith("_all", start)):
            everyone = True
        elif name:
            found[name] = None
    return tuple(found), everyone


def split_quote(text: str) -> tuple[str, str, str] | None:
    """`「名：原文」`, a rule of dashes, and the own words: (own words, quoted name, quoted text). None: nothing is quoted."""
    body = text.lstrip()
    if body.startswith("「") and (end := _quote_end(body)) is not None:
        quoted, own = body[1 : end[0]], body[end[1] :]
        name, mark, words_quoted = quoted.partition("：")
        if not mark or "\n" in name:
            name, mark, words_quoted = quoted.partition(":")
        if mark and "\n" not in name and len(name) <= 60:
            return own.strip(), visible(name).strip(), words_quoted.strip()
    if "[引用" in text and (match := _QUOTED_TAIL.search(text)):
        return text[: match.start()].strip(), match["name"].strip(), match["text"].strip()
    return None


@cache
def words(name: str) -> tuple[str, ...]:
    """One of the word lists of knowledge/chat_formats.yaml."""
    return tuple(_data()[name])


@cache
def label_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before a time that is said in a message: how such a line begins, and how what is before it ends."""
    labels = _data()["labels"]
    return tuple(labels["begins"]), tuple(labels["ends"])


def is_system_sender(name: str) -> bool:
    """Whether an exporter writes notices under this name."""
    return name.strip() in _system_senders()


def _may_follow(kind: Kind, word: str, rest: str) -> bool:
    """Whether words after a placeholder are the app's own, or a title, name or memo of the thing it stands for."""
    if _lengths().fullmatch(rest):
        return True
    first, *others = rest.splitlines()
    title = kind in words("with_words") and word not in _folded("alone") and len(first) <= 200
    return title and all(line.strip().startswith(("http://", "https://")) for line in others)


def _may_be_name(who: str, names: Collection[str] | None) -> bool:
    """Whether a notice may be about this: quoted, a person's pronoun, or a name (of `names`, where they are given)."""
    if who[0] in "\"“「'" or who in words("persons"):
        return True
    if names is not None:
        return who in names
    return not any(word in who for word in words("not_names"))


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("chat_formats.yaml")
    unknown = {*data["placeholders"], *data["bare"]} - {*get_args(Kind)} | {*data["notices"]} - {*get_args(Notice)}
    assert not unknown, unknown
    return data


@cache
def _placeholder_words() -> dict[str, Kind]:
    return {word.casefold(): kind for kind, listed in _data()["placeholders"].items() for word in listed}


@cache
def _folded(name: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in words(name))


@cache
def _system_senders() -> frozenset[str]:
    return frozenset(words("system_senders"))


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile(
        r"!?\[(?P<word>[^\]\[|:：,\n]{1,24})(?P<details>[|:：,][^\]\n]*)?\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?"
    )


@cache
def _lengths() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{length})" for length in words("lengths")), re.IGNORECASE)


@cache
def _bare() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(rf"(?:(?:{'|'.join(listed)})\s*)+", re.IGNORECASE))
        for kind, listed in _data()["bare"].items()
    )


def _bare_kind(body: str) -> Kind | None:
    return next((kind for kind, pattern in _bare() if pattern.fullmatch(body)), None)


@cache
def _notice_trigger() -> re.Pattern[str]:
    """A cheap sign that a text may be a notice, before the patterns are tried one by one."""
    return re.compile("|".join(map(re.escape, words("notice_signs"))))


@cache
def _notice_patterns() -> tuple[tuple[Notice, re.Pattern[str]], ...]:
    persons = "|".join(map(re.escape, sorted(words("persons"), key=len, reverse=True)))
    who = rf"({_QUOTED}|{persons}|{_PLAIN})"
    one = rf"(?:{_QUOTED}|{persons}|{_PLAIN})"
    slots = {
        "{whos}": rf"{one}(?:[、,，]\s?{one}){{0,40}}(?:等\d*人)?",
        "{who}": who,
        "{what}": r"[^\n]{1,120}",
        "{tail}": r"(?:[,，。\s(（][^\n]{0,60})?",
        "{quoted}": _QUOTED,
    }
    found: list[tuple[Notice, re.Pattern[str]]] = []
    for kind, templates in _data()["notices"].items():
        for template in templates:
            for slot, pattern in slots.items():
                template = template.replace(slot, pattern)
            found.append((kind, re.compile(template)))
    return tuple(found)


def _quote_end(body: str) -> tuple[int, int] | None:
    """Where the quoted words end and where the own words begin: at the first `」` with a rule of dashes below it."""
    close = body.find("」")
    while close != -1:
        line_end = body.find("\n", close)
        if line_end == -1:
            return None
        if not body[close + 1 : line_end].strip():
            rule_end = body.find("\n", line_end + 1)
            rule = body[line_end + 1 : rule_end if rule_end != -1 else len(body)]
            if _DASHES.fullmatch(rule.rstrip("\r")):
                return close, (rule_end if rule_end != -1 else len(body))
        close = body.find("」", close + 1)
    return None


def _name_at(rest: str, known: Collection[str]) -> str:
    """The name that begins here."""
    line = rest.split("\n", 1)[0]
    marked = line.find("\u2005")
    if marked > 0 and "@" not in line[:marked]:
        return visible(line[:marked]).strip()
    for size in range(min(len(line), _LONGEST_NAME), 0, -1) if known else ():
        if line[:size] in known:
            return line[:size]
    for word in words("everyone"):
        if line.startswith(word) and not (word.isascii() and line[len(word) : len(word) + 1].isalnum()):
            return word
    end = _NAME_END.search(line)
    return visible(line[: end.start()] if end else line).strip()


def _is_mail(text: str, at: int) -> bool:
    """Whether the `@` at this place is that of a mail address."""
    return (
        at > 0
        and (text[at - 1].isalnum() or text[at - 1] in "._-+")
        and _MAIL_TAIL.match(text, at + 1, at + 80) is not None
    )
