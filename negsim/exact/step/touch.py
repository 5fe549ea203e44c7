"""Whom a turn touches: the members of merged orbits of whom it may look at, or change, what is kept.

Of a member are kept its copies of the variables, the variables that hold it, and the delayed actions that
keep it in mind.
"""

from __future__ import annotations

from collections.abc import Iterator

from negsim.exact.state.layout import Layout
from negsim.exact.symmetry.footprint import Footprint, Footprints
from negsim.exact.symmetry.orbits import kept_positions, names_kept
from negsim.program.events import Occurrence
from negsim.program.rules import Instance
from negsim.scenario.expressions import Bound
from negsim.scenario.rules import EventPattern, OnEvent, Rule
from negsim.scenario.types import ActorOf, Value

Members = frozenset[str]


class Touches:
    """Whom the turns of a program touch. What is worked out is kept."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._everybody: Members = frozenset(layout.home)
        self._footprints = Footprints(layout.program)
        self._found: dict[Instance, Members] = {}
        self._keepers: dict[str, list[tuple[Rule, EventPattern]]] = {}
        for rule in layout.program.scenario.rules.values():
            if any(not self._everybody.isdisjoint(actors) for actors in kept_positions(layout.program.scenario, rule)):
                for pattern in rule.unless:
                    self._keepers.setdefault(pattern.event, []).append((rule, pattern))

    def of(self, instance: Instance) -> Members:
        """The members that a turn touches, or the action if that is all there is, with all that follows today."""
        found = self._found.get(instance)
        if found is None:
            footprint = self._footprints.of(("turn", instance), ("taking", instance))
            touched = frozenset(self._touched(footprint)) if self._everybody else self._everybody
            found = self._found[instance] = self._everybody if footprint.unknown else touched
        return found

    def _touched(self, footprint: Footprint) -> Iterator[str]:
        owner = self._layout.owner
        yield from (owner[slot] for slot in (*footprint.reads, *footprint.writes) if slot in owner)
        if any(slot in footprint.writes for slot in self._layout.pointers):
            yield from self._everybody
        for instance in footprint.later:
            yield from self._kept_in_mind(instance)
        for occurrence in footprint.logs:
            for rule, pattern in self._keepers.get(occurrence.name, ()):
                yield from self._relieved(rule, pattern, occurrence)

    def _kept_in_mind(self, instance: Instance) -> Iterator[str]:
        """The members that a delayed action keeps in mind."""
        values: list[Value] = [*instance.actors, *(value for _, value in instance.late_scope)]
        for pattern, (_, arguments) in zip(instance.rule.unless, instance.unless, strict=True):
            for tree, formula in zip(pattern.arguments or (), arguments or (), strict=True):
                if formula.fixed:
                    values.append(formula.value)
                elif isinstance(tree.type, ActorOf):
                    yield from self._everybody
        yield from (str(value) for value in values if value in self._everybody)

    def _relieved(self, rule: Rule, pattern: EventPattern, occurrence: Occurrence) -> Members:
        """The members of whom an event may drop delayed actions of a rule."""
        names = self._names_of_members(rule)
        arguments = zip(pattern.arguments or (), occurrence.arguments, strict=False)
        for tree, value in arguments:
            if isinstance(tree, Bound) and {tree.name} == names:
                return self._everybody & {str(value)}
        return self._everybody

    def _names_of_members(self, rule: Rule) -> set[str]:
        """The names by which a rule's delayed action keeps members in mind."""
        scenario = self._layout.program.scenario
        found = {binder.name: scenario.groups[binder.group].members for binder in rule.binders}
        if isinstance(rule.trigger, OnEvent):
            for event in rule.trigger.events:
                kept = (field for field in scenario.events[event].fields if field.name in names_kept(rule))
                found |= {field.name: field.type.actors for field in kept if isinstance(field.type, ActorOf)}
        return {name for name, actors in found.items() if not self._everybody.isdisjoint(actors)}
