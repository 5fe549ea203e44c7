"""Who is interchangeable, and where the order of turns can matter: the room `negsim.exact.symmetry`.

Where the order is said to matter or not to, the laws of the scenario under all orders of the roster are compared:
every run, by an interpreter that shares no code with the kernel.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import hypothesis
import pytest
from crews import crews, reordered
from exhaustive import TooManyError, law
from hypothesis import HealthCheck, assume, given

import negsim
from negsim.exact.symmetry.footprint import Footprints, commute
from negsim.exact.symmetry.orbits import Orbits, orbits
from negsim.exact.symmetry.order import Order, RuleOrder, order
from negsim.exact.symmetry.order_notes import order_notes
from negsim.program.program import Program
from negsim.scenario.settings import defaults
from negsim.testing import to_text

ALL = ("ann", "ben", "cem")
HEAD = """\
negsim: 1
title: Turns
start: 2025-01-01
horizon: 3
outcomes: {end: {}}
groups:
  crew: {members: {ann: {}, ben: {}, cem: {}}}
"""
MOST = 2_000


def program_of(text: str) -> Program:
    scenario = negsim.load_text(HEAD + text)
    return Program(scenario, defaults(scenario))


def found(text: str) -> Order:
    program = program_of(text)
    return order(program, orbits(program))


def alike(text: str) -> Orbits:
    return orbits(program_of(text))


def free(rule: str) -> RuleOrder:
    return RuleOrder(rule, independent=True)


def pinned(rule: str) -> RuleOrder:
    return RuleOrder(rule, independent=False)


def tied(rule: str, why: str) -> RuleOrder:
    return RuleOrder(rule, why, (ALL,), independent=False)


def the_order_matters(text: str) -> bool:
    """Whether the law of the scenario hangs on the order of the roster, names aside."""
    laws = []
    for members in permutations(ALL):
        roster = ", ".join(f"{member}: {{}}" for member in members)
        other = HEAD.replace("ann: {}, ben: {}, cem: {}", roster) + text
        laws.append(law(negsim.load_text(other), [ALL], most=MOST))
    return any(each != pytest.approx(laws[0], abs=1e-12) for each in laws)


# Turns that pass each other.

OWN_FLAGS = """\
state:
  crew: {ready: {initial: false}, tired: {initial: {ann: true, else: false}}}
events:
  prepared: {fields: {member: crew}, set: {member.ready: true}}
rules:
  prepares:
    assumption: A test.
    for: m in crew
    while: not m.ready
    chance: "0.5 if m.tired else 0.25"
    emit: prepared(m)
"""


def test_turns_that_change_only_their_own_member_may_be_taken_in_any_order() -> None:
    assert found(OWN_FLAGS) == Order({"prepares": free("prepares")}, (ALL,), ())
    assert not the_order_matters(OWN_FLAGS)


COUNTED = """\
state:
  done: {range: 0..2, initial: 0}
  crew: {ready: {initial: false}, tired: {initial: {ann: true, else: false}}}
events:
  prepared: {fields: {member: crew}, set: {member.ready: true, done: "min(done + 1, 2)"}}
rules:
  prepares:
    assumption: A test.
    for: m in crew
    while: not m.ready
    chance: "0.5 if m.tired else 0.25"
    emit: prepared(m)
"""


def test_a_counter_that_nobody_reads_may_be_raised_in_any_order() -> None:
    assert found(COUNTED) == Order({"prepares": free("prepares")}, (ALL,), ())
    assert not the_order_matters(COUNTED)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((1, 2, 2), (1, 2, 2), True),  # min(x + 1, 2), twice
        ((1, 2, 2), (2, 2, 2), True),  # by one and by two, up to the same bound
        ((1, 2, 2), (0, 0, 1), False),  # up and down
        ((0, 0, 0), (0, 0, 0), True),  # the same constant
        ((0, 0, 0), (1, 1, 1), False),  # another one
        ((1, 2, -1), (1, 2, -1), True),  # x + 1: past its bound the run stops, whoever comes first
        ((1, 2, -1), (0, 0, 1), False),
        (None, None, False),  # what hangs on other variables
        ("talks: opened", "talks: opened", True),
        ("talks: opened", "talks: reopened", False),
        ("talks: opened", (0, 0), False),
    ],
)
def test_changes_commute_where_both_orders_come_to_the_same(
    one: str | tuple[int, int, int] | None, other: str | tuple[int, ...] | None, same: bool
) -> None:
    assert commute(one, other) is same
    assert commute(other, one) is same


READ = COUNTED.replace("while: not m.ready", "while: not m.ready and done < 1")


def test_a_counter_that_another_s_guard_reads_keeps_members_apart() -> None:
    why = "`prepared` at one member's turn sets `done`, which another's reads (`while` of rule `prepares`)"
    assert found(READ) == Order({"prepares": tied("prepares", why)}, (), (f"in rule `prepares`: {why}",))
    assert the_order_matters(READ)


SET_TO = """\
state:
  mode: {initial: false}
  crew: {tired: {initial: {ann: true, else: false}}}
