from pathlib import Path

import browser
import pytest
from pages import Page, words
from test_show_result import FERRY

import negsim
from negsim.show.theme import Figure

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from negsim.show.page.solution import solution_page
from negsim.show.solution_charts import figures
from negsim.show.theme import specification

COIN = """
negsim: 1
title: Two days with a coin
start: 2030-01-01
horizon: 2
actors: {ash: {name: Ash}, birch: {name: Birch}}
parameters: {luck: {value: 0.25, low: 0.1, high: 0.9, assumption: A guess.}}
readings: {day: {assumption: A guess., options: {plain: Plain., feast: A feast.}, default: plain}}
state: {side: {values: [none, heads, tails], initial: none}, bold: {initial: false}}
events:
  lands: {fields: {up: [heads, tails]}, set: {side: up}, text: "It lands: {up}."}
  dares: {set: {bold: true}, text: Ash dares.}
rules:
  dare: {assumption: A guess., by: ash, at: 0, choose: {dare: {emit: dares(), weight: 1}, wait: {weight: 3}}}
  throw:
    assumption: A guess.
    at: 1
    choose:
      heads: {weight: "1 if bold or day == feast else luck", emit: lands(heads)}
      tails: {weight: "0 if bold or day == feast else 1 - luck", emit: lands(tails)}
outcomes: {heads: {when: side == heads, text: Heads up.}, other: {}}
measures: {is_heads: {value: side == heads, text: Whether it is heads.}}
"""
HEADS = 0.25 + 0.75 * 0.25  # Ash dares in a quarter of the runs


@pytest.fixture(scope="module")
def coin() -> negsim.Scenario:
    return negsim.load_text(COIN)


def told(figure: Figure) -> list[str]:
    """What the marks of a picture say."""
    rows = [row for rows in specification(figure)["datasets"].values() for row in rows]
    return [row["said"] for row in rows if row.get("said")]


def test_each_probability_stands_as_exact(coin: negsim.Scenario) -> None:
    solution = negsim.solve(coin, measures=True)
    assert solution.outcomes["heads"] == pytest.approx(HEADS, abs=1e-12)
    said = words(solution_page([solution], scripted=False))
    assert "Exact: all runs of a model at once" in said
    assert "It is not a forecast. These are probabilities within the model, under its assumptions." in said
    assert "heads 43.75 % exact Heads up. other 56.25 % exact" in said
    assert "Whether it is heads is_heads 0.438" in said
    assert "luck 0.25 0.1 to 0.9 assumed Assumed: A guess." in said
    assert "bounds" not in said
    assert "sampled" not in said.replace("none is sampled", "").replace("none was sampled", "")
    assert told(figures([solution])["probabilities"]) == ["heads: 43.75 %, exact", "other: 56.25 %, exact"]


def test_curves_go_day_by_day(coin: negsim.Scenario) -> None:
    assert told(figures([negsim.solve(coin)])["curves"]) == [
        "heads, 2030-01-01: 0 %, exact",
        "heads, 2030-01-02: 43.75 %, exact",
        "heads, 2030-01-03: 43.75 %, exact",
        "other, 2030-01-01: 100 %, exact",
        "other, 2030-01-02: 56.25 %, exact",
        "other, 2030-01-03: 56.25 %, exact",
    ]


def test_a_long_curve_has_as_many_points_as_there_is_room_for() -> None:
    ferry = negsim.load_text(FERRY.replace("horizon: 40", "horizon: 900"))
    marks = told(figures([negsim.solve(ferry)])["curves"])
    assert len(marks) == 80
    assert marks[0] == "crossed, 2030-01-01: 0 %, exact"
    assert marks[39].startswith("crossed, 2032-06-19: > 99.99 %")


def test_readings_make_a_matrix(coin: negsim.Scenario) -> None:
    solutions = [negsim.solve(coin, read={"day": option}) for option in ("plain", "feast")]
    html = solution_page(solutions, scripted=False)
    said = words(html)
    assert "Exact: all runs of a model at once, under each of 2 settings" in said
    assert "day: Plain. 43.75 %, exact 56.25 %, exact day: A feast. 100 %, exact 0 %, exact" in said
    assert list(figures(solutions)) == ["cells"]
    assert told(figures(solutions)["cells"])[0] == "day: Plain.\nheads: 43.75 % (exact)"
    assert [a["id"] for a in Page(html).all("figure")] == ["picture-cells"]


def test_where_there_were_too_many_states_bounds_are_given() -> None:
    solution = negsim.solve(negsim.load("minsk_2015"), max_states=50)
    assert not solution.is_exact
    html = solution_page([solution], scripted=False)
    said = words(html)
    assert "Bounds: all runs of a model at once" in said
    assert "full scale war 0 % to 100 % bounds" in said
    assert f"Followed to day {solution.reached}" in said
    assert ", exact" not in said


def test_best_play_is_no_probability_that_it_happens(coin: negsim.Scenario) -> None:
    solution = negsim.solve(coin, maximise="heads", by=["ash"])
    said = words(solution_page([solution], scripted=False))
    assert "Ash chooses so that heads is as probable as can be; all others by weight." in said
    assert "Reached so: 100 %, exact; no probability that it happens." in said
    assert "Ash: dare dare, on day 0 1" in said
    assert "How runs end if they choose so" in said


def test_the_same_solution_gives_the_same_page(coin: negsim.Scenario) -> None:
    assert solution_page([negsim.solve(coin)]) == solution_page([negsim.solve(coin)])


@pytest.mark.posix
@pytest.mark.skipif(browser.found() is None, reason="Chromium is not installed")
def test_a_browser_draws_a_solution_asks_for_nothing_and_complains_of_nothing(
    coin: negsim.Scenario, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(solution_page([negsim.solve(coin)]), encoding="utf-8")
    with browser.Browser(tmp_path / "profile") as opened:
        opened.open(path, width=320)
        opened.wait("document.querySelectorAll('.drawn .live svg').length === 2")
        assert opened.complaints() == []
        assert opened.requests() == []
        assert opened.value("document.documentElement.scrollWidth") <= 320
