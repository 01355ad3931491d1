"""The commands for the rules: `copilot rules` lists what is checked, `copilot rules explain` says what one rule means."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from copilot import console
from copilot.cli_input import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from copilot.checks.explaining import Explained, Rulebook, Taught
    from copilot.records import Citation

    Lines = Iterator[RenderableType]

rules_app = typer.Typer(rich_markup_mode=None)

JobName = Annotated[str | None, typer.Option("--job", metavar="JOB", help="只列这项工作的，如 crisis-reply、check")]
OfSeverity = Annotated[Literal["error", "warning", "info"] | None, typer.Option("--severity", help="只列这一级的")]


@rules_app.callback(invoke_without_command=True)
def list_rules(
    context: typer.Context, job: JobName = None, severity: OfSeverity = None, as_json: AsJson = False
) -> None:
    """检查什么：每条规则的代号、轻重、怎么查、怎么改。What is checked.

    自己的规则写在数据目录的 rules.yaml（或 COPILOT_RULES 指的文件），三样都可以不写：

    silence: [promo-urgency] —— 不再提醒；只在某项工作里不提醒，写成 {code: promo-urgency, jobs: [crisis-reply]}

    change: {shouting: warning} —— 改轻重

    add: [{code: rival, severity: error, message: '“{words}”是同行的名字', fix: 换掉, words: [某某]}] —— 加一条；也可以用
    pattern 代替 words，用 unless 写出同一句里有哪些词就放过，用 title 起名，用 jobs 限定哪些工作
    """
    if context.invoked_subcommand:
        return
    from copilot.checks.explaining import rulebook
    from copilot.settings import Settings

    console.show(rulebook(Settings.load(), job, severity), as_json, _rulebook_lines)


@rules_app.command("explain")
def explain_rule(
    name: Annotated[str, typer.Argument(metavar="CODE", help="检查的代号，或手册里规则的名字")], as_json: AsJson = False
) -> None:
    """说清一条规则：查什么、为什么、例子、怎么改。Explain a check, or a rule of the handbook."""
    from copilot.checks.explaining import Explained, explain
    from copilot.settings import Settings

    told = explain(name, Settings.load())
    if isinstance(told, Explained):
        console.show(told, as_json, _explained_lines)
    else:
        console.show(told, as_json, _taught_lines)


def _rulebook_lines(book: "Rulebook") -> "Lines":
    for severity, (name, style) in console.SEVERITIES.items():
        rules = [one for one in book.rules if one.severity == severity]
        if rules:
            yield console.plain(f"\n{name}（{len(rules)} 条）", f"bold {style}")
        for one in rules:
            off = f"（{'、'.join(one.silenced)} 里不提醒）" if one.silenced else ""
            yield console.plain(f"  {one.code}  {one.title}{off}")
    counts = Counter(one.severity for one in book.rules)
    own = f"自己的规则：{book.file}" if book.file else "没有自己的规则（写法见 copilot rules --help）"
    yield console.plain(f"\n共 {counts.total()} 条；{own}。细看一条：copilot rules explain 代号", "dim")


def _explained_lines(rule: "Explained") -> "Lines":
    name, style = console.SEVERITIES[rule.severity]
    yield console.plain(f"{rule.code}  {rule.title}", "bold")
    yield console.plain(name, style)
    rows = {
        "查什么": rule.looks_at,
        "怎么说": rule.message,
        "怎么改": rule.fix,
        "会提醒": rule.example.trips if rule.example else "",
        "不提醒": rule.example.passes if rule.example else "",
        "哪些工作": "、".join(rule.jobs),
        "已关掉": "、".join(rule.silenced),
        "不能关": rule.guard,
        "程序": rule.check,
    }
    yield from (console.plain(f"  {label}：{text}") for label, text in rows.items() if text)
    if rule.handbook:
        yield _quoted(rule.handbook)


def _taught_lines(taught: "Taught") -> "Lines":
    yield console.plain(f"{taught.rule}（手册的规则）", "bold")
    yield _quoted(taught.handbook)
    behind = "、".join(taught.checks) or "没有，由人判断"
    yield console.plain(f"  由这些检查把关：{behind}")


def _quoted(cited: "Citation") -> "RenderableType":
    return console.plain(f"  手册：{cited.source} › {cited.section}：“{cited.quote}”")
