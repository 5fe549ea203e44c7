"""An expression as an author writes it, made from what it means."""

from __future__ import annotations

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


def spelled(node: Node) -> str:
    """The text of an expression; parts that are more than a word stand in brackets."""
    match node:
        case Constant():
            return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
        case Bound() | Variable() | ParameterValue() | ReadingChoice():
            return node.name
        case MemberVariable() | Attribute():
            return f"{inside(node.of)}.{node.name}"
        case Term():
            return f"{node.talks}.{node.name}"
        case Not():
            return f"not {inside(node.item)}"
        case Negative():
            return f"-{inside(node.item)}"
        case Both() | Either():
            return (" and " if isinstance(node, Both) else " or ").join(map(inside, node.items))
        case Comparison():
            rest = zip(node.operators, node.operands[1:], strict=True)
            return inside(node.operands[0]) + "".join(f" {sign} {inside(operand)}" for sign, operand in rest)
        case OneOf():
            return f"{inside(node.item)} {_in(node)} ({', '.join(map(spelled, node.options))})"
        case InGroup():
            return f"{inside(node.item)} {_in(node)} {node.group}"
        case Arithmetic():
            return f"{inside(node.left)} {node.operator} {inside(node.right)}"
        case Conditional():
            return f"{inside(node.then)} if {inside(node.test)} else {inside(node.otherwise)}"
        case _:
            return _called(node)


def _called(node: Node) -> str:
    match node:
        case Function():
            return f"{node.name}({', '.join(map(spelled, node.items))})"
        case Use():
            return (
                f"{node.definition}({', '.join(map(spelled, node.arguments))})" if node.arguments else node.definition
            )
        case Over():
            element = node.binder if node.element is None else inside(node.element)
            return f"{node.function}({element} for {node.binder} in {node.group}{_if(node.condition)})"
        case Day():
            return "day"
        case DaysSince():
            otherwise = "" if node.otherwise is None else f", else={spelled(node.otherwise)}"
            return f"days_since({node.event}{_if(node.condition)}{otherwise})"
        case Observation():
            seen = (
                f"{node.event}{_if(node.condition)}"
                if node.event or node.condition is None
                else spelled(node.condition)
            )
            return f"{node.function}({seen})"
        case _:
            raise TypeError(f"{node} is no expression")


def inside(node: Node) -> str:
    """The text of a part, in brackets where it is more than a word or a call."""
    text = spelled(node)
    joined = Both | Either | Comparison | OneOf | InGroup | Arithmetic | Conditional | Not | Negative
    return f"({text})" if isinstance(node, joined) else text


def _in(node: OneOf | InGroup) -> str:
    return "not in" if node.negated else "in"


def _if(condition: Node | None) -> str:
    return "" if condition is None else f" if {spelled(condition)}"
