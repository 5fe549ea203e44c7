"""Words that an author gives values, in pictures and on pages."""

from __future__ import annotations

import json
import re

import pytest
from pages import words
from test_words_for_values import worded

import negsim
from negsim.engine.run import Run
from negsim.scenario.model import Scenario

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from negsim.show.bands import states
from negsim.show.charts import deal_chart
from negsim.show.page.comparison import comparison_page
from negsim.show.page.run import run_page
from negsim.show.page.solution import solution_page


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return negsim.load_text(worded(), name="bridge.yaml")


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return negsim.run(scenario, seed=0)


def test_the_state_through_time_has_the_words(run: Run) -> None:
    found = states(run)
    bands = {band.words: [each.words for each in band.stretches] for band in found.bands}
    assert bands["gates"] == ["fully shut", "wide open"]
    assert bands["deal: the fare"] == ["unsettled", "is waived"]
    assert found.groups[0].values == ("at ease", "up in arms")
    assert [(each.words, each.old, each.new) for each in found.settings][1] == ("Birch: mood", "at ease", "up in arms")


def test_the_picture_of_packages_has_the_words(scenario: Scenario) -> None:
    made = json.dumps(deal_chart(scenario, negsim.deal(scenario)).to_dict())
    assert "is waived, ours" in made
    assert "the fare, the guards" in made
    assert "no toll" not in made


def test_pages_have_the_words_and_no_name_in_their_place(scenario: Scenario, run: Run) -> None:
    fork = run.fork(at=1, emit="gates_moved(shut)")
    solved = negsim.solve(scenario, maximise="open_road", by=["north"])
    of_run, of_two = said(run_page(run, scripted=False)), said(comparison_page(run, fork))
    of_best = said(solution_page([solved], scripted=False))
    assert "deal: the fare unsettled is waived" in of_run
    assert "gates fully shut wide open" in of_run
    assert "put in: The gates are fully shut." in of_two
    assert "gates wide open; birch.mood up in arms" in of_best
    for text in (of_run, of_two, of_best):
        assert not re.search(r"\b(no toll|a toll|toll|cross|calm)\b", text)


def said(html: str) -> str:
    """What a page says besides expressions of the author's, which have the names."""
    return words(re.sub(r"<code\b.*?</code>", "", html, flags=re.DOTALL))


def test_where_two_runs_part_the_terms_of_talks_have_their_words() -> None:
    closing = "  closing: {assumption: A., at: 10, when: patience > 1 and deal.toll == no_toll, emit: said(kind)}\n"
    patience = "parameters: {patience: {value: 3, low: 0, high: 9, assumption: A.}}\n"
    text = worded().replace("talks:\n", f"{closing}{patience}talks:\n", 1)
    run = negsim.run(negsim.load_text(text, name="bridge.yaml"), seed=0)
    assert "deal: the fare is waived is waived" in said(comparison_page(run, run.fork(at=0, set={"patience": 0})))
