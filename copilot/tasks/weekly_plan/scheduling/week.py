"""The week's actions put into places: who does what, when, under the team's and the groups' limits.

A greedy plan first, then the solver on each part of it that does not touch the others; parts too large for it are
improved a few groups at a time. What has no place is explained by the limits it would break.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from copilot.tasks.weekly_plan.scheduling.actions import (
    Action,
    ActionKind,
    Limits,
    Opening,
    Placed,
    Relaxation,
    Schedule,
    Unplaced,
)
from copilot.tasks.weekly_plan.scheduling.board import LARGEST, Board, filled_by
from copilot.tasks.weekly_plan.scheduling.limits import COSTS, Literal, Row, rows_of
from copilot.tasks.weekly_plan.scheduling.solving import relax

__all__ = [
    "Action",
    "ActionKind",
    "Limits",
    "Opening",
    "Placed",
    "Relaxation",
    "Schedule",
    "Unplaced",
    "schedule",
]


def schedule(actions: Sequence[Action], limits: Limits, *, seconds: float = 1.5) -> Schedule:
    """The best plan within the limits; the same input gives the same plan, in whatever order the actions come.

    `seconds` bounds the search, counted in the solver's own deterministic time. Raises ValueError for two actions of
    one id.
    """
    ordered = sorted(actions, key=lambda action: action.id)
    if len({action.id for action in ordered}) < len(ordered):
        raise ValueError("two actions have the same id")
    board = Board(ordered, limits)
    board.fill()
    optimal = board.search(seconds)
    board.fill()
    required, relaxations = _explain_required(board, seconds)
    explained = {unplaced.action: unplaced for unplaced in required}
    placed = [board.literals[index] for index in sorted(board.chosen)]
    unplaced = [explained.get(action.id) or _explain(board, action) for action in ordered if action.id not in board.at]
    return Schedule(
        placed=tuple(
            Placed(
                action=literal.action.id,
                day=literal.opening.day,
                minute=literal.opening.minute,
                owner=literal.opening.owner,
            )
            for literal in sorted(placed, key=lambda literal: (literal.start, literal.action.id))
        ),
        unplaced=tuple(unplaced),
        status="empty" if not ordered else "optimal" if optimal else "feasible",
        relax=relaxations,
    )


def _explain_required(board: Board, seconds: float) -> tuple[list[Unplaced], tuple[Relaxation, ...]]:
    """Why required actions have no place, and which limits would have to give way so that all of them have one.

    The limits are found for a plan of the required actions alone: what is optional never is the reason.
    """
    missing = [action for action in board.actions if action.required and action.id not in board.at]
    open_ones = [action for action in missing if board.of[action.id]]
    found = [_explain(board, action) for action in missing if not board.of[action.id]]
    if not open_ones:
        return found, ()
    required = [lit for action in board.actions if action.required for lit in board.of[action.id]]
    if len(required) > LARGEST:
        required = [literal for action in open_ones for literal in board.of[action.id]]
    inside = {literal.index for literal in required}
    optional = {index for index in board.chosen if not board.literals[index].action.required}
    rooms = [
        # optional posts are what a promotion's share is counted against; elsewhere they would make room
        (row, room - filled_by(row, optional) if row.code == "promotion_share" else room)
        for row, room in board.around(required, board.chosen - optional)
    ]
    closer = board.limits.model_copy(update={"spacing": board.limits.spacing // 2})
    half = [(row, row.bound) for row in rows_of(required, board.actions, closer) if row.code == "spacing"]
    outcome = relax(required, [*rooms, *half], seconds)  # half the spacing is better than none
    if outcome is None:
        return [*found, *(_explain(board, action) for action in open_ones)], ()
    plan = set(outcome.chosen) | (board.chosen - optional - inside)
    broken = [row for row, room in rooms if filled_by(row, set(outcome.chosen)) > room]
    plan |= {index for row in broken if row.code == "promotion_share" for index in row.terms.keys() & optional}
    for action in open_ones:
        mine = [
            row for row in broken if any(board.literals[index].action is action for index in row.terms.keys() & plan)
        ]
        relaxations = _relaxations(board, mine or broken, plan)
        found.append(
            Unplaced(
                action=action.id,
                reason=relaxations[0].code if relaxations else "time",
                relax=relaxations,
                required=True,
            )
        )
    return found, _relaxations(board, broken, plan)


def _explain(board: Board, action: Action) -> Unplaced:
    """The opening that breaks least says what stands in the way."""
    options = [(list(board.broken(literal.index)), literal) for literal in board.of[action.id]]
    if not options:
        relaxations = tuple(_blocked(code) for code in dict.fromkeys(action.blocked))
        reason = relaxations[0].code if relaxations else "no_opening"
        return Unplaced(action=action.id, reason=reason, relax=relaxations, required=action.required)
    rows, literal = min(options, key=lambda option: (_cost(option[0]), -option[1].opening.score, option[1].start))
    relaxations = _relaxations(board, rows, board.chosen | {literal.index})
    reason = relaxations[0].code if relaxations else "not_worth_it"
    return Unplaced(action=action.id, reason=reason, relax=relaxations, required=action.required)


def _blocked(code: str) -> Relaxation:
    name, _, about = code.partition(":")
    return Relaxation(code=name, about=(about,) if about else ())


def _cost(rows: Iterable[Row]) -> int:
    return sum(COSTS[code] for code, _ in {(row.code, row.about) for row in rows})


def _relaxations(board: Board, rows: Iterable[Row], plan: set[int]) -> tuple[Relaxation, ...]:
    """What each limit would have to be, the cheapest first; rows of one limit say it once."""
    found: dict[tuple[str, tuple[str, ...]], Relaxation] = {}
    for row in rows:
        true = [(board.literals[index], row.terms[index]) for index in sorted(row.terms.keys() & plan)]
        needs, allowed = _needs(row, true, board.limits)
        known = found.get((row.code, row.about))
        if known is None or _worse(row.code, needs, known.needs):
            found[row.code, row.about] = Relaxation(code=row.code, about=row.about, needs=needs, allowed=allowed)
    return tuple(sorted(found.values(), key=lambda item: (COSTS[item.code], item.code, item.about)))


def _worse(code: str, needs: int | None, known: int | None) -> bool:
    if needs is None or known is None:
        return False
    return needs < known if code in {"spacing", "after"} else needs > known


def _needs(row: Row, terms: Sequence[tuple[Literal, int]], limits: Limits) -> tuple[int | None, int | None]:
    """What a broken row needs and what is allowed: minutes, posts, percent or people, as its limit is stated."""
    if row.code in {"same_day", "waits", "shared_theme"}:
        return None, None
    true = [literal for literal, _ in terms]
    if row.code == "spacing":
        starts = sorted(literal.start for literal in true)
        return min(later - earlier for earlier, later in pairwise(starts)), limits.spacing
    if row.code == "after":
        mine = next(literal for literal in true if literal.action.id == row.about[0])
        theirs = next(literal for literal in true if literal.action.id == row.about[1])
        return mine.start - theirs.start, max(gap for name, gap in mine.action.after if name == row.about[1])
    if row.code == "promotion_share":
        promotions = sum(literal.action.kind == "promotion" for literal in true)
        return -(-100 * promotions // len(true)), limits.promotion_share
    return sum(number for _, number in terms), row.bound
