"""Comparisons: the side with a known type gives a meaning to the values on the other."""

from __future__ import annotations

import attrs

from negsim.errors import did_you_mean
from negsim.language.scope import Scope, Wanted, unknown_name
from negsim.language.syntax import ComparisonChain, IfElse, Name, Several, Syntax
from negsim.language.typing_rules import comparable
from negsim.scenario.expressions import Comparison, Constant, InGroup, Node, OneOf
from negsim.scenario.types import TRUTH, ActorOf, Enumeration, Numbers, is_number


def compare(item: ComparisonChain, scope: Scope) -> Node | None:
    """The typed node of a comparison, of `in` and of `not in`."""
    if any(sign in ("in", "not in") for sign in item.signs):
        if len(item.signs) > 1:
            return scope.fault(
                item, "`in` cannot stand in a chain of comparisons", "put brackets around each, and `and` between"
            )
        right = item.items[1]
        if isinstance(right, Several):
            return _one_of(item, right, scope)
        return _in_group(item, scope)
    nodes = _sides(item.items, attrs.evolve(scope, nothing=True))
    if nodes is None:
        return None
    fine = True
    for index in range(len(item.signs)):
        fine &= _check_pair(item, index, (nodes[index], nodes[index + 1]), scope)
    return Comparison(nodes, item.signs, TRUTH) if fine else None


def _loose(item: Syntax, scope: Scope) -> bool:
    """Whether a side can only be a value, whose type the other side must tell."""
    if isinstance(item, Name):
        return not scope.knows(item.text) and item.text not in ("true", "false")
    if isinstance(item, IfElse) and item.otherwise is not None:
        return _loose(item.then, scope) and _loose(item.otherwise, scope)
    return False


def _sides(items: tuple[Syntax, ...], scope: Scope) -> tuple[Node, ...] | None:
    infer = scope.world.infer
    loose = [_loose(item, scope) for item in items]
    nodes = [None if is_loose else infer(item, scope) for item, is_loose in zip(items, loose, strict=True)]
    if all(loose):
        first = items[0]
        while isinstance(first, IfElse):
            first = first.then
        if isinstance(first, Name):
            unknown_name(first, scope)
        return None
    for index, item in enumerate(items):
        if not loose[index]:
            continue
        known = [i for i in range(len(items)) if not loose[i]]
        near = min(known, key=lambda i: (not _tells(nodes[i]), abs(i - index), i))
        model = nodes[near]
        if model is None:
            continue
        wanted = Wanted(model.type, f"`{scope.words(items[near])}`") if _tells(model) else None
        nodes[index] = infer(item, scope, wanted)
    found = tuple(node for node in nodes if node is not None)
    return found if len(found) == len(nodes) else None


def _tells(node: Node | None) -> bool:
    """Whether the type of a side says which words can stand on the other; one that is broken says nothing of them."""
    if node is None:
        return True
    return isinstance(node.type, Enumeration | ActorOf | Numbers) and not isinstance(node, Constant)


def _check_pair(item: ComparisonChain, index: int, pair: tuple[Node, Node], scope: Scope) -> bool:
    (left, right), sign = pair, item.signs[index]
    sides = item.items[index], item.items[index + 1]
    if sign not in ("==", "!="):
        for node, side in zip(pair, sides, strict=True):
            if not is_number(node.type):
                hint = "use ==, != or in (…)"
                scope.fault(side, f"`{sign}` compares numbers, and `{scope.words(side)}` is {node.type}", hint)
                return False
    if comparable(left.type, right.type):
        return True
    if isinstance(left.type, ActorOf) and isinstance(right.type, ActorOf):
        names = f"`{scope.words(sides[0])}` and `{scope.words(sides[1])}`"
        scope.fault(sides[1], f"{names} are never the same actor")
        return False
    words = f"`{scope.words(sides[0])}` is {left.type} and `{scope.words(sides[1])}` is {right.type}"
    scope.fault(sides[1], f"{words}: they are never equal")
    return False


def _one_of(item: ComparisonChain, right: Several, scope: Scope) -> Node | None:
    nodes = _sides((item.items[0], *right.items), scope)
    if nodes is None:
        return None
    pairs = ComparisonChain((item.items[0], *right.items), item.signs, item.start, item.end)
    for index, option in enumerate(nodes[1:]):
        if not comparable(nodes[0].type, option.type):
            words = f"`{scope.words(pairs.items[0])}` is {nodes[0].type} and `{scope.words(right.items[index])}`"
            return scope.fault(right.items[index], f"{words} is {option.type}: they are never equal")
    return OneOf(nodes[0], nodes[1:], item.signs[0] == "not in", TRUTH)


def _in_group(item: ComparisonChain, scope: Scope) -> Node | None:
    left, right = item.items
    groups = scope.world.groups
    if not isinstance(right, Name) or right.text not in groups:
        hint = did_you_mean(right.text, groups) if isinstance(right, Name) else "write x in (a, b), or x in a group"
        if scope.silent and isinstance(right, Name):
            return None
        return scope.fault(right, f"`{scope.words(right)}` is no group", hint)
    node = scope.world.infer(left, scope)
    if node is None:
        return None
    if not isinstance(node.type, ActorOf):
        return scope.fault(left, f"`{scope.words(left)}` is {node.type}, and only an actor is in a group")
    if groups[right.text] is None:
        return None
    return InGroup(node, right.text, item.signs[0] == "not in", TRUTH)
