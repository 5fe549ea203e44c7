"""Crowds: states in which only the numbers of members count that are alike.

A state is cut into what belongs to one member of a merged orbit (its copies of the variables, its pending
actions) and the rest. Members of one orbit with the same part are of one *kind*; a crowd is the rest and
how many there are of each kind. Without orbits that are merged, the rest is all there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from negsim.exact.state.nameless import SELF, Nameless, NamelessPending
from negsim.exact.state.turns import TRIED, Pending, Snapshot, Turns
from negsim.program.formula import Values
from negsim.program.program import Program
from negsim.scenario.types import Value


class Kind(NamedTuple):
    """What a member is like: its orbit, its slots' values, the variables that point to it, what waits for it."""

    orbit: int
    values: tuple[Value, ...]
    pointed_by: tuple[int, ...]
    pending: tuple[NamelessPending, ...]


class Rest(NamedTuple):
    """What is no member's: the values of the other slots, and what else waits."""

    values: Values
    pending: tuple[Pending, ...]


# (kind, tag, how many): members of one kind; the tag says of what kind they were at dawn.
Group = tuple[int, int, int]


class Layout:
    """How states of a program are cut, and the numbers given to rests and kinds.

    `orbits` are the merged ones; each holds its members in roster order. `pointers` are the slots
    of variables that hold an actor.
    """

    def __init__(self, turns: Turns, orbits: Sequence[Sequence[str]]) -> None:
        program = turns.program
        self.program: Program = program
        self.turns = turns
        self.orbits = tuple(tuple(orbit) for orbit in orbits)
        self.home = {member: (number, place) for number, o in enumerate(self.orbits) for place, member in enumerate(o)}
        owned: dict[str, list[int]] = {member: [] for member in self.home}
        self.rest_slots: list[int] = []
        for (_, member), slot in program.layout.slots.items():
            owned.get(member, self.rest_slots).append(slot)
        self._own = len(self.rest_slots)
        self.rest_slots += [monitor.at for monitor in turns.firsts]
        self.slots_of = {member: tuple(slots) for member, slots in owned.items()}
        # For each orbit, the slots of each variable's copies, in roster order.
        self.columns = [list(zip(*(self.slots_of[member] for member in orbit), strict=True)) for orbit in self.orbits]
        self._firsts = [[_first_of_run(column) for column in columns] for columns in self.columns]
        self.owner = {slot: member for member, slots in owned.items() for slot in slots}
        self.column_of = {
            slot: (orbit, place)
            for orbit, columns in enumerate(self.columns)
            for place, column in enumerate(columns)
            for slot in column
        }
        self.bits = max((len(orbit) for orbit in self.orbits), default=0).bit_length()  # that hold a number of members
        self.pointers = self._pointers()
        self.kinds: list[Kind] = []
        self.rests: list[Rest] = []
        self._kind_numbers: dict[Kind, int] = {}
        self._rest_numbers: dict[Rest, int] = {}
        self.nameless = Nameless(turns, self.home)

    def _pointers(self) -> tuple[int, ...]:
        """The slots outside the members' that can hold one of them."""
        return tuple(
            slot
            for slot in self.rest_slots[: self._own]
            if any(member in getattr(self.program.layout.variable_at[slot].type, "actors", ()) for member in self.home)
        )

    def kind(self, kind: Kind) -> int:
        """The number of a kind."""
        number = self._kind_numbers.get(kind)
        if number is None:
            number = self._kind_numbers[kind] = len(self.kinds)
            self.kinds.append(kind)
        return number

    def come(self, rest: int) -> tuple[bool, ...]:
        """Which of the events have come whose first day is looked for."""
        return tuple(value is not None for value in self.rests[rest].values[self._own :])

    def rest(self, rest: Rest) -> int:
        """The number of a rest."""
        number = self._rest_numbers.get(rest)
        if number is None:
            number = self._rest_numbers[rest] = len(self.rests)
            self.rests.append(rest)
        return number

    def without(self, rest: int, pending: Pending) -> tuple[int, int] | None:
        """The rest without an action that waits, and with its trial of today failed; nothing where it was dropped."""
        found = self.rests[rest]
        if pending not in found.pending:
            return None
        place = found.pending.index(pending)
        before, behind = found.pending[:place], found.pending[place + 1 :]
        failed = (*before, pending._replace(due=TRIED), *behind)
        return self.rest(found._replace(pending=before + behind)), self.rest(found._replace(pending=failed))

    # From a snapshot to a crowd.

    def cut(self, values: Values, pending: Sequence[Pending]) -> tuple[int, Mapping[str, int]]:
        """The rest, and the kind of each member of a merged orbit."""
        theirs, others = self._pending_of(pending)
        left: list[Any] = [values[slot] for slot in self.rest_slots]
        pointed: dict[str, list[int]] = {}
        for slot in self.pointers:
            member = values[slot]
            if member in self.home:
                pointed.setdefault(str(member), []).append(slot)
                left[self.rest_slots.index(slot)] = (SELF, self.home[str(member)][0])
        rest = self.rest(Rest(tuple(left), _in_order(others)))
        kinds = {
            member: self.kind(
                Kind(
                    orbit,
                    tuple([values[slot] for slot in self.slots_of[member]]),
                    tuple(pointed.get(member, ())),
                    tuple(theirs.get(member, ())),
                )
            )
            for member, (orbit, _) in self.home.items()
        }
        return rest, kinds

    def _pending_of(self, pending: Sequence[Pending]) -> tuple[dict[str, list[NamelessPending]], list[Pending]]:
        """What waits for each member, said without its name, and what else waits."""
        theirs: dict[str, list[NamelessPending]] = {}
        others: list[Pending] = []
        for each in _in_order(pending):
            member = self.nameless.member_of(each)
            if member is None:
                others.append(each)
            else:
                theirs.setdefault(member, []).append(self.nameless.hide(each, member))
        return theirs, others

    # And back.

    def concrete(self, rest: int, groups: Sequence[Group]) -> tuple[Snapshot, dict[str, int]]:
        """A snapshot of that crowd: members take the kinds in roster order; with the tag of each member."""
        found = self.rests[rest]
        layout = self.program.layout
        values: list[Any] = [None] * layout.world + [*layout.memory]  # those of the world are all set below
        for slot, value in zip(self.rest_slots, found.values, strict=True):
            values[slot] = value
        pending = list(found.pending)
        tags: dict[str, int] = {}
        taken = [0] * len(self.orbits)
        for number, tag, how_many in groups:
            kind = self.kinds[number]
            start = taken[kind.orbit]
            end = taken[kind.orbit] = start + how_many
            members = self.orbits[kind.orbit][start:end]
            tags.update(dict.fromkeys(members, tag))
            for first, column, value in zip(
                self._firsts[kind.orbit], self.columns[kind.orbit], kind.values, strict=True
            ):
                if first is not None:
                    values[first + start : first + end] = [value] * how_many
                else:
                    for slot in column[start:end]:
                        values[slot] = value
            if kind.pointed_by or kind.pending:
                for member in members:
                    for slot in kind.pointed_by:
                        values[slot] = member
                    pending += [self.nameless.show(each, member) for each in kind.pending]
        return Snapshot(tuple(values), _in_order(pending)), tags


def _in_order(pending: Sequence[Pending]) -> tuple[Pending, ...]:
    """Pending actions in the order of the agenda; those of one place keep the order of their scheduling."""
    if len(pending) < 2:  # noqa: PLR2004 - one needs no order
        return tuple(pending)
    placed = sorted(pending, key=lambda each: each.instance.place)
    if all(each.chance is None for each in placed):
        placed.sort(key=lambda each: (each.instance.place, each.due))
    return tuple(placed)


def _first_of_run(slots: Sequence[int]) -> int | None:
    """The first of slots that follow each other; nothing where they do not."""
    first = slots[0]
    return first if tuple(slots) == tuple(range(first, first + len(slots))) else None
