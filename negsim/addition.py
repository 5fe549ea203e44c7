"""Sums of reals, the same to the last bit under every Python."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add


def added(numbers: Iterable[float]) -> float:
    """The numbers added one by one, in their order; 0 where there are none.

    From Python 3.12 on the built-in `sum` carries the rounding errors of reals along, so that it comes to other
    bits than before. Whatever decides or is logged is added up here.
    """
    return reduce(add, numbers, 0)
