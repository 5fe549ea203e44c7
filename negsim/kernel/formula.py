"""Typed expressions bound to a run's parameters and readings and to an instance's actors.

Everything that is fixed (parameters, readings, attributes, bound actors, an event's fields) is worked
out once, while binding. What is left is a function of the state alone, and the slots that it reads.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Any

from negsim.scenario.types import Value

# A state is a list: a value for each slot, and behind them the state's version, a number that no other
# state has. It is changed by `set_slots` alone.
State = list[Any]
Reader = Callable[[State], Any]
Scope = Mapping[str, Value]


_versions = count()
KEPT_FROM = 3  # formulas that read so many slots are worked out once for each version of a state


def new_state(initial: Sequence[Value]) -> State:
    """A state with these values, under a version of its own."""
    return [*initial, next(_versions)]


def set_slots(state: State, changes: Iterable[tuple[int, Value]]) -> list[int]:
    """Changes a state, which gets a new version; gives the slots that got another value."""
    moved = []
    for slot, value in changes:
        if state[slot] != value:
            state[slot] = value
            moved.append(slot)
    if moved:
        state[-1] = next(_versions)
    return moved


class MeaninglessError(Exception):
    """An expression has no value in this state; the day adds who asked and when."""


class Formula:
    """A bound expression: `read(state)` is its value, `reads` the slots that can change it.

    `fixed` says that it reads none; `value` is its value then. `equals` is (slot, value) where the
    formula is just that comparison, which lets counts over members be taken at once. `sure` says that it
    has a value in every state, so that it need not be looked at where the value does not matter.
    """

    __slots__ = ("equals", "fixed", "read", "reads", "sure", "value")

    def __init__(
        self, read: Reader, reads: frozenset[int], equals: tuple[int, Value] | None = None, *, sure: bool = False
    ) -> None:
        self.read = read
        self.reads = reads
        self.equals = equals
        self.sure = sure
        self.fixed = False
        self.value: Any = None


def fixed(value: Value) -> Formula:
    """A formula that has one value in every state."""
    formula = Formula(lambda _state: value, frozenset(), sure=True)
    formula.fixed, formula.value = True, value
    return formula


def kept(formula: Formula) -> Formula:
    """The formula, worked out once for each version of a state where that is worth it.

    Many rules ask for the same definition in the same state: every member's hazard that hangs on one count.
    """
    if formula.fixed or formula.equals is not None or len(formula.reads) < KEPT_FROM:
        return formula
    work_out = formula.read
    seen: Any = None
    value: Any = None

    def read(state: State) -> Any:
        nonlocal seen, value
        version = state[-1]
        if version != seen:
            value = work_out(state)
            seen = version
        return value

    return Formula(read, formula.reads, sure=formula.sure)


def _quotient(left: float, right: float) -> float:
    if right == 0:
        raise MeaninglessError(f"{left} / 0 has no value")
    return left / right


def _floor(left: int, right: int) -> int:
    if right == 0:
        raise MeaninglessError(f"{left} // 0 has no value")
    return left // right


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise MeaninglessError(f"{left} % 0 has no value")
    return left % right


_OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "//": _floor,
    "%": _remainder,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def binary(symbol: str, left: Formula, right: Formula) -> Formula:
    """`left symbol right`."""
    combine = _OPERATIONS[symbol]
    a, b = left.read, right.read
    sure = left.sure and right.sure and symbol in _COMPARISONS
    if left.fixed and not right.fixed and symbol in ("==", "!="):
        return binary(symbol, right, left)
    if right.fixed and not left.fixed:
        value = right.value
        if symbol == "==":
            slot = single_slot(left)
            if slot is not None:
                return Formula(lambda state: state[slot] == value, left.reads, (slot, value), sure=sure)
        return Formula(_with_constant(symbol, a, value), left.reads, sure=sure)
    found = Formula(lambda state: combine(a(state), b(state)), left.reads | right.reads, sure=sure)
    return settled(found, left, right)


def _with_constant(symbol: str, read: Reader, value: Any) -> Reader:
    """`read symbol value`; the commonest signs have a closure of their own, which is quicker."""
    combine = _OPERATIONS[symbol]
    match symbol:
        case "==":
            return lambda state: read(state) == value
        case "!=":
            return lambda state: read(state) != value
        case ">=":
            return lambda state: read(state) >= value
        case "*":
            return lambda state: read(state) * value
        case "+":
            return lambda state: read(state) + value
        case _:
            return lambda state: combine(read(state), value)


def single_slot(formula: Formula) -> int | None:
    """The slot of a formula that only reads one variable."""
    if isinstance(formula.read, itemgetter):
        (slot,) = formula.reads
        return slot
    return None


def settled(formula: Formula, *parts: Formula) -> Formula:
    """The formula, worked out at once where all its parts are fixed.

    One that has no value (a division by zero) stays open: it fails when, and only if, it is looked at.
    """
    if all(part.fixed for part in parts):
        try:
            return fixed(formula.read([]))
        except (MeaninglessError, OverflowError):
            return formula
    return formula


def one_of(item: Formula, options: Sequence[Formula]) -> Formula:
    """The item equals one of the options."""
    slot = single_slot(item)
    if slot is None or not all(option.fixed for option in options):
        return disjunction([binary("==", item, option) for option in options])
    values = frozenset(option.value for option in options)
    return Formula(lambda state: state[slot] in values, item.reads, sure=item.sure)


def negation(item: Formula) -> Formula:
    """`not item`."""
    read = item.read
    return settled(Formula(lambda state: not read(state), item.reads, sure=item.sure), item)


def conjunction(items: Sequence[Formula]) -> Formula:
    """All of the items hold; looked at left to right, as far as needed."""
    return _junction(items, settles=False)


def disjunction(items: Sequence[Formula]) -> Formula:
    """One of the items holds; looked at left to right, as far as needed."""
    return _junction(items, settles=True)


def _junction(items: Sequence[Formula], *, settles: bool) -> Formula:
    """`and` (settled by a false item) or `or` (settled by a true one)."""
    kept: list[Formula] = []
    for item in items:
        if not item.fixed:
            kept.append(item)
        elif item.value is settles:
            if all(each.sure for each in kept):
                return fixed(settles)
            kept.append(item)
            break
    if not kept:
        return fixed(not settles)
    if len(kept) == 1:
        return kept[0]
    reads = together(kept)
    sure = all(item.sure for item in kept)
    readers = tuple(item.read for item in kept)
    if len(readers) == 2:  # noqa: PLR2004 - the common case, worth its own closure
        a, b = readers
        if settles:
            return Formula(lambda state: a(state) or b(state), reads, sure=sure)
        return Formula(lambda state: a(state) and b(state), reads, sure=sure)

    def read(state: State) -> Any:
        for each in readers:
            if each(state) is settles:
                return settles
        return not settles

    return Formula(read, reads, sure=sure)


def together(formulas: Sequence[Formula]) -> frozenset[int]:
    """All slots that the formulas read."""
    return frozenset[int]().union(*(formula.reads for formula in formulas))
