"""What a measure comes to over many runs."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import chain
from math import floor, fsum
from typing import Any

import attrs

from negsim.ensemble.run.columns import Batch, Numbers, present

QUANTILES = (0.5, 0.05, 0.95)
MOST_DISTINCT = 5_000  # values that are counted as they come; where there are more, NumPy sorts them


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


class Values:
    """The values of a measure, gathered column by column; what is nothing is left out.

    A few distinct values are counted; as soon as they are many, all are kept in an array and sorted in the end.
    """

    def __init__(self) -> None:
        self.total = 0
        self._counts: Counter[float] = Counter()
        self._many: Numbers | None = None

    def add(self, column: Numbers, large: Mapping[int, float]) -> None:
        """Adds a column, and numbers that it had no room for."""
        there = present(column)
        self.total += len(there) + len(large)
        self._counts.update(large.values())
        if self._many is not None:
            self._many.fromlist(there)
            return
        self._counts.update(there)
        if len(self._counts) > MOST_DISTINCT:
            self._many = array(column.typecode)

    def counted(self) -> Iterable[tuple[float, int]]:
        """Each value with how often it is there, in rising order."""
        few = sorted(self._counts.items())
        if self._many is None:
            return few
        import numpy as np  # noqa: PLC0415 - loaded where it is used

        values, counts = np.unique(np.asarray(self._many), return_counts=True)
        slices = (slice(at, at + MOST_DISTINCT) for at in range(0, len(values), MOST_DISTINCT))
        many = chain.from_iterable(zip(values[part].tolist(), counts[part].tolist(), strict=True) for part in slices)
        return _added(merge(few, many))


def _added(counted: Iterable[tuple[float, int]]) -> Iterator[tuple[float, int]]:
    """The same where a value can stand there twice."""
    last, often = None, 0
    for value, count in counted:
        if last is not None and value != last:
            yield last, often
            often = 0
        last, often = value, often + count
    if last is not None:
        yield last, often


def summaries(names: Iterable[str], batches: Iterable[Batch]) -> Mapping[str, Summary]:
    """The summary of each measure over some batches; `names` are the measures in the order of their columns."""
    named = tuple(names)
    ended = 0
    columns = [Values() for _ in named]
    for batch in batches:
        ended += len(batch) - len(batch.errors)
        for place, column in enumerate(columns):
            column.add(batch.measures[place], batch.large.get(place, {}))
    return {
        name: summary(column.counted(), total=column.total, missing=ended - column.total)
        for name, column in zip(named, columns, strict=True)
    }
