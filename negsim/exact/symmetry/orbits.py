"""Who is interchangeable: members that no rule, attribute, group or request tells apart.

Two members are alike where the scenario reads the same with their names swapped, and the two read its words alike;
the past and the rosters' order aside: the past is data, and what the order decides is looked at in `order`. Sums of
real numbers count as the same in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations, product

import attrs

from negsim.program.program import Program
from negsim.program.specialise import left_open
from negsim.scenario.expressions import Attribute, Bound, Constant, HeldReading, InGroup, Node, Over, Use
from negsim.scenario.held import held_name
from negsim.scenario.model import Scenario
from negsim.scenario.parts import Part, action_parts, parts, rule_parts, walk_through
from negsim.scenario.rules import FixedDelay, OnEvent, Rule
from negsim.scenario.types import NOBODY, ActorOf, Type
from negsim.scenario.walking import walk

Tree = tuple[str, Node]  # where an expression stands, and what it says


@attrs.frozen
class Orbits:
    """Members by whom they can be swapped with, in roster order; one that is like no other is alone.

    `reasons` say why members that are alike are kept apart all the same. `named` tells where a member is
    named. `pointers` are the slots of the scenario's own variables that can hold a member who is not alone.
    """

    members: tuple[tuple[str, ...], ...]
    reasons: tuple[str, ...]
    named: Mapping[str, str]
    pointers: tuple[int, ...]

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """The orbits of two or more."""
        return tuple(orbit for orbit in self.members if len(orbit) > 1)

    @cached_property
    def orbit_of(self) -> Mapping[str, tuple[str, ...]]:
        """The orbit of each member of a group."""
        return {actor: orbit for orbit in self.members for actor in orbit}


def orbits(program: Program, *, named: Iterable[str] = (), by: Iterable[str] = ()) -> Orbits:
    """The members of a program's groups by whom they can be swapped with.

    `named` are actors whom something outside the scenario names: a policy, an event put in. `by` are those
    who choose best.
    """
    scenario = program.scenario
    trees = tuple(_trees(scenario))
    places = {**_named_in(scenario, trees), **dict.fromkeys(named, "the request")}
    deciders = frozenset(by)
    groups = _groups_that_matter(scenario, trees)
    read = _attributes_read(trees)
    held = dict.fromkeys(node.name for _, tree in trees for node in walk(tree) if isinstance(node, HeldReading))
    found: dict[tuple[object, ...], list[str]] = {}
    for actor in dict.fromkeys(member for group in scenario.groups.values() for member in group.members):
        own = [group for group in groups if actor in scenario.groups[group].members]
        given = tuple(
            (group, name, scenario.groups[group].given[actor, name])
            for group, name in read
            if actor in scenario.groups[group].members
        )
        answers = tuple(program.settings.readings.get(held_name(name, actor)) for name in held)
        key = (tuple(own), given, answers, actor in deciders, actor if actor in places or not own else None)
        found.setdefault(key, []).append(actor)
    members, reasons = _kept_apart(program, trees, [tuple(orbit) for orbit in found.values()])
    pointers = tuple(
        program.layout.slots[variable.name, ""]
        for variable in scenario.variables.values()
        if variable.group is None and any(len(o) > 1 and _holds(variable.type, o) for o in members)
    )
    return Orbits(tuple(members), reasons, places, pointers)


def _holds(kind: Type, orbit: tuple[str, ...]) -> bool:
    return isinstance(kind, ActorOf) and not set(orbit).isdisjoint(kind.actors)


# What the scenario says of what can happen. The past is left out, and what only the past can log.


def _trees(scenario: Scenario) -> Iterator[Tree]:
    """Every expression that can matter from day 0 on, with where it stands; definitions that these use."""
    to_come = events_to_come(scenario)
    used: list[Node] = []
    for part in parts(scenario):
        if part.kind != "definition" and (part.kind != "event" or part.name in to_come):
            used.append(part.tree)
            yield _where(part), part.tree
    opened = dict.fromkeys(node.definition for node in walk_through(scenario, used) if isinstance(node, Use))
    for name in opened:
        yield f"definition `{name}`", scenario.definitions[name].tree


def _where(part: Part) -> str:
    """Where an expression stands; what a seat wants stands in its talks."""
    seated = part.kind in ("position", "red line")
    return f"talks `{part.name.partition('.')[0]}`" if seated else f"{part.kind} `{part.name}`"


def events_to_come(scenario: Scenario) -> tuple[str, ...]:
    """The events that a rule or an agreement can log, in the order of the file."""
    found = {emission.event for rule in scenario.rules.values() for option in rule.options for emission in option.emits}
    found |= {talks.agreed.event for talks in scenario.talks.values() if talks.agreed is not None}
    return tuple(name for name in scenario.events if name in found)


def _named_in(scenario: Scenario, trees: Iterable[Tree]) -> dict[str, str]:
    """The actors that are named, each with the first place."""
    found: dict[str, str] = {}
    for talks in scenario.talks.values():
        seats = (*talks.everybody, *([] if talks.mediator is None else [talks.mediator]))
        found |= {actor: f"talks `{talks.name}`" for actor in seats if actor not in found}
    for where, tree in trees:
        for node in walk(tree):
            if isinstance(node, Constant) and isinstance(node.type, ActorOf) and node.value != NOBODY:
                found.setdefault(str(node.value), where)
    return found


def _groups_that_matter(scenario: Scenario, trees: Iterable[Tree]) -> tuple[str, ...]:
    """The groups whose roster something looks at, or whose members have variables."""
    found: set[str | None] = {variable.group for variable in scenario.variables.values()}
    kinds: list[Type] = [variable.type for variable in scenario.variables.values()]
    kinds += [field.type for event in scenario.events.values() for field in event.fields]
    found |= {kind.group for kind in kinds if isinstance(kind, ActorOf)}
    for rule in scenario.rules.values():
        found |= {binder.group for binder in rule.binders}
        found |= {option.binder.group for option in rule.options if option.binder is not None}
    found |= {kind.group for kept in scenario.clocks for kind in kept.kinds if isinstance(kind, ActorOf)}
    for _, tree in trees:
        found |= {node.group for node in walk(tree) if isinstance(node, InGroup | Over)}
    return tuple(group for group in scenario.groups if group in found)


def _attributes_read(trees: Iterable[Tree]) -> tuple[tuple[str, str], ...]:
    read = ((node.group, node.name) for _, tree in trees for node in walk(tree) if isinstance(node, Attribute))
    return tuple(dict.fromkeys(read))


# Members that are alike and cannot be swapped one by one, since something ties them to each other.


def _kept_apart(
    program: Program, trees: Iterable[Tree], found: list[tuple[str, ...]]
) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The orbits after those that are tied are taken apart, and why."""
    reasons: dict[str, None] = {}
    apart: set[tuple[str, ...]] = set()
    alike = [orbit for orbit in found if len(orbit) > 1]
    for orbit in alike:
        why = _tied(program, trees, orbit)
        if why is not None:
            apart.add(orbit)
            reasons.setdefault(why)
    for kept in program.scenario.clocks:
        kinds = [kind for kind in kept.kinds if isinstance(kind, ActorOf) and len(kept.kinds) > 1]
        held = [orbit for orbit in alike if any(not set(kind.actors).isdisjoint(orbit) for kind in kinds)]
        apart.update(held)
        if held:
            reasons.setdefault(f"a day is kept of each `{kept.clock.event}` that is about a member and something else")
    for rule in program.scenario.rules.values():
        pairs, why = _pairs(program.scenario, rule)
        for first, second in pairs:
            for one, other in product(alike, alike):
                both = not {one, other} & apart and not first.isdisjoint(one) and not second.isdisjoint(other)
                if both:
                    apart.add(min(one, other, key=len))
                    reasons.setdefault(why)
    members = [part for orbit in found for part in ([(m,) for m in orbit] if orbit in apart else [orbit])]
    return members, tuple(reasons)


