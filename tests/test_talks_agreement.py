"""Talks, worked out in several ways: engine, naive interpreter, every run one by one, exact solution."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import hypothesis
import pytest
from exhaustive import OneOfAll, TooManyError, all_runs
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from naive import BrokenError
from naive_talks import TalkingNaive
from talkers import talkers
from test_properties import LOGGED, attempt, shown

import negsim
from negsim.engine.run import header_for
from negsim.testing import to_text

SOME = 5  # times that an event has to come, over the scenarios that are looked at
RELAXED: dict[str, Any] = {"deadline": None, "suppress_health_check": [*HealthCheck]}


class OneOfAllTalks(OneOfAll, TalkingNaive):
    """One of all runs of a scenario with talks."""


def the_naive_interpreter_agrees(document: dict[str, Any], seed: int) -> Counter[str]:
    """The same run twice; gives how often each event came."""
    scenario = negsim.load_text(to_text(document))
    header = header_for(scenario, seed=seed)
    asked = header.settings
    naive = TalkingNaive(
        scenario, seed=seed, parameters=asked.parameters, readings=asked.readings, choices=asked.choices
    )
    run, error = attempt(scenario, {"seed": seed})
    if error is not None:
        with pytest.raises(BrokenError):
            naive.run()
        assert (naive.day, naive.logged(LOGGED)) == (error.day, [shown(event) for event in error.events])
        return Counter()
    naive.run()
    assert run is not None
    assert naive.logged(LOGGED) == [shown(event) for event in run.events]
    assert (naive.outcome, naive.day) == (run.outcome, run.ended_on)
    assert naive.measures == dict(run.measures)
    assert naive.named_state == dict(run.state())
    return Counter(event.event for event in run.events)


def a_solution_agrees(document: dict[str, Any]) -> None:
    """Outcomes and a measure are what all runs come to, one by one."""
    scenario = negsim.load_text(to_text(document))
    shares: dict[str, float] = defaultdict(float)
    said = 0.0
    try:
        for run in all_runs(scenario, most=300, one=OneOfAllTalks):
            shares[run.outcome] += run.chance
            said += run.chance * (run.measures.get("said") or 0)
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


@hypothesis.settings(max_examples=200, derandomize=True, database=None, **RELAXED)
@given(talkers(), st.integers(0, 9))
def test_a_naive_interpreter_of_talks_makes_the_same_run(document: dict[str, Any], seed: int) -> None:
    the_naive_interpreter_agrees(document, seed)


@hypothesis.settings(max_examples=80, derandomize=True, database=None, **RELAXED)
@given(talkers())
def test_a_solution_is_what_every_run_of_talks_comes_to(document: dict[str, Any]) -> None:
    a_solution_agrees(document)


@pytest.mark.slow
@hypothesis.settings(max_examples=5_000, database=None, **RELAXED)
@given(talkers(), st.integers(0, 9))
def test_both_ways_agree_in_many_scenarios(document: dict[str, Any], seed: int) -> None:
    the_naive_interpreter_agrees(document, seed)
    a_solution_agrees(document)


def test_what_is_written_uses_all_that_talks_can_do() -> None:
    """The scenarios would show nothing if nobody ever left and no agreement ran on."""
    found: Counter[str] = Counter()

    @hypothesis.settings(max_examples=150, derandomize=True, database=None, **RELAXED)
    @given(talkers())
    def look(document: dict[str, Any]) -> None:
        found.update(the_naive_interpreter_agrees(document, 1))

    look()
    few = {name for name in ("passed", "agreed", "lapsed", "left", "ended", "ran_on", "signed") if found[name] < SOME}
    assert not few, found
