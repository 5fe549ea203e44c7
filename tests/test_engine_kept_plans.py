"""A scenario is bound once for many runs: whoever runs it again, beside others or inside a run, gets the same bytes."""

import gc
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import negsim
from negsim.engine import chance, luck, plan
from negsim.engine.plan import KEPT_PLANS, PLANS, Plan, bound
from negsim.engine.run import from_plan, header_for
from negsim.engine.threefry import first_word
from negsim.errors import ModelError
from negsim.log.lines import write_lines
from negsim.program import closures, keeping, mood, table
from negsim.program import program as binding
from negsim.program.program import Program
from negsim.scenario.settings import Settings, defaults
from negsim.testing import scenarios, settings

VALLEY = """
negsim: 1
title: A valley that dries
start: 2025-03-01
horizon: 200
groups: {towns: {members: {elm: {name: Elm}, oak: {name: Oak}, ash: {name: Ash}, fir: {name: Fir}}}}
parameters:
  heat: {value: 0.02, low: 0, high: 0.1, assumption: A guess.}
  limit: {value: 3, low: 0, high: 9, assumption: A guess.}
readings:
  dry: {assumption: A guess., options: {soon: Soon., late: Late.}, default: soon}
state:
  towns: {thirst: {range: 0..9, initial: 0}}
  rain: {initial: false}
define:
  pressure: sum(t.thirst for t in towns) + (5 if rain else 10)
  strain(t in towns): min(0.9, heat * pressure / (1 + t.thirst))
events:
  drank: {fields: {town: towns}, set: {town.thirst: 0}}
  thirsted: {fields: {town: towns, by: 0..9}, set: {town.thirst: "min(9, town.thirst + by)"}}
  rained: {set: {rain: not rain}}
  met: {}
rules:
  dries:
    assumption: A guess.
    while: true
    for: t in towns
    chance: strain(t)
    emit: thirsted(t, min(9, pressure // 8))
  pours: {assumption: A guess., every: 9, chance: "0.5 if dry == soon else 0.1", emit: rained()}
  drinks: {assumption: A guess., on: thirsted, when: town.thirst > limit, after: "uniform(0, 3)", emit: drank(town)}
  meets: {assumption: A guess., on: drank, choose: {meet: {emit: met(), weight: pressure}, wait: {weight: 20}}}
outcomes: {thirsty: {when: pressure > 20}, quiet: {}}
measures: {drunk: count(drank), worst: most(pressure)}
"""
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"set": {"heat": 0.05}},
    {"set": {"limit": 1}, "read": {"dry": "late"}},
    {"read": {"dry": "late"}},
    {"set": {"heat": 0.05, "limit": 5}},
)


def some(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )


@pytest.fixture(scope="module")
def valley() -> negsim.Scenario:
    return negsim.load_text(VALLEY)


@pytest.fixture(autouse=True)
def _nothing_is_kept_at_first() -> None:
    PLANS.clear()


def text_of(make: Callable[[], negsim.Run]) -> str:
    """The lines of a run's log, or how it breaks down."""
    try:
        return "\n".join(write_lines(make().log))
    except ModelError as error:
        return f"{error}"


def anew(scenario: negsim.Scenario, **asked: Any) -> str:
    """A run whose scenario is bound for it alone."""

    def make() -> negsim.Run:
        header = header_for(scenario, **asked)
        return from_plan(Plan(Program(scenario, header.settings)), header)

    return text_of(make)


def again(scenario: negsim.Scenario, **asked: Any) -> str:
    """A run as a user makes it."""
    return text_of(lambda: negsim.run(scenario, **asked))


# The same answers.


@some(60)
@given(scenarios(), scenarios(), st.data())
def test_interleaved_runs_write_the_same_bytes_as_runs_bound_alone(one: str, other: str, data: st.DataObject) -> None:
    loaded = [negsim.load_text(one), negsim.load_text(other), negsim.load_text(one)]
    asked = [(scenario, data.draw(settings(scenario))) for scenario in loaded for _ in range(2)]
    for scenario, each in [*asked, *asked[::-1], *asked]:
        assert again(scenario, **each) == anew(scenario, **each)


