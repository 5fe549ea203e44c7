"""Choices made beforehand that never came to bear, and why."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from negsim.policy.fixed import FixedPolicy, Nearest
from negsim.scenario.choices import FixedChoice
from negsim.wording import on_step


@attrs.frozen
class Idle:
    """A choice that never came to bear: why, and for a fork the event at which it was decided before, if it was."""

    choice: FixedChoice
    reason: str
    decided_at: int | None = None


def never_applied(fixed: FixedPolicy, step: str) -> tuple[Idle, ...]:
    """Those of fixed choices that came to bear nowhere, where all runs were followed at once, in steps of that name."""
    return tuple(Idle(choice, _reason_of(choice, nearest, step)) for choice, nearest in fixed.idle.items())


def in_common(found: Sequence[Sequence[Idle]]) -> tuple[Idle, ...]:
    """Those that never came to bear under any of some settings, with the reason under the first."""
    first, *others = found
    named = [{each.choice for each in more} for more in others]
    return tuple(each for each in first if all(each.choice in more for more in named))


def _reason_of(choice: FixedChoice, nearest: Nearest, step: str) -> str:
    name = choice.decision
    on_day = "" if choice.day is None else f" {on_step(step, choice.day)}"
    whose = "" if choice.actors is None else f" for {', '.join(choice.actors)}"
    match nearest:
        case Nearest.NEVER_UP:
            return f"`{name}` never came up"
        case Nearest.FOR_OTHERS:
            return f"`{name}` never came up{whose}"
        case Nearest.ON_OTHER_DAYS:
            return f"`{name}` never came up{whose}{on_day}"
        case Nearest.NOT_TAKEN:
            return not_taken(choice)


def not_taken(choice: FixedChoice) -> str:
    """Why a choice was not taken though its decision came up."""
    return f"'{choice.option}' was not open when `{choice.decision}` came up, or a more exact choice went before"
