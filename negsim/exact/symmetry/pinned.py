"""Members who are all in one and the same state when they act, so that any of them can be swapped.

This is shown for `while`, `at` and `every` rules that read what others change (a count, say). Let
the guard of a rule pin every variable of its own member to one value; let no member's turn change
another's variables; and let nothing else be remembered of a member (no delayed action that keeps it in
mind, no variable that holds it). Then all members who can act at this point of the agenda are in one and
the same state: who was not is not brought there by another's turn. So swapping any of them changes
nothing, now, and taking their turns in another order is the same day with their names swapped. What is left
of the day does not tell them apart either: for a `while` rule they were in that same state at the last
dusk already, when all other chances of today were looked at; for `at` and `every` it is asked that no
`while` rule over these members comes later in the agenda. The members' names are swapped, and counts are the
same: the turns may be taken in any order.
"""

from __future__ import annotations

from negsim.exact.symmetry.footprint import Footprints, values_of
from negsim.exact.symmetry.orbits import kept_positions
from negsim.exact.symmetry.typical_turns import Actors
from negsim.program.form import conjuncts
from negsim.program.formula import Formula, MeaninglessError, new_state, set_slots
from negsim.program.program import Program
from negsim.program.rules import Instance
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Rule, While
from negsim.scenario.types import ActorOf, Value


def is_pinned(footprints: Footprints, instance: Instance, orbit: Actors) -> bool:
    """Whether all of an orbit who can act where the first of them has this turn on the agenda are in one state."""
    program, rule = footprints.program, instance.rule
    scenario = program.scenario
    if _is_remembered(scenario, orbit):
        return False
    polled = isinstance(rule.trigger, While)
    rules = [*scenario.rules.values()]
    if not polled and any(_polls(scenario, later, orbit) for later in rules[rules.index(rule) + 1 :]):
        return False
    clocks = frozenset(program.layout.last.values())
    own, others = _own_slots(program, orbit[:1]), _own_slots(program, orbit[1:])
    if any(who in orbit and slot in clocks for (_, who), slot in program.layout.slots.items()):
        return False
    footprint = footprints.turn(instance)
    if footprint.unknown is not None or footprint.writes.keys() & others:
        return False
    guard = instance.condition if polled else instance.when
    values = {slot: {*values_of(program.layout.variable_at[slot].type)} for slot in own}
    for form in () if guard is None else conjuncts(guard.form):
        formula = program.binder.formula(form)
        if len(formula.reads) == 1 and formula.reads <= own:
            (slot,) = formula.reads
            values[slot] = {value for value in values[slot] if _holds(program, formula, slot, value)}
    return all(len(left) <= 1 for left in values.values())


def _is_remembered(scenario: Scenario, orbit: Actors) -> bool:
    """Whether anything but their own variables is kept of members: a delayed action, a variable that holds one."""
    kinds = [variable.type for variable in scenario.variables.values()]
    held = [frozenset(kind.actors) for kind in kinds if isinstance(kind, ActorOf)]
    for rule in scenario.rules.values():
        held += kept_positions(scenario, rule)
    return any(not actors.isdisjoint(orbit) for actors in held)


def _polls(scenario: Scenario, rule: Rule, orbit: Actors) -> bool:
    groups = [scenario.groups[binder.group].members for binder in rule.binders]
    return isinstance(rule.trigger, While) and any(not set(members).isdisjoint(orbit) for members in groups)


def _own_slots(program: Program, members: Actors) -> set[int]:
    at = program.layout.variable_at
    return {slot for (_, who), slot in program.layout.slots.items() if who in members and at[slot].group is not None}


def _holds(program: Program, formula: Formula, slot: int, value: Value) -> bool:
    """Whether a condition on one variable may hold with a value."""
    state = new_state(program.layout.initial)
    set_slots(state, ((slot, value),))
    try:
        return bool(formula.read(state))
    except (MeaninglessError, OverflowError):  # the run stops there
        return False
