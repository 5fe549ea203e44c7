"""Agreements that are in force for a term, and run on until there is a notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from negsim.program.formula import MeaninglessError, State
from negsim.program.seat import Bind
from negsim.scenario.talks import Talks
from negsim.scenario.types import Value

NOTICE = "notice given"  # where the state keeps whether there was one; no issue can be called so


class RunningTerm:
    """How long an agreement of talks is in force, and whether notice has been given."""

    def __init__(self, talks: Talks, bind: Bind, slots: Mapping[tuple[str, str], int]) -> None:
        self._days = talks.until_notice
        self._notice = frozenset(talks.notice)
        self._slot = None if talks.until_notice is None else slots[NOTICE, talks.name]
        self._bind = bind

    @property
    def is_set(self) -> bool:
        """Whether agreements run for a term at all."""
        return self._slot is not None

    def days(self, terms: Mapping[str, Any]) -> int:
        """How many days an agreement on these terms is in force; raises `MeaninglessError`."""
        if self._days is None:
            raise TypeError("no term is set")
        value: float = self._bind(self._days.tree, terms).read([])
        if not 1 <= value < float("inf"):
            raise MeaninglessError(f"`until_notice` is {value}, less than 1")
        if value != int(value):
            raise MeaninglessError(f"`until_notice` is {value}, no whole number")
        return int(value)

    def is_notice(self, event: str) -> bool:
        """Whether an event gives notice of an agreement that is in force."""
        return event in self._notice

    def given(self, state: State) -> bool:
        """Whether notice has been given since the agreement was made or last ran on."""
        return self._slot is not None and bool(state[self._slot])

    def sets(self, *, notice: bool) -> list[tuple[int, Value]]:
        """What it sets that there is a notice, or none."""
        return [] if self._slot is None else [(self._slot, notice)]
