"""From the entries of one or more pastes or files of a chat to its transcript: one order, one name a member, no doubles."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from copilot.chat.doubles import without_doubles
from copilot.chat.formats.base import Chat, Entry, Format
from copilot.chat.formats.wording import placeholder_kind, plain, read_mentions
from copilot.chat.members import Members
from copilot.chat.records import Message, Note, Reply, Transcript, Unread

_AS_FIRST = 12
"""By how many characters quoted words are looked up when they were cut."""


def join(chats: Sequence[Chat], made_by: Format, zone: ZoneInfo, *, group: str = "") -> Transcript:
    """One transcript of all pieces of a chat, given in the order they came. Naive times are of the zone."""
    notes: list[Note] = [note for chat in chats for note in chat.notes]
    for chat in chats:
        for entry in chat.entries:
            entry.time, entry.reply_time = _aware(entry.time, zone), _aware(entry.reply_time, zone)
            if entry.time is None:
                entry.precision = "none"
    members = Members([entry for chat in chats for entry in chat.entries])
    entries, doubled = without_doubles([chat.entries for chat in chats], members)
    if doubled:
        notes.append(Note(code="doubled", message=f"几次粘贴有重叠，去掉了重复的 {doubled} 条", count=doubled))
    entries, moved = _in_order(entries)
    if moved:
        notes.append(Note(code="sorted", message=f"有 {moved} 条不按时间先后，已重新排好", count=moved))
    if timeless := sum(entry.time is None and entry.kind != "system" for entry in entries):
        notes.append(Note(code="no_time", message=f"有 {timeless} 条看不出日期或时间，没有猜", count=timeless))
    notes += members.notes
    return Transcript(
        format=made_by.name,
        platform=made_by.platform,
        group=group or next((chat.group for chat in chats if chat.group), ""),
        me=members.by_shown(next((chat.me for chat in chats if chat.me), "")),
        zone=zone.key,
        zone_known=all(chat.zone_known for chat in chats),
        messages=_messages(entries, members),
        unread=_told_once([unread for chat in chats for unread in chat.unread]),
        notes=_summed(notes),
    )


def _aware(time: datetime | None, zone: ZoneInfo) -> datetime | None:
    if time is None:
        return None
    try:
        return time.replace(tzinfo=zone) if time.tzinfo is None else time.astimezone(zone)
    except OverflowError:
        return None


def _in_order(entries: list[Entry]) -> tuple[list[Entry], int]:
    """The entries by time, and how many stood in the wrong place. What has no time stays behind what stands before it.

    Where some times have no seconds, the minute alone decides: within it the order of the source is the better one.
    """
    coarse = any(entry.precision == "minute" for entry in entries)
    keys: list[float] = []
    moved, latest, held = 0, float("-inf"), float("-inf")
    for entry in entries:
        if entry.time is not None:
            held = entry.time.timestamp()
            held = held // 60 if coarse else held
            moved += held < latest
            latest = max(latest, held)
        keys.append(held)
    if not moved:
        return entries, 0
    order = sorted(range(len(entries)), key=keys.__getitem__)
    return [entries[place] for place in order], moved


def _messages(entries: Sequence[Entry], members: Members) -> tuple[Message, ...]:
    ids: dict[tuple[str, str], str] = {}
    for number, entry in enumerate(entries, 1):
        if entry.source_id:  # ids may be of one file only
            ids[entry.source, entry.source_id] = f"m{number}"
            ids.setdefault(("", entry.source_id), f"m{number}")
    said = _Said()
    quoted = {members.by_shown(entry.reply_name) or entry.reply_name for entry in entries if _answers(entry)}
    made = []
    for number, entry in enumerate(entries, 1):
        sender = members.name_of(entry)
        mentions, everyone = tuple(entry.mentions), entry.everyone
        if not mentions and "@" in entry.text and entry.kind != "system":
            mentions, called = read_mentions(entry.text, members.shown)
            everyone = everyone or called
        reply = _reply(entry, ids, said, members)
        made.append(
            Message(
                id=f"m{number}",
                line=entry.line,
                end_line=entry.end_line or entry.line,
                source=entry.source,
                source_id=entry.source_id,
                time=entry.time,
                precision=entry.precision,
                sender=sender,
                sender_id=entry.sender_id,
                shown=entry.name,
                kind=entry.kind,
                notice=entry.notice,
                text=entry.text.replace("\u2005", " "),
                enclosed=entry.enclosed,
                reply=reply,
                mentions=tuple(members.by_shown(name) or name for name in mentions),
                everyone=everyone,
            )
        )
        if sender in quoted:
            said.add(made[-1])
    return tuple(made)


def _reply(entry: Entry, ids: dict[tuple[str, str], str], said: "_Said", members: Members) -> Reply | None:
    """What the entry answers: found by its id, else by who said it, when and what."""
    if not _answers(entry):
        return None
    name = members.by_shown(entry.reply_name) or entry.reply_name
    found = ids.get((entry.source, entry.reply_id)) or ids.get(("", entry.reply_id), "")
    if not found:
        found = said.find(name, entry.reply_time, entry.reply_text)
    return Reply(id=found, name=name, text=entry.reply_text, time=entry.reply_time)


def _answers(entry: Entry) -> bool:
    """Whether the entry says what it answers."""
    return bool(entry.reply_id or entry.reply_name or entry.reply_text or entry.reply_time)


class _Said:
    """What was said so far, to find again what is quoted."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._times: dict[tuple[str, int], list[tuple[str, str]]] = {}

    def add(self, message: Message) -> None:
        """Remember one more message."""
        words = plain(message.text)
        self._words.setdefault((message.sender, words[:_AS_FIRST]), []).append((message.id, words))
        if message.time is not None:
            self._times.setdefault((message.sender, int(message.time.timestamp()) // 60), []).append(
                (message.id, words)
            )

    def find(self, name: str, time: datetime | None, text: str) -> str:
        """The latest message of this member with these words (or that begins with them, or is of this minute); or ""."""
        quoted = plain(text).rstrip(".…")
        minute = int(time.timestamp()) // 60 if time is not None else None
        spoken = [] if minute is None else self._times.get((name, minute), [])
        same = [found for found, words in spoken if words == quoted or (quoted and words.startswith(quoted))]
        if same or spoken:
            return same[-1] if same else spoken[-1][0] if len(spoken) == 1 else ""
        if not quoted or (len(quoted) < _AS_FIRST and placeholder_kind(text) is not None and minute is not None):
            return ""
        alike = self._words.get((name, quoted[:_AS_FIRST]), ())
        return next((found for found, words in reversed(alike) if words == quoted), "") or next(
            (found for found, words in reversed(alike) if words.startswith(quoted)), ""
        )


def _told_once(unread: Sequence[Unread]) -> tuple[Unread, ...]:
    return tuple(sorted(dict.fromkeys(unread), key=lambda one: (one.source, one.line)))


def _summed(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes that say the same, once."""
    counted = Counter((note.code, note.message) for note in notes)
    first = {(note.code, note.message): note for note in reversed(notes)}
    return tuple(first[key] for key in counted)
