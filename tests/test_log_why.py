"""Why: causes back to the start, and for each what its rule looked at, when it looked, and who had set it."""

from typing import Any

import pytest

import negsim
from negsim.errors import UsageError
from negsim.log.past import Condition
from negsim.log.why import Why, WhyStep

HEAD = """
negsim: 1
title: Why
start: 2025-03-01
horizon: 20
"""


def why(text: str, event: str, *, seed: int = 0, nth: int = 0, **asked: Any) -> Why:
    """The causes of the nth event of that name."""
    run = negsim.run(negsim.load_text(HEAD + text, name="why.yaml"), seed=seed, **asked)
    seq = [e.seq for e in run.events if e.event == event][nth]
    return run.why(seq)


def looked(step: WhyStep) -> list[str]:
    """What a step looked at: `name = value [who looked] <seq that set it>`."""
    return [
        f"{'' if c.kind == 'state' else c.kind + ' '}{c.name} = {c.value} [{' '.join(c.read_by)}]"
        + ("" if c.set_by is None else f" <{c.set_by}>")
        for c in step.conditions
    ]


BRANCHES = """
groups:
  sides:
    attributes: {mood: {values: [calm, angry], default: calm}}
    members: {north: {name: North, mood: angry, assumption: Made up.}, south: {name: South}, west: {name: West}}
parameters:
  p: {value: 3, low: 0, high: 9, assumption: A guess about p.}
  q: {value: 4, low: 0, high: 9, assumption: A guess about q.}
readings:
  r: {assumption: A guess about r., options: {one: One., two: Two.}, default: one}
state:
  a: {range: 0..9, initial: 0}
  b: {range: 0..9, initial: 0}
  c: {initial: false}
  d: {initial: true}
  sides: {hit: {initial: false}, tally: {range: 0..9, initial: 0}}
define:
  low: a < p
  high: b > q
  either: low or high
  is_hit(m in sides): m.hit and m.mood == angry
  table: {by: r, one: a, else: b}
events:
  set_a: {fields: {v: 0..9}, set: {a: v}}
  set_b: {fields: {v: 0..9}, set: {b: v}}
  hit: {fields: {m: sides}, set: {m.hit: true}}
  done: {}
rules:
  one: {assumption: One., at: 1, emit: set_a(2)}
  two_: {assumption: Two., at: 2, emit: set_b(7)}
  third: {assumption: Three., at: 3, emit: hit(south)}
  four: {assumption: Four., at: 9, when: CONDITION, emit: done()}
outcomes: {end: {}}
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a == 2", ["a = 2 [when] <0>"]),
        ("a == 2 or b == 0", ["a = 2 [when] <0>"]),
        ("a == 3 or b == 7", ["a = 2 [when] <0>", "b = 7 [when] <1>"]),
        ("not c and d", ["c = False [when]", "d = True [when]"]),
        ("not (c and d)", ["c = False [when]"]),
        ("c or d or a == 2", ["c = False [when]", "d = True [when]"]),
        ("(a if d else b) == 2", ["d = True [when]", "a = 2 [when] <0>"]),
        ("(a if c else b) == 7", ["c = False [when]", "b = 7 [when] <1>"]),
        ("low", ["a = 2 [when] <0>", "parameter p = 3 [when]"]),
        ("either", ["a = 2 [when] <0>", "parameter p = 3 [when]"]),
        ("high and low", ["b = 7 [when] <1>", "parameter q = 4 [when]", "a = 2 [when] <0>", "parameter p = 3 [when]"]),
        ("r == one and a == 2", ["reading r = one [when]", "a = 2 [when] <0>"]),
        ("table == 2", ["reading r = one [when]", "a = 2 [when] <0>"]),
        ("any(m.hit for m in sides)", ["north.hit = False [when]", "south.hit = True [when] <2>"]),
        ("not all(m.hit for m in sides)", ["north.hit = False [when]"]),
        (
            "count(m for m in sides if m.hit) == 1",
            ["north.hit = False [when]", "south.hit = True [when] <2>", "west.hit = False [when]"],
        ),
        (
            "sum(m.tally for m in sides if m.hit) == 0",
            [
                "north.hit = False [when]",
                "south.hit = True [when] <2>",
                "south.tally = 0 [when]",
                "west.hit = False [when]",
            ],
        ),
        ("not is_hit(north)", ["north.hit = False [when]"]),
        ("not is_hit(south)", ["south.hit = True [when] <2>", "attribute south.mood = calm [when]"]),
        ("a < p < b", ["a = 2 [when] <0>", "parameter p = 3 [when]", "b = 7 [when] <1>"]),
        ("min(a, b, q) == 2", ["a = 2 [when] <0>", "b = 7 [when] <1>", "parameter q = 4 [when]"]),
        ("a in (1, 2)", ["a = 2 [when] <0>"]),
        ("1 == 1", []),
    ],
)  # fmt: skip
def test_conditions_follow_the_branches_that_were_taken(condition: str, expected: list[str]) -> None:
    quoted = '"' + condition + '"'
    (step,) = why(BRANCHES.replace("CONDITION", quoted), "done").steps
    assert looked(step) == expected


def test_a_chain_of_comparisons_that_was_settled_early() -> None:
    (step,) = why(BRANCHES.replace("CONDITION", "not (p < a < b)"), "done").steps
    assert looked(step) == ["parameter p = 3 [when]", "a = 2 [when] <0>"]


def test_an_any_and_an_all_that_were_settled_early() -> None:
    """`any` needs no member after the one that settles it."""
    (step,) = why(BRANCHES.replace("CONDITION", "any(m.hit for m in sides)"), "done").steps
    assert [c.name for c in step.conditions] == ["north.hit", "south.hit"]


def test_a_condition_names_its_origin() -> None:
    (step,) = why(BRANCHES.replace("CONDITION", "r == one and a < p and not is_hit(south)"), "done").steps
    found = {c.name: (c.kind, None if c.origin is None else c.origin.text) for c in step.conditions}
    assert found == {
        "r": ("reading", "A guess about r."),
        "a": ("state", None),
        "p": ("parameter", "A guess about p."),
        "south.hit": ("state", None),
        "south.mood": ("attribute", None),
    }


MOMENTS = """
state: {n: {range: 0..99, initial: 0}, m: {range: 0..99, initial: 0}}
events: {up: {set: {n: n + 1}}, go: {}, done: {}, other: {}}
rules:
  early: {assumption: x, every: 1, emit: up()}
  RULE
  late: {assumption: x, every: 1, emit: up()}
