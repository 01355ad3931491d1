"""What importers of pasted text share: from the lines below a header to its message, and the notices that are stuck to it."""

from collections.abc import Collection, Sequence

from copilot.chat.formats.base import Chat, Entry
from copilot.chat.formats.finishing import read_words
from copilot.chat.formats.frame import is_frame
from copilot.chat.formats.lines import unread_lines
from copilot.chat.formats.wording import is_system_sender, notice_kind


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


def read_outside(
    chat: Chat, lines: Sequence[str], first: int, stop: int, why: str, names: Collection[str] | None = None
) -> None:
    """Lines below no header: notices (with `names`, about those), what a mail client wrote, and what nobody can tell."""
    for place in range(first, stop):
        line = lines[place].strip()
        if not line or is_frame(line):
            continue
        if kind := notice_kind(line, names):
            chat.entries.append(Entry(line=place + 1, end_line=place + 1, kind="system", notice=kind, text=line))
        else:
            chat.unread += unread_lines(lines, place, place + 1, why)


def fill(entry: Entry, body: str) -> Entry:
    """Give an entry its words. An exporter's own name makes a notice."""
    if not is_system_sender(entry.name):
        return fill_said(entry, body)
    entry.text = body.strip()
    entry.kind, entry.name, entry.sender_id = "system", "", ""
    entry.notice = notice_kind(entry.text) or "other"
    return entry


def fill_said(entry: Entry, body: str) -> Entry:
    """Give a member's entry its words: own, quoted, or a placeholder for what is no text."""
    entry.text = body.strip()
    read_words(entry)
    if entry.kind == "text" and notice_kind(entry.text) == "recall":
        entry.kind, entry.notice = "recall", "recall"
    return entry
