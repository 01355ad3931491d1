"""Who is who in a chat that leaves the house: every member behind one pseudonym, wherever and however the name is written.

A name of several characters is hidden wherever it stands, be it a common word too; one of a single letter only where it
stands alone or is called with @, or no text would be left. What a nickname is also called by (its parts, a given name)
shares its number (成员03, 成员b03).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from copilot.chat.masking import mask
from copilot.chat.records import Message, Transcript
from copilot.chat.scene import Roles
from copilot.chat.terms import rarity
from copilot.facts.names import read_names
from copilot.facts.personal_identifiers import Found
from copilot.facts.pseudonyms import Pseudonyms, find_personal

LONGEST = 500
"""Characters of one message that are sent."""
_PARTS = re.compile(r"[\W_\d]+")
_QUOTED = re.compile(r"[“\"「]([^“”\"「」]{1,24})[”\"」]")
_SPACES = re.compile(r"\s+")
_LATIN_RUN = re.compile(r"[A-Za-z]{3,}")
_FAMILIAR = re.compile(r"[阿小老大][\u4e00-\u9fff]$")
_LATIN = re.compile(r"[A-Za-z0-9]")
_TELLING = 0.3
"""How rare in the language a part of a nickname is that people are called by: 团长 is not, 小满妈 is."""
_SHORTEST_ACCOUNT = 5


class Disguise(Pseudonyms):
    """The pseudonyms of one chat. Numbers are given as names come up, so that what is appended changes none before it."""

    def __init__(self, transcript: Transcript, roles: Roles) -> None:
        super().__init__()
        self._keys = _keys_of(transcript, roles)

    def sender(self, name: str) -> str:
        """The pseudonym of a member."""
        return self.stand_in(Found("NAME", 0, len(name), self._keys.get(_fold(name), name)), name)

    def words(self, text: str, most: int = LONGEST) -> str:
        """A member's words on one line: without private data, which never leaves, and with names behind pseudonyms."""
        plain = _SPACES.sub(" ", mask(text[: most * 8])).strip()
        return self.hide(plain if len(plain) <= most else f"{plain[:most]}…")

    def find(self, text: str) -> list[Found]:
        """The members' names, whatever else they may be, and everything that is private by its form."""
        own = list(self._own(text))
        taken = bytearray(len(text))
        for one in own:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
        rest = [one for one in find_personal(text) if not any(taken[one.start : one.end])]
        return sorted([*own, *rest], key=lambda one: one.start)

    def _own(self, text: str) -> Iterator[Found]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            start = match.start() + match[0].startswith("@")
            name = text[start : match.end()]
            yield Found("NAME", start, match.end(), self._keys.get(_fold(name), name))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        names = sorted(self._keys, key=len, reverse=True)
        forms = [_form(name) for name in names]
        return re.compile("|".join(forms), re.IGNORECASE) if forms else None


def _fold(name: str) -> str:
    return _SPACES.sub("", name).casefold()


def _form(name: str) -> str:
    """How a folded name is looked for in a text."""
    spelled = r"\s*".join(map(re.escape, name))
    if len(name) == 1 and unicodedata.category(name) not in ("So", "Sk", "Cs"):  # an emoji is no word
        return rf"@{spelled}|(?<!\w){spelled}(?!\w)" if name.isalnum() else rf"@{spelled}"
    before = r"(?<![A-Za-z0-9])" if _LATIN.match(name[0]) else ""
    after = r"(?![A-Za-z0-9])" if _LATIN.match(name[-1]) else ""
    return f"{before}{spelled}{after}"


def _keys_of(transcript: Transcript, roles: Roles) -> dict[str, str]:
    """Every name and what it is also called by → the member it means. A part that several share is a name of its own."""
    full = {_fold(name): name for name in _names(transcript.messages)}
    full |= {_fold(name): name for name in (roles.operator, *roles.staff)}
    full |= {_fold(name.text): name.text for name in read_names(transcript.group) if name.certain}
    shown = {_fold(one.shown): one.sender for one in transcript.messages if one.shown and one.sender}
    accounts = {
        _fold(one.sender_id): one.sender for one in transcript.messages if len(one.sender_id) >= _SHORTEST_ACCOUNT
    }
    parts = Counter(part for name in set(full.values()) for part in set(_parts(name)))
    called = {_fold(part): name if parts[part] == 1 else part for name in full.values() for part in _parts(name)}
    keys = {**called, **accounts, **shown, **full}
    return {name: key for name, key in keys.items() if name}


def _names(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        yield message.sender
        yield from message.mentions
        if message.reply and message.reply.name:
            yield message.reply.name
        if message.kind == "system":
            yield from (match[1] for match in _QUOTED.finditer(message.text))


def _parts(name: str) -> Iterator[str]:
    """What a nickname is also called by: its telling parts, the Latin one in it, a given name, 阿川 of 领跑阿川."""
    pieces = [piece for piece in _PARTS.split(name) if len(piece) > 1]
    yield from (piece for piece in pieces if piece != name and rarity(piece.lower()) >= _TELLING)
    for piece in pieces:
        yield from (latin for latin in _LATIN_RUN.findall(piece) if latin != name)
        if len(piece) == 3 and any(one.kind == "full" and one.text == piece for one in read_names(f"姓名：{piece}")):
            yield piece[1:]
        elif len(piece) > 3 and (familiar := _FAMILIAR.search(piece)):
            yield familiar[0]
