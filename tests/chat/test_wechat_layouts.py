"""Made-up chats of every layout, full of lines that look like headers, are read message by message."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copilot.chat.members import folded
from copilot.chat.reading import read_chat

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime.fromisoformat("2026-06-20T07:00:00")
REGULARS = ["阿茶", "老段", "小鹿", "Mia 🌿", "3栋-蒋姐", "10:30的约定", "K歌王", "物业小邓", "G  (一刀）", "A:B"]
OTHERS = [f"路人{number}" for number in range(25)]
BODIES = [
    "收到",
    "[图片]",
    "几点",
    "集合 08:00",
    "报名截止 2026-06-30 20:00",
    "地点：北门\n时间：6月28日 09:00",
    "好的 周六 9:00 见",
    "「阿茶：几点」\n- - - - - - - - - -\n9点",
    "费用:\n98元",
    "#接龙\n1. 阿茶\n2. 老段 10:00",
]
DAYS = "一二三四五六日"
Lines = Callable[[str, datetime, str], list[str]]
LAYOUTS: dict[str, tuple[Lines, Callable[[datetime], list[str]] | None]] = {
    "android mail": (
        lambda who, at, body: [f"{who}  {at:%H:%M}", "", body, ""],
        lambda at: ["", f"—————  {at:%Y-%m-%d}  —————", "", ""],
    ),
    "ios mail": (
        lambda who, at, body: [f"{who} {at:%H:%M}", body, ""],
        lambda at: [f"—————  {at.year}-{at.month}-{at.day}  —————", ""],
    ),
    "phone with day lines": (
        lambda who, at, body: [f"{who} {at:%H:%M}", body, ""],
        lambda at: ["", f"{at:%Y年%m月%d日} 星期{DAYS[at.weekday()]}", ""],
    ),
    "dense": (lambda who, at, body: [f"{who} {at:%Y-%m-%d %H:%M}", body], None),
    "desktop": (lambda who, at, body: [f"{who} {at:%Y/%m/%d %H:%M}", body, ""], None),
    "desktop, 12 hours": (lambda who, at, body: [f"{who} {at:%Y/%m/%d %I:%M %p}", body, ""], None),
    "three lines": (lambda who, at, body: [who, f"{at:%Y年%m月%d日 %H:%M}", body], None),
}


def chat_of(size: int, layout: str, chance: random.Random) -> tuple[str, list[tuple[int, str]]]:
    """A chat's text, and the line and name of each message."""
    message, day_line = LAYOUTS[layout]
    lines: list[str] = []
    made: list[tuple[int, str]] = []
    at, day = START, None
    for _ in range(size):
        at += timedelta(seconds=chance.choice([5, 20, 60, 300, 3600, 9000]))
        who = chance.choice(REGULARS if chance.random() < 0.8 else OTHERS)
        if day_line is not None and at.date() != day:
            day = at.date()
            lines += day_line(at)
        made.append((len(lines) + 1, folded(who)))
        lines += [part for line in message(who, at, chance.choice(BODIES)) for part in line.split("\n")]
        if chance.random() < 0.03:
            lines.append(f'"{chance.choice(REGULARS)}" 撤回了一条消息')
    return "\n".join(lines) + "\n", made


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("size", [6, 15, 60, 200])
def test_every_message_is_found_and_none_is_made_up(layout: str, size: int) -> None:
    for seed in range(3):
        text, made = chat_of(size, layout, random.Random(f"{layout}{size}{seed}"))
        chat = read_chat(text, zone=ZONE)
        assert [(message.line, folded(message.shown)) for message in chat.said] == made
        assert not chat.unread


def test_two_pastes_of_different_layouts_are_both_read() -> None:
    first, made = chat_of(40, "desktop", random.Random(1))
    second, more = chat_of(30, "three lines", random.Random(2))
    lines = first.count("\n")
    chat = read_chat(first + second, zone=ZONE)
    assert {(message.line, folded(message.shown)) for message in chat.said} == {
        *made,
        *((line + lines, who) for line, who in more),
    }
