"""The deal space against its definitions, written out naively from the language reference ("Talks", "Analysis")."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import negsim
from negsim.deals.analysis import deal
from negsim.deals.front import front, front_of_two
from negsim.deals.space import DealSpace

TOLERANCE = 1e-9
SOLUTIONS = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")

# Random talks: what a test knows of them, and the text that says the same.


@dataclass(frozen=True)
class Line:
    """A red line: the packages it rules out (issue -> options, all of these together), and when."""

    name: str
    bans: tuple[tuple[int, frozenset[int]], ...]
    when: str | None

    def breaks(self, package: tuple[int, ...]) -> bool:
        return all(package[issue] in options for issue, options in self.bans)

    def active(self, mood: str) -> bool:
        return self.when is None or self.when == mood

    def text(self) -> str:
        never = " and ".join(f"i{issue} in ({', '.join(f'o{o}' for o in sorted(os))})" for issue, os in self.bans)
        when = "" if self.when is None else f", when: mood == {self.when}"
        return f'{self.name}: {{never: "{never}"{when}, assumption: x}}'


@dataclass(frozen=True)
class Party:
    name: str
    values: tuple[tuple[float | None, ...], ...]
    lines: tuple[Line, ...]
    calm: float  # the fallback in each mood
    tense: float

    def text(self) -> str:
        lines = "".join(f"          {line.text()}\n" for line in self.lines)
        values = "".join(
            f"          i{issue}: {{{', '.join(f'o{o}: {v}' for o, v in enumerate(row) if v is not None)}}}\n"
            for issue, row in enumerate(self.values)
            if any(v is not None for v in row)
        )
        return (
            f"      {self.name}:\n"
            + (f"        red_lines:\n{lines}" if lines else "")
            + (f"        values:\n{values}" if values else "")
            + f"        fallback: {self.calm} if mood == calm else {self.tense}\n        assumption: x\n"
        )


@dataclass(frozen=True)
class Case:
    sizes: tuple[int, ...]
    parties: tuple[Party, ...]
    consulted: int
    mood: str

    def text(self) -> str:
        names = [party.name for party in self.parties]
        split = len(names) - self.consulted
        issues = "".join(f"      i{i}: [{', '.join(f'o{o}' for o in range(n))}]\n" for i, n in enumerate(self.sizes))
        return (
            "negsim: 1\ntitle: Random talks\nstart: 2025-01-01\nhorizon: 10\n"
            f"actors: {{{', '.join(f'{name}: {{name: {name}}}' for name in names)}}}\n"
            f"state: {{mood: {{values: [calm, tense], initial: {self.mood}}}}}\n"
            f"talks:\n  t:\n    parties: [{', '.join(names[:split])}]\n    consulted: [{', '.join(names[split:])}]\n"
            f"    opens: 0\n    every: 1\n    rounds: 3\n    issues:\n{issues}    positions:\n"
            + "".join(party.text() for party in self.parties)
            + "outcomes: {none: {}}\n"
        )

    def space(self) -> DealSpace:
        return deal(negsim.load_text(self.text()))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sizes = tuple(draw(st.lists(st.integers(2, 3), min_size=1, max_size=3)))
    fallbacks = st.sampled_from([-0.5, 0, 0.2, 0.4, 0.5, 0.75, 1, 1.2])

    def line(number: int) -> Line:
        issues = draw(st.lists(st.integers(0, len(sizes) - 1), min_size=1, max_size=2, unique=True))
        bans = tuple(
            (i, frozenset(draw(st.lists(st.integers(0, sizes[i] - 1), min_size=1, max_size=sizes[i])))) for i in issues
        )
        return Line(f"l{number}", bans, draw(st.sampled_from([None, None, None, "calm", "tense"])))

    parties = []
    for number in range(draw(st.integers(2, 3))):
        values = tuple(tuple(draw(st.one_of(st.none(), st.integers(-3, 5))) for _ in range(size)) for size in sizes)
        lines = tuple(line(n) for n in range(draw(st.integers(0, 3))))
        parties.append(Party(f"p{number}", values, lines, draw(fallbacks), draw(fallbacks)))
    consulted = draw(st.integers(0, 1))
    return Case(sizes, tuple(parties), consulted, draw(st.sampled_from(["calm", "tense"])))


# The definitions.


class Naive:
    """Every notion as the language reference words it, by looking at everything."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.packages = list(product(*(range(size) for size in case.sizes)))
        self.utility = {party.name: self.utilities(party) for party in case.parties}
        self.fallback = {p.name: p.calm if case.mood == "calm" else p.tense for p in case.parties}

    def utilities(self, party: Party) -> list[float]:
        raw = [sum(party.values[i][o] or 0 for i, o in enumerate(package)) for package in self.packages]
        low, high = min(raw), max(raw)
        return [1.0 if high == low else (each - low) / (high - low) for each in raw]

    def acceptable(self, party: Party, number: int, lifted: frozenset[str] = frozenset()) -> bool:
        fits = not any(
            line.breaks(self.packages[number])
            for line in party.lines
            if line.active(self.case.mood) and f"{party.name}.{line.name}" not in lifted
        )
        free = f"{party.name}.fallback" in lifted
        return fits and (free or self.utility[party.name][number] >= self.fallback[party.name] - TOLERANCE)

    def zone(self, lifted: frozenset[str] = frozenset()) -> list[int]:
        numbers = range(len(self.packages))
        return [n for n in numbers if all(self.acceptable(party, n, lifted) for party in self.case.parties)]

    def pareto(self) -> list[int]:
        points = list(zip(*self.utility.values(), strict=True))
        return [n for n, point in enumerate(points) if not any(dominates(other, point) for other in points)]

    def solutions(self) -> dict[str, int | None]:
        zone = self.zone()
        if not zone:
            return dict.fromkeys(SOLUTIONS)
        names = [party.name for party in self.case.parties]
        gain = {n: {p: max(0.0, self.utility[p][n] - self.fallback[p]) for p in names} for n in zone}
        best = {p: max(gain[n][p] for n in zone) for p in names}
        worth = {
            "nash": {n: prod(gain[n].values()) for n in zone},
            "kalai_smorodinsky": {
                n: min(1.0 if best[p] <= TOLERANCE else gain[n][p] / best[p] for p in names) for n in zone
            },
            "egalitarian": {n: min(gain[n].values()) for n in zone},
            "utilitarian": {n: sum(self.utility[p][n] for p in names) for n in zone},
        }
        found: dict[str, int | None] = {}
        for name, values in worth.items():
            tied = [n for n in zone if values[n] >= max(values.values()) - TOLERANCE]
            most = max(worth["utilitarian"][n] for n in tied)
            found[name] = next(n for n in tied if worth["utilitarian"][n] >= most - TOLERANCE)
        return found

    def unlock(self) -> list[tuple[str, ...]]:
        """By trying every set of red lines, of all sizes."""
        if self.zone():
            return []
        lines = [f"{party.name}.{line.name}" for party in self.case.parties for line in party.lines]
        fallbacks = [f"{party.name}.fallback" for party in self.case.parties]
        names = lines if self.zone(frozenset(lines)) else lines + fallbacks
        found: list[tuple[str, ...]] = []
        for size in range(len(names) + 1):
            for some in combinations(names, size):
                if not any(set(smaller) <= set(some) for smaller in found) and self.zone(frozenset(some)):
                    found.append(some)
        return found


