"""A plan in the making: filled greedily, then improved by the solver part by part."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from copilot.tasks.weekly_plan.scheduling.actions import Action, Limits
from copilot.tasks.weekly_plan.scheduling.limits import Literal, Row, literals_of, rows_of
from copilot.tasks.weekly_plan.scheduling.solving import CROWDED, gain, improve

LARGEST = 4000
"""The most openings that are searched at once."""
SHORTEST = 0.3
"""The least seconds that are worth searching a piece for."""
SECONDS_A_TERM = 4e-6
"""What handing one term of a row to the solver takes."""


class Board:
    """A plan in the making: which literals are true, and how far each row is filled."""

    def __init__(self, actions: Sequence[Action], limits: Limits) -> None:
        self.actions = actions
        self.limits = limits
        self.literals = literals_of(actions)
        self.rows = rows_of(self.literals, actions, limits)
        self.of: dict[str, list[Literal]] = {action.id: [] for action in actions}
        for literal in self.literals:
            self.of[literal.action.id].append(literal)
        self.in_rows: list[list[tuple[int, int]]] = [[] for _ in self.literals]
        for number, row in enumerate(self.rows):
            for index, coefficient in row.terms.items():
                self.in_rows[index].append((number, coefficient))
        self.filled = [0] * len(self.rows)
        self.chosen: set[int] = set()
        self.at: dict[str, int] = {}
        self.posts: dict[tuple[str, int], int] = defaultdict(int)
        self.bonus = 1 + sum(max((max(gain(lit, 0), 0) for lit in members), default=0) for members in self.of.values())
        self.bonus += CROWDED * 2 * len(actions)

    def put(self, index: int, sign: int = 1) -> None:
        """Make a literal true, or with -1 false again."""
        literal = self.literals[index]
        for number, coefficient in self.in_rows[index]:
            self.filled[number] += sign * coefficient
        if literal.action.posts:
            self.posts[literal.action.group, literal.opening.day.toordinal()] += sign
        if sign > 0:
            self.chosen.add(index)
            self.at[literal.action.id] = index
        else:
            self.chosen.remove(index)
            del self.at[literal.action.id]

    def broken(self, index: int) -> Iterator[Row]:
        """The rows that one more true literal would break."""
        for number, coefficient in self.in_rows[index]:
            if coefficient > 0 and self.filled[number] + coefficient > self.rows[number].bound:
                yield self.rows[number]

    def worth(self, index: int) -> int:
        """What making a literal true would gain now."""
        literal = self.literals[index]
        there = self.posts[literal.action.group, literal.opening.day.toordinal()] if literal.action.posts else 0
        return gain(literal, self.bonus) - CROWDED * min(there, 2)

    def fill(self) -> None:
        """Put every action that still fits into its best place, the required and the weighty first."""
        for action in self._in_order():
            if action.id in self.at:
                continue
            best = max(
                (literal.index for literal in self.of[action.id] if not any(self.broken(literal.index))),
                key=lambda index: (self.worth(index), -self.literals[index].start),
                default=None,
            )
            if best is not None and self.worth(best) > 0:
                self.put(best)

    def _in_order(self) -> list[Action]:
        """Required first, then by weight; each behind those it follows, as far as these do not go round in a circle."""
        known = {action.id: action for action in self.actions}
        order: dict[str, Action] = {}
        for action in sorted(self.actions, key=lambda action: (not action.required, -action.weight, action.id)):
            pending, seen = [action], {action.id}
            while pending:
                before = [known[name] for name in _leaders(pending[-1]) if name in known and name not in order]
                before = [other for other in before if other.id not in seen]
                if before:
                    pending.append(before[0])
                    seen.add(before[0].id)
                else:
                    last = pending.pop()
                    order.setdefault(last.id, last)
        return list(order.values())

    def search(self, seconds: float) -> bool:
        """Improve the plan part by part within the time; whether the whole is proven best."""
        optimal = True
        left = seconds
        for part in self._parts():
            pieces = self._pieces(part)
            share = left if len(pieces) == 1 else max(seconds / len(pieces), SHORTEST)
            optimal = optimal and len(pieces) == 1
            for piece in pieces:
                if left <= 0:
                    return False
                rooms = self.around(piece, self.chosen)
                left -= SECONDS_A_TERM * sum(len(row.terms) for row, _ in rooms)
                hint = {literal.index for literal in piece} & self.chosen
                outcome = improve(piece, rooms, hint, self.bonus, min(left, share))
                if outcome is None:
                    optimal = False
                    left -= share
                    continue
                for index in hint:
                    self.put(index, -1)
                for index in outcome.chosen:
                    self.put(index)
                optimal = optimal and outcome.optimal
                left -= outcome.effort
        return optimal

    def _pieces(self, part: list[Literal]) -> list[list[Literal]]:
        """A part whole, or where it is too large some groups of it at a time, those that miss most first."""
        if len(part) <= LARGEST:
            return [part]
        by_group: dict[str, list[Literal]] = defaultdict(list)
        missed: dict[str, int] = defaultdict(int)
        for literal in part:
            by_group[literal.action.group].append(literal)
        for action in self.actions:
            if action.id not in self.at and self.of[action.id]:
                missed[action.group] += action.weight + self.bonus * action.required
        pieces: list[list[Literal]] = [[]]
        for group in sorted(by_group, key=lambda group: (-missed[group], group)):
            if pieces[-1] and len(pieces[-1]) + len(by_group[group]) > LARGEST // 2:
                pieces.append([])
            pieces[-1] += by_group[group]
        return pieces

    def around(self, free: Sequence[Literal], chosen: set[int]) -> list[tuple[Row, int]]:
        """The rows that free literals touch, each with what the other chosen literals leave of its bound."""
        numbers = sorted({number for literal in free for number, _ in self.in_rows[literal.index]})
        others = chosen - {literal.index for literal in free}
        return [
            (self.rows[number], self.rows[number].bound - filled_by(self.rows[number], others)) for number in numbers
        ]

    def _parts(self) -> list[list[Literal]]:
        """The literals in parts that share no row, the smallest first."""
        leader = list(range(len(self.literals)))

        def find(index: int) -> int:
            while leader[index] != index:
                leader[index] = leader[leader[index]]
                index = leader[index]
            return index

        for members in self.of.values():
            for literal in members[1:]:
                leader[find(literal.index)] = find(members[0].index)
        for row in self.rows:
            first = find(next(iter(row.terms)))
            for index in row.terms:
                leader[find(index)] = first
        parts: dict[int, list[Literal]] = defaultdict(list)
        for literal in self.literals:
            parts[find(literal.index)].append(literal)
        return sorted(parts.values(), key=lambda part: (len(part), part[0].index))


def _leaders(action: Action) -> tuple[str, ...]:
    return (*(name for name, _ in action.after), *((action.same_day_as,) if action.same_day_as else ()))


def filled_by(row: Row, plan: set[int]) -> int:
    """The sum of the row over the literals of a plan."""
    return sum(row.terms[index] for index in row.terms.keys() & plan)