@some(40)
@given(scenarios(), st.data())
def test_forks_that_change_settings_write_the_same_bytes_whoever_ran_before(text: str, data: st.DataObject) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    try:
        run = negsim.run(scenario, **asked)
    except ModelError:
        return
    change = {key: value for key, value in data.draw(settings(scenario)).items() if key in ("set", "read")}
    at = data.draw(st.integers(-1, len(run.events) - 1))
    if not (change["set"] or change["read"]):
        return
    PLANS.clear()
    alone = text_of(lambda: run.fork(at=at, **change))
    again(scenario, **{**asked, **change})
    assert [text_of(lambda: run.fork(at=at, **change)) for _ in range(3)] == [alone] * 3
    assert run.replay() is None


def test_settings_that_take_turns_are_told_apart(valley: negsim.Scenario) -> None:
    for seed in range(4):
        for asked in ASKED:
            assert again(valley, seed=seed, **asked) == anew(valley, seed=seed, **asked)
    assert len(PLANS) == len(ASKED)


def test_a_run_forks_of_it_and_its_replay_share_one_plan(
    valley: negsim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def noted(*given: Any) -> Program:
        made.append(given)
        return Program(*given)

    monkeypatch.setattr(plan, "Program", noted)
    run = negsim.run(valley, seed=5)
    assert run.replay() is None
    run.fork(at=3, choose={}, emit="rained()")
    seq = next(event.seq for event in run.events if event.event == "drank")
    assert len(run.but_for(seq)) > 1
    negsim.run(valley, seed=6)
    assert len(made) == 1
    for _ in range(3):
        run.fork(at=3, set={"heat": 0.05})
    assert len(made) == 2


def test_numbers_that_are_written_differently_are_different_settings(valley: negsim.Scenario) -> None:
    for heat, limit in ((1, 1), (1.0, 1), (0.0, 1), (-0.0, 1)):
        with bound(valley, Settings({"heat": heat, "limit": limit}, {"dry": "soon"})) as found:
            assert str(found.program.settings.parameters["heat"]) == str(heat)
    assert len(PLANS) == 4


def test_an_equal_scenario_has_a_plan_of_its_own() -> None:
    one, other = negsim.load_text(VALLEY), negsim.load_text(VALLEY)
    assert one == other
    negsim.run(one)
    with bound(other, defaults(other)) as found:
        assert found.program.scenario is other
    assert len(PLANS) == 2


# What a user does with a run does not reach the next one.


def test_what_is_written_into_a_run_does_not_reach_the_next() -> None:
    valley = negsim.load_text(VALLEY.replace("horizon: 200", "horizon: 12"))  # so little is bound by the first run
    run = negsim.run(valley, seed=1)
    written_into: Any = run
    written_into.header.settings.parameters.update(heat=0.09, limit=0)
    written_into.header.settings.readings.update(dry="late")
    for event in written_into.events:
        event.fields["town"] = "nowhere"
    for seed in range(20):
        assert again(valley, seed=seed) == anew(valley, seed=seed)


def test_a_run_inside_a_run_leaves_it_alone() -> None:
    valley = negsim.load_text(VALLEY.replace("on: drank,", "on: drank, by: town,"))
    inner: list[str] = []

    def policy(_: object) -> str | None:
        inner.append(again(valley, seed=len(inner)))
        return None if len(inner) % 2 else "wait"

    def counting(_: object) -> str | None:
        inner.append("")
        return None if len(inner) % 2 else "wait"

    alone = text_of(lambda: negsim.run(valley, seed=2, policy=counting))
    asked = len(inner)
    inner.clear()
    assert text_of(lambda: negsim.run(valley, seed=2, policy=policy)) == alone
    assert len(inner) == asked > 2
    assert inner == [anew(valley, seed=seed) for seed in range(asked)]
    assert len(PLANS) == 2


def test_threads_that_run_one_scenario_at_once_get_the_logs_that_each_gets_alone(valley: negsim.Scenario) -> None:
    seeds, threads = range(12), 4
    asked = [(seed, each) for seed in seeds for each in ASKED[:2]]
    alone = [anew(valley, seed=seed, **each) for seed, each in asked]
    together = Barrier(threads)

    def runs(_: object) -> list[str]:
        together.wait()
        return [again(valley, seed=seed, **each) for seed, each in asked]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(runs, range(threads)))
    finally:
        sys.setswitchinterval(interval)
    assert found == [alone] * threads
    assert len(PLANS) <= KEPT_PLANS


