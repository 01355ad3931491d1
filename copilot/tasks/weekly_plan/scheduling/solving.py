"""The search for the best plan with OR-tools' CP-SAT, over the rows of `limits`.

The solver is called through the module that its own Python interface is built on: the messages are those of the
published `cp_model.proto`, and loading takes a tenth of the time, for the interface also loads pandas. One worker, a
fixed seed and a limit in deterministic time give the same plan for the same input on every machine.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.tasks.weekly_plan.scheduling.limits import COSTS, Literal, Row

PLACED = 20
"""What one point of an action's weight is worth, in points of an opening's score."""
CROWDED = 4
"""What each post beyond the first of a group's day costs, and again each beyond the second, in the same points."""
DETERMINISTIC = 0.2
"""The solver's deterministic seconds in one second of a usual core, measured on models of this kind."""
SLOWEST = 20
"""A machine this many times slower than usual stops the search by the clock; only there may plans differ."""


@dataclass(frozen=True)
class Outcome:
    """The literals that are true, whether that is proven best, and the seconds it took on a usual core."""

    chosen: tuple[int, ...]
    optimal: bool
    effort: float


class _Model:
    """A CP-SAT model of 0/1 literals and small whole numbers."""

    def __init__(self) -> None:
        from ortools.sat.python import cp_model_helper

        self.solver: Any = cp_model_helper
        self.proto: Any = cp_model_helper.CpModelProto()
        self.count = 0
        self.gains: dict[int, int] = {}

    def number(self, most: int = 1, gain: int = 0) -> int:
        self.proto.variables.add().domain.extend([0, most])
        self.count += 1
        if gain:
            self.gains[self.count - 1] = gain
        return self.count - 1

    def at_most(self, terms: Sequence[tuple[int, int]], bound: int) -> None:
        if bound == 1 and all(coefficient == 1 for _, coefficient in terms):
            self.proto.constraints.add().at_most_one.literals.extend([variable for variable, _ in terms])
            return
        linear = self.proto.constraints.add().linear
        linear.vars.extend([variable for variable, _ in terms])
        linear.coeffs.extend([coefficient for _, coefficient in terms])
        linear.domain.extend([min(bound, sum(min(coefficient, 0) for _, coefficient in terms)), bound])

    def one_of(self, variables: Sequence[int]) -> None:
        self.proto.constraints.add().exactly_one.literals.extend(variables)

    def hint(self, values: Mapping[int, int]) -> None:
        self.proto.solution_hint.vars.extend(list(values))
        self.proto.solution_hint.values.extend(list(values.values()))

    def solve(self, seconds: float, gap: int = 0) -> tuple[list[int], bool, float] | None:
        """The values, whether they are proven best but for `gap`, and the effort; None where nothing was found."""
        self.proto.objective.vars.extend(list(self.gains))
        self.proto.objective.coeffs.extend([-gain for gain in self.gains.values()])
        parameters = self.solver.SatParameters()
        parameters.num_workers = 1
        parameters.random_seed = 1
        parameters.symmetry_level = parameters.cp_model_probing_level = 0  # they cost more than they save here
        parameters.max_presolve_iterations = 1
        parameters.absolute_gap_limit = gap
        parameters.max_deterministic_time = seconds * DETERMINISTIC
        parameters.max_time_in_seconds = max(seconds, 0.1) * SLOWEST
        wrapper = self.solver.SolveWrapper()
        wrapper.set_parameters(parameters)
        response = wrapper.solve(self.proto)
        status = self.solver.CpSolverStatus
        if response.status not in {status.OPTIMAL, status.FEASIBLE}:
            return None
        return list(response.solution), response.status == status.OPTIMAL, response.deterministic_time / DETERMINISTIC


def gain(literal: Literal, bonus: int) -> int:
    """What a literal is worth; `bonus` is what a required action counts above all others."""
    return literal.action.weight * PLACED + literal.opening.score + (bonus if literal.action.required else 0)


def improve(
    free: Sequence[Literal], rooms: Iterable[tuple[Row, int]], hint: set[int], bonus: int, seconds: float
) -> Outcome | None:
    """The best choice among the free literals. `rooms` are rows with what the other true literals leave of the bound."""
    model = _Model()
    point = len(free) + 1  # of two plans as good the earlier one: all ranks together stay below one point
    ranks: dict[str, int] = defaultdict(int)
    variable: dict[int, int] = {}
    for literal in free:
        variable[literal.index] = model.number(gain=point * gain(literal, bonus) - ranks[literal.action.id])
        ranks[literal.action.id] += 1
    for row, room in rooms:
        model.at_most([(variable[index], number) for index, number in row.terms.items() if index in variable], room)
    values = {variable[index]: int(index in hint) for index in variable}
    crowds: dict[tuple[str, int], list[int]] = defaultdict(list)
    for literal in free:
        if literal.action.posts:
            crowds[literal.action.group, literal.opening.day.toordinal()].append(literal.index)
    for members in crowds.values():
        there = sum(index in hint for index in members)
        for beyond in (1, 2):
            if len(members) > beyond:
                excess = model.number(most=len(members), gain=-CROWDED * point)
                model.at_most([*((variable[index], 1) for index in members), (excess, -1)], beyond)
                values[excess] = max(0, there - beyond)
    model.hint(values)
    solved = model.solve(seconds, gap=point - 1)
    if solved is None:
        return None
    solution, optimal, effort = solved
    return Outcome(tuple(index for index, number in variable.items() if solution[number]), optimal, effort)


def relax(free: Sequence[Literal], rooms: Iterable[tuple[Row, int]], seconds: float) -> Outcome | None:
    """A place for every action of the free literals that breaks the cheapest set of limits, each by the least."""
    model = _Model()
    variable = {literal.index: model.number() for literal in free}
    used: dict[tuple[str, tuple[str, ...]], int] = {}
    for row, room in rooms:
        terms = [(variable[index], number) for index, number in row.terms.items() if index in variable]
        most = max(0, sum(max(number, 0) for _, number in terms) - room)
        if row.code == "place" or not most:
            continue
        broken = used.setdefault((row.code, row.about), -1)
        if broken < 0:
            broken = used[row.code, row.about] = model.number(gain=-1000 * COSTS[row.code])
        excess = model.number(most=most, gain=-1)
        model.at_most([*terms, (excess, -1)], room)
        model.at_most([(excess, 1), (broken, -most)], 0)
    actions: dict[str, list[int]] = defaultdict(list)
    for literal in free:
        actions[literal.action.id].append(variable[literal.index])
    for choices in actions.values():
        model.one_of(choices)
    solved = model.solve(seconds)
    if solved is None:
        return None
    solution, optimal, effort = solved
    return Outcome(tuple(index for index, number in variable.items() if solution[number]), optimal, effort)
