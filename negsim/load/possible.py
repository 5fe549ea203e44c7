"""What can be told of a scenario without running it: the values that a variable may ever have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from negsim.scenario.expressions import (
    Attribute,
    Both,
    Bound,
    Comparison,
    Conditional,
    Constant,
    Either,
    MemberVariable,
    Node,
    Not,
    OneOf,
    Over,
    Term,
    Use,
    Variable,
)
from negsim.scenario.model import Emission, Scenario
from negsim.scenario.types import TRUTH, Enumeration, Truth, Type, Value

Values = frozenset[Value]


@attrs.frozen
class Possible:
    """The values that each variable may have: its initial ones, and those that an event may set.

    Variables that are neither enumerations nor truths are left out.
    """

    scenario: Scenario
    variables: Mapping[tuple[str | None, str], Values]
    names: Mapping[str, Value] = attrs.field(factory=dict)  # bound names whose value is known

    def values(self, node: Node) -> Values | None:
        """The values that an expression may have; nothing where they cannot be told."""
        match node:
            case Constant():
                return frozenset((node.value,))
            case Variable():
                return self.variables.get((None, node.name))
            case MemberVariable():
                return self.variables.get((node.group, node.name))
            case Attribute():
                group = self.scenario.groups[node.group]
                return frozenset(value for (_, name), value in group.given.items() if name == node.name)
            case Conditional():
                return _either(self.values(node.then), self.values(node.otherwise))
            case Bound(name=name) if name in self.names:
                return frozenset((self.names[name],))
            case Bound(type=Enumeration(values=words)) | Term(type=Enumeration(values=words)):
                return frozenset(words)
            case _:
                return None

    def truth(self, node: Node) -> bool | None:
        """Whether a condition is always true or always false; nothing where it may be either."""
        match node:
            case Not():
                inner = self.truth(node.item)
                return None if inner is None else not inner
            case Both():
                return _all([self.truth(item) for item in node.items])
            case Either():
                found = _all([_opposite(self.truth(item)) for item in node.items])
                return _opposite(found)
            case Comparison(operands=(left, right), operators=(("==" | "!=") as sign,)):
                same = _same(self.values(left), self.values(right))
                return same if sign == "==" else _opposite(same)
            case OneOf():
                item = self.values(node.item)
                each = [_opposite(_same(item, self.values(option))) for option in node.options]
                found = _opposite(_all(each))
                named = {option.value for option in node.options if isinstance(option, Constant)}
                if found is None and item is not None and item <= named:
                    found = True
                return _opposite(found) if node.negated else found
            case Over(function="any", element=element) if element is not None:
                return False if self.truth(element) is False else None
            case Use():
                return self.truth(self.scenario.definitions[node.definition].tree)
            case _:
                values = self.values(node) if isinstance(node.type, Truth) else None
                return next(iter(values)) is True if values is not None and len(values) == 1 else None


def _opposite(truth: bool | None) -> bool | None:  # noqa: FBT001  # a truth is what it is about
    return None if truth is None else not truth


def _all(truths: list[bool | None]) -> bool | None:
    if False in truths:
        return False
    return None if None in truths else True


def _same(one: Values | None, other: Values | None) -> bool | None:
    if one is None or other is None:
        return None
    if not one & other:
        return False
    return True if len(one) == len(other) == 1 else None


def _either(one: Values | None, other: Values | None) -> Values | None:
    return None if one is None or other is None else one | other


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
