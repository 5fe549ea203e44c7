"""What dusk looks at: where something has no meaning there, a run breaks down, and a solution with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from negsim.errors import ModelError
from negsim.exact.step.batch import chances_at_dusk
from negsim.exact.step.crowds import Crowds

Marks = npt.NDArray[np.bool_]


class Dusk:
    """The dusks of one solution.

    The chances of waits are looked at where a crowd goes on to the next day. Where none does, since its runs
    are over, they are looked at here, once for each season.
    """

    def __init__(self, crowds: Crowds) -> None:
        self._crowds = crowds
        self._horizon = crowds.layout.program.scenario.horizon_days
        self._looked: dict[Any, Marks] = {}

    def goes_on(self, numbers: Iterable[int], day: int) -> None:
        """Notes that crowds are followed into a day."""
        self._marks(day)[[*numbers]] = True

    def look(self, here: Marks, ended: Marks, day: int) -> None:
        """Looks at the crowds that are `here` at the dusk of a day; in those that have `ended`, runs are over.

        Raises `ModelError` where a run breaks down there.
        """
        crowds = self._crowds
        over = here & (ended | (day == self._horizon))
        for number, undefined in crowds.undefined.items():
            if here[number] and (over[number] or not undefined.at_the_end):
                raise ModelError(undefined.message, where=undefined.where, day=day)
        marks = self._marks(day + 1)
        new = np.flatnonzero(over & ~marks).tolist()
        chances_at_dusk(crowds, new, day + 1)
        marks[new] = True

    def _marks(self, day: int) -> Marks:
        """Which crowds have been looked at for the season of a day."""
        season = self._crowds.steps.agendas.season(day)
        found = self._looked.get(season, np.zeros(0, dtype=bool))
        missing = len(self._crowds) - len(found)
        if missing:
            found = np.concatenate([found, np.zeros(missing, dtype=bool)])
        self._looked[season] = found
        return found
