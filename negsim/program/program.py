"""A scenario bound to a run's parameters and readings: what the day works with.

Rules become instances (one for each combination of bound actors), events become occurrences (one for
each combination of arguments). Both are bound when first needed and kept, so a program serves any
number of runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import product

from negsim.program.binding import FormulaBinder
from negsim.program.events import Occurrence
from negsim.program.formula import Formula, MeaninglessError, Scope, State, fixed
from negsim.program.layout import StateLayout
from negsim.program.looks import Looks
from negsim.program.monitors import Monitor, monitors
from negsim.program.rules import Instance
from negsim.program.table import Table
from negsim.scenario.expressions import Bound
from negsim.scenario.model import Scenario
from negsim.scenario.parts import action_parts
from negsim.scenario.rules import At, Emission, Every, OnEvent, Rule, While
from negsim.scenario.settings import Settings
from negsim.scenario.types import Value, fits
from negsim.scenario.walking import walk

# A bound on how many occurrences of events with whole-number fields are kept bound at a time.
KEPT_OCCURRENCES = 20_000
KEPT_REACTIONS = 100_000  # and on the instances that they trigger


class Program:
    """A scenario under settings."""

    def __init__(self, scenario: Scenario, settings: Settings) -> None:
        self.scenario = scenario
        self.settings = settings
        self.layout = StateLayout(scenario)
        self.binder = FormulaBinder(
            scenario,
            layout=self.layout,
            parameters=settings.parameters,
            readings=settings.readings,
        )
        self._reacting: dict[str, list[tuple[int, Rule]]] = {}
        for index, rule in enumerate(scenario.rules.values()):
            if isinstance(rule.trigger, OnEvent):
                for event in rule.trigger.events:
                    self._reacting.setdefault(event, []).append((index, rule))
        self._occurrences: dict[tuple[str, tuple[Value, ...]], Occurrence] = {}
        self._reactions: dict[Occurrence, tuple[Instance, ...]] = {}
        self._reactions_bound = 0  # since the occurrences were cleared last
        self._late_names: dict[str, frozenset[str]] = {}

    @cached_property
    def monitors(self) -> tuple[Monitor, ...]:
        """What the measures observe."""
        return monitors(self.layout, self.binder)

    @cached_property
    def measures(self) -> Mapping[str, Formula]:
        """The measures, as functions of the last state."""
        return {name: self.binder.bind(m.expression.tree, {}) for name, m in self.scenario.measures.items()}

    @cached_property
    def outcomes(self) -> tuple[tuple[str, Formula, bool], ...]:
        """(name, condition, whether it ends the run) in the order of the file."""
        return tuple(
            (name, fixed(value=True) if o.when is None else self.binder.bind(o.when.tree, {}), o.ends)
            for name, o in self.scenario.outcomes.items()
        )

    @cached_property
    def ends(self) -> tuple[tuple[str, Formula], ...]:
        """The outcomes that end a run, with their conditions."""
        return tuple((name, condition) for name, condition, ends in self.outcomes if ends)

    @cached_property
    def watched(self) -> tuple[tuple[Monitor, Formula], ...]:
        """The monitors that look at dusks, with what they look at."""
        return tuple((each, each.looked_at) for each in self.monitors if each.looked_at is not None)

    @cached_property
    def looks(self) -> Looks:
        """What dusk looks at."""
        return Looks(self)

    def outcome(self, state: State) -> str:
        """The first outcome in the file that holds in a state."""
        return next(name for name, condition, _ in self.outcomes if condition.read(state))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The talks, bound."""
        first = len(self.scenario.rules)
        issues = tuple(dict.fromkeys(issue for talks in self.scenario.talks.values() for issue in talks.issues))
        return tuple(
            Table(
                talks,
                self.binder.bind,
                slots=self.layout.slots,
                place=(first + number, 0),
                issues_of_all=issues,
                step=self.scenario.calendar.step,
            )
            for number, talks in enumerate(self.scenario.talks.values())
        )

    def table(self, name: str) -> Table:
        """The talks of that name."""
        return next(table for table in self.tables if table.name == name)

    @cached_property
    def waits(self) -> tuple[Instance, ...]:
        """The instances of `while` rules, in the order of the agenda."""
        return self._standing(While)

    @cached_property
    def dated(self) -> tuple[Instance, ...]:
        """The instances of `at` and `every` rules, in the order of the agenda."""
        return self._standing(At, Every)

    def _standing(self, *kinds: type) -> tuple[Instance, ...]:
        return tuple(
            instance
            for index, rule in enumerate(self.scenario.rules.values())
            if isinstance(rule.trigger, kinds)
            for instance in self.instances(rule, index, {})
        )

    def instances(self, rule: Rule, index: int, fields: Scope) -> list[Instance]:
        """All instances of a rule, first binder slowest, with a triggering event's fields in scope."""
        names = [binder.name for binder in rule.binders]
        members = [self.scenario.groups[binder.group].members for binder in rule.binders]
        return [
            Instance(
                self,
                rule,
                place=(index, number),
                actors=actors,
                scope={**fields, **dict(zip(names, actors, strict=True))},
            )
            for number, actors in enumerate(product(*members))
        ]

    def reactions(self, occurrence: Occurrence) -> tuple[Instance, ...]:
        """The instances that an occurrence triggers: file order, then instance order."""
        found = self._reactions.get(occurrence)
        if found is None:
            found = self._reactions[occurrence] = tuple(
                instance
                for index, rule in self._reacting.get(occurrence.name, ())
                for instance in self.instances(rule, index, occurrence.fields)
            )
            self._reactions_bound += len(found)
        return found

    def occurrence(self, event: str, arguments: tuple[Value, ...]) -> Occurrence:
        """An event with its arguments; raises `MeaninglessError` where one is outside its field's bounds."""
        key = (event, arguments)
        known = self._occurrences.get(key)
        if known is None:
            declared = self.scenario.events[event]
            for field, value in zip(declared.fields, arguments, strict=True):
                if not fits(value, field.type):
                    raise MeaninglessError(f"{event}({field.name}={value}): it is not {field.type}")
            if len(self._occurrences) >= KEPT_OCCURRENCES or self._reactions_bound >= KEPT_REACTIONS:
                self._occurrences.clear()
                self._reactions.clear()
                self._reactions_bound = 0
            known = self._occurrences[key] = Occurrence(self, declared, arguments)
        return known

    def emission(self, emission: Emission) -> Occurrence:
        """The occurrence of an emission whose arguments are all fixed (history)."""
        values = tuple(self.binder.bind(argument, {}).value for argument in emission.arguments)
        return self.occurrence(emission.event, values)

    def names_used_late(self, rule: Rule) -> frozenset[str]:
        """The names that a rule's action reads when it is taken."""
        found = self._late_names.get(rule.name)
        if found is None:
            nodes = (node for _, tree in action_parts(rule) for node in walk(tree))
            found = frozenset(node.name for node in nodes if isinstance(node, Bound))
            self._late_names[rule.name] = found
        return found

    def same(self, instance: Instance) -> Instance:
        """This program's instance for one of another program of the same scenario; its own is itself."""
        if instance.program is self:
            return instance
        if isinstance(instance.rule.trigger, OnEvent):
            return Instance(self, instance.rule, place=instance.place, actors=instance.actors, scope=instance.scope)
        return next(i for i in (*self.waits, *self.dated) if i.name == instance.name and i.actors == instance.actors)
