"""Members counted against members told apart: both must come to the same, by different ways through the solver."""

from __future__ import annotations

import pytest

import negsim
from negsim.exact.answer.solution import Solution

HEAD = """\
negsim: 1
title: Alike
start: 2030-01-01
horizon: HORIZON
groups: {crew: {members: {ann: {}, ben: {}, cem: {}}}}
"""
HIT = "hit: {fields: {who: crew}, set: {who.hits: 'min(who.hits + 1, 2)'}}"
HITS = "crew: {hits: {range: 0..2, initial: 0}}"
HOW_MANY = """\
outcomes: {all_hit: {when: all(m.hits > 0 for m in crew)}, two: {when: any(m.hits == 2 for m in crew)}, other: {}}
measures: {hits: count(hit), begins: first(hit), quiet: days(sum(m.hits for m in crew) == 0)}
"""

# What a turn leaves behind about members though it looks at no variable of theirs.

DELAYED_BY_A_CALL = """
state: {HITS}
events: {called: {}, HIT}
rules:
  calls: {assumption: A test., every: 2, chance: 0.6, emit: called()}
  hits: {assumption: A test., on: called, for: m in crew, after: geometric(0.4), emit: hit(m)}
"""
ONE_IS_CHOSEN = """
state: {HITS}
events: {chosen: {fields: {who: crew}}, HIT}
rules:
  chooses: {assumption: A test., every: 1, choose: {one: {for: m in crew, emit: chosen(m)}, none: {weight: 2}}}
  hits: {assumption: A test., on: chosen, after: 2, emit: hit(who)}
"""
DROPPED_BY_AN_ALARM = """
state: {HITS}
events: {called: {}, alarm: {}, HIT}
rules:
  calls: {assumption: A test., every: 2, emit: called()}
  hits: {assumption: A test., on: called, for: m in crew, after: geometric(0.4), unless: alarm, emit: hit(m)}
  warns: {assumption: A test., every: 1, chance: 0.3, emit: alarm()}
"""
DROPPED_BY_A_MEMBER = """
state: {HITS}
events: {called: {}, alarm: {}, HIT}
rules:
  warns: {assumption: A test., every: 1, for: m in crew, chance: 0.2, emit: alarm()}
  calls: {assumption: A test., every: 2, emit: called()}
  hits: {assumption: A test., on: called, for: m in crew, after: geometric(0.4), unless: alarm, emit: hit(m)}
"""
DROPPED_BY_ITSELF = """
state: {HITS}
events: {left: {fields: {who: crew}}, HIT}
rules:
  hits:
    {assumption: A test., every: 2, for: m in crew, chance: 0.4, after: "uniform(1, 2)", unless: left(m), emit: hit(m)}
  leaves: {assumption: A test., every: 1, for: m in crew, chance: 0.2, emit: left(m)}
"""
HELD = """
state: {leads: {values: crew, initial: nobody}, HITS}
events: {named: {fields: {who: crew}, set: {leads: who}}, resigned: {set: {leads: nobody}}, HIT}
rules:
  names:
    assumption: A test.
    every: 1
    when: leads == nobody
    choose: {one: {for: m in crew, emit: named(m)}, none: {weight: 2}}
  resigns: {assumption: A test., while: leads != nobody, chance: 0.3, emit: resigned()}
  hits: {assumption: A test., for: m in crew, while: leads == m, chance: 0.7, emit: hit(m)}
"""
TWO_HELD = """
state: {leads: {values: crew, initial: nobody}, heir: {values: crew, initial: nobody}, HITS}
events: {named: {fields: {who: crew}, set: {heir: leads, leads: who}}, resigned: {set: {leads: heir}}, HIT}
rules:
  names:
    assumption: A test.
    every: 1
    choose: {one: {for: m in crew, when: leads != m, emit: named(m)}, none: {weight: 2}}
  resigns: {assumption: A test., while: leads != nobody, chance: 0.3, emit: resigned()}
  hits: {assumption: A test., while: leads != nobody and leads == heir, chance: 0.7, emit: hit(leads)}
  hits_the_heir: {assumption: A test., while: heir != nobody, chance: 0.4, emit: hit(heir)}
"""
FOUND = {
    "delayed_by_a_call": (DELAYED_BY_A_CALL, 6),
    "one_is_chosen": (ONE_IS_CHOSEN, 5),
    "dropped_by_an_alarm": (DROPPED_BY_AN_ALARM, 5),
    "dropped_by_a_member": (DROPPED_BY_A_MEMBER, 5),
    "dropped_by_itself": (DROPPED_BY_ITSELF, 5),
    "held": (HELD, 5),
    "two_held": (TWO_HELD, 4),
}


def told_apart(scenario: negsim.Scenario) -> Solution:
    """The solution in which no member is counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("negsim.exact.answer.solve.merging", lambda *_given, **_more: ((), ()))
        return negsim.solve(scenario, measures=True)


def check(text: str) -> Solution:
    """Solves a scenario in both ways; the solution with members counted."""
    scenario = negsim.load_text(text)
    counted, apart = negsim.solve(scenario, measures=True), told_apart(scenario)
    assert counted.is_exact
    assert apart.is_exact
    assert sum(counted.outcomes.values()) == pytest.approx(1, abs=1e-12)
    for name, curve in apart.curves.items():
        assert counted.curves[name] == pytest.approx(curve, abs=1e-10)
    assert dict(counted.outcomes) == pytest.approx(dict(apart.outcomes), abs=1e-10)
    assert {*counted.measures} == {*apart.measures}
    for name, measure in apart.measures.items():
        assert counted.measures[name].mean == pytest.approx(measure.mean, abs=1e-10)
        assert counted.measures[name].missing == pytest.approx(measure.missing, abs=1e-10)
    return counted


@pytest.mark.parametrize("name", FOUND)
def test_what_is_kept_of_members_is_the_same_counted_and_told_apart(name: str) -> None:
    body, horizon = FOUND[name]
    body = body.replace("HITS", HITS).replace("HIT", HIT)
    found = check(HEAD.replace("HORIZON", str(horizon)) + body + HOW_MANY)
    assert found.merged == (() if name == "dropped_by_a_member" else (("ann", "ben", "cem"),))
