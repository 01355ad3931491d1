"""What the tests of importers share: the registry's choice, and the chats a format reads."""

from zoneinfo import ZoneInfo

from copilot.chat.formats.base import Chat, Setting, Source
from copilot.chat.formats.registry import find, recognise

SETTING = Setting(ZoneInfo("Asia/Shanghai"))


def chats_of(text: str, expected: str, *, name: str = "") -> list[Chat]:
    """The chats of a text that the registry must take for the expected format."""
    source = Source(name, text)
    chosen, _ = recognise(source)
    assert chosen is not None
    assert chosen.name == expected
    return chosen.read(source, SETTING)


def chat_of(text: str, expected: str, *, name: str = "") -> Chat:
    """The one chat of a text."""
    (chat,) = chats_of(text, expected, name=name)
    return chat


def forced(text: str, name: str) -> list[Chat]:
    """The chats of a text that is read as of this format, whatever it looks like."""
    return find(name).read(Source("", text), SETTING)
