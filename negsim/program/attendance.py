"""Who is still at the table of talks: some leave, and then nothing may be left to talk about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from negsim.program.formula import Formula, State
from negsim.program.seat import Bind
from negsim.scenario.talks import Talks
from negsim.scenario.types import Value

TWO = 2  # talks take two


def left_names(talks: Talks) -> tuple[str, ...]:
    """Under which names the state keeps who has left. No issue can be called so."""
    return tuple(_left(party) for party in talks.leavers)


def _left(party: str) -> str:
    return f"{party} left"


class Attendance:
    """Who has left the table, and who leaves it now. `slots` has where the state keeps it, of those who can leave."""

    def __init__(self, talks: Talks, bind: Bind, slots: Mapping[tuple[str, str], int]) -> None:
        self.slots = {party: slots[_left(party), talks.name] for party in talks.leavers}
        self._talks = talks
        self._bind = bind
        self._needed = frozenset(talks.needs or talks.everybody)

    @cached_property
    def _conditions(self) -> Mapping[str, Formula]:
        wanted = {party: self._talks.positions[party].leaves for party in self.slots}
        return {party: self._bind(leaves.tree, {}) for party, leaves in wanted.items() if leaves is not None}

    @property
    def reads(self) -> frozenset[int]:
        """The slots on which it hangs who is at the table."""
        return frozenset(self.slots.values()).union(*(condition.reads for condition in self._conditions.values()))

    def present(self, state: State) -> tuple[str, ...]:
        """Those at the table, in order: all but those who have left."""
        if not self.slots:
            return self._talks.everybody
        gone = {party for party, slot in self.slots.items() if state[slot]}
        return tuple(party for party in self._talks.everybody if party not in gone)

    def leaving(self, state: State) -> tuple[str, ...]:
        """Those who leave at the start of a round that is held in a state, in order."""
        conditions = self._conditions.items()
        return tuple(party for party, holds in conditions if not state[self.slots[party]] and holds.read(state))

    def can_go_on(self, left: Sequence[str]) -> bool:
        """Whether talks go on with these alone: all who are needed, two at least, and a party among them."""
        return len(left) >= TWO and self._needed.issubset(left) and any(each in self._talks.parties for each in left)

    def gone(self, party: str) -> list[tuple[int, Value]]:
        """What it sets that one leaves."""
        return [(self.slots[party], True)]

    def back(self) -> list[tuple[int, Value]]:
        """What talks that are opened again set: all are at the table."""
        return [(slot, False) for slot in self.slots.values()]
