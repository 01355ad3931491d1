"""A group's form: filled from a profile, read back as one, weighed against another, and kept."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from copilot.errors import EditConflictError, InputError
from copilot.facts.profiles import GroupProfile, StaffMember
from copilot.lore import load_yaml
from copilot.store import GroupVersion, SavedGroup, Store
from copilot.ui.state import GroupForm, Rival

_NOT_IN_FILES = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
LINES = ("assets", "constraints")  # typed one a line
PERSON = tuple(StaffMember.model_fields)
FIELDS = tuple(GroupProfile.model_fields)


def tidy(profile: GroupProfile) -> GroupProfile:
    """The profile as its form would hold it: no blank entries, no spaces around words."""
    plain = profile.model_dump()
    for name, value in plain.items():
        if isinstance(value, str):
            plain[name] = value.strip()
        elif isinstance(value, tuple) and name != "staff":
            plain[name] = tuple(line for one in value for line in _lines(one))
    people = (
        {key: value.strip() if isinstance(value, str) else value for key, value in row.items()}
        for row in plain["staff"]
    )
    plain["staff"] = tuple(row for row in people if any(row.values()))
    return GroupProfile(**plain)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# The form -------------------------------------------------------------------------------------------------------------


def fill(form: GroupForm, profile: GroupProfile, *, based_on: int, filled: GroupProfile | None) -> None:
    """Put a profile into the form. `filled` is what the form counts as unchanged: the kept version `based_on`."""
    for name in FIELDS:
        take(form, profile, name)
    form.filled.set(filled)
    form.based_on.set(based_on)


def take(form: GroupForm, profile: GroupProfile, name: str) -> None:
    """Put one field of a profile into the form."""
    value = getattr(tidy(profile), name)
    if name == "staff":
        form.people.set(())
        for person in value:
            add_person(form, person)
    elif name in LINES:
        form.field(name).set("\n".join(value))
    else:
        form.field(name).set(list(value) if isinstance(value, tuple) else value)


def add_person(form: GroupForm, person: StaffMember | None = None) -> None:
    """One row more in the staff table."""
    row = max(form.people.get(), default=-1) + 1
    for name in PERSON:
        key = form.person(row, name)
        key.set(getattr(person, name) if person else key.default)
    form.people.set((*form.people.get(), row))


def remove_person(form: GroupForm, row: int) -> None:
    """One row of the staff table less."""
    form.people.set(tuple(one for one in form.people.get() if one != row))


def typed(form: GroupForm) -> GroupProfile:
    """What the form holds; its name may still be blank."""
    values = {name: form.field(name).get() for name in FIELDS if name != "staff"}
    values |= {name: _lines(values[name]) for name in LINES}
    people = [{name: form.person(row, name).get() for name in PERSON} for row in form.people.get()]
    return tidy(GroupProfile(**values, staff=tuple(StaffMember(**person) for person in people)))


def is_edited(form: GroupForm) -> bool:
    """Whether the form holds something that is not kept."""
    filled = form.filled.get()
    return typed(form) != (tidy(filled) if filled else blank())


def clear(form: GroupForm) -> None:
    """An empty form again."""
    fill(form, blank(), based_on=0, filled=None)
    form.rival.set(None)
    form.merged.set(())


def blank() -> GroupProfile:
    """The profile of an empty form."""
    return GroupProfile(name="")


# Another's profile ----------------------------------------------------------------------------------------------------


def meet(form: GroupForm, latest: GroupVersion) -> None:
    """Bring the form up to the latest version. Fields that nobody typed in follow it; where both changed one, the other
    becomes the rival.
    """
    if latest.version == form.based_on.get():
        return
    if latest.profile is None:  # removed, or not readable: keeping what is typed puts it in that place
        form.based_on.set(latest.version)
        return
    theirs, mine, base = tidy(latest.profile), typed(form), tidy(form.filled.get() or blank())
    if mine in (theirs, base):
        fill(form, theirs, based_on=latest.version, filled=theirs)
        form.rival.set(None)
        return
    untouched = [name for name in differences(base, theirs) if name not in differences(base, mine)]
    for name in untouched:
        take(form, theirs, name)
    form.merged.set((*form.merged.get(), *(name for name in untouched if name not in form.merged.get())))
    form.rival.set(Rival(theirs, latest.version))
    if not disputed(form):
        settle(form)


def differences(one: GroupProfile, other: GroupProfile) -> list[str]:
    """The fields in which two profiles differ, in the form's order."""
    one, other = tidy(one), tidy(other)
    return [name for name in FIELDS if getattr(one, name) != getattr(other, name)]


