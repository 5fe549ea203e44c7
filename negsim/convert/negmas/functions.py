"""What the options of an issue are worth in NegMAS: a table, or a function of a number."""

from __future__ import annotations

import math
from collections.abc import Callable

from negsim.addition import added
from negsim.convert.domain import Issue
from negsim.convert.negmas.issues import type_of
from negsim.convert.nodes import Nodes
from negsim.language.nodes import KeyedNode, Node

_FUNCTIONS = ("TableFun", "IdentityFun", "ConstFun", "LinearFun", "AffineFun", "QuadraticFun", "PolynomialFun")


def worths_by(read: Nodes, node: Node, issue: Issue) -> list[float] | None:
    """What each option of an issue is worth by a function, before the weight; nothing, with problems, else."""
    kind = type_of(node)
    if isinstance(node, KeyedNode) and (kind in ("", "TableFun")):
        return read.table(node.get("mapping") if kind else node, node, issue)
    if not isinstance(node, KeyedNode) or kind not in _FUNCTIONS:
        where = (node.get("type") or node) if isinstance(node, KeyedNode) else node
        hint = f"it can be: {', '.join(_FUNCTIONS)}"
        read.problems.add(where, f"what '{issue.name}' is worth is no function that can be taken", hint)
        return None
    function = _formula(read, node, kind)
    if function is None:
        return None
    if kind == "ConstFun":
        return [function(0.0)] * len(issue.options)
    numbers = numbers_of(issue)
    if numbers is None:
        read.problems.add(node, f"{kind} needs numbers, and the values of '{issue.name}' are words")
        return None
    return [function(number) for number in numbers]


def numbers_of(issue: Issue) -> list[float] | None:
    """The options of an issue as numbers; nothing where one is none."""
    try:
        values = [float(option) for option in issue.options]
    except ValueError:
        return None
    return values if all(math.isfinite(value) for value in values) else None


def _formula(read: Nodes, node: KeyedNode, kind: str) -> Callable[[float], float] | None:
    """A function of a number, of the kinds that NegMAS writes."""
    match kind:
        case "IdentityFun":
            coefficients: list[float] | None = [0.0, 1.0]
        case "PolynomialFun":
            higher = read.items(read.under(node, "coefficients"), "`coefficients`") or ()
            coefficients = read.numbers([node.get("bias"), *higher], 0.0)
        case "QuadraticFun":
            coefficients = read.numbers([node.get(key) for key in ("bias", "a1", "a2")], 0.0)
        case _:
            coefficients = read.numbers([node.get(key) for key in ("bias", "slope")], 0.0)
    if coefficients is None:
        return None
    known = coefficients
    return lambda x: added(each * x**power for power, each in enumerate(known))