def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    pairs = list(zip(one, other, strict=True))
    return all(a >= b - TOLERANCE for a, b in pairs) and any(a > b + TOLERANCE for a, b in pairs)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_the_deal_space_is_what_the_definitions_say(case: Case) -> None:
    space, naive = case.space(), Naive(case)
    for party in case.parties:
        assert list(space.seats[party.name].utilities) == pytest.approx(naive.utility[party.name], abs=1e-12)
        expected = [n for n in range(len(naive.packages)) if naive.acceptable(party, n)]
        assert list(space.acceptable[party.name]) == expected
        assert [n for n in range(len(naive.packages)) if space.is_acceptable(party.name, n)] == expected
    assert list(space.zone) == naive.zone()
    assert list(space.pareto) == naive.pareto()
    assert dict(space.solutions) == naive.solutions()


@given(cases())
@settings(max_examples=200, deadline=None)
def test_unlock_names_every_minimal_set_of_red_lines_and_no_other(case: Case) -> None:
    space, naive = case.space(), Naive(case)
    assert list(space.unlock) == naive.unlock()


@given(cases())
@settings(max_examples=100, deadline=None)
def test_without_any_one_of_its_members_a_set_unlocks_nothing(case: Case) -> None:
    space, naive = case.space(), Naive(case)
    for names in space.unlock:
        assert naive.zone(frozenset(names))
        for name in names:
            assert not naive.zone(frozenset(names) - {name})


