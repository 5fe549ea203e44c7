"""The points that no other dominates, for two parties by a sweep and for more by sets of bits.

A point dominates another where it is at least as good for all and better for one, with the tolerance that
talks have. A set of points is a whole number with one bit a point: to ask which points are at least as good
for all is then one `&` a party, also among 100,000 points that hardly dominate each other.

Utilities are sums over issues, so a package with a dominated part is dominated by the same package with the
better part. `thinned` leaves such packages out from parts, before there are packages (Bellman's principle, as
in dynamic programming over several criteria: Daellenbach and De Kluyver 1980, "Note on multiple objective
dynamic programming").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import add

import attrs

from negsim.addition import added
from negsim.program.seat import TOLERANCE

STEPS = 256  # into which each party's utilities are cut
ROOM = 2 * TOLERANCE  # so that points that are equal within the tolerance are seen
SLIGHT = 1e-12  # what rounding can make of equal sums, many times over

Point = tuple[float, ...]


@attrs.frozen
class FrontMeasure:
    """When one point counts as dominating another: no worse by more than `slack`, better by more than `margin`."""

    slack: float
    margin: float

    def dominates(self, one: Point, other: Point) -> bool:
        """Whether one is at least as good for all, and better for one."""
        better = False
        for mine, its in zip(one, other, strict=True):
            if mine < its - self.slack:
                return False
            if mine > its + self.margin:
                better = True
        return better


PLAIN = FrontMeasure(TOLERANCE, TOLERANCE)
SURE = FrontMeasure(SLIGHT, 2 * TOLERANCE)  # of parts: their packages then dominate plainly, whatever the rest


def front_of_two(points: Sequence[Point]) -> list[Point]:
    """The points that none dominates, for two parties: a sweep from the first's best."""
    found = []
    best = float("-inf")
    ordered = sorted(points, reverse=True)
    for group in _nearly_equal(ordered):
        top = max(point[1] for point in group)
        if top > best + TOLERANCE:
            found += [point for point in group if point[1] >= top - TOLERANCE]
            best = top
    return found


def _nearly_equal(ordered: Sequence[Point]) -> list[list[Point]]:
    """Points in order, those together whose first coordinates are equal within the tolerance."""
    groups: list[list[Point]] = [[ordered[0]]]
    for before, point in pairwise(ordered):
        if before[0] - point[0] <= TOLERANCE:
            groups[-1].append(point)
        else:
            groups.append([point])
    return groups


def front(points: Sequence[Point], measure: FrontMeasure = PLAIN) -> list[Point]:
    """The points that none dominates, for any number of parties.

    In the order of their sums, a point can be dominated by one before it alone. Of those, the sets of bits
    leave the few that are as good for all, or nearly, since they know utilities by steps; these are looked
    at in turn.
    """
    ordered = sorted(points, key=lambda each: (-added(each), each))
    columns = [_AtLeast(column) for column in zip(*ordered, strict=True)]
    rows = zip(*(column.sets_by_point() for column in columns), strict=True)
    found: list[Point] = []
    for number, (point, sets) in enumerate(zip(ordered, rows, strict=True)):
        candidates = (1 << number) - 1
        for at_least in sets:
            candidates &= at_least
            if not candidates:
                break
        while candidates and not measure.dominates(ordered[_lowest(candidates)], point):
            candidates &= candidates - 1
        if not candidates:
            found.append(point)
    return found


class _AtLeast:
    """For one party: for each point, the set of all points worth as much to it, or nearly so, or more."""

    def __init__(self, worths: Sequence[float]) -> None:
        self._worths = worths
        self._top = max(worths)
        self._scale = STEPS / (self._top - min(worths) + ROOM)
        members: list[list[int]] = [[] for _ in range(STEPS + 1)]
        for number, step in enumerate(self._steps(0.0)):
            members[step].append(number)
        reached = bytearray(len(worths) // 8 + 1)
        self._sets: list[int] = []
        for numbers in members:
            for number in numbers:
                reached[number >> 3] |= 1 << (number & 7)
            self._sets.append(int.from_bytes(reached, "little"))

    def _steps(self, room: float) -> list[int]:
        """How many steps below the best each point is; with some room, rather one too many."""
        top, scale = self._top + room, self._scale
        return [int((top - worth) * scale) for worth in self._worths]

    def sets_by_point(self) -> list[int]:
        """The set of each point, in their order."""
        sets = self._sets
        return [sets[step] for step in self._steps(ROOM)]


def _lowest(bits: int) -> int:
    """The number of the lowest bit that is set."""
    return (bits & -bits).bit_length() - 1


def thinned(columns: Sequence[Sequence[float]], sizes: Sequence[int]) -> list[int]:
    """The packages that can be on the front, in order: those without a part that is surely dominated.

    `columns` holds each party's utilities of all packages, `sizes` the number of options of each issue.
    """
    parts: list[dict[int, Point]] = []
    stride = len(columns[0])
    for size in sizes:
        stride //= size
        numbers = [option * stride for option in range(size)]
        parts.append(_undominated({n: tuple(column[n] - column[0] for column in columns) for n in numbers}))
    while len(parts) > 2:  # noqa: PLR2004 - the last two make the packages
        parts.sort(key=len)
        parts = [*parts[2:], _undominated(_joined(parts[0], parts[1]))]
    return sorted(number for number in _joined(*parts)) if len(parts) > 1 else sorted(parts[0])


def _joined(one: dict[int, Point], other: dict[int, Point]) -> dict[int, Point]:
    """Parts over some issues, and over others, put together; packages and parts go by their number."""
    return {
        number + further: tuple(map(add, worth, more))
        for number, worth in one.items()
        for further, more in other.items()
    }


def _undominated(parts: dict[int, Point]) -> dict[int, Point]:
    kept = set(front(list(dict.fromkeys(parts.values())), SURE))
    return {number: worth for number, worth in parts.items() if worth in kept}
