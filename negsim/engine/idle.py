"""Choices made beforehand that never came to bear, in one run, in some, or in all that there can be; and why."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

import attrs

from negsim.engine.policy import FixedPolicy, Nearest
from negsim.log.event import LoggedEvent
from negsim.scenario.choices import FixedChoice

if TYPE_CHECKING:
    from negsim.engine.run import Run

MOST_DAYS = 8


@attrs.frozen
class Idle:
    """A choice that never came to bear: why, and for a fork the event at which it was decided before, if it was."""

    choice: FixedChoice
    reason: str
    decided_at: int | None = None


def idle(run: Run, choices: Sequence[FixedChoice], *, at: int | None = None) -> list[Idle]:
    """Those of these choices that never came to bear in a run just made; in a fork, those made from event `at` on."""
    return [_idle(run, choice, at) for choice in choices if choice in run.idle_choices]


def idle_in_all(runs: Iterable[Run], choices: Sequence[FixedChoice]) -> list[Idle]:
    """Those of these choices that came to bear in none of some runs, none where there are no runs.

    No more runs are taken than it needs to know.
    """
    left, is_known = list(choices), False
    events: list[LoggedEvent] = []
    for run in runs:
        is_known = True
        left = [choice for choice in left if choice in run.idle_choices]
        if not left:
            break
        events += _taken(run, {choice.decision for choice in left})
    return [
        Idle(choice, _reason(choice, [each for each in events if each.rule == choice.decision]))
        for choice in (left if is_known else ())
    ]


def never_applied(fixed: FixedPolicy) -> tuple[Idle, ...]:
    """Those of fixed choices that came to bear nowhere, where all runs were followed at once."""
    return tuple(Idle(choice, _reason_of(choice, nearest)) for choice, nearest in fixed.idle.items())


def in_common(found: Sequence[Sequence[Idle]]) -> tuple[Idle, ...]:
    """Those that never came to bear under any of some settings, with the reason under the first."""
    first, *others = found
    named = [{each.choice for each in more} for more in others]
    return tuple(each for each in first if all(each.choice in more for more in named))


def _reason_of(choice: FixedChoice, nearest: Nearest) -> str:
    name = choice.decision
    on_day = "" if choice.day is None else f" on day {choice.day}"
    whose = "" if choice.actors is None else f" for {', '.join(choice.actors)}"
    match nearest:
        case Nearest.NEVER_UP:
            return f"`{name}` never came up"
        case Nearest.FOR_OTHERS:
            return f"`{name}` never came up{whose}"
        case Nearest.ON_OTHER_DAYS:
            return f"`{name}` never came up{whose}{on_day}"
        case Nearest.NOT_TAKEN:
            return _not_taken(choice)


def _taken(run: Run, decisions: Container[str]) -> list[LoggedEvent]:
    return [event for event in run.events if event.rule in decisions and event.actor is not None]


def _idle(run: Run, choice: FixedChoice, at: int | None) -> Idle:
    name = choice.decision
    taken = _taken(run, (name,))
    before = [event for event in taken if at is not None and event.seq <= at and _fits(choice, event)]
    if before:
        seq = _first(run.events, before[-1])
        so = " so already" if before[-1].option == choice.option else ""
        return Idle(choice, f"`{name}` was decided{so} at event {seq}", None if so else seq)
    return Idle(choice, _reason(choice, taken))


def _reason(choice: FixedChoice, taken: Sequence[LoggedEvent]) -> str:
    name = choice.decision
    if not taken:
        return f"`{name}` never came up"
    if choice.actors is not None:
        taken = [event for event in taken if event.instance == choice.actors]
        if not taken:
            return f"`{name}` never came up for {', '.join(choice.actors)}"
    days = sorted({event.day for event in taken})
    if choice.day is not None and choice.day not in days:
        return f"`{name}` came up on {_days(days)}"
    return _not_taken(choice)


def _not_taken(choice: FixedChoice) -> str:
    return f"'{choice.option}' was not open when `{choice.decision}` came up, or a more exact choice went before"


def _fits(choice: FixedChoice, event: LoggedEvent) -> bool:
    return choice.day in (None, event.day) and choice.actors in (None, event.instance)


def _first(events: Sequence[LoggedEvent], event: LoggedEvent) -> int:
    """The first event of the action that an event belongs to."""
    seq = event.seq
    while seq > 0 and events[seq - 1][1:2] + events[seq - 1][5:10] == event[1:2] + event[5:10]:
        seq -= 1
    return seq


def _days(days: Sequence[int]) -> str:
    words = [str(day) for day in days[:MOST_DAYS]]
    if len(days) > MOST_DAYS:
        return f"days {', '.join(words)} and {len(days) - MOST_DAYS} more"
    return f"day {words[0]}" if len(words) == 1 else f"days {', '.join(words[:-1])} and {words[-1]}"
