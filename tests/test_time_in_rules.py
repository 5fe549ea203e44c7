"""`day` and `days_since`: when a look changes by time alone, what a solution keeps, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_kernel_formula import some_state, some_value

import negsim
from negsim.engine.agenda import Agenda
from negsim.ensemble.turning import turning_points
from negsim.program.formula import MeaninglessError, new_state
from negsim.program.program import Program
from negsim.program.ticking import Ticking
from negsim.scenario import expressions as x
from negsim.scenario.parts import parts
from negsim.scenario.settings import defaults
from negsim.scenario.walking import walk
from negsim.testing import scenarios

HEAD = "negsim: 1\ntitle: Time\nstart: 2030-01-01\n"
TRUCE = (
    HEAD
    + """horizon: {horizon}
state: {{fighting: {{initial: true}}{variable}}}
events:
  stops: {{set: {{fighting: false{young}}}}}
  resumes: {{set: {{fighting: true{gone}}}}}
{events}
rules:
  stop: {{assumption: a, while: fighting, chance: 0.05, emit: stops()}}
  resume: {{assumption: a, while: not fighting, chance: 0.1 if {is_young} else 0.01, emit: resumes()}}
{rules}
outcomes: {{peace: {{when: not fighting}}, war: {{}}}}
measures: {{stops: count(stops)}}
"""
)


def by_events(horizon: int) -> str:
    """A stop that is young for seven days: kept by a variable, and an event that ends it."""
    return TRUCE.format(
        horizon=horizon,
        variable=", age: {values: [none, young, old], initial: none}",
        young=", age: young",
        gone=", age: none",
        events="  ages: {set: {age: old}}",
        is_young="age == young",
        rules="  age: {assumption: a, on: stops, after: 7, unless: resumes, emit: ages()}",
    )


def by_clock(horizon: int) -> str:
    """The same by a clock."""
    return TRUCE.format(
        horizon=horizon, variable="", young="", gone="", events="", is_young="days_since(stops) < 7", rules=""
    )


def test_a_clock_says_what_an_event_that_keeps_time_says_on_the_same_luck() -> None:
    one, other = negsim.load_text(by_events(200)), negsim.load_text(by_clock(200))
    for seed in range(40):
        kept = [(event.day, event.event) for event in negsim.run(one, seed=seed).events if event.event != "ages"]
        assert kept == [(event.day, event.event) for event in negsim.run(other, seed=seed).events]


def test_a_clock_is_solved_alike_with_no_more_states() -> None:
    one = negsim.solve(negsim.load_text(by_events(200)), measures=True)
    other = negsim.solve(negsim.load_text(by_clock(200)), measures=True)
    assert dict(other.outcomes) == pytest.approx(dict(one.outcomes), abs=1e-12)
    assert other.measures["stops"].mean == pytest.approx(one.measures["stops"].mean, abs=1e-9)
    assert other.states <= one.states


@pytest.mark.parametrize("asked", ["< wait", "<= wait", "> wait", ">= wait", "== wait", "!= wait"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_bound_between_two_days_is_solved_as_it_is_run(asked: str, *, turned: bool) -> None:
    sign, bound = asked.split()
    condition = f"{bound} {sign} days_since(starts)" if turned else f"days_since(starts) {asked}"
    for wait in ("2.5", "3.0"):
        text = (
            HEAD
            + f"""horizon: 9
parameters: {{wait: {{value: {wait}, low: 0, high: 9.0, assumption: a}}}}
events: {{starts: {{}}, counts: {{}}}}
rules:
  begin: {{assumption: a, at: 1, emit: starts()}}
  counting: {{assumption: a, every: 1, when: {condition}, emit: counts()}}
outcomes: {{one: {{when: {condition}}}, other: {{}}}}
measures: {{counted: count(counts)}}
"""
        )
        scenario = negsim.load_text(text)
        run, solution = negsim.run(scenario), negsim.solve(scenario, measures=True)
        assert solution.outcomes[run.outcome] == 1.0
        assert solution.measures["counted"].mean == run.measures["counted"]


def test_the_states_of_a_clock_do_not_grow_with_the_horizon() -> None:
    assert negsim.solve(negsim.load_text(by_clock(60))).states == negsim.solve(negsim.load_text(by_clock(600))).states


def test_a_day_is_told_apart_only_where_something_asks_for_it() -> None:
    text = (
        HEAD
        + """horizon: 400
