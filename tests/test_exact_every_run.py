"""An exact solution is what all runs come to, one by one: the naive interpreter takes every one of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import hypothesis
import pytest
from crews import crews
from exhaustive import TooManyError, all_runs
from hypothesis import HealthCheck, assume, given

import negsim
from negsim.testing import to_text

RELAXED: dict[str, Any] = {"deadline": None, "suppress_health_check": [*HealthCheck]}


def agrees_with_every_run(document: dict[str, Any]) -> None:
    """Outcomes and a measure; a scenario of which one run breaks down has no solution."""
    scenario = negsim.load_text(to_text(document))
    shares: dict[str, float] = defaultdict(float)
    said = 0.0
    try:
        for run in all_runs(scenario, most=400):
            shares[run.outcome] += run.chance
            said += run.chance * run.measures.get("said", 0)
    except TooManyError:
        assume(False)  # noqa: FBT003 - the word of Hypothesis
    if "broken" in shares:
        with pytest.raises(negsim.ModelError):
            negsim.solve(scenario)
        return
    solution = negsim.solve(scenario, measures=True)
    expected = {name: shares.get(name, 0.0) for name in scenario.outcomes}
    assert dict(solution.outcomes) == pytest.approx(expected, abs=1e-12)
    assert solution.measures["said"].mean == pytest.approx(said, abs=1e-12)


@hypothesis.settings(max_examples=80, derandomize=True, database=None, **RELAXED)
@given(crews())
def test_a_solution_is_what_every_run_comes_to(document: dict[str, Any]) -> None:
    agrees_with_every_run(document)


@pytest.mark.slow
@hypothesis.settings(max_examples=5_000, database=None, **RELAXED)
@given(crews())
def test_a_solution_is_what_every_run_comes_to_in_many_scenarios(document: dict[str, Any]) -> None:
    agrees_with_every_run(document)
