"""The operator's own report about a group: prose that is no chat, kept sentence by sentence with its lines."""

import re
from zoneinfo import ZoneInfo

from copilot.chat.formats.wording import words
from copilot.chat.records import Message, Note, Transcript

FORMAT = "report"
_MAX = 100_000
_LONG = 80
"""A line longer than this is taken apart into its sentences."""
_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]*[”」』)）]?")
_DATA = re.compile(r"\s*[{\[<]|\s*[\"']?\w+[\"']?\s*[:=]\s*[{\[]")
_CLOCKED = re.compile(r"^\D{0,40}\d[^\n]{0,30}\d:\d\d(?::\d\d)?\b", re.MULTILINE)
_HAN = re.compile("[\u4e00-\u9fff]")


def read_report(text: str, zone: ZoneInfo) -> Transcript | None:
    """The report as messages that nobody sent, or None when the text is no prose about a group."""
    if not _is_report(text):
        return None
    messages: list[Message] = []
    for number, line in enumerate(text.split("\n"), 1):
        said = line.strip()
        for sentence in _SENTENCE.findall(said) if len(said) > _LONG else [said]:
            if words_said := sentence.strip():
                place = f"m{len(messages) + 1}"
                messages.append(Message(id=place, line=number, end_line=number, kind="other", text=words_said))
    note = Note(code="report", message="这不是聊天记录，是一份日报：按日报读，里面的数字以日报所写为准")
    return Transcript(format=FORMAT, zone=zone.key, messages=tuple(messages), notes=(note,))


def _is_report(text: str) -> bool:
    """Whether it reads as prose in Chinese with several of the words such reports use."""
    if len(text) > _MAX or _DATA.match(text) or len(_HAN.findall(text)) * 4 < len(re.sub(r"\s", "", text)):
        return False
    lines = text.count("\n") + 1
    if lines > 8 and len(_CLOCKED.findall(text)) * 6 > lines:
        return False
    used = sum(word in text for word in words("report_words"))
    sentences = len(re.findall(r"[。！？；，、：\n]", text.strip()))
    return used >= 3 and sentences >= 2 and len(text.strip()) >= 30
