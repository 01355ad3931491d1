"""What the operator says to a proposal: agreed, refused, or taken back. Nothing is kept without it."""

from copilot.errors import NotKeptError
from copilot.learning import own_rule
from copilot.learning.proposing import Proposal, jobs_of, kept_as, proposals, scope_of
from copilot.playbook import library
from copilot.settings import Settings
from copilot.store import DecidedHabit, Habit, Store


def accept(habit_id: str, store: Store, settings: Settings) -> DecidedHabit:
    """Follow this habit from now on; one that was refused before can be agreed to, too.

    Raises `NotKeptError` for an id that is neither proposed nor refused, `SettingsError` where the file of own rules can't
    take it, `PlaybookError`, `StorageError`.
    """
    proposal, habit = _found(habit_id, store)
    place = kept_as(habit)
    if place == "rule":
        own_rule.add(habit, settings)
    if place == "note":
        library.add_upload(_note_name(habit), _note(habit, proposal).encode(), settings)
    return store.decide_habit(habit, kept=True)


def refuse(habit_id: str, store: Store, settings: Settings) -> DecidedHabit:
    """Don't follow it and don't ask again; what an agreement has left behind is taken back. Raises as `accept`."""
    _, habit = _found(habit_id, store)
    kept = any(one.kept and one.habit.id == habit.id for one in store.habits())
    if kept and kept_as(habit) == "rule":
        own_rule.remove(habit, settings)
    if (
        kept
        and kept_as(habit) == "note"
        and any(one.name == _note_name(habit) for one in library.read_library(settings).added)
    ):
        library.remove(_note_name(habit), settings)
    return store.decide_habit(habit, kept=False)


def _found(habit_id: str, store: Store) -> tuple[Proposal | None, Habit]:
    """The habit of that id, with the proposal when nobody was asked yet."""
    decided = next((one.habit for one in store.habits() if one.habit.id == habit_id), None)
    if decided:
        return None, decided
    proposal = next((one for one in proposals(store) if one.habit.id == habit_id), None)
    if proposal is None:
        raise NotKeptError(f"没有编号 {habit_id} 的写法", hint="用 copilot learn 看有哪些")
    return proposal, proposal.habit


def _note_name(habit: Habit) -> str:
    return f"{scope_of(habit)}的写法-{habit.id}.md"


def _note(habit: Habit, proposal: Proposal | None) -> str:
    """A short document of the operator's own: what they do, and how often it was seen. It holds no fact of any draft."""
    lines = [
        f"# {scope_of(habit)}的写法",
        "",
        f"## 给{scope_of(habit)}写{jobs_of(habit)}，写多长",
        "",
        f"{habit.does}。",
    ]
    if proposal:
        lines += ["", f"看法来自自己的改动：{proposal.chances} 份草稿里有 {proposal.times} 份发出前改短了。"]
    return "\n".join(lines) + "\n"
