"""The text that a slot gets in the end: the writer's where it is true to the slot, else mended, or the program's own."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from copilot.checks.mending import mend
from copilot.facts.ledger import Ledger
from copilot.records import Finding
from copilot.tasks.weekly_plan.holding import belongs_to, losses, restored
from copilot.tasks.weekly_plan.plan import Slot

REPLACED, RESTORED = "用了程序写的那条", "把程序写的那句放回去了"


class Settled(NamedTuple):
    """A slot's text; `why` it is not as the writer had it ("" where it is), and what was `done`."""

    text: str
    why: str = ""
    done: str = ""


def settled(
    written: str,
    slot: Slot,
    slots: Sequence[Slot],
    ledger: Ledger,
    public: Ledger,
    check: Callable[[str], tuple[Finding, ...]],
) -> Settled:
    """The text of a slot; `check` says what of a text must not stand, `ledger` is the slot's and `public` the groups'."""
    program = slot.message
    if written == program:
        return Settled(mend(program, check))
    why, text = _judged(written, slot, slots, check)
    if why:
        return Settled(mend(program, check), why, REPLACED)
    lost = losses(program, text, ledger, public)
    if not lost:
        return Settled(text)
    words = "、".join(f"“{loss.words}”" for loss in lost)
    whole = restored(program, text, ledger, public)
    done = REPLACED if whole == program else RESTORED
    return Settled(mend(whole, check), f"少了或改了{words}", done)


def _judged(
    written: str, slot: Slot, slots: Sequence[Slot], check: Callable[[str], tuple[Finding, ...]]
) -> tuple[str, str]:
    """Why a text can't be used for its slot, or "" and the text with its wording mended."""
    if not written:
        return "模型没有写", ""
    if other := belongs_to(written, slot, slots):
        return f"模型写成了“{other.action}”的内容", ""
    untraced = [one.span.text for one in check(written) if one.code.startswith("untraced") and one.span]
    if untraced:
        return f"模型写的“{untraced[0]}”没有出处", ""
    mended = mend(written, check).strip()
    return ("", mended) if mended else ("模型写的都不能发", "")
