"""The chances of going from one crowd to the next in a day: rows of a matrix, learned bit by bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import numpy as np

from negsim.exact.state.branches import Floats, Ints

FEW_CHUNKS = 4  # a chunk is joined with the one before it unless that one is so many times longer
WORTH_SCIPY = 400_000  # entries
FAINT = 1e-290  # below this a product of two chances may vanish
SMALLEST = 5e-324  # of all doubles: what stands for a chance that is smaller, and not none


@attrs.frozen
class Row:
    """Where one crowd can be at the next dusk: numbers of crowds and chances; and what is counted on the way."""

    numbers: Ints
    chances: Floats
    counted: Floats


@attrs.frozen
class Rows:
    """The same for several crowds, row behind row: the numbers and chances of all, and how long each row is."""

    starts: Ints
    lengths: Ints
    ends: Ints
    chances: Floats
    counted: Floats


def rows_of(starts: Sequence[int], rows: Sequence[Row]) -> Rows:
    """Rows of crowds, one behind the other."""
    return Rows(
        np.array(starts),
        np.array([len(row.numbers) for row in rows]),
        np.concatenate([row.numbers for row in rows]),
        np.concatenate([row.chances for row in rows]),
        np.array([row.counted for row in rows]),
    )


def _joined(first: Rows, second: Rows) -> Rows:
    pairs = zip(attrs.astuple(first, recurse=False), attrs.astuple(second, recurse=False), strict=True)
    return Rows(*(np.concatenate(pair) for pair in pairs))


class Operator:
    """The one-day step for days of one signature, as far as crowds have been reached on such days."""

    def __init__(self) -> None:
        self.known = np.zeros(0, dtype=bool)
        self._chunks: list[_Chunk] = []

    def unknown(self, weights: Floats) -> Iterator[int]:
        """The crowds with weight whose step is not known yet."""
        known = np.zeros(len(weights), dtype=bool)
        known[: len(self.known)] = self.known
        self.known = known
        yield from np.flatnonzero((weights > 0) & ~known).tolist()

    def learn(self, rows: Rows) -> None:
        """Takes in the steps of some crowds."""
        self.known[rows.starts] = True
        while self._chunks and len(self._chunks[-1].rows.ends) <= FEW_CHUNKS * len(rows.ends):
            rows = _joined(self._chunks.pop().rows, rows)
        self._chunks.append(_Chunk(rows))

    def apply(self, weights: Floats, size: int) -> tuple[Floats, Floats]:
        """The weights of all crowds a day later, and what was counted."""
        after = np.zeros(size)
        total: Floats = np.zeros(1)  # of any length, where there is nothing to count
        for chunk in self._chunks:
            share = weights[chunk.rows.starts]
            part = chunk.times(share)
            if _least(share) * chunk.least < FAINT:
                part = kept(part, chunk.times((share > 0).astype(float)))
            after[: len(part)] += part
            total = total + share @ chunk.rows.counted
        return after, total


def kept(product: Floats, support: Floats) -> Floats:
    """A product of chances, with the smallest double where it came out as none and `support` says that it is not."""
    return np.where((product == 0) & (support > 0), SMALLEST, product)


def spread(matrix: Any, chances: Floats) -> Floats:
    """What chances come to by a matrix of chances; none of them vanishes."""
    product: Floats = matrix @ chances
    if _least(chances) * _least(matrix.data) >= FAINT:
        return product
    return kept(product, matrix @ (chances > 0).astype(float))


def _least(chances: Floats) -> float:
    """The smallest chance of some that is one."""
    return float(np.minimum.reduce(chances, axis=None, where=chances > 0, initial=1.0))  # `np.min` without its detours


class _Chunk:
    """Rows, to be multiplied by weights. Long ones are left to SciPy, which is quicker, but slow to import."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.least = _least(rows.chances)
        self._columns: Any = None
        if len(rows.ends) >= WORTH_SCIPY:
            from scipy import sparse  # noqa: PLC0415 - see above

            offsets = np.cumsum([0, *rows.lengths.tolist()])
            shape = (len(rows.starts), int(rows.ends.max()) + 1)
            self._columns = sparse.csr_array((rows.chances, rows.ends, offsets), shape=shape).T

    def times(self, share: Floats) -> Floats:
        """What crowds with these weights come to."""
        if self._columns is not None:
            found: Floats = self._columns @ share
            return found
        weights = self.rows.chances * np.repeat(share, self.rows.lengths)
        return np.bincount(self.rows.ends, weights=weights).astype(float)
