"""Members' messages and nicknames that try to give the assistant orders."""

from collections.abc import Sequence

from copilot.chat.claims import Injection
from copilot.chat.records import Message, Transcript
from copilot.chat.scene import Roles
from copilot.chat.signals import suspicion

# "忽略以上指令" has six characters; nothing shorter addresses the assistant and orders something.
_SHORTEST = 6
_NAME_WHY = "昵称里藏着给助手的指令：{why}"
_FORWARDED_WHY = "转发的内容里藏着给助手的指令：{why}"
# How much of an earlier order somebody repeats for it to be a quotation.
_QUOTED = 8
_KNOWN_ORDERS = 20


def read_injections(transcript: Transcript, roles: Roles) -> tuple[Injection, ...]:
    """The hostile messages, in the order of time, each with why.

    Who speaks for the group and was named as such gives no hostile orders; members who quote one to laugh at it or to
    warn of it don't either. A nickname that is an order taints its owner's messages (`where` "name"), whose words stay
    ordinary talk.
    """
    judged: dict[str, str | None] = {}
    orders: list[str] = []
    found = []
    for message in transcript.said:
        name = message.shown or message.sender
        if roles.known and roles.speaks_for_group(message.sender):
            continue
        if (why := _of_message(message, judged, orders)) is not None:
            found.append(Injection(message=message.id, why=why))
            orders.append(_said(message))
            del orders[:-_KNOWN_ORDERS]
        elif (why := _judge(name, judged)) is not None:
            found.append(Injection(message=message.id, why=_NAME_WHY.format(why=why), where="name"))
    return tuple(found)


def _of_message(message: Message, judged: dict[str, str | None], orders: list[str]) -> str | None:
    why = _judge(_without_names(message.text, message.mentions), judged)
    if why is None and message.enclosed and (within := _judge(message.enclosed, judged)) is not None:
        why = _FORWARDED_WHY.format(why=within)
    return None if why is not None and _only_quotes(_said(message), orders) else why


def _without_names(text: str, names: Sequence[str]) -> str:
    """The text without the members it calls: a nickname that is an order is its owner's, not the caller's."""
    for name in names:
        text = text.replace(f"@{name}", "@")
    return text


def _said(message: Message) -> str:
    return f"{message.text}\n{message.enclosed}".strip()


def _judge(text: str, judged: dict[str, str | None]) -> str | None:
    """Why a text is hostile; the same few short texts come again and again in a chat."""
    if len(text) < _SHORTEST:
        return None
    if text not in judged:
        judged[text] = suspicion(text)
    return judged[text]


def _only_quotes(text: str, orders: list[str]) -> bool:
    """Whether what is hostile in the text is somebody else's order, repeated with words of one's own around it."""
    rest = text
    for order in orders:
        rest = _without(rest, order)
    return rest != text and len(rest.strip(" \n\"'“”「」…：:，,。.-")) > 1 and suspicion(rest) is None


def _without(text: str, order: str) -> str:
    """The text without the stretches it shares with the order."""
    pieces, start = [], 0
    while start < len(text):
        end = start + _QUOTED
        if end > len(text) or text[start:end] not in order:
            pieces.append(text[start])
            start += 1
            continue
        while end < len(text) and text[start : end + 1] in order:
            end += 1
        start = end
    return "".join(pieces)