@given(cases())
@settings(max_examples=50, deadline=None)
def test_unlock_is_empty_only_where_there_is_a_zone(case: Case) -> None:
    space = case.space()
    assert bool(space.unlock) != bool(space.zone)


# Fronts, apart from talks.

whole = st.integers(0, 4).map(lambda each: each / 4)


@given(st.integers(1, 6).flatmap(lambda size: st.lists(st.tuples(*[whole] * size), min_size=1, max_size=40)))
@settings(max_examples=300)
def test_the_front_of_many_parties_is_what_no_point_dominates(points: list[tuple[float, ...]]) -> None:
    points = list(dict.fromkeys(points))
    expected = {point for point in points if not any(dominates(other, point) for other in points)}
    assert set(front(points)) == expected
    if len(points[0]) == 2:
        assert set(front_of_two(points)) == expected


@pytest.mark.parametrize("parties", [2, 3, 5, 10])
@pytest.mark.parametrize("kind", ["numbers", "weights", "zero_or_one"])
def test_the_front_of_a_thousand_packages(parties: int, kind: str) -> None:
    chance = random.Random(f"{parties} {kind}")  # noqa: S311 - no secret depends on it
    sizes = (2,) * 10 if kind == "zero_or_one" else (10, 10, 10)
    draw: dict[str, Callable[[], float]] = {
        "numbers": chance.random,
        "weights": lambda: chance.randint(0, 6),
        "zero_or_one": lambda: chance.randint(0, 1),
    }
    case = Case(
        sizes,
        tuple(
            Party(f"p{n}", tuple(tuple(draw[kind]() for _ in range(size)) for size in sizes), (), 0, 0)
            for n in range(parties)
        ),
        0,
        "calm",
    )
    assert list(case.space().pareto) == Naive(case).pareto()


# By hand.


def space_of(issues: str, *positions: str, state: str = "") -> DealSpace:
    """Talks of parties a, b, c … with these positions."""
    names = "abcdef"[: len(positions)]
    return deal(
        negsim.load_text(
            "negsim: 1\ntitle: By hand\nstart: 2025-01-01\nhorizon: 10\n"
            f"actors: {{{', '.join(f'{n}: {{name: {n}}}' for n in names)}}}\n{state}\n"
            f"talks:\n  t:\n    parties: [{', '.join(names)}]\n    opens: 0\n    every: 1\n    rounds: 3\n"
            f"    issues: {issues}\n    positions:\n"
            + "".join(f"      {n}: {position}\n" for n, position in zip(names, positions, strict=True))
            + "outcomes: {none: {}}\n"
        )
    )


