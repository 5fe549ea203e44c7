"""Every expression of a model, with the thing and the key under which it stands, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from negsim.scenario.expressions import Node, Use
from negsim.scenario.model import Scenario
from negsim.scenario.rules import At, Every, FixedDelay, GeometricDelay, OnEvent, Rule, UniformDelay, While
from negsim.scenario.talks import Position, RedLine, Talks
from negsim.scenario.walking import walk


@attrs.frozen
class Part:
    """One expression: `kind` and `name` say whose it is, `key` where it stands (`while`, `option wait: weight`)."""

    kind: str
    name: str
    key: str
    tree: Node


def walk_through(scenario: Scenario, trees: Iterable[Node]) -> Iterator[Node]:
    """The nodes of expressions, and then those of the definitions that they use, each definition once."""
    waiting = [*trees]
    opened: set[str] = set()
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Use) and node.definition not in opened:
                opened.add(node.definition)
                waiting.append(scenario.definitions[node.definition].tree)
            yield node


def parts(scenario: Scenario) -> Iterator[Part]:
    """The expressions of definitions, events, rules, talks, outcomes and measures."""
    for definition in scenario.definitions.values():
        yield Part("definition", definition.name, "define", definition.tree)
    for event in scenario.events.values():
        for effect in event.effects:
            if effect.of is not None:
                yield Part("event", event.name, "set", effect.of)
            yield Part("event", event.name, "set", effect.value.tree)
    for rule in scenario.rules.values():
        for key, tree in rule_parts(rule):
            yield Part("rule", rule.name, key, tree)
    for talks in scenario.talks.values():
        yield from _talks(talks)
    for outcome in scenario.outcomes.values():
        if outcome.when is not None:
            yield Part("outcome", outcome.name, "when", outcome.when.tree)
    for measure in scenario.measures.values():
        yield Part("measure", measure.name, "measure", measure.expression.tree)


def _talks(talks: Talks) -> Iterator[Part]:
    for key, tree in talks_parts(talks):
        yield Part("talks", talks.name, key, tree)
    for position in talks.positions.values():
        name = f"{talks.name}.{position.party}"
        for key, tree in position_parts(position):
            yield Part("position", name, key, tree)
        for line in position.red_lines.values():
            for key, tree in red_line_parts(line):
                yield Part("red line", f"{name}.{line.name}", key, tree)


def talks_parts(talks: Talks) -> Iterator[tuple[str, Node]]:
    """The expressions of talks but for their positions: when they are held, and what an agreement emits."""
    if isinstance(talks.opens, At):
        yield "opens", talks.opens.day.tree
    yield "every", talks.every.tree
    yield "rounds", talks.rounds.tree
    if talks.condition is not None:
        yield "while", talks.condition.tree
    if talks.until_notice is not None:
        yield "until_notice", talks.until_notice.tree
    if talks.agreed is not None:
        for tree in talks.agreed.arguments:
            yield "agreed", tree


def position_parts(position: Position) -> Iterator[tuple[str, Node]]:
    """A position's expressions but for its red lines."""
    for worth in position.values.values():
        yield "values", worth.tree
    if position.cap is not None:
        yield "cap", position.cap.tree
    yield "fallback", position.fallback.tree
    yield "concession", position.concession.tree
    if position.leaves is not None:
        yield "leaves", position.leaves.tree


def red_line_parts(line: RedLine) -> Iterator[tuple[str, Node]]:
    """A red line's expressions."""
    yield "never", line.never.tree
    if line.when is not None:
        yield "when", line.when.tree


def rule_parts(rule: Rule) -> Iterator[tuple[str, Node]]:
    """A rule's expressions: first those of the trigger, then guards and delay, then the action's."""
    yield from _trigger_parts(rule)
    keyed = {"from": rule.from_day, "until": rule.until_day, "when": rule.when, "chance": rule.chance}
    for key, expression in keyed.items():
        if expression is not None:
            yield key, expression.tree
    for tree in _delay_trees(rule):
        yield "after", tree
    for pattern in rule.unless:
        for tree in pattern.arguments or ():
            yield "unless", tree
    yield from action_parts(rule)


def action_parts(rule: Rule) -> Iterator[tuple[str, Node]]:
    """The expressions that are looked at when a rule's action is taken, which may be days after its trigger."""
    if rule.still is not None:
        yield "still", rule.still.tree
    if rule.by is not None:
        yield "by", rule.by.tree
    for option in rule.options:
        prefix = f"option {option.name}: " if rule.chooses else ""
        if option.when is not None:
            yield f"{prefix}when", option.when.tree
        if option.weight is not None:
            yield f"{prefix}weight", option.weight.tree
        for emission in option.emits:
            for tree in emission.arguments:
                yield f"{prefix}emit", tree


def _trigger_parts(rule: Rule) -> Iterator[tuple[str, Node]]:
    match rule.trigger:
        case OnEvent():
            pass
        case While() as trigger:
            yield "while", trigger.condition.tree
        case At() as trigger:
            yield "at", trigger.day.tree
        case Every() as trigger:
            yield "every", trigger.days.tree


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
