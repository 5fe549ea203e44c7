"""The search over ranges looks at few points where few are enough, and at more where they find something."""

from __future__ import annotations

import pytest

import negsim
from negsim.exact.ranges import MOST_POINTS, over_ranges
from negsim.language import load_text

LEAVES = """\
negsim: 1
title: One parameter
start: 2030-01-01
horizon: 60
state: {s: {values: [waits, gone], initial: waits}}
parameters: {often: {value: 0.01, low: 0.001, high: 0.05, assumption: x}}
events: {go: {set: {s: gone}}}
rules: {leave: {assumption: x, while: s == waits, chance: often, emit: go()}}
outcomes: {gone: {when: s == gone, ends: true}, stays: {}}
"""
# Gone once, and not twice: likeliest somewhere between the ends.
ONCE = """\
negsim: 1
title: Once and not twice
start: 2030-01-01
horizon: 60
state: {s: {range: 0..2, initial: 0}}
parameters: {often: {value: 0.01, low: 0.001, high: 0.5, assumption: x}}
events: {go: {set: {s: "min(s + 1, 2)"}}}
rules: {leave: {assumption: x, while: s < 2, chance: often, emit: go()}}
outcomes: {once: {when: s == 1}, else_: {}}
"""


def test_one_parameter_that_goes_one_way_takes_few_points_and_ends_at_the_ends() -> None:
    found = over_ranges(load_text(LEAVES))
    assert found.points < 4 * MOST_POINTS / 8  # four ends
    gone = found.outcomes["gone"]
    assert gone.lowest.probability == pytest.approx(1 - 0.999**60, abs=1e-12)
    assert gone.highest.probability == pytest.approx(1 - 0.95**60, abs=1e-12)
    assert (gone.lowest.parameters, gone.highest.parameters) == ({"often": 0.001}, {"often": 0.05})


def test_an_end_between_the_ends_is_found() -> None:
    scenario = load_text(ONCE)
    found = over_ranges(scenario, outcome="once").outcomes["once"].highest
    grid = [0.001 + 0.499 * step / 2_000 for step in range(2_001)]
    by_hand = max(60 * p * (1 - p) ** 59 for p in grid)  # one of sixty days
    assert found.probability == pytest.approx(by_hand, abs=1e-5)
    assert found.parameters["often"] == pytest.approx(1 / 60, abs=1e-3)
    at_it = negsim.solve(scenario, set=found.parameters).outcomes["once"]
    assert at_it == pytest.approx(found.probability, abs=1e-12)


def test_no_more_points_are_looked_at_than_asked_for_but_for_a_few() -> None:
    few, many = (over_ranges(load_text(ONCE), outcome="once", points=points) for points in (10, 200))
    assert few.points <= 2 * (2 * 10) + 2
    assert few.points <= many.points
