"""Where nothing is drawn, every run of a cell is the same: shares are no estimates, and no order is open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main

STILL = """\
negsim: 1
title: Nothing is drawn
start: 2030-01-01
horizon: 5
parameters: {odds: {value: 1.0, low: 0.0, high: 1.0, assumption: a}}
readings:
  one: {assumption: a, question: One?, options: {y: Y., n: N.}, default: y}
  two: {assumption: a, question: Two?, options: {y: Y., n: N.}, default: y}
state: {done: {initial: false}}
events: {go: {set: {done: true}}}
rules: {r: {assumption: a, at: 2, when: one == n or two == n, chance: odds, emit: go()}}
outcomes: {gone: {when: done}, here: {}}
"""


@pytest.fixture(autouse=True)
def still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("still.yaml").write_text(STILL, encoding="utf-8")


def explored(*words: str) -> str:
    done = CliRunner().invoke(main, ["explore", "still.yaml", "--runs", "20", *words], env={"COLUMNS": "110"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_share_of_runs_that_are_all_the_same_is_no_estimate() -> None:
    found = json.loads(explored("--json"))["outcomes"]["here"]
    assert (found["share"], found["low"], found["high"]) == (1.0, 1.0, 1.0)
    text = " ".join(explored().split())
    assert "Nothing is drawn here: every run is the same, so one is enough. This is no forecast." in text
    assert "95 % intervals" not in text


@pytest.mark.parametrize("how", ["each", "all"])
def test_more_runs_turn_no_order_round_where_nothing_is_drawn(how: str) -> None:
    text = " ".join(explored("--readings", how).split())
    assert "every run of a cell is the same" in text
    assert "turn it round" not in text
    result = negsim.explore(negsim.load("still.yaml"), runs=20, readings=how)
    assert result.cells[1].against_base is not None
    change = result.cells[1].against_base.outcomes["gone"]
    assert (change.low, change.difference, change.high) == (1.0, 1.0, 1.0)


def test_one_draw_in_one_cell_makes_shares_estimates() -> None:
    text = explored("--sweep", "odds=0:1:3", "--read", "one=n")
    assert "with 95 % intervals" in text
    found = negsim.explore(negsim.load("still.yaml"), runs=20, set={"odds": 0.5}, read={"one": "n"})
    assert found.is_drawn
    assert found.outcomes["gone"].low is not None
    assert found.outcomes["gone"].share is not None
    assert found.outcomes["gone"].high is not None
    assert found.outcomes["gone"].low < found.outcomes["gone"].share < found.outcomes["gone"].high
    assert not negsim.explore(
        negsim.load("still.yaml"), runs=20, set={"odds": 0.5}
    ).is_drawn  # the rule is never looked at


def test_what_a_policy_draws_is_not_known() -> None:
    assert negsim.explore(negsim.load("still.yaml"), runs=2, policy=lambda _: None).is_drawn
