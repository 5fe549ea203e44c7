"""Crowds that differ in nothing but how many members there are of each kind, looked at together."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from negsim.exact.state.branches import Floats, Ints
from negsim.exact.state.layout import Group, Layout
from negsim.program.formula import State, new_state


class Alike:
    """Crowds with one rest: `counts` has a row a crowd and a column a kind.

    What a formula says is worked out once for all crowds that look alike to it.
    """

    def __init__(self, layout: Layout, rest: int, *, kinds: Iterable[int], counts: Ints) -> None:
        self.layout = layout
        self.rest = rest
        self.kinds = tuple(kinds)
        self.counts = counts
        self._shown: dict[int, tuple[State, dict[int, str]]] = {}

    def __len__(self) -> int:
        return len(self.counts)

    def shown(self, place: int) -> tuple[State, dict[int, str]]:
        """A state of one of the crowds, and a member of each kind that there is."""
        found = self._shown.get(place)
        if found is None:
            groups: list[Group] = [
                (kind, kind, count)
                for kind, count in zip(self.kinds, self.counts[place].tolist(), strict=True)
                if count
            ]
            snapshot, tags = self.layout.concrete(self.rest, groups)
            members = {kind: member for member, kind in reversed(tags.items())}
            found = self._shown[place] = new_state(snapshot.values), members
        return found

    def seen(self, slots: Iterable[int], look: Callable[[State], float]) -> Floats:
        """What `look` finds in a state of each crowd; it looks at these slots alone."""
        return self.read(slots, lambda place: look(self.shown(place)[0]), None)

    def read(self, slots: Iterable[int], look: Callable[[int], float], among: npt.NDArray[np.bool_] | None) -> Floats:
        """The same, with `look` asked about a crowd's place; 0 for crowds that are not `among` those looked at."""
        found = np.zeros(len(self))
        here = np.arange(len(self)) if among is None else np.flatnonzero(among)
        _, firsts, places = np.unique(self._likeness(slots)[here], return_index=True, return_inverse=True)
        found[here] = np.array([look(place) for place in here[firsts].tolist()], dtype=float)[places]
        return found

    def _likeness(self, slots: Iterable[int]) -> Ints:
        """A number for each crowd: those with the same one have the same in these slots, but for who is who."""
        columns = {self.layout.column_of[slot] for slot in slots if slot in self.layout.column_of}
        seen: dict[object, int] = {}
        weights = []
        for number in self.kinds:
            kind = self.layout.kinds[number]
            looks = tuple(value for place, value in enumerate(kind.values) if (kind.orbit, place) in columns)
            which = seen.setdefault((kind.orbit, looks, kind.pointed_by), len(seen))
            weights.append(1 << (which * self.layout.bits))
        return self.counts @ np.array(weights, dtype=np.int64)
