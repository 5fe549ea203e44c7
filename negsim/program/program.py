"""A scenario bound to a run's parameters and readings: what the day works with.

Rules become instances (one for each combination of bound actors), events become occurrences (one for
each combination of arguments). Both are bound when first needed and kept, so a program serves any
number of runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import product
from math import prod

import attrs

from negsim.errors import ModelError
from negsim.program.binding import FormulaBinder
from negsim.program.formula import Formula, MeaninglessError, Scope, State, fixed
from negsim.program.memory import memory_names
from negsim.program.moves import concerns, convenes
from negsim.program.phases import AGREED, LAPSED, OPEN, PHASE, ROUND, WAITING
from negsim.program.seat import Bind
from negsim.program.table import Table
from negsim.scenario.expressions import Bound, Expression, Node, Observation, walk
from negsim.scenario.model import (
    At,
    Delay,
    Effect,
    Emission,
    Event,
    Every,
    FixedDelay,
    GeometricDelay,
    OnEvent,
    Option,
    Rule,
    Scenario,
    StateVariable,
    Talks,
    UniformDelay,
    While,
)
from negsim.scenario.parts import action_parts
from negsim.scenario.settings import Settings
from negsim.scenario.types import Enumeration, Type, Value, Whole, fits
from negsim.scenario.words import UNSETTLED

# A bound on how many occurrences of events with whole-number fields are kept bound at a time.
KEPT_OCCURRENCES = 20_000
KEPT_REACTIONS = 100_000  # and on the instances that they trigger
MOST_ROUNDS = 100_000
ALWAYS = fixed(value=True)

# The events that drop an action, with their arguments (nothing: any).
Watches = tuple[tuple[str, tuple[Value, ...] | None], ...]


class Instance:
    """One rule for one combination of its bound actors (and of the triggering event's fields).

    `place` orders the agenda: the rule's place in the file, then the instance's. `when` is the guard at
    the trigger, `chance` the chance then (for `while`, where `condition` holds, the daily chance), `delay`
    its kind (`fixed`, `uniform`, `geometric`) and numbers, `unless` the events that drop the action, with
    their arguments (nothing: any). `acts_plainly` says that nothing stands between a guard that holds and
    the action. What it does is bound when that is first asked for.
    """

    __slots__ = (
        "_deed", "_first", "_late_scope", "_period", "actors", "acts_plainly", "chance", "condition", "delay",
        "from_day", "has_season", "name", "origin", "place", "program", "rule", "scope", "streams",
        "unless", "until_day", "watches", "when",
    )  # fmt: skip

    def __init__(
        self, program: Program, rule: Rule, *, place: tuple[int, int], actors: tuple[str, ...], scope: Scope
    ) -> None:
        self.program = program
        self.rule = rule
        self.name = rule.name
        self.origin = rule.origin
        self.place = place
        self.actors = actors
        self.scope = scope
        self.streams: Mapping[str, int] | None = None  # the numbers of its streams by purpose, worked out once
        self.from_day: int | None = day_of(program.binder.bind, rule, rule.from_day, scope=scope, key="from")
        self.until_day: int | None = day_of(program.binder.bind, rule, rule.until_day, scope=scope, key="until")
        self.has_season = self.from_day is not None or self.until_day is not None
        self.condition = ALWAYS
        if isinstance(rule.trigger, While):
            self.condition = program.binder.bind(rule.trigger.condition.tree, scope)
        self.when = guard(program, rule.when, scope)
        self.chance = None if rule.chance is None else program.binder.bind(rule.chance.tree, scope)
        self.delay = self._bound_delay(rule.delay)
        self.unless = tuple((pattern.event, self._bound_arguments(pattern.arguments)) for pattern in rule.unless)
        self.acts_plainly = self.chance is None and self.delay is None and not self.unless
        self.watches = self._known_watches()
        self._deed: Deed | None = None
        self._first: tuple[int | None] | None = None
        self._period: int | None = None
        self._late_scope: tuple[tuple[str, Value], ...] | None = None

    def _bound_delay(self, delay: Delay | None) -> tuple[str, tuple[Formula, ...]] | None:
        bind = self.program.binder.bind
        match delay:
            case None:
                return None
            case FixedDelay():
                days = bind(delay.days.tree, self.scope)
                return None if days.fixed and days.value == 0 else ("fixed", (days,))
            case UniformDelay():
                return "uniform", (bind(delay.low, self.scope), bind(delay.high, self.scope))
            case GeometricDelay():
                return "geometric", (bind(delay.chance, self.scope),)

    def _known_watches(self) -> Watches | None:
        """The events that drop the action, where their arguments read no state."""
        if all(formula.fixed for _, arguments in self.unless for formula in arguments or ()):
            return self.watches_in([])
        return None

    def watches_in(self, state: State) -> Watches:
        """The events that drop an action triggered in this state, with their arguments (nothing: any)."""
        return tuple(
            (event, None if arguments is None else tuple(argument.read(state) for argument in arguments))
            for event, arguments in self.unless
        )

    def _bound_arguments(self, arguments: Sequence[Node] | None) -> tuple[Formula, ...] | None:
        bind = self.program.binder.bind
        return None if arguments is None else tuple(bind(argument, self.scope) for argument in arguments)

    @property
    def deed(self) -> Deed:
        """What it does when its action is taken."""
        if self._deed is None:
            self._deed = Deed(self)
        return self._deed

    @property
    def first_day(self) -> int | None:
        """The first day of an `at` or `every` instance; nothing for other triggers.

        `every` that counts from a day before the start has its first day in step with that day.
        """
        if self._first is None:
            self._first = (self._first_day(),)
        return self._first[0]

    def _first_day(self) -> int | None:
        match self.rule.trigger:
            case At() as trigger:
                return day_of(self.program.binder.bind, self.rule, trigger.day, scope=self.scope, key="at")
            case Every():
                first = self.period_days if self.from_day is None else self.from_day
                return first if first >= 0 else first % self.period_days
            case OnEvent() | While():
                return None

    @property
    def period_days(self) -> int:
        """The days between two triggers of an `every` instance."""
        if self._period is None:
            days = None
            if isinstance(self.rule.trigger, Every):
                days = day_of(
                    self.program.binder.bind, self.rule, self.rule.trigger.days, scope=self.scope, key="every"
                )
            if days is None:
                raise TypeError(f"`{self.name}` has no period")
            self._period = days
        return self._period

    @property
    def late_scope(self) -> tuple[tuple[str, Value], ...]:
        """The names that the action still uses when it is taken, after its trigger, with what they are bound to."""
        if self._late_scope is None:
            used = self.program.names_used_late(self.rule)
            self._late_scope = tuple((name, value) for name, value in self.scope.items() if name in used)
        return self._late_scope

    def __repr__(self) -> str:
        return f"<{self.name}{list(self.actors) if self.actors else ''}>"


class Deed:
    """What an instance does when its action is taken.

    `still` is the guard then, `by` the actor who decides (nothing: nature does), `options` those of the
    file in their order, one a member where an option has a `for`. `plain` is what a rule does that does
    not choose, `settled` what there is to choose where that is the same in every state.
    """

    __slots__ = ("by", "options", "plain", "settled", "still")

    def __init__(self, instance: Instance) -> None:
        rule, scope, program = instance.rule, instance.scope, instance.program
        self.still = guard(program, rule.still, scope)
        self.by = None if rule.by is None else str(program.binder.bind(rule.by.tree, scope).value)
        self.options = tuple(bound for option in rule.options for bound in _bound_options(program, option, scope))
        self.plain: tuple[BoundOption, Picked | None] | None = None
        self.settled: tuple[OpenOption, ...] | None = None
        if not rule.chooses:
            self.plain = self.options[0], Picked(None, None, self.by) if self.by else None
        elif all(option.when is None for option in self.options):
            known = tuple(option.opened for option in self.options if option.opened is not None)
            self.settled = known if len(known) == len(self.options) else None

    def open_in(self, state: State) -> tuple[OpenOption, ...]:
        """The options that are open in a state, with their weights; raises `MeaninglessError`."""
        if self.settled is not None:
            return self.settled
        found = []
        for option in self.options:
            if option.when is not None and not option.when.read(state):
                continue
            found.append(option.opened or option.open_in(state))
        return tuple(found)


def guard(program: Program, expression: Expression | None, scope: Scope) -> Formula | None:
    """A bound guard; nothing where there is none, or where it always holds."""
    if expression is None:
        return None
    formula = program.binder.bind(expression.tree, scope)
    return None if formula.fixed and formula.value is True else formula


def _bound_options(program: Program, option: Option, scope: Scope) -> list[BoundOption]:
    if option.binder is None:
        return [BoundOption(program, option, option.name, scope)]
    return [
        BoundOption(program, option, f"{option.name}[{member}]", {**scope, option.binder.name: member})
        for member in program.scenario.groups[option.binder.group].members
    ]


class BoundOption:
    """One option of an instance: its name, weight, guard and emissions; `opened`, if it always stands open alike."""

    __slots__ = ("emits", "name", "opened", "option", "scope", "weight", "when")

    def __init__(self, program: Program, option: Option, name: str, scope: Scope) -> None:
        bind = program.binder.bind
        self.name = name
        self.option = option
        self.scope = scope
        self.weight = fixed(1) if option.weight is None else bind(option.weight.tree, scope)
        self.when = None if option.when is None else bind(option.when.tree, scope)
        self.emits = tuple(BoundEmission(program, emission, scope) for emission in option.emits)
        self.opened: OpenOption | None = None
        if self.weight.fixed and 0 <= self.weight.value < math.inf:
            self.opened = OpenOption(name, self.weight.value, self)

    def open_in(self, state: State) -> OpenOption:
        """How it stands open in a state; raises `MeaninglessError`."""
        weight = self.weight.read(state)
        if not 0 <= weight < math.inf:
            raise MeaninglessError(f"option `{self.name}`: a weight of {weight} is not 0 or more")
        return OpenOption(self.name, weight, self)


@attrs.define(eq=False)  # not to be changed, as if it were frozen; but a frozen one takes its time to be made
class OpenOption:
    """An option that is open now, and what it weighs."""

    name: str
    weight: float
    bound: BoundOption


@attrs.define(eq=False)  # as above
class Picked:
    """What was picked for an action: the option, its share of the weight where one was drawn, by whom."""

    option: str | None
    share: float | None
    by: str | None


class BoundEmission:
    """An event to be logged; its arguments are looked at just before."""

    __slots__ = ("arguments", "event", "known", "scope", "text")

    def __init__(self, program: Program, emission: Emission, scope: Scope) -> None:
        self.event = emission.event
        self.text = emission.text
        self.scope = scope
        self.arguments = tuple(program.binder.bind(argument, scope) for argument in emission.arguments)
        self.known: Occurrence | None = None
        if all(argument.fixed for argument in self.arguments):
            values = tuple(argument.value for argument in self.arguments)
            with suppress(MeaninglessError):  # a value out of its field's bounds matters when the event comes
                self.known = program.occurrence(self.event, values)


@attrs.frozen
class Change:
    """One slot that an occurrence sets, and to what; bounds where the variable is a bounded number."""

    slot: int
    value: Formula
    low: int | None
    high: int | None


class Occurrence:
    """An event with its arguments: what it changes, and the rules that it triggers.

    `counted` are the observations of measures that count it: (index, function, condition or nothing).
    """

    __slots__ = (
        "_reactions", "arguments", "changes", "convenes", "counted", "event", "fields", "name", "plain", "program",
        "tables",
    )  # fmt: skip

    def __init__(self, program: Program, event: Event, arguments: tuple[Value, ...]) -> None:
        self.program = program
        self.event = event
        self.name = event.name
        self.arguments = arguments
        names = [field.name for field in event.fields]
        self.fields: Mapping[str, Value] = dict(zip(names, arguments, strict=True))
        self.tables = tuple(table for table in program.tables if concerns(event.name, self.fields, table))
        self.convenes = tuple(table for table in self.tables if convenes(event.name, table))
        changes = [change for effect in event.effects for change in self._changes(effect)]
        self.changes = tuple(changes)
        # What is set to a known value within its bounds needs no look at the state.
        plain = all(
            c.value.fixed and (c.low is None or c.high is None or c.low <= c.value.value <= c.high) for c in changes
        )
        self.plain: tuple[tuple[int, Value], ...] | None = (
            tuple((c.slot, c.value.value) for c in changes) if plain and not self.tables else None
        )
        self.counted = tuple(self._counted())
        self._reactions: tuple[Instance, ...] | None = None

    def _changes(self, effect: Effect) -> list[Change]:
        program = self.program
        if effect.group is None:
            members = [""]
        elif effect.every:
            members = list(program.scenario.groups[effect.group].members)
        else:
            if effect.of is None:
                raise TypeError(f"{effect.target} has no member")
            members = [str(program.binder.bind(effect.of, self.fields).value)]
        value = program.binder.bind(effect.value.tree, self.fields)
        changes = []
        for member in members:
            slot = program.slots[effect.variable, member]
            kind = program.variable_at[slot].type
            low, high = (kind.low, kind.high) if isinstance(kind, Whole) else (None, None)
            changes.append(Change(slot, value, low, high))
        return changes

    def _counted(self) -> list[tuple[int, str, Formula | None]]:
        counted: list[tuple[int, str, Formula | None]] = []
        for index, observation in enumerate(self.program.observations):
            if observation.event != self.name:
                continue
            condition = None
            if observation.condition is not None:
                condition = self.program.binder.bind(observation.condition, self.fields)
                if condition.fixed and not condition.value:
                    continue
            counted.append((index, observation.function, condition))
        return counted

    @property
    def reactions(self) -> tuple[Instance, ...]:
        """The instances that this occurrence triggers: file order, then instance order."""
        if self._reactions is None:
            self._reactions = tuple(
                instance
                for index, rule in self.program.reacting.get(self.name, ())
                for instance in self.program.instances(rule, index, self.fields)
            )
            self.program.reactions_bound += len(self._reactions)
        return self._reactions

    def __repr__(self) -> str:
        return f"<{self.name}({', '.join(map(str, self.arguments))})>"


class Program:
    """A scenario under settings.

    `slots` maps (variable, member) to the place in the state (member `""` for variables of the whole
    scenario), `variable_at` the place to the variable; `initial` is the state before history.
    """

    def __init__(self, scenario: Scenario, settings: Settings) -> None:
        self.scenario = scenario
        self.settings = settings
        self.slots: dict[tuple[str, str], int] = {}
        initial: list[Value] = []
        self.variable_at: list[StateVariable] = []
        for variable in scenario.variables.values():
            members = scenario.groups[variable.group].members if variable.group else ("",)
            for member in members:
                self.slots[variable.name, member] = len(initial)
                initial.append(variable.initial[member])
                self.variable_at.append(variable)
        for talks in scenario.talks.values():
            for variable in talks_variables(talks):
                self.slots[variable.name, talks.name] = len(initial)
                initial.append(variable.initial[talks.name])
                self.variable_at.append(variable)
        self.all_issues = tuple(dict.fromkeys(issue for talks in scenario.talks.values() for issue in talks.issues))
        self.initial = tuple(initial)
        trees = [measure.expression.tree for measure in scenario.measures.values()]
        found = [node for tree in trees for node in walk(tree) if isinstance(node, Observation)]
        self.observations = tuple(dict.fromkeys(found))
        observed = {node: len(initial) + 1 + index for index, node in enumerate(self.observations)}
        self.binder = FormulaBinder(
            scenario,
            slots=self.slots,
            parameters=settings.parameters,
            readings=settings.readings,
            observed=observed,
        )
        self.reacting: dict[str, list[tuple[int, Rule]]] = {}
        for index, rule in enumerate(scenario.rules.values()):
            if isinstance(rule.trigger, OnEvent):
                for event in rule.trigger.events:
                    self.reacting.setdefault(event, []).append((index, rule))
        self._occurrences: dict[tuple[str, tuple[Value, ...]], Occurrence] = {}
        self.reactions_bound = 0  # since the occurrences were cleared last
        self._late_names: dict[str, frozenset[str]] = {}

    @cached_property
    def measures(self) -> Mapping[str, Formula]:
        """The measures, as functions of the last state with the observations' values and its version behind it."""
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
    def watched(self) -> tuple[tuple[int, str, Formula], ...]:
        """The observations that look at dusks: (index, `days` or `most`, what is looked at)."""
        return tuple(
            (index, o.function, self.binder.bind(o.condition, {}))
            for index, o in enumerate(self.observations)
            if o.function in ("days", "most") and o.condition is not None
        )

    @cached_property
    def readers(self) -> tuple[frozenset[int], ...]:
        """For each slot, the numbers of the looks that read it.

        Looks are what dusk looks at: the COND of the waits, then the outcomes that end a run, then the
        watched observations, numbered in that order.
        """
        looks = [wait.condition.reads for wait in self.waits]
        looks += [condition.reads for _, condition in self.ends]
        looks += [formula.reads for _, _, formula in self.watched]
        return _by_slot(looks, len(self.initial))

    @cached_property
    def chance_readers(self) -> tuple[frozenset[int], ...]:
        """For each slot, the numbers of the waits whose chance, but not whose COND, reads it."""
        looks = [
            frozenset() if wait.chance is None else wait.chance.reads - wait.condition.reads for wait in self.waits
        ]
        return _by_slot(looks, len(self.initial))

    def outcome(self, state: State) -> str:
        """The first outcome in the file that holds in a state."""
        return next(name for name, condition, _ in self.outcomes if condition.read(state))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The talks, bound."""
        first = len(self.scenario.rules)
        return tuple(
            Table(talks, self.binder.bind, slots=self.slots, place=(first + number, 0), issues_of_all=self.all_issues)
            for number, talks in enumerate(self.scenario.talks.values())
        )

    def table(self, name: str) -> Table:
        """The talks of that name."""
        return next(table for table in self.tables if table.name == name)

    def named(self, state: State) -> dict[str, Value]:
        """A state by name: `conflict`, `france.force`; without what seats at talks keep in mind."""
        return {name: value for name, value in zip(self.state_names, state, strict=False) if " " not in name}

    @cached_property
    def state_names(self) -> tuple[str, ...]:
        """The name of each place in the state: `conflict`, `france.force`."""
        return tuple(f"{member}.{name}" if member else name for name, member in self.slots)

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

    def occurrence(self, event: str, arguments: tuple[Value, ...]) -> Occurrence:
        """An event with its arguments; raises `MeaninglessError` where one is outside its field's bounds."""
        key = (event, arguments)
        known = self._occurrences.get(key)
        if known is None:
            declared = self.scenario.events[event]
            for field, value in zip(declared.fields, arguments, strict=True):
                if not fits(value, field.type):
                    raise MeaninglessError(f"{event}({field.name}={value}): it is not {field.type}")
            if len(self._occurrences) >= KEPT_OCCURRENCES or self.reactions_bound >= KEPT_REACTIONS:
                self._occurrences.clear()
                self.reactions_bound = 0
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
        """This program's instance for one of another program of the same scenario."""
        if isinstance(instance.rule.trigger, OnEvent):
            return Instance(self, instance.rule, place=instance.place, actors=instance.actors, scope=instance.scope)
        return next(i for i in (*self.waits, *self.dated) if i.name == instance.name and i.actors == instance.actors)


def day_of(bind: Bind, rule: Rule, expression: Expression | None, *, scope: Scope, key: str) -> int | None:
    """A day (or a number of days) that reads no state; nothing where it is not given."""
    if expression is None:
        return None
    try:
        value = bind(expression.tree, scope).read([])
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(f"{key}: {error}", where=f"rule `{rule.name}`", day=0) from None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or (key == "every" and value < 1):
        needed = "a whole number of at least 1" if key == "every" else "a whole day"
        raise ModelError(f"{key}: {value} is not {needed}", where=f"rule `{rule.name}`", day=0)
    return value


def _by_slot(looks: Sequence[frozenset[int]], slots: int) -> tuple[frozenset[int], ...]:
    """For each slot, the numbers of the looks that read it."""
    readers: list[set[int]] = [set() for _ in range(slots)]
    for number, reads in enumerate(looks):
        for slot in reads:
            readers[slot].add(number)
    return tuple(map(frozenset, readers))


def talks_variables(talks: Talks) -> list[StateVariable]:
    """What the state keeps of talks: the terms, the phase, the rounds held, and what seats remember."""

    def variable(name: str, kind: Type, initial: Value) -> StateVariable:
        return StateVariable(name, None, kind, {talks.name: initial}, talks.origin)

    terms = [variable(issue, Enumeration((*options, UNSETTLED)), UNSETTLED) for issue, options in talks.issues.items()]
    packages = prod(len(options) for options in talks.issues.values())
    return [
        *terms,
        variable(PHASE, Enumeration((WAITING, OPEN, AGREED, LAPSED)), WAITING),
        variable(ROUND, Whole(0, MOST_ROUNDS), 0),
        *(variable(name, Whole(-1, packages - 1), -1) for name in memory_names(talks)),
    ]
