"""The deal space of 200 random bilateral domains, against NegMAS (0.16.0) under matched definitions.

Where NegMAS means something else by a word, this is how, and how the two are made to match:

- *Pareto front.* `pareto_frontier` looks only at outcomes that are worth the reserved value or more to all;
  negsim's front is of all packages. Without reserved values (-inf) both mean the same.
- *Solutions* are looked for on that front of acceptable outcomes: negsim's zone has the same best points.
- *Nash.* `nash_points` maximises the product of u - reserved value, as negsim does. It puts the worst utility
  in place of a reserved value below it; negsim does not. The fallbacks here are within 0..1.
- *Utilitarian* is `max_welfare_points`, *egalitarian* is `kalai_points`.
- *Kalai-Smorodinsky.* `ks_points` takes the point whose shares of the ideal gains differ least, the ideal being
  the best of all outcomes, acceptable or not. negsim takes the point whose smallest share is greatest, the
  ideal being the best of the zone. Over all points of a convex set both are the one point with equal shares;
  over a finite set they need not be one. negsim's is `kalai_points` once each utility is divided by its best
  gain in the zone; so it is compared with that, and a test shows a domain on which `ks_points` differs.
"""

import random
import warnings
from collections.abc import Sequence
from functools import cache

import pytest
from negmas.preferences.crisp.linear import LinearAdditiveUtilityFunction

import negsim
from negsim.deals.analysis import deal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    negmas = pytest.importorskip("negmas")
    ops = pytest.importorskip("negmas.preferences.ops")

pytestmark = pytest.mark.filterwarnings("ignore")  # NegMAS's own
NOTHING = float("-inf")


class Domain:
    """One random domain, in both programs."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - no secret depends on it
        self.sizes = [chance.randint(2, 6) for _ in range(chance.randint(1, 4))]
        self.values = {
            party: [[chance.choice([0.0, chance.random()]) for _ in range(size)] for size in self.sizes]
            for party in ("a", "b")
        }
        self.fallbacks = {party: chance.choice([0, chance.uniform(0, 0.9)]) for party in ("a", "b")}

    def text(self) -> str:
        issues = "".join(f"      i{i}: [{', '.join(f'o{o}' for o in range(n))}]\n" for i, n in enumerate(self.sizes))
        positions = "".join(
            f"      {party}:\n        fallback: {self.fallbacks[party]!r}\n        assumption: x\n        values:\n"
            + "".join(
                f"          i{i}: {{{', '.join(f'o{o}: {v!r}' for o, v in enumerate(row))}}}\n"
                for i, row in enumerate(values)
            )
            for party, values in self.values.items()
        )
        return (
            "negsim: 1\ntitle: Random\nstart: 2025-01-01\nhorizon: 10\nactors: {a: {name: A}, b: {name: B}}\n"
            "talks:\n  t:\n    parties: [a, b]\n    opens: 0\n    every: 1\n    rounds: 3\n"
            f"    issues:\n{issues}    positions:\n{positions}outcomes: {{none: {{}}}}\n"
        )

    def utilities(
        self, reserved: dict[str, float]
    ) -> tuple[LinearAdditiveUtilityFunction, LinearAdditiveUtilityFunction]:
        """NegMAS's utility functions, scaled as the language says."""
        space = negmas.make_os([negmas.make_issue(size, f"i{i}") for i, size in enumerate(self.sizes)])
        found = []
        for party, values in self.values.items():
            low = sum(min(row) for row in values)
            high = sum(max(row) for row in values)
            weight = 1 / (high - low) if high > low else 0.0
            found.append(
                negmas.LinearAdditiveUtilityFunction(
                    values=[dict(enumerate(value - min(row) for value in row)) for row in values],
                    weights=[weight] * len(values),
                    bias=0 if high > low else 1,
                    outcome_space=space,
                    reserved_value=reserved[party],
                )
            )
        return tuple(found)


@cache
def made(
    seed: int,
) -> tuple[
    negsim.DealSpace,
    tuple[LinearAdditiveUtilityFunction, LinearAdditiveUtilityFunction],
    tuple[tuple[float, float], ...],
    list[tuple[int, ...]],
]:
    """A domain's deal space, NegMAS's utility functions, and its front of what is acceptable to both."""
    domain = Domain(seed)
    utilities = domain.utilities(domain.fallbacks)
    outcomes = list(utilities[0].outcome_space.enumerate())
    frontier, _ = ops.pareto_frontier(utilities, outcomes=outcomes)
    return deal(negsim.load_text(domain.text())), utilities, frontier, outcomes