def disputed(form: GroupForm) -> list[str]:
    """The fields where the form and its rival say different things; not those that only the form changed."""
    rival = form.rival.get()
    if rival is None:
        return []
    changed = differences(form.filled.get() or blank(), rival.profile) if rival.version else FIELDS
    return [name for name in differences(typed(form), rival.profile) if name in changed]


def settle(form: GroupForm) -> None:
    """End the weighing: what the form holds now stands, on top of the other's version."""
    if (rival := form.rival.get()) and rival.version is not None:
        form.filled.set(rival.profile)
        form.based_on.set(rival.version)
    form.rival.set(None)


def lay_beside(form: GroupForm, profile: GroupProfile) -> None:
    """A profile from a file: into the form, or beside it where something typed is not kept yet."""
    if is_edited(form):
        form.rival.set(Rival(profile, None))
    else:
        fill(form, profile, based_on=form.based_on.get(), filled=form.filled.get())


# Keeping --------------------------------------------------------------------------------------------------------------


def save(store: Store, form: GroupForm) -> SavedGroup:
    """Keep what is typed; a group that got another name is kept under it, and its old name taken off the list.

    Raises `InputError` for what is missing or a name that is taken, `EditConflictError` when somebody else saved (the
    form then has the rival), `StorageError`.
    """
    profile = typed(form)
    if nameless := next((person for person in profile.staff if not person.name), None):
        raise InputError(f"人手里有一位没有名字：{nameless.duty or nameless.hours}", hint="给每个人写上姓名")
    if profile.name == form.group:
        try:
            return store.save_group(profile, based_on=form.based_on.get())
        except EditConflictError:
            meet(form, store.group_versions(form.group)[-1])
            raise
    if form.group:
        meet(form, store.group_versions(form.group)[-1])
        if form.rival.get():
            raise EditConflictError(f"{form.group} 的资料被别人改过", hint="先定下面两边不同的地方，再改名")
    try:
        saved = store.save_group(profile, based_on=0)
    except EditConflictError:
        hint = "换个群名；要改那一份，就从列表打开它"
        raise InputError(f"已经有一份叫 {profile.name} 的群档案", hint=hint) from None
    if form.group:
        store.remove_group(form.group)
    return saved


# On paper -------------------------------------------------------------------------------------------------------------


@cache
def _labels() -> dict[str, dict[str, str]]:
    """{part: {field: what an operator's own file calls it}}: the first name that `knowledge/profile.yaml` gives."""
    data: dict[str, dict[str, list[str]]] = load_yaml("profile.yaml")
    return {part: {field: names[0] for field, names in rows.items()} for part, rows in data.items()}


def labelled(brief: Mapping[str, Any]) -> dict[str, Any]:
    """A profile's plain data under the names that an operator's own file uses; other keys stay."""
    group, staff = _labels()["group"], _labels()["staff"]
    rows = {group.get(key, key): value for key, value in brief.items()}
    platforms = load_yaml("platforms.yaml")["platforms"]
    if (platform := brief.get("platform")) in platforms:
        rows[group["platform"]] = platforms[platform]["name"]
    if isinstance(people := brief.get("staff"), Iterable):
        rows[group["staff"]] = [{staff.get(key, key): value for key, value in person.items()} for person in people]
    return rows


def as_yaml(profile: GroupProfile) -> str:
    """The profile as a file that `read_profile` reads back."""
    return dump(labelled(profile.as_brief()))


def file_name(name: str) -> str:
    """A group's name as a file's, without what no file system takes."""
    return _NOT_IN_FILES.sub("_", name)[:80]


def dump(data: Any) -> str:
    """YAML as an operator writes it."""
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000))


def said(profile: GroupProfile, name: str) -> str:
    """One field in words, to be read beside another's."""
    value = getattr(profile, name)
    if name == "staff":
        return "\n".join(member(person) for person in value)
    return "\n".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else str(value or "")


def member(person: StaffMember) -> str:
    """`小林：答疑，工作日 9:00–18:00，每天 30 分钟`"""
    minutes = f"每天 {person.minutes_a_day} 分钟" if person.minutes_a_day else ""
    rest = "，".join(filter(None, (person.duty, person.hours, minutes)))
    return f"{person.name}：{rest}" if rest else person.name
