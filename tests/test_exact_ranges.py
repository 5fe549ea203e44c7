"""The lowest and highest probabilities over ranges, against closed forms."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.errors import UsageError
from negsim.exact.answer.spans import about
from negsim.exact.ranges import over_ranges

# one: falls with p, then with 1 - p: p (1 - p) that it is so in both; other: q at once.
COINS = """
negsim: 1
title: Coins
start: 2030-05-01
horizon: 2
parameters:
  p: {value: 0.2, low: 0.1, high: 0.8, assumption: made up}
  q: {value: 0.5, low: 0.25, high: 0.75, assumption: made up}
  times: {value: 1, low: 1, high: 3, unit: days, assumption: made up}
  limit: {value: 0.5, low: 0, high: 1, assumption: made up}
state: {one: {initial: false}, two: {initial: false}, other: {initial: false}}
events: {one_falls: {set: {one: true}}, two_falls: {set: {two: true}}, other_falls: {set: {other: true}}}
define: {rest: 1 - p}
rules:
  one: {assumption: made up, at: 0, chance: p, emit: one_falls()}
  two: {assumption: made up, at: 0, chance: rest, emit: two_falls()}
  other: {assumption: made up, at: 1, when: q > limit * 0.1 or q > 0, chance: q, emit: other_falls()}
outcomes:
  all_of_them: {when: one and two and other}
  one_and_two: {when: one and two}
  less: {}
