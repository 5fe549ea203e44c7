"""`validate` sees arithmetic that can stop a run, and is silent where guards, clamps or the number of times hold it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import negsim
from negsim.errors import ModelError
from negsim.language import catalogue, check, load_text
from negsim.language.leaving import leaving

HEAD = """\
negsim: 1
title: Tension
start: 2030-01-01
horizon: 30
groups:
  crew:
    members: {ann: {share: 0.2}, ben: {share: 0.9}}
    attributes: {share: {number: true}}
parameters: {step: {value: 3, low: 0, high: 20, assumption: a}}
readings: {how: {options: {broad: B., narrow: N.}, default: broad, assumption: a}}
state:
  tension: {range: 0..10, initial: 0}
  calm: {initial: true}
  crew: {tired: {range: 0..3, initial: {ann: 2, else: 0}}}
"""
TAIL = "outcomes: {done: {}}\n"


def scenario(events: str, rules: str, *, outcomes: str = TAIL) -> negsim.Scenario:
    return load_text(f"{HEAD}events:\n  {events}\nrules:\n  {rules}\n{outcomes}")


def told(*parts: str, **more: str) -> list[str]:
    return [f"{message} | {hint}" for _, message, hint in leaving(scenario(*parts, **more))]


RISES = "rises: {set: {tension: tension + 3}}"
OUT = (
    "`rises` can set `tension` to 12, outside 0..10: `tension + 3`"
    " | a run stops there; write min(tension + 3, 10), or guard the rule that emits it"
)


def test_what_can_leave_its_range_is_told_with_the_value() -> None:
    rule = "r: {assumption: a, while: tension >= 0, chance: 0.5, emit: rises()}"
    assert told(RISES, rule) == [OUT]
    with pytest.raises(ModelError, match="tension"):
        negsim.run(scenario(RISES, rule), seed=1)


@pytest.mark.parametrize(
    ("events", "rule", "said"),
    [
        (
            "falls: {set: {tension: tension - 1}}",
            "every: 7, emit: falls()",
            (
                "`falls` can set `tension` to -1, outside 0..10: `tension - 1`"
                " | a run stops there; write max(tension - 1, 0), or guard the rule that emits it"
            ),
        ),
        (
            "tires: {fields: {m: crew}, set: {m.tired: m.tired + 1}}",
            "at: 3, for: m in crew, after: 0, emit: [tires(m), tires(m)]",
            (
                "`tires` can set `m.tired` to 4, outside 0..3: `m.tired + 1`"
                " | a run stops there; write min(m.tired + 1, 3), or guard the rule that emits it"
            ),
        ),
        (
            "jumps: {set: {tension: 4 * step}}",
            "at: 3, emit: jumps()",
            (
                "`jumps` can set `tension` to 12, outside 0..10: `4 * step`"
                " | a run stops there; write min(4 * step, 10), or guard the rule that emits it"
            ),
        ),
        (
            "rises: {set: {tension: 'min(tension + 1, 10)'}}",
            "while: calm, chance: tension * 0.2, emit: rises()",
            (
                "the `chance` in `r` can be 2, and must be 0..1: `tension * 0.2`"
                " | a run stops there; write min(tension * 0.2, 1)"
            ),
        ),
        (
            "rises: {set: {tension: 'min(tension + 1, 10)'}}",
            "every: 1, choose: {up: {weight: 2, emit: rises()}, stay: {weight: 3 - tension}}",
            (
                "the weight of `stay` in `r` can be -7, and must be 0 or more: `3 - tension`"
                " | a run stops there; write max(3 - tension, 0)"
            ),
        ),
        (
            "rests: {}",
            "at: 3, after: 1-4, emit: rests()",
            "the delay in `r` can be -3, and must be 0 or more: `1-4` | a run stops there; write max(1-4, 0)",
        ),
        (
            "rests: {}",
            "at: 3, for: m in crew, chance: m.share + 0.2, emit: rests()",
            (
                "the `chance` in `r` can be 1.1, and must be 0..1: `m.share + 0.2`"
                " | a run stops there; write min(m.share + 0.2, 1)"
            ),
        ),
    ],
)
def test_it_is_told_of_variables_chances_weights_and_delays(events: str, rule: str, said: str) -> None:
    assert told(events, f"r: {{assumption: a, {rule}}}") == [said]


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        pytest.param(RISES, "every: 7, when: tension <= 7, emit: rises()", id="a guard"),
        pytest.param(RISES, "every: 7, when: not tension > 7, emit: rises()", id="a guard turned round"),
        pytest.param(RISES, "every: 7, when: 0 <= tension < 8, emit: rises()", id="a chain"),
        pytest.param(RISES, "while: calm and tension + 3 <= 10, chance: 0.5, emit: rises()", id="a sum in a guard"),
        pytest.param(
            RISES, "every: 1, choose: {up: {when: tension < 8, emit: rises()}, stay: {}}", id="an option's guard"
        ),
        pytest.param(RISES, "every: 11, emit: rises()", id="twice"),
        pytest.param(RISES, "at: 3, emit: [rises(), rises()]", id="once, two events"),
        pytest.param("rises: {set: {tension: 'min(tension + 3, 10)'}}", "every: 1, emit: rises()", id="min"),
        pytest.param("falls: {set: {tension: 'max(tension - 3, 0)'}}", "every: 1, emit: falls()", id="max"),
        pytest.param("turns: {set: {tension: (tension + 1) % 10}}", "every: 1, emit: turns()", id="a rest"),
        pytest.param(
            "rises: {set: {tension: tension + 3 if tension < 8 else tension}}", "every: 1, emit: rises()", id="if else"
        ),
        pytest.param(
            "rises: {set: {tension: tension + 3, calm: false}}", "every: 1, when: calm, emit: rises()", id="spent"
        ),
        pytest.param(
            "tires: {fields: {m: crew}, set: {m.tired: m.tired + 1}}",
            "at: 3, for: m in crew, emit: tires(m)",
            id="once for each",
        ),
        pytest.param(
            "counts: {set: {tension: count(m for m in crew if m.tired > 1)}}", "every: 1, emit: counts()", id="count"
        ),
        pytest.param("rests: {}", "every: 1, chance: 1 - 0.1 * tension, emit: rests()", id="a chance that stays in"),
        pytest.param(
            "rests: {}", "every: 1, chance: 0.5 if how == broad else 2 - tension, emit: rests()", id="a reading"
        ),
    ],
)
def test_where_it_cannot_happen_nothing_is_said(events: str, rule: str) -> None:
    assert told(events, f"r: {{assumption: a, {rule}}}") == []


def test_an_outcome_that_ends_a_run_keeps_it_in() -> None:
    outcomes = "outcomes: {high: {when: tension >= 8, ends: true}, done: {}}\n"
    assert told(RISES, "r: {assumption: a, every: 1, emit: rises()}", outcomes=outcomes) == []


def test_rules_that_trigger_each_other_in_a_circle_are_followed_to_the_end_of_the_range() -> None:
    events = f"{RISES}\n  falls: {{}}"
    rules = "\n  ".join(
        f"{name}: {{assumption: a, on: {on}, after: 1, emit: {emit}()}}"
        for name, on, emit in (("r", "falls", "rises"), ("s", "rises", "falls"))
    )
    assert told(events, rules) == [OUT]


@pytest.mark.parametrize("name", [name for name, _ in catalogue.shipped()])
def test_no_shipped_scenario_is_told_of_any(name: str) -> None:
    assert [*leaving(negsim.load(name))] == []


CONFORMANCE = Path(__file__).parent / "conformance"
# Weights that fall below 0 in other runs than the one that the case is about.
FAILS_ELSEWHERE = {"324_weights_that_depend_on_state"}


def test_of_the_conformance_suite_only_runs_that_fail_are_told_of() -> None:
    told_of = set()
    for path in sorted(CONFORMANCE.glob("[0-9]*.yaml")):
        case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        if [*leaving(load_text(case["scenario"]))] and "error" not in case:
            told_of.add(path.stem)
    assert told_of == FAILS_ELSEWHERE
    case = yaml.load((CONFORMANCE / "324_weights_that_depend_on_state.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    assert any(stops(load_text(case["scenario"]), seed) for seed in range(20))


def stops(scenario: negsim.Scenario, seed: int) -> bool:
    try:
        negsim.run(scenario, seed=seed)
    except ModelError as error:
        return "a weight of -1" in str(error)
    return False


def test_a_warning_stands_at_the_event_or_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    rules = "r: {assumption: a, while: tension >= 0, chance: 0.1 + 0.2 * tension, emit: rises()}"
    path.write_text(f"{HEAD}events:\n  {RISES}\nrules:\n  {rules}\n{TAIL}", encoding="utf-8")
    found = [(w.place.line, w.message.split(",")[0]) for w in check(path).warnings if "can " in w.message]
    assert found == [(16, "`rises` can set `tension` to 12"), (18, "the `chance` in `r` can be 2.1")]


def test_a_very_large_scenario_is_looked_at_for_a_bounded_time() -> None:
    crew = ", ".join(f"m{number}: {{}}" for number in range(60))
    text = f"""\
negsim: 1
title: Large
start: 2030-01-01
horizon: 30
groups: {{crew: {{members: {{{crew}}}}}}}
state: {{crew: {{load: {{range: 0..1000, initial: 0}}}}}}
define: {{total: sum(m.load for m in crew)}}
events: {{adds: {{fields: {{m: crew}}, set: {{m.load: "min(m.load + sum(n.load + total for n in crew), 1000)"}}}}}}
rules:
""" + "".join(f"  r{number}: {{assumption: a, for: m in crew, every: 1, emit: adds(m)}}\n" for number in range(50))
    assert [*leaving(load_text(text + TAIL))] == []
