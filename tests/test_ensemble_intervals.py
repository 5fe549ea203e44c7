"""Intervals and quantiles: against other programs, published examples, and exact coverage."""

from collections import Counter
from math import comb, isclose
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from negsim.ensemble.run.columns import Shape
from negsim.ensemble.sample.intervals import Z95, paired_difference, wilson
from negsim.ensemble.sample.summary import Summary, Values, summary


def test_z_is_the_quantile_of_the_normal_distribution() -> None:
    assert isclose(Z95, norm.ppf(0.975), rel_tol=1e-15)


@given(st.integers(1, 10**7).flatmap(lambda runs: st.tuples(st.integers(0, runs), st.just(runs))))
def test_shares_have_the_wilson_interval_of_scipy(asked: tuple[int, int]) -> None:
    count, runs = asked
    expected = binomtest(count, runs).proportion_ci(0.95, method="wilson")
    found = wilson(count, runs)
    assert found.share == count / runs
    assert isclose(found.low, expected.low, abs_tol=1e-12)
    assert isclose(found.high, expected.high, abs_tol=1e-12)


def test_without_a_run_nothing_is_known() -> None:
    assert (wilson(0, 0).share, wilson(0, 0).low, wilson(0, 0).high) == (None, 0.0, 1.0)
    found = paired_difference(0, 0, 0)
    assert (found.difference, found.low, found.high) == (None, -1.0, 1.0)


def test_a_difference_of_paired_shares_as_in_a_textbook() -> None:
    # Airway hyper-responsiveness before and after stem cell transplantation (Bentur and others 2009): of 21 children 1
    # had it only before, 7 only after. Fagerland, Lydersen, Laake (2017): Statistical Analysis of Contingency Tables,
    # section 8.6, give for the method of Bonett and Price -0.508 to -0.013.
    found = paired_difference(1, 7, 21)
    assert (round(found.low, 3), round(found.high, 3)) == (-0.508, -0.013)
    assert found.difference == -6 / 21
    assert found.is_sure


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.floats(0, 1), st.just(n))))
def test_a_difference_lies_in_its_interval_and_turns_over_with_its_sides(asked: tuple[int, float, int]) -> None:
    differing, part, runs = asked
    gained = round(differing * part)
    found = paired_difference(gained, differing - gained, runs)
    assert found.low is not None
    assert found.difference is not None
    assert found.high is not None
    assert -1 <= found.low <= found.difference <= found.high <= 1
    assert found.low < found.high
    other = paired_difference(differing - gained, gained, runs)
    assert (other.difference, other.low, other.high) == pytest.approx((-found.difference, -found.high, -found.low))


def coverage(gains: float, loses: float, runs: int) -> float:
    """The chance that the interval holds gains - loses, gone through for every number of pairs that differ."""
    total = 0.0
    for gained in range(runs + 1):
        for lost in range(runs + 1 - gained):
            found = paired_difference(gained, lost, runs)
            if found.low <= gains - loses <= found.high:
                ways = comb(runs, gained) * comb(runs - gained, lost)
                total += ways * gains**gained * loses**lost * (1 - gains - loses) ** (runs - gained - lost)
    return total


@pytest.mark.parametrize(("gains", "loses"), [(0, 0), (0.02, 0.02), (0.1, 0.02), (0.3, 0.1), (0.5, 0.4), (0.8, 0.1)])
def test_a_paired_interval_holds_the_truth_as_often_as_it_says(gains: float, loses: float) -> None:
    assert coverage(gains, loses, 60) >= 0.94


def as_counts(values: list[float]) -> list[tuple[float, int]]:
    numbers, counts = np.unique(np.array(values), return_counts=True)
    return list(zip(numbers.tolist(), counts.tolist(), strict=True))


@given(st.lists(st.integers(-50, 400) | st.floats(-1e6, 1e6), min_size=1), st.integers(0, 3))
def test_measures_are_summed_up_as_numpy_does(values: list[float], missing: int) -> None:
    found = summary(as_counts(values), total=len(values), missing=missing)
    quantiles = np.quantile(values, [0.5, 0.05, 0.95])
    assert (found.median, found.p05, found.p95) == pytest.approx(tuple(quantiles), rel=1e-12, abs=1e-9)
    assert found.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-9)
    assert found.missing == missing


def test_a_measure_without_a_value_is_nothing() -> None:
    assert summary([], total=0, missing=7) == Summary(None, None, None, None, 7)


def test_very_large_values_have_a_mean() -> None:
    assert summary([(1e300, 10**6)], total=10**6, missing=0).mean == 1e300


values = st.none() | st.integers(-3, 3) | st.integers(-(10**20), 10**20) | st.floats(-1e300, 1e300)


@given(st.lists(st.lists(values, max_size=8), max_size=6), st.integers(0, 12), st.sampled_from(["q", "d"]))
def test_values_are_counted_in_rising_order_however_many_they_are(
    columns: list[list[float | None]], most: int, code: str
) -> None:
    whole = [[None if v is None else int(v) for v in column] for column in columns] if code == "q" else columns
    shape = Shape(("end",), (code,))
    found = Values()
    with patch("negsim.ensemble.sample.summary.MOST_DISTINCT", most or 1):
        for column in whole:
            batch = shape.batch([("end", 0, None, value) for value in column])
            found.add(batch.measures[0], batch.large.get(0, {}))
        counted = list(found.counted())
    kept = [row[3] for column in whole for row in shape.rows(shape.batch([("end", 0, None, v) for v in column]))]
    expected = Counter(value for value in kept if value is not None)
    assert counted == sorted(expected.items())
    assert found.total == expected.total()
