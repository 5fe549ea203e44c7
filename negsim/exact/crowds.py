"""The crowds that are reached, numbered, and where each can be a day later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import comb
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from negsim.exact.alike import WORD, Alike
from negsim.exact.branches import SURE, Branch, Floats, Ints, TooLargeError, compositions
from negsim.exact.layout import Group
from negsim.exact.rows import Row
from negsim.exact.steps import Steps
from negsim.exact.today import today_of
from negsim.exact.turns import Snapshot
from negsim.program.formula import Formula, MeaninglessError, State, new_state

FEWEST = 3  # crowds with one rest that are worth an array
LARGEST_PRODUCT = 2_000_000  # how many ways to count members out are written down at a time
TOO_MANY_WAYS = f"members can be counted out in more than {LARGEST_PRODUCT:,} ways on one day"

Codes = Ints | npt.NDArray[np.object_]


@attrs.frozen
class Undefined:
    """What has no meaning in a crowd, for a run's error; `at_the_end`: only where the run is over then."""

    where: str
    message: str
    at_the_end: bool


class Crowds:
    """All crowds that have been reached. The number of a crowd is its place in the order of discovery.

    A crowd's code holds how many members there are of each kind, `bits` bits a kind.
    """

    def __init__(self, steps: Steps, *, most: int) -> None:
        self.steps = steps
        self.layout = steps.layout
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
        self._bits = self.layout.bits

    def __len__(self) -> int:
        return len(self.rests)

    def code(self, counts: Mapping[int, int]) -> int:
        """The code for so many members of each kind."""
        return sum(count << (kind * self._bits) for kind, count in counts.items())

    def first(self, start: Snapshot) -> int:
        """The number of the crowd that a snapshot shows."""
        rest, kinds = self.layout.cut(start.values, start.pending)
        counts: dict[int, int] = {}
        for kind in kinds.values():
            counts[kind] = counts.get(kind, 0) + 1
        return self.number(rest, self.code(counts))

    def groups(self, number: int) -> list[Group]:
        """How many members there are of each kind in a crowd, each kind tagged with itself."""
        return self._groups(self.codes[number])

    def _groups(self, code: int) -> list[Group]:
        found, bits = [], self._bits
        while code:
            kind = ((code & -code).bit_length() - 1) // bits
            count = (code >> (kind * bits)) & ((1 << bits) - 1)
            found.append((kind, kind, count))
            code -= count << (kind * bits)
        return found

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

    @property
    def _dtype(self) -> Any:
        """What holds a code."""
        return np.int64 if self._bits * len(self.layout.kinds) <= WORD else object

    def _counts(self, numbers: Sequence[int]) -> tuple[list[int], Ints]:
        """The kinds that there are in crowds, and how many members of each: a row a crowd."""
        codes = np.array([self.codes[number] for number in numbers], dtype=self._dtype)
        kinds = [kind for kind, _, _ in self._groups(int(np.bitwise_or.reduce(codes)))]
        mask = (1 << self._bits) - 1
        counts = [((codes >> (kind * self._bits)) & mask).astype(np.int64) for kind in kinds]
        return kinds, np.stack(counts, axis=1)

    def numbers(self, rest: int, kinds: Sequence[int], counts: Ints) -> Ints:
        """The numbers of crowds with one rest, from how many members there are of each kind: a row a crowd."""
        dtype = self._dtype
        weights = np.array([1 << (kind * self._bits) for kind in kinds], dtype=dtype)
        codes = (counts.astype(dtype) @ weights).tolist()
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

    def fits(self, kinds: Collection[int]) -> bool:
        """Whether numbers of members of these kinds fit into a machine word."""
        return self._bits * len(kinds) <= WORD

    def sorted_out(self, numbers: Iterable[int]) -> Iterator[tuple[list[int], Alike | None]]:
        """Crowds by their rest, to be looked at together; with nothing those that are to be looked at one by one."""
        by_rest: dict[int, list[int]] = {}
        for number in numbers:
            by_rest.setdefault(self.rests[number], []).append(number)
        for rest, those in by_rest.items():
            yield those, self._alike(rest, those) if self._bits and len(those) >= FEWEST else None

    def _alike(self, rest: int, numbers: Sequence[int]) -> Alike | None:
        kinds, counts = self._counts(numbers)
        return Alike(self.layout, rest, kinds=kinds, counts=counts) if self.fits(kinds) else None

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

    def row(self, number: int, day: int) -> Row:
        """Where a crowd can be at the dusk of a day, if it was so at the dusk before."""
        branch, today = today_of(self.steps, self.rests[number], self.groups(number), day)
        found = today.flow({branch: SURE}, 0)
        return self.row_of(found.ends, found.counted)

    def row_of(self, ends: Mapping[Branch, float], counted: Floats) -> Row:
        """The crowds in which branches end, with their chances."""
        sure: dict[int, dict[int, float]] = {}
        pieces: dict[int, list[tuple[Codes, Floats]]] = {}
        for branch, weight in ends.items():
            if branch.is_counted:
                code = sum(sort.size << (sort.now[0][0] * self._bits) for sort in branch.sorts)
                known = sure.setdefault(branch.rest, {})
                known[code] = known.get(code, 0.0) + weight
            else:
                codes, chances = self._codes(branch)
                pieces.setdefault(branch.rest, []).append((codes, chances * weight))
        for rest, parts in pieces.items():
            known = sure.setdefault(rest, {})
            parts.append((np.array([*known], dtype=self._dtype), np.array([*known.values()])))
            codes, chances = _added_up(parts)
            sure[rest] = dict(zip(codes.tolist(), chances.tolist(), strict=True))
        numbers = [self.number(rest, code) for rest, codes in sure.items() for code in codes]
        weights = [chance for codes in sure.values() for chance in codes.values()]
        return Row(np.array(numbers, dtype=np.int64), np.array(weights), counted)

    def _codes(self, branch: Branch) -> tuple[Codes, Floats]:
        """The codes that a branch can have at its end, with their chances."""
        dtype = self._dtype
        codes: Codes = np.zeros(1, dtype=dtype)
        chances = np.ones(1)
        for sort in branch.sorts:
            weights = [1 << (kind * self._bits) for kind, _ in sort.now]
            if len(weights) == 1:
                codes = codes + sort.size * weights[0]
                continue
            size = comb(sort.size + len(weights) - 1, len(weights) - 1)
            if size * len(codes) > LARGEST_PRODUCT:
                raise TooLargeError(TOO_MANY_WAYS)
            rows, ways = compositions(sort.size, len(weights))
            share = ways * np.prod(np.array([each for _, each in sort.now]) ** rows, axis=1)
            more = rows.astype(dtype) @ np.array(weights, dtype=dtype)
            codes = np.add.outer(codes, more).ravel()
            chances = np.multiply.outer(chances, share).ravel()
        return codes, chances


def _added_up(parts: Sequence[tuple[Codes, Floats]]) -> tuple[Codes, Floats]:
    """Codes, each once, with their chances added up; what has no chance is left out."""
    codes = np.concatenate([codes for codes, _ in parts])
    chances = np.concatenate([chances for _, chances in parts])
    if len(codes) > 1:
        codes, places = np.unique(codes, return_inverse=True)
        chances = np.bincount(places, weights=chances, minlength=len(codes))
    possible = chances > 0
    return codes[possible], chances[possible]
