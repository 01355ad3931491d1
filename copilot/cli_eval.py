"""`copilot eval`: a file of scenarios through the jobs, and what code can judge of what comes out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from copilot import console
from copilot.cli_input import AsJson, read_text
from copilot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from copilot.evaluation.comparing import Difference, Totals
    from copilot.evaluation.judging import Verdict
    from copilot.evaluation.running import Evaluation
    from copilot.records import Usage

    Lines = Iterator[RenderableType]

WRITERS = {"model": "模型", "offline": "离线", "": "—"}
MEASURES = {
    "writer": "谁写的",
    "failed": "没做成",
    "errors": "必须改",
    "broken": "对不上的引文",
    "missed": "该有没有",
    "said": "不该有却有",
    "unasked": "该问没问",
    "limits": "长度和平台",
    "placeholders": "留的空",
    "conflicts": "列出的矛盾",
    "troubles": "模型没写成",
    "text": "正文",
}
UNMET = ("failed", "troubles", "errors", "broken", "missed", "said", "unasked", "limits")
"""What is told line by line of a scenario."""
COLUMNS = ("场景", "写的", "必须改", "引文断", "没达到", "空/矛盾", "字数", "词元", "费用", "秒", "返工")
MOST_LINES = 12  # of one side of a text that differs


def evaluate(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="场景文件：YAML、JSON，或一行一个 JSON")],
    writer: Annotated[Literal["auto", "offline", "model"], typer.Option(help="谁来写；默认有模型用模型")] = "auto",
    prompts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="用这个文件夹里的提示词；默认 COPILOT_PROMPTS")
    ] = None,
    against: Annotated[Path | None, typer.Option(metavar="DIR", help="再用这个文件夹里的提示词跑一遍，对着看")] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="ID", help="只跑这个场景，可以给几次")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="草稿逐条存到这个文件；断了再跑，接着做")] = None,
    as_json: AsJson = False,
) -> None:
    """跑一组场景，看写出来的稿子过不过得去：查无出处的、该有的、不该有的、花费。Scenarios drafted and judged."""
    from copilot.settings import Settings

    settings = Settings.load(**({"prompts": prompts} if prompts else {}))
    text, _ = read_text(file, settings)
    from copilot.evaluation.running import evaluate as run
    from copilot.evaluation.scenarios import read_scenarios

    scenarios = read_scenarios(text)
    if unknown := sorted(set(only or ()) - {one.id for one in scenarios}):
        raise UsageError(f"没有叫 {'、'.join(unknown)} 的场景", hint=f"可选 {'、'.join(one.id for one in scenarios)}")
    chosen = [one for one in scenarios if not only or one.id in only]
    done = run(settings, chosen, writer=writer, against=against, out=out, on_done=_tell)
    if out:
        console.tell(f"草稿在 {out}")
    console.show(done, as_json, _lines)


def _tell(done: int, total: int, verdict: "Verdict") -> None:
    """One line a scenario, as it is done."""
    how = "没做成" if verdict.failed else "没有问题" if verdict.sound else "有问题"
    seconds = "上次做好的" if verdict.resumed else f"{verdict.usage.milliseconds / 1000:.1f} 秒"
    console.tell(
        f"[{done}/{total}] {verdict.scenario} · {WRITERS.get(verdict.writer, verdict.writer)} · {seconds} · {how}"
    )


def _lines(done: "Evaluation") -> "Lines":
    """For each side a table, its totals and what is wrong; then what differs; last what only a reader can judge."""
    for side in done.sides:
        yield console.plain(f"\n提示词 {side.prompts}", "bold")
        yield from _table(side.results)
        yield console.plain(_sums(side.totals))
        for verdict in side.results:
            yield from _wrong(verdict)
    if len(done.sides) > 1:
        yield from _compared(done)
    yield from _to_read(done.sides[0].results)


def _table(verdicts: "Sequence[Verdict]") -> "Lines":
    """Aligned by hand: rich would cut the columns to the width of the window, and figures must not be cut."""
    from rich.cells import cell_len

    rows = [COLUMNS, *(_row(one) for one in verdicts)]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    for number, row in enumerate(rows):
        gaps = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [
            cell + gap if column < 2 else gap + cell for column, (cell, gap) in enumerate(zip(row, gaps, strict=True))
        ]
        good = number == 0 or verdicts[number - 1].sound
        yield console.plain("  ".join(cells).rstrip(), "dim" if number == 0 else "" if good else "yellow")


def _row(one: "Verdict") -> tuple[str, ...]:
    return (
        one.scenario,
        WRITERS.get(one.writer, one.writer),
        str(len(one.errors)),
        str(len(one.broken)),
        f"{one.unmet}/{one.expected}",
        f"{len(one.placeholders)}/{len(one.conflicts)}",
        str(one.characters),
        f"{one.usage.input_tokens + one.usage.output_tokens:,}",
        _money(one.usage),
        f"{one.usage.milliseconds / 1000:.1f}",
        "有" if one.repaired else "",
    )


def _money(usage: "Usage") -> str:
    from copilot.providers import money

    return money(usage.cost, usage.currency) if usage.requests else "—"


def _sums(totals: "Totals") -> str:
    usage = totals.usage
    spent = f"发出 {usage.input_tokens:,}、收到 {usage.output_tokens:,} 个词元，{usage.requests} 次请求"
    spent += f"，沿用上次的 {usage.cached_tokens:,} 个" if usage.cached_tokens else ""
    spent += f"，费用 {_money(usage)}" if usage.requests else ""
    return (
        f"共 {totals.scenarios} 个：{totals.sound} 个没有问题，{totals.by_model} 个由模型写成，{totals.repaired} 个返过工，"
        f"{totals.failed} 个没做成；必须改 {totals.errors} 处，对不上的引文 {totals.broken} 条，"
        f"{totals.expected} 条期望里 {totals.unmet} 条没达到；{spent}，{usage.milliseconds / 1000:.1f} 秒"
    )


def _wrong(verdict: "Verdict") -> "Lines":
    """What speaks against one draft."""
    told = [(name, getattr(verdict, name)) for name in UNMET if getattr(verdict, name)]
    if told:
        yield console.plain(f"\n{verdict.scenario}", "bold")
    for name, found in told:
        for line in [found] if isinstance(found, str) else dict.fromkeys(found):
            yield console.plain(f"  · {MEASURES[name]}：{line}")


def _compared(done: "Evaluation") -> "Lines":
    yield console.plain(f"\n对照：{done.sides[0].prompts} → {done.sides[1].prompts}", "bold")
    yield console.plain(f"  改了的提示词：{'、'.join(done.changed) or '没有，两个文件夹一样'}")
    before, after = done.sides[0].totals, done.sides[1].totals
    for name, title in (("sound", "没有问题"), ("errors", "必须改"), ("unmet", "没达到"), ("repaired", "返工")):
        yield console.plain(f"  {title}：{getattr(before, name):,} → {getattr(after, name):,}")
    yield console.plain(f"  收到词元：{before.usage.output_tokens:,} → {after.usage.output_tokens:,}")
    yield console.plain(f"  费用：{_money(before.usage)} → {_money(after.usage)}")
    if not done.differences:
        yield console.plain("  每个场景出来的都一样")
    scenario = ""
    for one in done.differences:
        if one.scenario != scenario:
            scenario = one.scenario
            yield console.plain(f"\n{scenario}", "bold")
        yield from _difference(one)


def _difference(one: "Difference") -> "Lines":
    unit = " 字" if one.measure == "text" else ""
    yield console.plain(f"  {MEASURES[one.measure]}：{one.before or '—'} → {one.after or '—'}{unit}")
    for mark, style, lines in (("-", "red", one.gone), ("+", "green", one.new)):
        yield from (console.plain(f"    {mark} {line}", style) for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield console.plain(f"    {mark} …… 还有 {len(lines) - MOST_LINES} 行", style)


def _to_read(verdicts: "Sequence[Verdict]") -> "Lines":
    """The expectations in prose, listed: code doesn't pretend to judge them."""
    if any(one.to_read for one in verdicts):
        yield console.plain("\n这些期望是写给人看的，程序判断不了，请对着稿子读", "bold")
    for one in verdicts:
        if one.to_read:
            yield console.plain(f"\n{one.scenario}", "bold")
            yield from (console.plain(f"  · {line}") for line in one.to_read)
