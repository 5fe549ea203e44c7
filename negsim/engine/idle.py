"""Choices made beforehand that never came to bear in one run, or in some; and why."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

from negsim.log.event import LoggedEvent
from negsim.policy.idle import Idle, not_taken
from negsim.scenario.calendar_steps import Step
from negsim.scenario.choices import FixedChoice

if TYPE_CHECKING:
    from negsim.engine.run import Run

MOST_DAYS = 8


def idle(run: Run, choices: Sequence[FixedChoice], *, at: int | None = None) -> list[Idle]:
    """Those of these choices that never came to bear in a run just made; in a fork, those made from event `at` on."""
    return [_idle(run, choice, at) for choice in choices if choice in run.idle_choices]


def idle_in_all(runs: Iterable[Run], choices: Sequence[FixedChoice]) -> list[Idle]:
    """Those of these choices that came to bear in none of some runs, none where there are no runs.

    No more runs are taken than it needs to know.
    """
    left, is_known = list(choices), False
    events: list[LoggedEvent] = []
    step = Step.DAY
    for run in runs:
        is_known, step = True, run.scenario.calendar.step
        left = [choice for choice in left if choice in run.idle_choices]
        if not left:
            break
        events += _taken(run, {choice.decision for choice in left})
    return [
        Idle(choice, _reason(choice, [each for each in events if each.rule == choice.decision], step))
        for choice in (left if is_known else ())
    ]


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
    return Idle(choice, _reason(choice, taken, run.scenario.calendar.step))


def _reason(choice: FixedChoice, taken: Sequence[LoggedEvent], step: Step) -> str:
    name = choice.decision
    if not taken:
        return f"`{name}` never came up"
    if choice.actors is not None:
        taken = [event for event in taken if event.instance == choice.actors]
        if not taken:
            return f"`{name}` never came up for {', '.join(choice.actors)}"
    days = sorted({event.day for event in taken})
    if choice.day is not None and choice.day not in days:
        return f"`{name}` came up {step.on} {_days(days, step)}"
    return not_taken(choice)


def _fits(choice: FixedChoice, event: LoggedEvent) -> bool:
    return choice.day in (None, event.day) and choice.actors in (None, event.instance)


def _first(events: Sequence[LoggedEvent], event: LoggedEvent) -> int:
    """The first event of the action that an event belongs to."""
    seq = event.seq
    while seq > 0 and events[seq - 1][1:2] + events[seq - 1][5:10] == event[1:2] + event[5:10]:
        seq -= 1
    return seq


def _days(days: Sequence[int], step: Step) -> str:
    words = [str(day) for day in days[:MOST_DAYS]]
    if len(days) > MOST_DAYS:
        return f"{step.plural} {', '.join(words)} and {len(days) - MOST_DAYS} more"
    return f"{step} {words[0]}" if len(words) == 1 else f"{step.plural} {', '.join(words[:-1])} and {words[-1]}"
