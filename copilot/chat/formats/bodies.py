"""What importers of pasted text share: from the lines below a header to its message, and the notices that are stuck to it."""

from collections.abc import Collection, Sequence

from copilot.chat.formats.base import Entry
from copilot.chat.formats.wording import is_system_sender, notice_kind, placeholder_kind, split_quote


def notices_below(lines: Sequence[str], first: int, stop: int, names: Collection[str]) -> tuple[int, list[Entry]]:
    """Where a body that reaches from `first` to `stop` really ends, and the notices that stand below its words.

    Apps put notices between messages without a header of their own. The first line of a body is never one.
    """
    notices: list[Entry] = []
    end = stop
    while True:
        while end > first and not lines[end - 1].strip():
            end -= 1
        if end <= first + 1:
            return end, notices[::-1]
        line = lines[end - 1].strip()
        kind = notice_kind(line, names)
        if kind is None or not any(other.strip() for other in lines[first : end - 1]):
            return end, notices[::-1]
        notices.append(Entry(line=end, end_line=end, kind="system", notice=kind, text=line))
        end -= 1


def fill(entry: Entry, body: str) -> Entry:
    """Give an entry its words: own, quoted, or a placeholder for what is no text. An exporter's own name makes a notice."""
    body = body.strip()
    entry.text = body
    if is_system_sender(entry.name):
        entry.kind, entry.name, entry.sender_id = "system", "", ""
        entry.notice = notice_kind(body) or "other"
    elif (quote := split_quote(body)) is not None:
        entry.kind = "quote"
        entry.text, entry.reply_name, entry.reply_text = quote
    elif (kind := placeholder_kind(body)) is not None:
        entry.kind = kind
    elif notice_kind(body) == "recall":
        entry.kind, entry.notice = "recall", "recall"
    return entry