events:
  chosen: {fields: {way: bool}, set: {mode: way}}
rules:
  chooses: {assumption: A test., for: m in crew, at: 1, emit: chosen(m.tired)}
"""


def test_a_variable_that_members_set_to_different_values_keeps_them_apart() -> None:
    why = "two members' turns set `mode` (`chosen`), and what it becomes hangs on who comes first"
    assert found(SET_TO).rules == {"chooses": tied("chooses", why)}
    assert the_order_matters(SET_TO)


# Members who can act only in one and the same state.

PINNED = """\
state:
  done: {range: 0..2, initial: 0}
  crew: {ready: {initial: {ann: true, else: false}}}
define:
  waits(m in crew): not m.ready
events:
  prepared: {fields: {member: crew}, set: {member.ready: true, done: "min(done + 1, 2)"}}
rules:
  prepares: {assumption: A test., for: m in crew, while: waits(m) and done < 1, chance: 0.5, emit: prepared(m)}
"""


def test_a_guard_that_pins_all_variables_of_its_member_lets_turns_read_what_others_change() -> None:
    assert found(PINNED) == Order({"prepares": pinned("prepares")}, (ALL,), ())
    assert not the_order_matters(PINNED)


EVERY = """\
state:
  done: {range: 0..2, initial: 0}
  hits: {range: 0..3, initial: 0}
  crew: {ready: {initial: false}, asleep: {initial: {ann: true, else: false}}}
events:
  woken: {fields: {member: crew}, set: {member.asleep: false}}
  prepared: {fields: {member: crew}, set: {member.ready: true, done: "min(done + 1, 2)"}}
  seen: {fields: {member: crew}, set: {hits: "min(hits + (1 if member.ready else 0), 3)"}}
rules:
  wakes: {assumption: A test., for: m in crew, every: 1, when: m.asleep, emit: woken(m)}
  prepares:
    assumption: A test.
    for: m in crew
    every: 1
    when: not m.ready and not m.asleep and done < 1
    emit: prepared(m)
"""
SEEN = """\
  sees: {assumption: A test., for: m in crew, while: not m.asleep, chance: 1, emit: seen(m)}
"""


def test_members_pinned_on_a_day_of_the_calendar_may_still_have_had_another_dusk() -> None:
    assert found(EVERY).rules["prepares"] == pinned("prepares")
    assert not the_order_matters(EVERY)
    assert not found(EVERY + SEEN).rules["prepares"].swappable  # who slept at the last dusk is not seen today
    assert the_order_matters(EVERY + SEEN)


REMEMBERED = """\
state:
  done: {range: 0..2, initial: 0}
  hits: {range: 0..3, initial: 0}
  crew: {ready: {initial: false}, tired: {initial: {ann: true, else: false}}}
events:
  rested: {set: {crew.tired: false}}
  prepared: {fields: {member: crew}, set: {member.ready: true, done: "min(done + 1, 2)"}}
  seen: {fields: {member: crew}, set: {hits: "min(hits + (1 if member.ready else 0), 3)"}}
rules:
  rests: {assumption: A test., at: 0, emit: rested}
  prepares:
    assumption: A test.
    for: m in crew
    while: not m.ready and not m.tired and done < 1
    chance: 1
    emit: prepared(m)
"""
SEEN_LATER = """\
  sees: {assumption: A test., for: m in crew, at: 0, when: m.tired, after: 2, emit: seen(m)}
