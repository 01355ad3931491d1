"""What the parts of a brief are called: roles, headings and speakers, told from keys and labels (`knowledge/brief.yaml`)."""

import re
from functools import cache
from typing import Any

from copilot.lore import load_yaml
from copilot.records import Record


class Stem(Record):
    """A role by what a key contains; `value`, where there is one, must match the words under the key too."""

    role: str
    key: re.Pattern[str]
    value: re.Pattern[str] | None


class Lexicon(Record):
    """`knowledge/brief.yaml`, compiled."""

    keys: dict[str, str]
    stems: tuple[Stem, ...]
    channel: re.Pattern[str]
    labels: dict[str, str]
    inner: dict[str, str]
    containers: re.Pattern[str]
    pair: dict[str, frozenset[str]]
    headings: re.Pattern[str]
    cues: dict[str, re.Pattern[str]]
    speaker: re.Pattern[str]
    opening: re.Pattern[str]
    title: re.Pattern[str]
    settings: dict[str, re.Pattern[str]]
    manner: re.Pattern[str]
    written: re.Pattern[str]
    cuts: dict[str, re.Pattern[str]]
    longer: int
    shortest: int
    aims: re.Pattern[str]
    vocatives: tuple[str, ...]


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("\n", ""))


def _inverted(rows: dict[str, list[str]]) -> dict[str, str]:
    return {fold(name): shown for shown, names in rows.items() for name in names}


@cache
def lexicon() -> Lexicon:
    """The words by which the parts of a brief are told apart."""
    data: dict[str, Any] = load_yaml("brief.yaml")
    title, after, verb, when, nickname = (
        data["speaker"][name] for name in ("title", "after", "verb", "when", "nickname")
    )
    named = rf"(?:{title})(?:(?!{when})[\u4e00-\u9fff]){{1,3}}|(?:[\u4e00-\u9fff]{{1,2}}|[A-Z][A-Za-z]{{1,11}})(?:{title}|{after})"
    cuts = data["cuts"]
    return Lexicon(
        keys=_inverted(data["keys"]),
        stems=tuple(
            Stem(role=row["role"], key=_compile(row["key"]), value=_compile(row["value"]) if "value" in row else None)
            for row in data["stems"]
        ),
        channel=_compile(data["channel"]),
        labels=_inverted(data["labels"]),
        inner=_inverted(data["inner"]),
        containers=_compile(data["containers"]),
        pair={name: frozenset(map(fold, names)) for name, names in data["pair"].items()},
        headings=_compile(rf"^({data['headings']})[ \u3000\t]+(?=\S)"),
        cues={name: _compile(pattern) for name, pattern in data["cues"].items()},
        speaker=re.compile(
            rf"^(?P<who>(?:{title})?(?:{named}|{title})[A-Za-z甲乙一二12]?)(?P<verb>{when}*{verb})?$"
            rf"|^(?P<name>[\u4e00-\u9fff]{{1,4}}?)(?P<said>说了?|觉得|的意思|发来的?|的消息|那边说?|原话)$"
        ),
        opening=re.compile(
            rf"^(?P<who>(?![请由找问听跟和让给]|(?:大?老板|领导)(?:说|要求|讲))(?:(?:{title})?(?:{named}|{title})?|{nickname}(?={when})))"
            rf"(?P<verb>{when}*(?:说了?|要求|通知|那边说|的意思是))"
            r"[，,：:]?\s*(?=\S{2})"
        ),
        title=re.compile(rf"{title}|{after}"),
        settings={
            name: _compile(rf"^(?:{pattern.replace(chr(10), '')})$") for name, pattern in data["settings"].items()
        },
        manner=_compile(rf"^(?:{data['manner']})$"),
        written=_compile(data["written"]),
        cuts={name: _compile(cuts[name]) for name in ("before", "after", "filler", "goes_on")},
        longer=cuts["longer"],
        shortest=cuts["shortest"],
        aims=_compile(data["aims"]),
        vocatives=tuple(data["vocatives"]),
    )


# What a group's profile tells a text about its readers; the rest of it is for the desk.
ABOUT_GROUP = ("group", "group_type", "group_size", "audience", "platform")