measures: {t: {value: times}}
"""


@pytest.fixture(scope="module")
def coins() -> negsim.Scenario:
    return negsim.load_text(COINS, name="coins.yaml")


def test_a_monotone_probability_has_its_ends_at_corners(coins: negsim.Scenario) -> None:
    found = over_ranges(coins, outcome="all_of_them", over="q", points=20)
    span = found.outcomes["all_of_them"]
    assert (span.lowest.parameters, span.highest.parameters) == ({"q": 0.25}, {"q": 0.75})
    assert span.lowest.probability == pytest.approx(0.2 * 0.8 * 0.25, abs=1e-12)
    assert span.highest.probability == pytest.approx(0.2 * 0.8 * 0.75, abs=1e-12)
    assert span.given == pytest.approx(0.2 * 0.8 * 0.5, abs=1e-12)
    assert list(found.outcomes) == ["all_of_them"]


def test_a_highest_probability_inside_the_ranges_is_found(coins: negsim.Scenario) -> None:
    # p (1 - p) q: highest at p = 1/2, q = 3/4; lowest at p = 0.1 (0.09 is less than 0.8 * 0.2), q = 1/4.
    found = over_ranges(coins, points=60)
    assert [p.name for p in found.parameters] == ["p", "q"]
    span = found.outcomes["all_of_them"]
    assert span.highest.probability == pytest.approx(0.25 * 0.75, abs=1e-9)
    assert span.highest.parameters["p"] == pytest.approx(0.5, abs=1e-4)
    assert span.highest.parameters["q"] == 0.75
    assert span.lowest.probability == pytest.approx(0.09 * 0.25, abs=1e-12)
    assert span.lowest.parameters == {"p": 0.1, "q": 0.25}
    less = found.outcomes["less"]
    assert less.highest.probability == pytest.approx(0.91, abs=1e-12)
    assert less.lowest.probability == pytest.approx(0.75, abs=1e-9)


def test_no_probability_on_a_grid_lies_beyond_the_ends(coins: negsim.Scenario) -> None:
    found = over_ranges(coins, points=60)
    for p, q in itertools.product((0.1, 0.3, 0.45, 0.55, 0.8), (0.25, 0.4, 0.75)):
        exact = negsim.solve(coins, set={"p": p, "q": q}).outcomes
        for name, span in found.outcomes.items():
            assert span.lowest.probability - 1e-9 <= exact[name] <= span.highest.probability + 1e-9


def test_each_end_is_reached_and_the_search_is_the_same_again(coins: negsim.Scenario) -> None:
    found = over_ranges(coins, points=30)
    for name, span in found.outcomes.items():
        for end in (span.lowest, span.highest):
            assert negsim.solve(coins, set=end.parameters).outcomes[name] == end.probability
    assert found.as_json() == over_ranges(coins, points=30).as_json()
    looked: list[int] = []
    over_ranges(coins, points=30, progress=looked.append)
    assert looked == [*range(1, found.points + 1)]
    frame = found.to_pandas()
    assert list(frame.columns) == ["outcome", "end", "probability", "p", "q"]
    assert list(frame.probability[:2]) == [
        found.outcomes["all_of_them"].lowest.probability,
        found.outcomes["all_of_them"].highest.probability,
    ]


def test_that_all_between_is_reached_is_said_only_where_nothing_can_jump(coins: negsim.Scenario) -> None:
    smooth = over_ranges(coins, over="p", points=5)
    assert smooth.is_continuous
    assert "Every probability between is reached, too." in about(smooth)
    compared = over_ranges(coins, over="p,q", points=5)  # a guard reads q
    assert not compared.is_continuous
    assert "between" not in about(compared)
    assert not over_ranges(coins, over="times", points=5).is_continuous
    assert "it is no proof" in about(smooth)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"outcome": "heads"}, "there is no outcome `heads`"),
        ({"over": "z"}, "there is no parameter `z`"),
        ({"set": {"p": 0.2, "q": 0.3}}, "no parameter that feeds a chance has a range"),
        ({"points": 0}, "points: 0 is no whole number of at least 1"),
        ({"max_states": 4, "over": "p"}, "cannot be solved exactly"),
    ],
)
def test_what_cannot_be_asked_is_a_clear_error(coins: negsim.Scenario, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        over_ranges(coins, **asked)


# On the command line.


def asked(tmp_path: Path, *words: str | int) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    path = tmp_path / "coins.yaml"
    path.write_text(COINS, encoding="utf-8")
    done = CliRunner().invoke(main, ["solve", str(path), *map(str, words)], prog_name="negsim")
    assert "a mistake in negsim" not in done.stderr
    return done.exit_code, done.stdout, done.stderr


def test_the_command_shows_both_ends_and_where_they_are_reached(coins: negsim.Scenario, tmp_path: Path) -> None:
    words = ("--over-ranges", "--outcome", "all_of_them", "--over", "q", "--points", 10, "--set", "p=0.5")
    status, out, err = asked(tmp_path, *words)
    assert (status, err) == (0, "")
    assert re.search(r"^all of them +0\.062500 +0\.125000 +0\.187500$", out, re.MULTILINE)
    assert "\nset p = 0.5\n" in out
    assert "all of them, lowest: q = 0.25\nall of them, highest: q = 0.75\n" in out
    assert "it is no proof" in " ".join(out.split())
    found = over_ranges(coins, outcome="all_of_them", over="q", points=10, set={"p": 0.5})
    assert json.loads(asked(tmp_path, *words, "--json")[1]) == found.as_json()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--over", "q"), "--over says how ranges are looked at"),
        (("--points", 9), "--points says how ranges are looked at"),
        (("--over-ranges", "--curves"), "--over-ranges and --curves do not go together"),
        (("--over-ranges", "--measures"), "--over-ranges and --measures do not go together"),
        (("--over-ranges", "--readings", "all"), "--over-ranges and --readings do not go together"),
    ],
)
def test_what_does_not_go_with_ranges_is_a_clear_error(
    tmp_path: Path, words: tuple[str | int, ...], message: str
) -> None:
    status, out, err = asked(tmp_path, *words)
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("one: {assumption: a, at: 0, chance: p, emit: one_falls()}", ""),
        ("one: {assumption: a, at: 0, chance: 1, emit: one_falls()}", ""),
        (
            "one: {assumption: a, at: 0, chance: 0.5, emit: one_falls()}",
            " 1 chance is a plain number in the file: no parameter, and held fixed.",
        ),
        (
            "one: {assumption: a, at: 0, chance: 0.5, choose: {x: {weight: 2, emit: one_falls()}, y: {weight: 3}}}",
            " 1 chance and 2 weights are plain numbers in the file: no parameters, and held fixed.",
        ),
    ],
)
def test_numbers_without_a_range_are_said_to_be_held_fixed(rules: str, said: str) -> None:
    text = COINS.replace("one: {assumption: made up, at: 0, chance: p, emit: one_falls()}", rules)
    found = over_ranges(negsim.load_text(text, name="coins.yaml"), over="q", points=3)
    assert about(found).endswith(f"it is no proof.{said}")
