"""`any count sum min max` over a group's members, already bound one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negsim.kernel.formula import Formula, MeaninglessError, State, disjunction, fixed, settled, single_slot, together
from negsim.scenario.types import Value


def _columns(items: Sequence[Formula]) -> tuple[int, int, Value] | None:
    """(first, end, value) where the items compare neighbouring slots with one value, in order."""
    compared = [item.equals for item in items]
    if len(compared) < 2 or compared[0] is None:  # noqa: PLR2004 - one item needs no column
        return None
    first, value = compared[0]
    for index, pair in enumerate(compared):
        if pair is None or pair != (first + index, value) or type(pair[1]) is not type(value):
            return None
    return first, first + len(compared), value


def any_of(items: Sequence[Formula]) -> Formula:
    """One of the items holds."""
    columns = _columns(items)
    if columns is None:
        return disjunction(items)
    first, end, value = columns
    return Formula(lambda state: value in state[first:end], together(items))


def count_of(items: Sequence[Formula]) -> Formula:
    """How many of the items hold."""
    sure = sum(1 for item in items if item.fixed)
    open_items = [item for item in items if not item.fixed]
    if not open_items:
        return fixed(sure)
    reads = together(open_items)
    columns = _columns(open_items)
    if columns is not None:
        first, end, value = columns
        return Formula(lambda state: sure + state[first:end].count(value), reads)
    readers = tuple(item.read for item in open_items)

    def read(state: State) -> int:
        total = sure
        for each in readers:
            if each(state):
                total += 1
        return total

    return Formula(read, reads)


def sum_of(chosen: Sequence[tuple[Formula, Formula]]) -> Formula:
    """The sum of the elements whose condition holds."""
    slots = [single_slot(element) for condition, element in chosen if condition.fixed]
    reads = together([part for pair in chosen for part in pair])
    if len(slots) == len(chosen) > 1 and slots[0] is not None and slots == list(range(slots[0], slots[0] + len(slots))):
        first, end = slots[0], slots[0] + len(slots)
        return Formula(lambda state: sum(state[first:end]), reads)  # type: ignore[arg-type, unused-ignore] # numbers only
    pairs = tuple((None if condition.fixed else condition.read, element.read) for condition, element in chosen)

    def read(state: State) -> float:
        total: float = 0
        for condition, element in pairs:
            if condition is None or condition(state):
                total += element(state)
        return total

    return settled(Formula(read, reads), *(part for pair in chosen for part in pair))


def extreme_of(function: str, chosen: Sequence[tuple[Formula, Formula]]) -> Formula:
    """The least or greatest (`min`, `max`) of the elements whose condition holds."""
    pick = min if function == "min" else max
    pairs = tuple((condition.read, element.read) for condition, element in chosen)

    def read(state: State) -> Any:
        values = [element(state) for condition, element in pairs if condition(state)]
        if not values:
            raise MeaninglessError(f"{function}() over a group finds nobody to look at")
        return pick(values)

    return settled(Formula(read, together([p for pair in chosen for p in pair])), *(p for pair in chosen for p in pair))
