"""Whatever happens to a file: an importer reads it or says what it could not read, and only ever raises our errors."""

import random
from zoneinfo import ZoneInfo

import pytest
from export_samples import JSON_AND_CSV, SAID, SAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.chat.formats.base import Setting, Source
from copilot.chat.formats.registry import find, formats
from copilot.chat.reading import read_chats
from copilot.errors import CopilotError, InputError

ZONE = ZoneInfo("Asia/Shanghai")
SETTING = Setting(ZONE)
GARBAGE = (
    "\x00",
    "\ufeff",
    "\r",
    "\n",
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\u202e",
    "😀",
    "\ud83d",
    "\\ud83d",
    "1e999",
    "null",
    "9" * 30,
)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
NAMES = sorted(SAMPLES)


def total(text: str, name: str) -> tuple[int, bool]:
    """How many messages are read, and whether anything is said of what is not."""
    chats = find(name).read(Source("", text), SETTING)
    return sum(len(chat.entries) for chat in chats), any(chat.unread or chat.notes for chat in chats)


def test_every_format_has_a_sample() -> None:
    assert {one.name for one in formats()} == {*SAMPLES}


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_recognised_and_read_whole(name: str) -> None:
    (chat,) = read_chats(SAMPLES[name], zone=ZONE)
    assert chat.format == name
    assert len(chat.said) == (4 if name == "plain-text" else 3)
    assert not chat.unread
    assert len({message.sender for message in chat.messages}) == 2


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
def test_no_damage_raises_anything_but_our_errors(name: str, data: st.DataObject) -> None:
    text = SAMPLES[name]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 80)))
        put = data.draw(st.sampled_from([*GARBAGE, "", text[start:stop] * 2, text[:60]]) | st.text(max_size=5))
        text = text[:start] + put + text[stop:]
    try:
        chats = find(name).read(Source("", text), SETTING)
    except CopilotError:
        return
    lines = text.count("\n") + 1
    for chat in chats:
        assert all(1 <= entry.line <= lines for entry in chat.entries)
        assert all(1 <= one.line <= lines for one in chat.unread)


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.binary(max_size=120), seed=st.integers(0, 9999))
def test_bytes_of_any_kind_are_read_or_refused(name: str, data: bytes, seed: int) -> None:
    sample = bytearray(SAMPLES[name].encode())
    place = random.Random(seed).randrange(len(sample))
    sample[place : place + len(data) // 2] = data
    try:
        chats = read_chats(bytes(sample), zone=ZONE)
    except CopilotError:
        return
    for chat in chats:
        chat.model_dump_json()


@pytest.mark.parametrize("name", JSON_AND_CSV)
@FEW
@given(data=st.data())
def test_a_message_that_is_lost_is_never_lost_silently(name: str, data: st.DataObject) -> None:
    """A file that is cut off, or has one stray quote, gives all messages whose words are in it or says what is missing."""
    text = SAMPLES[name]
    place = data.draw(st.integers(1, len(text.rstrip()) - 1))
    damaged = text[:place] if data.draw(st.booleans()) else text[:place] + '"' + text[place:]
    try:
        found, told = total(damaged, name)
    except InputError:
        return
    assert told or found >= sum(words.split("\n")[0] in damaged for words in SAID)


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
def test_every_line_is_a_message_a_frame_or_unread(name: str, data: st.DataObject) -> None:
    """Lines of garbage put between the lines of a file turn up in a message or among what is unread."""
    lines = SAMPLES[name].split("\n")
    first = next(number for number, line in enumerate(lines) if "周末去看房吗" in line)
    place = data.draw(st.integers(first + 1, len(lines)))
    lines[place:place] = ["乱码乱码乱码"]
    try:
        chats = find(name).read(Source("", "\n".join(lines)), SETTING)
    except InputError:
        return
    covered: set[int] = set()
    for chat in chats:
        for entry in chat.entries:
            covered |= {*range(entry.line, max(entry.line, entry.end_line) + 1)}
        for one in chat.unread:
            covered |= {*range(one.line, one.line + one.lines)}
    assert place + 1 in covered
