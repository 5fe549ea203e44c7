"""How many members there are of each kind, as one whole number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from negsim.exact.state.branches import Branch, Floats, Ints, TooLargeError, compositions
from negsim.exact.state.layout import Group, Layout

WORD = 62  # bits of a code that a machine word holds
LARGEST_PRODUCT = 2_000_000  # how many ways to count members out are written down at a time

Codes = Ints | npt.NDArray[np.object_]


def too_many_ways(layout: Layout) -> TooLargeError:
    """Why members cannot be counted out."""
    step = layout.turns.program.scenario.calendar.step
    return TooLargeError(f"members can be counted out in more than {LARGEST_PRODUCT:,} ways {step.on} one {step}")


class Coding:
    """The codes of one layout's crowds: `bits` bits a kind, which hold how many members there are of it."""

    def __init__(self, layout: Layout) -> None:
        self.bits = layout.bits
        self._layout = layout
        self._kinds = layout.kinds

    @property
    def dtype(self) -> Any:
        """What holds a code in an array, with the kinds that there are by now."""
        return np.int64 if self.fits(self._kinds) else object

    def fits(self, kinds: Collection[Any]) -> bool:
        """Whether numbers of members of these kinds fit into a machine word."""
        return self.bits * len(kinds) <= WORD

    def code(self, counts: Mapping[int, int]) -> int:
        """The code for so many members of each kind."""
        return sum(count << (kind * self.bits) for kind, count in counts.items())

    def groups(self, code: int) -> list[Group]:
        """How many members there are of each kind, each kind tagged with itself."""
        found, bits = [], self.bits
        while code:
            kind = ((code & -code).bit_length() - 1) // bits
            count = (code >> (kind * bits)) & ((1 << bits) - 1)
            found.append((kind, kind, count))
            code -= count << (kind * bits)
        return found

    def counts(self, codes: Sequence[int]) -> tuple[list[int], Ints]:
        """The kinds that there are in some codes, and how many members of each: a row a code."""
        every = np.array(codes, dtype=self.dtype)
        kinds = [kind for kind, _, _ in self.groups(int(np.bitwise_or.reduce(every)))]
        mask = (1 << self.bits) - 1
        counts = [((every >> (kind * self.bits)) & mask).astype(np.int64) for kind in kinds]
        return kinds, np.stack(counts, axis=1)

    def codes(self, kinds: Sequence[int], counts: Ints) -> list[int]:
        """The codes for how many members there are of each kind: a row a code."""
        weights = np.array([1 << (kind * self.bits) for kind in kinds], dtype=self.dtype)
        found: list[int] = (counts.astype(self.dtype) @ weights).tolist()
        return found

    def of_branch(self, branch: Branch) -> int:
        """The code of a branch whose members are counted."""
        return sum(sort.size << (sort.now[0][0] * self.bits) for sort in branch.sorts)

    def possible(self, branch: Branch) -> tuple[Codes, Floats]:
        """The codes that a branch can have at its end, with their chances."""
        dtype = self.dtype
        codes: Codes = np.zeros(1, dtype=dtype)
        chances = np.ones(1)
        for sort in branch.sorts:
            weights = [1 << (kind * self.bits) for kind, _ in sort.now]
            if len(weights) == 1:
                codes = codes + sort.size * weights[0]
                continue
            size = comb(sort.size + len(weights) - 1, len(weights) - 1)
            if size * len(codes) > LARGEST_PRODUCT:
                raise too_many_ways(self._layout)
            rows, ways = compositions(sort.size, len(weights))
            share = ways * np.prod(np.array([each for _, each in sort.now]) ** rows, axis=1)
            more = rows.astype(dtype) @ np.array(weights, dtype=dtype)
            codes = np.add.outer(codes, more).ravel()
            chances = np.multiply.outer(chances, share).ravel()
        return codes, chances
