"""Monitors: what the measures observe of a run, bound, and where the state keeps what each remembers.

A monitor's memory is finite and part of the state. It never bears on what comes: no rule can read it.
"""

from __future__ import annotations

import attrs

from negsim.program.binding import FormulaBinder
from negsim.program.formula import Formula
from negsim.program.layout import StateLayout
from negsim.scenario.expressions import Observation


@attrs.frozen(eq=False)
class Monitor:
    """One observation of the measures.

    Slot `at` holds what it has seen: the day of an event (`first`, `last`; nothing before one comes), how many events
    there were (`count`), at how many dusks the condition held (`days`), the greatest value at a dusk (`most`). The
    last two look at `looked_at`; slot `since` of a `days` holds the day from which on dusks are still to be counted,
    since the condition holds; nothing while it does not. `at` has those before.
    """

    observation: Observation
    at: int
    since: int | None
    looked_at: Formula | None

    @property
    def function(self) -> str:
        """`first`, `last`, `count`, `days` or `most`."""
        return self.observation.function


def monitors(layout: StateLayout, binder: FormulaBinder) -> tuple[Monitor, ...]:
    """The monitors of a program, in the order of their slots."""
    return tuple(
        Monitor(each, at, layout.since.get(each), _looked_at(each, binder)) for each, at in layout.seen.items()
    )


def _looked_at(observation: Observation, binder: FormulaBinder) -> Formula | None:
    """What is looked at at dusks; nothing where events are observed."""
    if observation.event is not None or observation.condition is None:
        return None
    return binder.bind(observation.condition, {})
