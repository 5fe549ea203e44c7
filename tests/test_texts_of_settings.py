"""A text names a parameter, and what is shown is its value in the run that is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main

TEXT = """
negsim: 1
title: Shots
start: 2030-01-01
horizon: 4
parameters:
  limit: {value: 2, low: 1, high: 5, assumption: made up}
  range: {value: 1.5, low: 0.5, high: 3, assumption: made up}
readings:
  counts:
    assumption: made up
    question: Do {limit} shots count?
    options: {yes_: "Yes, {limit} do.", no_: "No, {{not}} even {limit}."}
    default: yes_
actors: {north: {}}
state: {shots: {range: 0..9, initial: 0}}
events:
  shot:
    fields: {by: [land, sea]}
    set: {shots: "min(shots + 1, 9)"}
    text: "A shot by {by}; {limit} are needed, from {range} km."
rules:
  shoots:
    assumption: made up
    every: 1
    by: north
    choose:
      fire:
        weight: {value: 1, low: 0, high: 3}
        emit: shot(sea)
        text: Of weight {shoots.fire.weight}, for {limit}.
outcomes:
  enough: {when: shots >= limit and counts == yes_, text: "There were {limit} shots or more, {{so}}."}
  too_few: {text: "There were fewer than {limit}."}
measures:
  needed: {value: first(shot), unit: days, text: "Days to the first of {limit} shots."}
  is_over: {value: shots > limit, text: "More than {limit} shots"}
  plain: shots
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shots.yaml").write_text(TEXT, encoding="utf-8")


def said(*words: object) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], env={"COLUMNS": "160"}, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return "\n".join(" ".join(line.split()) for line in done.stdout.splitlines())


def test_a_run_shows_the_values_it_was_made_with() -> None:
    shown = said("run", "shots.yaml")
    assert "Outcome: enough — There were 2 shots or more, {so}." in shown
    assert "A shot by sea; 2 are needed, from 1.5 km." in shown
    assert "measure value unit\nDays to the first of 2 shots 1 days\nMore than 2 shots yes\nplain 4" in shown
    shown = said("run", "shots.yaml", "--set", "limit=5", "--set", "range=2")
    assert "Outcome: too few — There were fewer than 5." in shown
    assert "A shot by sea; 5 are needed, from 2 km." in shown
    assert "Days to the first of 5 shots 1 days" in shown


def test_no_command_shows_a_place_that_is_not_filled_in() -> None:
    said("run", "shots.yaml", "--set", "limit=3")
    shown = [
        said(*words) for words in (("log", "last"), ("why", "last"), ("why", "last", 2), ("state", "last", "--day", 2))
    ]
    assert "Outcome: enough — There were 3 shots or more, {so}." in shown[1]
    assert [text for text in shown if "{limit}" in text or "{range}" in text or "{by}" in text] == []


def test_a_fork_shows_what_held_at_each_event_and_what_held_at_the_end() -> None:
    run = negsim.run(negsim.load("shots.yaml"))
    fork = run.fork(at=1, set={"limit": 3, "range": 0.5})
    assert [fork.text(event.seq) for event in fork.events] == [
        "A shot by sea; 2 are needed, from 1.5 km.",
        "A shot by sea; 2 are needed, from 1.5 km.",
        "A shot by sea; 3 are needed, from 0.5 km.",
        "A shot by sea; 3 are needed, from 0.5 km.",
    ]
    assert fork.outcome_text == "There were 3 shots or more, {so}."
    later = fork.fork(at=2, set={"limit": 4})
    assert later.text(3) == "A shot by sea; 4 are needed, from 0.5 km."
    assert run.outcome_text == "There were 2 shots or more, {so}."


def test_two_runs_are_each_told_with_their_own_values() -> None:
    said("run", "shots.yaml", "-q")
    shown = said("fork", "last", "--at", 0, "--set", "limit=5", "--without", 1)
    assert "before 2030-01-03 2 A shot by sea; 2 are needed, from 1.5 km." in shown
    assert "now 2030-01-04 3 A shot by sea; 5 are needed, from 1.5 km." in shown
    assert "outcome enough too few" in shown
    assert "More than [limit] shots yes no" in shown
    assert "Outcome: too few — There were fewer than 5." in shown


def test_an_ensemble_and_a_solution_show_the_values_of_their_setting() -> None:
    for command in (("explore", "shots.yaml", "--runs", 3), ("solve", "shots.yaml", "--measures")):
        shown = said(*command, "--set", "limit=3")
        assert "There were 3 shots or more, {so}." in shown
        assert "There were fewer than 3." in shown
        assert "Days to the first of 3 shots 1" in shown


def test_keys_of_json_are_names_and_not_texts() -> None:
    found = json.loads(said("run", "shots.yaml", "--json"))
    assert found["measures"] == {"needed": 1, "is_over": True, "plain": 4}
    found = json.loads(said("explore", "shots.yaml", "--runs", 2, "--json"))
    assert [*found["measures"]] == ["needed", "is_over", "plain"]


def test_a_description_shows_the_scenarios_own_values() -> None:
    shown = said("describe", "shots.yaml")
    for each in (
        "##### 1. Do 2 shots count?",
        "**By default:** Yes, 2 do. (`yes_`)",
        "**What if:** No, {not} even 2. (`--read counts=no_`)",
        "“Of weight 1, for 2.”",
        "A shot by [by]; 2 are needed, from 1.5 km.",
        "There were 2 shots or more, {so}.",
        "`needed`: `first(shot)`, in days. Days to the first of 2 shots.",
    ):
        assert each in shown, each
    found = json.loads(said("describe", "shots.yaml", "--json"))
    assert found["outcomes"][1]["text"] == "There were fewer than 2."
    assert found["measures"][0]["text"] == "Days to the first of 2 shots."
    assert found["readings"][0]["options"] == {"yes_": "Yes, 2 do.", "no_": "No, {not} even 2."}


def test_pages_show_the_values_of_what_they_tell() -> None:
    pytest.importorskip("altair")
    from negsim.show.page.result import result_page  # noqa: PLC0415 - only where pictures can be drawn
    from negsim.show.page.run import run_page  # noqa: PLC0415 - as above
    from negsim.show.page.solution import solution_page  # noqa: PLC0415 - as above

    scenario = negsim.load("shots.yaml")
    page = run_page(negsim.run(scenario, set={"limit": 3}), scripted=False)
    for each in (
        "There were 3 shots or more, {so}.",
        "A shot by sea; 3 are needed, from 1.5 km.",
        "Days to the first of 3 shots <code>needed</code>",
        "Do 3 shots count?",
        "Yes, 3 do. (yes_)",
    ):
        assert each in page, each
    page = result_page(negsim.explore(scenario, runs=4, set={"limit": 3}), scripted=False)
    assert "There were fewer than 3." in page
    assert "Days to the first of 3 shots <code>needed</code>" in page
    page = solution_page([negsim.solve(scenario, set={"limit": 3}, measures=True)], scripted=False)
    assert "There were fewer than 3." in page
    assert "Days to the first of 3 shots <code>needed</code>" in page


def test_where_a_value_is_varied_its_name_stands_in_brackets() -> None:
    pytest.importorskip("altair")
    from negsim.show.page.result import result_page  # noqa: PLC0415 - only where pictures can be drawn

    result = negsim.explore(negsim.load("shots.yaml"), runs=2, sweep={"limit": [2, 3]})
    page = result_page(result, scripted=False)
    assert "Do [limit] shots count?" in page
    assert "Yes, [limit] do. (yes_)" in page
