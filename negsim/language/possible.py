"""What can be told of a scenario without running it: the values that a variable may ever have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs

from negsim.program.specialise import Specialiser, left_open
from negsim.scenario.expressions import Bound, Conditional, Constant, Node
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Emission
from negsim.scenario.types import TRUTH, Enumeration, Truth, Type, Value

Values = frozenset[Value]


@attrs.frozen(slots=False)
class Possible:
    """The values that each variable may have: its initial ones, and those that an event may set.

    Variables that are neither enumerations nor truths are left out.
    """

    scenario: Scenario
    variables: Mapping[tuple[str | None, str], Values]

    def truth(self, node: Node, names: Mapping[str, Value] | None = None) -> bool | None:
        """Whether a condition is always true or always false where it has a value; nothing where it may be either.

        `names` are bound names whose value is known.
        """
        only = self._specialiser.known.of(self._specialiser.form(node, names or {})).only
        return only if isinstance(only, bool) else None

    @cached_property
    def _specialiser(self) -> Specialiser:
        return left_open(self.scenario, variables=self.variables)


def emissions(scenario: Scenario) -> Iterator[Emission]:
    """Every event that a rule or an agreement emits, with its arguments."""
    for rule in scenario.rules.values():
        for option in rule.options:
            yield from option.emits
    yield from (talks.agreed for talks in scenario.talks.values() if talks.agreed is not None)


def possible_values(scenario: Scenario) -> Possible:
    """The values that each variable may ever have."""
    found: dict[tuple[str | None, str], Values] = {}
    for variable in scenario.variables.values():
        if isinstance(variable.type, Enumeration | Truth):
            found[variable.group, variable.name] = frozenset(variable.initial.values())
    given = _given_fields(scenario)
    for event in scenario.events.values():
        for effect in event.effects:
            key = (effect.group, effect.variable)
            if key in found:
                found[key] |= _set_values(effect.value.tree, given.get(event.name, {}))
    return Possible(scenario, found)


def _given_fields(scenario: Scenario) -> dict[str, dict[str, Values]]:
    """The values that each event's fields are given, by rules and by history; none for events never emitted."""
    found: dict[str, dict[str, Values]] = {}
    for emission in (*emissions(scenario), *(entry.emission for entry in scenario.history)):
        fields = found.setdefault(emission.event, {})
        for field, argument in zip(scenario.events[emission.event].fields, emission.arguments, strict=True):
            fields[field.name] = fields.get(field.name, frozenset()) | _set_values(argument, {})
    return found


def _set_values(tree: Node, given: Mapping[str, Values]) -> Values:
    """The values that an expression may give to a variable, as far as its type tells."""
    match tree:
        case Constant():
            return frozenset((tree.value,))
        case Bound(name=name) if name in given:
            return given[name]
        case Conditional():
            return _set_values(tree.then, given) | _set_values(tree.otherwise, given)
        case _:
            return _all_values(tree.type)


def _all_values(kind: Type) -> Values:
    if isinstance(kind, Enumeration):
        return frozenset(kind.values)
    return frozenset((True, False)) if kind == TRUTH else frozenset()
