"""What the group, one person and the team may be told, each as a ledger of its own."""

from collections.abc import Sequence

from copilot.facts.brief import Brief, Statement
from copilot.facts.items import Item
from copilot.facts.ledger import Ledger, build_ledger
from copilot.records import Origin
from copilot.tasks.crisis_reply.reply import Rejected
from copilot.tasks.crisis_reply.saying import level_of, say_row, still_missing
from copilot.tasks.crisis_reply.situation import CrisisSituation
from copilot.tasks.crisis_reply.timing import Schedule


def public_texts(situation: CrisisSituation, schedule: Schedule, earlier: Sequence[str]) -> list[tuple[str, str]]:
    """What the group may read, by id: the ledger's rows as they are said, the counted times, what was published before."""
    rows = (*situation.verified, *situation.authorised, *situation.unverified, *situation.entry, *situation.clock)
    said = [(row.id, text) for row in rows if (text := say_row(row, situation))]
    times = [time for time in (schedule.next, *schedule.later) if time]
    said += [(f"time{number}", time) for number, time in enumerate(times, 1)]
    said += [("missing", text)] if (text := still_missing(situation)) else []
    said += [(f"earlier{number}", text) for number, text in enumerate(earlier, 1)]
    return [*said, ("group", situation.group)] if situation.group else said


def confided_texts(situation: CrisisSituation, schedule: Schedule, earlier: Sequence[str]) -> list[tuple[str, str]]:
    """What the persons concerned may read: the above, their own names and words."""
    people = [
        (f"person{number}", "；".join((one.name, one.who, *one.words)))
        for number, one in enumerate(situation.concerned)
    ]
    return [*public_texts(situation, schedule, earlier), *people]


def all_texts(
    situation: CrisisSituation,
    schedule: Schedule,
    earlier: Sequence[str],
    brief: Brief,
    rejected: tuple[Rejected, ...],
) -> list[tuple[str, str]]:
    """What the team reads."""
    rows = (*situation.incident, *situation.excerpts, *situation.forbidden, *situation.draft, *situation.spread)
    raw = (*situation.verified, *situation.authorised, *situation.unverified)
    fields = [(f"field{number}", field.text) for number, field in enumerate(brief.fields)]
    reasons = [reason for kind in situation.kinds for reason in (kind.title, *kind.because)]
    reasons += [*situation.severity.reasons, level_of(situation.severity)]
    return [
        *confided_texts(situation, schedule, earlier),
        *((f"all-{row.id}", row.text) for row in (*rows, *raw)),
        *fields,
        *(
            (f"reason{number}", text)
            for number, text in enumerate(
                (*reasons, *(words for row in rejected for words in (row.reason, row.instead)))
            )
        ),
    ]


def ledger_of(brief: Brief, told: Sequence[tuple[str, str]]) -> Ledger:
    """A ledger of these texts alone, all public to whoever reads it."""
    statements = tuple(
        Statement(id=name, role="fact", label="", text=text, origin=Origin(field=name, line=1, quote=text))
        for name, text in dict(told).items()
    )
    bare = brief.model_copy(update={"statements": statements, "meta": {}, "meta_origins": {}})
    return build_ledger(bare, [(one, one.text) for one in statements])


def items_as_said(situation: CrisisSituation, ledger: Ledger) -> tuple[Item, ...]:
    """The items in the words in which the group may read them."""
    rows = {row.id: row for row in (*situation.verified, *situation.authorised)}
    said = []
    for item in situation.items:
        text = say_row(rows[item.statement.id], situation) if item.statement.id in rows else item.text
        if text in (item.text, f"{item.label}：{item.text}"):
            said.append(item)
        elif text:
            said.append(item.model_copy(update={"label": "", "text": text, "values": ledger.read(text)}))
    return tuple(said)
