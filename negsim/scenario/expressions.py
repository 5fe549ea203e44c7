"""Typed expressions: what the checker makes of a text, and what the kernel binds.

A node never holds a place or a text; `Expression` keeps the author's words beside the tree.
"""

from __future__ import annotations

import attrs

from negsim.scenario.types import Type, Value


@attrs.frozen
class Constant:
    """A value written in the text: a number, a truth, an enumeration's value, an actor's id."""

    value: Value
    type: Type


@attrs.frozen
class ParameterValue:
    """The value that a parameter has in a run."""

    name: str
    type: Type


@attrs.frozen
class ReadingChoice:
    """The option of a reading that a run takes."""

    name: str
    type: Type


@attrs.frozen
class Bound:
    """A field of the triggering event, or an actor bound by `for`, a generator or a definition."""

    name: str
    type: Type


@attrs.frozen
class Variable:
    """A state variable of the whole scenario."""

    name: str
    type: Type


@attrs.frozen
class MemberVariable:
    """A member's own copy of a group's state variable: `of.name`."""

    of: Node
    name: str
    group: str
    type: Type


@attrs.frozen
class Attribute:
    """What is fixed about a member of a group: `of.name`."""

    of: Node
    name: str
    group: str
    type: Type


@attrs.frozen
class HeldReading:
    """The option of a reading that the actor `of` takes, one of those who hold it: `name[of]`."""

    of: Node
    name: str
    type: Type


@attrs.frozen
class Term:
    """What talks have settled on an issue: `talks.issue`, `unsettled` before."""

    talks: str
    name: str
    type: Type


@attrs.frozen
class Not:
    """The opposite of a truth."""

    item: Node
    type: Type


@attrs.frozen
class Both:
    """`and` of two or more truths."""

    items: tuple[Node, ...]
    type: Type


@attrs.frozen
class Either:
    """`or` of two or more truths."""

    items: tuple[Node, ...]
    type: Type


@attrs.frozen
class Comparison:
    """A chain such as `a < b <= c`; `operators[i]` stands between `operands[i]` and the next.

    Operators are `== != < <= > >=`.
    """

    operands: tuple[Node, ...]
    operators: tuple[str, ...]
    type: Type


@attrs.frozen
class OneOf:
    """`item in (a, b)` or, negated, `item not in (a, b)`."""

    item: Node
    options: tuple[Node, ...]
    negated: bool
    type: Type


@attrs.frozen
class InGroup:
    """`item in group` or, negated, `item not in group`."""

    item: Node
    group: str
    negated: bool
    type: Type


@attrs.frozen
class Arithmetic:
    """`left operator right` with one of `+ - * / // %`."""

    operator: str
    left: Node
    right: Node
    type: Type


@attrs.frozen
class Negative:
    """A number with its sign changed."""

    item: Node
    type: Type


@attrs.frozen
class Conditional:
    """`then if test else otherwise`."""

    test: Node
    then: Node
    otherwise: Node
    type: Type


@attrs.frozen
class Function:
    """`min`, `max` (two or more numbers) or `abs` (one)."""

    name: str
    items: tuple[Node, ...]
    type: Type


@attrs.frozen
class Over:
    """`any all count sum min max` of an element over a group's members, in roster order.

    `element` is nothing for `count`; `condition` is nothing where all members count.
    """

    function: str
    binder: str
    group: str
    element: Node | None
    condition: Node | None
    type: Type


@attrs.frozen
class Use:
    """A definition used by its name, with actors for its arguments."""

    definition: str
    arguments: tuple[Node, ...]
    type: Type


@attrs.frozen
class Day:
    """The day on which it is looked at: 0 is the start."""

    type: Type


@attrs.frozen
class DaysSince:
    """How many days ago an event came last whose fields met the condition, 0 on its day.

    Where none came it is what `otherwise` comes to, or nothing.
    """

    event: str
    condition: Node | None
    otherwise: Node | None
    type: Type


@attrs.frozen
class Observation:
    """What a measure counts along a run: `first last count` of an event, `days most` over dusks.

    `event` and its `condition` for the first three; `condition` is what is looked at for the others.
    """

    function: str
    event: str | None
    condition: Node | None
    type: Type


Node = (
    Constant
    | ParameterValue
    | ReadingChoice
    | Bound
    | Variable
    | MemberVariable
    | Attribute
    | HeldReading
    | Term
    | Not
    | Both
    | Either
    | Comparison
    | OneOf
    | InGroup
    | Arithmetic
    | Negative
    | Conditional
    | Function
    | Over
    | Use
    | Day
    | DaysSince
    | Observation
)


@attrs.frozen
class Expression:
    """An author's expression: the words, and the tree they mean."""

    text: str
    tree: Node
