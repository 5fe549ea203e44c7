"""What the signs of the language do with values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from negsim.program.formula import MeaninglessError, UnsettledError
from negsim.scenario.types import Value
from negsim.scenario.words import UNSETTLED


def _quotient(left: float, right: float) -> float:
    if right == 0:
        raise MeaninglessError(f"{left} / 0 has no value")
    return left / right


def _floor(left: int, right: int) -> int:
    if right == 0:
        raise MeaninglessError(f"{left} // 0 has no value")
    return left // right


def _remainder(left: int, right: int) -> int:
    if right == 0:
        raise MeaninglessError(f"{left} % 0 has no value")
    return left % right


def _settled(value: Value, name: str) -> Value:
    if value == UNSETTLED:
        raise UnsettledError(f"`{name}` is {UNSETTLED}, and has no number")
    return value


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "//": _floor,
    "%": _remainder,
}
# A term of talks as a number; the second item is what it is called.
SETTLED = "settled"
BINARY: Mapping[str, Callable[[Any, Any], Any]] = {**COMPARISONS, **ARITHMETIC, SETTLED: _settled}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {"not": operator.not_, "abs": abs, "min": min, "max": max}
OPERATIONS: Mapping[str, Callable[..., Any]] = {**BINARY, **FUNCTIONS}