outcomes: {end: {}}
"""


def moments(rule: str, event: str = "done", nth: int = 0, **asked: Any) -> list[list[str]]:
    return [looked(step) for step in why(MOMENTS.replace("RULE", rule), event, nth=nth, **asked).steps]


def test_a_dated_rule_looks_when_its_turn_comes() -> None:
    """Day 4: `early` has made 4 of the 7 events before; the rule stands between the two."""
    assert moments("mine: {assumption: x, at: 4, when: n >= 0, still: n >= 1, emit: done()}") == [
        ["n = 7 [when still] <6>"]
    ]


def test_a_delayed_action_looks_at_its_guards_on_the_day_of_its_trigger() -> None:
    """Day 4's turn came after `early` (its seventh event) and before `late`; day 6's likewise."""
    assert moments("mine: {assumption: x, at: 4, when: n >= 0, after: n - 5, still: n >= 1, emit: done()}") == [
        ["n = 7 [when after] <6>", "n = 11 [still] <10>"]
    ]


def test_a_reaction_looks_right_after_its_cause() -> None:
    rule = """
  begin: {assumption: x, at: 4, emit: [go(), up()]}
  mine: {assumption: x, on: go, when: n >= 0, still: n >= 1, emit: done()}"""
    assert moments(rule.strip()) == [["n = 7 [when] <6>", "n = 8 [still] <8>"], []]


def test_a_delayed_reaction_looks_right_after_its_cause_and_when_it_is_taken() -> None:
    rule = """
  begin: {assumption: x, at: 4, emit: [go(), up()]}
  mine: {assumption: x, on: go, when: n >= 0, chance: 1 - n * 0, after: 2, still: n >= 1, emit: done()}"""
    assert moments(rule.strip()) == [["n = 7 [when chance] <6>", "n = 12 [still] <12>"], []]


def test_a_waiting_rule_looks_at_its_chance_at_dusk_and_at_its_condition_at_its_turn() -> None:
    """It fires on day 1: its chance was looked at at the dusk of day 0, before `early` had its turn."""
    assert moments("mine: {assumption: x, while: n < 90, chance: 1 - n * 0.001, emit: done()}") == [
        ["n = 1 [while] <0>", "n = 0 [chance]"]
    ]


def test_a_waiting_rule_with_a_delay() -> None:
    assert moments(
        "mine: {assumption: x, while: n < 2, chance: 1 - n * 0.001, after: 3, still: n > 0, emit: done()}"
    ) == [["n = 1 [while] <0>", "n = 0 [chance]", "n = 7 [still] <6>"]]


def test_a_list_of_events_was_taken_before_its_first() -> None:
    rule = "mine: {assumption: x, at: 4, when: n >= 0, still: n >= 0, emit: [up(), up(), done()]}"
    assert moments(rule) == [["n = 7 [when still] <6>"]]


def test_two_actions_of_one_rule_on_one_day_are_told_apart() -> None:
    """A trigger's own action of the day, and the delayed one of a day before."""
    rule = "mine: {assumption: x, every: 1, after: 1 if n < 2 else 0, still: n >= 0, emit: [up(), done()]}"
    run = negsim.run(negsim.load_text(HEAD + MOMENTS.replace("RULE", rule), name="why.yaml"))
    mine = [e for e in run.events if e.rule == "mine" and e.day == 2]
    assert [(e.event, e.triggered) for e in mine] == [("up", None), ("done", None), ("up", 1), ("done", 1)]
    assert looked(run.why(mine[1].seq).steps[0]) == ["n = 3 [after still] <2>"]
    assert looked(run.why(mine[3].seq).steps[0]) == ["n = 1 [after] <0>", "n = 4 [still] <3>"]


