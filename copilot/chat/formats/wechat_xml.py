"""What WeChat's raw XML says. The few tags we know are looked up as text: nothing is parsed, no entity is ever expanded."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from copilot.chat.formats.base import Entry
from copilot.chat.formats.finishing import joined
from copilot.chat.formats.scalars import number_of, time_of
from copilot.chat.formats.wechat_types import kind_of_code
from copilot.chat.records import Kind

_SENDER = re.compile(r"[\w@.-]{1,64}:\n(?=\s*<)")
_BEGINNINGS = ("<?xml", "<msg", "<sysmsg", "<appmsg", "<voipmsg", "<revokemsg", "<recordinfo")
_CDATA = re.compile(r"\A\s*<!\[CDATA\[(.*?)(?:\]\]>)?\s*\Z", re.DOTALL)
_SLOT = re.compile(r"\$(\w{1,40})\$")
_LONGEST = 500_000
_DEEPEST = 3
_MEDIA: tuple[tuple[str, Kind], ...] = (
    ("<img", "image"),
    ("<voicemsg", "voice"),
    ("<videomsg", "video"),
    ("<emoji", "sticker"),
    ("<voip", "call"),
)


@dataclass(frozen=True)
class Payload:
    """What a message is and says: its kind where that can be told, its words, what it forwards, and what it answers."""

    kind: Kind | None = None
    text: str = ""
    enclosed: str = ""
    reply_id: str = ""
    reply_name: str = ""
    reply_text: str = ""
    reply_time: datetime | None = None


def is_xml(text: str) -> bool:
    """Whether a text is WeChat's XML, with or without its sender's id before it."""
    if "<" not in text[:100]:
        return False
    beginning = text[:200].lstrip()
    sender = _SENDER.match(beginning)
    return beginning[sender.end() if sender else 0 :].lstrip().startswith(_BEGINNINGS)


def read_xml(text: str) -> Payload:
    """What a message's XML says; a tag that is not closed is not there."""
    text = _SENDER.sub("", text.lstrip(), count=1)[:_LONGEST]
    if "<sysmsg" in text or "<revokemsg" in text:
        return Payload("system", _notice(text))
    if "<appmsg" in text:
        return _app(text)
    for tag, kind in _MEDIA:
        if tag in text:
            return Payload(kind)
    if "<location" in text:
        return Payload("location", joined(_attribute(text, "poiname"), _attribute(text, "label")))
    if name := _attribute(text, "nickname"):
        return Payload("card", name)
    return Payload()


def unpack_xml(entry: Entry) -> None:
    """Put what an entry's XML says in the place of the XML; the entry's own kind stays where it is a plain one."""
    if not is_xml(entry.text):
        return
    payload = read_xml(entry.text)
    if payload.kind and entry.kind in ("text", "other", "link", "system"):
        entry.kind = payload.kind
    entry.text, entry.enclosed = payload.text, payload.enclosed
    entry.reply_id, entry.reply_name = payload.reply_id, payload.reply_name
    entry.reply_text, entry.reply_time = payload.reply_text, payload.reply_time


def _app(text: str) -> Payload:
    """An app message: a link, a file, a quote, merged messages …; its own tags are those outside what it encloses."""
    refer, record = _tag(text, "refermsg"), _tag(text, "recorditem")
    for inner in ("refermsg", "recorditem"):
        text = _without(text, inner)
    kind = kind_of_code(49, number_of(_tag(text, "type")) or 1)
    title = _tag(text, "title")
    if kind == "quote":
        quoted = _tag(refer, "content")
        return Payload(
            kind,
            title,
            reply_id=_tag(refer, "svrid").strip(),
            reply_name=_tag(refer, "displayname").strip(),
            reply_text=read_xml(quoted).text if is_xml(quoted) else quoted,
            reply_time=time_of(_tag(refer, "createtime"))[0],
        )
    if kind == "forward":
        return Payload(kind, title, enclosed="\n".join(_record_lines(record, 1)) or _tag(text, "des"))
    if kind in ("transfer", "redpacket"):
        return Payload(kind, joined(title, _tag(text, "feedesc"), _tag(text, "pay_memo")))
    if kind == "pat":
        return Payload(kind, _tag(text, "templete") or title)
    return Payload(kind, joined(title, _tag(text, "des"), _tag(text, "url") if kind == "link" else ""))


def _record_lines(record: str, depth: int) -> Iterator[str]:
    """Merged messages, one "name: words" each; merged ones within them are indented."""
    for item in _tags(record, "dataitem"):
        inner = _tag(item, "recordxml")
        words = _tag(_without(item, "recordxml"), "datadesc") or _tag(_without(item, "recordxml"), "datatitle")
        yield f"{_tag(item, 'sourcename')}: {words}".strip(": ")
        if inner and depth < _DEEPEST:
            yield from ("  " + line for line in _record_lines(inner, depth + 1))


def _notice(text: str) -> str:
    """A notice's words: ready ones, or a template with its members' names put in."""
    if ready := _tag(text, "replacemsg") or _tag(text, "plain"):
        return ready
    names = {
        _attribute(link, "name"): "、".join(_tags(link, "nickname")) or _tag(link, "title")
        for link in re.split(r"<link\b(?!_)", _tag(text, "link_list"))
    }
    return _SLOT.sub(lambda slot: names.get(slot[1], slot[0]), _tag(text, "template"))


def _tag(text: str, name: str) -> str:
    """What stands between the first such tag and its end, as words."""
    return next(_tags(text, name), "")


def _tags(text: str, name: str) -> Iterator[str]:
    """What stands in each such tag, with what tags of the same name hold within it."""
    depth = start = 0
    for match in re.finditer(rf"<{name}(?:\s[^<>]*)?(?<!/)>|</{name}>", text):
        closing = match[0].startswith("</")
        if not closing and depth == 0:
            start = match.end()
        depth = max(0, depth + (-1 if closing else 1))
        if closing and depth == 0 and start:
            found = text[start : match.start()]
            cdata = _CDATA.match(found)
            yield cdata[1] if cdata else html.unescape(found)
            start = 0


def _without(text: str, name: str) -> str:
    """The text without the first such tag and what it holds."""
    start, stop = text.find(f"<{name}"), text.rfind(f"</{name}>")
    return text[:start] + text[stop:] if 0 <= start < stop else text


def _attribute(text: str, name: str) -> str:
    match = re.search(rf'\b{name}\s*=\s*"([^"]*)"', text)
    return html.unescape(match[1]).strip() if match else ""
