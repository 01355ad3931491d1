"""How the command line talks: one JSON object or plain Chinese lines on stdout, everything else on stderr."""

import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from copilot.errors import CopilotError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from copilot.doctor import Report
    from copilot.playbook.documents import Skipped
    from copilot.playbook.index import Status
    from copilot.playbook.reports import DocumentReport
    from copilot.records import Answer, Draft, Finding, Part, SearchResult, Severity, Usage
    from copilot.writers.base import Estimate

Shown = TypeVar("Shown")

JOBS = {"announcement": "公告", "weekly-plan": "周计划", "crisis-reply": "危机回复", "digest": "群日报"}
READERS = {"group": "发群里", "private": "私聊", "team": "团队看"}
SEVERITIES = {"error": ("必须改", "red"), "warning": ("建议改", "yellow"), "info": ("提示", "cyan")}
STATUSES = {"ok": ("正常", "green"), "warn": ("注意", "yellow"), "fail": ("不行", "red")}


def set_up() -> None:
    """A character the console can't show (an emoji on a GBK one) becomes "?" and not a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def show(value: Shown, as_json: bool, render: Callable[[Shown], "Iterable[RenderableType]"]) -> None:
    """Print a record (or a mapping of them) for a program, or for a person."""
    if as_json:
        from pydantic_core import to_jsonable_python

        _print_json(to_jsonable_python(value))
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for part in render(value):
        console.print(part)


def tell(message: str) -> None:
    """A word beside the result, on stderr."""
    print(_safe(message), file=sys.stderr)


def fail(error: CopilotError, *, as_json: bool) -> int:
    """Say what went wrong and how to mend it in one line; the exit code."""
    print(_safe(" ".join(str(error).split())), file=sys.stderr)
    try:
        if as_json:
            _print_json({"error": {"message": error.message, "hint": error.hint, "retryable": error.retryable}})
        sys.stdout.flush()
    except OSError:  # stdout itself is what went wrong
        give_up_stdout()
    return error.exit_code


def give_up_stdout() -> None:
    """Where stdout can't be written, the interpreter would try again at exit and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def streaming() -> Iterator[Callable[[str], None]]:
    """What a model writes, on stderr as it comes, until the checked text is printed."""
    pieces: list[str] = []

    def on_text(piece: str) -> None:
        pieces.append(piece)
        print(_safe(piece), end="", file=sys.stderr, flush=True)

    try:
        yield on_text
    finally:
        if pieces:
            print(file=sys.stderr)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr for `progress(done, total)`; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        job = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(job, completed=done, total=total)


