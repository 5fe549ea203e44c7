"""What may be the case in the middle of a day, with members counted only as far as they must be.

Members that were alike at dawn and have only had turns that touch nobody else are independent and alike:
how one of them may be now is enough, and their numbers are multinomial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import comb
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SURE = 1.0
NEGLIGIBLE = 1e-18  # a chance that no sum of chances notices
LARGEST_TABLE = 4_000_000  # numbers in a table of compositions
KEPT_TABLES = 256
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class TooLargeError(Exception):
    """More states than may be looked at; it says of what there are too many."""


class Sort(NamedTuple):
    """Members that were of one kind at dawn (`tag`) and may be of several now: (kind, chance), in order."""

    tag: int
    size: int
    now: tuple[tuple[int, float], ...]


class Branch(NamedTuple):
    """What may be the case in the middle of a day."""

    rest: int
    sorts: tuple[Sort, ...]

    @property
    def is_counted(self) -> bool:
        """Whether it is known how many members are of each kind."""
        return all(len(sort.now) == 1 for sort in self.sorts)


Branches = dict[Branch, float]


@lru_cache(maxsize=KEPT_TABLES)
def compositions(total: int, parts: int) -> tuple[Ints, Floats]:
    """All ways to write `total` as an ordered sum of `parts` numbers, one a row, with the multinomial coefficients.

    Raises `TooLargeError` where these are too many numbers to write down.
    """
    if comb(total + parts - 1, parts - 1) * parts > LARGEST_TABLE:
        raise TooLargeError(f"{total} members can go {parts} ways each, which is too much to write down")
    if parts == 1:
        return np.array([[total]]), np.ones(1)
    rows, ways = [], []
    for first in range(total + 1):
        others, factors = compositions(total - first, parts - 1)
        rows.append(np.hstack([np.full((len(others), 1), first), others]))
        ways.append(comb(total, first) * factors)
    return np.vstack(rows), np.concatenate(ways)


def add(branches: Branches, branch: Branch, weight: float) -> None:
    """Adds to what a branch weighs."""
    if weight > 0:
        branches[branch] = branches.get(branch, 0.0) + weight


def counted_sorts(members: Iterable[tuple[int, int, int]]) -> tuple[Sort, ...]:
    """The sorts of members that are given as (tag, kind, how many)."""
    counts: dict[tuple[int, int], int] = {}
    for tag, kind, count in members:
        counts[tag, kind] = counts.get((tag, kind), 0) + count
    return tuple(Sort(tag, count, ((kind, SURE),)) for (tag, kind), count in sorted(counts.items()))


def counted_out(branch: Branch) -> Iterator[tuple[Branch, float]]:
    """A branch with its members counted: every way that their numbers can be, with its chance."""
    if branch.is_counted:
        yield branch, SURE
        return
    found: dict[tuple[Sort, ...], float] = {(): SURE}
    for sort in branch.sorts:
        rows, ways = compositions(sort.size, len(sort.now))
        weights = ways * np.prod(np.array([share for _, share in sort.now]) ** rows, axis=1)
        after: dict[tuple[Sort, ...], float] = {}
        for before, share in found.items():
            for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
                more = [Sort(sort.tag, n, ((kind, SURE),)) for n, (kind, _) in zip(row, sort.now, strict=True) if n]
                key = (*before, *more)
                after[key] = after.get(key, 0.0) + share * weight
        found = after
    for sorts, share in found.items():
        if share > 0:
            yield tidied(branch._replace(sorts=sorts)), share


def tidied(branch: Branch) -> Branch:
    """The branch without sorts that nobody is of, its sorts in order."""
    sorts = [sort for sort in branch.sorts if sort.size]
    sure = [(sort.tag, sort.now[0][0], sort.size) for sort in sorts if len(sort.now) == 1]
    unsure = [sort for sort in sorts if len(sort.now) > 1]
    return branch._replace(sorts=(*counted_sorts(sure), *sorted(unsure)))