"""


def test_members_of_whom_a_delayed_action_is_kept_are_not_in_one_state() -> None:
    assert found(REMEMBERED).rules["prepares"] == pinned("prepares")
    assert not the_order_matters(REMEMBERED)
    planned = REMEMBERED.replace("rules:\n", "rules:\n" + SEEN_LATER)  # before `rests`: only ann is tired then
    assert not found(planned).rules["prepares"].swappable
    assert the_order_matters(planned)


def test_members_of_whom_one_is_held_in_a_variable_are_not_in_one_state() -> None:
    held = PINNED.replace("  done:", "  last: {values: crew, initial: ann}\n  done:")
    assert not found(held).rules["prepares"].swappable


# What waits for another day, and what drops it.

ARRIVES = """\
state:
  crew: {here: {initial: false}, tired: {initial: {ann: true, else: false}}}
events:
  arrived: {fields: {member: crew}, set: {member.here: true}}
rules:
  arrives: {assumption: A test., for: m in crew, at: 0, after: 1, unless: arrived, emit: arrived(m)}
"""


def test_an_event_that_drops_what_others_have_planned_keeps_members_apart() -> None:
    where = "`unless` of rule `arrives`"
    why = f"`arrived` at one member's turn drops what another's is about to do or has planned ({where})"
    assert found(ARRIVES).rules == {"arrives": tied("arrives", why)}
    assert the_order_matters(ARRIVES)


def test_an_event_that_drops_only_what_its_own_member_has_planned_does_not() -> None:
    own = ARRIVES.replace("unless: arrived", "unless: arrived(m)")
    assert found(own) == Order({"arrives": free("arrives")}, (ALL,), ())
    assert not the_order_matters(own)


PLANNED = """\
state:
  mode: {initial: false}
  crew: {tired: {initial: {ann: true, else: false}}}
events:
  planned: {fields: {way: bool}}
  chosen: {fields: {way: bool}, set: {mode: way}}
rules:
  plans: {assumption: A test., for: m in crew, at: 0, emit: planned(m.tired)}
  chooses: {assumption: A test., on: planned, after: 1, emit: chosen(way)}
"""


def test_the_order_in_which_turns_put_actions_on_the_calendar_can_matter() -> None:
    twice = "two members' turns set `mode` (`chosen`), and what it becomes hangs on who comes first"
    why = f"delayed actions of rule `chooses` are taken in the order of the turns, and {twice}"
    assert found(PLANNED).rules == {"plans": tied("plans", why)}
    assert the_order_matters(PLANNED)


def test_actions_on_the_calendar_that_commute_may_be_put_there_in_any_order() -> None:
    counted = PLANNED.replace("mode: {initial: false}", "mode: {range: 0..3, initial: 0}").replace(
        "mode: way", '"mode": "min(mode + (2 if way else 1), 3)"'
    )
    assert found(counted) == Order({"plans": free("plans")}, (ALL,), ())
    assert not the_order_matters(counted)


# Reactions.

ALARM = """\
state:
  first: {initial: true}
  crew: {led: {initial: false}, tired: {initial: {ann: true, else: false}}}
events:
  alarm: {}
  answered: {fields: {member: crew}}
  leads: {fields: {member: crew}, set: {member.led: true, first_is_open: false}}
rules:
  rings: {assumption: A test., at: 1, emit: alarm}
  answers: {assumption: A test., on: alarm, for: m in crew, emit: answered(m)}
  takes_the_lead: {assumption: A test., on: answered, still: first_is_open, emit: leads(member)}
