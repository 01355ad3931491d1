"""One digest among many: what needs an eye, and what may be told of in other groups too."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Literal

from copilot.chat.members import folded
from copilot.chat.records import Transcript
from copilot.records import Draft, Record
from copilot.tasks.digest.levels import GRAVE, OPEN, UNPROVEN
from copilot.tasks.digest.structure import Digest, Totals
from copilot.tasks.digest.telling import Telling, shown

MatterKind = Literal["complaint", "question", "ad", "rumour"]
LONGEST = 120


class Person(Record):
    """Somebody who wrote: `name` as folded for comparing, `account` a hash of the id, "" where the export gives none."""

    name: str
    account: str = ""


class Matter(Record):
    """Something said in one group: in whose words, by whom, in which messages. `open` is what still waits."""

    kind: MatterKind
    text: str
    people: tuple[Person, ...]
    messages: tuple[str, ...]
    open: bool = True


class Summary(Record):
    """One group's digest in short. `id` is the draft's in the history, `source` the file it came from, `path` where it was
    saved ("" where it was not), `resumed` that it was made by an earlier run.
    """

    id: str
    group: str
    source: str
    path: str = ""
    format: str
    totals: Totals
    headline: str
    risks: int
    overdue: int
    complaints: int
    unanswered: int
    ads: int
    members: tuple[Person, ...] = ()
    matters: tuple[Matter, ...] = ()
    resumed: bool = False

    @property
    def needs(self) -> tuple[int, ...]:
        """What weighs, the gravest first."""
        return (self.risks, self.overdue, self.complaints, self.unanswered, self.ads)


def summary_of(draft: Draft, transcript: Transcript, source: str) -> Summary:
    """The summary of a digest and its chat."""
    digest = Digest.model_validate(draft.structure)
    desk = next((part.text for part in draft.parts if part.name == "desk"), "")
    accounts = {one.sender: one.sender_id for one in transcript.said if one.sender_id}

    def person(name: str) -> Person:
        account = accounts.get(name, "")
        coded = hashlib.sha256(f"{transcript.platform}\0{account}".encode()).hexdigest()[:16] if account else ""
        return Person(name=folded(name), account=coded)

    told = Telling(transcript, digest.injections)
    hidden = {name for risk in digest.risks if risk.code != "complaint" for name in risk.messages}
    return Summary(
        id=draft.id,
        group=digest.group or source,
        source=source,
        format=digest.format,
        totals=digest.totals,
        headline=desk.partition("\n")[0],
        risks=sum(one.level in GRAVE for one in digest.risks),
        overdue=sum(one.status == "overdue" for one in digest.action_items),
        complaints=sum(one.status in OPEN for one in digest.complaints),
        unanswered=len(digest.unanswered),
        ads=sum(not one.handled for one in digest.ads),
        members=tuple(person(one.member) for one in digest.figures.member_figures),
        matters=tuple(one for one in _matters(digest, told, person) if not hidden & {*one.messages}),
    )


def _matters(digest: Digest, told: Telling, person: Callable[[str], Person]) -> Iterable[Matter]:
    def senders(names: Iterable[str]) -> tuple[Person, ...]:
        return tuple(dict.fromkeys(person(told.by_id[name].sender) for name in names if name in told.by_id))

    for one in digest.complaints:
        yield Matter(
            kind="complaint",
            text=shown(one.summary, LONGEST),
            people=tuple(map(person, one.members)),
            messages=one.messages,
            open=one.status in OPEN,
        )
    for asked in (*digest.unanswered, *digest.answered):
        names = (asked.message, *asked.repeats, *asked.also)
        yield Matter(
            kind="question",
            text=shown(asked.question, LONGEST),
            people=senders((asked.message, *asked.also)),
            messages=names,
            open=not asked.answer,
        )
    for ad in digest.ads:
        if ad.message in told.by_id:
            text = shown(told.by_id[ad.message].text, LONGEST)
            yield Matter(
                kind="ad", text=text, people=senders((ad.message,)), messages=(ad.message,), open=not ad.handled
            )
    for rumour in digest.rumours:
        yield Matter(
            kind="rumour",
            text=shown(rumour.summary, LONGEST),
            people=senders(rumour.messages),
            messages=rumour.messages,
            open=rumour.status in UNPROVEN,
        )
