"""Where a state keeps what, and what the measures remember there."""

from __future__ import annotations

import negsim
from negsim.exact.state.turns import COME, Turns
from negsim.exact.step.beginning import beginning
from negsim.kernel.moment import Moment
from negsim.kernel.observing import measured, see_dusk, see_event
from negsim.language import load_text
from negsim.program.program import Program
from negsim.scenario.settings import defaults

WATCH = """
negsim: 1
title: Watch
start: 2025-01-01
horizon: 30
groups:
  crew:
    members:
      ann: {name: Ann, assumption: x}
      bob: {name: Bob, assumption: x}
state:
  heat: {range: 0..9, initial: 2}
  crew:
    up: {initial: false}
events:
  rise: {fields: {by: 1..3}, set: {heat: "min(9, heat + by)"}}
history:
  - {date: 2024-12-30, emit: rise(1), assumption: x}
rules:
  warm: {assumption: x, every: 2, chance: 0.5, emit: rise(2)}
outcomes:
  over: {}
measures:
  first_rise: first(rise)
  last_big: last(rise if by >= 2)
  rises: count(rise)
  hot: days(heat >= 5)
  peak: most(heat)
  rise_rate: count(rise) / 30
"""


def watch() -> Program:
    scenario = load_text(WATCH)
    return Program(scenario, defaults(scenario))


def test_what_measures_remember_stands_behind_the_world_each_observation_once() -> None:
    layout = watch().layout
    assert layout.names == ("heat", "ann.up", "bob.up")
    assert layout.initial == (2, False, False)
    assert [(node.function, at - layout.world) for node, at in layout.seen.items()] == [
        ("first", 0), ("last", 1), ("count", 2), ("days", 3), ("most", 5)
    ]  # fmt: skip
    assert [at - layout.world for at in layout.since.values()] == [4]
    assert layout.memory == (None, None, 0, 0, None, None)
    assert layout.named(layout.first_state()) == {"heat": 2, "ann.up": False, "bob.up": False}


def test_what_is_seen_is_remembered_in_the_state_and_leaves_its_version() -> None:
    program = watch()
    state = program.layout.first_state()
    version = state[-1]
    see_event(program.occurrence("rise", (1,)), state, 3)
    see_event(program.occurrence("rise", (3,)), state, 5)
    assert state[program.layout.world : -1] == [3, 5, 2, 0, None, None]
    for heat, day in ((2, 5), (6, 7), (7, 9), (1, 12), (5, 20)):
        state[0] = heat
        for monitor, formula in program.watched:
            see_dusk(monitor, formula, state, day)
    assert state[program.layout.world : -1] == [3, 5, 2, 5, 20, 7]
    assert state[-1] == version
    assert measured(program, state, 24) == {
        "first_rise": 3, "last_big": 5, "rises": 2, "hot": 10, "peak": 7, "rise_rate": 2 / 30,
    }  # fmt: skip


def test_moments_that_go_on_alike_are_equal_whatever_was_seen() -> None:
    program = watch()
    one, other = Moment(program), Moment(program)
    see_event(program.occurrence("rise", (1,)), one.state, 0)
    assert one == other
    assert one.values != other.values
    one.state[0] = 3
    assert one != other


def test_the_solver_keeps_that_something_has_come_and_nothing_else() -> None:
    program = watch()
    first = next(each for each in program.monitors if each.function == "first")
    count = next(each for each in program.monitors if each.function == "count")
    bare = beginning(Turns(program))
    assert bare.starts[0][1].values == (3, False, False, *program.layout.memory)
    assert (bare.counted, bare.firsts) == ((), {})
    told = beginning(Turns(program, counting=[count], firsts=[first]))
    assert told.starts[0][1].values == (3, False, False, COME, *program.layout.memory[1:])
    assert (told.counted, told.firsts) == ((1,), {first: -2})


def test_a_run_and_the_exact_solution_see_alike() -> None:
    scenario = load_text(WATCH)
    exact = negsim.solve(scenario, measures=True)
    with negsim.explore(scenario, runs=4000) as result:
        hot = result.to_pandas()["hot"]
        rises = result.to_pandas()["rises"]
    assert exact.measures["rises"].mean == 1 + 15 * 0.5
    assert abs(rises.mean() - exact.measures["rises"].mean) < 4 * rises.std() / 4000**0.5
    assert abs(hot.mean() - exact.measures["hot"].mean) < 4 * hot.std() / 4000**0.5
