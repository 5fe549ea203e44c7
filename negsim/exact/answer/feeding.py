"""Which parameters a rule's luck hangs on, at which of them a probability may jump, which numbers are none."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.scenario.expressions import (
    Arithmetic,
    Comparison,
    Conditional,
    Constant,
    Expression,
    Node,
    OneOf,
    ParameterValue,
)
from negsim.scenario.model import Scenario
from negsim.scenario.parts import parts, walk_through
from negsim.scenario.rules import GeometricDelay, Rule
from negsim.wording import counted


def feeding(scenario: Scenario) -> set[str]:
    """The parameters that feed a chance, a weight or a wait by chance."""
    return {name for rule in scenario.rules.values() for tree in _chances(rule) for name in _named(scenario, tree)}


def _chances(rule: Rule) -> Iterator[Node]:
    """What a rule's luck hangs on: its chance, the weights of its options, a wait by daily chance."""
    for expression in (rule.chance, *(option.weight for option in rule.options)):
        if expression is not None:
            yield expression.tree
    if isinstance(rule.delay, GeometricDelay):
        yield rule.delay.chance


def _named(scenario: Scenario, tree: Node) -> set[str]:
    """The parameters that a tree reads, also through definitions."""
    return {node.name for node in walk_through(scenario, [tree]) if isinstance(node, ParameterValue)}


def switching(scenario: Scenario) -> set[str]:
    """The parameters at which a probability may jump: all that are read elsewhere than in a steady part of a chance."""
    steady = [rule.chance.tree for rule in scenario.rules.values() if rule.chance is not None]
    steady += [rule.delay.chance for rule in scenario.rules.values() if isinstance(rule.delay, GeometricDelay)]
    measures = [measure.expression.tree for measure in scenario.measures.values()]
    apart = {id(tree) for tree in (*steady, *measures, *(each.tree for each in scenario.definitions.values()))}
    found = {name for part in parts(scenario) if id(part.tree) not in apart for name in _named(scenario, part.tree)}
    return found.union(*(_jumping(scenario, tree) for tree in steady))


def _jumping(scenario: Scenario, tree: Node) -> set[str]:
    """The parameters in those parts of a tree that choose between values, or round."""
    found: set[str] = set()
    for node in walk_through(scenario, [tree]):
        match node:
            case Comparison() | OneOf():
                found |= _named(scenario, node)
            case Conditional():
                found |= _named(scenario, node.test)
            case Arithmetic() if node.operator in ("//", "%"):
                found |= _named(scenario, node)
            case _:
                pass
    return found


def held_fixed(scenario: Scenario) -> str:
    """Which numbers have no range, since they stand in the file as plain ones; nothing where there are none."""
    rules = scenario.rules.values()
    seats = [seat for talks in scenario.talks.values() for seat in talks.positions.values()]
    numbers: dict[str, list[Expression | None]] = {
        "chance": [rule.chance for rule in rules if not _is_sure(rule)],
        "weight": [option.weight for rule in rules for option in rule.options],
        "value": [worth for seat in seats for _, worth in seat.values.items()],
    }
    plain = {
        word: sum(each is not None and isinstance(each.tree, Constant) for each in found)
        for word, found in numbers.items()
    }
    held = [counted(number, word) for word, number in plain.items() if number]
    if not held:
        return ""
    one = sum(plain.values()) == 1
    are = "is a plain number in the file: no parameter" if one else "are plain numbers in the file: no parameters"
    return f" {' and '.join(held)} {are}, and held fixed."


def _is_sure(rule: Rule) -> bool:
    """Whether a rule has no chance but 0 or 1."""
    return rule.chance is None or (isinstance(rule.chance.tree, Constant) and rule.chance.tree.value in (0, 1))
