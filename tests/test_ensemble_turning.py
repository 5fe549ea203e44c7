"""When a run was decided: exact chances against sampled ones, and against closed forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.turning import turning_points
from negsim.errors import UsageError
from negsim.language import load_text

STRIKES = """
negsim: 1
title: Strikes
start: 2030-05-01
horizon: 30
groups: {posts: {members: {p1: {name: P1}, p2: {name: P2}, p3: {name: P3}}}}
state: {war: {initial: false}, hits: {range: 0..3, initial: 0}, posts: {up: {initial: true}, aimed: {initial: false}}}
events:
  begins: {set: {war: true}}
  struck: {fields: {post: posts}, set: {post.up: false, hits: "min(hits + 1, 3)"}}
  aimed_at: {fields: {post: posts}, set: {post.aimed: true}}
rules:
  war_begins: {assumption: made up, while: not war, chance: 0.05, emit: begins()}
  aims: {assumption: made up, for: p in posts, while: war and not p.aimed, chance: 0.1, emit: aimed_at(p)}
  lands: {assumption: made up, on: aimed_at, after: geometric(0.3), emit: struck(post)}
outcomes: {lost: {when: hits >= 2, ends: true}, hurt: {when: hits > 0}, whole: {}}
"""


def test_before_anything_happens_the_chances_are_those_of_the_solution() -> None:
    scenario = load_text(STRIKES)
    found = turning_points(negsim.run(scenario, seed=3), exact=True)
    exact = negsim.solve(scenario).outcomes
    assert {name: chance.value for name, chance in found.points[0].chances.items()} == pytest.approx(exact, abs=1e-12)
    assert found.points[-1].chances[found.outcome].value == 1


def test_sampled_chances_after_the_last_event_of_a_day_are_near_the_exact_ones() -> None:
    scenario = load_text(STRIKES)
    run = next(run for run in (negsim.run(scenario, seed=seed) for seed in range(50)) if len(run.events) >= 5)
    runs = 600
    exact = {point.day: point for point in turning_points(run, exact=True).points[:-1]}
    sampled = {point.day: point for point in turning_points(run, exact=False, runs=runs).points[:-1]}
    compared = 0
    for day, point in exact.items():
        for name, chance in point.chances.items():
            spread = (chance.value * (1 - chance.value) / runs) ** 0.5
            assert sampled[day].chances[name].value == pytest.approx(chance.value, abs=4.5 * spread + 1e-9)
            compared += 0.01 < chance.value < 0.99
    assert compared >= 5


def test_a_lone_daily_chance_is_decided_by_the_day_it_comes() -> None:
    text = STRIKES.split("rules:", maxsplit=1)[0] + (
        "rules:\n  war_begins: {assumption: made up, while: not war, chance: 0.05, emit: begins()}\n"
        "outcomes: {war: {when: war}, peace: {}}\n"
    )
    scenario = load_text(text)
    run = next(run for run in (negsim.run(scenario, seed=seed) for seed in range(50)) if run.outcome == "war")
    found = turning_points(run)
    assert found.is_exact
    assert found.points[0].chances["war"].value == pytest.approx(1 - 0.95**30, abs=1e-12)
    assert found.decided is not None
    assert found.decided.seq == 0
    assert found.decided.day == run.events[0].day


def test_a_fork_has_sampled_chances_only() -> None:
    fork = negsim.run(load_text(STRIKES), seed=3).fork(at=-1, emit="begins()")
    assert not turning_points(fork, runs=5).is_exact
    with pytest.raises(UsageError, match="cannot be had"):
        turning_points(fork, exact=True)


def test_the_command_prints_what_it_found_and_draws_it(tmp_path: Path) -> None:
    (tmp_path / "strikes.yaml").write_text(STRIKES)
    runner, store = CliRunner(), ["--store", str(tmp_path / "runs.db")]
    assert runner.invoke(main, ["run", str(tmp_path / "strikes.yaml"), "--seed", "3", *store]).exit_code == 0
    asked = ["why", "last", "--turning-points", *store]
    picture = tmp_path / "curve.svg"
    shown = runner.invoke(main, [*asked, "--picture", str(picture)])
    assert shown.exit_code == 0
    assert "Exact probabilities within the model" in shown.stdout
    assert "<svg" in picture.read_text()
    found = json.loads(runner.invoke(main, [*asked, "--json", "--sampled", "--runs", "5"]).stdout)
    assert found["exact"] is False
    assert found["runs"] == 5
    assert found["points"][0]["chances"]["lost"].keys() == {"value", "low", "high"}
    ending = runner.invoke(main, ["why", "last", *store])
    assert (ending.exit_code, ending.stdout.splitlines()[0]) == (0, f"Outcome: {found['outcome']}")