state: {done: {initial: false}}
events: {does: {set: {done: true}}}
rules: {does: {assumption: a, while: day >= 100 and day < 300 and not done, chance: 0.5, emit: does()}}
outcomes: {done: {when: done}, open: {}}
"""
    )
    scenario = negsim.load_text(text)
    solution = negsim.solve(scenario)
    assert solution.states < 12
    assert solution.outcomes["done"] == pytest.approx(1.0, abs=1e-12)
    assert solution.curves["done"][100] == 0.0
    assert solution.curves["done"][101] == pytest.approx(0.5, abs=1e-12)


def test_quiet_days_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    real = Agenda.open

    def noted(self: Agenda, day: int) -> Any:
        opened.append(day)
        return real(self, day)

    monkeypatch.setattr(Agenda, "open", noted)
    text = (
        HEAD
        + """horizon: 50000
events: {starts: {}, ends: {}}
rules:
  begin: {assumption: a, at: 3, emit: starts()}
  end: {assumption: a, while: days_since(starts) == 40000 and day > 7, chance: 1, still: day > 1, emit: ends()}
outcomes: {over: {when: days_since(starts) > 45000, ends: true}, open: {}}
"""
    )
    run = negsim.run(negsim.load_text(text))
    assert (run.outcome, run.ended_on) == ("over", 45004)
    assert len({*opened}) < 12


@given(st.data())
def test_a_look_never_changes_before_the_day_that_it_is_said_to(data: st.DataObject) -> None:
    """Whatever is compared: from a state in which nothing happens, day by day, against what was said on the first."""
    scenario = negsim.load_text(data.draw(scenarios()))
    assume(scenario.clocks or scenario.looks_at_day)
    program = Program(scenario, defaults(scenario))
    layout, binder = program.layout, program.binder
    ticking = Ticking(layout.time, lambda form: binder.formula(form).read)
    values = list(data.draw(some_state(program)))
    today = data.draw(st.integers(0, 30))
    for slot in layout.last.values():
        values[slot] = values[slot] if values[slot] < 0 else today - values[slot]
    state = new_state([*values, *layout.memory])
    for part in parts(scenario):
        if part.kind == "measure":
            continue
        bound = {n.name: data.draw(some_value(n.type)) for n in walk(part.tree) if isinstance(n, x.Bound)}
        formula = binder.bind(part.tree, bound)
        ticks = ticking.of(formula.form)
        if ticks is None:
            continue
        layout.tell_time(state, day=today, now=today)
        try:
            first, days = formula.read(state), ticks(state)
            for later in range(1, 45 if days is None else days):
                layout.tell_time(state, day=today + later, now=today + later)
                assert formula.read(state) == first, (part, days, later)
        except (MeaninglessError, OverflowError):
            continue


CREW = (
    HEAD
    + """horizon: 20
groups: {crew: {members: {ann: {name: Ann}, ben: {name: Ben}}}}
events:
  joins: {fields: {who: crew}, text: "{who} joins."}
  rests: {fields: {who: crew, after: 0..20}, text: "{who} rests after {after}."}
rules:
  one: {assumption: a, at: 2, emit: joins(ann)}
  two: {assumption: a, at: 5, emit: joins(ben)}
  rest:
    assumption: a
    for: m in crew
    at: 9
    when: days_since(joins if who == m) > 3
    emit: "rests(m, days_since(joins if who == m, else=20))"
outcomes: {rested: {when: days_since(rests) < 99}, never: {}}
"""
)


def test_why_names_the_event_that_a_clock_is_counted_from() -> None:
    run = negsim.run(negsim.load_text(CREW))
    assert [(e.day, e.event, *e.fields.values()) for e in run.events][2:] == [
        (9, "rests", "ann", 7),
        (9, "rests", "ben", 4),
    ]
    (step, *_) = run.why(3).steps
    (clock,) = [each for each in step.conditions if each.kind == "clock"]
    assert (clock.name, clock.value, clock.set_by) == ("days since joins if who == m (m is ben)", 4, 1)
    verdict = run.why().verdict
    assert verdict is not None
    assert [(each.value, each.set_by) for each in verdict.conditions] == [(11, 3)]


def test_an_event_that_is_left_out_starts_no_clock() -> None:
    run = negsim.run(negsim.load_text(CREW))
    fork = run.fork(without=0)
    assert [(e.day, e.event, *e.fields.values()) for e in fork.events] == [(5, "joins", "ben"), (9, "rests", "ben", 4)]
    put_in = run.fork(at=1, emit="joins(ann)")
    assert [(e.day, *e.fields.values()) for e in put_in.events if e.event == "rests"] == [(9, "ann", 4), (9, "ben", 4)]


def test_a_fork_goes_on_with_its_clocks_under_other_parameters() -> None:
    text = (
        HEAD
        + """horizon: 40
