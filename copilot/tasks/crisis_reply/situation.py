"""What a crisis reply starts from: what happened, what is verified and what is not, what may be promised, who is concerned."""

from typing import Literal

from copilot.checks.bounds import Bounds
from copilot.facts.items import Item
from copilot.records import Origin, Record

__all__ = ["Bounds", "Concerned", "CrisisSituation", "Kind", "Role", "Row", "Severity"]

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
    `doubted`: one of ours whom members doubt in person; `accused`: one of ours whose own conduct is in question (doubted, or
    said or shown to have done wrong), who must not be the one in charge.
    """

    name: str = ""
    who: str
    role: Role
    count: int | None = None
    minor: bool = False
    words: tuple[str, ...] = ()
    doubted: bool = False
    accused: bool = False
    origin: Origin


class Kind(Record):
    """One type of crisis with why it is taken for one; `name` is a key of `knowledge/crises.yaml`'s `types`.

    `traits` are what the care depends on within the type (keys of `traits` there): intake, procedure, hazard, outbreak,
    missing_people, natural, bereaved, animal, event, our_leak, member_secret, exam, child.
    """

    name: str
    title: str
    because: tuple[str, ...]
    traits: tuple[str, ...] = ()


class Severity(Record):
    """1 (minor) to 4 (grave), its name, and each reason with the words behind it."""

    level: int
    title: str
    reasons: tuple[str, ...]


class CrisisSituation(Record):
    """The sorted brief of a crisis. `incident` is what happened in the operator's words, `spread` where it has got to
    (other groups, platforms; `pending` where it is only threatened), `draft` the operator's own draft, `clock` the
    times the brief gives for updates, `entry` where members are to turn to, `owners` who is in charge of ours, `internal`
    and `wishes` what was told to the desk only, `earlier` what the brief says was published before, `unread` the fields whose meaning nobody understood
    (they are used for nothing), `owned_because` the words that show that we erred.
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
    clock: tuple[Row, ...] = ()
    entry: tuple[Row, ...] = ()
    owners: tuple[Row, ...] = ()
    internal: tuple[Row, ...] = ()
    wishes: tuple[Row, ...] = ()
    earlier: tuple[Row, ...] = ()
    unread: tuple[Row, ...] = ()
    owned_because: str = ""
    kinds: tuple[Kind, ...] = ()
    severity: Severity
    bounds: Bounds
    items: tuple[Item, ...] = ()
