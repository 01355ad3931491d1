"""Names of files, whatever they were called: how one is saved, shown and found again."""

import difflib
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from copilot.errors import PlaybookError, UsageError

_MAX_BYTES = 200
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)


# Those that steer a terminal, break a line, or turn the direction of writing and so show "gpj.exe" as "exe.jpg".
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_STEP = re.compile(r"\s*›\s*")
_NEAR = 8  # names that an error lists


def shown_name(name: str) -> str:
    r"""A path as text that can be shown on one line anywhere, whatever its bytes are; most are as they were.

    A ZIP packed under Windows holds names in GBK; a line feed is shown as `\n`.
    """
    decoded = "/".join(map(_decoded, name.split("/")))  # a folder above may be named in another encoding
    return _UNSHOWN.sub(lambda sign: sign[0].encode("unicode_escape").decode(), decoded)


def _decoded(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", errors="backslashreplace")
    return name


def step_name(heading: str) -> str:
    """A title or heading as a step of a path: without the sign that parts the steps, empty for one of nothing else.

    >>> step_name("会员 › 退款 ›")
    '会员 > 退款'
    """
    return _STEP.sub(" > ", heading).strip(" >") if "›" in heading else heading


def find_named(wanted: str, known: Mapping[str, Path]) -> str:
    """Which document is meant by its source, its path on this machine, the end of either, or a part that only it has.

    `known` are the paths by source. Raises `UsageError` with what it may have meant.
    """
    name = shown_name(wanted).removeprefix("./").rstrip("/")
    if name in known:
        return name
    path = os.path.abspath(os.path.expanduser(wanted))  # noqa: PTH100, PTH111 - links stay as they were listed
    told = {source: (source, shown_name(str(at))) for source, at in known.items()}
    real = os.path.realpath(path)
    found_by = (
        [source for source, at in known.items() if path == str(at) or real == os.path.realpath(at)],
        [source for source in known if any(f"/{one}".endswith(f"/{name}") for one in told[source])],
        [
            source
            for source in known
            if any(f"/{one}".casefold().endswith(f"/{name.casefold()}") for one in told[source])
        ],
        [source for source in known if PurePosixPath(source).stem.casefold() == name.casefold()],
    )
    for found in found_by:
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"{name} 有 {len(found)} 篇", hint=f"写全一点：{_some(found)}")
    raise UsageError(f"资料里没有 {name or '这个名字'}", hint=_hint(name, known))


def _hint(name: str, known: Iterable[str]) -> str:
    """The names that look like the one that is wanted, else all of them, as far as an error can say them."""
    by_name = {PurePosixPath(source).name.casefold(): source for source in known}
    last = PurePosixPath(name).name.casefold()
    close = [by_name[one] for one in difflib.get_close_matches(last, by_name, n=_NEAR, cutoff=0.5)]
    near = [source for source in known if name and name.casefold() in source.casefold()]
    if found := list(dict.fromkeys([*near, *close])):
        return f"相近的有：{_some(found)}"
    return f"有的是：{_some(list(known))}" if any(True for _ in known) else "先用 copilot index add 加资料"


def _some(sources: list[str]) -> str:
    more = f" 等 {len(sources)} 篇" if len(sources) > _NEAR else ""
    return "、".join(sources[:_NEAR]) + more


def safe_name(name: str) -> str:
    """The last part of a path as a file name for every system: no way out of its folder, no device, not hidden.

    Raises `PlaybookError` when nothing is left of it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Control signs, and those that turn the direction of writing and so show "gpj.exe" as "exe.jpg".
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    clean = _FORBIDDEN.sub("_", shown).strip(" .")
    if _DEVICE.match(clean) or clean.startswith("~$"):  # the latter is how Office names its lock files: not read
        clean = f"_{clean}"
    suffix = PurePosixPath(clean).suffix[:20]
    stem = clean.removesuffix(suffix).encode()[: _MAX_BYTES - len(suffix.encode())].decode(errors="ignore").rstrip(" .")
    if not stem:
        raise PlaybookError("文件名是空的", hint="给文件起个名字")
    return stem + suffix