""".replace("  first:", "  first_is_open:")


def test_what_follows_from_reactions_first_in_first_out_is_looked_at_too() -> None:
    why = "`leads` at one member's turn sets `first_is_open`, which another's reads (`still` of rule `takes_the_lead`)"
    assert found(ALARM).rules == {"answers": tied("answers", why)}
    assert the_order_matters(ALARM)


def test_reactions_whose_guards_are_read_before_any_of_them_acts_may_come_in_any_order() -> None:
    asked_at_once = ALARM.replace("on: alarm, for: m in crew,", "on: alarm, for: m in crew, when: first_is_open,")
    without = asked_at_once.replace("still: first_is_open, ", "")
    assert found(without) == Order({"answers": free("answers")}, (ALL,), ())
    assert not the_order_matters(without)


# Members who are told apart.


def test_a_member_named_in_a_rule_is_alone() -> None:
    named = OWN_FLAGS + "  helps: {assumption: A test., every: 1, emit: prepared(ann)}\n"
    assert alike(named) == Orbits((("ann",), ("ben", "cem")), (), {"ann": "rule `helps`"}, ())


def test_a_member_named_in_a_definition_that_something_uses_is_alone() -> None:
    named = OWN_FLAGS.replace("state:", "define:\n  all_wait: not ann.ready\nstate:")
    assert alike(named).members == (ALL,)
    assert alike(named.replace("while: not", "while: all_wait and not")).named == {"ann": "definition `all_wait`"}


def test_the_past_may_name_a_member() -> None:
    past = OWN_FLAGS + "history:\n  - {date: 2025-01-01, emit: prepared(ann), assumption: A test.}\n"
    assert alike(past) == Orbits((ALL,), (), {}, ())


def test_an_event_of_the_past_alone_may_name_a_member_in_what_it_sets() -> None:
    past = OWN_FLAGS.replace("events:\n", "events:\n  begun: {set: {ann.ready: true}}\n")
    assert alike(past + "history:\n  - {date: 2025-01-01, emit: begun, assumption: A test.}\n").members == (ALL,)
    assert alike(past + "  begins: {assumption: A test., at: 1, emit: begun}\n").named == {"ann": "event `begun`"}


def test_a_member_who_is_asked_about_is_alone() -> None:
    program = program_of(OWN_FLAGS)
    assert orbits(program, named=["ben"]).members == (("ann", "cem"), ("ben",))
    assert orbits(program, by=["ann", "ben"]).members == (("ann", "ben"), ("cem",))


def test_parties_to_talks_are_alone() -> None:
    talks = """\
talks:
  deal:
    parties: [ann, ben]
    opens: 1
    every: 1
    rounds: 2
    issues: {price: [low, high]}
    positions: {ann: {assumption: A test.}, ben: {assumption: A test.}}
"""
    named = {"ann": "talks `deal`", "ben": "talks `deal`"}
    assert alike(OWN_FLAGS + talks) == Orbits((("ann",), ("ben",), ("cem",)), (), named, ())


ATTRIBUTES = """\
negsim: 1
title: Turns
start: 2025-01-01
horizon: 3
outcomes: {end: {}}
groups:
  crew:
    attributes: {size: {range: 0..9}, hue: {values: [red, blue]}}
    assumption: A test.
    members: {ann: {size: 1, hue: red}, ben: {size: 2, hue: red}, cem: {size: 2, hue: blue}}
  leads: {members: [ann, ben]}
state:
  crew: {ready: {initial: false}}
events:
  prepared: {fields: {member: crew}, set: {member.ready: true}}
rules:
  prepares: {assumption: A test., for: m in crew, while: not m.ready, chance: 0.5, emit: prepared(m)}
"""


def members_of(text: str) -> tuple[tuple[str, ...], ...]:
    scenario = negsim.load_text(text)
    return orbits(Program(scenario, defaults(scenario))).members


def test_attributes_and_groups_tell_members_apart_where_something_looks_at_them() -> None:
    assert members_of(ATTRIBUTES) == (ALL,)
    assert members_of(ATTRIBUTES.replace("chance: 0.5", "chance: m.size / 10")) == (("ann",), ("ben", "cem"))
    assert members_of(ATTRIBUTES.replace("chance: 0.5", 'chance: "0.5 if m.hue == red else 1"')) == (
        ("ann", "ben"),
        ("cem",),
    )
    measured = ATTRIBUTES + "measures:\n  led: count(prepared if member in leads)\n"
    assert members_of(measured) == (("ann", "ben"), ("cem",))
    both = measured.replace("chance: 0.5", "chance: m.size / 10")
    assert members_of(both) == (("ann",), ("ben",), ("cem",))


def test_one_group_inside_another_and_two_groups_apart_are_orbits_of_their_own() -> None:
    apart = ATTRIBUTES.replace("leads: {members: [ann, ben]}", "guild: {members: {dan: {}, eve: {}}}")
    assert members_of(apart + "  seen: {assumption: A test., for: g in guild, at: 1, emit: prepared(ann)}\n") == (
        ("ann",), ("ben", "cem"), ("dan", "eve"),
    )  # fmt: skip


# Members who are tied to each other.

POINTED = """\
state:
  last: {values: crew, initial: nobody}
  crew: {tired: {initial: {ann: true, else: false}}}
events:
  crowned: {fields: {member: crew}, set: {last: member}}
