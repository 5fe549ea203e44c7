"""Expected values of measures: what can be read off the distribution of states, by linearity.

A count is expected to be the sum of its expected increments, a number of dusks the sum of the chances that
the condition holds at each; a first day is the sum of days times the chance that it comes on them. So a
measure is exact where it is linear in counts and numbers of dusks (and in the last state), or in first days
of which all are sure to come, or all but one are sure to come on one day. `last`, `most`, ratios and products
of counts hang on more than that, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import numpy as np

from negsim.kernel.formula import State
from negsim.kernel.program import Program
from negsim.scenario.expressions import Arithmetic, Constant, Negative, Node, Observation, ParameterValue, walk
from negsim.solve.crowds import Crowds
from negsim.solve.forward import Course

ROUNDING = 1e-9  # what is missing of a sure thing by rounding alone


@attrs.frozen
class Expectation:
    """A measure's expected value over the runs that have one, and the chance that a run has none."""

    mean: float | None
    missing: float


def observed(tree: Node) -> list[Observation]:
    """The observations in an expression."""
    return [node for node in walk(tree) if isinstance(node, Observation)]


def linear(program: Program, tree: Node) -> Mapping[Observation, float] | None:
    """What each observation counts for in an expression that is linear in them; nothing where it is not."""
    if not observed(tree):
        return {}
    match tree:
        case Observation():
            return {tree: 1.0}
        case Negative():
            return _scaled(linear(program, tree.item), -1.0)
        case Arithmetic(operator="+" | "-"):
            left, right = linear(program, tree.left), linear(program, tree.right)
            sign = 1.0 if tree.operator == "+" else -1.0
            if left is None or right is None:
                return None
            return {key: left.get(key, 0.0) + sign * right.get(key, 0.0) for key in (*left, *right)}
        case Arithmetic(operator="*"):
            for item, factor in ((tree.left, tree.right), (tree.right, tree.left)):
                known = _constant(program, factor)
                if known is not None:
                    return _scaled(linear(program, item), known)
            return None
        case Arithmetic(operator="/"):
            known = _constant(program, tree.right)
            return _scaled(linear(program, tree.left), 1 / known) if known else None
        case _:
            return None


def _scaled(found: Mapping[Observation, float] | None, factor: float) -> Mapping[Observation, float] | None:
    return None if found is None else {key: value * factor for key, value in found.items()}


def _constant(program: Program, tree: Node) -> float | None:
    if all(isinstance(node, (Constant, ParameterValue, Arithmetic, Negative)) for node in walk(tree)):
        formula = program.binder.bind(tree, {})
        return float(formula.value) if formula.fixed else None
    return None


def needs(program: Program) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The observations that are counted along the way, and those whose first time is kept in the state."""
    counts, flags = [], []
    for index, observation in enumerate(program.observations):
        if observation.function == "count":
            counts.append(index)
        elif observation.function == "first":
            flags.append(index)
    return tuple(counts), tuple(flags)


def expectations(crowds: Crowds, course: Course, known_firsts: Mapping[int, int]) -> dict[str, Expectation]:
    """The expected values of the measures that can be had. `known_firsts` are first days in the past."""
    program = crowds.layout.program
    found: dict[str, Expectation] = {}
    for name, measure in program.scenario.measures.items():
        shares = linear(program, measure.expression.tree)
        if shares is None:
            continue
        functions = {observation.function for observation in shares}
        if functions <= {"count", "days"}:
            found[name] = Expectation(_plain(crowds, course, measure.expression.tree, shares), 0.0)
        elif functions == {"first"} and not _reads_state(program, measure.expression.tree):
            expected = _firsts(crowds, course, (measure.expression.tree, shares), known_firsts)
            if expected is not None:
                found[name] = expected
    return found


def _plain(crowds: Crowds, course: Course, tree: Node, shares: Mapping[Observation, float]) -> float:
    program, turns = crowds.layout.program, crowds.layout.turns
    days = [index for index, function, _ in program.watched if function == "days"]
    total = 0.0
    for observation, share in shares.items():
        index = program.observations.index(observation)
        if observation.function == "count":
            total += share * course.counted[turns.counts.index(index)]
        else:
            total += share * course.days[days.index(index)]
    formula = program.binder.bind(tree, {})
    size, zeros = len(program.initial), [0] * len(program.observations)

    def look(state: State) -> float:
        value: float = formula.read([*state[:size], 0, *zeros, state[-1]])
        return value

    here = np.flatnonzero(course.last)
    found = crowds.read(here.tolist(), [slot for slot in formula.reads if slot < size], look)
    return float(total + course.last[here] @ found)


def _reads_state(program: Program, tree: Node) -> bool:
    formula = program.binder.bind(tree, {})
    return any(slot < len(program.initial) for slot in formula.reads)


@attrs.frozen
class _Day:
    """The day on which something first comes: expected, over the runs in which it does; how many these are."""

    mean: float
    chance: float
    is_fixed: bool


def _first_day(crowds: Crowds, course: Course, index: int, known: Mapping[int, int]) -> _Day:
    if index in known:
        return _Day(known[index], 1.0, is_fixed=True)
    up = course.flags[:, crowds.layout.turns.flags.index(index)]
    if not up[-1] > 0:
        return _Day(0.0, 0.0, is_fixed=True)
    steps = np.diff(up, prepend=0.0)
    days = np.arange(len(up))
    return _Day(float(steps @ days / up[-1]), float(min(up[-1], 1.0)), is_fixed=np.count_nonzero(steps > ROUNDING) == 1)


def _firsts(
    crowds: Crowds, course: Course, measure: tuple[Node, Iterable[Observation]], known: Mapping[int, int]
) -> Expectation | None:
    """The expectation of an expression that is linear in first days, over the runs in which all of them come.

    Nothing where what is expected of one could hang on whether another comes.
    """
    program, (tree, observations) = crowds.layout.program, measure
    whole: list[float] = [0.0] * (len(program.initial) + 1 + len(program.observations))
    chance, unfixed, unsure = 1.0, 0, 0
    for observation in observations:
        index = program.observations.index(observation)
        day = _first_day(crowds, course, index, known)
        if not day.chance:
            return Expectation(None, 1.0)
        whole[len(program.initial) + 1 + index] = day.mean
        is_sure = day.chance > 1 - ROUNDING
        chance = chance if is_sure else day.chance
        unfixed += 0 if is_sure and day.is_fixed else 1
        unsure += 0 if is_sure else 1
    if unsure and unfixed > 1:
        return None
    return Expectation(float(program.binder.bind(tree, {}).read(whole)), 1.0 - chance)
