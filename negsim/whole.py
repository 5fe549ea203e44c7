"""Whole numbers that are asked with from Python: what `operator.index` takes, those of NumPy among them."""

from __future__ import annotations

from operator import index
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
    """The number as an `int`; nothing for what is no whole number."""
    if isinstance(value, bool):
        return None
    try:
        return index(value)  # type: ignore[arg-type]  # it is tried
    except TypeError:
        return None
