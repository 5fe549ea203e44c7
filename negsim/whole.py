"""Whole numbers that are asked with from Python: those of Python and of NumPy, by what they are."""

from __future__ import annotations

from numbers import Integral
from typing import SupportsIndex

from negsim.errors import UsageError


def whole(value: SupportsIndex, what: str, *, least: int | None = None) -> int:
    """The number as an `int`. Raises `UsageError` for what is none (a truth is none), or is less than `least`."""
    found = index_of(value)
    if found is None or (least is not None and found < least):
        bound = "" if least is None else f" of at least {least}"
        raise UsageError(f"{what}: {value!r} is no whole number{bound}")
    return found


def index_of(value: object) -> int | None:
    """The number as an `int`; nothing for what is no whole number.

    A truth is an `Integral` in Python and none in NumPy, whose 2.0 takes one as an index all the same.
    """
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else None
