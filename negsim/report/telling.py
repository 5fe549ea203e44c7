"""Which events of a run tell most of it: those that its outcome hangs on, then those from which most follows."""

from __future__ import annotations

from collections import Counter

from negsim.engine.run import Run

MOST_NEAR = 10  # events that the outcome hangs on


def telling(run: Run) -> list[int]:
    """The numbers of all events of a run, those that tell most first.

    First come those that the outcome hangs on, the nearest of very many, the latest first; then the rest by how many
    events they led to, decisions before others, in the order of the log.
    """
    near = [step.event.seq for step in run.why(most=MOST_NEAR).ancestors]
    led_to = Counter(event.cause for event in run.events if event.cause is not None)
    rest = sorted(run.events, key=lambda event: (-led_to[event.seq], event.actor is None, event.seq))
    return list(dict.fromkeys([*near, *(event.seq for event in rest)]))
