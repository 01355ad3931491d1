"""The stretch of time a digest is about, as the operator says it."""

import re
from datetime import date, datetime, time, timedelta

from copilot.chat.records import Transcript
from copilot.records import Record

_FULL = re.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")


class Scope(Record):
    """From `start` until before `end`, in the chat's own zone."""

    start: datetime
    end: datetime


def read_scope(words: str, transcript: Transcript) -> Scope | None:
    """The stretch that the words mean; None when they mean none. Dates without a year are in the chat's last year."""
    from copilot.facts.moments import read_moments

    stamps = [message.time for message in transcript.messages if message.time]
    if not stamps:
        return None
    last = stamps[-1]
    plain = _FULL.sub(lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", words)
    whole = re.match(r"^(.*?\d{4}-\d\d-\d\d(?:[ T]\d{1,2}:\d\d)?)\s*(?:至|到|~|—+|–|-|—)\s*(\d{4}-\d\d-\d\d.*)$", plain)
    pieces = whole.groups() if whole else (plain,)
    moments = [moment for piece in pieces for moment in read_moments(piece, last) if moment.date]
    if not moments:
        return None
    first, final = moments[0], moments[-1]
    assert first.date is not None
    start = datetime.combine(first.date, first.time or time.min, last.tzinfo)
    closing: date = final.end_date or final.date or first.date
    clock = final.end_time or (final.time if len(moments) > 1 else None)
    end = datetime.combine(closing, clock or time.min, last.tzinfo)
    end += timedelta(minutes=1) if clock else timedelta(days=1)
    return Scope(start=start, end=end) if start < end else None


def within(transcript: Transcript, scope: Scope | None) -> tuple[Transcript, int]:
    """The chat within a stretch, and how many members' messages lie outside it. A message without a time stays with the one before."""
    if scope is None:
        return transcript, 0
    kept, inside = [], True
    for message in transcript.messages:
        if message.time:
            inside = scope.start <= message.time < scope.end
        if inside:
            kept.append(message)
    if len(kept) == len(transcript.messages):
        return transcript, 0
    outside = len(transcript.said) - sum(message.kind != "system" for message in kept)
    return transcript.model_copy(update={"messages": tuple(kept)}), outside