def _pairs(scenario: Scenario, rule: Rule) -> tuple[list[tuple[frozenset[str], frozenset[str]]], str]:
    """The pairs of actors that a rule ties to each other from one turn to the next: who each can be, and how."""
    kept = kept_positions(scenario, rule)
    if kept:
        return [*combinations(kept, 2)], f"a delayed action of rule `{rule.name}` keeps two members in mind"
    bound = [] if isinstance(rule.trigger, OnEvent) else rule.binders
    actors = [frozenset(scenario.groups[binder.group].members) for binder in bound]
    return [*combinations(actors, 2)], f"rule `{rule.name}` takes a turn for each pair of members"


def _tied(program: Program, trees: Iterable[Tree], orbit: tuple[str, ...]) -> str | None:
    """Why members that are alike are not swapped; nothing where they can be."""
    for variable in program.scenario.variables.values():
        if variable.group is not None and _holds(variable.type, orbit):
            return f"`{variable.group}.{variable.name}` holds a member for each member of `{variable.group}`"
    specialiser = left_open(
        program.scenario, parameters=program.settings.parameters, readings=program.settings.readings
    )
    for where, tree in trees:
        for node in walk(tree):
            if isinstance(node, Over) and node.function in ("any", "all"):
                members = program.scenario.groups[node.group].members
                sure = specialiser.known.is_sure(specialiser.form(node, {}))
                if not sure and not set(members).isdisjoint(orbit):
                    return f"`{node.function}` over `{node.group}` in {where} may meet an error before it is settled"
    return None


def kept_positions(scenario: Scenario, rule: Rule) -> list[frozenset[str]]:
    """For each actor that a delayed action of a rule keeps in mind, who it can be; none without a delay.

    These are the bound actors, the fields of the triggering event that its action still looks at, and
    what an `unless` looked up at the trigger.
    """
    delay = rule.delay
    if delay is None or (isinstance(delay, FixedDelay) and delay.days.tree == Constant(0, delay.days.tree.type)):
        return []
    found = [frozenset(scenario.groups[binder.group].members) for binder in rule.binders]
    used = names_kept(rule)
    if isinstance(rule.trigger, OnEvent):
        kinds: dict[str, set[str]] = {}
        for event in rule.trigger.events:
            for field in scenario.events[event].fields:
                if field.name in used and isinstance(field.type, ActorOf):
                    kinds.setdefault(field.name, set()).update(field.type.actors)
        found += [frozenset(actors) for actors in kinds.values()]
    for pattern in rule.unless:
        for argument in pattern.arguments or ():
            if isinstance(argument.type, ActorOf) and not isinstance(argument, Bound | Constant):
                found.append(frozenset(argument.type.actors))
    return found


def names_kept(rule: Rule) -> frozenset[str]:
    """The names that a rule's action still looks at after its trigger."""
    trees = [tree for key, tree in rule_parts(rule) if key == "unless"]
    trees += [tree for _, tree in action_parts(rule)]
    return frozenset(node.name for tree in trees for node in walk(tree) if isinstance(node, Bound))