def test_what_changed_between_two_looks_is_named_twice() -> None:
    rule = "mine: {assumption: x, at: 4, when: n > 0, after: 2, still: n > 0, emit: done()}"
    (step,) = why(MOMENTS.replace("RULE", rule), "done").steps
    assert step.conditions == (
        Condition("state", "n", 7, ("when",), 6, None),
        Condition("state", "n", 11, ("still",), 10, None),
    )


OPTIONS = """
actors: {host: {name: Host}}
groups: {sides: {members: {north: {name: North}, south: {name: South}}}}
parameters: {w: {value: 2, low: 0, high: 9, assumption: A guess.}}
state: {sides: {hit: {initial: false}, weight: {range: 0..9, initial: 1}}, tense: {initial: true}}
events: {hit: {fields: {m: sides}, set: {m.hit: true, m.weight: m.weight + 3}}, eased: {set: {tense: false}}}
rules:
  strike:
    assumption: x
    every: 2
    by: host
    choose:
      strike: {for: m in sides, when: not m.hit and tense, weight: m.weight * w, emit: hit(m)}
      ease: {when: tense, weight: 1, emit: eased()}
      rest: {}
outcomes: {end: {}}
"""


def test_an_option_of_a_member_names_that_members_guard_and_weight() -> None:
    found = why(OPTIONS, "hit", choose=["strike@2=strike[south]", "strike=rest"])
    assert looked(found.steps[0]) == [
        "south.hit = False [option]",
        "tense = True [option]",
        "south.weight = 1 [weight]",
        "parameter w = 2 [weight]",
    ]
    assert (found.steps[0].event.option, found.steps[0].event.share) == ("strike[south]", None)


def test_other_options_are_not_named() -> None:
    assert looked(why(OPTIONS, "eased", choose=["strike=ease"]).steps[0]) == ["tense = True [option]"]
    assert looked(why(OPTIONS, "decided", choose=["strike=rest"]).steps[0]) == []


def test_a_setter_is_the_last_event_before_the_look() -> None:
    chosen = ["strike@2=strike[north]", "strike@4=strike[south]", "strike@6=ease", "strike=rest"]
    found = why(OPTIONS, "hit", nth=1, choose=chosen)
    assert looked(found.steps[0])[0] == "south.hit = False [option]"
    run = negsim.run(negsim.load_text(HEAD + OPTIONS, name="why.yaml"), choose=chosen)
    assert [(e.seq, e.event) for e in run.events][:3] == [(0, "hit"), (1, "hit"), (2, "eased")]
    assert looked(run.why(2).steps[0]) == ["tense = True [option]"]


