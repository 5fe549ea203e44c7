"""The turns of a rule that stand for all: members who are alike take like turns, so a few of each will do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod

import attrs

from negsim.exact.symmetry.footprint import Footprint, Footprints, values_of
from negsim.exact.symmetry.orbits import Orbits, names_kept
from negsim.program.events import Occurrence
from negsim.program.program import Program
from negsim.program.rules import Instance
from negsim.scenario.rules import OnEvent, Rule
from negsim.scenario.types import ActorOf, Value

MOST_TURNS = 300  # how many turns of one rule are compared, alike members left out

Actors = tuple[str, ...]
Root = tuple[str, Instance | Occurrence]
Roots = tuple[Root, ...]


@attrs.frozen
class Turn:
    """One turn of a rule: who takes it, what its action keeps of its event, where it begins, its footprint."""

    actors: Actors
    fields: tuple[Value, ...]
    roots: tuple[Root, ...]
    footprint: Footprint


class TypicalTurns:
    """The turns of one program's rules, a few members of each orbit for all of it."""

    def __init__(self, program: Program, found: Orbits, footprints: Footprints) -> None:
        self.standing = {(i.name, i.actors): i for i in (*program.waits, *program.dated)} if found.alike else {}
        self._program = program
        self._scenario = program.scenario
        self._footprints = footprints
        self._orbit_of = found.orbit_of
        self._indices = {rule: index for index, rule in enumerate(program.scenario.rules)}

    def of(self, rule: Rule, *, delayed: bool) -> list[Turn] | None:
        """The turns of a rule; nothing where they are too many."""
        if not isinstance(rule.trigger, OnEvent):
            number = 2 * len(rule.binders)
            bound = [self._some(self._scenario.groups[each.group].members, number) for each in rule.binders]
            if prod(map(len, bound)) > MOST_TURNS:
                return None
            return [self._agenda_turn(rule, actors, delayed=delayed) for actors in product(*bound)]
        found: dict[tuple[Value, ...], Turn] = {}
        for event in rule.trigger.events:
            columns = self._columns(rule, event, delayed=delayed)
            if len(found) + prod(map(len, columns.values())) > MOST_TURNS:
                return None
            for values in product(*columns.values()):
                if values not in found:
                    found[values] = self._reaction(rule, dict(zip(columns, values, strict=True)), event)
        return [*found.values()]

    def _columns(self, rule: Rule, event: str, *, delayed: bool) -> dict[str, Sequence[Value]]:
        """The names that a reaction binds, and values enough for each; of the fields, those its action looks at."""
        used = names_kept(rule)
        fields = {field.name: field.type for field in self._scenario.events[event].fields if field.name in used}
        who = sum(isinstance(kind, ActorOf) for kind in fields.values())
        number = 2 * (len(rule.binders) + who) if delayed else 2 * len(rule.binders) + who
        found: dict[str, Sequence[Value]] = {
            binder.name: self._some(self._scenario.groups[binder.group].members, number) for binder in rule.binders
        }
        for name, kind in sorted(fields.items()):
            found[name] = self._some(kind.actors, number) if isinstance(kind, ActorOf) else values_of(kind)
        return found

    def _some(self, actors: Iterable[str], number: int) -> list[str]:
        """The first few of each orbit: enough for every way in which that many names can be equal or not."""
        taken: dict[Actors, int] = {}
        found = []
        for actor in actors:
            orbit = self._orbit_of.get(actor, (actor,))
            taken[orbit] = taken.get(orbit, 0) + 1
            if taken[orbit] <= number:
                found.append(actor)
        return found

    def _agenda_turn(self, rule: Rule, actors: Actors, *, delayed: bool) -> Turn:
        instance = self.standing[rule.name, actors]
        roots: tuple[Root, ...] = (("turn", instance), ("taking", instance)) if delayed else (("turn", instance),)
        return Turn(actors, (), roots, self._footprints.of(*roots))

    def _reaction(self, rule: Rule, bound: dict[str, Value], event: str) -> Turn:
        given = {field.name: next(iter(values_of(field.type)), 0) for field in self._scenario.events[event].fields}
        actors = tuple(str(bound[binder.name]) for binder in rule.binders)
        instance = Instance(
            self._program, rule, place=(self._indices[rule.name], 0), actors=actors, scope={**given, **bound}
        )
        roots: tuple[Root, ...] = (("taking", instance),)
        return Turn(actors, tuple(bound.values())[len(actors) :], roots, self._footprints.of(*roots))