parameters: {wait: {value: 20, low: 1, high: 30, assumption: a}}
events: {starts: {}, ends: {}}
rules:
  begin: {assumption: a, at: 3, emit: starts()}
  end: {assumption: a, while: days_since(starts) >= wait and not (days_since(ends) >= 0), chance: 1, emit: ends()}
outcomes: {over: {}}
"""
    )
    run = negsim.run(negsim.load_text(text))
    assert [event.day for event in run.events] == [3, 24]
    assert [event.day for event in run.fork(at=0, set={"wait": 5}).events] == [3, 9]


def test_best_play_and_an_export_know_clocks() -> None:
    text = (
        HEAD
        + """horizon: 12
actors: {a: {}}
state: {won: {initial: false}}
events: {calls: {}, wins: {set: {won: true}}}
rules:
  call: {assumption: a, while: "not (days_since(calls) < 4)", chance: 0.5, emit: calls()}
  move: {assumption: a, every: 3, by: a, choose: {wait: {}, go: {emit: wins(), when: days_since(calls) <= 1}}}
outcomes: {won: {when: won}, lost: {}}
"""
    )
    scenario = negsim.load_text(text)
    best = negsim.solve(scenario, maximise="won", by=["a"])
    worst = negsim.solve(scenario, minimise="won", by=["a"])
    assert best.best is not None
    assert worst.best is not None
    assert worst.best.value == 0.0
    assert negsim.solve(scenario).outcomes["won"] < best.best.value < 1.0


TURNING = (
    HEAD
    + """horizon: 9
state: {out: {initial: false}}
events: {begun: {}, ended: {set: {out: true}}}
rules:
  begins: {assumption: a, while: day < 4, chance: 0.4, emit: begun()}
  stops: {assumption: a, at: 6, chance: 0.5 if days_since(begun) > 3 else 0, emit: ended()}
outcomes: {fine: {when: out}, other: {}}
"""
)


@pytest.mark.parametrize("seed", range(6))
def test_turning_points_are_told_where_clocks_run(seed: int) -> None:
    scenario = negsim.load_text(TURNING)
    run = negsim.run(scenario, seed=seed)
    found = turning_points(run, exact=True)
    assert found.points[0].chances["fine"].value == pytest.approx(negsim.solve(scenario).outcomes["fine"], abs=1e-12)
    assert found.points[-1].chances[run.outcome].value == 1.0
    begun = [event.day for event in run.events if event.event == "begun"]
    by_day = {point.day: point.chances["fine"].value for point in found.points if point.at_dusk}
    for day in (4, 5):  # no other can begin any more, and `stops` looks on day 6
        if day in by_day:
            expected = 0.5 if begun and 6 - max(begun) > 3 else 0.0
            assert by_day[day] == pytest.approx(expected, abs=1e-12)


def test_a_page_shows_nothing_that_no_expression_names() -> None:
    from negsim.show.page.run import run_page  # noqa: PLC0415 - charts are an extra

    page = run_page(negsim.run(negsim.load_text(TURNING), seed=1))
    assert "day of the" not in page
    assert "last begun" not in page


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("on: e, when: days_since(e) > 3", "`days_since(e)` is 0 when `e` triggers it"),
        ("on: e, when: 1 <= days_since(e) and day > 2", "`days_since(e)` is 0 when `e` triggers it"),
        (
            "while: day == 3, chance: 1",
            "`while` is looked at at dusk and once more on the next day, which is another one",
        ),
        ("on: e, when: days_since(e) == 0", None),
        ("on: [e, f], when: days_since(e) > 3", None),
        ("on: e, when: days_since(e if who == ann) > 3", None),
        ("on: e, after: 5, still: days_since(e) > 3", None),
        ("while: day >= 3, chance: 1", None),
    ],
)
def test_a_guard_that_time_never_lets_hold_is_warned_of(rule: str, why: str | None) -> None:
    text = (
        HEAD
        + f"""horizon: 9
groups: {{crew: {{members: {{ann: {{}}, ben: {{}}}}}}}}
events: {{e: {{fields: {{who: crew}}}}, f: {{}}, g: {{}}}}
rules:
  first_: {{assumption: a, every: 2, emit: [e(ann), f()]}}
  r: {{assumption: a, {rule}, emit: g()}}
outcomes: {{o: {{}}}}
"""
    )
    found = [str(each) for each in negsim.language.check_text(text).warnings]
    told = [each for each in found if "`r` never fires" in each]
    assert len(told) == (why is not None)
    assert all(f"never fires: {why}" in each for each in told)
