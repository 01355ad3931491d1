"""The facts that a digest may state: those of the messages it cites, and what code has counted."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from copilot.chat.masking import mask
from copilot.chat.records import Message
from copilot.facts.brief import Brief, Statement
from copilot.facts.ledger import Ledger, build_ledger
from copilot.records import Origin
from copilot.tasks.phrasing import dated


def ledger_of(cited: Sequence[Message], counted: Iterable[str] = (), *, meta: dict[str, str] | None = None) -> Ledger:
    """The ledger of these messages, each day counted from when it was said, and of sentences that state counts."""
    stamps = [message.time for message in cited if message.time]
    now = stamps[-1] if stamps else datetime(2000, 1, 1, tzinfo=UTC)
    several = bool(stamps) and stamps[0].date() != now.date()
    told = [(message.id, message.sender, message.line, _text(message, several)) for message in cited]
    told += [(f"count{number}", "", 0, text) for number, text in enumerate(counted, 1)]
    statements = tuple(
        Statement(id=name, role="fact", label=mask(who), text=text, origin=Origin(field=who, line=line, quote=text))
        for name, who, line, text in told
        if text.strip()
    )
    brief = Brief(meta=meta or {}, statements=statements, now=now, now_given=True)
    return build_ledger(brief, [(statement, statement.text) for statement in statements])


def _text(message: Message, several: bool) -> str:
    text = mask(message.text)
    return dated(text, message.time, also_today=several) if message.time else text
