"""The models of `alike.yaml` and `two_alike.yaml` as Markov chains over counts, by hand in NumPy and SciPy.

Nobody tells members of one group apart, so a state is the conflict, the backstop, and of each group how many
are in place and how many were struck. Members act independently within a day, so their numbers move by
binomials whose chances are those of the last dusk. This is what exact solving by negsim is measured against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
OUTCOMES = ("escalation", "guarded", "unguarded", "war_goes_on")


@dataclass(frozen=True)
class Group:
    """Interchangeable members: how many, and their chances a day while nobody is there and nobody was struck."""

    size: int
    go: float
    strike: float


@dataclass(frozen=True)
class Parameters:
    """What the two models share, with the values of the YAML."""

    horizon: int = 365
    escalation_at: int = 13
    stop_chance: float = 0.015
    by_ceasefire: float = 2 / 3
    hardening: float = 0.01
    ceasefire_resumption: float = 0.03
    armistice_resumption: float = 0.012
    deterrence: float = 0.7
    backstop_chance: float = 0.004
    pull: float = 1.5
    backstop_pull: float = 1.4
    spread: float = 2.0
    backstop_relief: float = 0.4


ALIKE = (Group(26, 0.01, 0.006),)
TWO_ALIKE = (Group(13, 0.014, 0.005), Group(13, 0.007, 0.008))


@dataclass(frozen=True)
class ByHandChain:
    """A day of the chain as arrays: over those in place (rows) and those struck (columns), for no backstop and one.

    States in which more are struck than are in place stay empty.
    """

    groups: tuple[Group, ...]
    p: Parameters = Parameters()

    @cached_property
    def present(self) -> NDArray[np.intp]:
        """How many of each group are in place, for each row."""
        return np.array(list(product(*(range(group.size + 1) for group in self.groups))))

    @cached_property
    def hit(self) -> NDArray[np.intp]:
        """How many of each group were struck, for each column, as long as the run goes on."""
        every = product(*(range(min(group.size, self.p.escalation_at) + 1) for group in self.groups))
        return np.array([each for each in every if sum(each) < self.p.escalation_at])

    @cached_property
    def members(self) -> int:
        return sum(group.size for group in self.groups)

    @cached_property
    def resumption(self) -> Floats:
        """The chance that fighting resumes, of a ceasefire and of an armistice, for each row."""
        chances = np.array([self.p.ceasefire_resumption, self.p.armistice_resumption])
        found: Floats = chances[:, None] * (1 - self.p.deterrence * self.present.sum(axis=1) / self.members)
        return found

    @cached_property
    def deployments(self) -> Floats:
        """How those in place change in a day without fighting: backstop, row after, row before."""
        here, there = self.present[None, :, :], self.present[:, None, :]
        drawn = 1 + self.p.pull * here.sum(axis=2) / self.members
        found = np.ones((2, len(self.present), len(self.present)))
        for backstop, factor in enumerate((1.0, self.p.backstop_pull)):
            for k, group in enumerate(self.groups):
                trials, times = group.size - here[..., k], there[..., k] - here[..., k]
                found[backstop] *= binomials(trials, times, group.go * drawn * factor)
        return found

    @cached_property
    def strikes(self) -> tuple[sparse.csr_array, sparse.csr_array]:
        """How those struck change in a day of fighting, for each backstop: state after, state before."""
        rows, before, after = self._strikes_that_can_be
        shape = (len(self.present) * len(self.hit),) * 2
        places = (rows * len(self.hit) + after, rows * len(self.hit) + before)
        totals = np.arange(self.p.escalation_at)
        found = []
        for factor in (1.0, 1 - self.p.backstop_relief):
            provoked = (1 + self.p.spread * totals / self.members) * factor
            chances = np.ones(len(rows))
            for k, group in enumerate(self.groups):
                numbers = np.arange(group.size + 1)
                table = binomials(numbers[:, None], numbers[None, :], (group.strike * provoked)[:, None, None])
                here = self.hit[before, k]
                trials, times = self.present[rows, k] - here, self.hit[after, k] - here
                chances *= table[self.hit[before].sum(axis=1), trials, times]
            found.append(sparse.csr_array(sparse.coo_array((chances, places), shape=shape)))
        return found[0], found[1]

    @cached_property
    def _strikes_that_can_be(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Rows with the columns before and after: none is struck twice, and none that is not in place."""
        here, there = self.hit[None, :, None, :], self.hit[None, None, :, :]
        rows, before, after = np.nonzero(((here <= there) & (there <= self.present[:, None, None, :])).all(axis=3))
        return rows.astype(np.int32), before.astype(np.int32), after.astype(np.int32)

    @cached_property
    def escalations(self) -> Floats:
        """The chance that a day of fighting ends the run: backstop, state."""
        return 1 - np.array([np.asarray(each.sum(axis=0)).ravel() for each in self.strikes])

    def curves(self) -> dict[str, list[float]]:
        """The probability of each outcome at the dusk of each day, from day 0 to the horizon."""
        p, rows, columns = self.p, len(self.present), len(self.hit)
        fighting = np.zeros((2, rows, columns))
        stopped = np.zeros((2, rows, 2, columns))  # backstop, row, ceasefire or armistice, column
        fighting[0, 0, 0] = 1.0
        resumption = self.resumption.T[None, :, :, None]
        staying = 1 - resumption
        escalated = 0.0
        days = np.zeros((p.horizon + 1, len(OUTCOMES)))
        days[0, 3] = 1.0
        for day in range(1, p.horizon + 1):
            stop = fighting * p.stop_chance
            fighting -= stop
            escalated += float((self.escalations * fighting.reshape(2, -1)).sum())
            back = (stopped * resumption).sum(axis=2)
            stopped *= staying
            for backstop in (0, 1):
                fighting[backstop] = (self.strikes[backstop] @ fighting[backstop].ravel()).reshape(rows, columns)
                flat = stopped[backstop].reshape(rows, -1)
                stopped[backstop] = (self.deployments[backstop] @ flat).reshape(rows, 2, columns)
            fighting += back
            hardened = stopped[:, :, 0] * p.hardening
            stopped[:, :, 0] += p.by_ceasefire * stop - hardened
            stopped[:, :, 1] += (1 - p.by_ceasefire) * stop + hardened
            for mass in (fighting, stopped):
                announced = mass[0] * p.backstop_chance
                mass[0] -= announced
                mass[1] += announced
            nobody = stopped[:, 0].sum()
            days[day] = escalated, stopped.sum() - nobody, nobody, fighting.sum()
        return dict(zip(OUTCOMES, days.T.tolist(), strict=True))

    def explicit(self) -> Explicit:
        """The chain state by state: one row a state, those that have ended as the last one."""
        p, inside = self.p, self._inside
        backstops = np.array([[1 - p.backstop_chance, p.backstop_chance], [0.0, 1.0]])
        same = sparse.eye_array(len(inside), format="csr")
        blocks: list[list[sparse.csr_array]] = []
        for backstop in (0, 1):
            strikes = sparse.csr_array(self.strikes[backstop].T)[inside][:, inside]
            moves = sparse.kron(self.deployments[backstop].T, sparse.eye_array(len(self.hit)), format="csr")
            moves = moves[inside][:, inside]
            back = [sparse.diags_array(np.repeat(each, len(self.hit))[inside]) for each in self.resumption]
            stay = [(same - each) @ moves for each in back]
            days = (
                (
                    strikes * (1 - p.stop_chance),
                    same * (p.stop_chance * p.by_ceasefire),
                    same * (p.stop_chance * (1 - p.by_ceasefire)),
                ),
                (back[0], stay[0] * (1 - p.hardening), stay[0] * p.hardening),
                (back[1], same * 0, stay[1]),
            )
            ended = (self.escalations[backstop][inside] * (1 - p.stop_chance), *(np.zeros(len(inside)),) * 2)
            for day, end in zip(days, ended, strict=True):
                chances = backstops[backstop]
                row = [part * chance for chance in chances for part in day]
                blocks.append([*row, sparse.csr_array(end[:, None])])
        last = [*([None] * 6), sparse.csr_array(np.ones((1, 1)))]
        matrix = sparse.csr_array(sparse.block_array([*blocks, last], format="csr"))
        matrix.eliminate_zeros()
        matrix.sort_indices()
        return Explicit(matrix, *self._named())

    @cached_property
    def _inside(self) -> NDArray[np.intp]:
        """The states, by row and column, in which none is struck that is not in place."""
        return np.flatnonzero((self.hit[None, :, :] <= self.present[:, None, :]).all(axis=2))

    def _named(self) -> tuple[NDArray[np.intp], dict[str, NDArray[np.intp]]]:
        """The values of the variables of each state, and the states of each outcome."""
        row, column = np.divmod(self._inside, len(self.hit))
        counts = np.column_stack((self.present[row], self.hit[column]))
        states = [
            np.column_stack((np.full(len(counts), conflict), np.full(len(counts), backstop), counts))
            for backstop in (0, 1)
            for conflict in (0, 1, 2)
        ]
        end = np.full((1, states[0].shape[1]), -1)
        every = np.vstack([*states, end])
        stopped, present = every[:, 0] > 0, every[:, 2 : 2 + len(self.groups)].sum(axis=1) > 0
        held = {
            "escalation": every[:, 0] < 0,
            "guarded": stopped & present,
            "unguarded": stopped & ~present,
            "war_goes_on": every[:, 0] == 0,
        }
        return every, {name: np.flatnonzero(found) for name, found in held.items()}


