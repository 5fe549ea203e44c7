"""What a measure comes to over many runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import floor, fsum
from typing import Any

import attrs

QUANTILES = (0.5, 0.05, 0.95)


@attrs.frozen
class Summary:
    """A measure over many runs; numbers are nothing where no run has a value. `missing` runs have none.

    Quantiles are those that NumPy, pandas and R give unless told otherwise: between two values that
    stand next to each other in order, on the straight line (type 7 of R. J. Hyndman and Y. Fan (1996):
    Sample quantiles in statistical packages. The American Statistician 50, 361-365).
    """

    mean: float | None
    median: float | None
    p05: float | None
    p95: float | None
    missing: int

    def as_json(self) -> dict[str, Any]:
        """The summary with the keys of `negsim explore --json`."""
        return attrs.asdict(self)


def summary(values: Iterable[tuple[float, int]], *, total: int, missing: int) -> Summary:
    """The summary of `total` values: each with how often it is there, in rising order. They are gone through once."""
    if not total:
        return Summary(None, None, None, None, missing)
    places = [(total - 1) * share for share in QUANTILES]
    wanted = sorted({place for at in places for place in (floor(at), min(floor(at) + 1, total - 1))}, reverse=True)
    found: dict[int, float] = {}

    def shares_of_mean() -> Iterator[float]:
        end = 0
        for value, count in values:
            end += count
            while wanted and wanted[-1] < end:
                found[wanted.pop()] = value
            yield value * (count / total)

    mean = fsum(shares_of_mean())
    median, p05, p95 = (_between(found, place, total) for place in places)
    return Summary(mean, median, p05, p95, missing)


def _between(found: dict[int, float], place: float, total: int) -> float:
    before = floor(place)
    low, high = found[before], found[min(before + 1, total - 1)]
    return low if low == high else low + (high - low) * (place - before)
