"""What the grammar makes of an expression's text, before names and types are looked at.

Every item knows where it stands: `start` and `end` are offsets in the text.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class Number:
    """A number."""

    value: int | float
    start: int
    end: int


@attrs.frozen
class Name:
    """A word."""

    text: str
    start: int
    end: int


@attrs.frozen
class Dotted:
    """`of.name`."""

    of: Syntax
    name: Name
    start: int
    end: int


@attrs.frozen
class Subscript:
    """`of[item]`."""

    of: Syntax
    item: Syntax
    start: int
    end: int


@attrs.frozen
class Prefix:
    """`not x` or `-x`."""

    sign: str
    item: Syntax
    start: int
    end: int


@attrs.frozen
class Sum:
    """`left sign right` with an arithmetic sign."""

    sign: str
    left: Syntax
    right: Syntax
    start: int
    end: int


@attrs.frozen
class Logic:
    """Two or more items joined by `and` or by `or`."""

    sign: str
    items: tuple[Syntax, ...]
    start: int
    end: int


@attrs.frozen
class ComparisonChain:
    """Comparisons: `signs[i]` stands between `items[i]` and the next."""

    items: tuple[Syntax, ...]
    signs: tuple[str, ...]
    start: int
    end: int


@attrs.frozen
class Several:
    """`(a, b)`, after `in`."""

    items: tuple[Syntax, ...]
    start: int
    end: int


@attrs.frozen
class IfElse:
    """`then if test else otherwise`; without `otherwise`, `event if condition`."""

    test: Syntax
    then: Syntax
    otherwise: Syntax | None
    start: int
    end: int


@attrs.frozen
class Named:
    """`name=item` among the arguments of a call."""

    name: Name
    item: Syntax
    start: int
    end: int


@attrs.frozen
class Members:
    """`element for binder in group if condition` among the arguments of a call."""

    element: Syntax
    binder: Name
    group: Name
    condition: Syntax | None
    start: int
    end: int


@attrs.frozen
class Call:
    """`name(arguments)`."""

    name: Name
    arguments: tuple[Syntax, ...]
    start: int
    end: int


Syntax = (
    Number
    | Name
    | Dotted
    | Subscript
    | Prefix
    | Sum
    | Logic
    | ComparisonChain
    | Several
    | IfElse
    | Named
    | Members
    | Call
)


def parts(item: Syntax) -> tuple[Syntax, ...]:
    """What stands directly in an item."""
    match item:
        case Number() | Name():
            return ()
        case Dotted():
            return (item.of,)
        case Subscript():
            return (item.of, item.item)
        case Prefix() | Named():
            return (item.item,)
        case Sum():
            return (item.left, item.right)
        case Logic() | ComparisonChain() | Several():
            return item.items
        case IfElse():
            return tuple(part for part in (item.test, item.then, item.otherwise) if part is not None)
        case Members():
            return (item.element,) if item.condition is None else (item.element, item.condition)
        case Call():
            return item.arguments


def height(item: Syntax) -> int:
    """How many items stand inside one another at most."""
    most, left = 0, [(item, 1)]
    while left:
        top, depth = left.pop()
        most = max(most, depth)
        left.extend((part, depth + 1) for part in parts(top))
    return most


def names_in(item: Syntax) -> list[str]:
    """The words in an item that may name something defined, in order; not those after a dot."""
    found: list[str] = []
    left = [item]
    while left:
        top = left.pop()
        if isinstance(top, Name):
            found.append(top.text)
        elif isinstance(top, Call):
            found.append(top.name.text)
        left.extend(reversed(parts(top)))
    return found