def point(space: negsim.DealSpace, package: int | None) -> tuple[float, ...]:
    assert package is not None
    return tuple(space.utility(party, package) for party in space.parties)


def near(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= 1e-9 for a, b in zip(one, other, strict=True))


def check_among(space: negsim.DealSpace, name: str, found: tuple[tuple[tuple[float, float], int], ...]) -> None:
    """The solution is one of NegMAS's, and the best of them by the sum of utilities."""
    package = space.solutions[name]
    if not space.zone:
        assert package is None
        assert found == ()
        return
    points = [each for each, _ in found]
    best = max(sum(each) for each in points)
    assert any(near(point(space, package), each) and sum(each) >= best - 1e-9 for each in points)


SEEDS = range(200)


@pytest.mark.parametrize("seed", SEEDS)
def test_utilities_and_the_pareto_front_are_the_same(seed: int) -> None:
    space, utilities, _, outcomes = made(seed)
    for number, outcome in enumerate(outcomes):
        assert near(point(space, number), [float(each(outcome)) for each in utilities])
    domain = Domain(seed)
    frontier, _ = ops.pareto_frontier(domain.utilities({"a": NOTHING, "b": NOTHING}), outcomes=outcomes)
    ours = [point(space, package) for package in space.pareto]
    assert all(any(near(each, other) for other in frontier) for each in ours)
    assert all(any(near(each, other) for other in ours) for each in frontier)


@pytest.mark.parametrize("seed", SEEDS)
def test_nash_is_the_same(seed: int) -> None:
    space, utilities, frontier, outcomes = made(seed)
    if space.zone and min(max(space.gain(party, p) for p in space.zone) for party in space.parties) <= 1e-9:
        pytest.skip("every product is 0: NegMAS ranks the points no further")
    check_among(space, "nash", ops.nash_points(utilities, frontier, outcomes=outcomes))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_utilitarian_point_is_the_same(seed: int) -> None:
    space, utilities, frontier, outcomes = made(seed)
    check_among(space, "utilitarian", ops.max_welfare_points(utilities, frontier, outcomes=outcomes))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_egalitarian_point_is_the_same(seed: int) -> None:
    space, utilities, frontier, outcomes = made(seed)
    check_among(space, "egalitarian", ops.kalai_points(utilities, frontier, outcomes=outcomes))


@pytest.mark.parametrize("seed", SEEDS)
def test_kalai_smorodinsky_is_kalais_point_once_the_best_gains_are_1(seed: int) -> None:
    space, _, frontier, _ = made(seed)
    best = [max((space.gain(party, p) for p in space.zone), default=0.0) for party in space.parties]
    if space.zone and min(best) <= 1e-9:
        pytest.skip("a party gains nothing anywhere: its share counts as 1 here")
    fallbacks = [space.fallbacks[party] for party in space.parties]
    shares = tuple(
        tuple(max(0.0, u - f) / b for u, f, b in zip(each, fallbacks, best, strict=True)) for each in frontier
    )
    gains = negmas.MappingUtilityFunction(lambda x: float(x[0]), reserved_value=0.0)
    found = ops.kalai_points((gains, gains), shares, ranges=((0, 1), (0, 1)))
    check_among(space, "kalai_smorodinsky", tuple((frontier[number], number) for _, number in found))


def test_the_shares_that_differ_least_need_not_hold_the_greatest_least_share() -> None:
    """Shares: x 0.6 and 0.49, y 0.5 and 0.9, on a front with (1, 0) and (0, 1). x differs by 0.11, y by 0.4."""
    text = """\
negsim: 1
title: Shares
start: 2025-01-01
horizon: 10
actors: {a: {name: A}, b: {name: B}}
talks:
  t:
    parties: [a, b]
    opens: 0
    every: 1
    rounds: 3
    issues: {deal: [x, y, z, w]}
    positions:
      a: {values: {deal: {x: 0.6, y: 0.5, z: 1}}, fallback: 0, assumption: x}
      b: {values: {deal: {x: 0.49, y: 0.9, w: 1}}, fallback: 0, assumption: x}
outcomes: {none: {}}
"""
    space = deal(negsim.load_text(text))
    frontier = tuple(point(space, package) for package in space.pareto)
    assert set(frontier) == {(0.6, 0.49), (0.5, 0.9), (1, 0), (0, 1)}
    reserved = negmas.MappingUtilityFunction(lambda x: float(x[0]), reserved_value=0.0)
    ((theirs, _),) = ops.ks_points((reserved, reserved), frontier, ranges=((0, 1), (0, 1)))
    assert theirs == (0.6, 0.49)
    assert point(space, space.solutions["kalai_smorodinsky"]) == (0.5, 0.9)
