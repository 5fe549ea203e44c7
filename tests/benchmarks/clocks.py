"""`days_since` beside an event and a variable that keep the same time: `python -m tests.benchmarks.clocks`.

Two texts of one truce, which is easily broken while it is young. Runs on the same seeds and exact solutions take turns;
prints CPU milliseconds, medians over rounds, and the states. Judges nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import negsim

from .printing import say

ROUNDS, RUNS = 7, 60
TRUCE = """negsim: 1
title: A truce that is young for sixty days
start: 2030-01-01
horizon: 1000
state: {{fighting: {{initial: true}}{variable}}}
events:
  stops: {{set: {{fighting: false{young}}}}}
  resumes: {{set: {{fighting: true{gone}}}}}
{event}
rules:
  stop: {{assumption: a, while: fighting, chance: 0.02, emit: stops()}}
  resume: {{assumption: a, while: not fighting, chance: 0.01 if {is_young} else 0.001, emit: resumes()}}
{rule}
outcomes: {{peace: {{when: not fighting}}, war: {{}}}}
"""
BY_EVENT = TRUCE.format(
    variable=", age: {values: [none, young, old], initial: none}",
    young=", age: young",
    gone=", age: none",
    event="  ages: {set: {age: old}}",
    is_young="age == young",
    rule="  age: {assumption: a, on: stops, after: 60, unless: resumes, emit: ages()}",
)
BY_CLOCK = TRUCE.format(variable="", young="", gone="", event="", is_young="days_since(stops) < 60", rule="")


def main() -> None:
    """Measures and prints."""
    scenarios = {"by an event": negsim.load_text(BY_EVENT), "by a clock": negsim.load_text(BY_CLOCK)}
    work: dict[str, Callable[[negsim.Scenario, int], object]] = {"a run": _run, "a solution": _solve}
    for what, make in work.items():
        times: dict[str, list[float]] = {name: [] for name in scenarios}
        for number in range(ROUNDS):
            for name, scenario in scenarios.items():
                start = time.process_time()
                for place in range(RUNS if what == "a run" else 1):
                    make(scenario, number * RUNS + place)
                times[name].append(1000 * (time.process_time() - start) / (RUNS if what == "a run" else 1))
        one, other = (median(found) for found in times.values())
        say(f"{what}: {one:.3f} ms by an event, {other:.3f} ms by a clock, ratio {other / one:.2f}")
    states = {name: negsim.solve(scenario).states for name, scenario in scenarios.items()}
    say(", ".join(f"{count} states {name}" for name, count in states.items()))


def _run(scenario: negsim.Scenario, seed: int) -> object:
    return negsim.run(scenario, seed=seed)


def _solve(scenario: negsim.Scenario, _number: int) -> object:
    return negsim.solve(scenario)


if __name__ == "__main__":
    main()
