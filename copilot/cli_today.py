"""`copilot today`: what needs the operator now, from what is kept."""

from typing import TYPE_CHECKING, Annotated

import typer

from copilot import console
from copilot.cli_input import AsJson, moment, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from copilot.agenda.records import Agenda, Happened, Matter, PlannedSlot

    Lines = Iterator[RenderableType]

WHEN = {"overdue": "已过期", "passed": "到点了，之后没看到", "today": "今天到期", "soon": "快到期", "later": "", "": ""}
OUTCOMES = {
    "posted": "发了",
    "early": "提前发了",
    "late": "晚发了",
    "maybe": "像是发了",
    "not_seen": "没看到",
    "unknown": "不清楚",
}
GAPS = {
    "no_digest": "没有那天的日报",
    "begins": "日报从它之后开始",
    "ends": "日报没到那个时候",
    "no_times": "聊天没有时间或已不在",
    "unread": "日报有没读出来的行",
}
MOST = 20


def today(
    group: Annotated[str | None, typer.Option(metavar="NAME", help="只看这个群")] = None,
    now: Annotated[str | None, typer.Option(metavar="ISO", help="按哪个时刻看，如 2026-03-02T09:00")] = None,
    as_json: AsJson = False,
) -> None:
    """今天要处理什么：风险、没答的问题、到期的承诺、今天的安排、没发的草稿。What needs you now."""
    from copilot.settings import Settings

    settings = Settings.load()
    clock = moment(now, settings)
    from copilot.client import Copilot

    found = Copilot(settings).agenda(clock, typed(group, settings) if group else None)
    console.show(found, as_json, _lines)


def _lines(found: "Agenda") -> "Lines":
    if not found.has_material:
        if found.group:
            yield console.plain(f"没有“{found.group}”的日报、计划和草稿。看所有群：copilot today", "dim")
            return
        yield console.plain("还没有日报、计划和草稿。先整理一段群聊：copilot digest 聊天.txt", "dim")
        return
    yield from _listed("风险和投诉", [_matter(one) for one in found.risks])
    yield from _listed("没人答的问题", [_matter(one) for one in found.questions])
    yield from _listed("答应的事", [_promise(one) for one in found.promises])
    yield from _listed("今天的安排", [_slot(one) for one in found.today])
    yield from _listed("这周还有", [f"{one.day:%m-%d} {_slot(one)}" for one in found.week])
    yield from _listed("计划和实际", [_outcome(one) for one in found.happened])
    jobs = console.JOBS
    drafts = [f"{jobs.get(one.kind, one.kind)} {one.title}（{one.id}）" for one in found.waiting]
    yield from _listed("没发的草稿", drafts)
    told = [f"{one.group or '没有群名'} 到 {one.last or one.made:%m-%d %H:%M}" for one in found.digests]
    yield console.plain(f"\n日报：{'；'.join(told) or '没有'}", "dim")
    if found.unreadable:
        yield console.plain(f"读不出来的草稿：{'、'.join(found.unreadable)}", "yellow")


def _listed(title: str, lines: "Sequence[str]") -> "Lines":
    if lines:
        yield console.plain(f"\n{title}（{len(lines)}）", "bold")
        yield from (console.plain(f"  · {line}") for line in lines[:MOST])
        if len(lines) > MOST:
            yield console.plain(f"  还有 {len(lines) - MOST} 条（--json 里是全部）", "dim")


def _matter(one: "Matter") -> str:
    again = f"，追问 {one.again} 次" if one.again else ""
    return f"{_about(one)}{' '.join(one.text.split())}（{'、'.join(one.people) or '群里'}{again}；{_receipt(one)}）"


def _promise(one: "Matter") -> str:
    due = f"{one.due:%m-%d %H:%M}" if one.due else one.due_text
    told = "，".join(filter(None, (WHEN[one.when], due)))
    return f"{_about(one)}{'、'.join(one.people) or '没有写谁'}：{' '.join(one.text.split())}（{told or '没说时间'}；{_receipt(one)}）"


def _about(one: "Matter") -> str:
    return f"[{one.group}] " if one.group else ""


def _receipt(one: "Matter") -> str:
    """The digest and the first message behind it."""
    return " ".join([one.digest, *one.messages[:1]])


def _slot(one: "PlannedSlot") -> str:
    start = f"{one.start:%H:%M}" if one.start else "时间自定"
    copied = f"，{one.copied:%H:%M} 复制过" if one.copied else ""
    return f"{start} {f'[{one.group}] ' if one.group else ''}{one.action}（{one.owner or '没有负责人'}{copied}）"


def _outcome(one: "Happened") -> str:
    told = OUTCOMES[one.outcome]
    if one.at:
        told += f"：{one.at:%m-%d %H:%M} {one.sender}（{one.digest} {one.message}）"
    elif one.gap:
        told += f"（{GAPS[one.gap]}）"
    return f"{one.slot.day:%m-%d} {_slot(one.slot)} → {told}"
