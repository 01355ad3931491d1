"""The commands for what the operator's edits show: `copilot learn`."""

from typing import TYPE_CHECKING, Annotated

import typer

from copilot import console
from copilot.cli_input import AsJson, opened_store, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from copilot.learning.proposing import Proposal
    from copilot.store import DecidedHabit

    Lines = Iterator[RenderableType]

learn_app = typer.Typer(rich_markup_mode=None)

HabitId = Annotated[str, typer.Argument(metavar="ID", help="写法的编号")]


@learn_app.callback(invoke_without_command=True)
def learn(
    context: typer.Context,
    group: Annotated[str | None, typer.Option(metavar="NAME", help="只看这个群的")] = None,
    as_json: AsJson = False,
) -> None:
    """从您的改动里看出的写法：看依据，同意才照做。What your edits show; followed once you agree."""
    if context.invoked_subcommand:
        return
    from copilot.learning.proposing import proposals

    with opened_store() as (store, settings):
        name = typed(group, settings) if group else None
        found, decided = proposals(store, name), store.habits(name)
    console.show({"proposals": found, "decided": decided}, as_json, lambda _: _lines(found, decided))


@learn_app.command("accept")
def learn_accept(habit_id: HabitId, as_json: AsJson = False) -> None:
    """以后都照这样写。Follow it from now on."""
    from copilot.learning.keeping import accept

    with opened_store() as (store, settings):
        console.show(accept(habit_id, store, settings), as_json, _decided_line)


@learn_app.command("refuse")
def learn_refuse(habit_id: HabitId, as_json: AsJson = False) -> None:
    """不照做，也不再问；同意过的就撤回。Don't follow it, and don't ask again."""
    from copilot.learning.keeping import refuse

    with opened_store() as (store, settings):
        console.show(refuse(habit_id, store, settings), as_json, _decided_line)


def _lines(found: "tuple[Proposal, ...]", decided: "tuple[DecidedHabit, ...]") -> "Lines":
    if not found:
        yield console.plain("改动里还没有看出新的写法。")
    for one in found:
        yield console.plain(f"{one.habit.id}  {one.seen}（{one.chances} 份里 {one.times} 份）", "bold")
        yield console.plain(f"  {one.keeps}")
        for receipt in one.receipts:
            yield console.plain(f"  {receipt.draft}  {receipt.before} → {receipt.after}", "dim")
        for receipt in one.against:
            yield console.plain(f"  {receipt.draft}  没有改：{receipt.after}", "dim")
    if found:
        yield console.plain("\n同意：copilot learn accept 编号；不要：copilot learn refuse 编号", "dim")
    for told in decided:
        yield from _decided_line(told)


def _decided_line(told: "DecidedHabit") -> "Lines":
    from copilot.learning.proposing import scope_of

    state = "照做" if told.kept else "不照做"
    yield console.plain(f"{told.habit.id}  {scope_of(told.habit)} · {told.habit.does} · {state}")
