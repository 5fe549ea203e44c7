"""`validate` says beforehand what `solve` says afterwards: who is counted, and why somebody is not."""

from __future__ import annotations

import negsim
from negsim.solve.order import order_notes

CREW = """\
negsim: 1
title: A crew
start: 2030-01-01
horizon: 5
groups: {crew: {members: {ann: {}, ben: {}, cal: {}}}}
state: {crew: {joined: {initial: false}}}
events: {joins: {fields: {who: crew}, set: {who.joined: true}}}
rules:
  join: {assumption: a, for: m in crew, while: GUARD, chance: 0.1, emit: joins(m)}
outcomes: {everyone: {when: all(m.joined for m in crew)}, fewer: {}}
"""


def test_members_who_are_told_apart_by_what_others_have_done_are_noted():
    scenario = negsim.load_text(CREW.replace("GUARD", "not m.joined and count(n for n in crew if n.joined) < 2"))
    why = "in rule `join`: what a member does can hang on what another has done before it"
    assert order_notes(scenario) == (f"an exact solution tells members who are alike apart: {why}",)
    assert negsim.solve(scenario).apart == (why,)


def test_where_they_are_counted_nothing_is_noted():
    scenario = negsim.load_text(CREW.replace("GUARD", "not m.joined"))
    assert order_notes(scenario) == ()
    solution = negsim.solve(scenario)
    assert (solution.apart, solution.merged) == ((), (("ann", "ben", "cal"),))
