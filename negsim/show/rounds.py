"""The rounds of talks in a run, read off its log: who put what forward, and what the others answered."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from negsim.engine.run import Run
from negsim.log.event import LoggedEvent

_OPENING = ("offered", "passed")
_ENDING = ("agreed", "lapsed", "ended")
_OTHERS = ("refused", "left", "ran_on")


@attrs.frozen
class Round:
    """One round: the event that opened it (an offer, a pass), and what was said beside it: who left, the answers.

    What comes on a day without an offer is a round of its own that nothing opened: an end, an agreement that runs on.
    """

    number: int
    opening: LoggedEvent | None
    answers: tuple[LoggedEvent, ...]


def rounds(run: Run, talks: str) -> tuple[Round, ...]:
    """The rounds of the talks of a name, counted anew each time that they open."""
    found: list[Round] = []
    number = 0
    for event in _of(run.events, talks):
        today = bool(found) and _day(found[-1]) == event.day
        if event.event in _OPENING:
            number += 1
            left = found.pop().answers if today and found[-1].opening is None else ()
            found.append(Round(number, event, left))
        elif today and (found[-1].opening is not None or event.event != "ended"):
            found[-1] = attrs.evolve(found[-1], answers=(*found[-1].answers, event))
        else:
            found.append(Round(number, None, (event,)))
        if event.event in _ENDING:
            number = 0
    return tuple(found)


def _day(held: Round) -> int:
    return (held.opening or held.answers[0]).day


def _of(events: Iterable[LoggedEvent], talks: str) -> Iterable[LoggedEvent]:
    return (e for e in events if e.rule == talks and e.event in (*_OPENING, *_ENDING, *_OTHERS))
