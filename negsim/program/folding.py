"""Forms put together of forms: folded where they are fixed, and in one way where a thing can be said in several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from negsim.program.form import (
    Apply,
    Fixed,
    Form,
    Gather,
    Junction,
    Pick,
    Shared,
    Slot,
    Within,
    reads,
)
from negsim.program.formula import MeaninglessError
from negsim.program.operations import BINARY, OPERATIONS
from negsim.scenario.expressions import Node
from negsim.scenario.types import NOBODY, ActorOf, Value

ZERO, ONE, TRUE, FALSE = Fixed(0), Fixed(1), Fixed(value=True), Fixed(value=False)
_OPPOSITE = {"==": "!=", "!=": "=="}

Sure = Callable[[Form], bool]


def looked_at(items: Sequence[Form], *, settles: bool, sure: Sure) -> list[Form]:
    """The items of an `or` (where true settles it) or an `and` (where false does) that a run has to look at.

    Nothing comes behind an item that settles it. What stands before that one is looked at only as far as it can
    fail: what surely has a value has it for nothing. This is the one place that says so.
    """
    found: list[Form] = []
    for item in items:
        if not isinstance(item, Fixed):
            found.append(item)
        elif item.value is settles:
            while found and sure(found[-1]):
                found.pop()
            return [*found, item]
    return found


def junction(items: Sequence[Form], *, settles: bool, sure: Sure) -> Form:
    """`or` or `and` of the items that have to be looked at."""
    found = looked_at(items, settles=settles, sure=sure)
    if not found:
        return Fixed(not settles)
    return found[0] if len(found) == 1 else Junction(tuple(found), settles)


def negation(item: Form) -> Form:
    """`not item`."""
    match item:
        case Fixed():
            return FALSE if item.value else TRUE
        case Apply(sign="==" | "!=", items=items):
            return Apply(_OPPOSITE[item.sign], items)
        case Apply(sign="not", items=(inner,)):
            return inner
        case _:
            return Apply("not", (item,))


def operation(sign: str, *items: Form) -> Form:
    """An operation, worked out at once where all items are fixed.

    One that has no value (a division by zero) stays open: it fails when, and only if, it is looked at.
    """
    if sign in _OPPOSITE and isinstance(items[0], Fixed):
        items = items[::-1]
    values = [item.value for item in items if isinstance(item, Fixed)]
    if len(values) == len(items):
        try:
            return Fixed(OPERATIONS[sign](*values) if sign in BINARY or sign == "abs" else OPERATIONS[sign](values))
        except (MeaninglessError, OverflowError):
            pass
    return Apply(sign, items)


def dispatch(subject: Form, node: Node, of: Callable[[Value], Form], *, failure: str) -> Form:
    """A form that hangs on which actor `subject` is."""
    if isinstance(subject, Fixed):
        return Pick(subject, (), failure) if subject.value == NOBODY else of(subject.value)
    if not isinstance(node.type, ActorOf):
        raise TypeError(f"{node} is no actor")
    return Pick(subject, tuple((actor, of(actor)) for actor in node.type.actors), failure)


def within(item: Form, values: frozenset[Value]) -> Form:
    """Whether an item is one of some values."""
    return Fixed(item.value in values) if isinstance(item, Fixed) else Within(item, values)


def shared(form: Form) -> Form:
    """The form of a definition; what is no more than a slot, or one compared with a value, is not worth sharing."""
    match form:
        case Fixed() | Slot() | Shared() | Apply(sign="==", items=(Slot(), Fixed())):
            return form
        case _:
            return Shared(form, reads(form))


def gathered(function: str, pairs: Sequence[tuple[Form, Form]]) -> Form:
    """`count sum min max` over members, worked out where nothing is left open."""
    conditions = [condition for condition, _ in pairs if isinstance(condition, Fixed)]
    elements = [element.value for _, element in pairs if isinstance(element, Fixed)]
    if len(conditions) == len(elements) == len(pairs) and (function in ("count", "sum") or pairs):
        return Fixed(_total(elements) if function in ("count", "sum") else OPERATIONS[function](elements))
    return Gather(function, tuple(pairs))


def _total(numbers: Sequence[Any]) -> Any:
    """The sum, added one by one: `sum` is more exact from Python 3.12 on, and a log's bytes would hang on that."""
    total = 0
    for number in numbers:
        total += number
    return total
