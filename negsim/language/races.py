"""Rules that answer one event and set one variable to different values on one day."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from negsim.scenario.expressions import Both, Comparison, Constant, Node, Not, OneOf
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Effect, FixedDelay, OnEvent, Rule
from negsim.scenario.types import Value


def races(scenario: Scenario) -> Iterator[tuple[tuple[str, str], str, str | None]]:
    """A warning for each pair of rules whose order in the file decides what a variable becomes."""
    rules = [rule for rule in scenario.rules.values() if isinstance(rule.trigger, OnEvent) and rule.still is None]
    for first, second in combinations(rules, 2):
        assert isinstance(first.trigger, OnEvent)  # noqa: S101  # the list above is of those
        assert isinstance(second.trigger, OnEvent)  # noqa: S101  # as above
        event = next((event for event in first.trigger.events if event in second.trigger.events), None)
        if event is None or not _same_day(first, second) or _exclusive(first, second):
            continue
        variable = _both_set(scenario, first, second)
        if variable is not None:
            hint = "the first in the file acts first; a `still`, or a `when` on each, keeps them apart"
            yield (
                ("rule", second.name),
                f"`{first.name}` and `{second.name}` both set `{variable}` when `{event}` is logged",
                hint,
            )


def _same_day(first: Rule, second: Rule) -> bool:
    """Whether two rules act on one day for certain: no delay, or the same fixed one."""
    days: list[object] = []
    for rule in (first, second):
        match rule.delay:
            case None:
                days.append(0)
            case FixedDelay(days=expression) if isinstance(expression.tree, Constant):
                days.append(expression.tree.value)
            case _:
                return False
    return bool(days[0] == days[1])


def _conjuncts(rule: Rule) -> tuple[Node, ...]:
    if rule.when is None:
        return ()
    tree = rule.when.tree
    return tree.items if isinstance(tree, Both) else (tree,)


def _exclusive(first: Rule, second: Rule) -> bool:
    """Whether the guards of two rules are seen never to hold together."""
    for one in _conjuncts(first):
        for other in _conjuncts(second):
            if one == Not(other, one.type) or other == Not(one, other.type):
                return True
            named, rival = _admitted(one), _admitted(other)
            if named is not None and rival is not None and named[0] == rival[0] and _apart(named, rival):
                return True
    return False


def _apart(one: tuple[Node, frozenset[Value], bool], other: tuple[Node, frozenset[Value], bool]) -> bool:
    if one[2] and other[2]:
        return not one[1] & other[1]
    if one[2] or other[2]:
        wanted, refused = (one, other) if one[2] else (other, one)
        return wanted[1] <= refused[1]
    return False


def _admitted(node: Node) -> tuple[Node, frozenset[Value], bool] | None:
    """What a guard compares, the values it names, and whether it admits (or refuses) these."""
    match node:
        case Comparison(operands=(left, Constant(value=value)), operators=(("==" | "!=") as sign,)):
            return left, frozenset((value,)), sign == "=="
        case OneOf(item=item, options=options, negated=negated) if all(isinstance(o, Constant) for o in options):
            return item, frozenset(o.value for o in options if isinstance(o, Constant)), not negated
        case _:
            return None


def _both_set(scenario: Scenario, first: Rule, second: Rule) -> str | None:
    for one in _effects(scenario, first):
        for other in _effects(scenario, second):
            same = (one.group, one.variable) == (other.group, other.variable)
            shared = one.every or other.every or one.group is None
            values = one.value.tree, other.value.tree
            if same and shared and all(isinstance(v, Constant) for v in values) and values[0] != values[1]:
                return one.target
    return None


def _effects(scenario: Scenario, rule: Rule) -> list[Effect]:
    if rule.chooses:
        return []
    events = [scenario.events[emission.event] for option in rule.options for emission in option.emits]
    return [effect for event in events for effect in event.effects]
