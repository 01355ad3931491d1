"""What the operator says with a chat: who is who, which days, what to look for. Told from keys of any name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from copilot.errors import InputError
from copilot.facts.intake import MAX_DEPTH, whole
from copilot.facts.keys import fold, role_of
from copilot.lore import load_yaml
from copilot.records import Record

LISTED = re.compile(r"[、，,；;\n|]+")
CLOCK = re.compile(r"\d{1,2}[:：]\d{2}")
SPOKEN = re.compile(r"(?m)^[^\s：:][^\n：:]{0,24}[：:][ \t]*\S")


class Asked(Record):
    """The settings of one digest. `earlier` are structures of earlier digests, `unused` the keys that meant nothing here."""

    group: str = ""
    operator: str = ""
    staff: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    focus: str = ""
    dates: str = ""
    format: str = "auto"
    now: str = ""
    platform: str = ""
    earlier: tuple[dict[str, Any], ...] = ()
    unused: tuple[str, ...] = ()

    def under(self, stronger: Mapping[str, Any]) -> "Asked":
        """These settings with the ones that are given in `stronger` instead."""
        return Asked.model_validate({**self.model_dump(), **{key: value for key, value in stronger.items() if value}})


@cache
def _roles() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Roles by key, roles by what the brief's own lexicon calls a key, and keys that only describe a person."""
    data = load_yaml("digests.yaml")["keys"]
    exact = {fold(name): role for role, names in data["roles"].items() for name in names}
    return exact, data["as_in_briefs"], frozenset(map(fold, data["about_a_person"]))


def _role(key: str, value: Any) -> str:
    exact, borrowed, _ = _roles()
    if role := exact.get(fold(re.sub(r"[()（）\[\]【】].*$", "", key))):
        return role
    return borrowed.get(role_of(key, value if isinstance(value, str) else "") or "", "")


def split_mapping(source: Mapping[Any, Any]) -> tuple[list[Any], Asked]:
    """The chats in a mapping (texts, bytes, paths, or lists of messages) and what else it says. Raises `InputError`."""
    chats: list[Any] = []
    said: dict[str, list[Any]] = {}
    unused: list[str] = []
    leaves = list(_leaves(source, ()))
    spoken = [value for path, value in leaves if _role_of(path, value) != "earlier" and reads_as_chat(value)]
    for path, value in leaves:
        role = _role_of(path, value)
        if role != "earlier" and (value in spoken or role == "chat"):
            chats.append(value)
        elif role:
            said.setdefault(role, []).append(value)
        elif value not in (None, ""):
            unused.append(".".join(path))
    return chats, Asked(
        group=_first(said.get("group")),
        operator=_first(said.get("operator")),
        staff=tuple(dict.fromkeys(_items(said.get("staff", ())))),
        rules=tuple(_items(said.get("rules", ()), apart=re.compile(r"[；;\n]+"))),
        focus="；".join(map(str, said.get("focus", ()))),
        dates=" 至 ".join(map(str, said.get("dates", ()))),
        format=_first(said.get("format")) or "auto",
        now=_first(said.get("now")),
        platform=_first(said.get("platform")),
        earlier=tuple(one for one in said.get("earlier", ()) if isinstance(one, dict)),
        unused=tuple(dict.fromkeys(unused)),
    )


def surrounds_chat(value: Mapping[Any, Any]) -> bool:
    """Whether a mapping is a chat's text with settings around it, and not an export of some program: told by its top."""
    near = [*value.items(), *(pair for item in value.values() if isinstance(item, Mapping) for pair in item.items())]
    roles = {_role(str(key), item): item for key, item in value.items()}
    texts = any(
        reads_as_chat(item) or (isinstance(item, str) and _role(str(key), item) == "chat") for key, item in near
    )
    return texts or ("chat" in roles and "messages" not in value and len(roles.keys() - {"", "chat", "format"}) > 0)


def reads_as_chat(value: Any) -> bool:
    """Whether a value has the look of a chat: several lines, with clocks or speakers on many of them."""
    if not isinstance(value, str) or value.count("\n") < 1:
        return False
    head = value[:20000]
    lines = sum(1 for line in head.splitlines() if line.strip())
    return len(CLOCK.findall(head)) * 6 >= lines or len(SPOKEN.findall(head)) * 2 > lines


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value under its keys; a list of messages and an earlier digest stay whole."""
    if len(path) > MAX_DEPTH:
        raise InputError("输入嵌套太深", hint=f"最多 {MAX_DEPTH} 层")
    if isinstance(value, Mapping) and not (path and _role(path[-1], value) in ("earlier", "chat")):
        for key, item in value.items():
            yield from _leaves(item, (*path, whole(str(key))))
    elif isinstance(value, (list, tuple, set, frozenset)) and not _is_export(path, value):
        for item in value:
            yield from _leaves(item, path if len(path) < MAX_DEPTH else (*path, ""))
    else:
        yield path, whole(value) if isinstance(value, str) else value


def _is_export(path: tuple[str, ...], value: Iterable[Any]) -> bool:
    return bool(path) and _role(path[-1], value) == "chat" and any(isinstance(item, Mapping) for item in value)


def _role_of(path: tuple[str, ...], value: Any) -> str:
    """By the innermost key that means something; what describes a person is no name."""
    if path and fold(path[-1]) in _roles()[2]:
        return "person" if len(path) > 1 else ""
    return next((role for key in reversed(path) if (role := _role(key, value))), "")


def _first(values: Iterable[Any] | None) -> str:
    return next((str(value).strip() for value in values or () if str(value).strip()), "")


def _items(values: Iterable[Any], apart: re.Pattern[str] = LISTED) -> Iterator[str]:
    for value in values:
        yield from (piece.strip() for piece in apart.split(str(value)) if piece.strip())
