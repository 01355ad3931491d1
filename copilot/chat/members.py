"""One member, one name: by the id an export gives, else by the name as it can be seen."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from copilot.chat.formats.base import Entry
from copilot.chat.formats.wording import plain, visible
from copilot.chat.records import Note


class Members:
    """Who sent the entries of a chat. `shown` are the names they were sent under, each with its member's one name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        spoken = [entry for entry in entries if entry.kind != "system" or entry.sender_id or entry.name]
        self._ids = _ids_of_names(spoken)
        names: dict[str, Counter[str]] = {}
        for entry in spoken:
            if key := self.key(entry):
                names.setdefault(key, Counter())[entry.name] += 1
        self.notes: list[Note] = []
        self._names = self._chosen(names)
        self.shown: dict[str, str] = {}
        for key, counted in names.items():
            for name in counted:
                if tidy := tidied(name):
                    self.shown.setdefault(tidy, self._names[key])

    def key(self, entry: Entry) -> str:
        """What tells the sender of an entry from others; "" for nobody."""
        if entry.sender_id:
            return f"#{entry.sender_id}"
        name = folded(entry.name)
        return self._ids.get(name, f"@{name}" if name else "")

    def name_of(self, entry: Entry) -> str:
        """The one name of the sender of an entry; "" for a notice."""
        return "" if entry.kind == "system" else self._names.get(self.key(entry), "")

    def by_shown(self, name: str) -> str:
        """The one name of the member who was shown under this name; "" when there is none."""
        return self.shown.get(tidied(name), "")

    def _chosen(self, names: dict[str, Counter[str]]) -> dict[str, str]:
        """The name most used that is more than a number; two members of the same name get a number behind it."""
        chosen: dict[str, str] = {}
        taken: Counter[str] = Counter()
        doubled: list[str] = []
        for key, counted in names.items():
            usable = [name for name, _ in counted.most_common() if (tidy := tidied(name)) and not tidy.isdigit()]
            name = tidied(usable[0] if usable else next(filter(str.strip, counted), "")) or key[1:]
            taken[name] += 1
            if taken[name] > 1:
                doubled.append(name)
                name = f"{name}({taken[name]})"
            chosen[key] = name
        if doubled:
            message = f"有几位成员同名（{'、'.join(dict.fromkeys(doubled))}），后出现的在名字后加了序号"
            self.notes.append(Note(code="same_name", message=message, count=len(doubled)))
        return chosen


@lru_cache(maxsize=65536)
def tidied(name: str) -> str:
    """A name as people see it: without invisible characters and spaces around it."""
    return visible(name).strip() if name else ""


@lru_cache(maxsize=65536)
def folded(name: str) -> str:
    """A name for telling whether two are the same."""
    return unicodedata.normalize("NFC", plain(name))


def _ids_of_names(entries: Iterable[Entry]) -> dict[str, str]:
    """The key of the one id that goes with a name, for entries that have the name alone."""
    ids: dict[str, set[str]] = {}
    for entry in entries:
        if entry.sender_id and entry.name:
            ids.setdefault(folded(entry.name), set()).add(entry.sender_id)
    return {name: f"#{next(iter(found))}" for name, found in ids.items() if len(found) == 1}
