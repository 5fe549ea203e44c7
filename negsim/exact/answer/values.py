"""The chance of each outcome from every crowd at every dusk: what a moment of a run is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from negsim.errors import ModelError, in_steps
from negsim.exact.answer.asked import Asked, crowds_of
from negsim.exact.answer.best import Play
from negsim.exact.answer.forward import Progress
from negsim.exact.answer.objective import Objective
from negsim.exact.state.branches import Floats, TooLargeError
from negsim.exact.state.rows import spread
from negsim.exact.state.turns import TRIED, Pending, Snapshot, Turns
from negsim.exact.step.beginning import beginning
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.steps import NotAloneError
from negsim.exact.symmetry.merging import merging
from negsim.program.formula import MeaninglessError
from negsim.program.program import Program
from negsim.program.rules import Instance, Watches
from negsim.program.table import Table
from negsim.scenario.types import Value

# An action that waits at dusk: what it is, days until it is due, its daily chance, what drops it.
Waiting = tuple[Instance | Table, int, float | None, Watches]


@attrs.frozen(eq=False)
class ValuesAtDusk:
    """For each day and outcome, its chance from each crowd; `before` are the chances before day 0."""

    crowds: Crowds
    outcomes: tuple[str, ...]
    by_day: Sequence[Floats]  # a row a crowd, a column an outcome
    before: Mapping[str, float]

    def at(self, day: int, values: Sequence[Value], waiting: Iterable[Waiting]) -> Mapping[str, float]:
        """The chances at the dusk of a day, in a state and with what waits then."""
        turns = self.crowds.layout.turns
        pending = tuple(
            Pending(turns.same(i) if isinstance(i, Instance) else i, days if chance is None else TRIED, chance, watches)
            for i, days, chance, watches in waiting
        )
        number = self.crowds.first(Snapshot(turns.clocks.seen_on(day, values), pending))
        if number >= len(self.by_day[day]):
            step = turns.program.scenario.calendar.name
            raise LookupError(f"the state of {step} {day} is none that the solution reaches")
        return dict(zip(self.outcomes, self.by_day[day][number].tolist(), strict=True))


def values_at_dusks(program: Program, *, max_states: int, progress: Progress | None = None) -> ValuesAtDusk | None:
    """The chances of all outcomes at every dusk; nothing where there are more than `max_states` states."""
    asked = Asked(program, measures=False, max_states=max_states, progress=progress)
    _, together = merging(program)
    while True:
        try:
            with in_steps(program.scenario.calendar.name):
                return _values(asked, together)
        except NotAloneError as error:
            together = tuple(orbit for number, orbit in enumerate(together) if number != error.orbit)
        except TooLargeError:
            return None


def _values(asked: Asked, together: Sequence[Sequence[str]]) -> ValuesAtDusk:
    turns = Turns(asked.program)
    crowds = crowds_of(asked, turns, together)
    names = tuple(asked.program.scenario.outcomes)
    play = Play(crowds, Objective(names[0], True, ()), most_forks=1)  # noqa: FBT003 - nobody chooses
    try:
        firsts = crowds.firsts(beginning(turns).starts)
        play.explore(firsts, asked.progress)
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(str(error), where="an outcome", day=turns.today) from None
    final = np.eye(len(names) + 1)[np.array(crowds.outcomes)][:, : len(names)]
    over = np.array(crowds.ended)[:, np.newaxis]
    values: Any = final
    by_day: list[Floats] = []
    for day in range(play.horizon, -1, -1):
        values = np.where(over, final, values)
        by_day.append(values)
        matrices = play.of(day).matrices
        earlier = np.zeros_like(values)
        earlier[matrices.starts] = spread(matrices.to_crowds, values)
        values = earlier
    by_day.reverse()
    before = sum(chance * values[number] for number, chance in firsts.items())
    return ValuesAtDusk(crowds, names, by_day, dict(zip(names, before.tolist(), strict=True)))
