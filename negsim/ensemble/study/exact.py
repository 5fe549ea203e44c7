"""Exact solutions under several settings: the cells of a matrix, without sampling."""

from __future__ import annotations

from typing import Any

import attrs

from negsim.addition import added
from negsim.ensemble.design.cells import Cell, varied
from negsim.exact.answer.solution import Solution
from negsim.scenario.held import taken_otherwise
from negsim.scenario.model import Scenario
from negsim.version import VERSION

SAME = 1e-12  # what is nearer than this differs by rounding alone
SAME_PART = 1e-9  # of the larger of two probabilities; tiny ones are told to so much


@attrs.frozen
class ExactEffect:
    """What taking another option of one reading changes, all else left as it is.

    `changes` are the differences of the outcomes' probabilities; `moved` is half the sum of their sizes: how
    much probability lies elsewhere (the total variation distance). Both are nothing where not both
    solutions are exact.
    """

    reading: str
    option: str
    solution: Solution
    changes: dict[str, float] | None
    moved: float | None

    def size(self, outcome: str | None) -> float:
        """How much: of an outcome's probability, up or down; else how much probability lies elsewhere."""
        return 0.0 if self.changes is None else abs(self.changes[outcome] if outcome else self.moved or 0.0)


@attrs.frozen(eq=False)
class ExactCells:
    """The solutions of some cells, in order. `one_at_a_time`: each but the first takes one reading otherwise."""

    scenario: Scenario = attrs.field(repr=False)
    cells: tuple[Cell, ...]
    solutions: tuple[Solution, ...]
    one_at_a_time: bool = attrs.field(kw_only=True)

    @property
    def varied(self) -> tuple[str, ...]:
        """The settings that differ between cells, in the order of the file."""
        found = varied(self.cells)
        return tuple(name for name in (*self.scenario.parameters, *self.scenario.readings) if name in found)

    @property
    def exact(self) -> int:
        """How many solutions are exact."""
        return sum(solution.is_exact for solution in self.solutions)

    def setting(self, number: int, name: str) -> float | str:
        """The value of a parameter, or the option of a reading, in a cell."""
        solution = self.solutions[number]
        return solution.readings[name] if name in solution.readings else solution.parameters[name]

    def effects(self, outcome: str | None = None) -> list[ExactEffect]:
        """What each other option changes, the reading with the largest effect first; its options stand together."""
        found: dict[str, list[ExactEffect]] = {}
        for cell, solution in zip(self.cells[1:], self.solutions[1:], strict=True):
            taken = taken_otherwise(self.scenario, cell.readings)
            assert taken is not None  # noqa: S101  # the cells are those of `each`
            reading, option = taken
            changes = _changes(self.solutions[0], solution)
            moved = None if changes is None else added(map(abs, changes.values())) / 2
            found.setdefault(reading, []).append(ExactEffect(reading, option, solution, changes, moved))
        order = sorted(found.values(), key=lambda each: -max(effect.size(outcome) for effect in each))
        return [effect for each in order for effect in each]

    def ordered(self, outcome: str | None = None) -> list[Solution]:
        """The solutions as they are shown: in order, or the readings with the largest effect first."""
        if self.one_at_a_time:
            return [self.solutions[0], *(effect.solution for effect in self.effects(outcome))]
        return list(self.solutions)

    def as_json(self) -> dict[str, Any]:
        """The solutions with the keys that `negsim solve --json` prints."""
        first = self.solutions[0]
        if not self.varied:
            return first.as_json()
        return {
            "cells": [solution.cell_as_json() for solution in self.solutions],
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "negsim": VERSION,
            "policies": [each.as_json() for each in first.settings.choices],
        }


def _changes(base: Solution, other: Solution) -> dict[str, float] | None:
    if not (base.is_exact and other.is_exact):
        return None
    return {name: _change(base.outcomes[name], value) for name, value in other.outcomes.items()}


def _change(before: float, after: float) -> float:
    """A change of a probability; none where it is rounding, as it is beside two that are much larger."""
    change = after - before
    return 0.0 if abs(change) < min(SAME, SAME_PART * max(before, after)) else change
