"""Where nothing is drawn, every run of a cell is the same: shares are no estimates, and no order is open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.picture import reading_slides
from negsim.ensemble.tornado import about, tornado
from negsim.show.page.result import result_page
from negsim.show.result_charts import figures

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


@pytest.mark.parametrize("how", ["each", "all"])
@pytest.mark.parametrize("outcome", [None, "gone"])
def test_no_picture_and_no_page_says_so_either(how: str, outcome: str | None) -> None:
    pytest.importorskip("altair")
    for odds, is_open in ((1.0, False), (0.999, True)):
        result = negsim.explore(negsim.load("still.yaml"), runs=20, readings=how, set={"odds": odds})
        first, *_ = figures(result, outcome).values()
        assert "Before a question stands its place." in first.about
        assert ("may turn it round" in first.about) == is_open
        assert ("may turn it round" in result_page(result, outcome=outcome, scripted=False)) == is_open
        assert ("may turn it round" in " ".join(reading_slides.about(result, outcome))) == (is_open and how == "each")


def test_a_tornado_says_it_only_where_something_is_drawn() -> None:
    text = STILL.replace(
        "parameters: {odds: {value: 1.0, low: 0.0, high: 1.0, assumption: a}}",
        "parameters: {odds: {value: HERE, low: HERE, high: 1.0, assumption: a},"
        " more: {value: 1, low: 0, high: 2, assumption: a}, less: {value: 1, low: 0, high: 2, assumption: a}}",
    )
    for odds, is_open in (("1.0", False), ("0.5", True)):
        Path("swing.yaml").write_text(text.replace("HERE", odds), encoding="utf-8")
        words = [
            "explore",
            "swing.yaml",
            "--tornado",
            "swing.svg",
            "--outcome",
            "gone",
            "--runs",
            "20",
            "--read",
            "one=n",
        ]
        done = CliRunner().invoke(main, [*words, "--over", "more,less"], env={"COLUMNS": "110"})
        assert done.exit_code == 0, done.output
        assert ("turn it round" in " ".join(done.stdout.split())) == is_open
        found = tornado(negsim.load("swing.yaml"), "gone", over="more,less", runs=20, read={"one": "n"})
        assert ("turn it round" in " ".join(about(found))) == is_open
        assert ("Nothing is drawn here: every run of a setting is the same" in done.stdout) != is_open
        assert ("95 % intervals" in done.stdout) == ("95 % intervals" in " ".join(about(found))) == is_open
