"""Time in rules, every way: what runs come to, all runs one by one, and the exact solution are held against another."""

from __future__ import annotations

from collections import defaultdict

import pytest
from exhaustive import all_runs
from naive import Naive

import negsim
from negsim.scenario.model import Scenario

HEAD = "negsim: 1\ntitle: Every way\nstart: 2030-01-01\n"


def naive(scenario: Scenario, seed: int) -> Naive:
    parameters = {name: parameter.value for name, parameter in scenario.parameters.items()}
    return Naive(scenario, seed=seed, parameters=parameters, readings={}, choices=[]).run()


def agrees(text: str, *, seeds: int = 12, most: int = 60_000) -> None:
    """Runs with the naive interpreter, seed by seed; the solution with all runs, one by one."""
    scenario = negsim.load_text(HEAD + text)
    for seed in range(seeds):
        run, other = negsim.run(scenario, seed=seed), naive(scenario, seed)
        assert [(event.day, event.event, dict(event.fields)) for event in run.events] == [
            (event["day"], event["event"], event["fields"]) for event in other.events
        ]
        assert (run.outcome, dict(run.measures)) == (other.outcome, other.measures)
    shares: dict[str, float] = defaultdict(float)
    means: dict[str, float] = defaultdict(float)
    for each in all_runs(scenario, most=most):
        shares[each.outcome] += each.chance
        for name, value in each.measures.items():
            means[name] += each.chance * value
    solution = negsim.solve(scenario, measures=True)
    assert dict(solution.outcomes) == pytest.approx({name: shares[name] for name in scenario.outcomes}, abs=1e-9)
    for name, found in solution.measures.items():
        assert found.mean == pytest.approx(means[name], abs=1e-9)


def test_members_who_are_alike_have_clocks_of_their_own_that_grow_older() -> None:
    text = """horizon: 5
groups: {crew: {members: {ann: {}, ben: {}, cem: {}}}}
events: {writes: {fields: {who: crew}}, asks: {fields: {who: crew}}}
rules:
  write:
    assumption: a
    for: m in crew
    while: not (days_since(writes if who == m) < 9)
    chance: 0.3
    emit: writes(m)
  ask: {assumption: a, for: m in crew, every: 1, when: days_since(writes if who == m) == 2, emit: asks(m)}
outcomes: {two: {when: count(m for m in crew if days_since(asks if who == m) <= 1) == 2}, other: {}}
measures: {asked: count(asks)}
"""
    agrees(text)
    assert negsim.solve(negsim.load_text(HEAD + text)).merged


def test_members_whose_days_differ_are_told_apart_where_their_order_shows() -> None:
    agrees(
        """horizon: 4
groups: {crew: {members: {ann: {}, ben: {}}}}
state: {crew: {joined: {initial: false}}}
events: {wakes: {fields: {who: crew}}, joins: {fields: {who: crew}, set: {who.joined: true}}, glad: {}}
define: {awake(w in crew): days_since(wakes if who == w) > 1}
rules:
  wake: {assumption: a, for: m in crew, while: "not (days_since(wakes if who == m) >= 0)", chance: 0.4, emit: wakes(m)}
  join:
    assumption: a
    for: m in crew
    while: not m.joined and count(n for n in crew if n.joined) < 1
    chance: 0.9 if awake(m) else 0.3
    emit: joins(m)
  joy: {assumption: a, on: joins, when: awake(who), emit: glad()}
outcomes: {first_awake: {when: any(m.joined and awake(m) for m in crew)}, other: {}}
measures: {glad: count(glad)}
"""
    )


def test_days_that_are_kept_for_a_member_and_something_else_hold_members_apart() -> None:
    agrees(
        """horizon: 3
groups: {crew: {members: {ann: {}, ben: {}}}, towns: {members: {oak: {}, elm: {}}}}
events: {goes: {fields: {who: crew, where: towns}}, back: {fields: {who: crew}}}
rules:
  go:
    assumption: a
    for: m in crew
    while: not any(days_since(goes if who == m and where == t) < 9 for t in towns)
    chance: 0.4
    choose: {there: {for: u in towns, emit: "goes(m, u)"}}
  back:
    assumption: a
    for: m in crew
    every: 1
    when: days_since(goes if who == m and where == oak) == 1
    emit: back(m)
outcomes: {one: {when: "count(m for m in crew if days_since(goes if who == m and where == oak) >= 1) == 1"}, other: {}}
measures: {back: count(back)}
"""
    )


def test_what_the_past_alone_has_started_holds_members_apart_where_their_order_shows() -> None:
    agrees(
        """horizon: 3
groups: {crew: {members: {ann: {}, ben: {}}}}
state: {room: {range: 0..1, initial: 1}, crew: {inside: {initial: false}, tired: {initial: {ann: true, else: false}}}}
events:
  calls: {fields: {who: crew}}
  enters: {fields: {who: crew}, set: {who.inside: true, room: 0}}
  rests: {fields: {who: crew}, set: {who.tired: false}}
history:
  - {date: 2029-12-31, emit: calls(ann), starts: true, assumption: a}
  - {date: 2029-12-31, emit: calls(ben), starts: true, assumption: a}
rules:
  enter: {assumption: a, on: calls, after: "uniform(1, 3)", still: room == 1, emit: enters(who)}
  rest: {assumption: a, for: m in crew, while: m.tired, chance: 0.3, emit: rests(m)}
outcomes: {tired_one: {when: any(m.inside and m.tired for m in crew)}, other: {}}
measures: {in_time: count(enters)}
"""
    )


