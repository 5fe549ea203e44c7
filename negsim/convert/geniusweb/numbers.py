"""Ranges of numbers in GeniusWeb: which values are in one, and what each is worth.

As GeniusWeb counts them, in decimal numbers of 28 digits: `Range` has `low`, `low + step`, … up to `high`, and
`NumberValueSetUtilities` gives its ends a utility, what lies between them in proportion, with 8 decimals.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import attrs

from negsim.convert.nodes import Nodes
from negsim.language.nodes import Items, KeyedNode, Node, Scalar

_DECIMALS = Context(prec=28)
_PLACES = Decimal("1E-8")
_RANGE = ("low", "high", "step")
_ENDS = ("lowValue", "lowUtility", "highValue", "highUtility")


@attrs.frozen
class Range:
    """Numbers from `low` to `high` at most, a `step` apart."""

    low: Decimal
    high: Decimal
    step: Decimal

    @property
    def size(self) -> int:
        """How many numbers there are."""
        if self.low > self.high or self.step <= 0:
            return 0
        return int((Fraction(self.high) - Fraction(self.low)) / Fraction(self.step)) + 1

    @property
    def values(self) -> tuple[str, ...]:
        """The numbers, written out."""
        steps = (_DECIMALS.multiply(self.step, Decimal(number)) for number in range(self.size))
        return tuple(written(_DECIMALS.add(self.low, step)) for step in steps)


@attrs.frozen
class LinearScale:
    """Utilities that lie on a line from one end of a range to the other."""

    low: Decimal
    low_utility: Decimal
    high: Decimal
    high_utility: Decimal

    def at(self, value: str) -> float:
        """The utility of a number between the ends."""
        context = _DECIMALS
        rise = context.multiply(
            context.subtract(self.high_utility, self.low_utility), context.subtract(Decimal(value), self.low)
        )
        share = context.divide(rise, context.subtract(self.high, self.low))
        return float(context.add(self.low_utility, share).quantize(_PLACES, ROUND_HALF_UP, context))


def range_in(read: Nodes, node: Node) -> Range | None:
    """A range, as a mapping or as its three numbers; nothing, with problems, where it is none."""
    numbers = _numbers(read, node, _RANGE)
    return None if numbers is None else Range(*numbers)


def line_in(read: Nodes, node: Node) -> LinearScale | None:
    """Utilities between two ends; nothing, with problems, where they are none."""
    numbers = _numbers(read, node, _ENDS)
    if numbers is None:
        return None
    line = LinearScale(*numbers)
    if not line.low < line.high:
        read.problems.add(node, "`highValue` must be more than `lowValue`")
        return None
    if not (0 <= line.low_utility <= 1 and 0 <= line.high_utility <= 1):
        read.problems.add(node, "`lowUtility` and `highUtility` must be within 0..1")
        return None
    return line


def written(number: Decimal) -> str:
    """A number without an exponent, and without zeros behind its last decimal."""
    return format(_DECIMALS.normalize(number) + 0, "f")


def written_alike(text: str) -> str:
    """A number's text as `written` has it; the text itself where it is no number."""
    try:
        return written(Decimal(text))
    except ArithmeticError:
        return text


def _numbers(read: Nodes, node: Node, keys: tuple[str, ...]) -> list[Decimal] | None:
    """The numbers under these keys, or in a list in their order."""
    if isinstance(node, Items) and len(node.items) == len(keys):
        nodes: list[Node | None] = [*node.items]
    elif isinstance(node, KeyedNode):
        nodes = [read.under(node, key) for key in keys]
    else:
        read.problems.add(node, f"this must be a mapping with {', '.join(f'`{key}`' for key in keys)}")
        return None
    known = [each for each in nodes if isinstance(each, Scalar) and read.number(each) is not None]
    for each in nodes:
        if each is not None and not isinstance(each, Scalar):
            read.number(each)
    return [Decimal(each.text) for each in known] if len(known) == len(keys) else None
