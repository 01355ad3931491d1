"""Promises of earlier digests of the group, looked for in today's chat until they are done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from copilot.chat.carrying import carry_on
from copilot.chat.claims import EARLIER, Action
from copilot.chat.scene import Scene
from copilot.tasks.digest.carry import origins, rows_of


def with_carried(
    actions: Sequence[Action], earlier: Sequence[Mapping[str, Any]], scene: Scene, now: datetime | None
) -> tuple[Action, ...]:
    """What earlier digests left open as it stands now, then today's own; what was promised again is told once."""
    carried = carry_on(previous_actions(earlier), scene, now)
    renewed = {one.messages for one in carried if one.messages}
    return (*carried, *(one for one in actions if one.messages not in renewed))


def previous_actions(earlier: Sequence[Mapping[str, Any]]) -> tuple[Action, ...]:
    """The actions of earlier digests, oldest first; each says where it came from, and the last word on one counts."""
    found: dict[tuple[str, str], Action] = {}
    for number, structure in enumerate(earlier, 1):
        said = origins(structure)
        for row in rows_of(structure, "action_items"):
            known = {name: value for name, value in row.items() if name in Action.model_fields}
            try:
                action = Action.model_validate(known)
            except ValidationError:
                continue  # of another program, or written by hand
            origin = action.origin or (said.get(action.messages[0], "") if action.messages else "")
            found[action.owner, action.task] = action.model_copy(
                update={"id": f"{EARLIER}{number}-{action.id.rpartition('-')[2]}", "origin": origin}
            )
    return tuple(found.values())
