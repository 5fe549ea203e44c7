"""Typed nodes that fit their place: a truth, a number, a value of a given type."""

from __future__ import annotations

from negsim.language.scope import Scope, Wanted
from negsim.language.syntax import Syntax
from negsim.language.typing_rules import misfit
from negsim.scenario.expressions import Node
from negsim.scenario.types import Enumeration, Truth, Whole, is_number
from negsim.scenario.words import UNSETTLED


def infer_as(item: Syntax, scope: Scope, wanted: Wanted) -> Node | None:
    """The typed node, where it fits what is wanted; nothing, with a problem, where it does not."""
    node = scope.world.infer(item, scope, wanted)
    if node is None:
        return None
    problem = misfit(node, wanted.type)
    if problem is not None:
        hint = None
        if isinstance(wanted.type, Whole) and "/" in scope.words(item):
            hint = "`//` divides whole numbers, and leaves the rest out"
        if problem == f"can be {UNSETTLED}":
            hint = "what an agreement brings about goes under `agreed` of the talks: there, the terms are settled"
        scope.fault(item, f"`{scope.words(item)}` {problem}, and {wanted.by} must be {wanted.type}", hint)
        return None
    return node


def infer_truth(item: Syntax, scope: Scope, by: str) -> Node | None:
    """The typed node of something true or false."""
    node = scope.world.infer(item, scope)
    if node is None or isinstance(node.type, Truth):
        return node
    hint = None
    if isinstance(node.type, Enumeration) and node.type.values:
        hint = f"compare it, as in {scope.words(item)} == {node.type.values[0]}"
    elif is_number(node.type):
        hint = f"compare it, as in {scope.words(item)} > 0"
    return scope.fault(item, f"{by} needs something true or false, and `{scope.words(item)}` is {node.type}", hint)


def infer_number(item: Syntax, scope: Scope, by: str) -> Node | None:
    """The typed node of a number."""
    node = scope.world.infer(item, scope)
    if node is None or is_number(node.type):
        return node
    hint = (
        f"count the members: count(m for m in group if {scope.words(item)})" if isinstance(node.type, Truth) else None
    )
    hint = hint if "." in scope.words(item) else None
    return scope.fault(item, f"{by} needs a number, and `{scope.words(item)}` is {node.type}", hint)
