"""Rules, bound: an instance for each combination of their actors, and what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from negsim.errors import ModelError
from negsim.program.formula import Formula, MeaninglessError, Scope, State, fixed
from negsim.program.options import BoundOption, OpenOption, Picked, WithEvents, bound_options
from negsim.scenario.expressions import Expression, Node
from negsim.scenario.rules import At, Delay, Every, FixedDelay, GeometricDelay, OnEvent, Rule, UniformDelay, While
from negsim.scenario.types import Value

ALWAYS = fixed(value=True)

# The events that drop an action, with their arguments (nothing: any).
Watches = tuple[tuple[str, tuple[Value, ...] | None], ...]


class WithRules(WithEvents, Protocol):
    """What instances are bound against."""

    def names_used_late(self, rule: Rule) -> frozenset[str]:
        """The names that a rule's action reads when it is taken."""
        ...


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
        self, program: WithRules, rule: Rule, *, place: tuple[int, int], actors: tuple[str, ...], scope: Scope
    ) -> None:
        self.program = program
        self.rule = rule
        self.name = rule.name
        self.origin = rule.origin
        self.place = place
        self.actors = actors
        self.scope = scope
        self.streams: Mapping[str, int] | None = None  # the numbers of its streams by purpose, worked out once
        self.from_day: int | None = day_of(program, rule, rule.from_day, scope=scope, key="from")
        self.until_day: int | None = day_of(program, rule, rule.until_day, scope=scope, key="until")
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
                return day_of(self.program, self.rule, trigger.day, scope=self.scope, key="at")
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
                days = day_of(self.program, self.rule, self.rule.trigger.days, scope=self.scope, key="every")
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
        self.options = tuple(bound for option in rule.options for bound in bound_options(program, option, scope))
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


def guard(program: WithRules, expression: Expression | None, scope: Scope) -> Formula | None:
    """A bound guard; nothing where there is none, or where it always holds."""
    if expression is None:
        return None
    formula = program.binder.bind(expression.tree, scope)
    return None if formula.fixed and formula.value is True else formula


def day_of(program: WithRules, rule: Rule, expression: Expression | None, *, scope: Scope, key: str) -> int | None:
    """A day (or a number of days) that reads no state; nothing where it is not given."""
    if expression is None:
        return None
    try:
        value = program.binder.bind(expression.tree, scope).read([])
    except (MeaninglessError, OverflowError) as error:
        raise ModelError(f"{key}: {error}", where=f"rule `{rule.name}`", day=0) from None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or (key == "every" and value < 1):
        needed = "a whole number of at least 1" if key == "every" else f"a whole {program.scenario.calendar.name}"
        raise ModelError(f"{key}: {value} is not {needed}", where=f"rule `{rule.name}`", day=0)
    return value
