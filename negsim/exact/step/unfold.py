"""Days with decisions: what each option leads to, written out so that it can be looked at backwards.

The decisions of a day hang below each other like forks of a way: a fork's options lead to crowds at dusk
and to forks later that day. Forks are numbered so that one comes after those that lead to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import numpy.typing as npt

from negsim.exact.state.branches import SURE, Branches, Floats, TooLargeError
from negsim.exact.step.agenda import Agenda
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.day_rows import row_of
from negsim.exact.step.today import Begun, Decision, Found, Today, today_of

if TYPE_CHECKING:
    from scipy import sparse

Numbers = npt.NDArray[np.int64]


@attrs.frozen
class OpenWay:
    """Where one step leads: crowds and forks, by number, with their chances."""

    crowds: Numbers
    crowd_chances: Floats
    forks: Numbers
    fork_chances: Floats


@attrs.frozen
class Fork:
    """A decision in the middle of a day; `depth` counts the decisions before it on that day."""

    decision: Decision
    depth: int


class Unfolded:
    """The steps of all days of one signature, decisions kept apart: from crowds (`ways`) and from forks' options."""

    def __init__(self, crowds: Crowds, *, most: int) -> None:
        self.crowds = crowds
        self.known: dict[int, int] = {}  # crowd -> place among `ways`
        self.ways: list[OpenWay] = []
        self.forks: list[Fork] = []
        self.options: list[list[OpenWay]] = []  # of each fork
        self._most = most
        self._matrices: _Matrices | None = None

    def learn(self, number: int, day: int) -> None:
        """Unfolds the day after one crowd."""
        if number in self.known:
            return
        crowds = self.crowds
        branch, today = today_of(crowds.steps, crowds.rests[number], crowds.groups(number), day)
        found = today.flow({branch: SURE}, 0)
        self.known[number] = len(self.ways)
        self.ways.append(self._way(found, today.agenda, 0))
        self._matrices = None

    def _way(self, found: Found, agenda: Agenda, depth: int) -> OpenWay:
        forks, chances = [], []
        for decision, chance in found.decisions.values():
            forks.append(self._fork(decision, agenda, depth))
            chances.append(chance)
        row = row_of(self.crowds, found.ends, found.counted) if found.ends else None
        return OpenWay(
            np.zeros(0, dtype=np.int64) if row is None else row.numbers,
            np.zeros(0) if row is None else row.chances,
            np.array(forks, dtype=np.int64),
            np.array(chances, dtype=float),
        )

    def _fork(self, decision: Decision, agenda: Agenda, depth: int) -> int:
        if len(self.forks) >= self._most:
            raise TooLargeError(f"there are more than {self._most:,} situations in which a decision is made")
        number = len(self.forks)
        self.forks.append(Fork(decision, depth))
        self.options.append([])
        for option in range(len(decision.options)):
            today = Today(self.crowds.steps, agenda)
            after: Branches = {}
            begun = Begun(decision.moment, decision.tags, SURE, (option, None))
            today.go_through(decision.item, begun, after, name=decision.rule)
            found = today.flow(after, decision.item + 1)
            self.options[number].append(self._way(found, agenda, depth + 1))
        return number

    @property
    def matrices(self) -> _Matrices:
        """All steps as matrices, for the crowds that are known now."""
        if self._matrices is None:
            self._matrices = _Matrices(self)
        return self._matrices


@attrs.frozen
class Level:
    """The forks of one depth, and all their options in a row: `firsts` is where each fork's options begin.

    For each option, `options` is its row in the matrices, `owners` its fork, `segments` that fork's place in
    the level.
    """

    forks: Numbers
    options: Numbers
    owners: Numbers
    segments: Numbers
    firsts: Numbers


class _Matrices:
    """Steps as sparse matrices: rows are crowds that are known, or options of forks."""

    def __init__(self, unfolded: Unfolded) -> None:
        size, forks = len(unfolded.crowds), len(unfolded.forks)
        self.starts = np.array(list(unfolded.known), dtype=np.int64)
        self.to_crowds, self.to_forks = _stacked(unfolded.ways, size, forks)
        flat = [way for options in unfolded.options for way in options]
        self.option_crowds, self.option_forks = _stacked(flat, size, forks)
        counts = [len(options) for options in unfolded.options]
        self.firsts = np.cumsum([0, *counts])[:-1].astype(np.int64)
        self.counts = np.array(counts, dtype=np.int64)
        depths = np.array([fork.depth for fork in unfolded.forks], dtype=np.int64)
        levels = [np.flatnonzero(depths == depth) for depth in range(int(depths.max(initial=-1)) + 1)]
        self.levels = [self._level(forks_of_it) for forks_of_it in levels]

    def _level(self, forks: Numbers) -> Level:
        counts = self.counts[forks]
        firsts = np.cumsum([0, *counts])[:-1].astype(np.int64)
        segments = np.repeat(np.arange(len(forks)), counts)
        options = self.firsts[forks][segments] + np.arange(len(segments)) - firsts[segments]
        return Level(forks, options, forks[segments], segments, firsts)


def _stacked(ways: Sequence[OpenWay], crowds: int, forks: int) -> tuple[sparse.csr_array, sparse.csr_array]:
    from scipy import sparse  # noqa: PLC0415 - it is slow to import, and needed here alone

    def matrix(columns: Sequence[Numbers], chances: Sequence[Floats], width: int) -> sparse.csr_array:
        offsets = np.cumsum([0, *(len(each) for each in columns)])
        whole: list[Any] = [*columns, np.zeros(0, dtype=np.int64)]
        values: list[Any] = [*chances, np.zeros(0)]
        return sparse.csr_array((np.concatenate(values), np.concatenate(whole), offsets), shape=(len(columns), width))

    return (
        matrix([way.crowds for way in ways], [way.crowd_chances for way in ways], crowds),
        matrix([way.forks for way in ways], [way.fork_chances for way in ways], max(forks, 1)),
    )
