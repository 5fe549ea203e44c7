"""Why two turns may not be swapped: one reads or differently changes what the other changes."""

from __future__ import annotations

from itertools import product

from negsim.exact.symmetry.footprint import Footprint, Footprints, LookedAt, commute
from negsim.exact.symmetry.orbits import names_kept
from negsim.exact.symmetry.typical_turns import Roots
from negsim.program.rules import Instance


class Clashes:
    """What stands between turns of one program, taken two by two. What may be swapped is known from then on."""

    def __init__(self, footprints: Footprints) -> None:
        self._footprints = footprints
        self._program = footprints.program
        self._commuting: set[frozenset[Instance]] = set()

    def between(self, one: Roots, other: Roots) -> str | None:
        """Why two turns may not be swapped; nothing where they may be."""
        started: set[frozenset[Instance]] = set()
        found = self._clash(one, other, started)
        if found is None:
            self._commuting |= started
        return found

    def _clash(self, one: Roots, other: Roots, started: set[frozenset[Instance]]) -> str | None:
        left, right = self._footprints.of(*one), self._footprints.of(*other)
        if left.unknown or right.unknown:
            return left.unknown or right.unknown
        for (writes, writer), (reads, reader) in (((left, one), (right, other)), ((right, other), (left, one))):
            slot = min(writes.writes.keys() & reads.reads, default=None)
            if slot is not None:
                return self._read_and_set(slot, writer, reader)
        for slot in sorted(left.writes.keys() & right.writes.keys()):
            if not all(commute(a, b) for a in left.writes[slot] for b in right.writes[slot]):
                return self._set_and_set(slot, one)
        return _dropped(left, right) or _dropped(right, left) or self._scheduled(left, right, started)

    def _scheduled(self, left: Footprint, right: Footprint, started: set[frozenset[Instance]]) -> str | None:
        """Why the order in which actions are put on the calendar can matter.

        It is the order in which those of one instance are taken on one day. What is being compared already
        is taken to be alike: where it is not, the whole comparison fails.
        """
        for one, other in product(left.later, right.later):
            pair = frozenset((one, other))
            if one.name != other.name or one.actors != other.actors or pair in self._commuting | started:
                continue
            names = names_kept(one.rule)
            if all(one.scope[n] == other.scope[n] for n in names & one.scope.keys() & other.scope.keys()):
                continue
            started.add(pair)
            why = self._clash((("taking", one),), (("taking", other),), started)
            if why is not None:
                return f"delayed actions of rule `{one.name}` are taken in the order of the turns, and {why}"
        return None

    # What is said of it.

    def _read_and_set(self, slot: int, writer: Roots, reader: Roots) -> str:
        event = self._event_that_sets(slot, writer)
        looks = (look for part in self._footprints.parts(*reader) for look in part.looks if slot in look.slots)
        return f"`{event}` at one member's turn sets {self._name(slot)}, which another's reads ({_place(next(looks))})"

    def _set_and_set(self, slot: int, roots: Roots) -> str:
        event = self._event_that_sets(slot, roots)
        return f"two members' turns set {self._name(slot)} (`{event}`), and what it becomes hangs on who comes first"

    def _event_that_sets(self, slot: int, roots: Roots) -> str:
        touches = (touch for part in self._footprints.parts(*roots) for touch in part.touches)
        return next(touch.event for touch in touches if touch.slot == slot)

    def _name(self, slot: int) -> str:
        variable = self._program.layout.variable_at[slot]
        return f"`{variable.group}.{variable.name}`" if variable.group else f"`{self._program.layout.names[slot]}`"


def _dropped(one: Footprint, other: Footprint) -> str | None:
    """Why an event of one turn drops what another has in mind."""
    for event, instance in product(one.logs, other.dropped):
        for name, given in instance.unless:
            pairs = () if given is None else zip(given, event.arguments, strict=True)
            if name == event.name and all(not f.fixed or f.value == value for f, value in pairs):
                where = f"`unless` of rule `{instance.name}`"
                return f"`{name}` at one member's turn drops what another's is about to do or has planned ({where})"
    return None


def _place(look: LookedAt) -> str:
    match look.key:
        case "set":
            return f"`set` of event `{look.name}`"
        case "a measure":
            return f"a measure that counts `{look.name}`"
        case key:
            return f"`{key}` of rule `{look.name}`"
