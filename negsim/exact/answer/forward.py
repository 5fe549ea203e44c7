"""All runs at once, forward in time: the chance of every crowd at every dusk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from negsim.exact.state.branches import Floats, TooLargeError
from negsim.exact.state.layout import Layout
from negsim.exact.state.rows import Operator
from negsim.exact.state.turns import Pending, Snapshot, Turns
from negsim.exact.step.batch import next_rows
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.dusk import Dusk
from negsim.kernel.moment import Moment
from negsim.program.monitors import Monitor

Progress = Callable[[int, int], None]


@attrs.frozen
class Course:
    """What became of all runs, dusk by dusk.

    `curves` has a row a day (from 0) and a column an outcome: the chance that a run has ended so, or would
    if this were its last dusk, where an outcome has a meaning then. `ended` is the same for ended runs alone,
    at the last day. `counted` holds the expected counts, `days` the expected numbers of dusks, `come` a row a
    day of the chances that each event has come whose first day is looked for. `last` are the chances of the
    crowds in which runs end. `reached` is the last day, before the horizon where there were too many states;
    `stopped` says of what there were too many.
    """

    curves: Floats
    ended: Floats
    counted: Floats
    days: Floats
    come: Floats
    last: Floats
    reached: int
    stopped: str | None

    @property
    def is_complete(self) -> bool:
        """Whether all runs were followed to the horizon."""
        return self.stopped is None


class Beginning(NamedTuple):
    """What there is before day 0, after history: what was counted in it, and the days on which something first came.

    What waits is due a day later than counted from day 0.
    """

    snapshot: Snapshot
    counted: tuple[int, ...]
    firsts: Mapping[Monitor, int]


def beginning(turns: Turns) -> Beginning:
    """Where all runs begin."""
    program = turns.program
    moment = Moment(program)
    for entry in program.scenario.history:
        turns.today = entry.day
        turns.day.recall(moment, program.emission(entry.emission), entry.day)
    turns.today = 0
    for table in program.tables:
        if table.first_day is not None:
            moment.convene(table, table.first_day)
    pending = tuple(
        Pending(table, days + 1, None, ())
        for action, days, _ in moment.postponed
        for table in [moment.program.table(action.instance.name)]  # talks alone wait after history
        if moment.rounds[table.name] is action
    )
    firsts = {each: moment.state[each.at] for each in turns.firsts if moment.state[each.at] is not None}
    counted = turns.read_off(moment)
    return Beginning(Snapshot(turns.clocks.begun(moment.values), pending), counted, firsts)


def forward(crowds: Crowds, start: Snapshot, counted: Floats, progress: Progress | None = None) -> Course:
    """Follows all runs from their beginning to the horizon, or to where there are too many states."""
    layout: Layout = crowds.layout
    horizon = layout.program.scenario.horizon_days
    weights = np.zeros(1)
    weights[crowds.first(start)] = 1.0
    follow = _Follower(crowds, weights, counted)
    for day in range(horizon + 1):
        try:
            follow.to(day)
        except TooLargeError as error:
            return follow.course(day - 1, stopped=str(error))
        if progress is not None:
            progress(day, len(crowds))
    return follow.course(horizon, stopped=None)


class _Column:
    """What is noted of each crowd, as an array that grows with their number."""

    def __init__(self, noted: Sequence[Any], none: npt.NDArray[Any]) -> None:
        self._noted = noted
        self._array = none

    def whole(self) -> npt.NDArray[Any]:
        """What is noted of all crowds by now."""
        new = self._noted[len(self._array) :]
        if new:
            more = np.array(new, dtype=self._array.dtype).reshape(len(new), *self._array.shape[1:])
            self._array = np.concatenate([self._array, more])
        return self._array


class _Follower:
    """The weights of all crowds at one dusk after the other, and what is read off them."""

    def __init__(self, crowds: Crowds, weights: Floats, counted: Floats) -> None:
        self.crowds = crowds
        self.operators: dict[Any, Operator] = {}
        self.dusk = Dusk(crowds)
        self.weights = weights
        self.stopped = np.zeros(1)  # the weights of ended runs, by crowd
        self.counted = counted
        self.days = np.zeros(len(crowds.watched))
        self.count = len(crowds.layout.program.outcomes)
        self.outcomes = _Column(crowds.outcomes, np.zeros(0, dtype=np.int64))
        self.ended = _Column(crowds.ended, np.zeros(0, dtype=bool))
        self.looks = _Column(crowds.looks, np.zeros((0, len(crowds.watched))))
        self.come = _Column(crowds.come, np.zeros((0, len(crowds.layout.turns.firsts))))
        self.curves: list[Floats] = []
        self.come_by_day: list[Floats] = []

    def to(self, day: int) -> None:
        """Goes on to the dusk of a day."""
        crowds = self.crowds
        weights, counted = self._next(day)
        self.counted = self.counted + counted
        self.days += weights @ self.looks.whole()
        over = self.ended.whole()
        self.dusk.look(weights > 0, over, day)
        stopped = np.where(over, weights, 0.0)
        stopped[: len(self.stopped)] += self.stopped
        everything = np.where(over, stopped, weights)
        self.curves.append(self._by_outcome(everything))
        if crowds.layout.turns.firsts:
            self.come_by_day.append(everything @ self.come.whole())
        self.stopped, self.weights = stopped, np.where(over, 0.0, weights)

    def _next(self, day: int) -> tuple[Floats, Floats]:
        """The weights at the dusk of a day, from those at the dusk before."""
        crowds = self.crowds
        operator = self.operators.setdefault(crowds.steps.agendas.signature(day), Operator())
        unknown = [*operator.unknown(self.weights)]
        self.dusk.goes_on(unknown, day)
        for rows in next_rows(crowds, unknown, day):
            operator.learn(rows)
        return operator.apply(self.weights, len(crowds))

    def _by_outcome(self, weights: Floats) -> Floats:
        outcomes = self.outcomes.whole()[: len(weights)]
        return np.bincount(outcomes, weights=weights, minlength=self.count).astype(float)[: self.count]

    def course(self, reached: int, *, stopped: str | None) -> Course:
        """What has become of all runs by now."""
        last = np.zeros(len(self.crowds))
        last[: len(self.stopped)] += self.stopped
        last[: len(self.weights)] += self.weights
        return Course(
            curves=np.array(self.curves).reshape(-1, self.count),
            ended=self._by_outcome(self.stopped),
            counted=self.counted,
            days=self.days,
            come=np.array(self.come_by_day).reshape(len(self.curves), len(self.crowds.layout.turns.firsts)),
            last=last,
            reached=reached,
            stopped=stopped,
        )
