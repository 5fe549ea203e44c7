"""Clocks as a solution keeps them: counted from today, and no further than something compares them.

So states in which events came equally long ago are one, whenever that was, and what came longer ago than anything asks
is all the same. The day of the run is kept as the first of those that nothing tells apart.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from negsim.exact.state.unasked import unasked
from negsim.program.facts import Facts
from negsim.program.program import Program
from negsim.program.specialise import left_open
from negsim.scenario.clocks import LONG_AGO, NEVER, Clock, clock_of
from negsim.scenario.expressions import Comparison, Day, DaysSince, Node
from negsim.scenario.parts import parts, walk_through

_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
MOST_MARKS = 1_000  # days that one comparison may tell apart


class Clocks:
    """What a program's clocks say, as far as it matters: for each slot how many days back it is looked at."""

    def __init__(self, program: Program) -> None:
        layout, scenario = program.layout, program.scenario
        self._layout = layout
        self._open = left_open(
            scenario, parameters=program.settings.parameters, readings=program.settings.readings
        ) if layout.time else None  # fmt: skip
        trees = [part.tree for part in parts(scenario) if part.kind != "definition"] if layout.time else []
        self._nodes = tuple(walk_through(scenario, trees))
        far = {clock: self._far(clock) for clock in layout.clocks}
        self._far_of: Mapping[int, float] = {slot: far[clock] for (clock, _), slot in layout.last.items()}
        self._unasked = unasked(scenario, layout)
        self._marks = None if layout.day is None else self._all_marks()

    def _beside(self, asked: type[Day | DaysSince]) -> Iterator[tuple[Node, str, Facts]]:
        """What is compared, by which sign as it stands on the left, and what is known of the other side."""
        for node in self._nodes:
            if not isinstance(node, Comparison) or self._open is None:
                continue
            for sign, (one, other) in zip(node.operators, pairwise(node.operands), strict=True):
                for this, as_left, that in ((one, sign, other), (other, _TURNED.get(sign, sign), one)):
                    if isinstance(this, asked):
                        yield this, as_left, self._open.known.of(self._open.form(that, {}))

    def _compared_alone(self, asked: type[Day | DaysSince], clock: Clock | None = None) -> bool:
        """Whether it stands at one side of comparisons, and nowhere else."""
        everywhere = alone = 0
        for node in self._nodes:
            everywhere += isinstance(node, asked) and _is(node, clock)
            if isinstance(node, Comparison):
                alone += sum(isinstance(each, asked) and _is(each, clock) for each in node.operands)
        return everywhere == alone

    def _far(self, clock: Clock) -> float:
        """How many days ago an event may lie so that something can still tell."""
        if not self._compared_alone(DaysSince, clock):
            return math.inf
        beside = [(sign, facts.span.high) for node, sign, facts in self._beside(DaysSince) if _is(node, clock)]
        return max((_last_told(sign, high) for sign, high in beside), default=0)

    def _all_marks(self) -> Sequence[int] | None:
        """The days from which on something is told apart; nothing where each day is."""
        found = {0}
        if not self._compared_alone(Day):
            return None
        for _, _, facts in self._beside(Day):
            values = _numbers(facts)
            if values is None:
                return None
            for value in values:
                found |= {math.floor(value), math.floor(value) + 1}
        return sorted(found)

    # What states say.

    def kept(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The values without the days that nothing asks for before they are counted anew."""
        if not self._unasked:
            return values
        found = list(values)
        for clock, slot, value in self._unasked:
            if found[slot] != value:
                found[clock] = NEVER
        return tuple(found)

    def day(self, day: int) -> int:
        """The first of the days that nothing tells apart from a day."""
        if self._marks is None:
            return day if self._layout.day is not None else 0
        place = bisect_right(self._marks, day)
        return self._marks[place - 1] if place else self._marks[0] - 1

    def seen_on(self, day: int, values: Sequence[Any]) -> tuple[Any, ...]:
        """The values of a run at the dusk of a day, with its clocks counted from that day."""
        found = list(values)
        for slot in self._layout.last.values():
            if found[slot] != NEVER:
                found[slot] = self._shown(slot, found[slot] - day)
        if self._layout.now is not None:
            found[self._layout.now] = 0
        if self._layout.day is not None:
            found[self._layout.day] = self.day(day)
        return self.kept(tuple(found))

    def aged(self, slots: Iterable[int], values: tuple[Any, ...], day: int) -> tuple[Any, ...]:
        """The values of some slots at the dawn of a day."""
        if not self._layout.time:
            return values
        return tuple(self._aged(slot, value, day) for slot, value in zip(slots, values, strict=True))

    def _aged(self, slot: int, value: Any, day: int) -> Any:
        if slot == self._layout.day:
            return self.day(day)
        if slot not in self._far_of or value in (NEVER, LONG_AGO):
            return value
        return self._shown(slot, value - 1)

    def _shown(self, slot: int, value: int) -> int:
        return LONG_AGO if -value > self._far_of[slot] else value


def _last_told(sign: str, most: float) -> float:
    """The greatest number of days that a comparison with a number up to `most` tells from all greater ones."""
    return most if math.isinf(most) else math.ceil(most) - 1 if sign in ("<", ">=") else math.floor(most)


def _is(node: Node, clock: Clock | None) -> bool:
    return clock is None or (isinstance(node, DaysSince) and clock_of(node) == clock)


def _numbers(facts: Facts) -> tuple[float, ...] | None:
    """The numbers that something can be, where they are few; nothing where that is not known."""
    if facts.values is not None:
        found = tuple(value for value in facts.values if isinstance(value, int | float))
        return found if len(found) == len(facts.values) else None
    low, high = facts.span.low, facts.span.high
    if high - low > MOST_MARKS or low != math.floor(low) or high != math.floor(high):
        return None
    return tuple(range(int(low), int(high) + 1))
