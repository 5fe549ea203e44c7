"""A mediator's text: the fewest refuse it, then the greatest sum, then the one whose least worth is greatest."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

import negsim

BETWEEN_THREE = """\
negsim: 1
title: A mediator between three
start: 2030-01-01
horizon: 10
actors: {a: {name: A}, b: {name: B}, c: {name: C}, m: {name: M}}
talks:
  t:
    parties: [a, b]
    consulted: [c]
    protocol: single_text
    mediator: m
    opens: 1
    every: 1
    rounds: 2
    issues: {term: [short, long], bank: [left_out, promised]}
    positions:
      a:
        assumption: made up
        red_lines:
          short_only: {never: term == long, assumption: made up}
          bank_in: {never: bank == left_out, assumption: made up}
        values: {bank: {promised: 1}}
      b: {assumption: made up, values: {term: {long: 3}}}
      c:
        assumption: made up
        red_lines: {no_bank: {never: bank == promised, assumption: made up}}
        values: {term: {long: 1}}
outcomes: {deal: {when: t.term != unsettled}, none: {}}
"""


def test_what_one_alone_refuses_is_put_forward_before_what_two_refuse() -> None:
    """Round 0, each looks for 1: only (long, left out) has one refusal. Round 1, for 0: it has the greatest sum."""
    events = negsim.run(negsim.load_text(BETWEEN_THREE), seed=0).events
    assert [(each.day, each.event, *list(each.fields.values())[1:3]) for each in events] == [
        (1, "offered", "m", "long"),
        (1, "refused", "a", "short_only"),
        (2, "offered", "m", "long"),
        (2, "refused", "a", "short_only"),
        (2, "lapsed"),
    ]
    assert {each.fields["bank"] for each in events[:4]} == {"left_out"}


Seats = list[tuple[list[int], list[int], list[tuple[str, int]], int]]


@st.composite
def tables(draw: st.DrawFn) -> Seats:
    """(worths of 3 by 3 options, options that red lines rule out, tenths that no deal is worth) for three seats."""
    worths = st.lists(st.integers(0, 4), min_size=3, max_size=3)
    ruled_out = st.sets(st.sampled_from([("x", 0), ("x", 1), ("x", 2), ("y", 0), ("y", 1), ("y", 2)]), max_size=3)
    return [(draw(worths), draw(worths), sorted(draw(ruled_out)), draw(st.integers(0, 10))) for _ in range(3)]


def written(seats: Seats) -> str:
    lines = []
    for name, (xs, ys, ruled_out, tenths) in zip("abc", seats, strict=True):
        red = ", ".join(f"no_{i}{o}: {{never: {i} == {i}{o}, assumption: x}}" for i, o in ruled_out)
        values = ", ".join(
            f"{i}: {{{', '.join(f'{i}{o}: {worth}' for o, worth in enumerate(row))}}}"
            for i, row in (("x", xs), ("y", ys))
        )
        lines.append(
            f"      {name}: {{assumption: x, red_lines: {{{red}}}, values: {{{values}}}, fallback: {tenths / 10}}}"
        )
    issues = "    issues: {x: [x0, x1, x2], y: [y0, y1, y2]}\n    positions:\n"
    start = BETWEEN_THREE.split("    issues:", maxsplit=1)[0]
    return start.replace("rounds: 2", "rounds: 1") + issues + "\n".join(lines) + "\noutcomes: {none: {}}\n"


def ranked(seats: Seats) -> tuple[int, int]:
    """The text of the one round, worked out with fractions: every package has a key, and the first greatest wins."""
    keys = {}
    for package in product(range(3), range(3)):
        refusals, total, least = 0, Fraction(0), Fraction(9)
        for xs, ys, ruled_out, tenths in seats:
            sums = [x + y for x in xs for y in ys]
            low, high = min(sums), max(sums)
            worth = Fraction(xs[package[0]] + ys[package[1]] - low, high - low) if high > low else Fraction(1)
            fits = ("x", package[0]) not in ruled_out and ("y", package[1]) not in ruled_out
            refusals += not fits or worth < Fraction(tenths, 10)
            total += worth
            least = min(least, worth - Fraction(tenths, 10) if fits else Fraction(-2))
        keys[package] = (-refusals, total, least)
    return max(keys, key=lambda package: keys[package])


@given(tables())
def test_the_text_is_the_first_of_those_that_no_other_comes_before(
    seats: list[tuple[list[int], list[int], list[tuple[str, int]], int]],
) -> None:
    offered = negsim.run(negsim.load_text(written(seats)), seed=0).events[0]
    assert (offered.fields["x"], offered.fields["y"]) == tuple(
        f"{i}{o}" for i, o in zip("xy", ranked(seats), strict=True)
    )