CHAIN = """
groups: {sides: {members: {north: {name: North}, south: {name: South}}}}
sources:
  paper:
    title: A paper
    publisher: The publisher
    date: 2025-02-01
    statements: {threat: {speaker: Someone, said: 2025-02-01, quote: We shall answer}}
state: {sides: {angry: {initial: false}}}
events: {struck: {fields: {by_whom: sides, at_whom: sides}, set: {at_whom.angry: true}}, met: {}}
history:
  - {date: 2025-02-01, emit: met(), source: threat}
rules:
  start: {assumption: It begins., at: 2, emit: "struck(north, south)"}
  answer:
    source: threat
    inferred: An answer comes.
    on: struck
    for: m in sides
    when: m.angry and m == at_whom
    after: 1
    emit: struck(m, by_whom)
outcomes: {end: {}}
"""


def test_causes_go_back_to_the_first_with_fields_and_actors_in_scope() -> None:
    found = why(CHAIN, "struck", nth=3)
    assert [
        (s.event.seq, s.event.day, tuple(s.event.fields.values()), s.rule and s.rule.name) for s in found.steps
    ] == [
        (4, 5, ("south", "north"), "answer"),
        (3, 4, ("north", "south"), "answer"),
        (2, 3, ("south", "north"), "answer"),
        (1, 2, ("north", "south"), "start"),
    ]
    assert [looked(step) for step in found.steps] == [
        ["south.angry = True [when] <3>"],
        ["north.angry = True [when] <2>"],
        ["south.angry = True [when] <1>"],
        [],
    ]
    assert [step.event.origin.standing.value for step in found.steps] == ["inferred"] * 3 + ["assumed"]
    assert found.steps[0].event.origin.statements == ("threat",)


def test_history_has_no_cause() -> None:
    found = why(CHAIN, "met")
    assert [(s.event.seq, s.rule, s.conditions) for s in found.steps] == [(0, None, ())]
    assert found.as_json()["steps"][0]["event"]["source"] == ["threat"]


@pytest.mark.parametrize("seq", [-1, 5_000, 10**30])
def test_an_event_that_is_not_there(seq: int) -> None:
    run = negsim.run(negsim.load_text(HEAD + CHAIN, name="why.yaml"))
    with pytest.raises(UsageError, match=f"^the run has no event {seq}$"):
        run.why(seq)
    with pytest.raises(UsageError, match=f"^the run has no event {seq}$"):
        run.but_for(seq)


def test_in_a_fork_each_step_is_seen_under_the_parameters_of_its_moment() -> None:
    text = """
parameters: {p: {value: 1, low: 0, high: 9, assumption: A guess.}}
readings: {r: {assumption: A guess., options: {one: One., two: Two.}, default: one}}
state: {n: {range: 0..99, initial: 0}}
events: {up: {set: {n: n + 1}}, done: {}}
rules:
  ups: {assumption: x, every: 1, emit: up()}
  dones: {assumption: x, on: up, when: n >= p and r != two or n > 5, emit: done()}
outcomes: {end: {}}
"""
    run = negsim.run(negsim.load_text(HEAD + text, name="why.yaml"))
    fork = run.fork(at=4, set={"p": 2}).fork(at=6, read={"r": "two"})
    dones = [e.seq for e in fork.events if e.event == "done"]
    assert [looked(fork.why(seq).steps[0]) for seq in dones[:4]] == [
        ["n = 1 [when] <0>", "parameter p = 1 [when]", "reading r = one [when]"],
        ["n = 2 [when] <2>", "parameter p = 1 [when]", "reading r = one [when]"],
        ["n = 3 [when] <4>", "parameter p = 2 [when]", "reading r = one [when]"],
        ["n = 6 [when] <8>", "parameter p = 2 [when]", "reading r = two [when]"],
    ]
    put = run.fork(at=4, emit="done()")
    (step,) = put.why(5).steps
    assert (step.rule, step.conditions, step.event.origin.text) == (None, (), "Put in by whoever made this fork.")
