"""Best and worst play against Storm, against its own policy followed exactly, and against sampled runs."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import storm_oracle
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.errors import UsageError
from negsim.exact.answer.written_out import written_out
from negsim.language import load_text
from negsim.policy.table import read_policy

DUEL = """
negsim: 1
title: Two sides
start: 2030-05-01
horizon: 20
actors: {north: {name: North}, south: {name: South}}
state: {heat: {range: 0..4, initial: 1}, shield: {initial: false}}
events:
  rises: {set: {heat: "min(heat + 1, 4)"}}
  falls: {set: {heat: "max(heat - 1, 0)"}}
  shields: {set: {shield: true}}
  drops: {set: {shield: false}}
rules:
  drift: {assumption: made up, while: heat < 4, chance: "0.1 if shield else 0.25", emit: rises()}
  ours:
    assumption: made up
    by: north
    every: 3
    choose:
      cool: {emit: falls()}
      shield: {when: not shield, emit: shields()}
      wait: {weight: 3}
  theirs:
    assumption: made up
    by: south
    every: 4
    choose:
      push: {emit: rises()}
      undermine: {when: shield, emit: drops()}
      wait: {weight: 2}
outcomes: {hot: {when: heat >= 4, ends: true}, calm: {when: heat <= 1}, tense: {}}
"""

# What waits tells situations apart: the blow that is on its way, and the one that may come on any day.
WAITING = """
negsim: 1
title: What is on its way
start: 2030-05-01
horizon: 7
actors: {north: {name: North}}
groups: {posts: {members: {p1: {name: P1}, p2: {name: P2}}}}
state:
  ready: {initial: false}
  lost: {range: 0..3, initial: 0}
  posts: {aimed_at: {initial: false}, hit: {initial: false}}
events:
  sent: {fields: {post: posts}, set: {post.aimed_at: true}}
  landed: {fields: {post: posts}, set: {post.hit: true, lost: "min(lost + (0 if ready else 1), 3)"}}
  braced: {set: {ready: true}}
  eased: {set: {ready: false, lost: "max(lost, 0)"}}
rules:
  sends: {assumption: made up, for: p in posts, while: not p.aimed_at, chance: 0.15, emit: sent(p)}
  lands: {assumption: made up, on: sent, after: "uniform(1, 3)", unless: braced, emit: landed(post)}
  strays: {assumption: made up, on: sent, after: geometric(0.3), still: not ready, emit: landed(post)}
  call:
    assumption: made up
    by: north
    every: 2
    choose:
      brace: {when: not ready, weight: 0, emit: braced()}
      ease: {when: ready, emit: eased()}
      wait: {}
