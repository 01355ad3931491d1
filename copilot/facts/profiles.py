"""What an operator says once about a group: who is in it, who works for it, what it is for and what is off limits.

An operator's own file is YAML, JSON, or lines such as `群名：青榕里晨跑群`; `knowledge/profile.yaml` has the names
that its fields may have.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from copilot.errors import InputError
from copilot.facts.intake import Field, read_fields
from copilot.facts.keys import fold
from copilot.lore import load_yaml
from copilot.records import Record


class StaffMember(Record):
    """Somebody who works for the group. `duty` and `hours` are in the operator's words ("工作日 9:00–18:00")."""

    name: str
    duty: str = ""
    hours: str = ""
    minutes_a_day: int | None = None


class GroupProfile(Record):
    """A group as its operator describes it; `quiet` are the quiet hours in the operator's words, `same_people_as`
    other groups with largely the same members.
    """

    name: str
    platform: str = "wechat"
    group_type: str = ""
    members: int | None = None
    stage: str = ""
    purpose: str = ""
    staff: tuple[StaffMember, ...] = ()
    quiet: str = ""
    assets: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    audience: str = ""
    same_people_as: tuple[str, ...] = ()
    notes: str = ""

    def as_brief(self) -> dict[str, Any]:
        """The filled fields only, as plain data, to be merged into a brief."""
        filled = {key: value for key, value in self.model_dump(mode="json").items() if value not in ("", None, [])}
        if self.staff:
            filled["staff"] = [
                {key: value for key, value in row.items() if value not in ("", None)} for row in filled["staff"]
            ]
        return filled


_LISTS = {"assets": "；;、\n", "constraints": "；;\n", "same_people_as": "；;、\n", "staff": "；;、\n"}
_NUMBERS = ("members", "minutes_a_day")
_PATH = re.compile(r"(?P<key>[^.\[]+)(?P<row>\[\d+\])?(?:\.(?P<inner>[^.\[]+))?")
_LINE = re.compile(r"(?P<key>[^:：]{1,20})[:：](?P<words>.*)", re.DOTALL)
_NUMBER = re.compile(r"[约近]?\s*(?P<number>\d{1,9}(?:,\d{3})*)\s*(?:人|名|位|个|分钟|minutes|min)?(?:左右)?")
_PERSON = re.compile(r"(?P<name>[^：:（(]+)(?:[：:（(](?P<rest>.*?)[）)]?)?", re.DOTALL)
_MARKER = re.compile(r"^\s*(?:[-*·•]|\d+[.、)）])\s+")


class _Names(NamedTuple):
    group: dict[str, str]
    staff: dict[str, str]
    platforms: dict[str, str]


@cache
def _names() -> _Names:
    """{what a field, or a platform, may be called, folded: what it is}."""
    data: dict[str, dict[str, list[str]]] = load_yaml("profile.yaml")
    data["platforms"] = {key: [row["name"]] for key, row in load_yaml("platforms.yaml")["platforms"].items()}
    return _Names(
        **{part: {fold(one): key for key in rows for one in (key, *rows[key])} for part, rows in data.items()}
    )


