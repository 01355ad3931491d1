"""WeFlow's JSON (standard and Arkme), and its relatives EchoTrace and CipherTalk. WeFlow's texts are `weflow_text`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.chat.formats import weflow_text
from copilot.chat.formats.base import Chat, Entry, Format, Setting, Source
from copilot.chat.formats.fields import check_count, first_text, list_of, mapping_of
from copilot.chat.formats.finishing import joined
from copilot.chat.formats.gathering import Gathering
from copilot.chat.formats.json_items import JsonItems
from copilot.chat.formats.json_shape import Shape, json_shape
from copilot.chat.formats.json_walk import Item
from copilot.chat.formats.scalars import first_time, id_of, number_of, words_of
from copilot.chat.formats.wechat_types import kind_of_code, kind_of_word, kinds
from copilot.chat.formats.wechat_xml import unpack_xml
from copilot.chat.formats.wording import is_system_sender
from copilot.chat.records import Kind

_NAMES = ("groupNickname", "remark", "displayName", "nickname")


@dataclass
class _Session:
    """One file, one session: an object with `session` and `messages`."""

    name: str
    title: str
    known: Callable[[Shape], float]
    platform: str = "wechat"

    def sniff(self, source: Source) -> float:
        shape = json_shape(source)
        return self.known(shape) if shape.kind == "object" and shape.has("session") else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        items = JsonItems(source.text, "messages")
        gathering = Gathering()
        numbered: list[tuple[Entry, str]] = []
        for item, line in items:
            entry = _entry(item, line, items.end_line)
            if entry is None:
                gathering.lose("", item, line, items.end_line)
                continue
            gathering.add("", entry, own=number_of(item.get("isSend")) == 1)
            if "senderID" in item:
                numbered.append((entry, id_of(item["senderID"])))
        _introduce(numbered, items.around.get("senders"))
        session = mapping_of(items.around.get("session"))
        chat = gathering.chat("", first_text(session, "remark", "displayName", "nickname", "wxid", "accountId"))
        check_count(chat, number_of(session.get("messageCount")))
        return gathering.chats(items.unread)


def _entry(item: Item, line: int, end_line: int) -> Entry | None:
    time, precision = first_time(item.get("createTime"), item.get("formattedTime"))
    name, sender = first_text(item, "senderDisplayName"), id_of(item.get("senderUsername"))
    if not (time or name or sender) or not (item.keys() & {"content", "type", "localType"}):
        return None
    content = words_of(item.get("content"))
    entry = Entry(
        line=line,
        end_line=end_line,
        source_id=id_of(item.get("platformMessageId")),  # localId only counts the rows of one export
        time=time,
        precision=precision,
        name=name,
        sender_id=sender,
        kind=_kind(item),
        text=content,
        reply_id=id_of(item.get("replyToMessageId")),
        reply_name=first_text(item, "quotedSender"),
        reply_text=words_of(item.get("quotedContent")),
    )
    if is_system_sender(sender) or is_system_sender(name):
        entry.kind = "system"
    unpack_xml(entry)
    if entry.kind == "link":
        entry.text = joined(content, *(words_of(item.get(key)) for key in ("linkTitle", "linkUrl", "appMsgDesc")))
    elif entry.kind == "location":
        keys = ("locationPoiname", "locationLabel")
        entry.text = joined(content, *(words_of(item.get(key)) for key in keys))
    elif entry.kind == "forward":
        entry.enclosed = entry.enclosed or "\n".join(_record_lines(item.get("chatRecords")))
    return entry


def _kind(item: Mapping[str, Any]) -> Kind:
    """A message's kind by its code, else by its word, else by ChatLab's code beside them."""
    found = kind_of_code(number_of(item.get("localType")))
    word = kind_of_word(words_of(item.get("type")))
    if found == "other" or (found == "link" and word):  # an app message without its subtype
        found = word or kinds("chatlab").get(number_of(item.get("chatLabType")), found)
    return found


def _record_lines(records: Any) -> list[str]:
    """Merged messages, one "name: words" each."""
    return [
        f"{first_text(record, 'senderDisplayName', 'sourcename', 'accountName', 'sender')}: "
        f"{first_text(record, 'content', 'datadesc', 'datatitle')}".strip(": ")
        for record in map(mapping_of, list_of(records))
    ]


def _introduce(numbered: Sequence[tuple[Entry, str]], senders: Any) -> None:
    """Give the entries that only have their sender's number in this file the sender's names."""
    known = {id_of(person.get("senderID")): person for person in map(mapping_of, list_of(senders))}
    for entry, number in numbered:
        person = known.get(number, {})
        entry.sender_id = entry.sender_id or first_text(person, "wxid", "accountId")
        entry.name = entry.name or first_text(person, *_NAMES)
        if is_system_sender(entry.name) and entry.kind == "text":
            entry.kind = "system"


def _weflow(shape: Shape) -> float:
    return 0.98 if shape.has("weflow") else 0.0


def _ciphertalk(shape: Shape) -> float:
    return 0.98 if mapping_of(shape.top.get("exportInfo")).get("generator") == "CipherTalk" else 0.0


def _echotrace(shape: Shape) -> float:
    if (
        shape.has("weflow")
        or shape.has("exportInfo")
        or not ("messages" in shape.top or mapping_of(shape.top.get("session")).get("wxid"))
    ):
        return 0.0
    return 0.9 if shape.item("messages").keys() & {"localId", "createTime", "formattedTime"} else 0.6


FORMATS: tuple[Format, ...] = (
    _Session("weflow", "WeFlow（JSON）", _weflow),
    _Session("ciphertalk", "CipherTalk（JSON）", _ciphertalk),
    _Session("echotrace", "EchoTrace（JSON）", _echotrace),
    *weflow_text.FORMATS,
)