rules:
  crowns: {assumption: A test., for: m in crew, at: 1, emit: crowned(m)}
"""


def test_a_variable_that_holds_a_member_is_a_pointer_and_who_sets_it_last_matters() -> None:
    program = program_of(POINTED)
    assert orbits(program) == Orbits((ALL,), (), {}, (program.layout.slots["last", ""],))
    why = "two members' turns set `last` (`crowned`), and what it becomes hangs on who comes first"
    assert found(POINTED).rules == {"crowns": tied("crowns", why)}
    assert the_order_matters(POINTED)
    drawn = POINTED.replace(
        "for: m in crew, at: 1, emit: crowned(m)", "at: 1, choose: {one: {for: m in crew, emit: crowned(m)}}"
    )
    assert found(drawn) == Order({}, (ALL,), ())
    assert not the_order_matters(drawn)


def test_members_who_each_hold_a_member_are_kept_apart() -> None:
    allied = OWN_FLAGS.replace("state:\n  crew: {", "state:\n  crew: {ally: {values: crew, initial: nobody}, ")
    why = "`crew.ally` holds a member for each member of `crew`"
    assert alike(allied) == Orbits((("ann",), ("ben",), ("cem",)), (why,), {}, ())


def test_a_delayed_action_that_keeps_two_members_in_mind_ties_them() -> None:
    pairs = OWN_FLAGS + "  visits: {assumption: A test., on: prepared, for: m in crew, after: 1, emit: prepared(m)}\n"
    assert alike(pairs).members == (ALL,)  # the member of the event is not needed again
    kept = pairs.replace("after: 1", "after: 1, still: not member.tired")
    why = "a delayed action of rule `visits` keeps two members in mind"
    assert alike(kept) == Orbits((("ann",), ("ben",), ("cem",)), (why,), {}, ())


def test_a_turn_for_each_pair_of_members_ties_them() -> None:
    pairs = OWN_FLAGS + "  visits: {assumption: A test., for: [m in crew, n in crew], at: 1, emit: prepared(n)}\n"
    assert alike(pairs).reasons == ("rule `visits` takes a turn for each pair of members",)


def test_a_condition_that_meets_an_error_or_not_by_the_order_of_the_roster_ties_members() -> None:
    text = OWN_FLAGS.replace("state:\n", "state:\n  load: {range: 0..3, initial: 0}\n")
    fails = text.replace("while: not m.ready", "while: any(n.ready or 1 / load > 2 for n in crew)")
    why = "`any` over `crew` in rule `prepares` may meet an error before it is settled"
    assert alike(fails).reasons == (why,)
    assert alike(fails.replace("1 / load", "load / 2")).reasons == ()


# Who stands where in the roster.

LED = """\
state:
  is_open: {initial: true}
  crew: {ready: {initial: false}, tired: {initial: {ann: true, else: false}}}
events:
  begun: {}
  prepared: {fields: {member: crew}, set: {member.ready: true}}
  closed: {set: {is_open: false}}
rules:
  begins: {assumption: A test., at: 1, emit: begun}
  prepares: {assumption: A test., on: begun, for: m in crew, still: is_open, emit: prepared(m)}
  closes: {assumption: A test., on: prepared, when: member == NAMED, emit: closed}
"""


def test_a_member_who_is_named_matters_in_a_reaction_where_it_stands_among_the_others() -> None:
    ahead = found(LED.replace("NAMED", "ann"))
    assert ahead == Order({"prepares": free("prepares")}, (("ben", "cem"),), ())
    among = found(LED.replace("NAMED", "ben"))
    why = "`closed` at one member's turn sets `is_open`, which another's reads (`still` of rule `prepares`)"
    assert among.rules == {"prepares": RuleOrder("prepares", why, (("ann", "cem"),), independent=False)}


def test_a_member_who_is_named_matters_on_the_agenda_wherever_it_stands() -> None:
    agenda = LED.replace("on: begun, for: m in crew, still: is_open", "for: m in crew, every: 1, when: is_open")
    why = "`closed` at one member's turn sets `is_open`, which another's reads (`when` of rule `prepares`)"
    rule = RuleOrder("prepares", why, (("ben", "cem"),), independent=False)
    assert found(agenda.replace("NAMED", "ann")).rules == {"prepares": rule}


# What cannot be told, and who decides.


def test_a_choice_by_those_who_choose_best_sees_everything() -> None:
    chosen = (
        OWN_FLAGS.replace("emit: prepared(m)", "by: us\n    choose: {yes: {emit: prepared(m)}, no: {}}")
        + "actors: {us: {}}\n"
    )
    program = program_of(chosen)
    assert order(program, orbits(program)).merged == (ALL,)
    why = "us chooses in rule `prepares`, and sees all that has changed"
    best = order(program, orbits(program, by=["us"]), by=["us"])
    assert best.rules == {"prepares": tied("prepares", why)}


def test_an_event_with_too_many_different_arguments_cannot_be_told() -> None:
    text = """\
