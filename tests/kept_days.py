"""Invented days of a swimming group as they are kept: digests with their chats, and a weekly plan."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copilot import Copilot
from copilot.records import Draft, Part, Request
from copilot.store import Store
from copilot.tasks.base import assemble
from copilot.tasks.weekly_plan.plan import PlanWords, WeeklyPlan
from copilot.tasks.weekly_plan.rendering import plan_text

ZONE = ZoneInfo("Asia/Shanghai")
GROUP = "白鹭湾晨泳队"
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE)  # a Wednesday
STORAGE = "各位泳友，更衣室的储物柜今天起可以登记了：\n回复柜号和姓名，管理员统一配钥匙。\n一人一格，先到先选。"
LESSON = "今晚讲换气：先在岸上练三组呼吸，再下水扶板。\n想听的回复“换气”，讲完把要点发在群里。"


def chat(day: str, *rows: tuple[str, str, str]) -> str:
    """A WeChat copy of rows (clock, sender, text) of one day."""
    lines = [f'微信群"{GROUP}"的聊天记录如下:']
    lines += [f"\n{sender} {day} {clock}\n{text}" for clock, sender, text in rows]
    return "\n".join(lines) + "\n"


def digest(name: str, day: str, *rows: tuple[str, str, str], group: str = GROUP, **claims: Any) -> Draft:
    """The digest of one day's chat with these claims; whoever is called 领队… is on the staff."""
    senders = dict.fromkeys(sender for _, sender, _ in rows)
    stamps = [f"{day} {clock}" for clock, _, _ in rows] or ["", ""]
    structure: dict[str, Any] = {
        "group": group,
        "totals": {"messages": len(rows), "first": stamps[0], "last": stamps[-1], "unparsed_lines": 0},
        "coverage": {"zone": "Asia/Shanghai"},
        "figures": {"member_figures": [{"member": who, "staff": who.startswith("领队")} for who in senders]},
        "messages": [
            {"id": f"m{number}", "time": stamp, "sender": sender}
            for number, (stamp, (_, sender, _)) in enumerate(zip(stamps, rows, strict=False), 1)
        ],
    }
    made = datetime.fromisoformat(f"{day} 22:00").replace(tzinfo=ZONE)
    return Draft(
        id=name,
        kind="digest",
        writer="offline",
        text="日报",
        structure={**structure, **claims},
        request=Request(brief=chat(day, *rows)),
        created=made,
    )


def keep_real_digest(
    store: Store, name: str, day: str, *rows: tuple[str, str, str], group: str = GROUP, **claims: Any
) -> None:
    """Keep the digest that the job itself makes of one day's chat, with these claims in place of its own."""
    said = chat(day, *rows).replace(GROUP, group)
    made = Copilot(store.settings).summarise_digest(said, writer="offline", operator="领队阿满")
    store.delete(made.id)
    store.keep(made.model_copy(update={"id": name, "structure": {**made.structure, "risks": [], **claims}}))


def slot(name: str, day: str, start: str | None, text: str = "", **fields: Any) -> dict[str, Any]:
    minutes = int(start[:2]) * 60 + int(start[3:]) if start else None
    usual = {"group": GROUP, "owner": "领队阿满", "kind": "service", "action": name, "form": "文字"}
    return {**usual, "id": name, "day": day, "start": minutes, "message": text, **fields}


def plan(
    name: str, *slots: dict[str, Any], week: tuple[str, str] = ("2026-11-23", "2026-11-29"), **changes: Any
) -> Draft:
    """A kept plan of one group with these slots, its sheet as the job renders it."""
    first, last = (datetime.fromisoformat(day).date() for day in week)
    days = {f"{first + timedelta(days=ahead)}": "" for ahead in range((last - first).days + 1)}
    review = {"done": ("发出去的",), "not_done": ("没发的",), "learned": ("学到的",)}
    told = WeeklyPlan.model_validate({"week": week, "days": days, "slots": slots, "review": review})
    rows = [
        {**row.model_dump(mode="json"), "start": one["start"] and f"{row.start // 60:02}:{row.start % 60:02}"}
        if (row := told.slots[at]).start is not None
        else row.model_dump(mode="json")
        for at, one in enumerate(slots)
    ]
    sheet = plan_text(told, PlanWords(focus=(), messages=()), 1, lambda rule: "")
    messages = (Part(name=one["id"], title=one["id"], text=one["message"]) for one in slots if one["message"])
    text, parts = assemble((Part(name="plan", title="周计划（团队看）", readers="team", text=sheet), *messages))
    structure = told.model_dump(mode="json") | {
        "slots": [{**row, "text": row["message"]} for row in rows],
        "refused": [],
        "choices": [],
    }
    return Draft(
        id=name,
        kind="weekly-plan",
        writer="offline",
        text=text,
        parts=parts,
        structure=structure,
        request=Request(brief=f"群名：{GROUP}\n本周：{week[0]} 到 {week[1]}"),
        created=datetime.fromisoformat(f"{week[0]} 09:00").replace(tzinfo=ZONE) - timedelta(days=1),
        **changes,
    )
