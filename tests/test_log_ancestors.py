"""Ancestors: what triggered an event and what had set what was looked at for it, named, followed and left out."""

from typing import Any

import pytest

import negsim
from negsim.deals.analysis import deal_at
from negsim.log.why import ButFor, Link

DOOR = """
negsim: 1
title: A door
start: 2030-01-01
horizon: 10
state: {door: {values: [shut, open], initial: shut}, inside: {initial: false}}
events: {opens: {set: {door: open}, text: The door is opened.}, enters: {set: {inside: true}, text: Somebody goes in.}}
rules:
  open_up: {assumption: On day 3., at: 3, emit: opens()}
  go_in: {assumption: On day 5 whoever finds it open goes in., at: 5, when: door == open, emit: enters()}
outcomes: {inside: {when: inside}, outside: {}}
"""

MEDIATOR = """
negsim: 1
title: A mediator between three
start: 2030-01-01
horizon: 10
actors: {a: {name: A}, b: {name: B}, c: {name: C}, m: {name: Mediator}}
state: {x: {initial: false}}
events: {warned: {set: {x: true}}}
history: [{date: 2029-12-31, emit: warned(), assumption: made up}]
talks:
  t:
    parties: [a, b]
    consulted: [c]
    protocol: single_text
    mediator: m
    opens: 1
    every: 1
    rounds: 2
    issues: {term: [short, long], bank: [left_out, promised]}
    positions:
      a:
        assumption: made up
        red_lines:
          short_only: {never: term == long, assumption: made up}
          bank_in: {never: bank == left_out, when: x, assumption: made up}
        values: {bank: {promised: 1}}
      b: {assumption: made up, values: {term: {long: 3}}}
      c:
        assumption: made up
        red_lines: {no_bank: {never: bank == promised, assumption: made up}}
        values: {term: {long: 1}}
outcomes: {deal: {when: t.phase == agreed}, none: {}}
"""

# Each rule waits for `set_n` of day 1 in one way; without it `done` does not come, or not on that day.
LOOKS = """
negsim: 1
title: Looks
start: 2030-01-01
horizon: 9
actors: {host: {name: Host}}
state: {n: {range: 0..9, initial: 0}, was: {range: 0..9, initial: 0}}
events: {set_n: {set: {n: 3}}, noted: {set: {was: n}}, done: {fields: {v: 0..9}}, go: {}}
rules:
  early: {assumption: x, at: 1, emit: set_n()}
  begin: {assumption: x, at: 4, emit: go()}
  RULE
outcomes: {end: {}}
"""
GUARDS = {
    "when": "mine: {assumption: x, at: 5, when: n == 3, emit: done(1)}",
    "when of a reaction": "mine: {assumption: x, on: go, when: n == 3, emit: done(1)}",
    "while": "mine: {assumption: x, while: n == 3, chance: 1, emit: done(1)}",
    "still": "mine: {assumption: x, at: 5, after: 1, still: n == 3, emit: done(1)}",
    "chance": "mine: {assumption: x, at: 5, chance: n / 3, emit: done(1)}",
    "after": "mine: {assumption: x, at: 5, after: n, emit: done(1)}",
    "weight": "mine: {assumption: x, at: 5, choose: {a: {weight: n, emit: done(1)}, b: {weight: 3 - n}}}",
    "option": "mine: {assumption: x, at: 5, choose: {a: {when: n == 3, emit: done(1)}, b: {when: n < 3}}}",
    "other options": "mine: {assumption: x, at: 5, choose: {a: {emit: done(1)}, b: {weight: 9e99 if n < 3 else 0}}}",
    "emit": "mine: {assumption: x, at: 5, emit: done(n)}",
    "set of what was read": """note: {assumption: x, at: 3, emit: noted()}
  mine: {assumption: x, at: 5, when: was == 3, emit: done(1)}""",
}  # fmt: skip


def made(text: str, **asked: Any) -> negsim.Run:
    return negsim.run(negsim.load_text(text, name="ancestors.yaml"), **asked)


def told(tests: tuple[ButFor, ...]) -> list[tuple[int, bool | None, str | None]]:
    return [(test.ancestor.seq, test.event_stands, test.outcome) for test in tests]


def test_what_a_guard_read_is_an_ancestor_that_is_followed_and_left_out() -> None:
    run = made(DOOR)
    causes = run.why(1)
    assert [step.event.seq for step in causes.steps] == [1]
    assert [step.event.seq for step in causes.behind] == [0]
    assert causes.leads_to(0) == ((1, Link(0, "looked at", ("door",))),)
    assert told(run.but_for(1)) == [(0, False, "outside")]
    assert run.but_for(0) == ()


@pytest.mark.parametrize("rule", GUARDS.values(), ids=GUARDS)
def test_whatever_looked_the_event_that_set_it_is_needed(rule: str) -> None:
    run = made(LOOKS.replace("RULE", rule))
    seq = next(event.seq for event in run.events if event.event == "done")
    setter = next(event.seq for event in run.events if event.event == "set_n")
    assert setter in [step.event.seq for step in run.why(seq).behind]
    assert (setter, False, "end") in told(run.but_for(seq))


def test_an_outcome_has_causes_too() -> None:
    run = made(DOOR)
    causes = run.why()
    assert causes.verdict is not None
    assert causes.verdict.outcome.name == "inside"
    assert [(c.name, c.value, c.read_by, c.set_by) for c in causes.verdict.conditions] == [
        ("inside", True, ("outcome inside",), 1)
    ]
    assert [step.event.seq for step in causes.ancestors] == [1, 0]
    assert [(t.ancestor.seq, t.event_stands, t.outcome_stands, t.outcome) for t in run.but_for()] == [
        (1, None, False, "outside"),
        (0, None, False, "outside"),
    ]


