"""What of a message the operator says, and what they only hand over: a pasted chat, a text in quotes or below a colon."""

import re
from dataclasses import dataclass
from functools import lru_cache

from copilot.chat.formats.base import Source
from copilot.chat.formats.registry import recognise
from copilot.chat.reports import FORMAT as REPORT
from copilot.chat.reports import read_report
from copilot.store import Attachment

LEAST = 8  # characters of a text that is handed over; a shorter one is a word that is spoken of
_LEADS = 3  # so many lines may stand before a pasted chat
_REQUEST = re.compile(r"帮|看[看下一]|总结|整理|理一|汇总|归纳|麻烦|分析|聊天|日报|记录|聊了")
_CLOCK = re.compile(r"\d{1,2}[:：]\d{2}")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{8,})[”\"」』]")
_BELOW = re.compile(r"[：:]\s*\n?|\n")


@dataclass(frozen=True)
class Pasted:
    """A message taken apart. `lead` are the operator's own words about what follows (all of it, where nothing does).

    `body` is a text that was handed over, `chat` a chat or a report about one with its `format`.
    """

    lead: str
    body: str = ""
    chat: str = ""
    format: str = ""


@lru_cache(maxsize=128)  # a turn is looked at by all that follow it
def take_apart(text: str, files: tuple[Attachment, ...] = ()) -> Pasted:
    """The parts of a message. A chat among the files is taken before one in the text."""
    for file in files:
        if kind := chat_format(file.text, file.name):
            return Pasted(text.strip(), chat=file.text, format=kind)
    if files and not text.strip():
        return Pasted("", body=files[0].text)
    lines = text.split("\n")
    for at in range(
        _LEADS, -1, -1
    ):  # importers pass over a line that is none of theirs: what is asked stands before it
        lead, rest = "\n".join(lines[:at]).strip(), "\n".join(lines[at:])
        if at and (not _REQUEST.search(lead) or _CLOCK.search(lead)):
            continue
        if (kind := chat_format(rest)) and (kind != REPORT or not at):
            return Pasted(lead, chat=rest, format=kind)
    if match := _QUOTED.search(text):
        return Pasted((text[: match.start()] + text[match.end() :]).strip(), body=match[1])
    if (match := _BELOW.search(text)) and len(text) - match.end() >= LEAST:
        return Pasted(text[: match.start()].strip(), body=text[match.end() :].strip())
    return Pasted(text.strip(), body=files[0].text if files else "")


@lru_cache(maxsize=64)
def chat_format(text: str, name: str = "") -> str:
    """The format of a chat, `report` for a report about one, "" for anything else."""
    if "\n" in text.strip():
        found, _ = recognise(Source(name, text))
        if found is not None:
            return found.name
    from zoneinfo import ZoneInfo

    return REPORT if _told_as_report(text) and read_report(text, ZoneInfo("UTC")) else ""


def _told_as_report(text: str) -> bool:
    """Whether a text looks back on what was said in a group: a plan or a notice uses the same words."""
    return bool(
        re.match(
            r"\s*(?:【?[^\n：:]{0,12}(?:日报|群报|小结|复盘)|(?:今[天日]|昨[天日]|本周|上周)[^\n]{0,6}(?:群|聊))", text
        )
    )
