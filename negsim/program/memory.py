"""What the seats of talks remember of offers, where a strategy looks at them."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.program.formula import State
from negsim.scenario.talks import Talks
from negsim.scenario.types import Value

NOTHING_HEARD = (None, None, None)


def memory_names(talks: Talks) -> tuple[str, ...]:
    """The names of what the seats of talks remember of offers; none where no strategy looks at them."""
    if all(position.strategy != "tit_for_tat" for position in talks.positions.values()):
        return ()
    return tuple(name for party in talks.everybody for name in _names_of(party))


def _names_of(party: str) -> tuple[str, str, str]:
    """Where the state keeps a party's own last offer, and the last two that it heard. No issue can be called so."""
    return f"{party} offered", f"{party} heard", f"{party} heard before"


class Memory:
    """Where the state keeps what the seats of talks remember. Packages go by their number; -1 is none.

    `slots` has for each party those of its own last offer, of the last that it heard, and of the one before that.
    """

    def __init__(self, talks: Talks, slots: Mapping[tuple[str, str], int]) -> None:
        self.slots: Mapping[str, tuple[int, int, int]] = {}
        if memory_names(talks):
            self.slots = {
                party: (slots[offered, talks.name], slots[heard, talks.name], slots[before, talks.name])
                for party in talks.everybody
                for offered, heard, before in [_names_of(party)]
            }

    def heard(self, party: str, state: State) -> tuple[int | None, ...]:
        """The package of a party's own last offer, and of the last two offers of the others."""
        slots = self.slots.get(party)
        return NOTHING_HEARD if slots is None else tuple([state[slot] for slot in slots])

    def offered(self, proposer: str, package: int, state: State) -> list[tuple[int, Value]]:
        """What an offer leaves in the memory of the seats."""
        found: list[tuple[int, Value]] = []
        for party, (offered, heard, before) in self.slots.items():
            if party == proposer:
                found.append((offered, package))
            else:
                found += [(before, state[heard]), (heard, package)]
        return found

    def forgotten(self) -> list[tuple[int, Value]]:
        """What talks that are opened again set: nothing has been offered yet."""
        return [(slot, -1) for slots in self.slots.values() for slot in slots]
