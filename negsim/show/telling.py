"""Which events of a run tell most of it: those that its outcome hangs on, then those from which most follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import attrs

from negsim.engine.run import Run

NEAREST = 10  # events that the outcome hangs on, the nearest, which are told before others
MOST_NEAR = 300  # events that the outcome hangs on


@attrs.frozen
class Telling:
    """The numbers of all events of a run, those that tell most first.

    `near` are those that the outcome hangs on (the nearest first, then the latest), `rest` are the others by how many
    events they led to, decisions before others. In both, one of each kind (made by one rule) stands before a second
    one of any. `is_cut` says that the outcome hangs on some of the rest, too: there are very many.
    """

    near: tuple[int, ...]
    rest: tuple[int, ...]
    is_cut: bool

    @property
    def order(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.near, *self.rest)


def telling(run: Run) -> Telling:
    """What tells most of a run."""
    found = run.why(most=MOST_NEAR)
    near = dict.fromkeys(step.event.seq for why in (run.why(most=NEAREST), found) for step in why.ancestors)
    led_to = Counter(event.cause for event in run.events if event.cause is not None)
    rest = sorted(run.events, key=lambda event: (-led_to[event.seq], event.actor is None, event.seq))
    others = (event.seq for event in rest if event.seq not in near)
    return Telling(_one_of_each(run, near), _one_of_each(run, others), found.is_cut)


def _one_of_each(run: Run, seqs: Iterable[int]) -> tuple[int, ...]:
    """Events in their order, but the first ones of each kind before the second ones, and so on."""
    times: Counter[tuple[str | None, str]] = Counter()
    found = []
    for seq in seqs:
        kind = (run.events[seq].rule, run.events[seq].event)
        found.append((times[kind], seq))
        times[kind] += 1
    return tuple(seq for _, seq in sorted(found, key=lambda each: each[0]))