def test_three_parties_by_hand() -> None:
    """Packages x, y, z are worth (1, 0.5, 0), (0.5, 1, 0.5), (0, 0, 1) to a, b, c, and fallbacks are 0.2, 0.3, 0.4."""
    space = space_of(
        "{deal: [x, y, z]}",
        "{values: {deal: {x: 2, y: 1}}, fallback: 0.2, assumption: x}",
        "{values: {deal: {x: 1, y: 2}}, fallback: 0.3, assumption: x}",
        "{values: {deal: {y: 1, z: 2}}, fallback: 0.4, assumption: x}",
    )
    assert space.as_json() == {
        "talks": "t",
        "packages": 3,
        "counts": {"acceptable": {"a": 2, "b": 2, "c": 2}, "zone": 1, "pareto": 3, "unlock": 0},
        "cut": False,
        "acceptable": {
            "a": [{"deal": "x"}, {"deal": "y"}],
            "b": [{"deal": "x"}, {"deal": "y"}],
            "c": [{"deal": "y"}, {"deal": "z"}],
        },
        "zone": [{"deal": "y"}],
        "pareto": [{"deal": "x"}, {"deal": "y"}, {"deal": "z"}],
        "solutions": {name: {"deal": "y"} for name in SOLUTIONS},
        "unlock": [],
    }


def test_solutions_that_differ_by_hand() -> None:
    """Five packages on a line, worth to a: 0, 0.3, 0.6, 0.8, 1; to b: 1, 0.8, 0.55, 0.3, 0; fallbacks 0 and 0.2.

    Gains of b: 0.8, 0.6, 0.35, 0.1, none. Nash: 0, 0.18, 0.21, 0.08: the third. Shares of the best gain in the
    zone (a 0.8, b 0.8): least 0, 0.375, 0.4375, 0.125: the third. Least gain: 0, 0.3, 0.35, 0.1: the third.
    Sums: 1, 1.1, 1.15, 1.1: the third.
    """
    space = space_of(
        "{deal: [v, w, x, y, z]}",
        "{values: {deal: {w: 30, x: 60, y: 80, z: 100}}, fallback: 0, assumption: x}",
        "{values: {deal: {v: 100, w: 80, x: 55, y: 30}}, fallback: 0.2, assumption: x}",
    )
    assert space.zone == (0, 1, 2, 3)
    assert space.pareto == (0, 1, 2, 3, 4)
    assert set(space.solutions.values()) == {2}


def test_the_four_solutions_can_all_differ() -> None:
    """Worth to a and b in hundredths: p (95, 10), q (40, 20), r (35, 25), s (20, 50); y and z, which are ruled
    out, fix the scale. Products 950, 800, 875, 1000: s. Shares of the best gains (95 and 50), the smaller one:
    0.2, 0.4, 0.37, 0.21: q. Least gains 10, 20, 25, 20: r. Sums 105, 60, 60, 70: p.
    """
    lines = "red_lines: {no_y: {never: deal == y, assumption: x}, no_z: {never: deal == z, assumption: x}}"
    space = space_of(
        "{deal: [p, q, r, s, y, z]}",
        f"{{values: {{deal: {{p: 95, q: 40, r: 35, s: 20, y: 100}}}}, fallback: 0, {lines}, assumption: x}}",
        "{values: {deal: {p: 10, q: 20, r: 25, s: 50, z: 100}}, fallback: 0, assumption: x}",
    )
    assert space.zone == (0, 1, 2, 3)
    assert space.solutions == {"nash": 3, "kalai_smorodinsky": 1, "egalitarian": 2, "utilitarian": 0}
    assert space.pareto == (0, 1, 2, 3, 4, 5)


