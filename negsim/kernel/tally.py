"""What the measures of a scenario see along a run: events as they are logged, and dusks.

The same tally is kept by a running day and by a fold of a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from negsim.program.formula import Formula, MeaninglessError, State
from negsim.program.program import Occurrence, Program

LARGEST_MEASURE = 1e300


class Tally:
    """The observations of one run so far.

    `first`, `last` and `count` change with events, `days` and `most` at dusks. A dusk is told only
    where a watched formula may have changed; the days between two dusks have the first one's state.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.forget()

    def forget(self) -> None:
        """Begins anew, as if nothing had been seen yet."""
        self.values: list[Any] = [0 if o.function in ("count", "days") else None for o in self.program.observations]
        self._since: dict[int, tuple[int, bool]] = {}

    def copy(self) -> Tally:
        """The same observations, to go on with apart."""
        return self.under(self.program)

    def under(self, program: Program) -> Tally:
        """The same observations, to go on with under other parameters or readings."""
        tally = Tally.__new__(Tally)
        tally.program = program
        tally.values, tally._since = [*self.values], {**self._since}  # noqa: SLF001 - one tally becomes another
        return tally

    def event(self, occurrence: Occurrence, state: State, day: int) -> None:
        """Counts an event; `state` is the one just before it."""
        values = self.values
        for index, function, condition in occurrence.counted:
            if condition is not None and not condition.read(state):
                continue
            if function == "count":
                values[index] += 1
            elif function == "last" or values[index] is None:
                values[index] = day

    def dusk(self, number: int, state: State, day: int) -> None:
        """Looks at the watched formula of that number at the dusk of a day."""
        index, function, formula = self.program.watched[number]
        value = formula.read(state)
        if function == "most":
            best = self.values[index]
            self.values[index] = value if best is None or value > best else best
            return
        since, held = self._since.get(number, (day, False))
        if held:
            self.values[index] += day - since
        self._since[number] = (day, value)

    def close(self, state: State, day: int) -> Mapping[str, Any]:
        """The measures of a run that ended at the dusk of a day; nothing where one reads a nothing."""
        for number, (since, held) in sorted(self._since.items()):
            if held:
                self.values[self.program.watched[number][0]] += day - since + 1
        self._since = {}
        whole = [*state, *self.values, state[-1]]  # a state ends with its version
        return {name: _measured(name, formula, whole) for name, formula in self.program.measures.items()}


def _measured(name: str, formula: Formula, whole: list[Any]) -> Any:
    if any(whole[slot] is None for slot in formula.reads):
        return None
    value = formula.read(whole)
    if not -LARGEST_MEASURE <= value <= LARGEST_MEASURE:
        raise MeaninglessError(f"measure `{name}` is past 1e300, too large a number to keep")
    return value
