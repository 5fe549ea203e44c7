"""Clocks: what a scenario has to remember so that it can be said how many days ago an event came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

import attrs

from negsim.scenario.expressions import Bound, Comparison, DaysSince, Node, Over
from negsim.scenario.types import Type, Value, Whole, allowed
from negsim.scenario.walking import children

MOST_CLOCKS = 10_000  # that a scenario may keep, one for each event and all that its condition is asked of
NEVER = -(10**10)  # the day on which an event came last that has not come
LONG_AGO = -(10**9)  # one so long ago that nothing tells it apart from longer


@attrs.frozen
class Clock:
    """What is remembered of an event: the last day on which one came that met the condition.

    The condition may look at names bound outside, such as a member: there is a clock for each of their values.
    """

    event: str
    condition: Node | None


@attrs.frozen
class Kept:
    """A clock with the names that its condition takes from outside, and the values that each can have."""

    clock: Clock
    names: tuple[str, ...]
    kinds: tuple[Type, ...]
    values: tuple[tuple[Value, ...], ...]

    @property
    def size(self) -> int:
        """How many days are kept for it."""
        return prod(map(len, self.values))

    def each(self) -> Iterator[tuple[Value, ...]]:
        """The values of the names, in every combination."""
        return product(*self.values)


def clock_of(node: DaysSince) -> Clock:
    """The clock that is looked at."""
    return Clock(node.event, node.condition)


def outside_names(condition: Node | None, bound: frozenset[str]) -> Mapping[str, Type]:
    """The names in a condition that nothing in it binds, with their types."""
    found: dict[str, Type] = {}
    waiting = [] if condition is None else [(condition, bound)]
    while waiting:
        node, known = waiting.pop()
        if isinstance(node, Bound) and node.name not in known:
            found[node.name] = node.type
        inner = known | {node.binder} if isinstance(node, Over) else known
        waiting += [(child, inner) for child in children(node)]
    return found


def values_of(kind: Type) -> tuple[Value, ...]:
    """The values of a type that has few; none of another."""
    match kind:
        case Whole(low=int() as low, high=int() as high) if high - low < MOST_CLOCKS:
            return tuple(range(low, high + 1))
        case _:
            truths: Mapping[str, Value] = {"true": True, "false": False}
            return tuple(truths.get(word, word) for word in allowed(kind))


def bare_clocks(node: Node) -> Iterator[DaysSince]:
    """The clocks in a number without which it is nothing: those with an `else`, or in a comparison, are none."""
    match node:
        case DaysSince():
            if node.otherwise is None:
                yield node
        case Comparison() | Over():
            return
        case _:
            for child in children(node):
                yield from bare_clocks(child)