outcomes: {bad: {when: lost >= 2}, good: {when: not ready and lost == 0}, mixed: {}}
"""


@pytest.mark.parametrize(("text", "by"), [(DUEL, ["north"]), (DUEL, ["north", "south"]), (WAITING, ["north"])])
def test_best_and_worst_are_what_storm_finds(text: str, by: list[str]) -> None:
    scenario = load_text(text)
    bounds = storm_oracle.probabilities(written_out(scenario, by=by), list(scenario.outcomes))
    for outcome in scenario.outcomes:
        least = negsim.solve(scenario, minimise=outcome, by=by)
        most = negsim.solve(scenario, maximise=outcome, by=by)
        assert least.best is not None
        assert most.best is not None
        assert (least.best.value, most.best.value) == pytest.approx(bounds[outcome], abs=1e-9)
        by_weight = negsim.solve(scenario).outcomes[outcome]
        assert least.best.value - 1e-12 <= by_weight <= most.best.value + 1e-12


@pytest.mark.parametrize(("text", "against"), [(DUEL, ()), (DUEL, ("south",)), (WAITING, ())])
def test_the_policy_followed_exactly_reaches_the_value(text: str, against: tuple[str, ...]) -> None:
    scenario = load_text(text)
    outcome = next(iter(scenario.outcomes))
    found = negsim.solve(scenario, minimise=outcome, by=["north"], against=against)
    assert found.best is not None
    assert found.best.policy.ambiguous == 0
    assert found.best.from_table == found.best.value
    assert found.outcomes[outcome] == pytest.approx(found.best.value, abs=1e-12)
    followed = negsim.solve(scenario, policy=found.best.policy)
    assert followed.outcomes == pytest.approx(found.outcomes, abs=1e-12)


@pytest.mark.parametrize("text", [DUEL, WAITING])
def test_runs_that_follow_the_policy_end_as_often(text: str) -> None:
    scenario = load_text(text)
    outcome = next(iter(scenario.outcomes))
    found = negsim.solve(scenario, minimise=outcome, by=["north"])
    assert found.best is not None
    runs = 800
    ended = Counter(negsim.run(scenario, seed=seed, policy=found.best.policy).outcome for seed in range(runs))
    for name, chance in found.outcomes.items():
        assert ended[name] / runs == pytest.approx(chance, abs=4.5 * (chance * (1 - chance) / runs) ** 0.5 + 1e-9)


def test_a_side_that_seeks_the_opposite_makes_it_worse() -> None:
    scenario = load_text(DUEL)
    alone = negsim.solve(scenario, minimise="hot", by=["north"]).best
    opposed = negsim.solve(scenario, minimise="hot", by=["north"], against=["south"]).best
    assert alone is not None
    assert opposed is not None
    assert alone.value < opposed.value < 1


def test_a_policy_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    scenario = load_text(WAITING)
    found = negsim.solve(scenario, minimise="bad", by=["north"])
    assert found.best is not None
    path = tmp_path / "policy.json"
    found.best.policy.write(path)
    again = read_policy(path, scenario)
    assert again.as_json() == found.best.policy.as_json()
    assert again.identity == found.best.policy.identity
    with pytest.raises(UsageError, match="another scenario"):
        read_policy(path, load_text(DUEL))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"negsim_policy": 1}', '{"negsim_policy": 1, "entries": 5}', "\x00"])
def test_what_is_no_policy_is_a_usage_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="no policy"):
        read_policy(path, load_text(DUEL))


def test_an_objective_names_an_outcome_and_actors_that_there_are() -> None:
    scenario = load_text(DUEL)
    for asked, message in [
        ({"maximise": "hut", "by": ["north"]}, "no outcome"),
        ({"maximise": "hot", "by": ["nord"]}, "no actor"),
        ({"maximise": "hot"}, "nobody is named"),
        ({"by": ["north"]}, "needs an outcome"),
        ({"maximise": "hot", "by": ["north"], "against": ["north"]}, "for and against"),
        ({"maximise": "hot", "by": ["north"], "max_states": 2}, "more than 2 states"),
    ]:
        with pytest.raises(UsageError, match=message):
            negsim.solve(scenario, **asked)  # type: ignore[arg-type] # of several shapes


def test_run_and_explore_follow_a_policy_file(tmp_path: Path) -> None:
    scenario = load_text(DUEL)
    found = negsim.solve(scenario, minimise="hot", by=["north"])
    assert found.best is not None
    path, policy = tmp_path / "duel.yaml", tmp_path / "policy.json"
    path.write_text(DUEL)
    found.best.policy.write(policy)
    runner, store = CliRunner(), ["--store", str(tmp_path / "runs.db")]
    made = runner.invoke(main, ["run", str(path), "--seed", "4", "--policy", str(policy), "--json", *store])
    assert made.exit_code == 0
    by_table = negsim.run(scenario, seed=4, policy=found.best.policy)
    assert json.loads(made.stdout)["events"] == by_table.as_json()["events"]
    assert runner.invoke(main, ["replay", "last", *store]).exit_code == 0
    asked = ["explore", str(path), "--runs", "400", "--policy", str(policy), "--json", *store]
    shares = json.loads(runner.invoke(main, asked).stdout)["outcomes"]
    assert shares["hot"]["low"] - 0.05 <= found.best.value <= shares["hot"]["high"] + 0.05
    wrong = runner.invoke(main, ["run", str(path), "--policy", str(path), *store])
    assert wrong.exit_code == 2
    assert "this is no policy" in wrong.stderr


def test_the_command_says_what_the_number_is_and_is_not(tmp_path: Path) -> None:
    path, policy = tmp_path / "duel.yaml", tmp_path / "policy.json"
    path.write_text(DUEL)
    asked = ["solve", str(path), "--minimise", "hot", "--by", "north"]
    shown = CliRunner().invoke(main, [*asked, "--save-policy", str(policy)])
    assert shown.exit_code == 0
    assert "becomes as unlikely as can be" in shown.stdout
    assert "It is no probability" in " ".join(shown.stdout.split())
    found = json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)
    assert found["objective"] == {"outcome": "hot", "direction": "minimise", "by": ["north"]}
    assert found["value"] == pytest.approx(found["outcomes"]["hot"], abs=1e-11)
    assert len(found["policy"]) == 10
    followed = json.loads(CliRunner().invoke(main, ["solve", str(path), "--policy", str(policy), "--json"]).stdout)
    assert followed["outcomes"]["hot"] == pytest.approx(found["value"], abs=1e-11)
    wrong = CliRunner().invoke(main, [*asked, "--readings", "all"])
    assert wrong.exit_code == 2
