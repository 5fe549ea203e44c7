"""The nodes of an expression, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.scenario.expressions import (
    Arithmetic,
    Attribute,
    Both,
    Bound,
    Comparison,
    Conditional,
    Constant,
    Day,
    DaysSince,
    Either,
    Function,
    HeldReading,
    InGroup,
    MemberVariable,
    Negative,
    Node,
    Not,
    Observation,
    OneOf,
    Over,
    ParameterValue,
    ReadingChoice,
    Term,
    Use,
    Variable,
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes that stand directly in a node, left to right."""
    match node:
        case Constant() | ParameterValue() | ReadingChoice() | Bound() | Variable() | Term() | Day():
            return ()
        case MemberVariable() | Attribute() | HeldReading():
            return (node.of,)
        case Not() | Negative() | InGroup():
            return (node.item,)
        case Both() | Either() | Function():
            return node.items
        case Comparison():
            return node.operands
        case OneOf():
            return (node.item, *node.options)
        case Arithmetic():
            return (node.left, node.right)
        case Conditional():
            return (node.test, node.then, node.otherwise)
        case Over():
            return tuple(n for n in (node.element, node.condition) if n is not None)
        case Use():
            return node.arguments
        case DaysSince():
            return tuple(n for n in (node.condition, node.otherwise) if n is not None)
        case Observation():
            return () if node.condition is None else (node.condition,)


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes in it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)
