"""What exact solving is measured against: scenarios and chains by hand that say the same."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from benchmarks.by_hand_chain import ALIKE, OUTCOMES, TWO_ALIKE, ByHandChain, Explicit, Group

import negsim
from negsim.exact.answer.chain import Chain, ChainChoice
from negsim.language import check

BENCHMARKS = Path(__file__).parent / "benchmarks"


def as_chain(explicit: Explicit) -> Chain:
    """The chain by hand as the value that is exported."""
    matrix = explicit.matrix
    rows = [
        (tuple(matrix.indices[start:end].tolist()), tuple(matrix.data[start:end].tolist()))
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]
    return Chain(
        variables=("conflict", "backstop", *(f"count_{n}" for n in range(explicit.states.shape[1] - 2))),
        states=tuple(map(tuple, explicit.states.tolist())),
        initial=0,
        choices=tuple((ChainChoice("", targets, chances),) for targets, chances in rows),
        labels={name: tuple(states.tolist()) for name, states in explicit.labels.items()},
    )


@pytest.mark.parametrize("name", ["alike", "two_alike"])
def test_the_scenarios_have_no_warnings(name: str) -> None:
    report = check(BENCHMARKS / f"{name}.yaml")
    assert (report.problems, report.warnings) == ((), ())


@pytest.mark.parametrize(("groups", "states"), [(ALIKE, 6 * 273 + 1), (TWO_ALIKE, 51_870 + 1)])
def test_the_chains_have_the_states_that_the_scenarios_name(groups: tuple[Group, ...], states: int) -> None:
    explicit = ByHandChain(groups).explicit()
    assert explicit.matrix.shape == (states, states)
    assert np.abs(explicit.matrix.sum(axis=1) - 1).max() < 1e-14


def test_storm_finds_the_curves_of_the_chain_by_hand() -> None:
    import storm_oracle as oracle  # noqa: PLC0415 - it skips where there is no Storm

    by_hand = ByHandChain(ALIKE)
    curves, chain = by_hand.curves(), as_chain(by_hand.explicit())
    for day in (0, 1, 2, 60, 365):
        found = oracle.probabilities(chain, OUTCOMES, at=day)
        assert found == {name: pytest.approx((curve[day],) * 2, abs=1e-12) for name, curve in curves.items()}


@pytest.mark.parametrize(("name", "groups"), [("alike", ALIKE), ("two_alike", TWO_ALIKE)])
def test_runs_come_out_as_the_chain_by_hand_says(name: str, groups: tuple[Group, ...]) -> None:
    result = negsim.explore(negsim.load(BENCHMARKS / f"{name}.yaml"), runs=400)
    for outcome, curve in ByHandChain(groups).curves().items():
        chance, share = curve[-1], result.outcomes[outcome]
        assert share.share is not None
        assert abs(share.share - chance) < 4 * math.sqrt(chance * (1 - chance) / share.runs)


def test_the_exact_solution_is_the_chain_by_hand() -> None:
    solution = negsim.solve(negsim.load(BENCHMARKS / "alike.yaml"))
    assert solution.is_exact
    for outcome, curve in ByHandChain(ALIKE).curves().items():
        assert solution.curves[outcome] == pytest.approx(curve, abs=1e-9)
        assert solution.outcomes[outcome] == pytest.approx(curve[-1], abs=1e-9)
