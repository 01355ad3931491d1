"""A chat format of one's own: the export of a made-up app called 巷口. Once installed, it is recognised like any other.

pip install -e examples/custom_chat_format
copilot digest examples/custom_chat_format/sample.txt

A format says how sure it is of a source, and turns it into entries. Encodings, archives, order, doubles and ids are
nobody's worry here. What makes it known is the entry point in pyproject.toml.
"""

import re
from datetime import datetime

from copilot.chat.formats.base import Chat, Entry, Setting, Source
from copilot.errors import InputError

TITLE = re.compile(r"巷口导出 · (?P<group>.+)")
DAY = re.compile(r"== (?P<day>\d{4}-\d\d-\d\d) ==")
MESSAGE = re.compile(r"(?P<clock>\d\d:\d\d)\|(?P<name>[^|]+)\|(?P<text>.*)")


class LaneFormat:
    """`name` is what `--format` takes, `title` what an operator sees."""

    name = "lane"
    title = "巷口导出"
    platform = "lane"

    def sniff(self, source: Source) -> float:
        """How surely the source is of this format, from its head alone."""
        return 0.95 if TITLE.match(source.head) else 0.0

    def read(self, source: Source, setting: Setting) -> list[Chat]:
        """Its one chat. A line that begins no message goes on with the one above it."""
        chat, day = Chat(entries=[]), ""
        for number, line in enumerate(source.text.splitlines(), 1):
            if title := TITLE.fullmatch(line):
                chat.group = title["group"]
            elif found := DAY.fullmatch(line):
                day = found["day"]
            elif message := MESSAGE.fullmatch(line):
                time = datetime.fromisoformat(f"{day} {message['clock']}").replace(tzinfo=setting.zone)
                entry = Entry(line=number, time=time, precision="minute", name=message["name"], text=message["text"])
                chat.entries.append(entry)
            elif line and chat.entries:
                chat.entries[-1].text += f"\n{line}"
        if not chat.entries:
            raise InputError("里面没有巷口的消息", hint="在巷口里重新导出一次")
        return [chat]


FORMATS = (LaneFormat(),)