def test_a_plan_is_in_one_hand_at_a_time(valley: negsim.Scenario) -> None:
    asked = defaults(valley)
    with bound(valley, asked) as one, bound(valley, asked) as other:
        assert one is not other
    with bound(valley, asked) as third:
        assert third is one  # given back last


# What is kept stays small.


def test_no_more_plans_are_kept_than_stated_and_a_scenario_goes_with_its_plan() -> None:
    known = []
    for number in range(KEPT_PLANS + 3):
        scenario = negsim.load_text(VALLEY.replace("A valley", f"Valley {number}"))
        negsim.run(scenario)
        known.append(weakref.ref(scenario))
        del scenario
    gc.collect()
    assert len(PLANS) == KEPT_PLANS
    assert [each() is None for each in known] == [True] * 3 + [False] * KEPT_PLANS


def test_a_scenario_that_cannot_be_bound_leaves_nothing_behind() -> None:
    broken = negsim.load_text(VALLEY.replace("every: 9", "every: 9, from: 9 // limit"))
    for _ in range(2):
        with pytest.raises(ModelError, match="9 // 0 has no value"):
            negsim.run(broken, set={"limit": 0})
    assert again(broken) == anew(broken)


TALKS = """
negsim: 1
title: Talks that remember
start: 2025-01-01
horizon: 90
actors: {a: {name: A}, b: {name: B}}
state: {mood: {range: 0..9, initial: 0}}
events: {moved: {fields: {to: 0..9}, set: {mood: to}}}
rules: {moves: {assumption: Made up., every: 1, emit: "moved((mood * 3 + 1) % 10)"},
        jumps: {assumption: Made up., every: 3, chance: 0.5, emit: "moved((mood + 5) % 10)"}}
talks:
  peace:
    assumption: Made up.
    parties: [a, b]
    opens: 1
    every: 2
    rounds: 30
    issues: {land: [none, half, whole], money: [none, some, much]}
    positions:
      a:
        assumption: Made up.
        values: {land: {half: 3, whole: 5}, money: {some: 1, much: 2}}
        red_lines: {proud: {never: land == none, when: mood > 4, assumption: Made up.}}
        fallback: 0.3 + mood / 40
        strategy: STRATEGY
      b:
        assumption: Made up.
        values: {land: {none: 5, half: 2}, money: {none: 3, some: 2}}
        fallback: 0.3 + mood / 30
outcomes: {agreed: {when: peace.phase == agreed}, none: {}}
"""


@pytest.mark.parametrize("strategy", ["aspiration", "tit_for_tat"])
@pytest.mark.parametrize("most", [1, 3])
def test_where_little_may_be_kept_runs_are_the_same(
    valley: negsim.Scenario, monkeypatch: pytest.MonkeyPatch, strategy: str, most: int
) -> None:
    talks = negsim.load_text(TALKS.replace("STRATEGY", strategy))
    scenarios = (valley, talks)
    before = [anew(scenario, seed=seed) for scenario in scenarios for seed in range(8)]
    for module, name in (
        (chance, "KEPT_CHANCES"),
        (chance, "KEPT_PRODUCTS"),
        (binding, "KEPT_OCCURRENCES"),
        (binding, "KEPT_REACTIONS"),
        (table, "KEPT_ROUNDS"),
        (mood, "KEPT_MOODS"),
        (mood, "KEPT_TOPS"),
    ):
        monkeypatch.setattr(module, name, most)
    assert [again(scenario, seed=seed) for scenario in scenarios for seed in range(8)] == before
    assert len(PLANS) == 2
    for scenario in scenarios:
        with bound(scenario, defaults(scenario)) as plan:
            occurrences, reactions = plan.program._occurrences, plan.program._reactions  # noqa: SLF001 - what is bounded
            assert len(occurrences) <= most
            assert len(reactions) <= most + len(scenario.events)  # those that options hold on to come back


NEVER = 1_000  # no formula of these scenarios reads so many slots
# From how many slots on what is worked out is kept for a version of the state, and how many values by slots else.
KEPT = [(1, 0), (3, 1_000), (3, 1), (NEVER, 1_000)]


