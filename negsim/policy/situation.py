"""What a policy sees when it is asked, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from negsim.program.rules import Instance
from negsim.program.table import Table
from negsim.scenario.types import Value


@attrs.frozen
class PutOff:
    """An action, or a round of talks, that waits for its day.

    `bound` are the names that it still uses. It comes in so many days, or with a daily `chance` (then
    `days` is nothing).
    """

    rule: str
    actors: tuple[str, ...]
    bound: tuple[tuple[str, Value], ...]
    days: int | None
    chance: float | None


def put_off(instance: Instance | Table, days: int, chance: float | None) -> PutOff:
    """What a policy sees of an action that is put off; with a `chance`, not the day that chance has drawn."""
    bound = () if isinstance(instance, Table) else instance.late_scope
    return PutOff(instance.name, instance.actors, bound, None if chance is not None else days, chance)


@attrs.frozen
class Situation:
    """What a policy sees when it is asked: who chooses, what is open with which weight, and the state.

    `state` has the names of `negsim state`: `conflict`, `france.force`; `pending` is what waits.
    """

    decision: str
    actor: str
    instance: tuple[str, ...]
    day: int
    options: Mapping[str, float]
    state: Mapping[str, Value]
    pending: tuple[PutOff, ...] = ()


Policy = Callable[[Situation], str | None]


class StoppedError(Exception):
    """Raised by a policy that has no answer yet. The run stops at its question, and can go on from there."""

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation.decision)
        self.situation = situation
