"""What stands in the way of a deal at talks in one state, and which red lines would have to be lifted for one.

What stands in the way of one package is known from that package alone, so the minimal sets are the
smallest of those obstacles: no set is tried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from negsim.program.formula import State
from negsim.program.seat import TOLERANCE, SeatAtTalks
from negsim.program.table import Table

FALLBACK = "fallback"


class Obstacles:
    """What stands in the way of each package of talks in one state. Packages go by their number.

    A red line is named `party.name`, what no deal is worth to a party `party.fallback`.
    """

    def __init__(self, table: Table, state: State) -> None:
        self.seats: Mapping[str, SeatAtTalks] = table.present(state)
        self.lines = {party: seat.red_lines_now(state) for party, seat in self.seats.items()}
        self.fallbacks = {party: float(seat.fallback.read(state)) for party, seat in self.seats.items()}
        self._size = len(table.packages)

    @cached_property
    def zone(self) -> tuple[int, ...]:
        """The packages that nothing stands in the way of: those that all can live with."""
        return tuple(package for package, mask in enumerate(self._masks) if not mask)

    @cached_property
    def unlock(self) -> tuple[tuple[str, ...], ...]:
        """Where the zone is empty: every minimal set of red lines whose lifting opens it, smallest first.

        Where lifting all of them is not enough, fallbacks count as red lines too.
        """
        if self.zone:
            return ()
        places = self._places
        masks = set(self._masks)
        fallbacks = sum(1 << places[f"{party}.{FALLBACK}"] for party in self.seats)
        lines_alone = {mask for mask in masks if not mask & fallbacks}
        minimal = _minimal(lines_alone or masks)
        sets = [tuple(name for name, place in places.items() if mask >> place & 1) for mask in minimal]
        return tuple(sorted(sets, key=lambda found: (len(found), [places[name] for name in found])))

    def opened_by(self, names: Iterable[str]) -> tuple[int, ...]:
        """The packages that all could sign if these red lines and fallbacks (`party.name`) were lifted."""
        kept = ~sum(1 << self._places[name] for name in set(names))
        return tuple(package for package, mask in enumerate(self._masks) if not mask & kept)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """A place for each thing that can stand in the way: red lines, then fallbacks."""
        names = [f"{party}.{line.name}" for party, seat in self.seats.items() for line in seat.red_lines]
        names += [f"{party}.{FALLBACK}" for party in self.seats]
        return {name: place for place, name in enumerate(names)}

    @cached_property
    def _masks(self) -> list[int]:
        """What stands in the way of each package, as a number with one bit for each place."""
        places = self._places
        obstacles = [0] * self._size
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
        return obstacles


def _minimal(masks: set[int]) -> list[int]:
    """The masks that contain no other.

    `having[b]` holds, one bit each, those found that have bit b: a mask contains one of those found unless
    each of them has a bit that the mask lacks.
    """
    found: list[int] = []
    bits = range(max(masks, default=0).bit_length())
    having = [0] * len(bits)
    for mask in sorted(masks, key=lambda each: (each.bit_count(), each)):
        everyone = (1 << len(found)) - 1
        apart = 0
        for bit in bits:
            if not mask >> bit & 1:
                apart |= having[bit]
        if apart == everyone:
            for bit in bits:
                having[bit] |= (mask >> bit & 1) << len(found)
            found.append(mask)
    return found