def read_profile(source: str | Mapping[Any, Any], *, suffix: str = "") -> GroupProfile:
    """A profile from an operator's own file or mapping. A list may also be one text, its entries set apart by "；";
    `suffix` (".yaml", ".json") forces a format.

    A member of the staff is a mapping or words such as "小林（答疑；工作日 9:00–18:00；30 分钟）". Raises `InputError`
    for a field nobody knows, a number that is none, and a profile without a name.
    """
    plain: dict[str, Any] = {}
    people: dict[str, dict[str, Any]] = {}
    for field in _labelled(read_fields(source, suffix=suffix)):
        found = _PATH.fullmatch(field.path)
        key = _names().group.get(fold(found["key"])) if found else None
        if found is None or key is None:
            raise _unknown(field, _names().group)
        if key == "staff" and found["inner"]:
            inner = _names().staff.get(fold(found["inner"]))
            if inner is None:
                raise _unknown(field, _names().staff)
            _fill(people.setdefault(found["row"] or "", {}), inner, field)
        elif found["inner"]:
            raise _unknown(field, _names().group)
        elif key == "staff":
            for number, words in enumerate(_entries(key, field, found["row"])):
                people[f"{field.path}/{field.line}/{number}"] = _person(words, field)
        elif key in _LISTS:
            plain[key] = (*plain.get(key, ()), *_entries(key, field, found["row"]))
        else:
            _fill(plain, key, field)
    if not plain.get("name"):
        raise InputError("群资料里没有群名", hint="加一行 群名：…")
    if nameless := next((person for person in people.values() if not person.get("name")), None):
        raise InputError(f"人手里有一位没有名字：{'，'.join(map(str, nameless.values()))}", hint="给每个人写上姓名")
    if platform := plain.pop("platform", ""):
        plain["platform"] = _names().platforms.get(fold(platform), platform)
    return GroupProfile(**plain, staff=tuple(StaffMember(**person) for person in people.values()))


def _labelled(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Lines of free text as fields of their own: a line belongs to the label above it when it is indented or marked."""
    for field in fields:
        if field.path:
            yield field
            continue
        lines: list[Field] = []
        for number, line in enumerate(field.text.split("\n"), field.line):
            if not line.strip():
                continue
            if lines and (line[0].isspace() or _MARKER.match(line)):
                lines[-1] = lines[-1].model_copy(update={"text": f"{lines[-1].text}\n{line}"})
            elif labelled := _LINE.fullmatch(line.strip()):
                path = re.sub(r"[.\[\]]", " ", labelled["key"])
                lines.append(Field(path=path, text=labelled["words"], line=number))
            else:
                raise InputError(
                    f"群资料第 {number} 行看不懂：{line.strip()[:30]}", hint="每行写成 群名：…、人数：… 这样"
                )
        yield from lines


def _fill(fields: dict[str, Any], key: str, field: Field) -> None:
    words = field.text.strip()
    value: str | int = words
    if key in _NUMBERS and words:
        found = _NUMBER.fullmatch(words)
        if found is None:
            raise InputError(f"第 {field.line} 行的 {field.path} 要写数字：{words[:30]}", hint="只写数字，如 180")
        value = int(found["number"].replace(",", ""))
    if words and fields.setdefault(key, value) != value:
        raise InputError(f"群资料里 {field.path} 写了两次，而且不一样（第 {field.line} 行）", hint="留下对的那个")


def _entries(key: str, field: Field, row: str | None) -> list[str]:
    """The entries of a list written as one text; marks inside brackets set nothing apart. An entry of a list is one."""
    pieces = [field.text] if row else re.split(rf"[{_LISTS[key]}](?![^（(]*[）)])", field.text)
    marker = re.compile("(?!)") if row else _MARKER  # what stands in a list of its own has no mark before it
    return [entry for piece in pieces if (entry := marker.sub("", piece).strip())]


def _person(words: str, field: Field) -> dict[str, Any]:
    """`小林（答疑；工作日 9:00–18:00；30 分钟）`: the name, then duty, hours and minutes a day, in this order."""
    found = _PERSON.fullmatch(words)
    if found is None:
        return {"duty": words}
    person: dict[str, Any] = {"name": found["name"].strip()}
    rest = [piece.strip() for piece in re.split("[；;]", found["rest"] or "")]
    for key, piece in zip(("duty", "hours", "minutes_a_day"), rest, strict=False):
        _fill(person, key, field.model_copy(update={"text": piece}))
    return person


def _unknown(field: Field, names: dict[str, str]) -> InputError:
    shown: dict[str, str] = {}
    for name, key in names.items():
        if not name.isascii():
            shown.setdefault(key, name)
    return InputError(
        f"群资料第 {field.line} 行的 {field.path} 不认识", hint=f"可用的：{'、'.join(shown.values())}；别的写进备注"
    )
