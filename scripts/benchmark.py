"""How long things take here: whole processes from a cold start, and calls in a warm one.

Run by `make benchmark`. Nothing is written outside a temporary folder and no network is used. Where other work keeps the
machine busy, look at the computing time beside the time on the clock.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("河边凉亭", "社区活动室二楼", "小满咖啡馆", "线上会议室")
EVENTS = ("晨跑", "共读会", "旧书交换", "亲子手工", "健身打卡开营")
SAMPLES = {"announcement": "brief", "weekly-plan": "weekly_plan", "crisis-reply": "crisis"}
QUESTIONS = ("群里没人说话怎么办", "有人发广告", "怎么写活动预告", "新人进群要做什么", "什么时候该解散一个群")


class Time(NamedTuple):
    """Seconds on the clock, and seconds of computing in this process or its child."""

    clock: float
    computing: float


class Row(NamedTuple):
    """A line of the table: what was measured, how long it took, and the most it may take on the clock."""

    name: str
    time: Time
    most: float | None = None


def timed(call: Callable[..., object], *arguments: object) -> Time:
    """What one call takes."""
    started, computed = perf_counter(), process_time()
    call(*arguments)
    return Time(perf_counter() - started, process_time() - computed)


def median(times: list[Time]) -> Time:
    """The middle of each."""
    return Time(*(statistics.median(values) for values in zip(*times, strict=True)))


def cold(*arguments: str) -> Time:
    """The median of five whole processes."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        computing = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        times.append(Time(perf_counter() - started, computing))
    return median(times)


def brief(event: str, place: str, number: int) -> str:
    """One of twenty invented briefs, in three formats."""
    day, price, seats = number % 27 + 1, number * 3, number + 10
    lines = [
        f"{event}，4月{day}日晚上7点到9点",
        f"地点：{place}",
        f"费用：{price} 元",
        f"名额：{seats} 人",
        f"报名截止：4月{day}日中午12点",
    ]
    if number % 3 == 0:
        return "\n".join(lines)
    if number % 3 == 1:
        return "群名: 测试群\n事实:\n" + "".join(f"  - {line}\n" for line in lines)
    return "帮我发个通知。" + "；".join(lines) + "。接龙报名，报满为止。"


def plan_brief(groups: int) -> dict[str, object]:
    """An invented week of so many groups and three operators."""
    return {
        "本周": "2026-03-30 到 2026-04-05",
        "目标": "让每个群每周有一件大家愿意参加的事",
        "groups": [
            {"name": f"{EVENTS[number % 5]}{number + 1}群", "members": 60 + 15 * number, "type": "兴趣社群"}
            for number in range(groups)
        ],
        "人手": ["小满：工作日 9:00–18:00", "阿榆：周一到周五 13:00–21:00", "柏枝：周三到周日 10:00–19:00"],
        "限制": ["22:00 以后不发消息"],
        "上周数据": {"没人答的提问": 6, "重复问题": 9},
    }


def main() -> None:
    """Measure and print the table."""
    command = ("-m", "copilot.cli")
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"COPILOT_HOME": home, "COPILOT_WRITER": "offline"}
        rows = [
            *warm(),
            Row("import copilot, cold", cold("-c", "import copilot"), 0.15),
            Row("copilot --help, cold", cold(*command, "--help"), 0.4),
            *(
                Row(f"copilot draft {job}, cold", cold(*command, "draft", job, f"examples/{sample}.yaml"), 3.0)
                for job, sample in SAMPLES.items()
            ),
            Row("copilot search, cold", cold(*command, "search", QUESTIONS[0])),
        ]
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for name, time, most in rows:
        bound = f"   (at most {most * 1000:.0f})" if most else ""
        print(f"{name:<40}{time.clock * 1000:>9.1f} ms, computing {time.computing * 1000:>8.1f} ms{bound}")


def warm() -> list[Row]:
    """Calls in this process, after one that loads everything and builds the index."""
    from datetime import datetime

    from copilot import Copilot

    copilot = Copilot()
    now = datetime(2026, 3, 30, 9, tzinfo=copilot.settings.zone)
    briefs = [brief(event, place, number) for number, (event, place) in enumerate(product(EVENTS, PLACES))]
    first = timed(copilot.search, "预热")
    draft = copilot.draft_announcement(briefs[0], now=now)
    drafts = [timed(partial(copilot.draft_announcement, text, now=now)) for text in briefs]
    searches = [timed(copilot.search, text) for text in QUESTIONS * 4]
    copilot.draft_weekly_plan(plan_brief(1), now=now)
    plans = [timed(partial(copilot.draft_weekly_plan, plan_brief(12), now=now)) for _ in range(3)]
    crisis = (ROOT / "examples" / "crisis.yaml").read_text(encoding="utf-8")
    copilot.draft_crisis_reply(crisis, now=now)
    replies = [timed(partial(copilot.draft_crisis_reply, crisis, now=now)) for _ in range(5)]
    copies = [draft.model_copy(update={"id": f"copy{number:08}"}) for number in range(50)]
    kept = [timed(copilot.store.keep, copy) for copy in copies]
    slowest = Time(*(statistics.quantiles(values, n=20)[-1] for values in zip(*drafts, strict=True)))
    return [
        Row("first search (builds the index)", first),
        Row("announcement, warm, median of 20", median(drafts), 0.15),
        Row("announcement, warm, 95th percentile", slowest, 0.15),
        Row("plan of 12 groups, 7 days, 3 operators", median(plans)),
        Row("crisis reply, warm, median of 5", median(replies)),
        Row("search, warm, median of 20", median(searches)),
        Row("keep a draft, median of 50", median(kept)),
    ]


if __name__ == "__main__":
    main()
