"""Every expression of a model, with the thing and the key under which it stands, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from negsim.scenario.expressions import Node
from negsim.scenario.model import At, Every, FixedDelay, GeometricDelay, OnEvent, Rule, Scenario, UniformDelay, While


@attrs.frozen
class Part:
    """One expression: `kind` and `name` say whose it is, `key` where it stands (`while`, `option wait: weight`)."""

    kind: str
    name: str
    key: str
    tree: Node


def model_parts(scenario: Scenario) -> tuple[Part, ...]:
    """The expressions of definitions, events, rules, outcomes and measures."""
    return tuple(_all(scenario))


def _all(scenario: Scenario) -> Iterator[Part]:
    for definition in scenario.definitions.values():
        yield Part("definition", definition.name, "define", definition.tree)
    for event in scenario.events.values():
        for effect in event.effects:
            yield Part("event", event.name, "set", effect.value.tree)
    for rule in scenario.rules.values():
        for key, tree in rule_parts(rule):
            yield Part("rule", rule.name, key, tree)
    for outcome in scenario.outcomes.values():
        if outcome.when is not None:
            yield Part("outcome", outcome.name, "when", outcome.when.tree)
    for measure in scenario.measures.values():
        yield Part("measure", measure.name, "measure", measure.expression.tree)


def rule_parts(rule: Rule) -> Iterator[tuple[str, Node]]:
    """A rule's expressions: first those of the trigger, then guards and delay, then the action's."""
    match rule.trigger:
        case OnEvent():
            pass
        case While() as trigger:
            yield "while", trigger.condition.tree
        case At() as trigger:
            yield "at", trigger.day.tree
        case Every() as trigger:
            yield "every", trigger.days.tree
    keyed = {"from": rule.from_day, "until": rule.until_day, "when": rule.when, "chance": rule.chance}
    for key, expression in keyed.items():
        if expression is not None:
            yield key, expression.tree
    for tree in _delay_trees(rule):
        yield "after", tree
    if rule.still is not None:
        yield "still", rule.still.tree
    for pattern in rule.unless:
        for tree in pattern.arguments or ():
            yield "unless", tree
    if rule.by is not None:
        yield "by", rule.by.tree
    yield from _option_parts(rule)


def _delay_trees(rule: Rule) -> tuple[Node, ...]:
    match rule.delay:
        case None:
            return ()
        case FixedDelay() as delay:
            return (delay.days.tree,)
        case UniformDelay() as delay:
            return (delay.low, delay.high)
        case GeometricDelay() as delay:
            return (delay.chance,)


def _option_parts(rule: Rule) -> Iterator[tuple[str, Node]]:
    for option in rule.options:
        prefix = f"option {option.name}: " if rule.chooses else ""
        if option.when is not None:
            yield f"{prefix}when", option.when.tree
        if option.weight is not None:
            yield f"{prefix}weight", option.weight.tree
        for emission in option.emits:
            for tree in emission.arguments:
                yield f"{prefix}emit", tree
