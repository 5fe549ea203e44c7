"""Sobol indices against what can be worked out by hand."""

from typing import Any

import pytest

import negsim
from negsim.ensemble.sensitivity import sobol
from negsim.errors import UsageError

# Both coins fall with probability p * q; the first alone with p * (1 - q).
COINS = """
negsim: 1
title: Two coins
start: 2030-05-01
horizon: 1
parameters:
  p: {value: 0.5, low: 0, high: 1, assumption: made up}
  q: {value: 0.5, low: 0, high: 1, assumption: made up}
  idle: {value: 2, low: 1, high: 3, unit: days, assumption: It changes nothing.}
  sure: {value: 1, low: 1, high: 1, assumption: It has no range.}
state: {one: {initial: false}, other: {initial: false}}
events: {one_falls: {set: {one: true}}, other_falls: {set: {other: true}}}
rules:
  one: {assumption: made up, at: 0, chance: p, emit: one_falls()}
  other: {assumption: made up, at: 1, chance: q * sure, emit: other_falls()}
outcomes:
  both: {when: one and other}
  one_alone: {when: one}
  neither_first: {}
measures: {idle_days: {value: idle}}
"""


@pytest.fixture(scope="module")
def coins() -> negsim.Scenario:
    return negsim.load_text(COINS, name="coins.yaml")


def test_exact_indices_are_those_worked_out_by_hand(coins: negsim.Scenario) -> None:
    # Var(p q) = E(p²) E(q²) - 1/16 = 7/144; Var(E(pq | p)) = Var(p) / 4 = 1/48: first 3/7; total 1 - 3/7 = 4/7.
    # Not falling first has 1 - p: p alone makes it.
    found = sobol(coins, points=256, seed=3, exact=True)
    assert (found.settings, found.runs, found.is_exact) == (256 * 5, None, True)
    by_hand: dict[str, dict[str, tuple[float, float]]] = {
        "both": {"p": (3 / 7, 4 / 7), "q": (3 / 7, 4 / 7), "idle": (0, 0)},
        "one_alone": {"p": (3 / 7, 4 / 7), "q": (3 / 7, 4 / 7), "idle": (0, 0)},
        "neither_first": {"p": (1, 1), "q": (0, 0), "idle": (0, 0)},
    }
    for outcome, expected in by_hand.items():
        indices = {each.parameter: each for each in found.outcomes[outcome].indices}
        assert indices.keys() == expected.keys()
        for name, (first, total) in expected.items():
            assert indices[name].first.value == pytest.approx(first, abs=0.02)
            assert indices[name].total.value == pytest.approx(total, abs=0.02)
            assert indices[name].first.low - 1e-9 <= first <= indices[name].first.high + 1e-9
            assert indices[name].total.low - 1e-9 <= total <= indices[name].total.high + 1e-9
    assert found.outcomes["neither_first"].indices[0].parameter == "p"
    assert found.outcomes["both"].mean == pytest.approx(1 / 4, abs=0.005)


def test_sampled_indices_come_near_the_exact_ones_and_are_the_same_again(coins: negsim.Scenario) -> None:
    asked: dict[str, Any] = {"over": "p,q", "outcome": "both", "seed": 5}
    small: dict[str, Any] = {**asked, "points": 4, "runs": 10}
    assert sobol(coins, **small).as_json() == sobol(coins, **small, workers=2).as_json()
    assert sobol(coins, **small).as_json() != sobol(coins, **{**small, "seed": 6}).as_json()
    found = sobol(coins, **asked, points=32, runs=200)
    assert (found.settings, found.runs, found.is_exact, found.errors) == (32 * 4, 200, False, 0)
    exact = sobol(coins, **asked, points=32, exact=True)
    known = {each.parameter: each for each in exact.outcomes["both"].indices}
    for each in found.outcomes["both"].indices:
        assert each.total.value == pytest.approx(known[each.parameter].total.value, abs=0.06)
        assert each.first.value == pytest.approx(known[each.parameter].first.value, abs=0.06)


def test_an_outcome_that_does_not_vary_has_no_index(coins: negsim.Scenario) -> None:
    found = sobol(coins, over=["idle"], points=4, exact=True)
    assert {name: spread.indices for name, spread in found.outcomes.items()} == dict.fromkeys(coins.outcomes, ())
    assert found.outcomes["both"].least == found.outcomes["both"].most == 0.25
    assert found.to_pandas().empty


def test_the_table_has_a_row_for_each_outcome_and_parameter(coins: negsim.Scenario) -> None:
    found = sobol(coins, over="q,p", points=8, exact=True, set={"idle": 3})
    assert [p.name for p in found.parameters] == ["p", "q"]
    frame = found.to_pandas()
    columns = ["outcome", "parameter", "first", "first_low", "first_high", "total", "total_low", "total_high"]
    columns += ["first_place", "last_place"]
    assert list(frame.columns) == columns
    assert [*zip(frame.outcome, frame.parameter, frame.total, strict=True)] == [
        (name, each.parameter, each.total.value) for name, spread in found.outcomes.items() for each in spread.indices
    ]
    totals = [each.total.value for each in found.outcomes["both"].indices]
    assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"points": 48}, "a power of two, not 48"),
        ({"points": 1}, "a power of two, not 1"),
        ({"points": 2**20}, "make 5,242,880 settings"),
        ({"over": "p,r"}, "there is no parameter `r`"),
        ({"over": "sure"}, "`sure` has no range"),
        ({"over": "p", "set": {"p": 0.5}}, "both set and varied"),
        ({"set": {"p": 0, "q": 0, "idle": 1}}, "no parameter has a range"),
        ({"outcome": "heads"}, "there is no outcome `heads`"),
        ({"exact": True, "runs": 10}, "need no runs"),
        ({"exact": True, "points": 2, "max_states": 2}, "cannot be solved exactly"),
    ],
)
def test_what_cannot_be_asked_is_a_clear_error(coins: negsim.Scenario, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        sobol(coins, **asked)
