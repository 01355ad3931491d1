"""Small invented chats for the tests of the readers: rows of (clock, sender, text), one message each."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from copilot.chat.links import read_answers
from copilot.chat.records import Message, Transcript
from copilot.chat.scene import Roles, Scene

DAY = datetime(2026, 5, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
Row = tuple[str, str, str]


def staged(rows: list[Row], *staff: str, group: str = "") -> tuple[Transcript, Roles]:
    """A chat and who speaks for the group. "1/09:30" is the next day's clock; "[图片]" is a picture; no sender, a notice."""
    messages = []
    for number, (clock, sender, text) in enumerate(rows, 1):
        day, _, clock = clock.rpartition("/")
        hour, minute = clock.split(":")
        kind = "system" if not sender else "image" if text == "[图片]" else "text"
        time = DAY + timedelta(days=int(day or 0), hours=int(hour), minutes=int(minute))
        mentions = [word[1:] for word in text.split() if word.startswith("@")]
        messages.append(
            Message.model_validate(
                {
                    "id": f"m{number}",
                    "line": number,
                    "time": time,
                    "sender": sender,
                    "shown": sender,
                    "kind": kind,
                    "text": text,
                    "mentions": mentions,
                }
            )
        )
    roles = Roles(operator=staff[0] if staff else "", staff=staff, known=bool(staff))
    return Transcript(format="wechat", group=group, messages=tuple(messages)), roles


def scene_of(rows: list[Row], *staff: str, noise: dict[str, str] | None = None) -> Scene:
    """The same, set out for the readers."""
    transcript, roles = staged(rows, *staff)
    return Scene(transcript, roles, read_answers(transcript, roles), noise or {})
