"""What the signs of the language do with values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from negsim.program.formula import MeaninglessError


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
BINARY: Mapping[str, Callable[[Any, Any], Any]] = {**COMPARISONS, **ARITHMETIC}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {"not": operator.not_, "abs": abs, "min": min, "max": max}
OPERATIONS: Mapping[str, Callable[..., Any]] = {**BINARY, **FUNCTIONS}