@dataclass(frozen=True)
class Explicit:
    """A chain state by state, from state 0: the chances of a day, the states' variables, the states of each outcome."""

    matrix: sparse.csr_array
    states: NDArray[np.intp]
    labels: Mapping[str, NDArray[np.intp]]

    def curves(self, horizon: int) -> dict[str, list[float]]:
        """The probability of each outcome day by day, by nothing but products with the matrix."""
        mass = np.zeros(len(self.states))
        mass[0] = 1.0
        day = sparse.csr_array(self.matrix.T)
        found: dict[str, list[float]] = {name: [] for name in self.labels}
        for _ in range(horizon + 1):
            for name, states in self.labels.items():
                found[name].append(float(mass[states].sum()))
            mass = day @ mass
        return found


def binomials(trials: NDArray[np.intp], times: NDArray[np.intp], chance: Floats) -> Floats:
    """The chances of so many successes; 0 of fewer than none and of more than there are trials."""
    most = int(trials.max())
    ways = np.array([[float(comb(n, k)) for k in range(most + 1)] for n in range(most + 1)])
    can_be = (times >= 0) & (times <= trials)
    n, k = np.where(can_be, trials, 0), np.where(can_be, times, 0)
    return np.where(can_be, ways[n, k] * chance**k * (1 - chance) ** (n - k), 0.0)