def fold(name: str) -> str:
    """A key without case, spaces, hyphens and underscores."""
    return re.sub(r"[\s_\-]", "", name).lower()


_PARTS = re.compile(r"[()（）\[\]【】_\-/·\s]+")


def role_of(name: str, text: str = "") -> str | None:
    """The role that one key or heading names: by the whole name, by its words ("标题（必填）"), or by what it contains.

    `text` is what stands under it: `limit: 700` is a length, `age limit: 18` is not.
    """
    words = lexicon()
    whole = fold(re.sub(r"[()（）\[\]【】/·]", "", name))
    parts = [fold(part) for part in _PARTS.split(name) if part]
    if words.cues["internal"].search(name) or any(
        stem.role == "internal" and stem.key.search(whole) for stem in words.stems
    ):
        return "internal"
    for form in dict.fromkeys([fold(name), whole, *(parts[:1] if re.search(r"[(（\[【]", name) else ())]):
        if role := words.keys.get(form):
            return None if role == "quoted" and words.channel.search(text) else role
    for stem in words.stems:
        if stem.key.search(whole) and (stem.value is None or stem.value.search(text.strip())):
            return stem.role
    return None


def keys_of(path: str) -> list[str]:
    """The keys of a path without list positions: `facts[2].time` → facts, time."""
    return [key for key in re.sub(r"\[\d+\]", "", path).split(".") if key]


def field_role(path: str, text: str = "") -> tuple[str, str]:
    """The role of a field by the innermost key that says one (internal at any depth), and its heading."""
    keys = keys_of(path)
    roles = [role_of(key, text) for key in keys]
    if "internal" in roles:
        return "internal", keys[-1]
    if "profile" in roles:
        return (roles[-1] if roles[-1] in ABOUT_GROUP else "profile"), ""
    for place in reversed(range(len(keys))):
        if role := roles[place]:
            rest = keys[place + 1 :]
            return ("fact" if role == "facts" else role), (heading(rest) if role == "facts" else "".join(rest[-1:]))
    return "fact", heading(keys)


def heading(keys: list[str]) -> str:
    """The heading that the keys of a fact make: `event.time` → 时间, `联系.电话` → 联系电话."""
    if not keys:
        return ""
    words = lexicon()
    last = _shown(keys[-1])
    if len(keys) > 1 and fold(keys[-1]) in words.inner and not words.containers.search(fold(keys[-2])):
        outer, inner = _shown(keys[-2]), words.inner[fold(keys[-1])]
        if len(outer + inner) <= 10 and re.search(r"[\u4e00-\u9fff]$", outer):
            return outer if outer.endswith(inner) else outer + inner
    return last


def _shown(key: str) -> str:
    return lexicon().labels.get(fold(key)) or key.replace("_", " ")


def speaker_of(label: str, text: str) -> bool:
    """Whether a heading names who said the words under it: "赵总说", "店长小鹿发来的"; "店长：小鹿" does not."""
    match = lexicon().speaker.search(label)
    if not match:
        return False
    if match["name"]:
        return True
    return _is_person(match["who"]) and bool(match["verb"] or len(text) >= 8)


def opening_speaker(sentence: str) -> tuple[str, str]:
    """`孙店长说19:30开始` → ("孙店长", "19:30开始"); no speaker: ("", the sentence)."""
    match = lexicon().opening.search(sentence)
    if not match or not match["who"] or not _is_person(match["who"]):
        return "", sentence
    return match["who"], sentence[match.end() :]


def _is_person(who: str) -> bool:
    """A title alone, or with what can be a name: 店长, 赵总, 店长小鹿; not 学校, 群主题."""
    from copilot.facts.name_lexicon import name_lexicon

    name = re.sub(rf"^(?:{lexicon().title.pattern})|(?:{lexicon().title.pattern})[A-Za-z甲乙一二12]?$", "", who)
    name = re.sub(rf"(?:{lexicon().title.pattern})$", "", name)
    return (
        not name
        or name[0].isascii()
        or name[0] in name_lexicon().single
        or name[0] in "小老阿大"
        or name[0] == name[1:2]
    )
