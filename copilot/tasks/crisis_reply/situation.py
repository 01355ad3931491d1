"""What a crisis reply starts from: what happened, what is verified and what is not, what may be promised, who is concerned."""

from typing import Literal

from copilot.facts.problems import Item
from copilot.records import Origin, Record

Role = Literal["affected", "complainer", "doubter", "defender", "agitator", "leaker", "bystander", "ours"]


class Row(Record):
    """One line of the crisis ledger, in the words of the brief. `pending` marks what is said but not settled."""

    id: str
    text: str
    origin: Origin
    pending: bool = False


class Concerned(Record):
    """One person or kind of person concerned. `name` as the brief gives it ("" for a kind: 要求退款的 5 人).

    `who` says it in words for the desk, `count` how many. `minor`: a child is involved. `words` is what they said.
    """

    name: str = ""
    who: str
    role: Role
    count: int | None = None
    minor: bool = False
    words: tuple[str, ...] = ()
    origin: Origin


class Kind(Record):
    """One type of crisis with why it is taken for one; `name` is a key of `knowledge/crises.yaml`'s `types`."""

    name: str
    title: str
    because: tuple[str, ...]


class Severity(Record):
    """1 (minor) to 4 (grave), its name, and each reason with the words behind it."""

    level: int
    title: str
    reasons: tuple[str, ...]


class Bounds(Record):
    """What a reply on this matter may and may not say, for the checks.

    `allowed` are the promises within the authority given, `forbidden` what must not be promised or admitted, `verified`
    and `unverified` the two halves of the ledger, `names` everybody who must not be named in the group, `secrets` strings
    that must not be repeated anywhere (keys, numbers, addresses), `owned` whether we erred by verified facts (an apology
    may then name the fault), `minors` whether children are concerned, `earlier` what was published before.
    """

    verified: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    owned: bool = False
    minors: bool = False
    earlier: tuple[str, ...] = ()


class CrisisSituation(Record):
    """The sorted brief of a crisis. `incident` is what happened in the operator's words, `spread` where it has got to
    (other groups, platforms), `draft` the operator's own draft, `clock` the times the brief gives for updates.
    """

    group: str = ""
    community: str = ""
    members: int | None = None
    channel: str = ""
    incident: tuple[Row, ...] = ()
    excerpts: tuple[Row, ...] = ()
    verified: tuple[Row, ...] = ()
    unverified: tuple[Row, ...] = ()
    authorised: tuple[Row, ...] = ()
    forbidden: tuple[Row, ...] = ()
    draft: tuple[Row, ...] = ()
    concerned: tuple[Concerned, ...] = ()
    spread: tuple[Row, ...] = ()
    kinds: tuple[Kind, ...] = ()
    severity: Severity
    bounds: Bounds
    items: tuple[Item, ...] = ()
