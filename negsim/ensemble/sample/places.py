"""Which places things can have in an order by size, as far as the intervals around their sizes tell.

The order that some runs give is one of many where intervals overlap. A place that a size surely has is the same at
both ends of all intervals.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen
class Places:
    """The first and the last place that a thing can have, counted from 1."""

    first: int
    last: int

    @property
    def is_settled(self) -> bool:
        """Whether there is one place that it can have."""
        return self.first == self.last

    def words(self, between: str = " to ") -> str:
        """`2`, or `1 to 4`."""
        return str(self.first) if self.is_settled else f"{self.first}{between}{self.last}"

    def as_json(self) -> list[int]:
        """The first and the last place."""
        return [self.first, self.last]


ALONE = Places(1, 1)  # the place of what has nothing beside it


def places(intervals: Sequence[tuple[float, float]]) -> tuple[Places, ...]:
    """The places of sizes in their order, the largest first, each known to lie between two ends.

    A size is surely before another where its lower end is above the other's upper end.
    """
    lows, highs = [low for low, _ in intervals], [high for _, high in intervals]
    return tuple(
        Places(1 + sum(low > high for low in lows), len(intervals) - sum(other < low for other in highs))
        for low, high in intervals
    )


def size_between(low: float, high: float) -> tuple[float, float]:
    """Between which ends the size of a number lies that is between two others, whatever its sign."""
    sizes = sorted((abs(low), abs(high)))
    return (0.0 if low <= 0 <= high else sizes[0], sizes[1])


def about_order(found: Sequence[Places], *, is_estimated: bool, more: str = "More runs") -> str:
    """Whether an order is settled, in a sentence; nothing where nothing is ordered, or no size is an estimate.

    Where nothing is drawn, sizes are known: those that share places are the same, and no more runs part them.
    """
    if not is_estimated or len(found) < 2:  # noqa: PLR2004 - an order is of two or more
        return ""
    open_ = sum(not each.is_settled for each in found)
    if not open_:
        return (
            "As far as sampling goes, and under these assumptions, the order is settled: no two of the 95 % intervals"
            " that it hangs on overlap."
        )
    which = "no place is settled" if open_ == len(found) else f"{open_} of {len(found)} places are open"
    return f"In this order {which}, since 95 % intervals overlap. {more} may turn it round."
