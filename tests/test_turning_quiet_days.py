"""What quiet days did to an outcome's chance is told apart from what the event after them did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.study.turning_points import TurningPoints
from negsim.ensemble.turning import turning_points
from negsim.language import load_text

WAR = """\
negsim: 1
title: One chance in twenty a day
start: 2030-05-01
horizon: 60
state: {war: {initial: false}, alarm: {initial: false}}
events:
  begins: {set: {war: true}, text: War begins.}
  warned: {set: {alarm: true}, text: A warning.}
  heard: {text: It is heard.}
rules:
  war_begins: {assumption: made up, while: not war, chance: 0.05, emit: begins()}
  warns: {assumption: made up, at: 40, emit: warned()}
  hears: {assumption: made up, on: warned, chance: 0.5, emit: heard()}
outcomes: {war: {when: war, ends: true}, peace: {}}
"""
LEFT = {day: 0.95 ** (60 - day) for day in range(61)}  # the chance of peace at the dusk of a day without war


@pytest.fixture
def peaceful() -> negsim.Run:
    """A run in which a warning comes on day 40, is heard, and war never does."""
    scenario = load_text(WAR)
    runs = (negsim.run(scenario, seed=seed) for seed in range(500))
    return next(run for run in runs if run.outcome == "peace" and len(run.events) == 2)


def told(found: TurningPoints) -> list[tuple[int, int, int, bool]]:
    return [(point.seq, point.day, point.quiet_days, point.at_dusk) for point in found.points]


def test_exactly_the_quiet_days_have_done_it_all(peaceful: negsim.Run) -> None:
    found = turning_points(peaceful)
    assert found.is_exact
    assert told(found) == [(-1, -1, 0, True), (-1, 39, 40, True), (1, 40, 0, True), (1, 60, 20, True)]
    chances = [point.chances["peace"].value for point in found.points]
    assert chances == pytest.approx([LEFT[0], LEFT[39], LEFT[40], 1.0], abs=1e-12)
    steps = [step for _, step in found.steps]
    assert steps == pytest.approx([LEFT[39] - LEFT[0], LEFT[40] - LEFT[39], 1 - LEFT[40]], abs=1e-12)


def test_sampled_the_quiet_days_have_a_point_of_their_own_that_is_near_the_exact_one(peaceful: negsim.Run) -> None:
    runs = 1_000
    found = turning_points(peaceful, exact=False, runs=runs)
    moments = [(-1, -1, 0, True), (-1, 39, 40, True), (0, 40, 0, False), (1, 40, 0, True), (1, 60, 20, True)]
    assert told(found) == moments
    chances = [point.chances["peace"].value for point in found.points]
    for value, right in zip(chances, [LEFT[0], LEFT[39], LEFT[40], LEFT[40], 1.0], strict=True):
        assert value == pytest.approx(right, abs=4.5 * (right * (1 - right) / runs) ** 0.5 + 1e-9)


def test_a_run_that_an_event_ends_credits_the_event_with_what_was_left() -> None:
    scenario = load_text(WAR)
    run = next(
        run
        for run in (negsim.run(scenario, seed=seed) for seed in range(50))
        if run.outcome == "war" and 1 < run.ended_on < 40
    )
    found = turning_points(run)
    day = run.ended_on
    assert told(found) == [(-1, -1, 0, True), (-1, day - 1, day, True), (0, day, 0, True)]
    quiet, event = (step for _, step in found.steps)
    assert quiet == pytest.approx(LEFT[0] - LEFT[day - 1], abs=1e-12)
    assert quiet < 0 < event
    assert event == pytest.approx(LEFT[day - 1], abs=1e-12)
    sampled = turning_points(run, exact=False, runs=50)
    assert told(sampled) == told(found)
    assert sampled.points[-1].chances["war"].value == 1


def test_the_table_and_the_json_have_two_rows_for_two_things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    scenario = load_text(WAR)
    seed = next(
        seed
        for seed in range(500)
        if (run := negsim.run(scenario, seed=seed)).outcome == "peace" and len(run.events) == 2
    )
    Path("war.yaml").write_text(WAR)
    runner = CliRunner()
    assert runner.invoke(main, ["run", "war.yaml", "--seed", str(seed)]).exit_code == 0
    asked = ["why", "last", "--turning-points"]
    lines = [" ".join(line.split()) for line in runner.invoke(main, asked).stdout.splitlines()]
    assert [line for line in lines if line.startswith("2030-")] == [
        "2030-05-01 to 2030-06-09: 40 days on which nothing happened +29.4 34.1 %",
        "2030-06-10, 0: A warning. (and 1 more) +1.8 35.8 %",
        "2030-06-11 to 2030-06-30: 20 days on which nothing happened +64.2 100 %",
    ]
    points = json.loads(runner.invoke(main, [*asked, "--json"]).stdout)["points"]
    assert [(each["seq"], each["day"], each["quiet_days"], each["at_dusk"]) for each in points] == [
        (-1, -1, 0, True),
        (-1, 39, 40, True),
        (1, 40, 0, True),
        (1, 60, 20, True),
    ]
    picture = runner.invoke(main, [*asked, "--picture", "curve.html"])
    assert picture.exit_code == 0, picture.output
    assert "40 days on which nothing happened" in Path("curve.html").read_text()
