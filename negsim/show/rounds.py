"""The rounds of talks in a run, read off its log: who put what forward, and what the others answered."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from negsim.engine.run import Run
from negsim.log.event import LoggedEvent

_OPENING = ("offered", "passed")
_ENDING = ("agreed", "lapsed")


@attrs.frozen
class Round:
    """One round: the event that opened it (an offer, a pass), and the answers to it.

    Where talks end on a day without an offer, the end is a round of its own that nothing opened.
    """

    number: int
    opening: LoggedEvent | None
    answers: tuple[LoggedEvent, ...]


def rounds(run: Run, talks: str) -> tuple[Round, ...]:
    """The rounds of the talks of a name, counted anew each time that they open."""
    found: list[Round] = []
    number = 0
    for event in _of(run.events, talks):
        if event.event in _OPENING:
            number += 1
            found.append(Round(number, event, ()))
        elif found and found[-1].opening is not None and found[-1].opening.day == event.day:
            found[-1] = attrs.evolve(found[-1], answers=(*found[-1].answers, event))
        else:
            found.append(Round(number, None, (event,)))
        if event.event in _ENDING:
            number = 0
    return tuple(found)


def _of(events: Iterable[LoggedEvent], talks: str) -> Iterable[LoggedEvent]:
    return (e for e in events if e.rule == talks and e.event in (*_OPENING, *_ENDING, "refused"))
