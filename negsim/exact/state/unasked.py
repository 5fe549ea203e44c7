"""Clocks that nothing asks for a while: the days since a stop, say, while there is fighting again.

A clock that is looked at only where a variable has one value, which only the clock's own event gives to it, is started
anew before anything asks for it again. Until then a solution need not keep it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from negsim.program.layout import StateLayout
from negsim.scenario.clocks import Clock, clock_of
from negsim.scenario.expressions import Both, Comparison, Conditional, Constant, DaysSince, Node, Not, Use, Variable
from negsim.scenario.model import Scenario
from negsim.scenario.parts import parts
from negsim.scenario.rules import Rule, While
from negsim.scenario.types import Value
from negsim.scenario.walking import children as parts_of

Pin = tuple[str, Value]  # a variable of the whole scenario, and the value that it has
Pins = frozenset[Pin]
_NONE: Pins = frozenset()


class Unasked(NamedTuple):
    """A clock's slot, which nothing asks for while another slot does not hold a value."""

    clock: int
    slot: int
    value: Value


def unasked(scenario: Scenario, layout: StateLayout) -> tuple[Unasked, ...]:
    """When no clock's day is asked for."""
    if not scenario.clocks:
        return ()
    pins = _pins(scenario)
    found = []
    for (clock, _), slot in layout.last.items():
        held = [pin for pin in sorted(pins.get(clock, _NONE), key=repr) if _only_by(scenario, clock, pin)]
        found += [Unasked(slot, layout.slots[name, ""], value) for name, value in held[:1]]
    return tuple(found)


def _pins(scenario: Scenario) -> dict[Clock, Pins]:
    """What surely holds wherever a clock is asked for."""
    found: dict[Clock, Pins] = {}
    for part in parts(scenario):
        if part.kind == "definition":
            continue
        rule = scenario.rules.get(part.name) if part.kind == "rule" else None
        known = _guard(scenario, rule) if rule is not None and part.key == "chance" else _NONE
        for node, pins in _asked(scenario, part.tree, known):
            clock = clock_of(node)
            found[clock] = found.get(clock, pins) & pins
    return found


def _guard(scenario: Scenario, rule: Rule) -> Pins:
    """What holds where the chance of a `while` rule is looked at."""
    return _holding(scenario, rule.trigger.condition.tree) if isinstance(rule.trigger, While) else _NONE


def _asked(scenario: Scenario, node: Node, known: Pins) -> Iterator[tuple[DaysSince, Pins]]:
    """The clocks that an expression asks for, each with what surely holds there, or where it makes a difference."""
    match node:
        case DaysSince():
            yield node, known
            if node.otherwise is not None:
                yield from _asked(scenario, node.otherwise, known)
        case Both(items=items):
            for place, item in enumerate(items):
                beside = (_holding(scenario, each) for each in (*items[:place], *items[place + 1 :]))
                yield from _asked(scenario, item, known.union(*beside))
        case Conditional():
            yield from _asked(scenario, node.test, known)
            yield from _asked(scenario, node.then, known | _holding(scenario, node.test))
            yield from _asked(scenario, node.otherwise, known)
        case Use():
            yield from _asked(scenario, scenario.definitions[node.definition].tree, known)
        case _:
            for part in parts_of(node):
                yield from _asked(scenario, part, known)


def _holding(scenario: Scenario, condition: Node) -> Pins:
    """The variables whose value is known where a condition holds."""
    match condition:
        case Variable(name=name):
            return frozenset(((name, True),))
        case Not(item=Variable(name=name)):
            return frozenset(((name, False),))
        case Comparison(operators=("==",), operands=(Variable(name=name), Constant(value=value))):
            return frozenset(((name, value),))
        case Both(items=items):
            return _NONE.union(*(_holding(scenario, item) for item in items))
        case Use(arguments=()):
            return _holding(scenario, scenario.definitions[condition.definition].tree)
        case _:
            return _NONE


def _only_by(scenario: Scenario, clock: Clock, pin: Pin) -> bool:
    """Whether a variable gets a value from events alone that start a clock anew."""
    name, value = pin
    for event in scenario.events.values():
        if event.name == clock.event and clock.condition is None:
            continue
        for effect in event.effects:
            if effect.variable != name or effect.group is not None:
                continue
            tree = effect.value.tree
            if not isinstance(tree, Constant) or tree.value == value:
                return False
    return True
