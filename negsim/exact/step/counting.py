"""Members counted out for many crowds at once: flat arrays of the crowds in which they can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb

import attrs
import numpy as np

from negsim.exact.state.branches import Floats, Ints, compositions
from negsim.exact.state.codes import LARGEST_PRODUCT, too_many_ways
from negsim.exact.state.rows import Rows
from negsim.exact.step.crowds import Crowds

AT_A_TIME = 500_000  # so many entries of rows are written down at a time, unless one row is longer

# What members that were alike at dawn may be: each kind with its share, crowd by crowd.
Now = tuple[tuple[int, Floats], ...]


@attrs.frozen
class Ends:
    """Something that a day can come to: the rest, what the members of each kind at dawn may be, and its weights."""

    rest: int
    nows: tuple[Now, ...]
    weights: Floats


@attrs.frozen
class _Ways:
    """The ways to count out members, crowd behind crowd: codes and chances, and how many ways each crowd has."""

    codes: Ints
    chances: Floats
    lengths: Ints


@attrs.frozen
class _Entries:
    """Parts of rows: which crowd (by its place) can be in which, with what chance."""

    places: Ints
    numbers: Ints
    chances: Floats


def counted_out(crowds: Crowds, counts: Ints, ends: Sequence[Ends], *, starts: Ints, counted: Floats) -> Iterator[Rows]:
    """The rows of crowds with so many members of each kind at dawn, whose days can come to these ends."""
    sizes = _sizes(crowds, counts, ends)
    first = 0
    while first < len(starts):
        last = first + max(1, int(np.searchsorted(np.cumsum(sizes[first:]), AT_A_TIME, side="right")))
        entries = _Counting(crowds, counts[first:last], _part(ends, first, last)).entries()
        order = np.argsort(entries.places, kind="stable")
        lengths = np.bincount(entries.places, minlength=last - first)
        yield Rows(starts[first:last], lengths, entries.numbers[order], entries.chances[order], counted[first:last])
        first = last


def _sizes(crowds: Crowds, counts: Ints, ends: Sequence[Ends]) -> Floats:
    """How long the row of each crowd can get at most; raises `TooLargeError` where one is too long."""
    found = np.zeros(len(counts))
    for end in ends:
        size = np.ones(len(counts))
        for column, now in zip(counts.T, end.nows, strict=True):
            size *= np.array([comb(n + len(now) - 1, n) for n in range(column.max() + 1)], dtype=float)[column]
        if size.max() > LARGEST_PRODUCT:
            raise too_many_ways(crowds.layout)
        found += size
    return found


def _part(ends: Sequence[Ends], first: int, last: int) -> list[Ends]:
    """The ends of the days of some of the crowds. What is one thing stays one."""
    every = {id(now): now for end in ends for now in end.nows}
    part = {key: tuple((kind, share[first:last]) for kind, share in now) for key, now in every.items()}
    return [Ends(end.rest, tuple(part[id(now)] for now in end.nows), end.weights[first:last]) for end in ends]


class _Counting:
    """The ends of crowds' days, with their members to be counted out.

    A code says how many members there are of each of `kinds`, `bits` bits a kind.
    """

    def __init__(self, crowds: Crowds, counts: Ints, ends: Sequence[Ends]) -> None:
        self.crowds = crowds
        self.counts = counts
        self.ends = ends
        self.bits = crowds.layout.bits
        self.kinds = list(dict.fromkeys(kind for end in ends for now in end.nows for kind, _ in now))
        self._known: dict[tuple[int, int], _Ways] = {}

    def entries(self) -> _Entries:
        """The rows of the crowds, in no order."""
        by_rest: dict[int, list[Ends]] = {}
        for end in self.ends:
            by_rest.setdefault(end.rest, []).append(end)
        found = []
        for rest, ends in by_rest.items():
            listed = zip(*map(self._listed, ends), strict=True)
            entries = self._numbered(rest, *(np.concatenate(parts) for parts in listed))
            can_repeat = len(ends) > 1 or _can_repeat(ends[0].nows)
            found.append(_added_up(entries) if can_repeat else entries)
        return _Entries(*(np.concatenate(parts) for parts in zip(*map(attrs.astuple, found), strict=True)))

    def _listed(self, end: Ends) -> tuple[Ints, Ints, Floats]:
        """An end with its members counted out: the crowds' places, codes, and chances."""
        places = np.flatnonzero(end.weights)
        codes, chances = np.zeros(len(places), dtype=np.int64), end.weights[places]
        for column, now in enumerate(end.nows):
            if len(now) == 1:
                codes = codes + self.counts[places, column] * self._weight(now[0][0])
                continue
            ways = self._ways(column, now)
            index, lengths = _spread(ways.lengths, places)
            places = np.repeat(places, lengths)
            codes = np.repeat(codes, lengths) + ways.codes[index]
            chances = np.repeat(chances, lengths) * ways.chances[index]
        possible = chances > 0
        return places[possible], codes[possible], chances[possible]

    def _weight(self, kind: int) -> int:
        """What one member of a kind adds to a code."""
        return 1 << (self.kinds.index(kind) * self.bits)

    def _ways(self, column: int, now: Now) -> _Ways:
        """The ways to count out those who were of one kind at dawn, for all crowds."""
        found = self._known.get((column, id(now)))
        if found is None:
            found = self._known[column, id(now)] = self._work_out(column, now)
        return found

    def _work_out(self, column: int, now: Now) -> _Ways:
        sizes, which = np.unique(self.counts[:, column], return_inverse=True)
        tables = [compositions(size, len(now)) for size in sizes.tolist()]
        rows = np.concatenate([rows for rows, _ in tables])
        index, lengths = _spread(np.array([len(rows) for rows, _ in tables]), which)
        chances = np.concatenate([ways for _, ways in tables])[index]
        for part, (_, share) in enumerate(now):
            chances = chances * np.repeat(share, lengths) ** rows[:, part][index]
        codes = rows @ np.array([self._weight(kind) for kind, _ in now])
        return _Ways(codes[index], chances, lengths)

    def _numbered(self, rest: int, places: Ints, codes: Ints, chances: Floats) -> _Entries:
        """The crowds with these codes."""
        each, which = np.unique(codes, return_inverse=True)
        mask = (1 << self.bits) - 1
        counts = np.stack([(each >> (place * self.bits)) & mask for place in range(len(self.kinds))], axis=1)
        return _Entries(places, self.crowds.numbers(rest, self.kinds, counts)[which], chances)


def _spread(lengths: Ints, places: Ints) -> tuple[Ints, Ints]:
    """Stretches of these lengths lie one behind the other: all that is in those at some places, and their lengths."""
    firsts, here = np.cumsum(lengths) - lengths, lengths[places]
    shift = firsts[places] - (np.cumsum(here) - here)
    return np.arange(here.sum()) + np.repeat(shift, here), here


def _can_repeat(nows: Sequence[Now]) -> bool:
    """Whether members can be counted out to the same numbers of each kind in several ways."""
    open_kinds = [kind for now in nows if len(now) > 1 for kind, _ in now]
    return len(set(open_kinds)) < len(open_kinds)


def _added_up(entries: _Entries) -> _Entries:
    """What comes several times in a row, once."""
    size = int(entries.numbers.max(initial=0)) + 1
    both, where = np.unique(entries.places * size + entries.numbers, return_inverse=True)
    chances: Floats = np.bincount(where, weights=entries.chances, minlength=len(both)).astype(float)
    return _Entries(both // size, both % size, chances)
