"""Crowds that are alike are taken through a day together: what comes out is what comes out one by one."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
from crews import crews
from hypothesis import HealthCheck, given

import negsim
from negsim.errors import ModelError
from negsim.exact.step import batch, crowds
from negsim.language import load_text
from negsim.testing import to_text

RELAXED: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
NEVER = 10**9

CAMPS = """
negsim: 1
title: Two camps
start: 2030-05-01
horizon: 6
groups:
  scouts: {members: {ada: {}, bob: {}, cyd: {}, dov: {}}}
  guards: {members: {fay: {}, gus: {}, hal: {}}}
state:
  weather: {values: [fair, foul], initial: fair}
  fires: {initial: 1, range: 0..2}
  scouts: {out: {initial: false}, wet: {initial: false}}
  guards: {awake: {initial: true}}
define:
  away: count(s for s in scouts if s.out)
  watch: count(g for g in guards if g.awake)
events:
  turned: {fields: {to: [fair, foul]}, set: {weather: to}}
  fire_lit: {set: {fires: "min(fires + 1, 2)"}}
  gone: {fields: {who: scouts}, set: {who.out: true}}
  back: {fields: {who: scouts}, set: {who.out: false}}
  soaked: {fields: {who: scouts}, set: {who.wet: true}}
  slept: {fields: {who: guards}, set: {who.awake: false}}
  woke: {fields: {who: guards}, set: {who.awake: true}}
rules:
  turns_foul: {assumption: A test., while: weather == fair, chance: 0.1, emit: turned(foul)}
  turns_fair: {assumption: A test., while: weather == foul, chance: 0.3 * (1 - away / 10), emit: turned(fair)}
  lights: {assumption: A test., on: turned, when: to == foul, after: geometric(0.4), unless: [turned(fair)], emit: fire_lit()}
  goes: {assumption: A test., for: s in scouts, while: not s.out, chance: 0.2 * (1 + watch / 3), emit: gone(s)}
  returns: {assumption: A test., on: gone, after: "uniform(1, 2)", emit: back(who)}
  gets_wet:
    assumption: A test.
    for: s in scouts
    while: weather == foul and s.out and not s.wet
    chance: away * away / 16
    emit: soaked(s)
  sleeps:
    assumption: A test.
    for: g in guards
    every: 2
    when: g.awake and weather == fair
    choose: {nods: {weight: 1, emit: slept(g)}, stays: {weight: 3}}
  wakes: {assumption: A test., for: g in guards, while: not g.awake, chance: 0.5 if fires > 1 else 0.1, emit: woke(g)}
outcomes:
  soaked_all: {when: count(s for s in scouts if s.wet) >= 3, ends: true}
  unwatched: {when: watch == 0 and away > 0}
  quiet: {}
measures: {departures: count(gone), foul_days: days(weather == foul), lonely: days(watch < 2)}
"""  # noqa: E501 - a rule a line


def solved(monkeypatch: pytest.MonkeyPatch, scenario: negsim.Scenario, *, fewest: int) -> negsim.Solution:
    monkeypatch.setattr(crowds, "FEWEST", fewest)
    return negsim.solve(scenario, measures=True, max_states=20_000)


def same(one: negsim.Solution, other: negsim.Solution) -> None:
    """Whether two solutions agree, and to the last digits."""
    assert (one.states, one.reached, one.stopped) == (other.states, other.reached, other.stopped)
    assert one.curves == {name: pytest.approx(curve, abs=1e-14) for name, curve in other.curves.items()}
    assert one.measures.keys() == other.measures.keys()
    for name, measure in other.measures.items():
        assert one.measures[name].mean == pytest.approx(measure.mean, rel=1e-13)


def one_by_one(*_: object) -> None:
    raise AssertionError("a crowd is taken through a day by itself")


def test_crowds_together_come_to_what_they_come_to_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_text(CAMPS)
    alone = solved(monkeypatch, scenario, fewest=NEVER)
    assert alone.merged == (("ada", "bob", "cyd", "dov"), ("fay", "gus", "hal"))
    assert alone.states > 1_000
    monkeypatch.setattr(batch, "row", one_by_one)
    same(solved(monkeypatch, scenario, fewest=1), alone)


LOUD = CAMPS.replace("set: {who.out: true}}", 'set: {who.out: true, fires: "max(fires - 1, 0)"}}')


def test_where_a_member_s_turn_changes_what_is_everybody_s_each_crowd_is_taken_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = load_text(LOUD.replace("0.5 if fires > 1 else 0.1", "0.1"))
    alone = solved(monkeypatch, scenario, fewest=NEVER)
    assert len(alone.merged) == 2
    same(solved(monkeypatch, scenario, fewest=1), alone)
    monkeypatch.setattr(batch, "row", one_by_one)
    with pytest.raises(AssertionError, match="by itself"):
        solved(monkeypatch, scenario, fewest=1)


def test_too_many_states_are_found_on_the_same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_text(CAMPS)
    for most in (1, 40, 700):
        found = []
        for fewest in (1, NEVER):
            monkeypatch.setattr(crowds, "FEWEST", fewest)
            found.append(negsim.solve(scenario, max_states=most))
        assert not found[0].is_exact
        same(*found)


def test_a_chance_without_a_value_is_told_of_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_text(CAMPS.replace("away * away / 16", "away / 3"))
    said = []
    for fewest in (1, NEVER):
        with pytest.raises(ModelError) as error:
            solved(monkeypatch, scenario, fewest=fewest)
        said.append(str(error.value))
    assert said[0] == said[1]


@hypothesis.settings(max_examples=40, derandomize=True, database=None, **RELAXED)
@given(crews())
def test_crews_come_to_the_same_together_and_one_by_one(document: dict[str, Any]) -> None:
    scenario = load_text(to_text({**document, "horizon": "3"}))
    found: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        for fewest in (1, NEVER):
            try:
                found.append(solved(patch, scenario, fewest=fewest))
            except ModelError as error:
                found.append(str(error))
    if isinstance(found[0], str):
        assert found[0] == found[1]
    else:
        same(*found)
