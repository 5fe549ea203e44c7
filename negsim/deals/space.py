"""The deal space of talks in one state, without a run: zone, Pareto front, solutions, what unlocks it.

Everything is worked out over all packages. "Acceptable" and the solutions compare with a tolerance of
1e-9, as talks do. The solutions are those of cooperative bargaining theory over a finite set: Nash (1950),
"The bargaining problem"; Kalai and Smorodinsky (1975), "Other solutions to Nash's bargaining problem";
Kalai (1977) for the egalitarian one; Myerson (1981) for the utilitarian one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import prod
from typing import Any

from negsim.addition import added
from negsim.deals.front import front, front_of_two, thinned
from negsim.kernel.obstacles import Obstacles
from negsim.program.formula import State
from negsim.program.seat import TOLERANCE, SeatAtTalks
from negsim.program.table import Table
from negsim.scenario.talks import RedLine
from negsim.scenario.types import TermOption

SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
# What two of them are called where people read; the others are called as they are.
SOLUTION_WORDS = {"nash": "Nash", "kalai_smorodinsky": "Kalai–Smorodinsky"}  # noqa: RUF001 - two names, two men


class DealSpace:
    """The packages of talks as those at the table see them in one state. Packages go by their number."""

    def __init__(self, table: Table, state: State) -> None:
        self.table = table
        self._obstacles = Obstacles(table, state)
        self.seats: Mapping[str, SeatAtTalks] = self._obstacles.seats
        self.lines = self._obstacles.lines
        self.fallbacks = self._obstacles.fallbacks

    @property
    def parties(self) -> tuple[str, ...]:
        """All who must accept, in order."""
        return tuple(self.seats)

    def package(self, number: int) -> dict[str, TermOption]:
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
        found = {}
        for party, seat in self.seats.items():
            lines, least = self.lines[party], self.fallbacks[party] - TOLERANCE
            each = enumerate(zip(seat.utilities, seat.broken, strict=True))
            found[party] = tuple(package for package, (worth, broken) in each if worth >= least and not broken & lines)
        return found

    @cached_property
    def zone(self) -> tuple[int, ...]:
        """The packages that all can live with: the zone of possible agreement."""
        shared = set(self.acceptable[self.parties[0]]).intersection(*self.acceptable.values())
        return tuple(sorted(shared))

    # Pareto.

    @cached_property
    def pareto(self) -> tuple[int, ...]:
        """Of all packages, those that no other dominates (at least as good for all, better for one)."""
        columns = [self.seats[party].utilities for party in self.parties]
        capped = any(seat.position.cap is not None for seat in self.seats.values())
        # What is cut is no sum: a package with a part that is worse can then be as good as another.
        sizes = [len(options) for options in self.table.talks.issues.values()]
        possible = range(len(columns[0])) if capped else thinned(columns, sizes)
        every = list(zip(*columns, strict=True))
        worths = {package: every[package] for package in possible}
        points = list(dict.fromkeys(worths.values()))
        best = set(front_of_two(points) if len(columns) == 2 else front(points))  # noqa: PLR2004 - two parties
        return tuple(package for package, worth in worths.items() if worth in best)

    # Solutions.

    @cached_property
    def solutions(self) -> Mapping[str, int | None]:
        """The four solutions over the zone; nothing where it is empty."""
        if not self.zone:
            return dict.fromkeys(SOLUTIONS)
        utilities = [[self.seats[party].utilities[package] for package in self.zone] for party in self.parties]
        gains = [
            [max(0.0, worth - self.fallbacks[party]) for worth in column]
            for party, column in zip(self.parties, utilities, strict=True)
        ]
        shares = [_shares(column) for column in gains]
        sums = [added(worths) for worths in zip(*utilities, strict=True)]
        return {
            "nash": self._best([prod(each) for each in zip(*gains, strict=True)], sums),
            "kalai_smorodinsky": self._best([min(each) for each in zip(*shares, strict=True)], sums),
            "egalitarian": self._best([min(each) for each in zip(*gains, strict=True)], sums),
            "utilitarian": self._best(sums, sums),
        }

    def _best(self, worths: Sequence[float], sums: Sequence[float]) -> int:
        """The package of the zone with the greatest worth; ties by the sum of utilities, then by order."""
        least = max(worths) - TOLERANCE
        tied = [place for place, worth in enumerate(worths) if worth >= least]
        greatest = max(sums[place] for place in tied) - TOLERANCE
        return self.zone[next(place for place in tied if sums[place] >= greatest)]

    # What unlocks a deal.

    @cached_property
    def unlock(self) -> tuple[tuple[str, ...], ...]:
        """Where the zone is empty: every minimal set of red lines whose lifting opens it, smallest first.

        See `Obstacles`.
        """
        return self._obstacles.unlock

    def opened_by(self, names: Iterable[str]) -> tuple[int, ...]:
        """The packages that all could sign if these red lines and fallbacks (`party.name`) were lifted."""
        return self._obstacles.opened_by(names)

    # For other programs.

    def as_json(self, *, limit: int | None = None) -> dict[str, Any]:
        """The deal space with the keys that `negsim deal --json` prints, each list with `limit` entries at most."""
        lists = {"zone": self.zone[:limit], "pareto": self.pareto[:limit]}
        acceptable = {party: found[:limit] for party, found in self.acceptable.items()}
        solutions = {name: package for name, package in self.solutions.items() if package is not None}
        # Each package once, however many lists it is in.
        shown = {
            number: self.package(number)
            for number in {*solutions.values()}.union(*lists.values(), *acceptable.values())
        }
        return {
            "talks": self.table.name,
            "packages": len(self.table.packages),
            "counts": {
                "acceptable": {party: len(found) for party, found in self.acceptable.items()},
                "zone": len(self.zone),
                "pareto": len(self.pareto),
                "unlock": len(self.unlock),
            },
            "cut": limit is not None and self.longest > limit,
            "acceptable": {party: [shown[number] for number in found] for party, found in acceptable.items()},
            **{name: [shown[number] for number in found] for name, found in lists.items()},
            "solutions": {
                name: None if package is None else shown[package] for name, package in self.solutions.items()
            },
            "unlock": [list(names) for names in self.unlock[:limit]],
        }

    @property
    def longest(self) -> int:
        """How many entries the longest list of `as_json` has, where none is cut."""
        return max(map(len, (self.zone, self.pareto, self.unlock, *self.acceptable.values())))


def _shares(gains: Sequence[float]) -> list[float]:
    """Gains as shares of the greatest; 1 where that is 0."""
    best = max(gains)
    return [1.0] * len(gains) if best <= TOLERANCE else [gain / best for gain in gains]