state:
  total: {range: 0..9000, initial: 0}
events:
  counted: {fields: {number: 0..9000}, set: {total: number}}
rules:
  counts: {assumption: A test., for: m in crew, at: 1, emit: counted(total)}
"""
    why = "rule `counts` can emit `counted` with too many different arguments"
    assert found(text).rules == {"counts": tied("counts", why)}


def test_a_measure_that_looks_at_the_state_when_it_counts_is_a_reader() -> None:
    text = COUNTED + "measures:\n  early: count(prepared if done < 1)\n"
    why = "`prepared` at one member's turn sets `done`, which another's reads (a measure that counts `prepared`)"
    assert found(text).reasons == (f"in rule `prepares`: {why}",)
    assert the_order_matters(text) is False  # it only counts how many came first, whoever they are


def test_an_event_that_opens_talks_again_may_come_twice_in_any_order() -> None:
    text = OWN_FLAGS.replace(
        "rules:",
        """\
actors: {us: {}, them: {}}
talks:
  deal:
    parties: [us, them]
    opens: 1
    every: 1
    rounds: 2
    reopens: prepared
    issues: {price: [low, high]}
    positions: {us: {assumption: A test.}, them: {assumption: A test.}}
rules:""",
    )
    assert found(text).merged == (ALL,)
    reads = text.replace("while: not m.ready", "while: not m.ready and deal.phase != open")
    assert found(reads).merged == ()


# A footprint.


def test_a_footprint_holds_what_a_turn_and_its_reactions_may_read_and_change() -> None:
    program = program_of(ALARM)
    slots = program.layout.slots
    rings = next(instance for instance in program.dated if instance.name == "rings")
    footprint = Footprints(program).turn(rings)
    assert footprint.reads == {slots["first_is_open", ""]}
    assert footprint.writes == {
        slots["first_is_open", ""]: frozenset({(0, 0)}),
        **{slots["led", member]: frozenset({(1, 1)}) for member in ALL},
    }
    assert (footprint.logs, footprint.dropped, footprint.later, footprint.unknown) == ((), (), (), None)


# What is said of it.


def test_a_scenario_in_which_no_order_matters_has_no_notes() -> None:
    assert order_notes(negsim.load_text(HEAD + OWN_FLAGS)) == ()
    assert (
        order_notes(negsim.load_text("negsim: 1\ntitle: Nobody\nstart: 2025-01-01\nhorizon: 1\noutcomes: {end: {}}\n"))
        == ()
    )


# Any scenario.

RELAXED: dict[str, Any] = {"deadline": None, "suppress_health_check": [*HealthCheck]}


def merged_members_may_be_reordered(document: dict[str, Any]) -> None:
    """What `order` merges, the law of the scenario does not tell apart."""
    scenario = negsim.load_text(to_text(document))
    program = Program(scenario, defaults(scenario))
    merged = order(program, orbits(program)).merged
    assume(merged)
    other = negsim.load_text(to_text(reordered(document, merged)))
    try:
        laws = [law(each, merged, most=300) for each in (scenario, other)]
    except TooManyError:
        assume(False)  # noqa: FBT003 - the word of Hypothesis
    assert laws[0] == pytest.approx(laws[1], abs=1e-12)


@hypothesis.settings(max_examples=80, derandomize=True, database=None, **RELAXED)
@given(crews())
def test_members_who_are_merged_may_stand_in_any_order_in_the_roster(document: dict[str, Any]) -> None:
    merged_members_may_be_reordered(document)


@pytest.mark.slow
@hypothesis.settings(max_examples=5_000, database=None, **RELAXED)
@given(crews())
def test_members_who_are_merged_may_stand_in_any_order_in_many_rosters(document: dict[str, Any]) -> None:
    merged_members_may_be_reordered(document)
