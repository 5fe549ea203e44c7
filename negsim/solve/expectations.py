"""Expected values of measures: what can be read off the distribution of states, by linearity.

A count is expected to be the sum of its expected increments, a number of dusks the sum of the chances that
the condition holds at each; a first day is the sum of days times the chance that it comes on them. So a
measure is exact where it is linear in counts and numbers of dusks (and in the last state), or a first day
and a constant. `last`, `most`, ratios and products of counts hang on more than that, and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from negsim.kernel.formula import new_state
from negsim.kernel.program import Program
from negsim.scenario.expressions import Arithmetic, Constant, Negative, Node, Observation, ParameterValue, walk
from negsim.solve.crowds import Crowds
from negsim.solve.forward import Course


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
        elif functions == {"first"} and len(shares) == 1 and not _reads_state(program, measure.expression.tree):
            found[name] = _first(crowds, course, measure.expression.tree, known_firsts)
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
    zeros = [0] * len(program.observations)
    for number in np.flatnonzero(course.last).tolist():
        moment, _ = crowds.layout.concrete(crowds.rests[number], crowds.groups(number))
        state = new_state(moment.values[: len(program.initial)])
        total += course.last[number] * formula.read([*state, *zeros])
    return float(total)


def _reads_state(program: Program, tree: Node) -> bool:
    formula = program.binder.bind(tree, {})
    return any(slot < len(program.initial) for slot in formula.reads)


def _first(crowds: Crowds, course: Course, tree: Node, known: Mapping[int, int]) -> Expectation:
    """The expected first day, over the runs in which it comes; the expression is linear in it."""
    program = crowds.layout.program
    (observation,) = observed(tree)
    index = program.observations.index(observation)
    formula = program.binder.bind(tree, {})
    place = len(program.initial) + 1 + index

    def value(day: int) -> float:
        whole = [0] * (len(program.initial) + 1 + len(program.observations))
        whole[place] = day
        return float(formula.read(whole))

    if index in known:
        return Expectation(value(known[index]), 0.0)
    up = course.flags[:, crowds.layout.turns.flags.index(index)]
    steps = np.diff(up, prepend=0.0)
    if not up[-1] > 0:
        return Expectation(None, 1.0)
    mean = sum(step * value(day) for day, step in enumerate(steps.tolist())) / up[-1]
    return Expectation(float(mean), float(1 - up[-1]))