def test_the_last_outcome_hangs_on_what_kept_the_others_from_holding() -> None:
    text = DOOR.replace("open_up: {", "shut_up: {assumption: a, at: 4, emit: shuts()}\n  open_up: {")
    text = text.replace("events: {", "events: {shuts: {set: {door: shut}}, ")
    causes = made(text).why()
    assert causes.verdict is not None
    assert [(tried.name, held) for tried, held in causes.verdict.tried] == [("inside", False), ("outside", True)]
    assert [(c.name, c.set_by) for c in causes.verdict.conditions] == [("inside", None)]


def test_an_outcome_of_a_lapse_leads_to_the_refusals_and_to_the_red_lines_in_the_way() -> None:
    run = made(MEDIATOR)
    causes = run.why()
    lapse = next(step for step in causes.behind if step.event.event == "lapsed")
    refusals = [step.event for step in causes.behind if step.event.event == "refused"]
    last = {link.seq for link in lapse.links if any(event.seq == link.seq for event in refusals)}
    assert {run.events[seq].day for seq in last} == {lapse.event.day}
    assert lapse.deadlock is not None
    assert lapse.deadlock.zone == 0
    assert lapse.deadlock.unlock == deal_at(run, lapse.deadlock.at).unlock == (("a.bank_in",), ("c.no_bank",))
    # The red line that nobody named but that stands in the way holds because of what history set.
    assert run.events[0].event == "warned"
    assert Link(0, "looked at", ("x",)) in lapse.links


STUBBORN = """
negsim: 1
title: Stubborn
start: 2030-01-01
horizon: 10
actors: {a: {name: A}, b: {name: B}}
events: {}
talks:
  t:
    parties: [a, b]
    opens: 1
    every: 1
    rounds: 2
    issues: {share: [mine, half, yours]}
    positions:
      a: {assumption: made up, strategy: tit_for_tat, values: {share: {mine: 2, half: 1}}}
      b: {assumption: made up, strategy: tit_for_tat, values: {share: {yours: 2, half: 1}}}
outcomes: {deal: {when: t.phase == agreed}, none: {}}
"""


def test_a_lapse_with_a_deal_in_reach_says_so() -> None:
    run = made(STUBBORN)
    lapsed = next(event.seq for event in run.events if event.event == "lapsed")
    found = run.why(lapsed).steps[0].deadlock
    assert found is not None
    assert (found.zone, found.unlock) == (3, ())


CHAIN = """
negsim: 1
title: A chain
start: 2030-01-01
horizon: 100
state: {n: {range: 0..200, initial: 0}}
events: {up: {set: {n: n + 1}}, full: {}}
rules:
  ups: {assumption: a, every: 1, emit: up()}
  fills: {assumption: a, at: 90, when: n > 50, emit: full()}
outcomes: {many: {when: n > 50}, few: {}}
"""


def test_of_many_ancestors_the_nearest_are_followed_and_it_is_said() -> None:
    """Each `up` reads what the one before has set."""
    run = made(CHAIN)
    seq = next(event.seq for event in run.events if event.event == "full")
    causes = run.why(seq, most=5)
    assert [step.event.seq for step in causes.ancestors] == [seq - 1, seq - 2, seq - 3, seq - 4, seq - 5]
    assert causes.is_cut
    assert len(run.but_for(seq, most=5)) == 5
    assert len(run.why(seq, most=1_000).ancestors) == seq
    assert not run.why(seq, most=1_000).is_cut


FORKED = """
negsim: 1
title: Forked
start: 2030-01-01
horizon: 20
parameters: {p: {value: 0, low: 0, high: 1, assumption: A guess.}}
state: {hope: {initial: false}, help: {initial: false}}
events: {talked: {set: {hope: true}}, helped: {set: {help: true}}, rested: {}, peace: {}}
rules:
  talk: {assumption: a, at: 2, emit: talked()}
  rest: {assumption: a, at: 6, emit: rested()}
  peace: {assumption: a, at: 10, when: hope and help and p == 1, emit: peace()}
outcomes: {peace: {when: hope and help}, war: {when: help}, nothing: {}}
"""


def test_on_a_fork_but_for_keeps_what_the_fork_changed_later() -> None:
    """Event 0 is left out: the fork's changes after event 1 are made all the same, in their place."""
    run = made(FORKED).fork(at=1, emit="helped()", set={"p": 1})
    assert [event.event for event in run.events] == ["talked", "rested", "helped", "peace"]
    assert told(run.but_for(3)) == [(2, False, "nothing"), (0, False, "war")]
    assert [(t.ancestor.seq, t.outcome) for t in run.but_for()] == [(2, "nothing"), (0, "war")]


def test_on_a_fork_a_later_change_stays_at_its_day_where_its_moment_is_gone() -> None:
    run = made(FORKED).fork(at=0, emit="helped()")
    assert [event.event for event in run.events] == ["talked", "helped", "rested"]
    assert [(t.ancestor.seq, t.outcome) for t in run.but_for()] == [(1, "nothing"), (0, "war")]


def test_forks_of_forks_at_one_moment_are_all_seen() -> None:
    text = FORKED.replace("{p: {", "{q: {value: 0, low: 0, high: 1, assumption: x}, p: {")
    text = text.replace("p == 1", "p == 1 and q == 1")
    run = made(text).fork(at=0, emit="helped()").fork(at=1, set={"p": 1}).fork(at=1, set={"q": 1})
    seq = next(event.seq for event in run.events if event.event == "peace")
    looked = {c.name: c.value for c in run.why(seq).steps[0].conditions}
    assert looked == {"hope": True, "help": True, "p": 1, "q": 1}