@pytest.mark.parametrize("date", ["2030-01-01", "2029-12-31", "2029-12-30", "2029-12-26"])
@pytest.mark.parametrize("late", ["today", "never"])
def test_a_daily_chance_that_began_in_the_past(date: str, late: str) -> None:
    agrees(
        f"""horizon: 3
events: {{signed: {{}}, over: {{}}}}
history: [{{date: {date}, emit: signed(), starts: true, late: {late}, assumption: a}}]
rules: {{ends: {{assumption: a, on: signed, after: geometric(0.3), emit: over()}}}}
outcomes: {{over: {{when: days_since(over) >= 1}}, other: {{}}}}
measures: {{ended: count(over)}}
""",
        seeds=40,
    )


def test_a_daily_chance_of_the_past_can_come_later_than_a_run_is_long() -> None:
    text = """horizon: 5
events: {signed: {}, over: {}}
history: [{date: 2029-11-01, emit: signed(), starts: true, late: never, assumption: a}]
rules: {ends: {assumption: a, on: signed, after: geometric(0.02), emit: over()}}
outcomes: {over: {when: days_since(over) >= 0}, other: {}}
"""
    agrees(text, seeds=60)
    scenario = negsim.load_text(HEAD + text)
    assert any(negsim.run(scenario, seed=seed).outcome == "over" for seed in range(60))


@pytest.mark.parametrize("wait", ["2.5", "3.25"])
@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
def test_a_bound_that_is_no_whole_number_is_crossed_on_a_quiet_day(wait: str, sign: str) -> None:
    agrees(
        f"""horizon: 8
parameters: {{wait: {{value: {wait}, low: 0, high: 9.0, assumption: a}}}}
state: {{done: {{initial: false}}}}
events: {{starts: {{}}, does: {{set: {{done: true}}}}}}
rules:
  begin: {{assumption: a, at: 1, emit: starts()}}
  do: {{assumption: a, while: days_since(starts) {sign} wait and not done, chance: 1, emit: does()}}
outcomes: {{one: {{when: days_since(does) >= 2}}, other: {{}}}}
measures: {{does: count(does), so: days(days_since(starts) {sign} wait)}}
"""
    )


def test_a_clock_that_another_event_can_make_be_asked_for_is_kept() -> None:
    agrees(
        """horizon: 6
state: {calm: {initial: false}}
events: {stops: {set: {calm: true}}, fades: {set: {calm: true}}, resumes: {set: {calm: false}}}
rules:
  stop: {assumption: a, at: 1, emit: stops()}
  resume: {assumption: a, at: 2, emit: resumes()}
  fade: {assumption: a, at: 4, chance: 0.5, emit: fades()}
  again: {assumption: a, while: calm, chance: 0.5 if days_since(stops) < 4 else 0.125, emit: resumes()}
outcomes: {calm: {when: calm}, other: {}}
measures: {resumed: count(resumes)}
"""
    )


def test_a_definition_that_looks_at_time_is_worked_out_each_day() -> None:
    agrees(
        """horizon: 9
define: {young: days_since(starts) < 3, odd: day % 2 == 1 and not young}
events: {starts: {}}
rules: {begin: {assumption: a, at: 2, emit: starts()}}
outcomes: {odd: {when: odd}, other: {}}
measures: {young: days(young), odd: days(odd), old: days(not young)}
"""
    )


def test_why_says_how_long_ago_it_was_at_the_dusk_that_a_chance_was_looked_at() -> None:
    text = """horizon: 9
state: {done: {initial: false}}
events: {starts: {}, does: {set: {done: true}}}
rules:
  begin: {assumption: a, at: 1, emit: starts()}
  do: {assumption: a, while: not done, chance: 1 if days_since(starts) >= 3 else 0, emit: does()}
outcomes: {done: {}}
"""
    run = negsim.run(negsim.load_text(HEAD + text))
    assert [(event.day, event.event) for event in run.events] == [(1, "starts"), (5, "does")]
    (clock,) = [each for each in run.why(1).steps[0].conditions if each.kind == "clock"]
    assert (clock.value, clock.read_by, clock.set_by) == (3, ("chance",), 0)


def test_a_delay_that_reaches_far_beyond_the_end_is_as_many_days_as_a_run_has() -> None:
    text = """horizon: 3
events: {comes: {}}
rules: {come: {assumption: a, at: 0, after: "uniform(1, 99999999)", emit: comes()}}
outcomes: {came: {when: days_since(comes) >= 0}, not_yet: {}}
"""
    solution = negsim.solve(negsim.load_text(HEAD + text))
    assert solution.outcomes["came"] == pytest.approx(3 / 99999999, rel=1e-9)
    assert solution.states < 12


def test_a_delay_can_be_the_day() -> None:
    agrees(
        """horizon: 9
events: {comes: {}}
rules: {come: {assumption: a, at: 2, after: day, emit: comes()}}
outcomes: {one: {when: days_since(comes) == 5}, other: {}}
measures: {day_of_it: first(comes)}
"""
    )
