"""Personal data in a text: found, hidden behind stable pseudonyms, and put back.

A pseudonym is a kind and a code (成员01, 电话02). Codes are prefix-free: whatever follows a pseudonym in a
text, a digit too, it can still be told where it ends, so that `Pseudonyms.restore` is exact.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache

from copilot.facts.addresses import read_addresses
from copilot.facts.names import read_names
from copilot.facts.personal_identifiers import Found, privacy_lexicon, read_identifiers
from copilot.records import Entity, Redaction


@cache
def _code_pattern() -> re.Pattern[str]:
    kinds = "|".join(entry["stand_in"] for entry in privacy_lexicon()["types"].values())
    return re.compile(rf"({kinds})[b-z]?[A-Z]*[0-9]{{2}}")


def _code(number: int) -> str:
    """01 … 99, A00 … Z99, AA00 …: letters, then exactly two digits."""
    letters, hundreds = "", number // 100
    while hundreds:
        hundreds, rest = divmod(hundreds - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{number % 100:02}"


_LATIN_HEAD = re.compile(r"[A-Za-z]{3,}(?=[^A-Za-z])")


class Pseudonyms:
    """Which pseudonym stands for what, across all texts of one job.

    The same person or number always gets the same code; another way of writing it gets the code with a
    letter (电话01, 电话b01), so that every spelling comes back as it was. `people` are names known from
    elsewhere (the members of a group), of two characters or more: they are hidden wherever they stand. Where only one
    of them begins with a Latin name ("Nina在备考"), that name alone is the same person.
    """

    def __init__(self, people: Iterable[str] = ()) -> None:
        self.people = tuple(sorted({name for name in people if len(name.strip()) > 1}, key=len, reverse=True))
        heads = Counter(match[0] for name in self.people if (match := _LATIN_HEAD.match(name)))
        self._heads = {head for head, count in heads.items() if count == 1}
        self._last: dict[str, int] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._spellings: dict[tuple[str, str], list[str]] = {}
        self._given: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._reserved: set[str] = set()

    def hide(self, text: str) -> str:
        """The text with its personal data replaced."""
        return redact(text, pseudonyms=self).text

    def hide_known(self, text: str) -> str:
        """The text with only what has a pseudonym already replaced: a model's own words hold no other person of ours."""
        originals = {original: pseudonym for pseudonym, original in self._originals.items()}
        if not originals:
            return text
        known = re.compile("|".join(re.escape(one) for one in sorted(originals, key=len, reverse=True)))
        return known.sub(lambda match: originals[match[0]], text)

    def find(self, text: str) -> list[Found]:
        """What of the text is personal data."""
        return find_personal(text, self.people)

    def restore(self, text: str) -> str:
        """The text with every pseudonym of this object replaced by what it stands for."""
        return _code_pattern().sub(lambda match: self._originals.get(match[0], match[0]), text)

    def stand_in(self, found: Found, original: str) -> str:
        """The pseudonym for one piece of personal data as it is written here."""
        if (known := self._given.get((found.type, original))) is not None:
            return known
        identity = (found.type, self._person(found.key) if found.type == "NAME" else found.key)
        spellings = self._spellings.setdefault(identity, [])
        if len(spellings) == 26:
            identity = (found.type, original)
            spellings = self._spellings.setdefault(identity, [])
        variant = chr(ord("a") + len(spellings)) if spellings else ""
        pseudonym = self._free(found.type, identity, variant)
        spellings.append(original)
        self._given[found.type, original] = pseudonym
        self._originals[pseudonym] = original
        return pseudonym

    def _person(self, name: str) -> str:
        """What all spellings of a person's name share."""
        head = _LATIN_HEAD.match(name)
        return head[0] if head and head[0] in self._heads else name

    def keep(self, literal: str) -> str:
        """What stands for a text's own words that look like a pseudonym: themselves, if the code is free."""
        if literal not in self._originals:
            self._reserved.add(literal)
            return literal
        kind = literal[:2]
        of_type = next(name for name, entry in privacy_lexicon()["types"].items() if entry["stand_in"] == kind)
        return self.stand_in(Found(of_type, 0, 0, f"literal {literal}"), literal)

    def _free(self, of_type: str, identity: tuple[str, str], variant: str) -> str:
        kind = privacy_lexicon()["types"][of_type]["stand_in"]
        number = self._numbers.get(identity)
        while (
            number is None
            or (pseudonym := f"{kind}{variant}{_code(number)}") in self._originals
            or pseudonym in self._reserved
        ):
            number = self._next(of_type)
            self._numbers.setdefault(identity, number)
        return pseudonym

    def _next(self, of_type: str) -> int:
        self._last[of_type] = self._last.get(of_type, 0) + 1
        return self._last[of_type]


def find_personal(text: str, people: Collection[str] = ()) -> list[Found]:
    """All personal data in the text, in order and without overlaps; the stronger type wins."""
    order = list(privacy_lexicon()["types"])
    found = read_identifiers(text) + read_addresses(text)
    found += [Found("NAME", name.start, name.end, name.text) for name in read_names(text)]
    if people:
        known = re.compile("|".join(re.escape(name) for name in sorted(people, key=len, reverse=True)))
        found += [Found("NAME", *match.span(), match[0]) for match in known.finditer(text)]
    taken: list[Found] = []
    used = bytearray(len(text))
    for one in sorted(found, key=lambda one: (order.index(one.type), one.start - one.end, one.start)):
        if not any(used[one.start : one.end]):
            used[one.start : one.end] = b"\x01" * (one.end - one.start)
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def redact(text: str, *, pseudonyms: Pseudonyms | None = None) -> Redaction:
    """The text with its personal data replaced by pseudonyms, and what was replaced (code points of the original)."""
    pseudonyms = Pseudonyms() if pseudonyms is None else pseudonyms
    found = pseudonyms.find(text)
    gaps = list(zip([0, *(one.end for one in found)], [*(one.start for one in found), len(text)], strict=True))
    lookalikes = [match for start, end in gaps for match in _code_pattern().finditer(text, start, end)]
    types = {entry["stand_in"]: name for name, entry in privacy_lexicon()["types"].items()}
    entities = []
    for match in lookalikes:  # before any new code is given out: their own codes are to stay free for them
        if (kept := pseudonyms.keep(match[0])) != match[0]:
            entities.append(Entity(type=types[match[1]], start=match.start(), end=match.end(), pseudonym=kept))
    for one in found:
        pseudonym = pseudonyms.stand_in(one, text[one.start : one.end])
        entities.append(Entity(type=one.type, start=one.start, end=one.end, pseudonym=pseudonym))
    entities.sort(key=lambda entity: entity.start)
    pieces, at = [], 0
    for entity in entities:
        pieces += [text[at : entity.start], entity.pseudonym]
        at = entity.end
    return Redaction(text="".join([*pieces, text[at:]]), entities=tuple(entities))