def _print_json(value: object) -> None:
    """Where the console is not Unicode, escapes keep every character."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=not is_unicode))


def _safe(text: str) -> str:
    """Without escape sequences: texts come from members and models, and must not steer the terminal."""
    return "".join(char for char in text if char in "\n\t" or (char >= " " and not "\x7f" <= char <= "\x9f"))


def plain(text: str, style: str = "") -> "Text":
    """A text as it is, in one style."""
    from rich.text import Text

    return Text(_safe(text), style=style)


def _section(title: str, lines: Sequence[str]) -> "Iterator[RenderableType]":
    if lines:
        yield plain(f"\n{title}", "bold")
        yield from (plain(f"  · {line}") for line in lines)


def _labelled(label: tuple[str, str], text: str) -> "RenderableType":
    from rich.text import Text

    return Text.assemble("  ", label, "  ", _safe(text))


def _spent(usage: "Usage") -> str:
    """What a model took, in tokens and money, and what was known from before."""
    from copilot.providers import money

    told = f" · 发出 {usage.input_tokens:,}、收到 {usage.output_tokens:,} 个词元，{money(usage.cost, usage.currency)}"
    return told + (f"，沿用上次的 {usage.cached_tokens:,} 个" if usage.cached_tokens else "")


def estimate_line(estimate: "Estimate") -> str:
    """What a model will be sent, in one line."""
    from copilot.providers import money

    new = estimate.portions - estimate.cached
    known = f"，另有 {estimate.cached} 段和上次一样，不再发" if estimate.cached else ""
    cost = f"，最多 {money(estimate.cost, estimate.currency)}" if estimate.cost is not None else ""
    return (
        f"发给模型 {estimate.model or '（还没有配置）'}：{estimate.messages} 条消息里要发 {new} 段，约 {estimate.input_tokens:,} 个词元"
        f"，回复最多 {estimate.most_output_tokens:,}{cost}{known}。原样全发约 {estimate.raw_tokens:,}。名字和号码不发。"
    )


def estimate_lines(estimate: "Estimate") -> "Iterator[RenderableType]":
    """The estimate alone."""
    yield plain(estimate_line(estimate))


def draft_lines(draft: "Draft") -> "Iterator[RenderableType]":
    """The text between rules (no frame at its sides: it is there to be copied), one for each message; then why to trust it."""
    from rich.rule import Rule

    spent = _spent(draft.usage) if draft.usage.requests or draft.usage.cached_tokens else ""
    writer = f"{f'模型 {draft.usage.model}' if draft.writer == 'model' else '离线起草'}{spent}"
    yield Rule(f"{JOBS.get(draft.kind, draft.kind)} · {len(draft.text)} 字 · {writer}", style="dim")
    if len(draft.parts) > 1:
        yield from _parts(draft.parts)
    else:
        yield plain(draft.text)
    yield Rule(style="dim")
    yield from _section("缺少的信息", [f"{missing.question}  {missing.placeholder}" for missing in draft.missing])
    yield from _section("互相矛盾", [_with_origins(conflict.message, conflict.origins) for conflict in draft.conflicts])
    shown = [conflict.message for conflict in draft.conflicts] + [finding.message for finding in draft.findings]
    shown += [missing.question for missing in draft.missing]
    notes = [str(note) for note in draft.structure.get("notes", ())]
    new = [note for note in notes if note not in draft.text and not any(said in note for said in shown)]
    yield from _section("备注", new)
    yield from finding_lines(draft.findings)
    yield from _section("依据", [f"{cited.source} › {cited.section}：“{cited.quote}”" for cited in draft.citations])


def _parts(parts: "Sequence[Part]") -> "Iterator[RenderableType]":
    """Each message under a rule that says what it is, who reads it and how long it is."""
    from rich.rule import Rule

    for number, part in enumerate(parts):
        if number:
            yield plain("")
        readers = READERS[part.readers]
        heading = [part.title, readers if readers not in part.title else "", f"{len(part.text)} 字"]
        yield Rule(plain(" · ".join(filter(None, heading)), "bold"), style="dim", align="left")
        yield plain(part.text)


def finding_lines(findings: "Sequence[Finding]") -> "Iterator[RenderableType]":
    """What the checks found, the gravest first; the same word on several places is one line."""
    yield plain("\n检查结果", "bold")
    if not findings:
        yield plain("  · 没有发现问题")
    times: Counter[tuple[Severity, str]] = Counter()
    for finding in findings:
        quoted = finding.span.text if finding.span else ""
        where = f"“{quoted}” " if quoted and quoted not in finding.message else ""
        fix = f" → {finding.fix}" if finding.fix else ""
        times[finding.severity, f"{where}{finding.message}{fix}"] += 1
    grave = list(SEVERITIES)
    for (severity, line), places in sorted(times.items(), key=lambda row: grave.index(row[0][0])):
        yield _labelled(SEVERITIES[severity], f"{line}（{places} 处）" if places > 1 else line)


def search_lines(result: "SearchResult") -> "Iterator[RenderableType]":
    """The sections found, best first."""
    if not result.answerable:
        yield plain("手册没有讲到这个问题。" + ("最接近的几段：" if result.hits else ""))
    for number, hit in enumerate(result.hits, 1):
        place = hit.section if hit.section.startswith(hit.title) else f"{hit.title} › {hit.section}"
        yield plain(f"\n{number}. {place}", "bold")
        yield plain(hit.text)
        yield plain(f"   {hit.source}" + (f" · {'、'.join(hit.rules)}" if hit.rules else ""), "dim")
    if result.pending:
        yield plain(f"\n还有 {result.pending} 段只按字搜过；运行 copilot index build 后也按意思搜", "dim")


def answer_lines(answer: "Answer") -> "Iterator[RenderableType]":
    """The answer, then where each of its numbers stands; nothing under it where the playbook does not say."""
    yield plain(answer.answer)
    yield from _section(
        "出处",
        [
            f"[{number}] {cited.source} › {cited.section}：“{cited.quote}”"
            for number, cited in enumerate(answer.citations, 1)
        ],
    )
    if answer.findings:
        yield from finding_lines(answer.findings)


def index_lines(status: "Status") -> "Iterator[RenderableType]":
    """How an index stands, what was added to it, and what did not go in."""
    from copilot.doctor import INDEX_STATES
    from copilot.playbook.library import LibraryStatus

    yield plain(f"{status.folder}：{INDEX_STATES[status.state]}")
    yield plain(f"  文档 {status.documents} 篇，片段 {status.passages} 个，放在 {status.place}", "dim")
    if status.pending:
        yield plain(
            f"  按字都能搜到；按意思的向量有 {status.vectors} 个，还差 {status.pending} 个：以后每次搜索接着算一批，"
            "要现在算完用 copilot index build（加资料时加上 --wait）"
        )
    if status.trouble:
        yield plain(f"  上次没算成：{status.trouble}", "yellow")
    if isinstance(status, LibraryStatus):
        nothing = "还没有自己的资料：用 copilot index add 加文件或文件夹"
        yield from _section("加过的资料", [str(one) for one in status.added] or [nothing])
    yield from _section("没有读成的文件", [f"{one.source}：{one.reason}" for one in status.skipped])


def document_lines(reports: "Sequence[DocumentReport]", skipped: "Sequence[Skipped]") -> "Iterator[RenderableType]":
    """Per document what was kept, dropped and marked, with the numbers that it is overruled by."""
    for report in reports:
        counts = f"留 {report.characters:,} 字，丢 {len(report.dropped)} 处，标 {len(report.marked)} 处"
        yield plain(f"\n{report.source}《{report.title}》：{counts}", "bold")
        if len(report.articles) > 1:
            yield plain(f"  分成 {len(report.articles)} 篇：{'、'.join(report.articles)}")
        told = [("丢", one) for one in report.dropped] + [("标", one) for one in report.marked]
        told += [("留", one) for one in report.kept]
        for action, one in sorted(told, key=lambda pair: pair[1].number):
            yield plain(f"  {one.number}. [{action}] 第 {one.line} 行“{one.excerpt}”：{one.reason}")
        yield from (plain(f"  · {note}") for note in report.notes)
    yield from _section("没有读成的文件", [f"{one.source}：{one.reason}" for one in skipped])


def report_lines(report: "Report") -> "Iterator[RenderableType]":
    """Each check with its remedy, then the settings in force."""
    for item in report.checks:
        remedy = f" → {item.remedy}" if item.remedy else ""
        yield _labelled(STATUSES[item.status], f"{item.name}：{item.detail}{remedy}")
    yield from _section("在起作用的设置", [f"{name} = {value}" for name, value in report.settings.items()])


def _with_origins(message: str, origins: Iterable[object]) -> str:
    quotes = dict.fromkeys(str(getattr(origin, "quote", "")) for origin in origins)
    return message + "".join(f" “{quote}”" for quote in quotes if quote and quote not in message)
