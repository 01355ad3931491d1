"""What a reply on a sensitive matter may and may not say."""

from copilot.records import Record


class Bounds(Record):
    """What a reply on this matter may and may not say, for the checks.

    `allowed` are the promises within the authority given, `forbidden` what must not be promised or admitted, `verified`
    and `unverified` the two halves of the ledger, `names` everybody who must not be named in the group, `secrets` strings
    that must not be repeated anywhere (keys, numbers, addresses), `owned` whether we erred by verified facts (an apology
    may then name the fault), `minors` whether children are concerned, `earlier` what was published before, `own` the
    sentences that code itself says on this matter (the plain apology, a denial that the rows bear out): they back the like.
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
    own: tuple[str, ...] = ()
