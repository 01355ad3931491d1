"""Which messages carry personal data, and of which kinds: never the data."""

from copilot.chat.claims import PrivateData
from copilot.chat.masking import find_private, soft_kinds
from copilot.chat.scene import Scene


def read_private(scene: Scene) -> tuple[PrivateData, ...]:
    """The messages that carry personal data, in the order of time: identifiers first, then delicate kinds (健康状况 …).

    Ads and hostile messages count too: what they carry must not be printed either.
    """
    found = []
    for message in scene.transcript.said:
        text = f"{message.text}\n{message.enclosed}" if message.enclosed else message.text
        if not text:
            continue
        kinds = [one.kind for one in find_private(text)] + (["定位"] if message.kind == "location" else [])
        if message.id not in scene.noise and not scene.official(message):
            kinds += soft_kinds(text)
        if kinds:
            found.append(PrivateData(message=message.id, kinds=tuple(dict.fromkeys(kinds))))
    return tuple(found)