@pytest.mark.parametrize("strategy", ["aspiration", "tit_for_tat"])
def test_whether_formulas_are_kept_or_worked_out_each_time_runs_are_the_same(
    valley: negsim.Scenario, monkeypatch: pytest.MonkeyPatch, strategy: str
) -> None:
    talks = negsim.load_text(TALKS.replace("STRATEGY", strategy))
    asked = [(scenario, seed) for scenario in (valley, talks) for seed in range(4)]
    monkeypatch.setattr(closures, "KEPT_FROM", NEVER)
    monkeypatch.setattr(keeping, "MOST_KEPT", 0)
    before = [anew(scenario, seed=seed) for scenario, seed in asked]
    for least, most in KEPT:
        PLANS.clear()
        monkeypatch.setattr(closures, "KEPT_FROM", least)
        monkeypatch.setattr(keeping, "MOST_KEPT", most)
        assert [again(scenario, seed=seed) for scenario, seed in asked] == before


@some(25)
@given(scenarios(), st.data())
def test_whether_formulas_are_kept_generated_runs_forks_and_solutions_are_the_same(
    text: str, data: st.DataObject
) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    change = {key: value for key, value in data.draw(settings(scenario)).items() if key in ("set", "read")}

    def answers(least: int, most: int) -> list[str | dict[str, float]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(closures, "KEPT_FROM", least)
            patch.setattr(keeping, "MOST_KEPT", most)
            PLANS.clear()
            found: list[str | dict[str, float]] = [again(scenario, **asked)]
            if change["set"] or change["read"]:
                found.append(text_of(lambda: negsim.run(scenario, **asked).fork(at=-1, **change)))
            try:
                exact = negsim.solve(scenario, set=asked["set"], read=asked["read"], max_states=200)
                found.append({name: float(share) for name, share in exact.outcomes.items()})
            except ModelError as error:
                found.append(f"{error}")
        return found

    worked_out_each_time = answers(NEVER, 0)
    assert answers(1, 0) == worked_out_each_time
    assert answers(NEVER, 2) == worked_out_each_time


@pytest.mark.parametrize(("ahead", "unused"), [(0, 4), (1, 0), (3, 1), (3, 4)])
def test_however_many_draws_are_worked_out_ahead_runs_are_the_same(
    valley: negsim.Scenario, monkeypatch: pytest.MonkeyPatch, ahead: int, unused: int
) -> None:
    asked = [(seed, each) for seed in range(4) for each in ASKED[:2]]
    before = [anew(valley, seed=seed, **each) for seed, each in asked]
    monkeypatch.setattr(luck, "MOST_AHEAD", ahead)
    monkeypatch.setattr(luck, "MOST_UNUSED", unused)
    assert [again(valley, seed=seed, **each) for seed, each in asked] == before
    with bound(valley, defaults(valley)) as found:
        assert len(found.luck(0)._ahead) == ahead  # noqa: SLF001 - what is bounded


def test_draws_of_streams_that_no_run_asks_for_any_more_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(luck, "MOST_UNUSED", 2)
    ahead = luck.Ahead()
    ahead.learn({1: 2, 2: 1})
    ahead.learn({3: 1, 4: 1})
    assert [*ahead.draws(7)] == [(1, 0), (1, 1), (2, 0), (3, 0), (4, 0)]  # four streams, of which two are twice as few
    ahead.learn({5: 1, 1: 1})
    assert [*ahead.draws(7)] == [(5, 0), (1, 0)]
    for (stream, number), value in ahead.draws(7).items():
        assert value == (first_word(7, stream, number) >> 11) / 2**53


def test_the_days_that_chances_take_are_kept_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance, "KEPT_PRODUCTS", 1_000)
    falling, most = chance.Falling(), 300
    for number in range(1, 200):
        each = number / 10_000
        assert falling.days(0.05, each, most) == chance.Falling().days(0.05, each, most)
        assert falling.fallen(1.0, each, 200) == chance.Falling().fallen(1.0, each, 200)
        kept = sum(map(len, falling._kept.values()))  # noqa: SLF001 - what is measured
        assert kept <= 1_000 + most