def test_ties_go_to_the_greater_sum_then_to_the_order_of_packages() -> None:
    """Products 0 for w and x (a gets nothing) and y (b gets nothing): all tie; y has the greatest sum, with z."""
    space = space_of(
        "{deal: [w, x, y, z]}",
        "{values: {deal: {w: 0, x: 0, y: 4, z: 4}}, fallback: 0, assumption: x}",
        "{values: {deal: {w: 2, x: 3, y: 0, z: 0}}, fallback: 0, assumption: x}",
        "{values: {deal: {w: 0, x: 0, y: 1, z: 1}}, fallback: 1, assumption: x}",
    )
    assert space.zone == (2, 3)
    assert space.solutions == dict.fromkeys(SOLUTIONS, 2)
    assert space.pareto == (1, 2, 3)


def test_where_all_packages_are_worth_the_same_all_are_on_the_front() -> None:
    space = space_of(
        "{deal: [x, y], place: [here, there]}",
        "{values: {deal: {x: 7, y: 7}}, fallback: 1, assumption: x}",
        "{fallback: 0.5, assumption: x}",
    )
    assert space.seats["a"].utilities == (1.0,) * 4
    assert space.zone == space.pareto == (0, 1, 2, 3)
    assert set(space.solutions.values()) == {0}


def test_a_fallback_above_1_is_what_stands_in_the_way() -> None:
    space = space_of(
        "{deal: [x, y]}",
        "{values: {deal: {x: 1}}, fallback: 1.1, red_lines: {no_y: {never: deal == y, assumption: x}}, assumption: x}",
        "{values: {deal: {y: 1}}, fallback: 0, red_lines: {no_x: {never: deal == x, assumption: x}}, assumption: x}",
    )
    assert space.acceptable == {"a": (), "b": (1,)}
    assert space.zone == ()
    assert set(space.solutions.values()) == {None}
    assert space.unlock == (("a.no_y", "a.fallback"), ("b.no_x", "a.fallback"))


def test_red_lines_count_where_they_hold() -> None:
    """b's line rules x out only where the mood is tense; lifting a line that does not hold unlocks nothing."""
    positions = (
        "{values: {deal: {x: 1}}, fallback: 0, red_lines: {no_y: {never: deal == y, assumption: x}}, assumption: x}",
        "{fallback: 0, red_lines: {no_x: {never: deal == x, when: mood == tense, assumption: x}}, assumption: x}",
    )
    for mood, zone, unlock in (("calm", (0,), ()), ("tense", (), (("a.no_y",), ("b.no_x",)))):
        state = f"state: {{mood: {{values: [calm, tense], initial: {mood}}}}}"
        space = space_of("{deal: [x, y]}", *positions, state=state)
        assert (space.zone, space.unlock) == (zone, unlock)


def test_a_red_line_that_rules_out_everything_is_in_every_set() -> None:
    space = space_of(
        "{deal: [x, y]}",
        "{fallback: 0, red_lines: {never_sign: {never: deal == x or deal == y, assumption: x}}, assumption: x}",
        "{fallback: 0, red_lines: {no_x: {never: deal == x, assumption: x}}, assumption: x}",
    )
    assert space.unlock == (("a.never_sign",),)


def test_each_unlock_set_opens_what_it_says_and_no_smaller_one_does() -> None:
    scenario = negsim.load_text(
        """
negsim: 1
title: Two red lines
start: 2025-01-01
horizon: 10
actors: {a: {name: A}, b: {name: B}}
talks:
  t:
    parties: [a, b]
    opens: 1
    every: 1
    rounds: 3
    issues: {plan: [left, middle, right]}
    positions:
      a:
        red_lines: {keeps_left: {never: plan != left, assumption: test}}
        values: {plan: {left: 2, middle: 1}}
        assumption: test
      b: {red_lines: {not_left: {never: plan == left, assumption: test}}, values: {plan: {right: 1}}, assumption: test}
outcomes: {done: {}}
"""
    )
    space = negsim.deal(scenario)
    assert space.unlock == (("a.keeps_left",), ("b.not_left",))
    assert [space.opened_by(names) for names in space.unlock] == [(1, 2), (0,)]
    assert space.opened_by(()) == ()
