"""The crowds that are reached, numbered, and what each looks like at dusk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import attrs
import numpy as np

from negsim.exact.state.alike import Alike
from negsim.exact.state.branches import Floats, Ints, TooLargeError
from negsim.exact.state.codes import Coding
from negsim.exact.state.layout import Group
from negsim.exact.state.turns import Snapshot
from negsim.exact.step.beginning import Starts
from negsim.exact.step.steps import Steps
from negsim.program.formula import Formula, MeaninglessError, State, new_state

FEWEST = 3  # crowds with one rest that are worth an array


@attrs.frozen
class Undefined:
    """What has no meaning in a crowd, for a run's error; `at_the_end`: only where the run is over then."""

    where: str
    message: str
    at_the_end: bool


class Crowds:
    """All crowds that have been reached. The number of a crowd is its place in the order of discovery."""

    def __init__(self, steps: Steps, *, most: int) -> None:
        self.steps = steps
        self.layout = steps.layout
        self.coding = Coding(steps.layout)
        self.most = most
        self.rests: list[int] = []
        self.codes: list[int] = []
        self.outcomes: list[int] = []  # which outcome holds, by its place in the file; behind all: it has no meaning
        self.ended: list[bool] = []
        self.looks: list[tuple[float, ...]] = []  # what the watched observations see
        self.come: list[tuple[bool, ...]] = []  # which events have come whose first day is looked for
        self.undefined: dict[int, Undefined] = {}
        watched = [(m, formula) for m, formula in steps.layout.program.watched if m.function == "days"]
        self.days = tuple(monitor for monitor, _ in watched)
        self.watched = tuple(formula for _, formula in watched)
        self._numbers: dict[int, dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self.rests)

    def firsts(self, starts: Starts) -> dict[int, float]:
        """The numbers of the crowds in which all runs begin, with their chances."""
        found: dict[int, float] = {}
        for chance, start in starts:
            number = self.first(start)
            found[number] = found.get(number, 0.0) + chance
        return found

    def first(self, start: Snapshot) -> int:
        """The number of the crowd that a snapshot shows."""
        rest, kinds = self.layout.cut(start.values, start.pending)
        counts: dict[int, int] = {}
        for kind in kinds.values():
            counts[kind] = counts.get(kind, 0) + 1
        return self.number(rest, self.coding.code(counts))

    def groups(self, number: int) -> list[Group]:
        """How many members there are of each kind in a crowd, each kind tagged with itself."""
        return self.coding.groups(self.codes[number])

    def number(self, rest: int, code: int) -> int:
        """The number of a crowd, a new one where it has not been reached before."""
        known = self._numbers.setdefault(rest, {})
        found = known.get(code)
        if found is None:
            if len(self.rests) >= self.most:
                raise self._full()
            found = known[code] = len(self.rests)
            self.rests.append(rest)
            self.codes.append(code)
            self._look_at(found, new_state(self.layout.concrete(rest, self.groups(found))[0].values))
        return found

    def _full(self) -> TooLargeError:
        return TooLargeError(f"there are more than {self.most:,} states")

    def numbers(self, rest: int, kinds: Sequence[int], counts: Ints) -> Ints:
        """The numbers of crowds with one rest, from how many members there are of each kind: a row a crowd."""
        codes = self.coding.codes(kinds, counts)
        known = self._numbers.setdefault(rest, {})
        new = [place for place, code in enumerate(codes) if code not in known]
        room = self.most - len(self)
        if new:
            alike = Alike(self.layout, rest, kinds=kinds, counts=counts[new[:room]])
            try:
                self._look_at_all(alike)
            except (MeaninglessError, OverflowError):
                for place in range(len(alike)):
                    self._look_at(len(self.outcomes), alike.shown(place)[0])
            for place in new[:room]:
                known[codes[place]] = len(self.rests)
                self.rests.append(rest)
                self.codes.append(codes[place])
        if len(new) > room:
            raise self._full()
        return np.array([known[code] for code in codes])

    def sorted_out(self, numbers: Iterable[int]) -> Iterator[tuple[list[int], Alike | None]]:
        """Crowds by their rest, to be looked at together; with nothing those that are to be looked at one by one."""
        by_rest: dict[int, list[int]] = {}
        for number in numbers:
            by_rest.setdefault(self.rests[number], []).append(number)
        for rest, those in by_rest.items():
            yield those, self._alike(rest, those) if self.coding.bits and len(those) >= FEWEST else None

    def _alike(self, rest: int, numbers: Sequence[int]) -> Alike | None:
        kinds, counts = self.coding.counts([self.codes[number] for number in numbers])
        return Alike(self.layout, rest, kinds=kinds, counts=counts) if self.coding.fits(kinds) else None

    def read(self, numbers: Sequence[int], slots: Collection[int], look: Callable[[State], float]) -> Floats:
        """What `look` finds in crowds; it looks at these slots alone."""
        found = np.zeros(len(self))
        for those, alike in self.sorted_out(numbers):
            if alike is None:
                found[those] = [look(self.state(number)) for number in those]
            else:
                found[those] = alike.seen(slots, look)
        return found[list(numbers)]

    def state(self, number: int) -> State:
        """A state of a crowd: any of those that differ only in who is who."""
        snapshot, _ = self.layout.concrete(self.rests[number], self.groups(number))
        return new_state(snapshot.values)

    def _look_at_all(self, alike: Alike) -> None:
        """Notes for new crowds which outcome holds, and whether it ends the run."""
        program = self.layout.program

        def read(formula: Formula) -> Floats:
            return alike.seen(formula.reads, lambda state: bool(formula.read(state)))

        holding = np.stack([read(condition) for _, condition, _ in program.outcomes], axis=1) > 0
        looks = [read(formula).tolist() for formula in self.watched]
        self.outcomes += np.argmax(holding, axis=1).tolist()
        self.ended += (holding & np.array([ends for _, _, ends in program.outcomes])).any(axis=1).tolist()
        self.looks += zip(*looks, strict=True) if looks else [()] * len(alike)
        self.come += [self.layout.come(alike.rest)] * len(alike)

    def _look_at(self, number: int, state: State) -> None:
        """Notes which outcome holds in a state of a new crowd, and whether it ends the run; and what has no meaning."""
        program = self.layout.program
        self.come.append(self.layout.come(self.rests[number]))
        ended, looks, place = False, tuple(0.0 for _ in self.watched), len(program.outcomes)
        where, at_the_end = "", False
        try:
            for name, condition in program.ends:
                where = f"outcome `{name}`"
                ended |= bool(condition.read(state))
            where = "a measure"
            looks = tuple(float(bool(formula.read(state))) for formula in self.watched)
            where, at_the_end = "an outcome or a measure", True
            place = next(n for n, (_, condition, _) in enumerate(program.outcomes) if condition.read(state))
        except (MeaninglessError, OverflowError) as error:
            self.undefined[number] = Undefined(where, str(error), at_the_end)
        self.outcomes.append(place)
        self.ended.append(ended)
        self.looks.append(looks)
