"""Spans of numbers, and what the signs of the language make of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs

from negsim.scenario.types import Value


@attrs.frozen
class Span:
    """The numbers from one to another, both included; none where `low` is above `high`."""

    low: float
    high: float

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return self.low > self.high

    def hull(self, other: Span) -> Span:
        """The least span that holds both."""
        return Span(min(self.low, other.low), max(self.high, other.high))

    def meet(self, other: Span) -> Span:
        """What is in both."""
        return Span(max(self.low, other.low), min(self.high, other.high))


def point(value: Value) -> Span | None:
    """A number alone; nothing for what is no number."""
    return None if isinstance(value, bool | str) else Span(value, value)


def hull(spans: Iterable[Span | None]) -> Span | None:
    """The least span that holds all; nothing where one cannot be told, or there is none."""
    found: Span | None = None
    for span in spans:
        if span is None:
            return None
        found = span if found is None else found.hull(span)
    return found


def beside(span: Span, sign: str, other: Span, *, whole: bool) -> Span:
    """What is left of a span beside another."""
    step = 1 if whole else 0
    match sign:
        case "==":
            return span.meet(other)
        case "<":
            return span.meet(Span(-math.inf, other.high - step))
        case "<=":
            return span.meet(Span(-math.inf, other.high))
        case ">":
            return span.meet(Span(other.low + step, math.inf))
        case ">=":
            return span.meet(Span(other.low, math.inf))
        case _ if other.low == other.high and whole:
            return Span(span.low + (span.low == other.low), span.high - (span.high == other.low))
        case _:
            return span


def combined(operator: str, left: Span, right: Span) -> Span | None:
    """Between what a sum, a difference, a product, a quotient or a rest lies; nothing where that cannot be told."""
    match operator:
        case "+":
            return Span(left.low + right.low, left.high + right.high)
        case "-":
            return Span(left.low - right.high, left.high - right.low)
        case "*":
            ends = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        case "/" | "//" if right.low > 0 or right.high < 0:
            ends = [a / b for a in (left.low, left.high) for b in (right.low, right.high)]
            ends = [math.floor(end) for end in ends] if operator == "//" else ends
        case "%" if right.low > 0:
            return Span(0, right.high - 1)
        case _:
            return None
    return None if any(math.isnan(end) for end in ends) else Span(min(ends), max(ends))


def capped(function: str, known: list[Span]) -> Span | None:
    """What `min` or `max` is sure not to pass, where some of its numbers cannot be told."""
    if not known or function == "abs":
        return None
    if function == "min":
        return Span(-math.inf, min(span.high for span in known))
    return Span(max(span.low for span in known), math.inf)
