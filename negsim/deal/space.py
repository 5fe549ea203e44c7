"""The deal space of talks in one state, without a run: zone, Pareto front, solutions, what unlocks it.

Everything is worked out over all packages. "Acceptable" and the solutions compare with a tolerance of
1e-9, as talks do. The solutions are those of cooperative bargaining theory over a finite set: Nash (1950),
"The bargaining problem"; Kalai and Smorodinsky (1975), "Other solutions to Nash's bargaining problem";
Kalai (1977) for the egalitarian one; Myerson (1981) for the utilitarian one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any

from negsim.kernel.formula import State
from negsim.kernel.table import TOLERANCE, Seat, Table
from negsim.scenario.model import RedLine

SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
FALLBACK = "fallback"


class DealSpace:
    """The packages of talks as those at the table see them in one state. Packages go by their number."""

    def __init__(self, table: Table, state: State) -> None:
        self.table = table
        self.seats: Mapping[str, Seat] = table.seats
        self.lines = {party: seat.red_lines_now(state) for party, seat in self.seats.items()}
        self.fallbacks = {party: float(seat.fallback.read(state)) for party, seat in self.seats.items()}

    @property
    def parties(self) -> tuple[str, ...]:
        """All who must accept, in order."""
        return tuple(self.seats)

    def package(self, number: int) -> dict[str, str]:
        """A package as issue -> option."""
        return dict(zip(self.table.issues, self.table.packages[number], strict=True))

    def utility(self, party: str, package: int) -> float:
        """What a package is worth to a party, 0..1."""
        return self.seats[party].utilities[package]

    def gain(self, party: str, package: int) -> float:
        """Utility less fallback."""
        return self.utility(party, package) - self.fallbacks[party]

    def broken(self, party: str, package: int) -> tuple[RedLine, ...]:
        """The red lines of a party that hold and that a package breaks, in order."""
        seat = self.seats[party]
        found = seat.broken[package] & self.lines[party]
        return tuple(line for number, line in enumerate(seat.red_lines) if found >> number & 1)

    def is_acceptable(self, party: str, package: int) -> bool:
        """Whether a package fits a party and is worth its fallback or more."""
        seat = self.seats[party]
        return seat.fits(package, self.lines[party]) and seat.utilities[package] >= self.fallbacks[party] - TOLERANCE

    @cached_property
    def acceptable(self) -> Mapping[str, tuple[int, ...]]:
        """For each party, the packages that it can live with."""
        packages = range(len(self.table.packages))
        return {party: tuple(p for p in packages if self.is_acceptable(party, p)) for party in self.parties}

    @cached_property
    def zone(self) -> tuple[int, ...]:
        """The packages that all can live with: the zone of possible agreement."""
        shared = set(self.acceptable[self.parties[0]]).intersection(*self.acceptable.values())
        return tuple(sorted(shared))

    # Pareto.

    @cached_property
    def pareto(self) -> tuple[int, ...]:
        """Of all packages, those that no other dominates (at least as good for all, better for one)."""
        alike: dict[tuple[float, ...], list[int]] = {}
        columns = [self.seats[party].utilities for party in self.parties]
        for package, worth in enumerate(zip(*columns, strict=True)):
            alike.setdefault(worth, []).append(package)
        best = _front_of_two(list(alike)) if len(columns) == 2 else _front(list(alike))  # noqa: PLR2004 - two parties
        return tuple(sorted(package for worth in best for package in alike[worth]))

    # Solutions.

    @cached_property
    def solutions(self) -> Mapping[str, int | None]:
        """The four solutions over the zone; nothing where it is empty."""
        if not self.zone:
            return dict.fromkeys(SOLUTIONS)
        parties = self.parties
        best = {party: max(self.gain(party, package) for package in self.zone) for party in parties}

        def gains(package: int) -> list[float]:
            return [max(0.0, self.gain(party, package)) for party in parties]

        def shares(package: int) -> list[float]:
            return [
                1.0 if best[party] <= TOLERANCE else gain / best[party]
                for party, gain in zip(parties, gains(package), strict=True)
            ]

        return {
            "nash": self._best(lambda package: prod(gains(package))),
            "kalai_smorodinsky": self._best(lambda package: min(shares(package))),
            "egalitarian": self._best(lambda package: min(gains(package))),
            "utilitarian": self._best(self._sum),
        }

    def _sum(self, package: int) -> float:
        return sum(self.utility(party, package) for party in self.parties)

    def _best(self, worth: Callable[[int], float]) -> int:
        """The package of the zone with the greatest worth; ties by the sum of utilities, then by order."""
        found = self.zone[0]
        value, total = worth(found), self._sum(found)
        for package in self.zone[1:]:
            other, other_total = worth(package), self._sum(package)
            tied = abs(other - value) <= TOLERANCE and other_total > total + TOLERANCE
            if other > value + TOLERANCE or tied:
                found, value, total = package, other, other_total
        return found

    # What unlocks a deal.

    @cached_property
    def unlock(self) -> tuple[tuple[str, ...], ...]:
        """Where the zone is empty: every minimal set of red lines whose lifting opens it, smallest first.

        A red line is named `party.name`. Where lifting all of them is not enough, fallbacks
        (`party.fallback`) count as red lines too. What stands in the way of one package is known from
        that package alone, so the minimal sets are the smallest of those obstacles: no set is tried out.
        """
        if self.zone:
            return ()
        names = [f"{party}.{line.name}" for party in self.parties for line in self.seats[party].red_lines]
        names += [f"{party}.{FALLBACK}" for party in self.parties]
        places = {name: place for place, name in enumerate(names)}
        obstacles = self._obstacles(places)
        fallbacks = sum(1 << places[f"{party}.{FALLBACK}"] for party in self.parties)
        lines_alone = {mask for mask in obstacles if not mask & fallbacks}
        minimal = _minimal(lines_alone or obstacles)
        sets = [tuple(name for name in names if mask >> places[name] & 1) for mask in minimal]
        return tuple(sorted(sets, key=lambda found: (len(found), [places[name] for name in found])))

    def _obstacles(self, places: Mapping[str, int]) -> set[int]:
        """What stands in the way of each package, as numbers with one bit for each name."""
        obstacles = [0] * len(self.table.packages)
        for party, seat in self.seats.items():
            lines = self.lines[party]
            bits = [1 << places[f"{party}.{line.name}"] for line in seat.red_lines]
            masks = {0: 0}
            fallback_bit = 1 << places[f"{party}.{FALLBACK}"]
            least = self.fallbacks[party] - TOLERANCE
            for package, broken in enumerate(seat.broken):
                found = broken & lines
                if found not in masks:
                    masks[found] = sum(bit for number, bit in enumerate(bits) if found >> number & 1)
                obstacles[package] |= masks[found] | (fallback_bit if seat.utilities[package] < least else 0)
        return set(obstacles)

    # For other programs.

    def as_json(self) -> dict[str, Any]:
        """The deal space with the keys that `negsim deal --json` prints."""
        return {
            "talks": self.table.name,
            "packages": len(self.table.packages),
            "acceptable": {party: self._packages(found) for party, found in self.acceptable.items()},
            "zone": self._packages(self.zone),
            "pareto": self._packages(self.pareto),
            "solutions": {
                name: None if package is None else self.package(package) for name, package in self.solutions.items()
            },
            "unlock": [list(names) for names in self.unlock],
        }

    def _packages(self, numbers: Iterable[int]) -> list[dict[str, str]]:
        return [self.package(number) for number in numbers]


def _front_of_two(points: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
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


def _nearly_equal(ordered: Sequence[tuple[float, ...]]) -> list[list[tuple[float, ...]]]:
    """Points in order, those together whose first coordinates are equal within the tolerance."""
    groups: list[list[tuple[float, ...]]] = [[ordered[0]]]
    for before, point in pairwise(ordered):
        if before[0] - point[0] <= TOLERANCE:
            groups[-1].append(point)
        else:
            groups.append([point])
    return groups


def _front(points: Sequence[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """The points that none dominates, for any number of parties.

    In the order of their sums, a point can be dominated by one before it alone (and by one whose sum is
    equal within the tolerance, which dominates nothing).
    """
    front: list[tuple[float, ...]] = []
    for point in sorted(points, key=lambda each: (-sum(each), each)):
        if not any(_dominates(other, point) for other in front):
            front.append(point)
    return front


def _dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether one is at least as good for all, and better for one."""
    better = False
    for mine, its in zip(one, other, strict=True):
        if mine < its - TOLERANCE:
            return False
        if mine > its + TOLERANCE:
            better = True
    return better


def _minimal(masks: set[int]) -> list[int]:
    """The masks that contain no other."""
    found: list[int] = []
    for mask in sorted(masks, key=lambda each: (each.bit_count(), each)):
        if not any(mask & smaller == smaller for smaller in found):
            found.append(mask)
    return found
