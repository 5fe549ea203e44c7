"""Expected values of measures: what can be read off the distribution of states, by linearity.

A count is expected to be the sum of its expected increments, a number of dusks the sum of the chances that
the condition holds at each; a first day is the sum of days times the chance that it comes on them. So a
measure is exact where it is linear in counts and numbers of dusks (and in the last state), or in first days
of which all are sure to come, or all but one are sure to come on one day. `last`, `most`, ratios and products
of counts hang on more than that, and are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import attrs
import numpy as np

from negsim.exact.answer.forward import Course
from negsim.exact.step.crowds import Crowds
from negsim.program.form import Apply, Fixed, Form, Observed, Shared, parts
from negsim.program.formula import Formula, State, UnsettledError
from negsim.program.monitors import Monitor

ROUNDING = 1e-9  # what is missing of a sure thing by rounding alone


@attrs.frozen
class Expectation:
    """A measure's expected value over the runs that have one, and the chance that a run has none."""

    mean: float | None
    missing: float


def linear(form: Form) -> Mapping[int, float] | None:
    """What each observation, by its place, counts for in a form that is linear in them; nothing where it is not."""
    match form:
        case Observed():
            return {form.at: 1.0}
        case Apply(sign="+" | "-" as sign, items=(first, second)):
            left, right = linear(first), linear(second)
            if left is None or right is None:
                return None
            factor = 1.0 if sign == "+" else -1.0
            return {at: left.get(at, 0.0) + factor * right.get(at, 0.0) for at in (*left, *right)}
        case Apply(
            sign="*",
            items=(Fixed(value=int() | float() as factor), item) | (item, Fixed(value=int() | float() as factor)),
        ):
            return _scaled(linear(item), float(factor))
        case Apply(sign="/", items=(item, Fixed(value=int() | float() as divisor))) if divisor:
            return _scaled(linear(item), 1 / float(divisor))
        case _:
            return None if observations_in(form) else {}


def observations_in(form: Form) -> bool:
    """Whether a form hangs on what a measure counts; no definition does."""
    return isinstance(form, Observed) or (not isinstance(form, Shared) and any(map(observations_in, parts(form))))


def _scaled(found: Mapping[int, float] | None, factor: float) -> Mapping[int, float] | None:
    return None if found is None else {at: value * factor for at, value in found.items()}


def expectations(crowds: Crowds, course: Course, known_firsts: Mapping[Monitor, int]) -> dict[str, Expectation]:
    """The expected values of the measures that can be had. `known_firsts` are first days in the past."""
    program = crowds.layout.program
    monitor_at = {monitor.at: monitor for monitor in program.monitors}
    found: dict[str, Expectation] = {}
    for name, formula in program.measures.items():
        by_place = linear(formula.form)
        if by_place is None:
            continue
        shares = {monitor_at[at]: share for at, share in by_place.items()}
        functions = {monitor.function for monitor in shares}
        if functions <= {"count", "days"}:
            plain = _plain(crowds, course, formula, shares)
            if plain is not None:
                found[name] = plain
        elif functions == {"first"} and not any(slot < program.layout.world for slot in formula.reads):
            expected = _firsts(crowds, course, (formula, shares), known_firsts)
            if expected is not None:
                found[name] = expected
    return found


def _plain(crowds: Crowds, course: Course, formula: Formula, shares: Mapping[Monitor, float]) -> Expectation | None:
    total = 0.0
    for monitor, share in shares.items():
        if monitor.function == "count":
            total += share * course.counted[crowds.layout.turns.counting.index(monitor)]
        else:
            total += share * course.days[crowds.days.index(monitor)]

    def look(state: State) -> float:  # nothing is counted in the states of a crowd, so what is left is the rest
        try:
            value: float = formula.read(state)
        except UnsettledError:
            return math.nan
        return value

    here, world = np.flatnonzero(course.last), crowds.layout.program.layout.world
    found = crowds.read(here.tolist(), [slot for slot in formula.reads if slot < world], look)
    last, there = course.last[here], ~np.isnan(found)
    if there.all():
        return Expectation(float(total + last @ found), 0.0)
    if shares:  # what is counted is not known apart, for the runs that settle on something
        return None
    chance = float(last[there].sum())
    mean = float(last[there] @ found[there]) / chance if chance > 0 else None
    return Expectation(mean, float(last[~there].sum()))


@attrs.frozen
class _Day:
    """The day on which something first comes: expected, over the runs in which it does; how many these are."""

    mean: float
    chance: float
    is_fixed: bool


def _first_day(crowds: Crowds, course: Course, monitor: Monitor, known: Mapping[Monitor, int]) -> _Day:
    if monitor in known:
        return _Day(known[monitor], 1.0, is_fixed=True)
    up = course.come[:, crowds.layout.turns.firsts.index(monitor)]
    if not up[-1] > 0:
        return _Day(0.0, 0.0, is_fixed=True)
    steps = np.diff(up, prepend=0.0)
    days = np.arange(len(up))
    return _Day(float(steps @ days / up[-1]), float(min(up[-1], 1.0)), is_fixed=np.count_nonzero(steps > ROUNDING) == 1)


def _firsts(
    crowds: Crowds, course: Course, measure: tuple[Formula, Iterable[Monitor]], known: Mapping[Monitor, int]
) -> Expectation | None:
    """The expectation of an expression that is linear in first days, over the runs in which all of them come.

    Nothing where what is expected of one could hang on whether another comes.
    """
    formula, monitors = measure
    expected = crowds.layout.program.layout.first_state()
    chance, unfixed, unsure = 1.0, 0, 0
    for monitor in monitors:
        day = _first_day(crowds, course, monitor, known)
        if not day.chance:
            return Expectation(None, 1.0)
        expected[monitor.at] = day.mean
        is_sure = day.chance > 1 - ROUNDING
        chance = chance if is_sure else day.chance
        unfixed += 0 if is_sure and day.is_fixed else 1
        unsure += 0 if is_sure else 1
    if unsure and unfixed > 1:
        return None
    return Expectation(float(formula.read(expected)), 1.0 - chance)
