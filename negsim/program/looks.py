"""What dusk looks at, and when that may be another thing than at the dusk before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

from negsim.program.binding import FormulaBinder
from negsim.program.formula import Formula
from negsim.program.layout import StateLayout
from negsim.program.monitors import Monitor
from negsim.program.rules import Instance
from negsim.program.ticking import Ticks


class Seen(Protocol):
    """What a program has that dusk looks at."""

    layout: StateLayout
    binder: FormulaBinder

    @property
    def waits(self) -> Sequence[Instance]:
        """The instances of `while` rules."""
        ...

    @property
    def ends(self) -> Sequence[tuple[str, Formula]]:
        """The outcomes that end a run."""
        ...

    @property
    def watched(self) -> Sequence[tuple[Monitor, Formula]]:
        """The monitors that look at dusks."""
        ...


class Looks:
    """The looks of a program's dusks.

    They are the COND of the waits, then the outcomes that end a run, then the monitors that look at dusks, numbered in
    that order.
    """

    def __init__(self, program: Seen) -> None:
        self._program = program

    @cached_property
    def readers(self) -> tuple[frozenset[int], ...]:
        """For each slot, the numbers of the looks that read it."""
        program = self._program
        looks = [wait.condition.reads for wait in program.waits]
        looks += [condition.reads for _, condition in program.ends]
        looks += [formula.reads for _, formula in program.watched]
        return _by_slot(looks, program.layout.world)

    @cached_property
    def chance_readers(self) -> tuple[frozenset[int], ...]:
        """For each slot, the numbers of the waits whose chance, but not whose COND, reads it."""
        chances = [(wait.chance, wait.condition.reads) for wait in self._program.waits]
        looks = [frozenset() if chance is None else chance.reads - known for chance, known in chances]
        return _by_slot(looks, self._program.layout.world)

    @cached_property
    def ticks(self) -> Mapping[int, tuple[Ticks, ...]]:
        """When the looks may see another thing by time alone, by their numbers, for those that time moves."""
        program = self._program
        if not program.layout.time:
            return {}
        looks = [[wait.condition, *([] if wait.chance is None else [wait.chance])] for wait in program.waits]
        looks += [[condition] for _, condition in program.ends] + [[formula] for _, formula in program.watched]
        found = [[program.binder.ticking.of(formula.form) for formula in each] for each in looks]
        told = (tuple(ticks for ticks in each if ticks is not None) for each in found)
        return {number: each for number, each in enumerate(told) if each}


def _by_slot(looks: Sequence[frozenset[int]], slots: int) -> tuple[frozenset[int], ...]:
    """For each slot, the numbers of the looks that read it."""
    readers: list[set[int]] = [set() for _ in range(slots)]
    for number, reads in enumerate(looks):
        for slot in reads:
            readers[slot].add(number)
    return tuple(map(frozenset, readers))
