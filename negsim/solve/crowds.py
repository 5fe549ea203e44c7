"""The crowds that are reached, numbered, and the chances of going from one to the next in a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import comb

import attrs
import numpy as np
import numpy.typing as npt
from scipy import sparse

from negsim.kernel.formula import new_state
from negsim.solve.branches import SURE, Branch, Floats, TooLargeError, compositions
from negsim.solve.layout import Group
from negsim.solve.steps import Steps
from negsim.solve.turns import Moment

LARGEST_PRODUCT = 2_000_000  # how many ways to count members out are written down at a time
LONGEST_CODE = 62  # bits of a code that a machine word holds
MOST_CHUNKS = 6

Codes = npt.NDArray[np.int64] | npt.NDArray[np.object_]


@attrs.frozen
class Row:
    """Where one crowd can be at the next dusk: numbers of crowds and chances; and what is counted on the way."""

    numbers: npt.NDArray[np.int64]
    chances: Floats
    counted: Floats


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
        self.outcomes: list[int] = []  # which outcome holds, by its place in the file
        self.ended: list[bool] = []
        self.looks: list[tuple[float, ...]] = []  # what the watched observations see
        self.flags: list[tuple[bool, ...]] = []  # which flags are up
        self.watched = [formula for _, function, formula in steps.layout.program.watched if function == "days"]
        self._numbers: dict[int, dict[int, int]] = {}
        largest = max((len(orbit) for orbit in self.layout.orbits), default=0)
        self._bits = largest.bit_length()

    def __len__(self) -> int:
        return len(self.rests)

    def code(self, counts: Mapping[int, int]) -> int:
        """The code for so many members of each kind."""
        return sum(count << (kind * self._bits) for kind, count in counts.items())

    def first(self, start: Moment) -> int:
        """The number of the crowd in which a moment is."""
        rest, kinds = self.layout.cut(start.values, start.pending)
        counts: dict[int, int] = {}
        for kind in kinds.values():
            counts[kind] = counts.get(kind, 0) + 1
        return self.number(rest, self.code(counts))

    def groups(self, number: int) -> list[Group]:
        """How many members there are of each kind in a crowd, each kind tagged with itself."""
        code, found, bits = self.codes[number], [], self._bits
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
                raise TooLargeError(f"there are more than {self.most:,} states")
            found = known[code] = len(self.rests)
            self.rests.append(rest)
            self.codes.append(code)
            self._look_at(found)
        return found

    def _look_at(self, number: int) -> None:
        """Notes which outcome holds in a crowd, and whether it ends the run."""
        moment, _ = self.layout.concrete(self.rests[number], self.groups(number))
        state = new_state(moment.values)
        program = self.layout.program
        self.flags.append(moment.values[len(program.initial) :])  # type: ignore[arg-type] # they are truths
        holding = [place for place, (_, condition, _) in enumerate(program.outcomes) if condition.read(state)]
        self.outcomes.append(holding[0])
        self.ended.append(any(program.outcomes[place][2] for place in holding))
        self.looks.append(tuple(float(bool(formula.read(state))) for formula in self.watched))

    def row(self, number: int, day: int) -> Row:
        """Where a crowd can be at the dusk of a day, if it was so at the dusk before."""
        branch, today = self.steps.today(self.rests[number], self.groups(number), day)
        found = today.flow({branch: SURE}, 0)
        return self.row_of(found.ends, found.counted)

    def row_of(self, ends: Mapping[Branch, float], counted: Floats) -> Row:
        """The crowds in which branches end, with their chances."""
        pieces: dict[int, list[tuple[Codes, Floats]]] = {}
        for branch, weight in ends.items():
            codes, chances = self._codes(branch)
            pieces.setdefault(branch.rest, []).append((codes, chances * weight))
        numbers: list[int] = []
        chances_found: list[Floats] = []
        for rest, parts in pieces.items():
            codes, chances = _added_up(parts)
            numbers += [self.number(rest, code) for code in codes.tolist()]
            chances_found.append(chances)
        together = np.concatenate(chances_found)
        return Row(np.array(numbers, dtype=np.int64), together, counted)

    def _codes(self, branch: Branch) -> tuple[Codes, Floats]:
        """The codes that a branch can have at its end, with their chances."""
        whole = self._bits * len(self.layout.kinds) <= LONGEST_CODE
        codes: Codes = np.zeros(1, dtype=np.int64 if whole else object)
        chances = np.ones(1)
        for sort in branch.sorts:
            weights = [1 << (kind * self._bits) for kind, _ in sort.now]
            if len(weights) == 1:
                codes = codes + sort.size * weights[0]
                continue
            size = comb(sort.size + len(weights) - 1, len(weights) - 1)
            if size * len(codes) > LARGEST_PRODUCT:
                raise TooLargeError(f"members can be counted out in more than {LARGEST_PRODUCT:,} ways on one day")
            rows, ways = compositions(sort.size, len(weights))
            share = ways * np.prod(np.array([each for _, each in sort.now]) ** rows, axis=1)
            more = rows @ np.array(weights) if whole else rows.astype(object) @ np.array(weights, dtype=object)
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


class Operator:
    """The one-day step for days of one signature, as far as crowds have been reached on such days."""

    def __init__(self) -> None:
        self.known = np.zeros(0, dtype=bool)
        self._chunks: list[tuple[npt.NDArray[np.int64], sparse.csr_array, Floats]] = []

    def unknown(self, weights: Floats) -> Iterator[int]:
        """The crowds with weight whose step is not known yet."""
        known = np.zeros(len(weights), dtype=bool)
        known[: len(self.known)] = self.known
        self.known = known
        yield from np.flatnonzero((weights > 0) & ~known).tolist()

    def learn(self, starts: Sequence[int], rows: Sequence[Row], size: int) -> None:
        """Takes in the steps of some crowds; `size` is the number of crowds now."""
        if not starts:
            return
        self.known[np.array(starts)] = True
        ends = np.concatenate([row.numbers for row in rows])
        chances = np.concatenate([row.chances for row in rows])
        offsets = np.cumsum([0, *(len(row.numbers) for row in rows)])
        matrix = sparse.csr_array((chances, ends, offsets), shape=(len(starts), size))
        self._chunks.append((np.array(starts), matrix, np.array([row.counted for row in rows])))
        if len(self._chunks) > MOST_CHUNKS:
            self._join(size)

    def _join(self, size: int) -> None:
        wide = [
            sparse.csr_array((m.data, m.indices, m.indptr), shape=(len(starts), size)) for starts, m, _ in self._chunks
        ]
        starts = np.concatenate([starts for starts, _, _ in self._chunks])
        counted = np.concatenate([counted for _, _, counted in self._chunks])
        self._chunks = [(starts, sparse.vstack(wide, format="csr"), counted)]

    def apply(self, weights: Floats, size: int) -> tuple[Floats, Floats]:
        """The weights of all crowds a day later, and what was counted."""
        after = np.zeros(size)
        total: Floats = np.zeros(self._chunks[0][2].shape[1] if self._chunks else 0)
        for starts, matrix, counted in self._chunks:
            share = weights[starts]
            after[: matrix.shape[1]] += matrix.T @ share
            total = total + share @ counted
        return after, total
